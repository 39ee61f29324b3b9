package wire_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/mockserver/internal/wire"
)

// A slow is a receiver in a bubble that notes what comes and when, and does something at a point.
type slow struct {
	mu     sync.Mutex
	pieces []string
	times  []time.Duration
}

func (s *slow) read(c net.Conn, until func(all string) bool) {
	start := time.Now()
	b := make([]byte, 1<<10)
	for {
		n, err := c.Read(b)
		s.mu.Lock()
		if n > 0 {
			s.pieces, s.times = append(s.pieces, string(b[:n])), append(s.times, time.Since(start))
		}
		all := strings.Join(s.pieces, "")
		s.mu.Unlock()
		if err != nil || until(all) {
			return
		}
	}
}

// The pieces of a slow request come at equal times, the last at the end.
func TestSlowRequests(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var s slow
		p := &piped{handle: func(c net.Conn) {
			s.read(c, func(all string) bool { return strings.HasSuffix(all, "\r\n\r\n0123456789") })
			_, _ = io.WriteString(c, ok)
		}}
		w := wire.New(wire.Config{Dial: p.dial})
		r := post(t, t.Context(), "http://x/", "0123456789")
		body := fatal(t, w, planned(r, wire.Plan{SlowHeaders: 40 * time.Millisecond, SlowBody: 50 * time.Second})).body
		require.Equal(t, "ok", body)
		require.Len(t, s.pieces, 4+10)
		head := strings.Join(s.pieces[:4], "")
		require.Equal(t, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n", head)
		for i, piece := range s.pieces[:4] {
			require.Equal(t, time.Duration(i+1)*10*time.Millisecond, s.times[i])
			require.InDelta(t, len(head)/4, len(piece), 1)
		}
		for i, piece := range s.pieces[4:] {
			require.Equal(t, "0123456789"[i:i+1], piece)
			require.Equal(t, 40*time.Millisecond+time.Duration(i+1)*5*time.Second, s.times[4+i])
		}
	})
}

// A receiver that answers a slow request, or closes the connection, ends it at once. So does the context.
func TestSlowRequestsEndEarly(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		plan wire.Plan
		then func(c net.Conn)
		want string
	}{
		"answer to the head": {wire.Plan{SlowHeaders: time.Hour}, func(c net.Conn) { _, _ = io.WriteString(c, ok) }, ""},
		"answer to the body": {wire.Plan{SlowBody: time.Hour}, func(c net.Conn) { _, _ = io.WriteString(c, ok) }, ""},
		"information": {wire.Plan{SlowBody: time.Minute}, func(c net.Conn) {
			go func() { _, _ = io.WriteString(c, "HTTP/1.1 100 Continue\r\n\r\n") }()
			var s slow
			s.read(c, func(all string) bool { return strings.HasSuffix(all, "!") })
			_, _ = io.WriteString(c, ok)
		}, ""},
		"close":   {wire.Plan{SlowBody: time.Hour}, func(net.Conn) {}, "EOF"},
		"context": {wire.Plan{SlowBody: time.Hour}, func(c net.Conn) { everything(c) }, "deadline exceeded"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := &piped{handle: func(c net.Conn) {
					_, _ = c.Read(make([]byte, 1<<10))
					test.then(c)
				}}
				ctx, cancel := context.WithTimeout(t.Context(), 30*time.Minute)
				defer cancel()
				x := &wire.Exchange{Plan: test.plan}
				start := time.Now()
				got, err := exchange(wire.New(wire.Config{Dial: p.dial}), post(t, wire.WithPlan(ctx, x), "http://x/", strings.Repeat("hello", 100)+"!"))
				if test.want == "" {
					require.NoError(t, err)
					require.Equal(t, "ok", got.body)
				} else {
					require.ErrorContains(t, err, test.want)
				}
				require.LessOrEqual(t, time.Since(start), 30*time.Minute) // in the bubble's time
				require.NotEmpty(t, x.Sent)
				require.Equal(t, name == "information", strings.HasSuffix(string(x.Sent), "!"))
			})
		})
	}
}

// Beside the request there are so many other connections, each with half of its head, until the answer was read.
func TestMoreConnections(t *testing.T) {
	t.Parallel()
	for _, scheme := range []string{"http", "https"} {
		const n = 20
		begun := make(chan string, n)
		release := make(chan struct{})
		config := wire.Config{}
		url := listenTLS(t, scheme == "https", &config, func(c net.Conn) {
			in := bufio.NewReader(c)
			first, err := in.Peek(len("POST /in HTTP/1.1\r\nHost: 12"))
			if err != nil {
				return
			}
			all, _ := in.Peek(in.Buffered())
			if strings.Contains(string(all), "\r\n\r\n") {
				_ = swallow(in)
				<-release
				_, _ = io.WriteString(c, ok)
				return
			}
			begun <- string(first)
			_, err = io.Copy(io.Discard, in)
			if err == nil {
				begun <- "closed"
			}
		})
		x := &wire.Exchange{Plan: wire.Plan{Connections: n}}
		r := post(t, wire.WithPlan(t.Context(), x), url, "hello")
		r.Header.Set("X-Long", strings.Repeat("x", 100))
		done := make(chan error, 1)
		go func() {
			_, err := exchange(transport(t, config), r)
			done <- err
		}()
		for range n {
			require.Equal(t, "POST /in HTTP/1.1\r\nHost: 12", <-begun)
		}
		release <- struct{}{}
		require.NoError(t, <-done)
		for range n {
			require.Equal(t, "closed", <-begun)
		}
	}
}

// Connections that cannot be opened are done without, and not waited for long.
func TestFewerConnections(t *testing.T) {
	t.Parallel()
	for _, hanging := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			p := &piped{handle: func(c net.Conn) {
				_ = swallow(bufio.NewReader(c))
				_, _ = io.WriteString(c, ok)
			}}
			var mu sync.Mutex
			dials := 0
			w := wire.New(wire.Config{Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
				mu.Lock()
				dials++
				refused := dials > 4
				mu.Unlock()
				if refused && hanging {
					<-ctx.Done()
				}
				if refused {
					return nil, io.ErrNoProgress
				}
				return p.dial(ctx, network, address)
			}})
			x := &wire.Exchange{Plan: wire.Plan{Connections: 10}}
			ctx, cancel := context.WithTimeout(wire.WithPlan(t.Context(), x), time.Second)
			defer cancel()
			start := time.Now()
			fatal(t, w, post(t, ctx, "http://x/", "hello"))
			require.Equal(t, 11, dials, "each is tried")
			require.Equal(t, map[bool]time.Duration{true: time.Second / 2}[hanging], time.Since(start))
		})
	}
}
