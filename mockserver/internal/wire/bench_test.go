package wire_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/mockserver/internal/wire"
)

// POSTs of 1.4 kB to a net/http server on the loopback, 64 in flight, each within a timeout as deliveries are.
func BenchmarkPost(b *testing.B) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = io.WriteString(w, `{"ok":true}`)
	}))
	defer server.Close()
	own := wire.New(wire.Config{})
	defer own.CloseIdleConnections()
	theirs := &http.Transport{MaxIdleConns: 1024, MaxIdleConnsPerHost: 64, DisableCompression: true}
	defer theirs.CloseIdleConnections()
	for _, one := range []struct {
		name      string
		transport http.RoundTripper
	}{{"wire", own}, {"nethttp", theirs}} {
		b.Run(one.name, func(b *testing.B) { load(b, one.transport, server.URL) })
	}
}

func load(b *testing.B, transport http.RoundTripper, url string) {
	b.ReportAllocs()
	body := bytes.Repeat([]byte("x"), 1400)
	turns := make(chan struct{}, 64)
	var all sync.WaitGroup
	for range cap(turns) {
		all.Go(func() {
			for range turns {
				ctx, cancel := context.WithTimeout(b.Context(), 10*time.Second)
				request, _ := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
				request.Header = http.Header{"Content-Type": {"application/json"}, "User-Agent": {"bench"}, "X-Signature": {"sha256=0"}}
				response, err := transport.RoundTrip(request)
				if err != nil {
					b.Error(err)
				} else {
					_, _ = io.Copy(io.Discard, response.Body)
					response.Body.Close()
				}
				cancel()
			}
		})
	}
	for b.Loop() {
		turns <- struct{}{}
	}
	close(turns)
	all.Wait()
	require.False(b, b.Failed())
}
