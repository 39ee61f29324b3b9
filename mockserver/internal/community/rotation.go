package community

import (
	"time"

	"github.com/quintain-dev/quintain/mockserver/internal/problem"
	"github.com/quintain-dev/quintain/mockserver/internal/store"
)

// A Rotation asks for another secret, with a time in which the one before is valid too.
type Rotation struct {
	Secret   *string       // nil: one is made
	Overlap  time.Duration // schedule time, 0 to MaxDelay; 0: the one before ends at once
	SignWith store.SignWith
}

// RotateSecret gives a webhook another secret. Until the overlap is over, a receiver has to take either.
func (c *Community) RotateSecret(id string, r Rotation) (store.Webhook, error) {
	l, err := c.alive()
	if err != nil {
		return store.Webhook{}, err
	}
	if r.Secret != nil {
		if err := c.settings.checkSecret(*r.Secret); err != nil {
			return store.Webhook{}, err
		}
	}
	if r.Overlap < 0 || r.Overlap > MaxDelay {
		return store.Webhook{}, problem.Invalid("overlap", "is %s, want 0s to %s", r.Overlap, MaxDelay)
	}
	switch r.SignWith {
	case "":
		r.SignWith = store.SignBoth
	case store.SignBoth, store.SignNew, store.SignOld:
	default:
		return store.Webhook{}, problem.Unknown(problem.InvalidValue, "sign_with", string(r.SignWith),
			[]string{string(store.SignBoth), string(store.SignNew), string(store.SignOld)})
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	w, err := l.webhook(id)
	if err != nil {
		return w, err
	}
	w.Rotation = store.Rotation{Previous: w.Secret, Until: l.now().Add(r.Overlap), SignWith: r.SignWith}
	if r.Secret != nil {
		w.Secret = store.Secret(*r.Secret)
	} else {
		w.Secret = store.Secret(l.newSecret())
	}
	w.UpdatedAt = l.now()
	return w, l.translate(l.putWebhook(w))
}

// newSecret returns a signing secret that was not given yet. The caller holds the lock.
func (l *life) newSecret() string {
	return l.settings.signature().NewSecret(l.ids.secret("webhook secret", l.next("webhook secret")))
}

// secretFor returns what signs an attempt at a delivery that begins at a schedule time.
func (l *life) secretFor(w store.Webhook, sequence uint64, attempt int, at time.Time) string {
	secret, previous := w.Secret.Reveal(), w.Rotation.Previous.Reveal()
	switch {
	case previous == "" || !at.Before(w.Rotation.Until), w.Rotation.SignWith == store.SignNew:
		return secret
	case w.Rotation.SignWith == store.SignOld:
		return previous
	case l.settings.signature().Several():
		return secret + " " + previous
	case (sequence+uint64(attempt))%2 == 0:
		return previous
	default:
		return secret
	}
}
