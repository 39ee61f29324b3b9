package wire_test

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/textproto"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/mockserver/internal/wire"
)

// A hooks has the hooks of a trace that were called, in order.
type hooks struct {
	mu    sync.Mutex
	names []string
	info  httptrace.GotConnInfo
}

func (h *hooks) add(name string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.names = append(h.names, name)
}

func (h *hooks) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn:              func(hostPort string) { h.add("GetConn " + hostPort) },
		GotConn:              func(i httptrace.GotConnInfo) { h.info = i; h.add("GotConn") },
		ConnectStart:         func(_, _ string) { h.add("ConnectStart") },
		ConnectDone:          func(_, _ string, _ error) { h.add("ConnectDone") },
		TLSHandshakeStart:    func() { h.add("TLSHandshakeStart") },
		TLSHandshakeDone:     func(s tls.ConnectionState, _ error) { h.add("TLSHandshakeDone " + s.NegotiatedProtocol) },
		WroteHeaders:         func() { h.add("WroteHeaders") },
		WroteRequest:         func(httptrace.WroteRequestInfo) { h.add("WroteRequest") },
		GotFirstResponseByte: func() { h.add("GotFirstResponseByte") },
		Got1xxResponse: func(_ int, header textproto.MIMEHeader) error {
			h.add("Got1xxResponse " + header.Get("Link"))
			return nil
		},
	}
}

// The hooks of a trace are those that the standard library calls, and in the order of what happens.
func TestTrace(t *testing.T) {
	t.Parallel()
	handle := func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(http.StatusContinue)
		w.Header().Set("Link", "</x>")
		w.WriteHeader(http.StatusEarlyHints)
	}
	plain := httptest.NewServer(http.HandlerFunc(handle))
	defer plain.Close()
	secure := newTLS(t, handle)
	for _, url := range []string{plain.URL, secure.url} {
		own := transport(t, wire.Config{TLS: secure.config})
		theirs := &http.Transport{TLSClientConfig: secure.config.Clone()}
		theirs.TLSClientConfig.NextProtos = []string{"http/1.1"}
		defer theirs.CloseIdleConnections()
		for _, reused := range []bool{false, true} {
			send := func(w http.RoundTripper) *hooks {
				var h hooks
				ctx := httptrace.WithClientTrace(t.Context(), h.trace())
				fatal(t, w, post(t, ctx, url, "hello"))
				require.Equal(t, reused, h.info.Reused)
				require.Equal(t, reused, h.info.WasIdle)
				require.Equal(t, reused, h.info.IdleTime > 0)
				require.NotNil(t, h.info.Conn.RemoteAddr())
				return &h
			}
			got, want := send(own).names, send(theirs).names
			_, host, _ := strings.Cut(url, "//")
			expect := []string{"GetConn " + host}
			if !reused {
				expect = append(expect, "ConnectStart", "ConnectDone")
				if url == secure.url {
					expect = append(expect, "TLSHandshakeStart", "TLSHandshakeDone http/1.1")
				}
			}
			expect = append(expect, "GotConn", "WroteHeaders", "WroteRequest", "GotFirstResponseByte",
				"Got1xxResponse ", "Got1xxResponse </x>")
			require.Equal(t, expect, got)
			require.ElementsMatch(t, want, got)
		}
	}
}

// Under a plan each part is told of when it is done; the other connections that a plan opens are not told of.
func TestTraceOfAPlan(t *testing.T) {
	t.Parallel()
	to := listen(t, answering(ok))
	var h hooks
	x := &wire.Exchange{Plan: wire.Plan{SlowHeaders: 3 * tick, SlowBody: 3 * tick, Connections: 5}}
	var dials atomic.Int64
	w := transport(t, wire.Config{Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
		dials.Add(1)
		return new(net.Dialer).DialContext(ctx, network, address)
	}})
	fatal(t, w, post(t, wire.WithPlan(httptrace.WithClientTrace(t.Context(), h.trace()), x), to.url, "hello"))
	require.EqualValues(t, 6, dials.Load())
	require.Equal(t, 1, len(slices.DeleteFunc(slices.Clone(h.names), func(name string) bool { return name != "ConnectStart" })))
	require.Less(t, slices.Index(h.names, "WroteHeaders"), slices.Index(h.names, "WroteRequest"))
	require.Contains(t, h.names, "GotFirstResponseByte")
}
