package wire_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/mockserver/internal/wire"
)

func TestConnectionsAreReused(t *testing.T) {
	t.Parallel()
	one, two := listen(t, answering(ok)), listen(t, answering(ok))
	w := transport(t, wire.Config{})
	for range 10 {
		fatal(t, w, post(t, t.Context(), one.url, "hello"))
		fatal(t, w, post(t, t.Context(), two.url, "hello"))
	}
	require.EqualValues(t, 1, one.accepted.Load())
	require.EqualValues(t, 1, two.accepted.Load())
	w.CloseIdleConnections()
	require.Eventually(t, func() bool { return one.gone.Load() == 1 && two.gone.Load() == 1 }, patience, tick)
	fatal(t, w, post(t, t.Context(), one.url, "hello"))
	require.EqualValues(t, 2, one.accepted.Load())
}

func TestAskedToClose(t *testing.T) {
	t.Parallel()
	to := listen(t, answering(ok))
	w := transport(t, wire.Config{})
	for _, change := range []func(*http.Request){
		func(r *http.Request) { r.Close = true },
		func(r *http.Request) { r.Header.Set("Connection", "x, Close") },
	} {
		before := to.accepted.Load()
		r := post(t, t.Context(), to.url, "hello")
		change(r)
		fatal(t, w, r)
		require.Eventually(t, func() bool { return to.gone.Load() == before+1 }, patience, tick)
	}
	none := wire.New(wire.Config{MaxIdlePerHost: -1})
	fatal(t, none, post(t, t.Context(), to.url, "hello"))
	require.Eventually(t, func() bool { return to.gone.Load() == 3 }, patience, tick)
}

// A connection that the receiver closed, or on which it said something unasked, is not used again.
func TestStaleConnections(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(c *net.TCPConn){
		"closed":      func(c *net.TCPConn) { c.Close() },
		"half closed": func(c *net.TCPConn) { _ = c.CloseWrite() },
		"reset":       func(c *net.TCPConn) { _ = c.SetLinger(0); c.Close() },
		"talkative":   func(c *net.TCPConn) { _, _ = io.WriteString(c, "HTTP/1.1 408 Request Timeout\r\n\r\n") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			spoilt := make(chan struct{})
			to := listen(t, func(c *net.TCPConn) {
				in := bufio.NewReader(c)
				if swallow(in) != nil {
					return
				}
				_, _ = io.WriteString(c, ok)
				spoilt <- struct{}{}
				spoil(c)
				spoilt <- struct{}{}
				_, _ = io.Copy(io.Discard, in)
			})
			w := transport(t, wire.Config{})
			for range 3 {
				body := fatal(t, w, post(t, t.Context(), to.url, "hello")).body
				require.Equal(t, "ok", body)
				<-spoilt
				<-spoilt
			}
			require.EqualValues(t, 3, to.accepted.Load())
		})
	}
}

// A request is sent once, even if the kept connection turns out to be closed.
func TestNeverSentTwice(t *testing.T) {
	t.Parallel()
	var requests atomic.Int32
	to := listen(t, func(c *net.TCPConn) {
		in := bufio.NewReader(c)
		for i := 0; swallow(in) == nil; i++ {
			requests.Add(1)
			if i > 0 {
				return
			}
			_, _ = io.WriteString(c, ok)
		}
	})
	w := transport(t, wire.Config{})
	fatal(t, w, post(t, t.Context(), to.url, "hello"))
	_, err := exchange(w, post(t, t.Context(), to.url, "hello"))
	require.ErrorIs(t, err, io.EOF)
	require.EqualValues(t, 2, requests.Load())
	require.EqualValues(t, 1, to.accepted.Load())
}

// A piped is a transport's view of receivers in memory: each dial is a net.Pipe to one, which time in a bubble knows.
type piped struct {
	dialled, gone atomic.Int32
	handle        func(c net.Conn)
}

func (p *piped) dial(context.Context, string, string) (net.Conn, error) {
	here, there := net.Pipe()
	p.dialled.Add(1)
	go func() {
		defer p.gone.Add(1)
		defer there.Close()
		p.handle(there)
	}()
	return here, nil
}

func pipedAnswers(c net.Conn) {
	for in := bufio.NewReader(c); swallow(in) == nil; {
		_, _ = io.WriteString(c, ok)
	}
}

// Idle connections are closed when their time is over, not earlier, and also if nobody comes any more.
func TestIdleTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &piped{handle: pipedAnswers}
		w := wire.New(wire.Config{Dial: p.dial})
		send := func() { fatal(t, w, post(t, t.Context(), "http://x/", "hello")) }
		after := func(d time.Duration) int32 {
			<-time.After(d)
			synctest.Wait()
			return p.gone.Load()
		}
		send()
		require.Zero(t, after(3*time.Second))
		send()
		require.Zero(t, after(3999*time.Millisecond), "it was used again 3 s ago")
		require.EqualValues(t, 1, p.dialled.Load())
		require.EqualValues(t, 1, after(2*time.Millisecond))
		send()
		require.EqualValues(t, 2, p.dialled.Load())
		require.EqualValues(t, 2, after(5*time.Second))
	})
}

// Of many connections so many are kept as may be; the last used is used first, and the oldest goes.
func TestIdleConnectionsAreBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var turn sync.WaitGroup
		p := &piped{handle: func(c net.Conn) {
			in := bufio.NewReader(c)
			for swallow(in) == nil {
				turn.Done()
				turn.Wait() // all are answered together, each on its own connection
				_, _ = io.WriteString(c, ok)
			}
		}}
		w := wire.New(wire.Config{Dial: p.dial, MaxIdlePerHost: 3})
		together := func(n int) {
			turn.Add(n)
			var all sync.WaitGroup
			for range n {
				all.Go(func() { _, _ = exchange(w, post(t, t.Context(), "http://x/", "hello")) })
			}
			all.Wait()
			synctest.Wait()
		}
		together(5)
		require.EqualValues(t, 5, p.dialled.Load())
		require.EqualValues(t, 2, p.gone.Load())
		together(4)
		require.EqualValues(t, 6, p.dialled.Load())
		require.EqualValues(t, 3, p.gone.Load())
		<-time.After(3 * time.Second)
		together(1)
		<-time.After(time.Second / 2)
		together(1)
		<-time.After(time.Second)
		synctest.Wait()
		require.EqualValues(t, 5, p.gone.Load(), "only the one that was used stays")
		together(1)
		require.EqualValues(t, 6, p.dialled.Load())
		w.CloseIdleConnections()
		synctest.Wait()
		require.EqualValues(t, 6, p.gone.Load())
	})
}

// Of those that are idle, the one goes that has been idle longest.
func TestTheOldestIdleConnectionGoes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var used, ended []int // connections, in order
		n := 0
		turn := make(chan struct{})
		p := &piped{handle: func(c net.Conn) {
			mu.Lock()
			n++
			number := n
			mu.Unlock()
			for in := bufio.NewReader(c); swallow(in) == nil; {
				<-turn
				mu.Lock()
				used = append(used, number)
				mu.Unlock()
				_, _ = io.WriteString(c, ok)
			}
			mu.Lock()
			defer mu.Unlock()
			ended = append(ended, number)
		}}
		w := wire.New(wire.Config{Dial: p.dial, MaxIdlePerHost: 2})
		for range 4 {
			go func() { _, _ = exchange(w, post(t, t.Context(), "http://x/", "hello")) }()
		}
		synctest.Wait()
		for range 4 {
			turn <- struct{}{}
			synctest.Wait()
		}
		mu.Lock()
		require.Equal(t, used[:2], ended)
		mu.Unlock()
		w.CloseIdleConnections()
		synctest.Wait()
	})
}

// Many goroutines at once get each their own answer, and leave no connection behind.
func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	var open atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_, _ = w.Write(body)
	}))
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		switch s {
		case http.StateNew:
			open.Add(1)
		case http.StateClosed, http.StateHijacked:
			open.Add(-1)
		}
	}
	server.Start()
	defer server.Close()
	w := transport(t, wire.Config{})
	var all sync.WaitGroup
	for i := range 32 {
		all.Go(func() {
			for j := range 30 {
				sent := bytes.Repeat([]byte{byte(i), byte(j)}, 1+i*j*40) // up to 72 kB
				if err := echoed(t.Context(), w, server.URL, sent, j%5 == 4); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	w.CloseIdleConnections()
	require.Eventually(t, func() bool { return open.Load() == 0 }, patience, tick, "connections are left")
}

// echoed sends a body to where it is echoed, and looks at what comes back, or cancels the request after the head.
func echoed(ctx context.Context, w http.RoundTripper, url string, sent []byte, cancels bool) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(sent))
	if err != nil {
		return err
	}
	response, err := w.RoundTrip(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if cancels {
		cancel()
		return nil
	}
	body, err := io.ReadAll(response.Body)
	if err == nil && !bytes.Equal(body, sent) {
		err = fmt.Errorf("%d bytes of %d came back", len(body), len(sent))
	}
	return err
}

func TestTwoSchemesAreTwoHosts(t *testing.T) {
	t.Parallel()
	var dialled []string
	w := wire.New(wire.Config{Dial: func(_ context.Context, network, address string) (net.Conn, error) {
		dialled = append(dialled, network+" "+address)
		return nil, io.ErrNoProgress
	}})
	for _, url := range []string{"http://a", "https://a", "http://a:81", "https://[::1]", "http://[fe80::1%25eth0]:80", "http://a:"} {
		_, err := exchange(w, post(t, t.Context(), url, ""))
		require.ErrorIs(t, err, io.ErrNoProgress)
	}
	require.Equal(t, "tcp a:80, tcp a:443, tcp a:81, tcp [::1]:443, tcp [fe80::1%eth0]:80, tcp a:80", strings.Join(dialled, ", "))
}
