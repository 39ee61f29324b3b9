package mockserver_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/mockserver"
	"github.com/quintain-dev/quintain/mockserver/client"
)

// A receiver that calls the server from inside its handler is answered: no lock is held while an attempt is under way.
func TestReceiverCallsTheServer(t *testing.T) {
	t.Parallel()
	for name, call := range map[string]func(m *mock, c *client.Community, w string) error{
		"list deliveries": func(m *mock, c *client.Community, _ string) error {
			_, err := m.Deliveries(m.ctx, c.ID, client.DeliveryFilter{})
			return err
		},
		"show clock":           func(m *mock, c *client.Community, _ string) error { _, err := m.Clock(m.ctx, c.ID); return err },
		"switch off":           deactivate,
		"delete webhook":       func(m *mock, c *client.Community, w string) error { return m.DeleteWebhook(m.ctx, c.ID, w) },
		"delete at Tryno's":    func(m *mock, c *client.Community, w string) error { return m.Tryno(c.ID, c.Token).Delete(m.ctx, w) },
		"delete the community": func(m *mock, c *client.Community, _ string) error { return m.DeleteCommunity(m.ctx, c.ID) },
		"reset":                func(m *mock, c *client.Community, _ string) error { return m.ResetCommunity(m.ctx, c.ID) },
		"reset all":            func(m *mock, _ *client.Community, _ string) error { return m.Reset(m.ctx) },
		"emit": func(m *mock, c *client.Community, _ string) error {
			_, err := m.Emit(m.ctx, c.ID, client.Emission{Type: "post.created"})
			return err
		},
		"test another webhook": func(m *mock, c *client.Community, _ string) error {
			other, err := m.CreateWebhook(m.ctx, c.ID, client.NewWebhook{URL: m.url + "/livez", Events: []string{"post.created"}})
			if err != nil {
				return err
			}
			_, err = m.TestWebhook(m.ctx, c.ID, other.ID)
			return err
		},
		"emit and wait": func(m *mock, c *client.Community, _ string) error {
			_, err := m.Emit(m.ctx, c.ID, client.Emission{Type: "post.created", Wait: true})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMock(t)
			var c *client.Community
			var w *client.Webhook
			called := make(chan error, 1)
			r := newReceiver(t, func(n int, _ http.ResponseWriter, _ *http.Request) {
				if n == 1 {
					called <- call(m, c, w.ID)
				}
			})
			c = m.community(client.NewCommunity{Platform: "tryno"})
			w, err := m.CreateWebhook(m.ctx, c.ID, client.NewWebhook{URL: r.URL, Events: []string{"member.joined"}})
			require.NoError(t, err)
			m.emit(c.ID, "member.joined")
			_, err = m.Settle(m.ctx, c.ID, 0)
			require.NoError(t, <-called)
			if strings.HasPrefix(name, "reset") || name == "delete the community" {
				requireCode(t, err, "community_reset")
			} else {
				require.NoError(t, err)
			}
		})
	}
}

// A receiver that moves the clock waits for itself. It is told so in time to answer the attempt.
func TestReceiverMovesTheClock(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	var c *client.Community
	called := make(chan error, 100) // also if the answer comes too late and is asked for again
	r := newReceiver(t, func(int, http.ResponseWriter, *http.Request) {
		_, err := m.Settle(m.ctx, c.ID, 0)
		called <- err
	})
	c = m.community(client.NewCommunity{TimeoutMS: 8000}) // half of which is waited; the rest is for a busy machine
	m.webhook(c.ID, r.URL)
	event := m.emit(c.ID, "member.created")
	require.Equal(t, 1, m.settle(c.ID).Attempts)
	requireCode(t, <-called, "clock_busy")
	require.Equal(t, client.Acknowledged, m.delivery(c.ID, event).State)

	// The same inside an emission that waits: the clock waits for the attempt, and the attempt for the clock.
	events, err := m.Emit(m.ctx, c.ID, client.Emission{Type: "member.created", Wait: true})
	require.NoError(t, err)
	requireCode(t, <-called, "clock_busy")
	require.Equal(t, client.Acknowledged, m.delivery(c.ID, events[0]).State)
}

// held is a receiver that answers when it is told to, and tells when it was asked.
func held(t *testing.T) (r *receiver, asked chan struct{}, release func()) {
	asked, hold := make(chan struct{}, 100), make(chan struct{})
	r = newReceiver(t, func(_ int, _ http.ResponseWriter, r *http.Request) {
		asked <- struct{}{}
		select {
		case <-hold:
		case <-r.Context().Done():
		}
	})
	release = sync.OnceFunc(func() { close(hold) })
	t.Cleanup(release)
	return r, asked, release
}

func TestWhatEndsWhileAnAttemptIsUnderWay(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(m *mock, c *client.Community) error{
		"reset":     func(m *mock, c *client.Community) error { return m.ResetCommunity(m.ctx, c.ID) },
		"reset all": func(m *mock, _ *client.Community) error { return m.Reset(m.ctx) },
		"delete":    func(m *mock, c *client.Community) error { return m.DeleteCommunity(m.ctx, c.ID) },
		"close":     func(m *mock, _ *client.Community) error { return m.server.Close() },
	} {
		for _, clock := range []string{client.ClockVirtual, client.ClockReal} {
			t.Run(name+" "+clock, func(t *testing.T) {
				t.Parallel()
				m := newMock(t)
				r, asked, _ := held(t)
				c := m.community(client.NewCommunity{Clock: &client.NewClock{Mode: clock}})
				w := m.webhook(c.ID, r.URL)
				results := make(chan error, 3)
				var calls sync.WaitGroup
				if clock == client.ClockVirtual {
					m.emit(c.ID, "member.created")
					calls.Go(func() { _, err := m.Settle(m.ctx, c.ID, 0); results <- err })
				} else {
					calls.Go(func() {
						_, err := m.Emit(m.ctx, c.ID, client.Emission{Type: "member.created", Wait: true})
						results <- err
					})
				}
				calls.Go(func() { _, err := m.TestWebhook(m.ctx, c.ID, w.ID); results <- err })
				<-asked
				<-asked
				require.NoError(t, end(m, c))
				calls.Wait()
				close(results)
				for err := range results {
					requireCode(t, err, "community_reset")
				}
				if strings.HasPrefix(name, "reset") {
					all, err := m.Deliveries(m.ctx, c.ID, client.DeliveryFilter{})
					require.NoError(t, err)
					require.Zero(t, all.Total)
					m.webhook(c.ID, "http://localhost/")
				} else {
					_, err := m.Community(m.ctx, c.ID)
					requireCode(t, err, "unknown_community")
				}
			})
		}
	}
}

func TestCloseIsFinalAndRepeatable(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	m.community(client.NewCommunity{})
	require.NoError(t, m.server.Close())
	require.NoError(t, m.server.Close())
	_, err := m.CreateCommunity(m.ctx, client.NewCommunity{Platform: "tribe"})
	requireCode(t, err, "community_reset")
	all, err := m.Communities(m.ctx)
	require.NoError(t, err)
	require.Empty(t, all)
	require.NoError(t, m.Reset(m.ctx))
}

// An emission whose caller went away goes on.
func TestCallerGoesAway(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	r, asked, release := held(t)
	c := m.community(client.NewCommunity{})
	m.webhook(c.ID, r.URL)
	m.emit(c.ID, "member.created")
	ctx, cancel := context.WithCancel(m.ctx)
	var call sync.WaitGroup
	call.Go(func() {
		_, err := m.Settle(ctx, c.ID, 0)
		if err == nil {
			t.Error("a canceled call returned")
		}
	})
	<-asked
	cancel()
	call.Wait()
	release()
	// The batch that was under way is finished by the server; what follows is up to the next call.
	require.Eventually(t, func() bool {
		all, err := m.Deliveries(m.ctx, c.ID, client.DeliveryFilter{State: client.Acknowledged})
		return err == nil && all.Total == 1
	}, 10*time.Second, time.Millisecond)
}

// Receivers that break off, lie or never end. Every one is a failure of the attempt with its reason, and the next
// webhook is served all the same.
func TestReceiversThatMisbehave(t *testing.T) {
	t.Parallel()
	raw := func(answer string, reset bool) func(int, http.ResponseWriter, *http.Request) {
		return func(_ int, w http.ResponseWriter, _ *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				panic(err)
			}
			_, _ = io.WriteString(conn, answer)
			if reset {
				_ = conn.(*net.TCPConn).SetLinger(0)
			}
			_ = conn.Close()
		}
	}
	flood := func(_ int, w http.ResponseWriter, r *http.Request) {
		chunk := []byte(strings.Repeat("x", 32<<10))
		for r.Context().Err() == nil {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	}
	drip := func(_ int, w http.ResponseWriter, r *http.Request) {
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				_, _ = w.Write([]byte("."))
				_ = http.NewResponseController(w).Flush()
			case <-r.Context().Done():
				return
			}
		}
	}
	for name, test := range map[string]struct {
		answer  func(int, http.ResponseWriter, *http.Request)
		failure string
	}{
		"closes without an answer": {raw("", false), "reset"},
		"resets":                   {raw("", true), "reset"},
		"not HTTP":                 {raw("hello\r\n\r\n", false), "malformed"},
		"bad header":               {raw("HTTP/1.1 200 OK\r\nbad header line\r\n\r\n", false), "malformed"},
		"bad chunks":               {raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", false), "malformed"},
		"cut header":               {raw("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n", false), "reset"},
		"cut body":                 {raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", false), "reset"},
		"drips":                    {drip, "timeout"},
		"hangs":                    {func(_ int, _ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "timeout"},
		"floods":                   {flood, ""},
		"panics":                   {func(int, http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "reset"},
		"redirects": {func(_ int, w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMock(t)
			r, good := newReceiver(t, test.answer), newReceiver(t, always(200))
			limit := 60_000 // no answer that comes is too late, on however busy a machine
			if test.failure == "timeout" {
				limit = 300
			}
			c := m.community(client.NewCommunity{Platform: "mighty", Schedule: []string{"1s"}, TimeoutMS: limit})
			m.webhook(c.ID, r.URL)
			m.webhook(c.ID, good.URL)
			event := m.emit(c.ID, "EventCreated")
			require.Equal(t, 2, m.advance(c.ID, 0).Attempts)
			d, err := m.Delivery(m.ctx, c.ID, event.Deliveries[0])
			require.NoError(t, err)
			a := d.Attempts[0]
			require.Equal(t, test.failure, a.Failure, a.Error)
			require.Len(t, r.got(), 1, "nothing tries again behind the schedule's back")
			require.Len(t, good.got(), 1)
			if test.failure != "" {
				require.Nil(t, a.Response)
				require.NotEmpty(t, a.Error)
				require.Equal(t, client.Waiting, d.State)
			} else {
				require.Equal(t, name == "floods", a.Response.Truncated)
				require.LessOrEqual(t, len(a.Response.Text), 64<<10)
			}
			if name == "redirects" {
				require.Equal(t, 307, a.Response.Status)
				require.Equal(t, client.Waiting, d.State)
			}
		})
	}
}

func (m *mock) advance(community string, by time.Duration) *client.Moved {
	m.t.Helper()
	moved, err := m.Advance(m.ctx, community, by)
	require.NoError(m.t, err)
	return moved
}

func TestClosedPort(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	r := newReceiver(t, always(200))
	r.Close()
	c := m.community(client.NewCommunity{Platform: "mighty"})
	m.webhook(c.ID, r.URL)
	event := m.emit(c.ID, "EventCreated")
	m.settle(c.ID)
	d := m.delivery(c.ID, event)
	require.Len(t, d.Attempts, 6)
	for _, a := range d.Attempts {
		require.Equal(t, "refused", a.Failure)
		require.NotContains(t, a.Error, "Post ")
	}
}

// One receiver that never answers does not hold up the others on a clock that runs.
func TestAHungReceiverHoldsUpNobodyElse(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	hung, asked, _ := held(t)
	good := newReceiver(t, always(200))
	c := m.community(client.NewCommunity{Clock: &client.NewClock{Mode: client.ClockReal}})
	m.webhook(c.ID, hung.URL)
	_, err := m.Emit(m.ctx, c.ID, client.Emission{Type: "member.created", Count: 100})
	require.NoError(t, err)
	<-asked
	_, err = m.CreateWebhook(m.ctx, c.ID, client.NewWebhook{URL: good.URL, Events: []string{"member.deleted"}})
	require.NoError(t, err)
	events, err := m.Emit(m.ctx, c.ID, client.Emission{Type: "member.deleted", Wait: false})
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		d, err := m.Delivery(m.ctx, c.ID, events[0].Deliveries[1])
		return err == nil && d.State == client.Acknowledged
	}, 10*time.Second, time.Millisecond)
	clock, err := m.Clock(m.ctx, c.ID)
	require.NoError(t, err)
	require.Equal(t, 101, clock.Pending)
}

// Many callers do everything at once; what is left must add up.
func TestStorm(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	r := newReceiver(t, func(n int, w http.ResponseWriter, _ *http.Request) {
		if n%3 == 0 {
			w.WriteHeader(http.StatusInternalServerError)
		}
	})
	c := m.community(client.NewCommunity{Platform: "tryno"})
	var calls sync.WaitGroup
	tolerate := func(err error) {
		var e *client.Error
		if err == nil || !errors.As(err, &e) {
			if err != nil {
				t.Error(err)
			}
			return
		}
		if e.Status >= 500 {
			t.Error(err)
		}
	}
	for i := range 8 {
		calls.Go(func() {
			for j := range size(15, 8) { // one of which, the eighth, resets
				w, err := m.CreateWebhook(m.ctx, c.ID, client.NewWebhook{URL: r.URL, Events: []string{"*"}})
				tolerate(err)
				_, err = m.Emit(m.ctx, c.ID, client.Emission{Type: "member.joined", Count: 2, Wait: j%2 == 0})
				tolerate(err)
				_, err = m.Advance(m.ctx, c.ID, time.Minute)
				tolerate(err)
				_, err = m.Deliveries(m.ctx, c.ID, client.DeliveryFilter{State: client.Waiting})
				tolerate(err)
				if w != nil && j%3 == 0 {
					tolerate(m.DeleteWebhook(m.ctx, c.ID, w.ID))
				}
				if i == 0 && j == 7 {
					tolerate(m.ResetCommunity(m.ctx, c.ID))
				}
			}
		})
	}
	calls.Wait()
	m.settle(c.ID)
	clock, err := m.Clock(m.ctx, c.ID)
	require.NoError(t, err)
	require.Zero(t, clock.Pending)
	for _, state := range []string{client.Pending, client.Sending, client.Waiting} {
		all, err := m.Deliveries(m.ctx, c.ID, client.DeliveryFilter{State: state})
		require.NoError(t, err)
		require.Zero(t, all.Total, state)
	}
}

func TestPanicIsA500WithoutATrace(t *testing.T) {
	t.Parallel()
	server, err := mockserver.New()
	require.NoError(t, err)
	closeServer(t, server)
	w := httptest.NewRecorder()
	// A body that panics when it is read stands for a handler that does.
	r := httptest.NewRequest(http.MethodPost, "/__mock/communities", panics{})
	server.ServeHTTP(w, r)
	require.Equal(t, 500, w.Code)
	require.JSONEq(t, `{"error":{"code":"internal","message":"internal error","hint":"the server's log says more","status":500}}`, w.Body.String())
}

type panics struct{}

func (panics) Read([]byte) (int, error) { panic("at the disco") }
