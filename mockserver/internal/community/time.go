package community

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver/clock"
	"github.com/quintain-dev/quintain/mockserver/internal/problem"
	"github.com/quintain-dev/quintain/mockserver/internal/sender"
)

// ClockState is what a community's clock shows, and what it will bring.
type ClockState struct {
	Mode  clock.Mode
	Now   time.Time
	Scale float64 // 0 unless scaled
	Pause bool    // it stands until it is resumed
	sender.Status
}

// Clock returns the state of the clock.
func (c *Community) Clock() (ClockState, error) {
	l, err := c.alive()
	if err != nil {
		return ClockState{}, err
	}
	s := ClockState{Mode: l.clock.Mode(), Now: l.now(), Status: l.engine.Status()}
	if running, ok := l.clock.(*clock.Running); ok {
		s.Pause = running.Paused()
		if s.Mode == clock.ModeScaled {
			s.Scale = running.Scale()
		}
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

// AdvanceToNext moves a virtual clock to the time when the next attempt is due, as AdvanceBy does. If none is, the
// clock stays.
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

// Pause stops a clock that runs: no attempt begins until Resume. A clock that is paused stays so.
func (c *Community) Pause() (ClockState, error) {
	return c.halt((*sender.Local).Pause)
}

// Resume lets a clock go on that was paused. A clock that runs goes on.
func (c *Community) Resume() (ClockState, error) {
	return c.halt((*sender.Local).Resume)
}

func (c *Community) halt(how func(*sender.Local) error) (ClockState, error) {
	l, err := c.alive()
	if err != nil {
		return ClockState{}, err
	}
	if err := how(l.engine); err != nil {
		return ClockState{}, l.translate(err)
	}
	return c.Clock()
}

// The bounds of how long Settled waits, in real time.
const (
	DefaultSettled = 10 * time.Second
	MaxSettled     = 10 * time.Minute
)

// Settled waits until nothing is pending: no attempt is due or under way. It moves no clock. If that takes longer than
// the timeout, the error has the code NotSettled and what is pending as details.
func (c *Community) Settled(ctx context.Context, timeout time.Duration) (ClockState, error) {
	l, err := c.alive()
	if err != nil {
		return ClockState{}, err
	}
	limited, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	err = l.engine.Idle(limited)
	switch {
	case err == nil:
		return c.Clock()
	case ctx.Err() == nil && limited.Err() != nil:
		status := l.engine.Status()
		if status.Waiting+status.Underway == 0 {
			return c.Clock()
		}
		e := problem.New(problem.NotSettled, "after %s %d attempts are due later and %d under way", timeout, status.Waiting, status.Underway).
			WithHint("wait longer")
		if l.clock.Mode() == clock.ModeVirtual {
			e = e.WithHint("a virtual clock stands still: move it, with POST …/clock/settle")
		}
		return ClockState{}, l.withPending(e)
	default:
		return ClockState{}, l.translate(err)
	}
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
	return l.withPending(problem.New(problem.SettleBound, "after %d attempts %d more are due", bound, l.engine.Status().Waiting).
		WithHint("settle again to go on, or give a larger max; does the receiver cause new events?"))
}

// Pending is a delivery that is not settled, as errors show it.
type Pending struct {
	ID        string         `json:"id"`
	EventType string         `json:"event_type"`
	WebhookID string         `json:"webhook_id"`
	State     contract.State `json:"state"`
	Attempts  int            `json:"attempt_count"`
	Due       time.Time      `json:"due"`
}

// withPending adds to an error which deliveries are not settled: the first twenty in the order in which they are due.
func (l *life) withPending(e *problem.Error) error {
	const shown = 20
	l.mu.Lock()
	defer l.mu.Unlock()
	pending := []Pending{}
	for _, open := range l.open {
		for id := range open {
			d, err := l.journal.Delivery(id)
			if err != nil {
				return l.translate(err)
			}
			pending = append(pending, Pending{d.ID, d.EventType, d.WebhookID, d.State, d.Attempts, d.Due})
		}
	}
	slices.SortFunc(pending, func(a, b Pending) int { return cmp.Or(a.Due.Compare(b.Due), strings.Compare(a.ID, b.ID)) })
	e.Details = map[string]any{"pending": pending[:min(len(pending), shown)], "total": len(pending)}
	return e
}
