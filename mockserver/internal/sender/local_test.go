package sender

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/quintain-dev/quintain/mockserver/clock"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var start = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

// A book is what an engine calls: deliveries that fail, each with the same delays.
type book struct {
	engine *Local
	delays []time.Duration
	during func(j Job, n int) // while an attempt is under way

	mu   sync.Mutex
	made map[string]int
	log  []string // of results, in the order in which they were applied
}

func (b *book) attempt(ctx context.Context, j Job, started time.Time) func() {
	b.mu.Lock()
	n := b.made[j.ID]
	b.made[j.ID]++
	b.mu.Unlock()
	if b.during != nil {
		b.during(j, n)
	}
	if ctx.Err() != nil {
		return nil
	}
	return func() {
		b.mu.Lock()
		b.log = append(b.log, fmt.Sprintf("%s.%d at %s", j.ID, n, started.Sub(start)))
		b.mu.Unlock()
		if n < len(b.delays) {
			j.Due = started.Add(b.delays[n])
			b.engine.Schedule(j)
		}
	}
}

func newBook(t *testing.T, c clock.Clock, lookahead time.Duration, delays ...time.Duration) *book {
	b := &book{delays: delays, made: map[string]int{}}
	b.engine = NewLocal(Config{Clock: c, Attempt: b.attempt, Lookahead: lookahead, Patience: 50 * time.Millisecond})
	t.Cleanup(func() {
		b.engine.Close()
		b.engine.Wait()
	})
	return b
}

func jobs(n int) (out []Job) {
	for i := range n {
		out = append(out, Job{ID: string(rune('a' + i)), Lane: "w", Due: start, Sequence: uint64(i + 1)})
	}
	return out
}

// Five retries over 7 h 35 min on a clock that runs, in a bubble: each comes exactly when it is due.
func TestRealClockKeepsTheSchedule(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		delays := []time.Duration{5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour}
		b := &book{delays: delays, made: map[string]int{}}
		begun := time.Now()
		var sent []time.Duration
		b.during = func(Job, int) {
			sent = append(sent, time.Since(begun))
			<-time.After(3 * time.Second) // a slow receiver does not shift the schedule
		}
		b.engine = NewLocal(Config{Clock: clock.NewReal(), Attempt: b.attempt, Patience: time.Second})
		b.engine.Schedule(Job{ID: "a", Lane: "w", Due: begun})
		<-time.After(10 * time.Hour)
		require.Zero(t, b.engine.Status())
		b.engine.Close()
		b.engine.Wait()
		require.Equal(t, []time.Duration{
			0, 5 * time.Second, 5*time.Minute + 5*time.Second, 35*time.Minute + 5*time.Second,
			2*time.Hour + 35*time.Minute + 5*time.Second, 7*time.Hour + 35*time.Minute + 5*time.Second,
		}, sent)
	})
}

// A lane that is full holds up itself only.
func TestLanes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var running, most, other atomic.Int64
		e := NewLocal(Config{Clock: clock.NewReal(), Attempt: func(_ context.Context, j Job, _ time.Time) func() {
			if j.Lane == "other" {
				other.Add(1)
				return func() {}
			}
			most.Store(max(most.Load(), running.Add(1)))
			<-time.After(10 * time.Second)
			running.Add(-1)
			return func() {}
		}})
		now := time.Now()
		for i := range 3 * Concurrency {
			e.Schedule(Job{ID: fmt.Sprint(i), Lane: "hung", Due: now, Sequence: uint64(i)})
		}
		synctest.Wait()
		require.Equal(t, Status{Waiting: 2 * Concurrency, Underway: Concurrency}, e.Status())
		done := make(chan struct{})
		e.Schedule(Job{ID: "x", Lane: "other", Due: now, Sequence: 1000})
		e.Cancel(fmt.Sprint(3*Concurrency - 1))
		synctest.Wait()
		require.Equal(t, int64(1), other.Load())
		go func() {
			defer close(done)
			if err := e.Run(context.Background(), Job{ID: "y", Lane: "other", Due: now, Sequence: 1001}); err != nil {
				t.Error(err)
			}
		}()
		<-done
		require.Equal(t, int64(2), other.Load())
		<-time.After(time.Minute)
		require.Equal(t, Status{}, e.Status())
		require.Equal(t, int64(Concurrency), most.Load())
		require.Empty(t, e.lanes)
		e.Close()
		e.Wait()
	})
}

// Results are applied in order of (due, sequence), whichever attempt is final first.
func TestVirtualClockAppliesInOrder(t *testing.T) {
	t.Parallel()
	for range 20 {
		c := clock.NewVirtual(start)
		b := newBook(t, c, 5*time.Second, 5*time.Second, time.Minute)
		var released sync.WaitGroup
		released.Add(2)
		b.during = func(j Job, n int) {
			if n == 0 && j.ID != "c" { // a ends last of its batch
				if j.ID == "a" {
					released.Wait()
				} else {
					released.Done()
				}
			}
		}
		all := jobs(4)
		all[3].Due = start.Add(3 * time.Second) // within the lookahead: goes out with the others
		b.engine.Schedule(all[2], all[0], all[3], all[1])
		n, err := b.engine.Settle(t.Context(), 1000)
		require.NoError(t, err)
		require.Equal(t, 12, n)
		require.Equal(t, []string{
			"a.0 at 0s", "b.0 at 0s", "c.0 at 0s", "d.0 at 3s",
			"a.1 at 5s", "b.1 at 5s", "c.1 at 5s", "d.1 at 8s",
			"a.2 at 1m5s", "b.2 at 1m5s", "c.2 at 1m5s", "d.2 at 1m8s",
		}, b.log)
		require.Equal(t, start.Add(time.Minute+8*time.Second), c.Now())
	}
}

// A retry that is due at once, as Tryno's first is, comes before what is due later.
func TestNoLookaheadBesideARetryAtOnce(t *testing.T) {
	t.Parallel()
	b := newBook(t, clock.NewVirtual(start), 0, 0, time.Second)
	later := Job{ID: "z", Lane: "w", Due: start.Add(500 * time.Millisecond), Sequence: 9}
	b.engine.Schedule(jobs(1)[0], later)
	_, err := b.engine.Settle(t.Context(), 1000)
	require.NoError(t, err)
	require.Equal(t, []string{"a.0 at 0s", "a.1 at 0s", "z.0 at 500ms", "z.1 at 500ms", "a.2 at 1s", "z.2 at 1.5s"}, b.log)
}

func TestBatchesAreBounded(t *testing.T) {
	t.Parallel()
	var running, most atomic.Int64
	e := NewLocal(Config{Clock: clock.NewVirtual(start), Attempt: func(context.Context, Job, time.Time) func() {
		most.Store(max(most.Load(), running.Add(1)))
		defer running.Add(-1)
		return func() {}
	}, Patience: time.Second})
	for i := range 1000 {
		e.Schedule(Job{ID: fmt.Sprint(i), Due: start, Sequence: uint64(i)})
	}
	n, err := e.Settle(t.Context(), 300)
	require.ErrorIs(t, err, ErrBound)
	require.Equal(t, 300, n)
	n, err = e.Advance(t.Context(), func(now time.Time) time.Time { return now })
	require.NoError(t, err)
	require.Equal(t, 700, n)
	require.LessOrEqual(t, most.Load(), int64(Concurrency))
	e.Close()
	e.Wait()
}

func TestCancel(t *testing.T) {
	t.Parallel()
	b := newBook(t, clock.NewVirtual(start), 0)
	done := make(chan struct{})
	all := jobs(2)
	all[0].Done = done
	b.engine.Schedule(all...)
	b.engine.Cancel("a")
	b.engine.Cancel("nope")
	<-done
	n, err := b.engine.Settle(t.Context(), 10)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.Equal(t, []string{"b.0 at 0s"}, b.log)
}

// A call that moves the clock gives up when it waits for itself.
func TestBusy(t *testing.T) {
	t.Parallel()
	b := newBook(t, clock.NewVirtual(start), 0)
	inner := make(chan error, 3)
	b.during = func(Job, int) {
		_, err := b.engine.Settle(t.Context(), 10)
		inner <- err
		_, err = b.engine.Next(t.Context())
		inner <- err
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err = b.engine.Settle(ctx, 10)
		inner <- err
	}
	check := func() {
		t.Helper()
		require.ErrorIs(t, <-inner, ErrBusy)
		require.ErrorIs(t, <-inner, ErrBusy)
		require.ErrorIs(t, <-inner, context.Canceled)
	}
	b.engine.Schedule(jobs(1)...)
	n, err := b.engine.Settle(t.Context(), 10)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	check()
	require.NoError(t, b.engine.Run(t.Context(), jobs(1)...))
	check()
}

func TestClose(t *testing.T) {
	t.Parallel()
	for _, c := range []clock.Clock{clock.NewReal(), clock.NewVirtual(start)} {
		inside := make(chan struct{}, 1)
		e := NewLocal(Config{Clock: c, Patience: time.Minute, Attempt: func(ctx context.Context, _ Job, _ time.Time) func() {
			inside <- struct{}{}
			<-ctx.Done()
			return nil
		}})
		later := make(chan struct{})
		e.Schedule(Job{ID: "later", Due: time.Now().Add(24 * 365 * time.Hour), Done: later})
		result := make(chan error, 2)
		go func() { result <- e.Run(context.Background(), Job{ID: "a", Due: start}) }()
		<-inside
		go func() {
			_, err := e.Settle(context.Background(), 10)
			result <- err
		}()
		if c.Mode() == clock.ModeReal {
			require.ErrorIs(t, <-result, ErrRuns)
		}
		e.Close()
		e.Close()
		e.Wait()
		require.ErrorIs(t, <-result, ErrClosed)
		if c.Mode() == clock.ModeVirtual {
			require.ErrorIs(t, <-result, ErrClosed)
		}
		<-later // told, though it never was
		after := make(chan struct{})
		e.Schedule(Job{ID: "b", Due: start, Done: after})
		<-after
		require.ErrorIs(t, e.Run(context.Background(), Job{ID: "c", Due: start}), ErrClosed)
	}
}

func TestAdvanceBackwards(t *testing.T) {
	t.Parallel()
	b := newBook(t, clock.NewVirtual(start), 0)
	var backwards *clock.BackwardsError
	_, err := b.engine.Advance(t.Context(), func(now time.Time) time.Time { return now.Add(-1) })
	require.ErrorAs(t, err, &backwards)
	require.Equal(t, start, backwards.Now)
}
