package wire_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/mockserver/internal/wire"
)

// A caller that has read enough closes the body. The connection goes, unless the rest was here already.
func TestClosedBodies(t *testing.T) {
	t.Parallel()
	to := listen(t, func(c *net.TCPConn) {
		_ = swallow(bufio.NewReader(c))
		_, err := io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\n")
		for err == nil { // without end
			_, err = c.Write(make([]byte, 1<<16))
		}
	})
	w := transport(t, wire.Config{})
	for range 3 {
		response, err := w.RoundTrip(post(t, t.Context(), to.url, ""))
		require.NoError(t, err)
		_, err = io.ReadFull(response.Body, make([]byte, 1<<20))
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.NoError(t, response.Body.Close())
		_, err = response.Body.Read(make([]byte, 1))
		require.ErrorIs(t, err, http.ErrBodyReadAfterClose)
	}
	require.EqualValues(t, 3, to.accepted.Load())
	require.Eventually(t, func() bool { return to.gone.Load() == 3 }, patience, tick, "a connection was not closed")

	long := listen(t, func(c *net.TCPConn) {
		in := bufio.NewReader(c)
		_ = swallow(in)
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello")
		_, _ = io.Copy(io.Discard, in)
	})
	response, err := w.RoundTrip(post(t, t.Context(), long.url, ""))
	require.NoError(t, err)
	_, err = io.ReadFull(response.Body, make([]byte, 3))
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Eventually(t, func() bool { return long.gone.Load() == 1 }, patience, tick)

	small := listen(t, answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"))
	for range 3 {
		response, err := w.RoundTrip(post(t, t.Context(), small.url, ""))
		require.NoError(t, err)
		require.NoError(t, response.Body.Close(), "nothing was read")
	}
	require.EqualValues(t, 1, small.accepted.Load())
}

// Closing a body ends a Read of it in another goroutine.
func TestCloseDuringRead(t *testing.T) {
	t.Parallel()
	to := listen(t, func(c *net.TCPConn) {
		_ = swallow(bufio.NewReader(c))
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello")
		_, _ = io.Copy(io.Discard, c)
	})
	reading := make(chan struct{}, 100)
	w := transport(t, wire.Config{Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := (&net.Dialer{}).DialContext(ctx, network, address)
		return &meddled{Conn: c, onRead: func() { reading <- struct{}{} }}, err
	}})
	// it is closed below, and once more
	response, err := w.RoundTrip(post(t, t.Context(), to.url, "")) //nolint:bodyclose
	require.NoError(t, err)
	defer response.Body.Close()
	_, err = io.ReadFull(response.Body, make([]byte, 5))
	require.NoError(t, err)
	for len(reading) > 0 {
		<-reading
	}
	read := make(chan error, 1)
	go func() {
		_, err := response.Body.Read(make([]byte, 5))
		read <- err
	}()
	<-reading
	require.NoError(t, response.Body.Close())
	require.Error(t, <-read)
	require.Eventually(t, func() bool { return to.gone.Load() == 1 }, patience, tick)
}

// A meddled is a connection that tells of each Read, or on which writing fails.
type meddled struct {
	net.Conn
	onRead   func()
	writeErr error
}

func (m *meddled) Read(p []byte) (int, error) {
	if m.onRead != nil {
		m.onRead()
	}
	return m.Conn.Read(p)
}

func (m *meddled) Write(p []byte) (int, error) {
	if m.writeErr != nil {
		return 0, m.writeErr
	}
	return m.Conn.Write(p)
}

// When a request cannot be written, and no answer comes within a second, that is the error.
func TestBrokenWrite(t *testing.T) {
	t.Parallel()
	for _, size := range []int{10, 1 << 20} {
		synctest.Test(t, func(t *testing.T) {
			broken := errors.New("broken")
			p := &piped{handle: func(c net.Conn) { everything(c) }}
			w := wire.New(wire.Config{Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
				c, err := p.dial(ctx, network, address)
				return &meddled{Conn: c, writeErr: broken}, err
			}})
			start := time.Now()
			_, err := exchange(w, post(t, t.Context(), "http://x/", strings.Repeat("x", size)))
			require.ErrorIs(t, err, broken)
			require.Equal(t, time.Second, time.Since(start))
			synctest.Wait()
			require.EqualValues(t, 1, p.gone.Load())
		})
	}
}
