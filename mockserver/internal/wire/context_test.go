package wire_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver/internal/wire"
)

// The end of the context ends a request wherever it is, and says so.
func TestTheContextEndsEveryPhase(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		scheme  string
		body    int
		receive func(c *net.TCPConn, there func()) // calls there when the request is where it is to end
	}{
		"connect": {scheme: "http"}, // the dial hangs
		"TLS": {scheme: "https", receive: func(c *net.TCPConn, there func()) {
			_, _ = c.Read(make([]byte, 1))
			there()
			_, _ = io.Copy(io.Discard, c)
		}},
		"write": {scheme: "http", body: 16 << 20, receive: func(c *net.TCPConn, there func()) {
			_, _ = c.Read(make([]byte, 1))
			there()
			_, _ = io.Copy(io.Discard, c)
		}},
		"head": {scheme: "http", receive: func(c *net.TCPConn, there func()) {
			in := bufio.NewReader(c)
			_ = swallow(in)
			_, _ = io.WriteString(c, "HTTP/1.1 20")
			there()
			_, _ = io.Copy(io.Discard, in)
		}},
	} {
		for ending, want := range map[string]error{"canceled": context.Canceled, "late": context.DeadlineExceeded} {
			t.Run(name+" "+ending, func(t *testing.T) {
				t.Parallel()
				ctx, end := ended(t, want)
				config := wire.Config{}
				url := "http://192.0.2.1/"
				var to *receiver
				if test.receive == nil {
					config.Dial = func(ctx context.Context, _, _ string) (net.Conn, error) {
						end()
						<-ctx.Done()
						return nil, &net.OpError{Op: "dial", Err: ctx.Err()}
					}
				} else {
					to = listen(t, func(c *net.TCPConn) { test.receive(c, end) })
					url = test.scheme + strings.TrimPrefix(to.url, "http")
				}
				w := transport(t, config)
				_, err := exchange(w, post(t, ctx, url, strings.Repeat("x", test.body)))
				require.ErrorIs(t, err, want)
				require.Equal(t, ending == "late", failure(err, true) == contract.Timeout, "%v", err)
				if to != nil {
					require.Eventually(t, func() bool { return to.gone.Load() == to.accepted.Load() }, patience, tick, "the connection was not closed")
				}
			})
		}
	}
}

// ended returns a context and what ends it, with the error given.
func ended(t *testing.T, err error) (context.Context, func()) {
	if err == context.Canceled { //nolint:errorlint // one of two
		return context.WithCancel(t.Context())
	}
	l := late{t.Context(), make(chan struct{})}
	return l, func() { close(l.done) }
}

func TestTheContextEndsReadingTheBody(t *testing.T) {
	t.Parallel()
	for _, want := range []error{context.Canceled, context.DeadlineExceeded} {
		to := listen(t, func(c *net.TCPConn) {
			in := bufio.NewReader(c)
			_ = swallow(in)
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello")
			_, _ = io.Copy(io.Discard, in)
		})
		ctx, end := ended(t, want)
		response, err := transport(t, wire.Config{}).RoundTrip(post(t, ctx, to.url, ""))
		require.NoError(t, err)
		_, err = io.ReadFull(response.Body, make([]byte, 5))
		require.NoError(t, err)
		end()
		for range 2 {
			_, err = response.Body.Read(make([]byte, 5))
			require.ErrorIs(t, err, want)
		}
		require.NoError(t, response.Body.Close())
		require.Eventually(t, func() bool { return to.gone.Load() == 1 }, patience, tick)
	}
}

// A request whose context has ended is not begun; one that ends after the answer does not harm the next.
func TestContextsThatEndOutsideARequest(t *testing.T) {
	t.Parallel()
	var requests atomic.Int32
	to := listen(t, func(c *net.TCPConn) {
		for in := bufio.NewReader(c); swallow(in) == nil; {
			requests.Add(1)
			_, _ = io.WriteString(c, ok)
		}
	})
	w := transport(t, wire.Config{})
	for range 5 {
		ctx, cancel := context.WithCancel(t.Context())
		fatal(t, w, post(t, ctx, to.url, "hello"))
		cancel()
		_, err := exchange(w, post(t, ctx, to.url, "hello"))
		require.ErrorIs(t, err, context.Canceled)
	}
	require.EqualValues(t, 5, requests.Load())
	require.EqualValues(t, 1, to.accepted.Load())
}

// The deadline of a context is that of every part, and is noticed as one even where the network is first.
func TestDeadline(t *testing.T) {
	t.Parallel()
	to := listen(t, func(c *net.TCPConn) { _, _ = io.Copy(io.Discard, c) })
	ctx, cancel := context.WithTimeout(t.Context(), 20*tick)
	defer cancel()
	_, err := exchange(transport(t, wire.Config{}), post(t, ctx, to.url, ""))
	require.ErrorIs(t, err, context.DeadlineExceeded)

	slow := func(ctx context.Context, _, _ string) (net.Conn, error) {
		<-ctx.Done()
		return nil, &net.DNSError{Err: "timeout", Name: "x", IsTimeout: true}
	}
	_, err = exchange(transport(t, wire.Config{Dial: slow}), post(t, ctx, to.url, ""))
	require.ErrorIs(t, err, context.DeadlineExceeded)
	ctx, cancel = context.WithTimeout(t.Context(), 20*tick)
	defer cancel()
	_, err = exchange(transport(t, wire.Config{Dial: slow}), post(t, ctx, to.url, ""))
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Equal(t, contract.Unresolvable, failure(err, false))
}

func TestTLS(t *testing.T) {
	t.Parallel()
	server := newTLS(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.Proto+" "+r.TLS.ServerName+" "+r.TLS.NegotiatedProtocol)
	})
	w := transport(t, wire.Config{TLS: server.config})
	for range 3 {
		url := strings.Replace(server.url, "127.0.0.1", "localhost", 1)
		r := post(t, t.Context(), url, "hello")
		r.Host = "other.example"
		response, err := w.RoundTrip(r)
		if err != nil { // the certificate is for 127.0.0.1 and example.com
			require.ErrorContains(t, err, "localhost")
		} else {
			response.Body.Close()
			require.Fail(t, "a name that is not the certificate's was taken")
		}
		got := fatal(t, w, post(t, t.Context(), server.url, "hello"))
		require.Equal(t, "HTTP/1.1  http/1.1", got.body)
		require.NotNil(t, got.TLS)
	}
	require.EqualValues(t, 4, server.opened.Load(), "three that were refused, and one")
	_, err := exchange(transport(t, wire.Config{}), post(t, t.Context(), server.url, "hello"))
	var unknown *tls.CertificateVerificationError
	require.ErrorAs(t, err, &unknown)
	require.Equal(t, contract.OtherFailure, failure(err, false))

	plain := listen(t, func(c *net.TCPConn) {
		_, _ = io.WriteString(c, ok)
		_, _ = io.Copy(io.Discard, c)
	})
	_, err = exchange(w, post(t, t.Context(), "https"+strings.TrimPrefix(plain.url, "http"), "hello"))
	require.Error(t, err, "a receiver without TLS")
	require.Eventually(t, func() bool { return plain.gone.Load() == 1 }, patience, tick)
}
