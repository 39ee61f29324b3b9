package wire_test

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/mockserver/internal/wire"
)

// Whatever comes as an answer is read as the standard library reads it, or is an error. Nothing hangs.
func FuzzAnswer(f *testing.F) {
	for _, seed := range []string{
		ok, "", "HTTP/1.1 204 No Content\r\n\r\n" + ok, "HTTP/1.1 100 Continue\r\n\r\n" + ok, "HTTP/1.0 200 OK\n\nbody",
		"HTTP/1.1 101 Switching Protocols\r\n\r\nother", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort", "SSH-2.0\r\n", "HTTP/1.1 20",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: A\r\n\r\n2\r\nok\r\n0\r\nA: b\r\n\r\n", "HTTP/1.1 200 OK\r\nA\r\n\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
	} {
		f.Add([]byte(seed), "POST", false)
		f.Add([]byte(seed), "HEAD", true)
	}
	f.Fuzz(func(t *testing.T, answer []byte, method string, closes bool) {
		if len(answer) > 1<<20 {
			t.Skip("heads are bounded here, and not there")
		}
		if method != http.MethodHead {
			method = http.MethodPost
		}
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		p := &piped{handle: func(c net.Conn) {
			if swallow(bufio.NewReader(c)) == nil {
				_, _ = c.Write(answer)
			}
		}}
		w := wire.New(wire.Config{Dial: p.dial})
		defer w.CloseIdleConnections()
		r, err := http.NewRequestWithContext(ctx, method, "http://x/", nil)
		require.NoError(t, err)
		got, gotErr := w.RoundTrip(r)
		want, wantErr := reference(answer, r)
		require.Equal(t, wantErr == nil, gotErr == nil, "%v, %v", wantErr, gotErr)
		if wantErr == nil {
			defer want.Body.Close()
		}
		if gotErr != nil {
			require.NoError(t, ctx.Err(), "it hung")
			return
		}
		if closes {
			require.NoError(t, got.Body.Close())
			return
		}
		gotBody, gotErr := io.ReadAll(got.Body)
		wantBody, wantErr := io.ReadAll(want.Body)
		require.NoError(t, got.Body.Close())
		require.NoError(t, ctx.Err(), "it hung")
		require.Equal(t, wantErr == nil, gotErr == nil, "%v, %v", wantErr, gotErr)
		require.True(t, bytes.Equal(wantBody, gotBody))
		require.Equal(t, want.Status, got.Status)
		require.Equal(t, want.Header, got.Header)
		require.Equal(t, want.Trailer, got.Trailer)
		require.Equal(t, want.ContentLength, got.ContentLength)
	})
}

// reference reads an answer over those that are for information.
func reference(answer []byte, r *http.Request) (*http.Response, error) {
	in := bufio.NewReader(bytes.NewReader(answer))
	for {
		response, err := http.ReadResponse(in, r)
		if err != nil || response.StatusCode/100 != 1 || response.StatusCode == http.StatusSwitchingProtocols {
			return response, err
		}
	}
}
