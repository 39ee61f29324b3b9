package community

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver/internal/problem"
	"github.com/quintain-dev/quintain/mockserver/internal/sender"
	"github.com/quintain-dev/quintain/mockserver/internal/store"
)

// MaxSelection is how many deliveries a Selection may have.
const MaxSelection = 10_000

// A Selection is of deliveries: those with the ids, or, if there is a filter, those that it lets through.
type Selection struct {
	IDs    []string
	Filter *store.DeliveryFilter
}

// Redelivered is what became of a Selection, each part oldest first.
type Redelivered struct {
	Deliveries []store.Delivery
	Skipped    []Skipped
}

// Skipped is a delivery that could not be sent again, and why.
type Skipped struct {
	ID     string
	Reason *problem.Error
}

// Redeliver asks for one more attempt of a settled delivery, due now. With wait, it returns when that is final.
func (c *Community) Redeliver(ctx context.Context, id string, wait bool) (store.Delivery, error) {
	done, err := c.RedeliverAll(ctx, Selection{IDs: []string{id}}, wait)
	switch {
	case err != nil:
		return store.Delivery{}, err
	case len(done.Skipped) > 0:
		return store.Delivery{}, done.Skipped[0].Reason
	}
	return done.Deliveries[0], nil
}

// RedeliverAll is Redeliver for every delivery of a selection, the oldest first. Those that cannot be sent again are
// skipped; an id that there is not is an error before anything is done.
func (c *Community) RedeliverAll(ctx context.Context, s Selection, wait bool) (Redelivered, error) {
	l, err := c.alive()
	if err != nil {
		return Redelivered{}, err
	}
	if err := l.awaitable(wait); err != nil {
		return Redelivered{}, err
	}
	done, jobs, err := l.redeliverAll(s, wait)
	if err != nil || !wait || len(jobs) == 0 {
		return done, err
	}
	if err := l.engine.Run(ctx, jobs...); err != nil {
		return done, l.translate(err)
	}
	for i, d := range done.Deliveries {
		if done.Deliveries[i], err = l.delivery(d.ID); err != nil {
			return done, err
		}
	}
	return done, nil
}

func (l *life) redeliverAll(s Selection, wait bool) (done Redelivered, jobs []sender.Job, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	selected, err := l.selected(s)
	if err != nil {
		return done, nil, err
	}
	for _, d := range selected {
		if err = l.redeliverable(d); err != nil {
			var reason *problem.Error
			if !errors.As(err, &reason) || reason.Code == problem.CommunityReset {
				break
			}
			done.Skipped = append(done.Skipped, Skipped{d.ID, reason})
			err = nil
			continue
		}
		d.Delivery = contract.Redeliver(d.Delivery, l.now())
		d.Turn, d.InTurn = d.Sequence, false
		if err = l.translate(l.journal.PutDelivery(d)); err != nil {
			break
		}
		l.track(d)
		done.Deliveries = append(done.Deliveries, d)
		jobs = append(jobs, l.job(store.Webhook{}, d)) // by hand, which counts for nothing
	}
	if !wait || err != nil { // what is in the journal as due is made, whatever came after it
		l.engine.Schedule(jobs...)
	}
	return done, jobs, err
}

// selected returns the deliveries of a selection, oldest first. The caller holds the lock.
func (l *life) selected(s Selection) ([]store.Delivery, error) {
	ids := s.IDs
	if s.Filter != nil {
		var err error
		if ids, err = l.journal.DeliveryIDs(*s.Filter); err != nil {
			return nil, l.translate(err)
		}
	}
	if len(ids) > MaxSelection {
		return nil, problem.New(problem.InvalidValue, "%d deliveries are selected, want at most %d", len(ids), MaxSelection).
			WithHint("narrow the selection, by time for instance, and call once for each part")
	}
	out := make([]store.Delivery, len(ids))
	seen := make(map[string]struct{}, len(ids))
	for i, id := range ids {
		if _, twice := seen[id]; twice {
			return nil, problem.Invalid("deliveries", "names %q twice", id)
		}
		seen[id] = struct{}{}
		var err error
		if out[i], err = l.delivery(id); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(out, func(a, b store.Delivery) int { return cmp.Compare(a.Sequence, b.Sequence) })
	return out, nil
}

// redeliverable says why a delivery cannot be sent again; nil if it can. The caller holds the lock.
func (l *life) redeliverable(d store.Delivery) error {
	if _, flying := l.flying[d.ID]; flying || !d.State.Settled() {
		return problem.New(problem.DeliveryUnsettled, "the delivery %s is %s and has an attempt under way, or coming by itself", d.ID, d.State).
			WithHint("move the clock, or wait, until it is settled")
	}
	w, err := l.journal.Webhook(d.WebhookID)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return problem.New(problem.WebhookDeleted, "the webhook of this delivery was deleted").WithHint("make a new webhook and emit the event again")
	case err != nil:
		return l.translate(err)
	case !w.Active:
		return problem.New(problem.WebhookInactive, "the webhook of this delivery is switched off").WithHint(`switch it on with PATCH {"is_active": true}`)
	}
	return nil
}
