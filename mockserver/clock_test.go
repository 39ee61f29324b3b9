package mockserver_test

import (
	"encoding/json"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver/client"
)

func TestAdvance(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	r := newReceiver(t, always(500))
	c := m.community(client.NewCommunity{Platform: "mighty"})
	require.Equal(t, start, c.Clock.Now)
	m.webhook(c.ID, r.URL)
	m.emit(c.ID, "EventCreated")

	check := func(moved *client.Moved, err error, attempts int, now time.Duration) {
		t.Helper()
		require.NoError(t, err)
		require.Equal(t, attempts, moved.Attempts)
		require.Equal(t, start.Add(now), moved.Now)
	}
	moved, err := m.Advance(m.ctx, c.ID, 0)
	check(moved, err, 1, 0)
	moved, err = m.Advance(m.ctx, c.ID, 0)
	check(moved, err, 0, 0)
	moved, err = m.Advance(m.ctx, c.ID, 4*time.Second)
	check(moved, err, 0, 4*time.Second)
	clock, err := m.Clock(m.ctx, c.ID)
	require.NoError(t, err)
	require.Equal(t, 1, clock.Pending)
	require.Equal(t, start.Add(5*time.Second), *clock.Next)
	moved, err = m.AdvanceToNext(m.ctx, c.ID)
	check(moved, err, 1, 5*time.Second)
	moved, err = m.AdvanceTo(m.ctx, c.ID, start.Add(2*time.Hour).In(time.FixedZone("", 3600)))
	check(moved, err, 2, 2*time.Hour)
	moved, err = m.Advance(m.ctx, c.ID, 100*time.Hour)
	check(moved, err, 2, 102*time.Hour)
	moved, err = m.AdvanceToNext(m.ctx, c.ID)
	check(moved, err, 0, 102*time.Hour)

	_, err = m.AdvanceTo(m.ctx, c.ID, start)
	requireCode(t, err, "clock_backwards")
	for range 40 {
		if _, err = m.Advance(m.ctx, c.ID, 1<<63-1); err != nil {
			break
		}
	}
	require.Contains(t, refusal(t, err, "invalid_value").Message, "beyond 9000-01-01")
	_, err = m.Advance(m.ctx, c.ID, -time.Second)
	requireCode(t, err, "clock_backwards")
	require.Greater(t, m.emit(c.ID, "EventCreated").Time.Year(), 8000)
}

func TestClocksThatRunAreNotMoved(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	for _, clock := range []*client.NewClock{{Mode: client.ClockReal}, client.Scaled(60)} {
		c := m.community(client.NewCommunity{Clock: clock})
		require.Equal(t, clock.Mode, c.Clock.Mode)
		require.Equal(t, clock.Scale, c.Clock.Scale)
		_, err := m.Advance(m.ctx, c.ID, time.Second)
		requireCode(t, err, "clock_runs")
		_, err = m.AdvanceToNext(m.ctx, c.ID)
		requireCode(t, err, "clock_runs")
		_, err = m.Settle(m.ctx, c.ID, 0)
		requireCode(t, err, "clock_runs")
	}
}

func TestClockSettings(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	for _, clock := range []client.NewClock{
		{Mode: "fast"}, {Mode: client.ClockReal, Start: &start}, {Mode: client.ClockReal, Scale: 2},
		{Mode: client.ClockVirtual, Scale: 2}, {Mode: client.ClockScaled, Scale: -1}, {Mode: client.ClockScaled, Scale: 1e7}, {Scale: 3},
	} {
		_, err := m.CreateCommunity(m.ctx, client.NewCommunity{Platform: "tribe", Clock: &clock})
		requireCode(t, err, "invalid_value")
	}
	c, err := m.CreateCommunity(m.ctx, client.NewCommunity{Platform: "tribe"})
	require.NoError(t, err)
	require.Equal(t, client.ClockReal, c.Clock.Mode)
	c, err = m.CreateCommunity(m.ctx, client.NewCommunity{Platform: "tribe", Clock: &client.NewClock{Mode: client.ClockScaled, Start: &start}})
	require.NoError(t, err)
	require.InDelta(t, 3600, c.Clock.Scale, 0)
	require.False(t, c.Clock.Now.Before(start))
}

// On a clock that runs, the schedule runs by itself: hours in seconds, here in milliseconds.
func TestScaledClock(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	done := make(chan struct{})
	r := newReceiver(t, func(n int, w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusInternalServerError)
		if n == 6 {
			close(done)
		}
	})
	c := m.community(client.NewCommunity{Platform: "mighty", Clock: client.Scaled(1e5)}) // 7 h 35 min take 0.3 s
	m.webhook(c.ID, r.URL)
	events, err := m.Emit(m.ctx, c.ID, client.Emission{Type: "EventCreated", Wait: true})
	require.NoError(t, err)
	require.NotEmpty(t, m.delivery(c.ID, events[0]).Attempts)
	<-done
	var d *client.DeliveryDetail
	require.Eventually(t, func() bool {
		d = m.delivery(c.ID, events[0])
		return d.State == client.Exhausted
	}, 10*time.Second, time.Millisecond)
	delays := platforms["mighty"].delays
	for i, a := range d.Attempts[1:] {
		require.Equal(t, d.Attempts[i].Sent.Add(delays[i]), a.Due, "counted from the start of the attempt before")
		require.False(t, a.Sent.Before(a.Due))
	}
}

func TestSettleHasABound(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	r := newReceiver(t, always(500))
	c := m.community(client.NewCommunity{Platform: "mighty"})
	m.webhook(c.ID, r.URL)
	event := m.emit(c.ID, "EventCreated")
	_, err := m.Settle(m.ctx, c.ID, 4)
	e := refusal(t, err, "settle_bound")
	require.Equal(t, 409, e.Status)
	pending := pendingOf(t, e)
	require.Len(t, pending, 1)
	require.Equal(t, event.Deliveries[0], pending[0].ID)
	require.Equal(t, "waiting", pending[0].State)
	require.Equal(t, 4, pending[0].AttemptCount)
	require.Len(t, r.got(), 4)
	moved, err := m.Settle(m.ctx, c.ID, 2)
	require.NoError(t, err, "exactly as many as the bound")
	require.Equal(t, 2, moved.Attempts)
	for _, bad := range []int{-1, 10_000_001} {
		_, err = m.Settle(m.ctx, c.ID, bad)
		requireCode(t, err, "invalid_value")
	}
}

// A receiver that causes an event for every event never settles by itself.
func TestSettleEndsThoughEventsCauseEvents(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	var community string
	r := newReceiver(t, func(_ int, w http.ResponseWriter, _ *http.Request) {
		_, err := m.Emit(m.ctx, community, client.Emission{Type: "EventCreated"})
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
		}
	})
	community = m.community(client.NewCommunity{Platform: "mighty"}).ID
	m.webhook(community, r.URL)
	m.emit(community, "EventCreated")
	_, err := m.Settle(m.ctx, community, 25)
	requireCode(t, err, "settle_bound")
	require.Len(t, r.got(), 25)
}

// Two calls that move the clock take turns.
func TestConcurrentAdvancesAddUp(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	r := newReceiver(t, always(500))
	c := m.community(client.NewCommunity{Platform: "mighty"})
	m.webhook(c.ID, r.URL)
	_, err := m.Emit(m.ctx, c.ID, client.Emission{Type: "EventCreated", Count: 20})
	require.NoError(t, err)
	var mu sync.Mutex
	total := 0
	var calls sync.WaitGroup
	for range 10 {
		calls.Go(func() {
			moved, err := m.Advance(m.ctx, c.ID, time.Hour)
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			total += moved.Attempts
		})
	}
	calls.Wait()
	require.Equal(t, 20*6, total)
	require.Len(t, r.got(), 20*6)
	clock, err := m.Clock(m.ctx, c.ID)
	require.NoError(t, err)
	require.Equal(t, start.Add(10*time.Hour), clock.Now)
}

// Emissions that wait do not wait for each other, nor do they disturb a clock that is moved meanwhile.
func TestConcurrentEmissionsThatWait(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	r := newReceiver(t, always(500))
	c := m.community(client.NewCommunity{Platform: "tryno", DisableAfter: client.Of(0)})
	m.webhook(c.ID, r.URL)
	var calls sync.WaitGroup
	for i := range 30 {
		calls.Go(func() {
			events, err := m.Emit(m.ctx, c.ID, client.Emission{Type: "member.joined", Wait: true})
			if err != nil {
				t.Error(err)
				return
			}
			d, err := m.Delivery(m.ctx, c.ID, events[0].Deliveries[0])
			if err != nil || len(d.Attempts) == 0 {
				t.Errorf("the first attempt is not final: %+v, %v", d, err)
			}
		})
		if i%10 == 0 {
			calls.Go(func() {
				if _, err := m.Advance(m.ctx, c.ID, time.Minute); err != nil {
					t.Error(err)
				}
			})
		}
	}
	calls.Wait()
	m.settle(c.ID)
	require.Len(t, r.got(), 30*5)
	all, err := m.Deliveries(m.ctx, c.ID, client.DeliveryFilter{State: client.Exhausted})
	require.NoError(t, err)
	require.Equal(t, 30, all.Total)
}

func TestADeliveryIsNotAttemptedTwiceAtOnce(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	inside, release := make(chan struct{}), make(chan struct{})
	r := newReceiver(t, func(n int, w http.ResponseWriter, _ *http.Request) {
		if n == 1 {
			close(inside)
			<-release
		}
		w.WriteHeader(http.StatusInternalServerError)
	})
	c := m.community(client.NewCommunity{Platform: "tribe"})
	w := m.webhook(c.ID, r.URL)
	event := m.emit(c.ID, "member.created")
	var settled sync.WaitGroup
	settled.Go(func() {
		if _, err := m.Settle(m.ctx, c.ID, 0); err != nil {
			t.Error(err)
		}
	})
	<-inside
	d := m.delivery(c.ID, event)
	require.Equal(t, client.Sending, d.State)
	require.NoError(t, deactivate(m, c, w.ID))
	require.Equal(t, client.Canceled, m.delivery(c.ID, event).State)
	_, err := m.UpdateWebhook(m.ctx, c.ID, w.ID, client.WebhookChange{IsActive: client.Of(true)})
	require.NoError(t, err)
	_, err = m.Redeliver(m.ctx, c.ID, event.Deliveries[0], false)
	requireCode(t, err, "delivery_unsettled")
	close(release)
	settled.Wait()
	d = m.delivery(c.ID, event)
	require.Equal(t, client.Canceled, d.State, "what was canceled stays so, unless it was acknowledged")
	require.Len(t, d.Attempts, 1, "the attempt that was under way is in the journal")
	require.Len(t, r.got(), 1)
}

type pending struct {
	ID           string
	State        string
	AttemptCount int `json:"attempt_count"`
	Due          time.Time
}

// pendingOf returns the deliveries that an error names.
func pendingOf(t *testing.T, e *client.Error) []pending {
	t.Helper()
	var details struct {
		Pending []pending
		Total   int
	}
	require.NoError(t, json.Unmarshal(e.Details, &details))
	require.GreaterOrEqual(t, details.Total, len(details.Pending))
	return details.Pending
}

// Who waits for everything to be settled need not sleep, whatever the clock.
func TestSettledIsABarrier(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	r := newReceiver(t, always(500))
	for _, clock := range []*client.NewClock{nil, client.Scaled(1e6)} {
		c, err := m.CreateCommunity(m.ctx, client.NewCommunity{Platform: "mighty", Clock: clock, Schedule: []string{"1ms", "1ms", "1ms", "1ms", "1ms"}})
		require.NoError(t, err)
		m.webhook(c.ID, r.URL)
		event := m.emit(c.ID, "EventCreated")
		shown, err := m.Settled(m.ctx, c.ID, time.Minute)
		require.NoError(t, err)
		require.Zero(t, shown.Pending)
		require.True(t, contract.State(m.delivery(c.ID, event).State).Settled())
	}
	c := m.community(client.NewCommunity{Platform: "mighty"})
	_, err := m.Settled(m.ctx, c.ID, 0)
	require.NoError(t, err, "there is nothing to wait for")
	m.webhook(c.ID, r.URL)
	event := m.emit(c.ID, "EventCreated")
	_, err = m.Settled(m.ctx, c.ID, time.Millisecond)
	e := refusal(t, err, "not_settled")
	require.Contains(t, e.Hint, "settle", "a virtual clock stands still")
	require.Equal(t, event.Deliveries[0], pendingOf(t, e)[0].ID)
	done := make(chan error)
	go func() {
		_, err := m.Settled(m.ctx, c.ID, time.Minute)
		done <- err
	}()
	m.settle(c.ID)
	require.NoError(t, <-done, "somebody else moves the clock")
	for _, bad := range []string{"-1s", "11m", "soon", ""} {
		got := m.do("GET", "/__mock/communities/"+c.ID+"/settled?timeout="+bad, "")
		if bad != "" {
			require.Equal(t, "invalid_value", got.errorCode(t), bad)
		}
	}
}

func TestPauseAndResume(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	r := newReceiver(t, always(200))
	c, err := m.CreateCommunity(m.ctx, client.NewCommunity{Platform: "mighty"})
	require.NoError(t, err)
	m.webhook(c.ID, r.URL)
	shown, err := m.Pause(m.ctx, c.ID)
	require.NoError(t, err)
	require.True(t, shown.Paused)
	event := m.emit(c.ID, "EventCreated")
	_, err = m.Emit(m.ctx, c.ID, client.Emission{Type: "EventCreated", Wait: true})
	requireCode(t, err, "clock_paused")
	_, err = m.Settled(m.ctx, c.ID, 10*time.Millisecond)
	requireCode(t, err, "not_settled")
	again, err := m.Clock(m.ctx, c.ID)
	require.NoError(t, err)
	require.Equal(t, shown.Now, again.Now, "it stands")
	require.Equal(t, 1, again.Pending, "the event that could not be waited for did not happen")
	require.Empty(t, r.got())
	shown, err = m.Resume(m.ctx, c.ID)
	require.NoError(t, err)
	require.False(t, shown.Paused)
	_, err = m.Settled(m.ctx, c.ID, time.Minute)
	require.NoError(t, err)
	require.Equal(t, client.Acknowledged, m.delivery(c.ID, event).State)

	virtual := m.community(client.NewCommunity{Platform: "mighty"})
	_, err = m.Pause(m.ctx, virtual.ID)
	requireCode(t, err, "clock_stands")
	_, err = m.Resume(m.ctx, virtual.ID)
	requireCode(t, err, "clock_stands")
}

// Jitter makes each delay longer, by another share for each delivery, within the bounds that the community shows, and
// the same in every run.
func TestJitter(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	r := newReceiver(t, always(500))
	run := func() (dues [][]time.Duration, bounds []client.Bounds) {
		c := m.community(client.NewCommunity{Platform: "mighty", Jitter: 0.5, ID: "jitter"})
		m.webhook(c.ID, r.URL)
		events, err := m.Emit(m.ctx, c.ID, client.Emission{Type: "EventCreated", Count: 20})
		require.NoError(t, err)
		require.Equal(t, 120, m.settle(c.ID).Attempts)
		for _, e := range events {
			var own []time.Duration
			for i, a := range m.delivery(c.ID, e).Attempts {
				require.Equal(t, a.Due, a.Sent)
				if i > 0 {
					own = append(own, a.Due.Sub(m.delivery(c.ID, e).Attempts[i-1].Due))
				}
			}
			dues = append(dues, own)
		}
		require.NoError(t, m.DeleteCommunity(m.ctx, c.ID))
		return dues, c.Bounds
	}
	dues, bounds := run()
	require.Equal(t, client.Bounds{Min: "5s", Max: "7.5s"}, bounds[0])
	distinct := map[time.Duration]bool{}
	for _, own := range dues {
		for i, delay := range own {
			low, err := time.ParseDuration(bounds[i].Min)
			require.NoError(t, err)
			high, err := time.ParseDuration(bounds[i].Max)
			require.NoError(t, err)
			require.GreaterOrEqual(t, delay, low)
			require.LessOrEqual(t, delay, high)
			distinct[delay] = true
		}
	}
	require.Greater(t, len(distinct), 90, "of 100")
	again, _ := run()
	require.Equal(t, dues, again)
}
