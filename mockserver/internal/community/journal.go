package community

import (
	"context"
	"iter"

	"github.com/quintain-dev/quintain/mockserver/internal/store"
)

// UserAgent is what the server calls itself: a name, a slash and a version.
func (c *Community) UserAgent() string { return c.registry.config.UserAgent }

// History returns a page of the attempts of all webhooks that a filter lets through, tests included, and how many those
// are.
func (c *Community) History(
	filter store.AttemptFilter, order store.Order, page store.Page,
) ([]store.Entry, int, error) {
	l, err := c.alive()
	if err != nil {
		return nil, 0, err
	}
	all, total, err := l.journal.History(filter, order, page)
	return all, total, l.translate(err)
}

// Replay returns the attempts that there are now, in the order in which they were applied. With a filter that is not
// empty, they are those of the deliveries that it lets through now, and no tests. The sequence reads the journal piece
// by piece, so that it may be slow; what is added meanwhile is not in it. It ends after its first error: that of the
// context, or that the community was reset.
func (c *Community) Replay(ctx context.Context, filter store.DeliveryFilter) (iter.Seq2[store.Entry, error], error) {
	l, err := c.alive()
	if err != nil {
		return nil, err
	}
	last, matches, err := l.snapshot(filter)
	if err != nil {
		return nil, l.translate(err)
	}
	return func(yield func(store.Entry, error) bool) {
		for after := uint64(0); after < last; {
			part, err := l.journal.Replay(after, replayed)
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				yield(store.Entry{}, l.translate(err))
				return
			}
			if len(part) == 0 {
				return
			}
			for _, e := range part {
				if e.Position > last {
					return
				}
				if matches(e.Delivery) && !yield(e, nil) {
					return
				}
				after = e.Position
			}
		}
	}, nil
}

// replayed is how many attempts are read at once.
const replayed = 256

// snapshot returns the position of the last attempt, and which deliveries a filter lets through as they are now.
func (l *life) snapshot(filter store.DeliveryFilter) (last uint64, matches func(store.Delivery) bool, err error) {
	l.mu.Lock() // so that a state and the attempt that led to it are seen together
	defer l.mu.Unlock()
	newest, _, err := l.journal.History(store.AttemptFilter{}, store.NewestFirst, store.Page{Number: 1, Size: 1})
	if err != nil {
		return 0, nil, err
	}
	if len(newest) > 0 {
		last = newest[0].Position
	}
	switch {
	case filter == store.DeliveryFilter{}:
		return last, func(store.Delivery) bool { return true }, nil
	case filter.State == "": // the rest never changes
		return last, func(d store.Delivery) bool { return d.ID != "" && filter.Matches(d) }, nil
	}
	ids, err := l.journal.DeliveryIDs(filter)
	chosen := make(map[string]struct{}, len(ids))
	for _, id := range ids {
		chosen[id] = struct{}{}
	}
	return last, func(d store.Delivery) bool {
		_, is := chosen[d.ID]
		return is
	}, err
}
