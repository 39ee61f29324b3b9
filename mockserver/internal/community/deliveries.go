package community

import (
	"context"
	"errors"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver/internal/problem"
	"github.com/quintain-dev/quintain/mockserver/internal/store"
)

// Deliveries returns a page of the deliveries that a filter lets through, newest first, and how many those are.
func (c *Community) Deliveries(filter store.DeliveryFilter, page store.Page) ([]store.Delivery, int, error) {
	l, err := c.alive()
	if err != nil {
		return nil, 0, err
	}
	all, total, err := l.journal.Deliveries(filter, page)
	return all, total, l.translate(err)
}

// Delivery returns a delivery, its event and its attempts.
func (c *Community) Delivery(id string) (d store.Delivery, e store.Event, attempts []store.Attempt, err error) {
	l, err := c.alive()
	if err != nil {
		return d, e, nil, err
	}
	if d, err = l.delivery(id); err != nil {
		return d, e, nil, err
	}
	if e, err = l.journal.Event(d.Event); err != nil {
		return d, e, nil, l.translate(err)
	}
	attempts, err = l.journal.Attempts(id)
	return d, e, attempts, l.translate(err)
}

func (l *life) delivery(id string) (store.Delivery, error) {
	d, err := l.journal.Delivery(id)
	if errors.Is(err, store.ErrNotFound) {
		return d, problem.New(problem.UnknownDelivery, "there is no delivery %q", id).WithHint("list the deliveries to see which there are")
	}
	return d, l.translate(err)
}

// Log returns a page of the attempts of a webhook, newest first, and how many there are.
func (c *Community) Log(webhook string, page store.Page) ([]store.Attempt, int, error) {
	l, err := c.alive()
	if err != nil {
		return nil, 0, err
	}
	if _, err := l.webhook(webhook); err != nil {
		return nil, 0, err
	}
	all, total, err := l.journal.Log(webhook, page)
	return all, total, l.translate(err)
}

// Redeliver asks for one more attempt of a settled delivery, due now. With wait, it returns when that is final.
func (c *Community) Redeliver(ctx context.Context, id string, wait bool) (store.Delivery, error) {
	l, err := c.alive()
	if err != nil {
		return store.Delivery{}, err
	}
	if err := l.awaitable(wait); err != nil {
		return store.Delivery{}, err
	}
	d, err := l.redeliver(id, !wait)
	if err != nil || !wait {
		return d, err
	}
	if err := l.engine.Run(ctx, l.job(d)); err != nil {
		return d, l.translate(err)
	}
	return l.delivery(id)
}

func (l *life) redeliver(id string, schedule bool) (store.Delivery, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	d, err := l.delivery(id)
	if err != nil {
		return d, err
	}
	if _, flying := l.flying[id]; flying || !d.State.Settled() {
		return d, problem.New(problem.DeliveryUnsettled, "the delivery %s is %s and has an attempt under way, or coming by itself", id, d.State).
			WithHint("move the clock, or wait, until it is settled")
	}
	w, err := l.journal.Webhook(d.WebhookID)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return d, problem.New(problem.WebhookDeleted, "the webhook of this delivery was deleted").WithHint("make a new webhook and emit the event again")
	case err != nil:
		return d, l.translate(err)
	case !w.Active:
		return d, problem.New(problem.WebhookInactive, "the webhook of this delivery is switched off").WithHint(`switch it on with PATCH {"is_active": true}`)
	}
	d.Delivery = contract.Redeliver(d.Delivery, l.now())
	if err := l.journal.PutDelivery(d); err != nil {
		return d, l.translate(err)
	}
	l.track(d)
	if schedule {
		l.engine.Schedule(l.job(d))
	}
	return d, nil
}
