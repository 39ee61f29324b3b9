package mockserver_test

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver"
	"github.com/quintain-dev/quintain/mockserver/client"
)

// observations collects what an observer learns.
type observations struct {
	mu       sync.Mutex
	attempts []mockserver.ObservedAttempt
	requests []mockserver.ObservedRequest
	also     func(mockserver.ObservedAttempt)
}

func (o *observations) observer() mockserver.Observer {
	return mockserver.Observer{
		Attempt: func(a mockserver.ObservedAttempt) {
			if o.also != nil {
				o.also(a)
			}
			o.mu.Lock()
			defer o.mu.Unlock()
			o.attempts = append(o.attempts, a)
		},
		Request: func(r mockserver.ObservedRequest) {
			o.mu.Lock()
			defer o.mu.Unlock()
			o.requests = append(o.requests, r)
		},
	}
}

// An observer learns of each attempt what it came to and how the delivery goes on, once the journal has it.
func TestObserverAttempts(t *testing.T) {
	t.Parallel()
	seen := &observations{}
	m := newMock(t, mockserver.WithObserver(seen.observer()))
	r := newReceiver(t, func(n int, w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader([]int{401, 200, 500, 503, 200}[n-1])
		_, _ = w.Write([]byte("answer\nmore"))
	})
	c := m.community(client.NewCommunity{Platform: "tribe", Schedule: []string{"5s"}})
	w := m.webhook(c.ID, r.URL+"/hooks")
	seen.also = func(a mockserver.ObservedAttempt) {
		if a.DeliveryID == "" {
			return
		}
		d, err := m.Delivery(m.ctx, c.ID, a.DeliveryID)
		if err != nil || d.AttemptCount != a.Number || d.State != string(a.State) {
			t.Errorf("attempt %d is told before the journal has it: %+v, %v", a.Number, d, err)
		}
	}
	first := m.emit(c.ID, "member.created").Deliveries[0]
	m.settle(c.ID)
	m.emit(c.ID, "member.updated")
	m.settle(c.ID)
	_, err := m.TestWebhook(m.ctx, c.ID, w.ID)
	require.NoError(t, err)

	require.Len(t, seen.attempts, 5)
	a := seen.attempts[0]
	require.Equal(t, []any{c.ID, "member.created", first, 1, r.URL + "/hooks", 401, "answer\nmore", ""},
		[]any{a.Community, a.Event, a.DeliveryID, a.Number, a.URL, a.Status, string(a.Answer), a.Reason})
	require.Equal(t, start.Add(5*time.Second), a.Due)
	require.Equal(t, 5*time.Second, a.In)
	require.Zero(t, seen.attempts[1].Due)
	var states []contract.State
	for _, one := range seen.attempts {
		states = append(states, one.State)
	}
	require.Equal(t, []contract.State{contract.Waiting, contract.Acknowledged, contract.Waiting, contract.Exhausted, ""}, states)
	require.Equal(t, "TEST", seen.attempts[4].Event)
}

// What an observer learns tells apart: no answer, an answer that only this platform refuses, copies, and a webhook that
// was disabled.
func TestObserverFailures(t *testing.T) {
	t.Parallel()
	seen := &observations{}
	m := newMock(t, mockserver.WithObserver(seen.observer()))
	r := newReceiver(t, func(_ int, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) })
	closed := httptest.NewServer(nil)
	closed.Close()
	c := m.community(client.NewCommunity{Platform: "mighty", Faults: "duplicate", DisableAfter: client.Of(1)})
	m.webhook(c.ID, r.URL)
	m.webhook(c.ID, closed.URL)
	m.emit(c.ID, "EventCreated")
	m.settle(c.ID)

	byURL := map[string][]mockserver.ObservedAttempt{}
	for _, a := range seen.attempts {
		byURL[a.URL] = append(byURL[a.URL], a)
	}
	answered := byURL[r.URL]
	require.Len(t, answered, 2)
	require.Equal(t, "the status is 204, want 200 exactly", answered[0].Reason)
	require.Equal(t, contract.Canceled, answered[0].State)
	require.Equal(t, 1, answered[1].Copy)
	require.Empty(t, answered[1].State)
	refused := byURL[closed.URL][0]
	require.Zero(t, refused.Status)
	require.Equal(t, contract.Refused, refused.Failure)
	require.Contains(t, refused.Reason, "refused")
}

// Requests to an inbox are told with what they were judged to be, and how they were answered.
func TestObserverRequests(t *testing.T) {
	t.Parallel()
	seen := &observations{}
	m := newMock(t, mockserver.WithObserver(seen.observer()))
	c := m.community(client.NewCommunity{Platform: "tribe", Schedule: []string{"5s"}})
	box, err := m.PutInbox(m.ctx, c.ID, "shop", "503, 200")
	require.NoError(t, err)
	m.webhook(c.ID, box.URL)
	m.emit(c.ID, "member.created")
	m.settle(c.ID)

	require.Len(t, seen.requests, 2)
	require.Equal(t, mockserver.ObservedRequest{
		Community: c.ID, Inbox: "shop", Event: "member.created", Attempt: 2, Method: "POST", Bytes: seen.requests[0].Bytes,
		Valid: true, Signature: "valid", Answered: "200",
	}, seen.requests[1])
	require.Equal(t, "503", seen.requests[0].Answered)
}
