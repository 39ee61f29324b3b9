package clock_test

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/mockserver/clock"
)

var start = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

func TestReal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := clock.NewReal()
		require.Equal(t, clock.ModeReal, c.Mode())
		require.True(t, c.Now().Equal(time.Now()))
		wait, runs := c.Wait(time.Now().Add(time.Hour))
		require.True(t, runs)
		require.Equal(t, time.Hour, wait)
		wait, runs = c.Wait(time.Now().Add(-time.Hour))
		require.True(t, runs)
		require.Zero(t, wait)
	})
}

func TestScaled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, err := clock.NewScaled(start, 3600)
		require.NoError(t, err)
		require.Equal(t, clock.ModeScaled, c.Mode())
		require.InDelta(t, 3600, c.Scale(), 0)
		require.Equal(t, start, c.Now())
		<-time.After(2 * time.Second)
		require.Equal(t, start.Add(2*time.Hour), c.Now())
		due := start.Add(5 * time.Hour)
		wait, runs := c.Wait(due)
		require.True(t, runs)
		<-time.After(wait)
		require.False(t, c.Now().Before(due), "who waits as long as he is told has arrived")
		wait, _ = c.Wait(due)
		require.Zero(t, wait)
	})
	synctest.Test(t, func(t *testing.T) {
		c, err := clock.NewScaled(start, clock.MaxScale)
		require.NoError(t, err)
		<-time.After(24 * time.Hour)
		require.Equal(t, start.Add(1<<63-1), c.Now(), "the end of the clock, not a time before its start")
	})
	for _, scale := range []float64{0, -1, 1e10} {
		_, err := clock.NewScaled(start, scale)
		require.ErrorContains(t, err, "want more than 0")
	}
}

func TestPause(t *testing.T) {
	t.Parallel()
	for _, scale := range []float64{1, 60} {
		synctest.Test(t, func(t *testing.T) {
			c := clock.NewReal()
			if scale != 1 {
				var err error
				c, err = clock.NewScaled(start, scale)
				require.NoError(t, err)
			}
			run := func(real time.Duration) time.Duration { return time.Duration(float64(real) * scale) }
			begun := c.Now()
			require.False(t, c.Resume(), "it runs")
			<-time.After(time.Minute)
			require.True(t, c.Pause())
			require.False(t, c.Pause(), "it is paused")
			require.True(t, c.Paused())
			<-time.After(time.Hour)
			require.True(t, c.Now().Equal(begun.Add(run(time.Minute))), "it stands")
			_, runs := c.Wait(begun)
			require.False(t, runs, "nothing falls due")
			require.True(t, c.Resume())
			require.False(t, c.Paused())
			<-time.After(time.Minute)
			require.True(t, c.Now().Equal(begun.Add(run(2*time.Minute))), "it goes on from where it stood")
			wait, runs := c.Wait(begun.Add(run(3 * time.Minute)))
			require.True(t, runs)
			require.InDelta(t, time.Minute, wait, 1)
			c.Pause()
			<-time.After(time.Minute)
			c.Resume()
			require.True(t, c.Now().Equal(begun.Add(run(2*time.Minute))), "a second pause")
		})
	}
}

func TestVirtual(t *testing.T) {
	t.Parallel()
	c := clock.NewVirtual(start)
	require.Equal(t, clock.ModeVirtual, c.Mode())
	require.Equal(t, start, c.Now())
	_, runs := c.Wait(start.Add(1))
	require.False(t, runs, "waiting does not help")
	wait, runs := c.Wait(start)
	require.True(t, runs)
	require.Zero(t, wait)
	require.NoError(t, c.Set(start.Add(time.Hour)))
	require.NoError(t, c.Set(start.Add(time.Hour)))
	var backwards *clock.BackwardsError
	require.ErrorAs(t, c.Set(start), &backwards)
	require.Equal(t, "the clock shows 2026-03-01T10:00:00Z and does not go back to 2026-03-01T09:00:00Z", backwards.Error())
	require.Equal(t, start.Add(time.Hour), c.Now())
}

func TestVirtualUnderConcurrency(t *testing.T) {
	t.Parallel()
	c := clock.NewVirtual(start)
	var setters sync.WaitGroup
	for i := range 10 {
		setters.Go(func() {
			for j := range 100 {
				before := c.Now()
				_ = c.Set(start.Add(time.Duration(i*j) * time.Second)) // may be backwards
				if c.Now().Before(before) {
					t.Error("the clock went back")
				}
			}
		})
	}
	setters.Wait()
	require.Equal(t, start.Add(9*99*time.Second), c.Now())
}

func TestModes(t *testing.T) {
	t.Parallel()
	require.Equal(t, []clock.Mode{"real", "scaled", "virtual"}, clock.Modes())
}
