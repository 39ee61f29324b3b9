package sender

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/mockserver/clock"
)

// While the clock is paused nothing begins, not even what is due; what is under way goes on. Afterwards everything
// comes as much later as the pause was long.
func TestPauseHoldsTheSchedule(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var sent []time.Duration
		begun := time.Now()
		b := &book{delays: []time.Duration{time.Minute, time.Minute}, made: map[string]int{}}
		b.during = func(Job, int) {
			mu.Lock()
			defer mu.Unlock()
			sent = append(sent, time.Since(begun))
		}
		b.engine = NewLocal(Config{Clock: clock.NewReal(), Attempt: b.attempt, Patience: time.Second})
		defer b.engine.Wait()
		defer b.engine.Close()
		b.engine.Schedule(Job{ID: "a", Lane: "w", Due: begun})
		<-time.After(30 * time.Second)
		require.NoError(t, b.engine.Pause())
		require.NoError(t, b.engine.Pause(), "paused already")
		b.engine.Schedule(Job{ID: "b", Lane: "w", Due: begun})
		<-time.After(time.Hour)
		require.Equal(t, Status{Waiting: 2, Next: begun}, b.engine.Status())
		require.Equal(t, []time.Duration{0}, sent)
		require.NoError(t, b.engine.Resume())
		require.NoError(t, b.engine.Idle(t.Context()))
		const pause = time.Hour
		require.Equal(t, []time.Duration{
			0,
			30*time.Second + pause,  // b, which fell due in the pause
			time.Minute + pause,     // a
			90*time.Second + pause,  // b
			2*time.Minute + pause,   // a
			150*time.Second + pause, // b
		}, sent)
	})
}

// A lane that is full when the clock is paused does not go on when there is room.
func TestPauseHoldsALaneThatIsFull(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e := NewLocal(Config{Clock: clock.NewReal(), Attempt: func(context.Context, Job, time.Time) func() {
			<-time.After(time.Minute)
			return func() {}
		}})
		defer e.Wait()
		defer e.Close()
		for i := range Concurrency + 1 {
			e.Schedule(Job{ID: string(rune('A' + i)), Lane: "w", Due: time.Now(), Sequence: uint64(i)})
		}
		synctest.Wait()
		require.NoError(t, e.Pause())
		<-time.After(time.Hour)
		require.Equal(t, Status{Waiting: 1}, e.Status())
		require.NoError(t, e.Resume())
		synctest.Wait()
		require.Equal(t, Status{Underway: 1}, e.Status())
	})
}

func TestVirtualClockIsNotPaused(t *testing.T) {
	t.Parallel()
	b := newBook(t, clock.NewVirtual(start), 0)
	require.ErrorIs(t, b.engine.Pause(), ErrStands)
	require.ErrorIs(t, b.engine.Resume(), ErrStands)
}

func TestIdle(t *testing.T) {
	t.Parallel()
	b := newBook(t, clock.NewVirtual(start), 0)
	require.NoError(t, b.engine.Idle(t.Context()))
	b.engine.Schedule(jobs(2)...)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, b.engine.Idle(ended), context.Canceled, "there is something to do, and nobody does it")
	done := make(chan error)
	go func() { done <- b.engine.Idle(context.Background()) }()
	b.engine.Cancel("a")
	_, err := b.engine.Settle(t.Context(), unbounded)
	require.NoError(t, err)
	require.NoError(t, <-done)

	b.engine.Schedule(jobs(1)...)
	go func() { done <- b.engine.Idle(context.Background()) }()
	b.engine.Close()
	require.ErrorIs(t, <-done, ErrClosed)
}

// Jobs that come in turn are never under way beside another one of their lane, whatever the clock and the look-ahead.
func TestInTurn(t *testing.T) {
	t.Parallel()
	check := func(t *testing.T, c clock.Clock, run func(e *Local) error) {
		var mu sync.Mutex
		var order []string
		under := map[string]int{}
		e := NewLocal(Config{Clock: c, Lookahead: time.Hour, Patience: time.Second, Attempt: func(_ context.Context, j Job, _ time.Time) func() {
			mu.Lock()
			order = append(order, j.ID)
			under[j.Lane]++
			if under["w"] > 1 && j.InTurn {
				t.Errorf("%s has company", j.ID)
			}
			mu.Unlock()
			<-time.After(time.Second)
			mu.Lock()
			under[j.Lane]--
			mu.Unlock()
			return func() {}
		}})
		defer e.Wait()
		defer e.Close()
		due := c.Now()
		e.Schedule(
			Job{ID: "c", Lane: "w", Due: due, Turn: 3, Sequence: 1, InTurn: true},
			Job{ID: "b", Lane: "w", Due: due, Turn: 2, Sequence: 2, InTurn: true},
			Job{ID: "a", Lane: "w", Due: due, Turn: 1, Sequence: 3, InTurn: true},
			Job{ID: "d", Lane: "w", Due: due.Add(time.Second), Turn: 4, Sequence: 4},
			Job{ID: "x", Lane: "other", Due: due.Add(time.Second), Turn: 5, Sequence: 5},
		)
		require.NoError(t, run(e))
		var ours []string
		for _, id := range order {
			if id != "x" {
				ours = append(ours, id)
			}
		}
		require.Equal(t, []string{"a", "b", "c", "d"}, ours)
	}
	t.Run("virtual", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			check(t, clock.NewVirtual(start), func(e *Local) error {
				_, err := e.Settle(context.Background(), unbounded)
				return err
			})
		})
	})
	t.Run("real", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			c := clock.NewReal()
			c.Pause()
			check(t, c, func(e *Local) error {
				_ = e.Resume()
				return e.Idle(context.Background())
			})
		})
	})
}
