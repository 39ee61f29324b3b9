package community

import (
	"errors"

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
