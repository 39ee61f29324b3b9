package community

import (
	"errors"
	"slices"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver/internal/problem"
	"github.com/quintain-dev/quintain/mockserver/internal/store"
)

// AllEvents stands for every event of the platform, in a webhook's list.
const AllEvents = "*"

// Events returns the names that a webhook may subscribe to. A handshake that is written down among the events is not
// one of them: the test call alone sends it.
func (c *Community) Events() []string {
	names := c.settings.Platform.EventNames()
	return slices.DeleteFunc(names, func(name string) bool { return name == c.settings.Platform.Rules.Handshake.Value.Message() })
}

// NewWebhook is what a webhook is made of.
type NewWebhook struct {
	URL    string
	Events []string
	Secret *string // nil: the community's
	Active bool
	Sending
}

// Change is a change of a webhook. What is nil stays as it is.
type Change struct {
	URL    *string
	Events []string
	Secret *string
	Active *bool
	Sending
}

// CreateWebhook registers a webhook.
func (c *Community) CreateWebhook(n NewWebhook) (store.Webhook, error) {
	l, err := c.alive()
	if err != nil {
		return store.Webhook{}, err
	}
	if err := c.checkURL(n.URL); err != nil {
		return store.Webhook{}, err
	}
	if err := c.checkEvents(n.Events); err != nil {
		return store.Webhook{}, err
	}
	if err := n.check(c.settings); err != nil {
		return store.Webhook{}, err
	}
	secret := c.settings.Secret
	if n.Secret != nil {
		if err := c.settings.checkSecret(*n.Secret); err != nil {
			return store.Webhook{}, err
		}
		secret = store.Secret(*n.Secret)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if limit := c.settings.MaxWebhooks; limit > 0 {
		all, err := l.journal.Webhooks()
		if err != nil {
			return store.Webhook{}, l.translate(err)
		}
		if len(all) >= limit {
			return store.Webhook{}, problem.New(problem.WebhookLimit, "there are %d webhooks, and no more are allowed", limit).
				WithHint("delete one, or make the community with a larger max_webhooks")
		}
	}
	now := l.now()
	w := store.Webhook{
		ID:        c.ids.uuid("webhook", l.next("webhook")),
		URL:       n.URL,
		Events:    n.Events,
		Secret:    secret,
		Active:    n.Active,
		CreatedAt: now,
		UpdatedAt: now,
	}
	n.apply(&w)
	if err := l.putWebhook(w); err != nil {
		return w, l.translate(err)
	}
	return w, l.lookAhead()
}

// NewSecret returns a signing secret that the community has not given yet.
func (c *Community) NewSecret() (string, error) {
	l, err := c.alive()
	if err != nil {
		return "", err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.newSecret(), nil
}

// putWebhook stores a webhook, and tells the engine how many failures it has left. The caller holds the lock.
func (l *life) putWebhook(w store.Webhook) error {
	if limit := l.settings.Disable.Failures; limit > 0 {
		l.engine.SetRoom(w.ID, max(1, limit-int(w.Streak)))
	}
	return l.journal.PutWebhook(w)
}

// lookAhead tells the engine how far it may look ahead with the webhooks that there are. The caller holds the lock.
func (l *life) lookAhead() error {
	all, err := l.journal.Webhooks()
	if err != nil {
		return l.translate(err)
	}
	shortest := lookahead(l.settings.Policy.Schedule)
	for _, w := range all {
		if w.Schedule != nil {
			shortest = min(shortest, lookahead(*w.Schedule))
		}
	}
	l.engine.SetLookahead(shortest)
	return nil
}

// Webhook returns a webhook.
func (c *Community) Webhook(id string) (store.Webhook, error) {
	l, err := c.alive()
	if err != nil {
		return store.Webhook{}, err
	}
	return l.webhook(id)
}

func (l *life) webhook(id string) (store.Webhook, error) {
	w, err := l.journal.Webhook(id)
	if errors.Is(err, store.ErrNotFound) {
		return w, problem.New(problem.UnknownWebhook, "there is no webhook %q", id).WithHint("list the webhooks to see which there are")
	}
	return w, l.translate(err)
}

// Webhooks returns all webhooks in the order in which they were made.
func (c *Community) Webhooks() ([]store.Webhook, error) {
	l, err := c.alive()
	if err != nil {
		return nil, err
	}
	all, err := l.journal.Webhooks()
	return all, l.translate(err)
}

// ChangeWebhook changes a webhook. Switching it off cancels what waits for it; switching it on, also if it was on,
// begins the count of its failures anew.
func (c *Community) ChangeWebhook(id string, change Change) (store.Webhook, error) {
	l, err := c.alive()
	if err != nil {
		return store.Webhook{}, err
	}
	if change.URL != nil {
		if err := c.checkURL(*change.URL); err != nil {
			return store.Webhook{}, err
		}
	}
	if change.Events != nil {
		if err := c.checkEvents(change.Events); err != nil {
			return store.Webhook{}, err
		}
	}
	if change.Secret != nil {
		if err := c.settings.checkSecret(*change.Secret); err != nil {
			return store.Webhook{}, err
		}
	}
	if err := change.check(c.settings); err != nil {
		return store.Webhook{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	w, err := l.webhook(id)
	if err != nil {
		return w, err
	}
	if change.URL != nil {
		w.URL = *change.URL
	}
	if change.Events != nil {
		w.Events = change.Events
	}
	if change.Secret != nil {
		w.Secret, w.Rotation = store.Secret(*change.Secret), store.Rotation{}
	}
	change.apply(&w)
	if change.Active != nil {
		w.Active = *change.Active
		w.Disabled = false
		if w.Active {
			w.Streak = 0
		}
	}
	w.UpdatedAt = l.now()
	if err := l.putWebhook(w); err != nil {
		return w, l.translate(err)
	}
	if !w.Active {
		if err := l.cancelOpen(id); err != nil {
			return w, err
		}
	}
	return w, l.lookAhead()
}

// DeleteWebhook removes a webhook and cancels what waits for it. An attempt that is under way goes on.
func (c *Community) DeleteWebhook(id string) error {
	l, err := c.alive()
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, err := l.webhook(id); err != nil {
		return err
	}
	if err := l.journal.DeleteWebhook(id); err != nil {
		return l.translate(err)
	}
	l.engine.SetRoom(id, 0)
	if err := l.cancelOpen(id); err != nil {
		return err
	}
	return l.lookAhead()
}

// cancelOpen cancels the deliveries of a webhook that are not settled. The caller holds the lock.
func (l *life) cancelOpen(webhook string) error {
	for id := range l.open[webhook] {
		d, err := l.journal.Delivery(id)
		if err != nil {
			return l.translate(err)
		}
		d.Delivery = contract.Cancel(d.Delivery)
		if err := l.journal.PutDelivery(d); err != nil {
			return l.translate(err)
		}
		l.engine.Cancel(id)
	}
	delete(l.open, webhook)
	delete(l.held, webhook)
	return nil
}

// checkEvents says what is wrong with a webhook's list of events.
func (c *Community) checkEvents(events []string) error {
	if len(events) == 0 {
		return problem.Invalid("events", "is empty").WithHint(`name the events to send, or "*" for all`)
	}
	known := c.Events()
	for i, name := range events {
		if name != AllEvents && !slices.Contains(known, name) {
			return problem.Unknown(problem.UnknownEvent, "event of "+c.settings.Platform.String(), name, known)
		}
		if slices.Contains(events[:i], name) {
			return problem.Invalid("events", "names %q twice", name)
		}
	}
	return nil
}

// wants reports whether a webhook is sent an event.
func wants(w store.Webhook, event string) bool {
	return w.Active && (slices.Contains(w.Events, event) || slices.Contains(w.Events, AllEvents))
}
