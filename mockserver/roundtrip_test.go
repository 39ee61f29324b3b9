package mockserver_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/mockserver"
	"github.com/quintain-dev/quintain/mockserver/client"
)

// HEAD is answered as GET is, without the body, and with its length.
func TestRoundTripOfHEAD(t *testing.T) {
	t.Parallel()
	server, err := mockserver.New()
	require.NoError(t, err)
	closeServer(t, server)
	get, err := server.RoundTrip(httpRequest(t, "GET", "http://mock/__mock/communities", ""))
	require.NoError(t, err)
	body, err := io.ReadAll(get.Body)
	require.NoError(t, err)
	require.NoError(t, get.Body.Close())
	require.EqualValues(t, len(body), get.ContentLength)
	head, err := server.RoundTrip(httpRequest(t, "HEAD", "http://mock/__mock/communities", ""))
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, head.StatusCode)
	require.EqualValues(t, len(body), head.ContentLength)
	body, err = io.ReadAll(head.Body)
	require.NoError(t, err)
	require.NoError(t, head.Body.Close())
	require.Empty(t, body)
}

// For users of httpmock, one line registers the whole mock. It delivers through the same transport: to responders, and
// to its own inboxes.
func TestMockBehindHTTPMock(t *testing.T) {
	t.Parallel()
	transport := httpmock.NewMockTransport()
	server, err := mockserver.New(mockserver.WithTransport(transport), mockserver.WithAllowedHosts("receiver.test", "api.test"))
	require.NoError(t, err)
	closeServer(t, server)
	var delivered atomic.Int64
	transport.RegisterResponder("POST", "https://receiver.test/hooks", func(*http.Request) (*http.Response, error) {
		delivered.Add(1)
		return httpmock.NewStringResponse(http.StatusOK, ""), nil
	})
	transport.RegisterResponder("GET", "https://elsewhere.test/", httpmock.NewStringResponder(http.StatusTeapot, "mine"))
	transport.RegisterNoResponder(server.RoundTrip)

	api := client.New("https://api.test", &http.Client{Transport: transport})
	c, err := api.CreateCommunity(t.Context(), client.NewCommunity{Platform: "tryno"})
	require.NoError(t, err)
	_, err = api.Tryno(c.ID, c.Token).Create(t.Context(), client.TrynoRequest{URL: client.Of("https://receiver.test/hooks"), Events: []string{"member.joined"}})
	require.NoError(t, err)
	in, err := api.PutInbox(t.Context(), c.ID, "in", "503, 200")
	require.NoError(t, err)
	require.Equal(t, "https://api.test/__mock/in/"+c.ID+"/in", in.URL)
	_, err = api.CreateWebhook(t.Context(), c.ID, client.NewWebhook{URL: in.URL, Events: []string{"*"}})
	require.NoError(t, err)
	_, err = api.Emit(t.Context(), c.ID, client.Emission{Type: "member.joined"})
	require.NoError(t, err)
	captures, err := api.WaitForCaptures(t.Context(), c.ID, "in", client.CaptureFilter{Event: "member.joined"}, 2, time.Minute)
	require.NoError(t, err)
	require.Equal(t, []string{"503", "200"}, []string{captures.Captures[0].Answered, captures.Captures[1].Answered})
	_, err = api.Settled(t.Context(), c.ID, time.Minute)
	require.NoError(t, err)
	require.EqualValues(t, 1, delivered.Load())
	response, err := transport.RoundTrip(httpRequest(t, "GET", "https://elsewhere.test/", ""))
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusTeapot, response.StatusCode)
}

func httpRequest(t *testing.T, method, url, body string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	require.NoError(t, err)
	return r
}

// In process, an inbox misbehaves as far as it can without a connection, and everything ends with the server.
func TestRoundTripStreamsAndEnds(t *testing.T) {
	t.Parallel()
	server, err := mockserver.New()
	require.NoError(t, err)
	api := client.New("http://mock", &http.Client{Transport: server})
	c, err := api.CreateCommunity(t.Context(), client.NewCommunity{Platform: "tribe"})
	require.NoError(t, err)
	in, err := api.PutInbox(t.Context(), c.ID, "in", "200:fine,reset,timeout,timeout")
	require.NoError(t, err)
	require.Equal(t, "http://mock/__mock/in/"+c.ID+"/in", in.URL)

	response, err := server.RoundTrip(httpRequest(t, "POST", in.URL, "{}"))
	require.NoError(t, err)
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, "fine", string(body))

	none := func(r *http.Request) error { // an answer that there is not needs no closing
		response, err := server.RoundTrip(r)
		if err == nil {
			_ = response.Body.Close()
		}
		return err
	}
	require.ErrorIs(t, none(httpRequest(t, "POST", in.URL, "{}")), io.ErrUnexpectedEOF)

	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, none(httpRequest(t, "POST", in.URL, "{}").WithContext(ctx)), context.DeadlineExceeded)

	done := make(chan error)
	go func() { done <- none(httpRequest(t, "POST", in.URL, "{}")) }()
	require.Eventually(t, func() bool {
		captures, err := api.Captures(t.Context(), c.ID, "in", client.Page{})
		return err == nil && captures.Total == 4
	}, 5*time.Second, time.Millisecond)
	require.NoError(t, server.Close())
	require.Error(t, <-done)
}

// roundTripper is a receiver without a network.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// The first recipe for testing/synctest: nothing listens. The mock is called through RoundTrip, and delivers to a
// function. Time is the bubble's, so a real clock will do: hours pass when everybody sleeps.
func TestSynctestWithoutListeners(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		var came []time.Duration
		receiver := roundTripper(func(*http.Request) (*http.Response, error) {
			came = append(came, time.Since(begun))
			return httpmock.NewStringResponse(http.StatusServiceUnavailable, "later"), nil
		})
		server, err := mockserver.New(mockserver.WithTransport(receiver))
		require.NoError(t, err)
		defer server.Close()
		api := client.New("http://mock", &http.Client{Transport: server})
		c, err := api.CreateCommunity(t.Context(), client.NewCommunity{Platform: "mighty"})
		require.NoError(t, err)
		_, err = api.CreateWebhook(t.Context(), c.ID, client.NewWebhook{URL: "http://localhost/hooks", Events: []string{"*"}})
		require.NoError(t, err)
		_, err = api.Emit(t.Context(), c.ID, client.Emission{Type: "EventCreated"})
		require.NoError(t, err)

		<-time.After(8 * time.Hour)
		synctest.Wait()
		require.Equal(t, []time.Duration{
			0, 5 * time.Second, 5*time.Minute + 5*time.Second, 35*time.Minute + 5*time.Second,
			2*time.Hour + 35*time.Minute + 5*time.Second, 7*time.Hour + 35*time.Minute + 5*time.Second,
		}, came)
	})
}

// The second recipe: a real http.Server, over a listener in memory. Deliveries are real requests, faults of the wire
// too.
func TestSynctestWithAListenerInMemory(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		listener := newPipeListener()
		var broken, good int
		receiver := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if _, err := io.ReadAll(r.Body); err != nil {
				broken++
				w.WriteHeader(http.StatusBadRequest)
				return
			}
			good++
		})}
		done := make(chan struct{})
		go func() {
			defer close(done)
			_ = receiver.Serve(listener)
		}()
		server, err := mockserver.New(mockserver.WithDial(listener.Dial))
		require.NoError(t, err)
		api := client.New("http://mock", &http.Client{Transport: server})
		c, err := api.CreateCommunity(t.Context(), client.NewCommunity{Platform: "mighty", Faults: "when attempt 1-2: broken-chunking"})
		require.NoError(t, err)
		_, err = api.CreateWebhook(t.Context(), c.ID, client.NewWebhook{URL: "http://localhost/hooks", Events: []string{"*"}})
		require.NoError(t, err)
		_, err = api.Emit(t.Context(), c.ID, client.Emission{Type: "EventCreated"})
		require.NoError(t, err)
		_, err = api.Settled(t.Context(), c.ID, 10*time.Minute) // of the bubble's time
		require.NoError(t, err)
		require.Equal(t, 2, broken)
		require.Equal(t, 1, good)

		require.NoError(t, server.Close())
		require.NoError(t, receiver.Close())
		<-done
	})
}

// pipeListener is a net.Listener in memory.
type pipeListener struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newPipeListener() *pipeListener {
	return &pipeListener{conns: make(chan net.Conn), closed: make(chan struct{})}
}

func (l *pipeListener) Dial(ctx context.Context, _, _ string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case l.conns <- theirs:
		return ours, nil
	case <-l.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (l *pipeListener) Addr() net.Addr { return &net.UnixAddr{Name: "memory"} }
