package judge_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/features/judge"
)

// TestRawConnections: receivers that are not made with net/http, and treat their connections in other ways.
func TestRawConnections(t *testing.T) {
	t.Parallel()
	for name, style := range map[string]string{
		"HTTP/1.0":                            "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n",
		"HTTP/1.1 that closes without a word": "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 22\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := raw(t, func(conn net.Conn, r *http.Request) {
				io.Copy(io.Discard, r.Body)
				io.WriteString(conn, style+`{"status":"SUCCEEDED"}`)
			})
			report, err := verify(t.Context(), t, judge.Receiver{URL: url, Platform: load(t, "ambassify"), Rules: []string{"ACK-1", "ACK-2", "DUP-1", "DUP-2", "RTY-1"}, Seeds: 5})
			require.NoError(t, err)
			require.Empty(t, failures(report), text(t, report))
		})
	}
}

// TestOneAtATime: a server that serves one connection at a time, TLS handshake and all, takes ten at once one by one.
func TestOneAtATime(t *testing.T) {
	t.Parallel()
	for _, scheme := range []string{"http", "https"} {
		t.Run(scheme, func(t *testing.T) {
			t.Parallel()
			var one sync.Mutex
			srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				io.Copy(io.Discard, r.Body)
				w.Header().Set("Connection", "close")
			}))
			srv.Listener = &oneByOne{Listener: srv.Listener, one: &one}
			r := judge.Receiver{Platform: load(t, "ambassify"), Rules: []string{"DUP-2", "ACK-1"}, Events: []string{"person.created"}}
			if scheme == "https" {
				srv.StartTLS()
				transport := srv.Client().Transport.(*http.Transport).Clone()
				transport.MaxIdleConnsPerHost = -1
				r.Transport = transport
			} else {
				srv.Start()
			}
			defer srv.Close()
			r.URL = srv.URL
			report, err := verify(t.Context(), t, r)
			require.NoError(t, err)
			require.Empty(t, failures(report), text(t, report))
		})
	}
}

// TestFewConnections: a server that throws away all connections but some is not blamed for duplicates; one that throws
// away the duplicates is.
func TestFewConnections(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var open int
	var bodies []string
	serve := func(tooMany func(body string) bool) http.Handler {
		return http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			mu.Lock()
			full := tooMany(string(body))
			open++
			bodies = append(bodies, string(body))
			mu.Unlock()
			defer func() {
				mu.Lock()
				defer mu.Unlock()
				open--
				bodies = slices.DeleteFunc(bodies, func(b string) bool { return b == string(body) })
			}()
			if full {
				panic(http.ErrAbortHandler)
			}
			select { // long enough for the others to come
			case <-time.After(20 * time.Millisecond):
			case <-r.Context().Done():
			}
		})
	}
	run := func(receiver http.Handler) *judge.Report {
		return judged(t, "ambassify", receiver, func(r *judge.Receiver) {
			r.Rules, r.Events, r.Concurrency = []string{"ACK-1", "DUP-2"}, []string{"person.created"}, 1
		})
	}
	few := run(serve(func(string) bool { return open >= 3 }))
	require.Empty(t, failures(few), text(t, few))
	require.Contains(t, text(t, few), "the receiver does not take 10 deliveries at once, whichever they are")
	require.Contains(t, text(t, few), "the receiver does not take 5 deliveries at once, whichever they are")
	once := run(serve(func(body string) bool { return slices.Contains(bodies, body) }))
	require.Equal(t, []string{"DUP-2 must"}, failures(once), text(t, once))
}

// oneByOne is a listener that has one connection open at a time.
type oneByOne struct {
	net.Listener
	one *sync.Mutex
}

func (l *oneByOne) Accept() (net.Conn, error) {
	l.one.Lock()
	conn, err := l.Listener.Accept()
	if err != nil {
		l.one.Unlock()
		return nil, err
	}
	return &oneConn{Conn: conn, done: sync.OnceFunc(l.one.Unlock)}, nil
}

type oneConn struct {
	net.Conn
	done func()
}

func (c *oneConn) Close() error {
	defer c.done()
	return c.Conn.Close()
}

// raw listens, reads one request from each connection, and closes it after the answer.
func raw(t *testing.T, answer func(net.Conn, *http.Request)) (url string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			wg.Go(func() {
				defer conn.Close()
				if r, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
					answer(conn, r)
				}
			})
		}
	})
	t.Cleanup(func() {
		listener.Close()
		wg.Wait()
	})
	return "http://" + listener.Addr().String()
}
