package mockserver_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/mockserver"
	"github.com/quintain-dev/quintain/mockserver/client"
)

// mock is a server on a socket of its own, and a client of it.
type mock struct {
	*client.Client
	t      testing.TB
	server *mockserver.Server
	url    string
	ctx    context.Context
}

func newMock(t testing.TB, opts ...mockserver.Option) *mock {
	t.Helper()
	server, err := mockserver.New(opts...)
	require.NoError(t, err)
	listener := httptest.NewServer(server)
	t.Cleanup(func() {
		require.NoError(t, server.Close())
		listener.Close()
	})
	return &mock{client.New(listener.URL, listener.Client()), t, server, listener.URL, t.Context()}
}

// start is when virtual clocks begin.
var start = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

// community makes a community with a virtual clock.
func (m *mock) community(n client.NewCommunity) *client.Community {
	m.t.Helper()
	if n.Platform == "" {
		n.Platform = "tribe"
	}
	if n.Clock == nil {
		n.Clock = client.VirtualFrom(start)
	}
	if n.Seed == nil {
		n.Seed = client.Of(uint64(42))
	}
	c, err := m.CreateCommunity(m.ctx, n)
	require.NoError(m.t, err)
	return c
}

// webhook registers a webhook for every event.
func (m *mock) webhook(community, url string) *client.Webhook {
	m.t.Helper()
	w, err := m.CreateWebhook(m.ctx, community, client.NewWebhook{URL: url, Events: []string{"*"}})
	require.NoError(m.t, err)
	return w
}

// emit lets one event happen.
func (m *mock) emit(community, event string) client.Event {
	m.t.Helper()
	events, err := m.Emit(m.ctx, community, client.Emission{Type: event})
	require.NoError(m.t, err)
	require.Len(m.t, events, 1)
	return events[0]
}

// settle moves the clock to the end.
func (m *mock) settle(community string) *client.Moved {
	m.t.Helper()
	moved, err := m.Settle(m.ctx, community, 0)
	require.NoError(m.t, err)
	return moved
}

// delivery returns the only delivery of an event.
func (m *mock) delivery(community string, e client.Event) *client.DeliveryDetail {
	m.t.Helper()
	require.Len(m.t, e.Deliveries, 1)
	d, err := m.Delivery(m.ctx, community, e.Deliveries[0])
	require.NoError(m.t, err)
	return d
}

// refusal requires an error of the server with a code, and returns it.
func refusal(t testing.TB, err error, code string) *client.Error {
	t.Helper()
	var e *client.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, code, e.Code, e.Error())
	require.NotEmpty(t, e.Message)
	return e
}

// requireCode requires an error of the server with a code.
func requireCode(t testing.TB, err error, code string) {
	t.Helper()
	_ = refusal(t, err, code)
}

// closeServer closes a server without a listener at the end of a test.
func closeServer(t testing.TB, server *mockserver.Server) {
	t.Helper()
	t.Cleanup(func() { require.NoError(t, server.Close()) })
}

// receiver records what it gets and answers by a function of the request's number, from 1.
type receiver struct {
	*httptest.Server
	mu       sync.Mutex
	requests []received
}

type received struct {
	header http.Header
	body   []byte
}

func newReceiver(t testing.TB, answer func(n int, w http.ResponseWriter, r *http.Request)) *receiver {
	t.Helper()
	out := &receiver{}
	out.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		out.mu.Lock()
		out.requests = append(out.requests, received{r.Header.Clone(), body})
		n := len(out.requests)
		out.mu.Unlock()
		answer(n, w, r.WithContext(context.WithValue(r.Context(), bodyKey{}, body)))
	}))
	t.Cleanup(out.Close)
	return out
}

// got returns what was received.
func (r *receiver) got() []received {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]received(nil), r.requests...)
}

func always(status int) func(int, http.ResponseWriter, *http.Request) {
	return func(_ int, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }
}

type bodyKey struct{}

// bodyOf returns the body of a request that a receiver has read.
func bodyOf(r *http.Request) []byte { return r.Context().Value(bodyKey{}).([]byte) }

// size is the size of a table: all of it, or with -short, as make test runs the tests, a part that takes seconds.
func size(all, short int) int {
	if testing.Short() {
		return short
	}
	return all
}
