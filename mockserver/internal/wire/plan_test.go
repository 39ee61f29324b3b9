package wire_test

import (
	"io"
	"math"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/mockserver/internal/wire"
)

// What a receiver sees of each plan, to the byte. Where the connection is closed for writing, all that it sees is what
// is there; otherwise it answers as soon as it has that, and sees nothing after it.
func TestBytesOfPlans(t *testing.T) {
	t.Parallel()
	const (
		start  = "POST /in HTTP/1.1\r\nHost: HOST\r\n"
		chunks = start + "Transfer-Encoding: chunked\r\n\r\n"
	)
	long := strings.Repeat("x", 300)
	for name, test := range map[string]struct {
		plan   wire.Plan
		header http.Header
		body   string
		want   string
		ends   bool
	}{
		"half":            {wire.Plan{Truncate: 0.5}, nil, "hello", start + "Content-Length: 5\r\n\r\nhe", true},
		"nearly all":      {wire.Plan{Truncate: math.Nextafter(1, 0)}, nil, long, start + "Content-Length: 300\r\n\r\n" + long[1:], true},
		"hardly any":      {wire.Plan{Truncate: 1e-9}, nil, "hello", start + "Content-Length: 5\r\n\r\n", true},
		"half of nothing": {wire.Plan{Truncate: 0.5}, nil, "", start + "Content-Length: 0\r\n\r\n", true},
		"longer":          {wire.Plan{LengthDelta: 7}, nil, "hello", start + "Content-Length: 12\r\n\r\nhello", false},
		"shorter":         {wire.Plan{LengthDelta: -2}, nil, "hello", start + "Content-Length: 3\r\n\r\nhello", false},
		"not below 0":     {wire.Plan{LengthDelta: -9}, nil, "hello", start + "Content-Length: 0\r\n\r\nhello", false},
		"chunked": {wire.Plan{Chunking: wire.Chunked}, nil, long,
			chunks + "100\r\n" + long[:256] + "\r\n2c\r\n" + long[:44] + "\r\n0\r\n\r\n", false},
		"chunked nothing": {wire.Plan{Chunking: wire.Chunked}, nil, "", chunks + "0\r\n\r\n", false},
		"a broken size": {wire.Plan{Chunking: wire.BrokenSize}, nil, long,
			chunks + "xyz\r\n" + long[:256] + "\r\n2c\r\n" + long[:44] + "\r\n0\r\n\r\n", false},
		"a broken size of nothing": {wire.Plan{Chunking: wire.BrokenSize}, nil, "", chunks + "xyz\r\n\r\n", false},
		"unfinished":               {wire.Plan{Chunking: wire.Unfinished}, nil, "hello", chunks + "5\r\nhello\r\n", true},
		"unfinished nothing":       {wire.Plan{Chunking: wire.Unfinished}, nil, "", chunks, true},
		"a chunk cut off":          {wire.Plan{Chunking: wire.Chunked, Truncate: 0.4}, nil, "hello", chunks + "5\r\nhel", true},
		"duplicates": {wire.Plan{DuplicateHeaders: true},
			http.Header{"X-A": {"1", "2"}, "x-b": {""}, "Connection": {"close"}, "te": {"trailers"}, "Content-Type": {"a/b"}}, "hello",
			start + "Connection: close\r\nContent-Type: a/b\r\nContent-Type: a/b\r\nX-A: 1\r\nX-A: 1\r\nX-A: 2\r\nX-A: 2\r\n" +
				"te: trailers\r\nx-b: \r\nx-b: \r\nContent-Length: 5\r\n\r\nhello", false},
		"several": {wire.Plan{LengthDelta: 1, Truncate: 0.5, DuplicateHeaders: true, SlowHeaders: 1, SlowBody: 1}, http.Header{"A": {"1"}}, "hello",
			start + "A: 1\r\nA: 1\r\nContent-Length: 6\r\n\r\nhe", true},
		"none": {wire.Plan{}, nil, "hello", start + "Content-Length: 5\r\n\r\nhello", false},
	} {
		for _, scheme := range []string{"http", "https"} {
			t.Run(name+" "+scheme, func(t *testing.T) {
				t.Parallel()
				var host string
				want := make(chan string, 1)
				got := make(chan string, 2)
				handle := func(c net.Conn) {
					defer close(got)
					saw := <-want
					if !test.ends {
						b := make([]byte, len(saw))
						n, _ := io.ReadFull(c, b)
						got <- string(b[:n])
						_, _ = io.WriteString(c, ok)
						got <- everything(c)
						return
					}
					got <- everything(c)
					_, _ = io.WriteString(c, ok)
					got <- ""
				}
				config := wire.Config{}
				to := listenTLS(t, scheme == "https", &config, handle)
				host = strings.TrimSuffix(strings.TrimPrefix(to, scheme+"://"), "/in")
				want <- strings.Replace(test.want, "HOST", host, 1)
				x := &wire.Exchange{Plan: test.plan}
				r := post(t, wire.WithPlan(t.Context(), x), to, test.body)
				if test.header != nil {
					r.Header = test.header
				}
				w := transport(t, config)
				reply := fatal(t, w, r)
				require.Equal(t, 200, reply.StatusCode)
				require.Equal(t, "ok", reply.body)
				w.CloseIdleConnections() // for the zero plan; others' are closed
				sent := strings.Replace(test.want, "HOST", host, 1)
				require.Equal(t, sent, <-got)
				require.Empty(t, <-got)
				if test.plan == (wire.Plan{}) {
					sent = ""
				}
				require.Equal(t, sent, string(x.Sent))
			})
		}
	}
}

// listenTLS starts a receiver, with TLS if asked to, fills in the configuration that trusts it, and returns its URL.
func listenTLS(t *testing.T, secure bool, config *wire.Config, handle func(net.Conn)) string {
	if !secure {
		return listen(t, func(c *net.TCPConn) { handle(c) }).url
	}
	trusted := newTLS(t, nil)
	config.TLS = trusted.config
	to := listen(t, func(c *net.TCPConn) {
		s := tlsServer(c, trusted)
		defer s.Close()
		if s.Handshake() == nil {
			handle(s)
		}
	})
	return "https" + strings.TrimPrefix(to.url, "http")
}

func TestSentIsBounded(t *testing.T) {
	t.Parallel()
	to := listen(t, answering(ok))
	x := &wire.Exchange{Plan: wire.Plan{Chunking: wire.Chunked}}
	fatal(t, transport(t, wire.Config{}), post(t, wire.WithPlan(t.Context(), x), to.url, strings.Repeat("x", 100_000)))
	require.Len(t, x.Sent, 64<<10)
}

// A spoilt request has a connection of its own, which is closed after it.
func TestSpoiltConnectionsAreNotKept(t *testing.T) {
	t.Parallel()
	to := listen(t, answering(ok))
	w := transport(t, wire.Config{})
	for i := range 3 {
		fatal(t, w, post(t, t.Context(), to.url, "hello"))
		r := planned(post(t, t.Context(), to.url, "hello"), wire.Plan{DuplicateHeaders: true})
		fatal(t, w, r)
		require.EqualValues(t, i+2, to.accepted.Load())
		require.Eventually(t, func() bool { return to.gone.Load() == int32(i+1) }, patience, tick)
	}
}

func TestRefusedPlans(t *testing.T) {
	t.Parallel()
	for want, p := range map[string]wire.Plan{
		"truncate is NaN, want a share":          {Truncate: math.NaN()},
		"truncate is 1, want a share":            {Truncate: 1},
		"truncate is -0.1, want a share":         {Truncate: -0.1},
		`chunking is "other", want "chunked", `:  {Chunking: "other"},
		"could be wrong by 1":                    {Chunking: wire.Chunked, LengthDelta: 1},
		"slow headers take -1s, want 0 or more":  {SlowHeaders: -time.Second},
		"a slow body takes -1ns, want 0 or more": {SlowBody: -1},
		"connections is -1, want 0 to 1000":      {Connections: -1},
		"connections is 1001, want 0 to 1000":    {Connections: 1001},
	} {
		require.ErrorContains(t, p.Validate(), want)
	}
	require.NoError(t, wire.Plan{Truncate: 0.999, Connections: 1000}.Validate())
}
