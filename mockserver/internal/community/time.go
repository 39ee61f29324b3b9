package community

import (
	"context"
	"errors"
	"time"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver/clock"
	"github.com/quintain-dev/quintain/mockserver/internal/problem"
	"github.com/quintain-dev/quintain/mockserver/internal/sender"
	"github.com/quintain-dev/quintain/mockserver/internal/store"
)

// ClockState is what a community's clock shows, and what it will bring.
type ClockState struct {
	Mode  clock.Mode
	Now   time.Time
	Scale float64 // 0 unless scaled
	sender.Status
}

// Clock returns the state of the clock.
func (c *Community) Clock() (ClockState, error) {
	l, err := c.alive()
	if err != nil {
		return ClockState{}, err
	}
	s := ClockState{Mode: l.clock.Mode(), Now: l.now(), Status: l.engine.Status()}
	if scaled, ok := l.clock.(*clock.Running); ok && scaled.Mode() == clock.ModeScaled {
		s.Scale = scaled.Scale()
	}
	return s, nil
}

// Moved is what a move of the clock brought.
type Moved struct {
	Now      time.Time
	Attempts int // made, and final
}

// EndOfTime is how far a clock can be moved: what is due after it can still be written as RFC 3339.
var EndOfTime = time.Date(9000, 1, 1, 0, 0, 0, 0, time.UTC)

// AdvanceBy moves a virtual clock by a duration of 0 or more, and returns when every attempt that fell due is final.
func (c *Community) AdvanceBy(ctx context.Context, by time.Duration) (Moved, error) {
	return c.move(func(l *life) (int, error) {
		if l.clock.Now().Add(by).After(EndOfTime) {
			return 0, problem.Invalid("by", "is %s, which leads beyond %s", by, EndOfTime.Format(time.DateOnly))
		}
		return l.engine.Advance(ctx, func(now time.Time) time.Time { return now.Add(by) })
	})
}

// AdvanceTo moves a virtual clock to a time, as AdvanceBy does.
func (c *Community) AdvanceTo(ctx context.Context, to time.Time) (Moved, error) {
	return c.move(func(l *life) (int, error) {
		return l.engine.Advance(ctx, func(time.Time) time.Time { return to.UTC() })
	})
}

// AdvanceToNext moves a virtual clock to the time when the next attempt is due, as AdvanceBy does. If none is, the clock
// stays.
func (c *Community) AdvanceToNext(ctx context.Context) (Moved, error) {
	return c.move(func(l *life) (int, error) { return l.engine.Next(ctx) })
}

// DefaultBound and MaxBound are how many attempts Settle makes if nothing else is said, and at most.
const (
	DefaultBound = 100_000
	MaxBound     = 10_000_000
)

// Settle moves a virtual clock until nothing is pending. If more than bound attempts are needed, the error has the code
// SettleBound and what is pending as details.
func (c *Community) Settle(ctx context.Context, bound int) (Moved, error) {
	if bound < 1 || bound > MaxBound {
		return Moved{}, problem.Invalid("max", "is %d, want 1 to %d", bound, MaxBound)
	}
	return c.move(func(l *life) (int, error) {
		attempts, err := l.engine.Settle(ctx, bound)
		if errors.Is(err, sender.ErrBound) {
			err = l.unsettled(bound)
		}
		return attempts, err
	})
}

func (c *Community) move(by func(*life) (int, error)) (Moved, error) {
	l, err := c.alive()
	if err != nil {
		return Moved{}, err
	}
	attempts, err := by(l)
	return Moved{Now: l.now(), Attempts: attempts}, l.translate(err)
}

// unsettled makes the error of a Settle that found no end.
func (l *life) unsettled(bound int) error {
	const shown = 20
	pending := []string{}
	for _, state := range []contract.State{contract.Pending, contract.Waiting} {
		all, _, err := l.journal.Deliveries(store.DeliveryFilter{State: state}, store.Page{Number: 1, Size: shown})
		if err != nil {
			return err
		}
		for _, d := range all {
			pending = append(pending, d.ID)
		}
	}
	e := problem.New(problem.SettleBound, "after %d attempts %d more are due", bound, l.engine.Status().Waiting).
		WithHint("settle again to go on, or give a larger max; does the receiver cause new events?")
	e.Details = map[string]any{"pending": pending[:min(len(pending), shown)]}
	return e
}
