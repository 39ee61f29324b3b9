package wire_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver/internal/sender"
	"github.com/quintain-dev/quintain/mockserver/internal/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A receiver is a TCP server that does as it is told with each connection, and counts them.
type receiver struct {
	url            string
	accepted, gone atomic.Int32
}

// listen starts a receiver. When the test ends its connections are closed, and their handlers waited for.
func listen(t *testing.T, handle func(c *net.TCPConn)) *receiver {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	r := &receiver{url: "http://" + l.Addr().String() + "/in"}
	var mu sync.Mutex
	var open []net.Conn
	var all sync.WaitGroup
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			r.accepted.Add(1)
			mu.Lock()
			open = append(open, c)
			mu.Unlock()
			all.Go(func() {
				defer r.gone.Add(1)
				defer c.Close()
				handle(c.(*net.TCPConn))
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		mu.Lock()
		for _, c := range open {
			c.Close()
		}
		mu.Unlock()
		all.Wait()
	})
	return r
}

// answering returns a handler that reads requests and answers each with the text, until the other side closes.
func answering(text string) func(*net.TCPConn) {
	return func(c *net.TCPConn) {
		for in := bufio.NewReader(c); swallow(in) == nil; {
			_, _ = io.WriteString(c, text)
		}
	}
}

// swallow reads one request.
func swallow(in *bufio.Reader) error {
	r, err := http.ReadRequest(in)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, r.Body)
	return err
}

// transport makes a transport that is emptied when the test ends, and not before.
func transport(t *testing.T, c wire.Config) *wire.Transport {
	t.Helper()
	c.IdleTimeout = time.Hour
	w := wire.New(c)
	t.Cleanup(w.CloseIdleConnections)
	return w
}

func post(t *testing.T, ctx context.Context, url, body string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
	require.NoError(t, err)
	return r
}

// An answer is one that was read to its end.
type answer struct {
	*http.Response
	body string
}

// exchange sends a request and reads the whole answer.
func exchange(w http.RoundTripper, r *http.Request) (answer, error) {
	response, err := w.RoundTrip(r)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return answer{response, string(body)}, err
}

// fatal is exchange for what must work.
func fatal(t *testing.T, w http.RoundTripper, r *http.Request) answer {
	t.Helper()
	got, err := exchange(w, r)
	require.NoError(t, err)
	return got
}

// failure is what package sender takes an error for; answering says whether something of an answer had come before it.
func failure(err error, answering bool) contract.Failure {
	answer, _ := sender.Exchange(context.Background(), failed{err, answering}, time.Minute, "http://receiver/", nil, nil)
	return answer.Failure
}

// failed is a transport that fails.
type failed struct {
	err       error
	answering bool
}

func (f failed) RoundTrip(r *http.Request) (*http.Response, error) {
	if f.answering {
		<-time.After(time.Nanosecond) // so that some time has passed since the exchange began
		httptrace.ContextClientTrace(r.Context()).GotFirstResponseByte()
	}
	return nil, f.err
}

// late is a context whose deadline passes when done is closed.
type late struct {
	context.Context
	done chan struct{}
}

func (l late) Done() <-chan struct{} { return l.done }

func (l late) Err() error {
	select {
	case <-l.done:
		return context.DeadlineExceeded
	default:
		return nil
	}
}

// everything reads what a connection brings until it is closed for reading.
func everything(c net.Conn) string {
	var b bytes.Buffer
	_, _ = io.Copy(&b, c)
	return b.String()
}

// How long a fact of the other side is waited for, and how often it is asked for.
const (
	patience = 20 * time.Second
	tick     = time.Millisecond
)

// dialling returns a Dial that gives what it is given.
func dialling(c net.Conn, err error) func(context.Context, string, string) (net.Conn, error) {
	return func(context.Context, string, string) (net.Conn, error) { return c, err }
}

// A secured is a net/http server with TLS, and how a client trusts it.
type secured struct {
	url    string
	config *tls.Config
	opened atomic.Int32

	certificates []tls.Certificate
}

func newTLS(t *testing.T, handle http.HandlerFunc) *secured {
	t.Helper()
	server := httptest.NewUnstartedServer(handle)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	s := &secured{}
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			s.opened.Add(1)
		}
	}
	server.StartTLS()
	t.Cleanup(server.Close)
	s.url, s.config = server.URL, server.Client().Transport.(*http.Transport).TLSClientConfig
	s.certificates = server.TLS.Certificates
	return s
}

// tlsServer returns the server's side of TLS on a connection, with the certificate of another server.
func tlsServer(c net.Conn, s *secured) *tls.Conn {
	return tls.Server(c, &tls.Config{Certificates: s.certificates})
}
