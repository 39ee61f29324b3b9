package mockserver_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/contract/signing"
	"github.com/quintain-dev/quintain/mockserver"
	"github.com/quintain-dev/quintain/mockserver/client"
)

// ids returns the ids in the bodies that a receiver got, in the order in which they came.
func (r *receiver) ids(t *testing.T) (out []string) {
	t.Helper()
	for _, one := range r.got() {
		out = append(out, fmt.Sprint(contract.Lookup(one.body, "/data/id")))
	}
	return out
}

func TestLostAndDroppedAreRetried(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	r := newReceiver(t, always(200))
	c := m.community(client.NewCommunity{Faults: "when attempt 1: lost; when attempt 2: drop"})
	m.webhook(c.ID, r.URL)
	event := m.emit(c.ID, "member.created")
	require.Equal(t, 3, m.settle(c.ID).Attempts)
	d := m.delivery(c.ID, event)
	require.Equal(t, client.Acknowledged, d.State)
	require.Len(t, r.got(), 2, "the first came, and its answer was lost; the second never came")
	require.Equal(t, r.got()[0].body, r.got()[1].body)
	require.Equal(t, []string{"timeout", "timeout", ""}, []string{d.Attempts[0].Failure, d.Attempts[1].Failure, d.Attempts[2].Failure})
	require.Contains(t, d.Attempts[0].Error, "a 200, was lost on its way: the fault lost")
	require.Contains(t, d.Attempts[1].Error, "the fault drop")
}

func TestDuplicates(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	var running, most atomic.Int64
	one := newReceiver(t, func(int, http.ResponseWriter, *http.Request) {
		now := running.Add(1)
		most.Store(max(most.Load(), now))
		<-time.After(time.Millisecond) // so that another that came meanwhile would be seen
		running.Add(-1)
	})
	together := make(chan struct{})
	many := newReceiver(t, func(n int, _ http.ResponseWriter, r *http.Request) {
		if n == 4 {
			close(together)
		}
		select {
		case <-together: // none is answered before all are there
		case <-r.Context().Done():
		}
	})
	for script, r := range map[string]*receiver{"duplicate x3": one, "duplicate concurrent x4": many} {
		c := m.community(client.NewCommunity{})
		m.webhook(c.ID, r.URL)
		events, err := m.Emit(m.ctx, c.ID, client.Emission{Type: "member.created", Faults: script})
		require.NoError(t, err)
		require.Equal(t, 1, m.settle(c.ID).Attempts, "copies are no attempts of the schedule")
		came := r.got()
		require.Len(t, came, int(script[len(script)-1]-'0'))
		for _, one := range came {
			require.Equal(t, came[0].body, one.body)
			require.Equal(t, came[0].header.Get("X-Tribe-Signature"), one.header.Get("X-Tribe-Signature"))
		}
		d := m.delivery(c.ID, events[0])
		require.Equal(t, 1, d.AttemptCount)
		require.Equal(t, client.Acknowledged, d.State)
		require.Len(t, d.Attempts, len(came), "the journal has every request")
	}
	require.EqualValues(t, 1, most.Load(), "one after the other")
}

// Deliveries are held until there are enough, and then come one by one in another order; also those that are too few.
func TestReorder(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	for _, how := range []string{"reverse", "shuffle"} {
		r := newReceiver(t, always(200))
		c := m.community(client.NewCommunity{Faults: "reorder 5 " + how + " within 1h"})
		m.webhook(c.ID, r.URL)
		var want []string
		for range 5 {
			m.emit(c.ID, "member.created")
		}
		moved, err := m.Advance(m.ctx, c.ID, 0)
		require.NoError(t, err)
		require.Equal(t, 5, moved.Attempts, "the fifth sets them free")
		for i := range 3 {
			_, err := m.Emit(m.ctx, c.ID, client.Emission{Type: "member.created", Wait: true})
			require.NoError(t, err, i)
		}
		moved, err = m.Advance(m.ctx, c.ID, 59*time.Minute)
		require.NoError(t, err)
		require.Zero(t, moved.Attempts, "three are held")
		moved, err = m.Advance(m.ctx, c.ID, time.Minute)
		require.NoError(t, err)
		require.Equal(t, 3, moved.Attempts, "and go when the time is over")
		page, err := m.Deliveries(m.ctx, c.ID, client.DeliveryFilter{})
		require.NoError(t, err)
		for _, d := range page.Deliveries { // newest first
			want = append([]string{d.EventID}, want...)
		}
		got := r.ids(t)
		require.ElementsMatch(t, want[:5], got[:5])
		require.NotEqual(t, want[:5], got[:5])
		if how == "reverse" {
			require.Equal(t, []string{want[4], want[3], want[2], want[1], want[0], want[7], want[6], want[5]}, got)
		}
	}
}

func TestDelayIsOfTheSchedule(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	r := newReceiver(t, always(200))
	c := m.community(client.NewCommunity{Faults: "when event member.*: delay 90m"})
	m.webhook(c.ID, r.URL)
	late, onTime := m.emit(c.ID, "member.created"), m.emit(c.ID, "member_invitation.created")
	require.Equal(t, 2, m.settle(c.ID).Attempts)
	require.Equal(t, start.Add(90*time.Minute), m.delivery(c.ID, late).Attempts[0].Sent)
	require.Equal(t, start, m.delivery(c.ID, onTime).Attempts[0].Sent)
}

// Of delivery, webhook and community, the first that has a script decides.
func TestWhoseFaults(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	r := newReceiver(t, always(200))
	c := m.community(client.NewCommunity{Faults: "content-type a/a", Schedule: []string{}})
	m.webhook(c.ID, r.URL)
	_, err := m.CreateWebhook(m.ctx, c.ID, client.NewWebhook{
		URL: r.URL, Events: []string{"*"}, DeliverySettings: client.DeliverySettings{Faults: client.Of("content-type b/b")},
	})
	require.NoError(t, err)
	types := func(faults string) (out []string) {
		before := len(r.got())
		_, err := m.Emit(m.ctx, c.ID, client.Emission{Type: "member.created", Faults: faults})
		require.NoError(t, err)
		m.settle(c.ID)
		for _, one := range r.got()[before:] {
			out = append(out, one.header.Get("Content-Type"))
		}
		return out
	}
	require.ElementsMatch(t, []string{"a/a", "b/b"}, types(""))
	require.Equal(t, []string{"c/c", "c/c"}, types("content-type c/c"))
	require.Equal(t, []string{"application/json", "application/json"}, types("none"))
	require.NoError(t, m.SetFaults(m.ctx, c.ID, ""))
	require.ElementsMatch(t, []string{"application/json", "b/b"}, types(""))
	require.NoError(t, m.SetFaults(m.ctx, c.ID, "content-type d/d"))
	require.NoError(t, m.ResetCommunity(m.ctx, c.ID))
	script, err := m.Faults(m.ctx, c.ID)
	require.NoError(t, err)
	require.Equal(t, "content-type a/a", script, "as it was made")
}

func TestFaultsThatCannotBeAreRefused(t *testing.T) {
	t.Parallel()
	m := newMock(t, mockserver.WithTransport(http.DefaultTransport))
	for _, refused := range []struct{ platform, script, why string }{
		{"tribe", "10% tampre", "character 5"},
		{"ambassify", "tamper", "neither signs its deliveries nor sends a key"},
		{"tryno", "drop, stale", "character 7: stale can do nothing here: the deliveries of tryno"},
		{"tribe", "truncate", "not over a wire of ours"},
	} {
		_, err := m.CreateCommunity(m.ctx, client.NewCommunity{Platform: refused.platform, Faults: refused.script})
		e := refusal(t, err, "bad_faults")
		require.Contains(t, e.Message, refused.why)
		c := m.community(client.NewCommunity{Platform: refused.platform})
		requireCode(t, m.SetFaults(m.ctx, c.ID, refused.script), "bad_faults")
		_, err = m.CreateWebhook(m.ctx, c.ID, client.NewWebhook{URL: "http://localhost/", Events: []string{"*"}, DeliverySettings: client.DeliverySettings{Faults: &refused.script}})
		requireCode(t, err, "bad_faults")
		events, err := m.Events(c)
		require.NoError(t, err)
		_, err = m.Emit(m.ctx, c.ID, client.Emission{Type: events[0], Faults: refused.script})
		requireCode(t, err, "bad_faults")
	}
}

// Events returns the names of the events of a community's platform.
func (m *mock) Events(c *client.Community) ([]string, error) {
	p, err := contract.Load(c.Platform + "@" + c.Revision)
	if err != nil {
		return nil, err
	}
	return p.EventNames(), nil
}

// 410 means gone and Retry-After counts, but only where it was asked for.
func TestRetryAfterAndGone(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	answer := func(n int, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", strconv.Itoa(3600*(2-n%2))) // 1 h, 2 h, …
		w.WriteHeader(http.StatusTooManyRequests)
	}
	r := newReceiver(t, answer)
	c := m.community(client.NewCommunity{Schedule: []string{"90m", "90m"}, RetryAfter: true})
	m.webhook(c.ID, r.URL)
	event := m.emit(c.ID, "member.created")
	m.settle(c.ID)
	attempts := m.delivery(c.ID, event).Attempts
	require.Equal(t, start.Add(90*time.Minute), attempts[1].Due, "an hour would be shorter")
	require.Equal(t, start.Add(90*time.Minute+2*time.Hour), attempts[2].Due)

	gone := newReceiver(t, always(410))
	for _, asked := range []bool{false, true} {
		c := m.community(client.NewCommunity{Schedule: []string{"1m", "1m"}, Gone: asked})
		w := m.webhook(c.ID, gone.URL)
		first, second := m.emit(c.ID, "member.created"), m.emit(c.ID, "member.created")
		moved := m.settle(c.ID)
		shown, err := m.Webhook(m.ctx, c.ID, w.ID)
		require.NoError(t, err)
		if !asked {
			require.Equal(t, 6, moved.Attempts)
			require.True(t, shown.IsActive)
			continue
		}
		require.Equal(t, 2, moved.Attempts, "both were due, and nothing follows")
		require.False(t, shown.IsActive)
		require.True(t, shown.Disabled)
		require.Equal(t, client.Canceled, m.delivery(c.ID, first).State)
		require.Equal(t, client.Canceled, m.delivery(c.ID, second).State)
		require.Equal(t, "gone", m.delivery(c.ID, first).Attempts[0].Outcome)
	}
}

// During a rotation both secrets sign, as it was asked; afterwards only the new one.
func TestRotation(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	r := newReceiver(t, always(200))
	scheme := signing.HMAC{Header: "X-Tribe-Signature", TimestampHeader: "X-Tribe-Request-Timestamp"}
	signedBy := func(one received) string {
		for _, secret := range []string{"old", "new", "newest"} {
			if scheme.Verify(one.header, secret, one.body, time.Now()) == nil {
				return secret
			}
		}
		return "nobody"
	}
	c := m.community(client.NewCommunity{Secret: client.Of("old")})
	w := m.webhook(c.ID, r.URL)
	send := func(n int) map[string]int {
		before := len(r.got())
		_, err := m.Emit(m.ctx, c.ID, client.Emission{Type: "member.created", Count: n, Wait: true})
		require.NoError(t, err)
		by := map[string]int{}
		for _, one := range r.got()[before:] {
			by[signedBy(one)]++
		}
		return by
	}
	require.Equal(t, map[string]int{"old": 10}, send(10))
	rotate := func(n client.NewRotation) {
		_, err := m.RotateSecret(m.ctx, c.ID, w.ID, n)
		require.NoError(t, err)
	}
	rotate(client.NewRotation{Secret: client.Of("new"), Overlap: "1h"})
	require.Equal(t, map[string]int{"old": 5, "new": 5}, send(10), "in turn")
	_, err := m.Advance(m.ctx, c.ID, time.Hour)
	require.NoError(t, err)
	require.Equal(t, map[string]int{"new": 10}, send(10), "the overlap is over")
	rotate(client.NewRotation{Secret: client.Of("newest"), Overlap: "1h", SignWith: "old"})
	require.Equal(t, map[string]int{"new": 10}, send(10))
	rotate(client.NewRotation{Secret: client.Of("old"), Overlap: "1h", SignWith: "new"})
	require.Equal(t, map[string]int{"old": 10}, send(10))
	rotate(client.NewRotation{})
	require.Equal(t, map[string]int{"nobody": 10}, send(10), "one that was made")
	for _, bad := range []client.NewRotation{{Overlap: "-1s"}, {Overlap: "soon"}, {SignWith: "neither"}} {
		_, err := m.RotateSecret(m.ctx, c.ID, w.ID, bad)
		requireCode(t, err, "invalid_value")
	}
}

func TestWebhookHasAScheduleOfItsOwn(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	r := newReceiver(t, always(500))
	c := m.community(client.NewCommunity{Schedule: []string{"1h"}})
	m.webhook(c.ID, r.URL)
	own, err := m.CreateWebhook(m.ctx, c.ID, client.NewWebhook{
		URL: r.URL, Events: []string{"*"}, DeliverySettings: client.DeliverySettings{Schedule: client.Of([]string{"1s", "1s", "1s"})},
	})
	require.NoError(t, err)
	m.emit(c.ID, "member.created")
	require.Equal(t, 2+4, m.settle(c.ID).Attempts)
	page, err := m.Deliveries(m.ctx, c.ID, client.DeliveryFilter{Webhook: own.ID})
	require.NoError(t, err)
	require.Equal(t, start.Add(3*time.Second), page.Deliveries[0].Due)
}

func TestWebhookLimit(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	c := m.community(client.NewCommunity{MaxWebhooks: 2})
	m.webhook(c.ID, "http://localhost/1")
	second := m.webhook(c.ID, "http://localhost/2")
	_, err := m.CreateWebhook(m.ctx, c.ID, client.NewWebhook{URL: "http://localhost/3", Events: []string{"*"}})
	requireCode(t, err, "webhook_limit")
	require.NoError(t, m.DeleteWebhook(m.ctx, c.ID, second.ID))
	m.webhook(c.ID, "http://localhost/3")
}

func TestSecretsAreShownOnlyWhereAskedFor(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	r := newReceiver(t, always(200))
	for _, reveals := range []bool{false, true} {
		c := m.community(client.NewCommunity{Platform: "mighty", Secret: client.Of("the-key"), RevealSecrets: reveals})
		m.webhook(c.ID, r.URL)
		event := m.emit(c.ID, "EventCreated")
		m.settle(c.ID)
		detail, err := json.Marshal(m.delivery(c.ID, event))
		require.NoError(t, err)
		require.Equal(t, reveals, json.Valid(detail) && containsKey(detail), "%s", detail)
	}
}

func containsKey(detail []byte) bool {
	var d client.DeliveryDetail
	return json.Unmarshal(detail, &d) == nil && d.Attempts[0].Request.Headers.Get("Authorization") == "Bearer the-key"
}

// Two communities at two times, and a thousand at once: nothing of one is seen in another.
func TestThousandCommunitiesDoNotMix(t *testing.T) {
	t.Parallel()
	const events = 3
	communities := size(1000, 50)
	m := newMock(t)
	var mu sync.Mutex
	came := map[string]map[string]int{} // by path: bodies
	r := newReceiver(t, func(_ int, w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if came[r.URL.Path] == nil {
			came[r.URL.Path] = map[string]int{}
		}
		came[r.URL.Path][string(bodyOf(r))]++
		if came[r.URL.Path][string(bodyOf(r))] == 1 {
			w.WriteHeader(http.StatusInternalServerError)
		}
	})
	var all sync.WaitGroup
	turns := make(chan struct{}, 50)
	for i := range communities {
		all.Go(func() {
			turns <- struct{}{}
			defer func() { <-turns }()
			id := fmt.Sprintf("c%d", i)
			at := start.Add(time.Duration(i) * time.Hour)
			_, err := m.CreateCommunity(m.ctx, client.NewCommunity{
				Platform: "tribe", ID: id, Seed: client.Of(uint64(i)), Clock: client.VirtualFrom(at), Schedule: []string{"1m"},
			})
			if err == nil {
				_, err = m.CreateWebhook(m.ctx, id, client.NewWebhook{URL: r.URL + "/" + id, Events: []string{"*"}})
			}
			if err == nil {
				_, err = m.Emit(m.ctx, id, client.Emission{Type: "member.created", Count: events})
			}
			var moved *client.Moved
			if err == nil {
				moved, err = m.Settle(m.ctx, id, 0)
			}
			if err != nil || moved.Attempts != 2*events || !moved.Now.Equal(at.Add(time.Minute)) {
				t.Errorf("%s: %+v %v", id, moved, err)
			}
		})
	}
	all.Wait()
	require.Len(t, came, communities)
	bodies := map[string]bool{}
	for path, got := range came {
		require.Len(t, got, events, path)
		for body, times := range got {
			require.Equal(t, 2, times, "a failure and its retry")
			require.False(t, bodies[body], "seen in two communities")
			bodies[body] = true
		}
		page, err := m.Deliveries(m.ctx, path[1:], client.DeliveryFilter{State: client.Acknowledged})
		require.NoError(t, err)
		require.Equal(t, events, page.Total)
	}
}

// Faults of the wire arrive on the wire, and the journal has the bytes.
func TestFaultsOfTheWire(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	statuses := make(chan int, 1)
	r := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.ReadAll(r.Body); err != nil {
			w.WriteHeader(http.StatusBadRequest)
			statuses <- 400
			return
		}
		statuses <- 200
	}))
	t.Cleanup(r.Close)
	c := m.community(client.NewCommunity{Schedule: []string{}})
	m.webhook(c.ID, r.URL)
	for script, want := range map[string]int{
		"none": 200, "chunked": 200, "slow-body 5ms": 200, "slow-headers 5ms": 200, "duplicate-headers": 200, "connections 20": 200,
		"truncate": 400, "unfinished-chunking": 400, "broken-chunking": 400, "understate-length": 200, "gzip": 200, "oversize 100kB": 200,
	} {
		events, err := m.Emit(m.ctx, c.ID, client.Emission{Type: "member.created", Faults: script, Wait: true})
		require.NoError(t, err)
		require.Equal(t, want, <-statuses, script)
		d := m.delivery(c.ID, events[0])
		require.Len(t, d.Attempts, 1)
		if want == 200 {
			require.Equal(t, client.Acknowledged, d.State, "%s: %+v", script, d.Attempts[0])
		}
	}
}

// On a virtual clock, too, a receiver that never answers, however much it is sent, holds up no other: it is let go only
// when the other one has got everything.
func TestHungReceiverStallsNobody(t *testing.T) {
	t.Parallel()
	const events = 200
	m := newMock(t)
	release := make(chan struct{})
	hung := newReceiver(t, func(_ int, _ http.ResponseWriter, r *http.Request) {
		select {
		case <-release:
		case <-r.Context().Done():
		}
	})
	c := m.community(client.NewCommunity{Schedule: []string{"1m"}, TimeoutMS: 60_000})
	m.webhook(c.ID, hung.URL)
	quick := newReceiver(t, func(n int, _ http.ResponseWriter, _ *http.Request) {
		if n == events {
			close(release)
		}
	})
	m.webhook(c.ID, quick.URL)
	_, err := m.Emit(m.ctx, c.ID, client.Emission{Type: "member.created", Count: events})
	require.NoError(t, err)
	require.Equal(t, 2*events, m.settle(c.ID).Attempts)
	require.Len(t, quick.got(), events)
}

// Keys are blotted out wherever a request or its answer has them, also where a request breaks off in the middle of one.
func TestKeysAreBlottedOut(t *testing.T) {
	t.Parallel()
	const key = "SECRETKEY-0123456789-abcdefghijklmnopqrstuvwxyz"
	m := newMock(t)
	echo := newReceiver(t, func(_ int, w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Echo", r.Header.Get("Authorization"))
		_, _ = w.Write([]byte("you sent " + r.Header.Get("Authorization")))
	})
	c := m.community(client.NewCommunity{Platform: "mighty", Secret: client.Of(strings.Repeat(key, 5)), Schedule: []string{}, TimeoutMS: 1500})
	m.webhook(c.ID, echo.URL)
	for _, faults := range []string{"none", "slow-headers 4s", "duplicate-headers", "truncate"} {
		_, err := m.Emit(m.ctx, c.ID, client.Emission{Type: "EventCreated", Faults: faults, Wait: true})
		require.NoError(t, err)
	}
	attempts, err := m.Attempts(m.ctx, c.ID, client.AttemptFilter{})
	require.NoError(t, err)
	require.Len(t, attempts.Attempts, 4)
	for _, a := range attempts.Attempts {
		all, err := json.Marshal(a)
		require.NoError(t, err)
		for _, text := range []string{string(all), string(a.Request.Wire)} {
			require.NotContains(t, text, "SECRETKEY", "%v", a.Faults)
		}
		if len(a.Faults) > 0 {
			require.NotEmpty(t, a.Request.Wire)
		}
	}
}

// A date in Retry-After is meant by the receiver's own clock, and what cannot be counted is as long as can be.
func TestRetryAfterAsADate(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	for value, want := range map[string]time.Duration{
		"Fri, 01 Jan 2021 00:10:00 GMT": 10 * time.Minute,
		"Fri, 01 Jan 2021 00:00:01 GMT": time.Minute, // shorter
		"soon":                          time.Minute,
		"-5":                            time.Minute,
		"99999999999999999999999":       365 * 24 * time.Hour,
	} {
		r := newReceiver(t, func(_ int, w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Date", "Fri, 01 Jan 2021 00:00:00 GMT")
			w.Header().Set("Retry-After", value)
			w.WriteHeader(http.StatusServiceUnavailable)
		})
		c := m.community(client.NewCommunity{Schedule: []string{"1m"}, RetryAfter: true, Faults: "stale 2h"})
		m.webhook(c.ID, r.URL)
		event := m.emit(c.ID, "member.created")
		m.settle(c.ID)
		require.Equal(t, start.Add(want), m.delivery(c.ID, event).Attempts[1].Due, value)
	}
}

// Stories and actions go on where a fault puts deliveries off, and are refused on a clock that is paused.
func TestStoriesUnderFaultsAndPauses(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	r := newReceiver(t, always(200))
	for _, faults := range []string{"delay 5m", "50% delay 5m", "reorder 3"} {
		c := m.community(client.NewCommunity{Faults: faults})
		m.webhook(c.ID, r.URL)
		told, err := m.Tell(m.ctx, c.ID, client.Telling{Story: "newcomer"})
		require.NoError(t, err, faults)
		_, err = m.Act(m.ctx, c.ID, client.Deed{Action: "update_profile", Wait: true})
		require.NoError(t, err, faults)
		m.settle(c.ID)
		page, err := m.Deliveries(m.ctx, c.ID, client.DeliveryFilter{State: client.Acknowledged})
		require.NoError(t, err)
		events := 1
		for _, step := range told.Steps {
			events += len(step.Events)
		}
		require.Equal(t, events, page.Total, faults)
	}
	c, err := m.CreateCommunity(m.ctx, client.NewCommunity{Platform: "tribe"})
	require.NoError(t, err)
	_, err = m.Pause(m.ctx, c.ID)
	require.NoError(t, err)
	_, err = m.Tell(m.ctx, c.ID, client.Telling{Story: "newcomer", AtOnce: true})
	requireCode(t, err, "clock_paused")
	_, err = m.Act(m.ctx, c.ID, client.Deed{Action: "join", Wait: true})
	requireCode(t, err, "clock_paused")
}

// A hold counts what waits in it: deliveries that were canceled do not fill it, and one that is sent again by hand has
// no turn to wait for.
func TestHoldsForgetWhatWasCanceled(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	r := newReceiver(t, always(200))
	c := m.community(client.NewCommunity{Faults: "reorder 3 within 1h"})
	w := m.webhook(c.ID, r.URL)
	first := m.emit(c.ID, "member.created")
	m.emit(c.ID, "member.created")
	for _, active := range []bool{false, true} {
		_, err := m.UpdateWebhook(m.ctx, c.ID, w.ID, client.WebhookChange{IsActive: &active})
		require.NoError(t, err)
	}
	m.emit(c.ID, "member.created")
	moved, err := m.Advance(m.ctx, c.ID, time.Minute)
	require.NoError(t, err)
	require.Zero(t, moved.Attempts, "it waits for two more")
	again, err := m.Redeliver(m.ctx, c.ID, first.Deliveries[0], true)
	require.NoError(t, err)
	require.Equal(t, client.Acknowledged, again.State)
	require.Empty(t, m.delivery(c.ID, first).Attempts[0].Faults[1:])
	m.settle(c.ID)
	require.Len(t, r.got(), 2)
}

// Waiting for many events at once does not send more than the webhook takes before it is off.
func TestWaitStopsWhereTheWebhookIsOff(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	r := newReceiver(t, always(500))
	c := m.community(client.NewCommunity{Platform: "mighty", DisableAfter: client.Of(2)})
	w := m.webhook(c.ID, r.URL)
	_, err := m.Emit(m.ctx, c.ID, client.Emission{Type: "EventCreated", Count: 20, Wait: true})
	require.NoError(t, err)
	require.Len(t, r.got(), 2)
	shown, err := m.Webhook(m.ctx, c.ID, w.ID)
	require.NoError(t, err)
	require.True(t, shown.Disabled)

	// Where there are no retries, Tryno's reading would never come to an end: attempts count.
	c = m.community(client.NewCommunity{Platform: "tryno", DisableAfter: client.Of(1), Schedule: []string{}})
	w = m.webhook(c.ID, r.URL)
	m.emit(c.ID, "member.joined")
	m.settle(c.ID)
	shown, err = m.Webhook(m.ctx, c.ID, w.ID)
	require.NoError(t, err)
	require.True(t, shown.Disabled)
}

// Copies that were to come after a request that timed out are not sent: an attempt takes no longer than it may.
func TestCopiesEndWithATimeout(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	r := newReceiver(t, func(_ int, _ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	c := m.community(client.NewCommunity{Schedule: []string{}, TimeoutMS: 50, Faults: "duplicate x100"})
	m.webhook(c.ID, r.URL)
	event := m.emit(c.ID, "member.created")
	m.settle(c.ID)
	require.Len(t, m.delivery(c.ID, event).Attempts, 1)
}

// What puts a delivery off stands with its first attempt.
func TestPutOffIsRecorded(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	r := newReceiver(t, always(500))
	c := m.community(client.NewCommunity{Schedule: []string{"1s"}, Faults: "delay 5m, bom"})
	m.webhook(c.ID, r.URL)
	event := m.emit(c.ID, "member.created")
	m.settle(c.ID)
	attempts := m.delivery(c.ID, event).Attempts
	require.Equal(t, [][]string{{"delay 5m", "bom"}, {"bom"}}, [][]string{attempts[0].Faults, attempts[1].Faults})
}
