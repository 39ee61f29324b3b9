package community

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver/internal/fault"
	"github.com/quintain-dev/quintain/mockserver/internal/script"
	"github.com/quintain-dev/quintain/mockserver/internal/sender"
	"github.com/quintain-dev/quintain/mockserver/internal/store"
)

// attempt makes the attempt that is due of a delivery. It is called by the engine, without a lock.
func (l *life) attempt(ctx context.Context, j sender.Job, started time.Time) (apply func()) {
	w, e, d, err := l.beginAttempt(j)
	if err != nil {
		if !errors.Is(err, store.ErrClosed) && !errors.Is(err, errSettled) {
			l.registry.config.Log.Error("attempt not made", "community", l.settings.ID, "delivery", j.ID, "error", err)
		}
		return nil
	}
	faults := l.faultsOf(w, d.Faults).Draw(e.Type, d.Attempts, l.settings.Seed, d.Sequence)
	m := l.message(w, e.Body, e.ContentType, started)
	m.Secret = l.secretFor(w, d.Sequence, d.Attempts, started)
	stamp := m.Stamp // before a fault sets it back or ahead
	m.Form = l.settings.Encoding == contract.Form
	if name := l.settings.signature().IDHeader(); name != "" {
		m.Header.Set(name, d.ID)
	}
	if len(faults) > 0 {
		m.Roll = script.Roll(l.settings.Seed, "strikes", d.Sequence, uint64(d.Attempts))
	}
	struck := fault.Apply(m, faults)
	attempts, err := l.transmit(ctx, w, m)
	if err != nil {
		return nil // the life ended
	}
	wait := sender.RetryAfter(attempts[0], stamp, MaxDelay)
	for i := range attempts {
		a := &attempts[i]
		l.stable(a)
		a.DeliveryID, a.EventType, a.Copy = d.ID, e.Type, i
		a.Number, a.Manual, a.Due, a.Sent = d.Attempts, d.Manual, d.Due, started.UTC().Round(0)
		if d.Attempts == 1 {
			a.Faults = slices.Clone(d.PutOff)
		}
		for _, f := range struck {
			if f.Kind.Name != fault.Lost || a.Failure == contract.Timeout { // which it may not have come to
				a.Faults = append(a.Faults, f.String())
			}
		}
	}
	return func() {
		after, err := l.apply(d, attempts, started, wait)
		if err != nil {
			if !errors.Is(err, store.ErrClosed) {
				l.registry.config.Log.Error("attempt not recorded", "community", l.settings.ID, "delivery", j.ID, "error", err)
			}
			return
		}
		l.observe(attempts, after)
	}
}

var errSettled = errors.New("the delivery is settled")

// beginAttempt marks the start, unless the delivery was canceled since its job was taken from the queue.
func (l *life) beginAttempt(j sender.Job) (w store.Webhook, e store.Event, d store.Delivery, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if d, err = l.journal.Delivery(j.ID); err != nil {
		return w, e, d, err
	}
	// or the job was put off, or brought forward
	if _, flying := l.flying[j.ID]; flying || d.State.Settled() || !d.Due.Equal(j.Due) {
		return w, e, d, errSettled
	}
	if w, err = l.journal.Webhook(d.WebhookID); err != nil {
		return w, e, d, err
	}
	if e, err = l.journal.Event(d.Event); err != nil {
		return w, e, d, err
	}
	d.Delivery = contract.Begin(d.Delivery)
	l.flying[j.ID] = struct{}{}
	return w, e, d, l.journal.PutDelivery(d)
}

// apply records an attempt, with its copies, and does what the contract says comes next. The delivery is as the attempt
// began; started is when that was on the schedule, wait how long the answer asks to. It returns the delivery as it is
// then.
func (l *life) apply(
	begun store.Delivery, attempts []store.Attempt, started time.Time, wait time.Duration,
) (d store.Delivery, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.flying, begun.ID)
	if d, err = l.journal.Delivery(begun.ID); err != nil { // it may have been canceled meanwhile
		return d, err
	}
	w, err := l.journal.Webhook(begun.WebhookID)
	gone := errors.Is(err, store.ErrNotFound) // deleted meanwhile
	if err != nil && !gone {
		return d, err
	}
	first := attempts[0]
	policy := l.policy(w)
	d.Delivery = contract.Next(d.Delivery, l.result(first, d, policy, started, wait), policy)
	d.Due, d.Turn, d.InTurn = d.Due.UTC().Round(0), d.Sequence, false
	if err := l.journal.PutDelivery(d); err != nil {
		return d, err
	}
	l.track(d)
	for _, a := range attempts {
		a.ID = l.ids.uuid("attempt", l.next("attempt"))
		if err := l.journal.AddAttempt(a); err != nil {
			return d, err
		}
	}
	if gone {
		return d, nil
	}
	if err := l.count(w, begun, first, started); err != nil {
		return d, err
	}
	if _, open := l.open[d.WebhookID][d.ID]; open {
		l.engine.Schedule(l.job(w, d))
		return d, nil
	}
	return l.journal.Delivery(d.ID) // count may have canceled it
}

// result makes of an attempt what the contract decides by.
func (l *life) result(
	a store.Attempt, d store.Delivery, p contract.Policy, started time.Time, wait time.Duration,
) contract.Result {
	r := contract.Result{Started: started, Failure: a.Failure, RetryAfter: wait}
	if p.Jitter > 0 {
		r.Roll = script.Roll(l.settings.Seed, "jitter", d.Sequence, uint64(d.Retries))
	}
	if a.Response != nil {
		r.Status = a.Response.Status
	}
	return r
}

// observe tells the observer of attempts, after which the delivery is as it is here. The caller does not hold the lock.
func (l *life) observe(attempts []store.Attempt, d store.Delivery) {
	if o := l.registry.config.Observer; o.Attempt != nil {
		o.Attempts(l.settings.ID, attempts, d, l.settings.Policy.Success, l.clock.Mode(), l.now())
	}
}

// count counts an attempt of a webhook, and switches the webhook off when the platform would. The caller holds the
// lock.
func (l *life) count(w store.Webhook, begun store.Delivery, a store.Attempt, started time.Time) error {
	streak, disable := w.Streak.After(begun.Delivery, a.Outcome, l.disableRule(w))
	if streak == w.Streak && !disable {
		return nil
	}
	w.Streak = streak
	if disable && w.Active {
		w.Active, w.Disabled, w.UpdatedAt = false, true, started.UTC().Round(0)
		l.registry.config.Log.Info("webhook disabled", "community", l.settings.ID, "webhook", w.ID, "failures", int(streak))
	}
	if err := l.putWebhook(w); err != nil {
		return err
	}
	if !w.Active {
		return l.cancelOpen(w.ID)
	}
	return nil
}
