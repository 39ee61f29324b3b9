package mockserver_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/mockserver"
	"github.com/quintain-dev/quintain/mockserver/client"
)

func (m *mock) inbox(community, script string) *client.Inbox {
	m.t.Helper()
	in, err := m.PutInbox(m.ctx, community, "in", script)
	require.NoError(m.t, err)
	return in
}

func (m *mock) captures(community string) []client.Capture {
	m.t.Helper()
	page, err := m.Captures(m.ctx, community, "in", client.Page{Size: 500})
	require.NoError(m.t, err)
	return page.Captures
}

func TestInboxTakesAnyPathAsItIs(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	c := m.community(client.NewCommunity{ID: "c"})
	m.inbox(c.ID, "")
	const root = "/__mock/in/c/in"
	for sent, want := range map[string]string{
		"":                    "",
		"/":                   "/",
		"/a/b":                "/a/b",
		"//a//b/":             "//a//b/",
		"/a%2Fb":              "/a%2Fb",
		"/../../x":            "/../../x",
		"/%2e%2e/":            "/%2e%2e/",
		"/sp%20ace/%C3%BC":    "/sp%20ace/%C3%BC",
		"/a;b=1":              "/a;b=1",
		"/__mock/communities": "/__mock/communities",
	} {
		for _, method := range []string{"POST", "GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "PURGE"} {
			require.NoError(t, m.DeleteCaptures(m.ctx, c.ID, "in"))
			require.Equal(t, 200, m.do(method, root+sent+"?q=%2F&q=2", "").status, "%s %s is not redirected", method, sent)
			got := m.captures(c.ID)
			require.Len(t, got, 1)
			require.Equal(t, want, got[0].Path)
			require.Equal(t, method, got[0].Method)
			require.Equal(t, "q=%2F&q=2", got[0].Query)
		}
	}
}

func TestInboxRecordsWhatItGets(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	c := m.community(client.NewCommunity{ID: "c"})
	m.inbox(c.ID, `200:{"a":1},201:"x, y",302`)
	first := m.do("POST", "/__mock/in/c/in", "text ü", "X-One", "1", "Authorization", "Bearer key")
	require.Equal(t, 200, first.status)
	require.Equal(t, "application/json", first.header.Get("Content-Type"))
	require.JSONEq(t, `{"a":1}`, string(first.body))
	second := m.do("PUT", "/__mock/in/c/in", "\xff\x00")
	require.Equal(t, 201, second.status)
	require.Equal(t, "x, y", string(second.body))
	require.Equal(t, "text/plain; charset=utf-8", second.header.Get("Content-Type"))
	for range 2 {
		third := m.do("POST", "/__mock/in/c/in", "")
		require.Equal(t, 302, third.status, "the last step repeats")
		require.Equal(t, "/__mock/in/c/in/redirected", third.header.Get("Location"))
	}
	got := m.captures(c.ID)
	require.Len(t, got, 4)
	require.Equal(t, uint64(1), got[0].Number)
	require.Equal(t, "text ü", got[0].Text)
	require.Equal(t, "utf-8", got[0].Encoding)
	require.Equal(t, "1", got[0].Headers.Get("X-One"))
	require.Equal(t, "Bearer key", got[0].Headers.Get("Authorization"), "an inbox is a receiver, and sees what receivers see")
	require.Equal(t, strings.TrimPrefix(m.url, "http://"), got[0].Headers.Get("Host"))
	require.Equal(t, start, got[0].At)
	require.WithinRange(t, got[0].ReceivedAt, time.Now().Add(-time.Minute), time.Now().Add(time.Second))
	require.Equal(t, "base64", got[1].Encoding)
	require.Equal(t, []byte("\xff\x00"), got[1].Bytes())
	require.Equal(t, []string{`200:"{\"a\":1}"`, `201:"x, y"`, "302", "302"}, []string{got[0].Answered, got[1].Answered, got[2].Answered, got[3].Answered})

	m.inbox(c.ID, "503")
	require.Equal(t, 503, m.do("POST", "/__mock/in/c/in", "").status)
	require.NoError(t, m.DeleteCaptures(m.ctx, c.ID, "in"))
	m.do("POST", "/__mock/in/c/in", "")
	got = m.captures(c.ID)
	require.Len(t, got, 1)
	require.Equal(t, uint64(6), got[0].Number, "the numbers go on")
}

// What an inbox does to a connection, seen by the sender of the mock itself.
func TestInboxFailsByScript(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	// What answers has all the time there is; what never does has a little.
	for _, test := range []struct {
		script    string
		timeoutMS int
		state     string
		failures  []string
		answered  []string
	}{
		{"reset,close,empty,malformed,cut,500,lost,redirect,200 dribble 20ms", 60_000, client.Acknowledged,
			[]string{"reset", "reset", "reset", "malformed", "reset", "", "reset", "", ""},
			[]string{"reset", "close", "empty", "malformed", "cut", "500", "200 lost", "redirect", "200 dribble 20ms"}},
		{"timeout,dribble,500 delay 10m", 500, client.Exhausted,
			[]string{"timeout", "timeout", "timeout"},
			[]string{"timeout", "dribble", "500 delay 10m0s"}},
	} {
		c := m.community(client.NewCommunity{Platform: "mighty", TimeoutMS: test.timeoutMS, Schedule: slices.Repeat([]string{"1s"}, len(test.answered)-1)})
		in := m.inbox(c.ID, test.script)
		m.webhook(c.ID, in.URL)
		event := m.emit(c.ID, "EventCreated")
		m.settle(c.ID)
		d := m.delivery(c.ID, event)
		require.Equal(t, test.state, d.State)
		var failures []string
		for _, a := range d.Attempts {
			failures = append(failures, a.Failure)
			if a.Response != nil && a.Response.Status == 302 {
				require.Equal(t, []string{strings.TrimPrefix(in.URL, m.url)}, a.Response.Headers["Location"], "into itself")
			}
		}
		require.Equal(t, test.failures, failures)
		var answered []string
		for _, one := range m.captures(c.ID) {
			require.Equal(t, d.Attempts[0].Request.Bytes(), one.Bytes())
			answered = append(answered, one.Answered)
		}
		require.Equal(t, test.answered, answered)
	}
}

func TestInboxResetIsAReset(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	c := m.community(client.NewCommunity{ID: "c"})
	m.inbox(c.ID, "reset,close")
	require.ErrorIs(t, post(m.url+"/__mock/in/c/in", "x"), syscall.ECONNRESET)
	require.ErrorIs(t, post(m.url+"/__mock/in/c/in", "x"), io.EOF)
}

// post posts a body and returns the error.
func post(url, body string) error {
	response, err := http.Post(url, "text/plain", strings.NewReader(body))
	if err == nil {
		_ = response.Body.Close()
	}
	return err
}

// A held request ends when the inbox's community does.
func TestInboxLetsGo(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	c := m.community(client.NewCommunity{ID: "c"})
	in := m.inbox(c.ID, "timeout")
	var calls sync.WaitGroup
	calls.Go(func() {
		if err := post(in.URL, "x"); !errors.Is(err, io.EOF) {
			t.Errorf("the connection was not closed: %v", err)
		}
	})
	require.Eventually(t, func() bool { return len(m.captures(c.ID)) == 1 }, 10*time.Second, time.Millisecond)
	require.NoError(t, m.DeleteCommunity(m.ctx, c.ID))
	calls.Wait()
}

// continued tells when the server asks for the body of a request.
func continued(ctx context.Context, asked chan<- struct{}) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{Got100Continue: func() { close(asked) }})
}

// Steps are handed out one to each request, however many come at once.
func TestInboxStepsUnderConcurrency(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	c := m.community(client.NewCommunity{Platform: "mighty"})
	in := m.inbox(c.ID, "500x30,200")
	m.webhook(c.ID, in.URL)
	_, err := m.Emit(m.ctx, c.ID, client.Emission{Type: "EventCreated", Count: 40})
	require.NoError(t, err)
	require.Equal(t, 40, m.advance(c.ID, 0).Attempts)
	all, err := m.Deliveries(m.ctx, c.ID, client.DeliveryFilter{State: client.Waiting})
	require.NoError(t, err)
	require.Equal(t, 30, all.Total)
	require.Equal(t, 30, m.settle(c.ID).Attempts)
	numbers := map[uint64]bool{}
	for _, one := range m.captures(c.ID) {
		numbers[one.Number] = true
	}
	require.Len(t, numbers, 70)
}

func TestInboxWithALargeOrBrokenBody(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	c := m.community(client.NewCommunity{ID: "c"})
	m.inbox(c.ID, "200")
	require.Equal(t, 200, m.do("POST", "/__mock/in/c/in", strings.Repeat("x", 10<<20+1)).status)
	got := m.captures(c.ID)
	require.True(t, got[0].Truncated)
	require.Len(t, got[0].Text, 10<<20)
	require.Equal(t, []client.Problem{{Message: "the body is longer than 10 MiB: not judged"}}, got[0].Problems)
	require.Empty(t, got[0].Signature)
	require.Equal(t, 200, m.do("POST", "/__mock/in/c/in", "["+strings.Repeat("{},", 3<<20)+"{}]").status)
	got = m.captures(c.ID)
	require.False(t, got[1].Truncated)
	require.False(t, got[1].Valid)
	require.Equal(t, []client.Problem{{Message: "the body has more than 50000 places: not judged"}}, got[1].Problems)
	require.NoError(t, m.DeleteCaptures(m.ctx, c.ID, "in"))

	// A body that is announced and does not come.
	body, write := io.Pipe()
	r, err := http.NewRequestWithContext(m.ctx, http.MethodPost, m.url+"/__mock/in/c/in", body)
	require.NoError(t, err)
	r.ContentLength = 100
	go func() {
		_, _ = write.Write([]byte("half"))
		_ = write.CloseWithError(errors.New("gave up"))
	}()
	response, err := http.DefaultTransport.RoundTrip(r)
	if err == nil {
		_ = response.Body.Close()
	}
	require.Error(t, err)
	require.Eventually(t, func() bool { return len(m.captures(c.ID)) == 1 }, 10*time.Second, time.Millisecond)
	got = m.captures(c.ID)
	require.True(t, got[0].Truncated)
	require.Equal(t, "half", got[0].Text)
	require.Equal(t, []client.Problem{{Message: "the body did not arrive whole: not judged"}}, got[0].Problems)
	require.Empty(t, got[0].Signature)
	require.Empty(t, got[0].Answered)
}

// Without a connection to break, the handler is aborted, which is the next best thing.
func TestInboxWithoutAConnection(t *testing.T) {
	t.Parallel()
	server, err := mockserver.New()
	require.NoError(t, err)
	closeServer(t, server)
	call := func(method, path, body string) int {
		w := httptest.NewRecorder()
		server.ServeHTTP(w, httptest.NewRequest(method, path, strings.NewReader(body)))
		return w.Code
	}
	require.Equal(t, 201, call("POST", "/__mock/communities", `{"platform":"tribe","id":"c"}`))
	require.Equal(t, 201, call("PUT", "/__mock/communities/c/inboxes/in", `{"script":"reset,close,malformed,200"}`))
	for range 3 {
		require.PanicsWithValue(t, http.ErrAbortHandler, func() { call("POST", "/__mock/in/c/in", "") })
	}
	require.Equal(t, 200, call("POST", "/__mock/in/c/in", ""))
}
