package wire_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver/internal/wire"
)

// Answers as they come, and whether the connection can be used again after them.
func TestAnswers(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		method, text string
		ends         bool // the receiver closes after the answer
		status       int
		body         string
		kept         bool
	}{
		"with a length":              {"POST", ok, false, 200, "ok", true},
		"with an empty body":         {"POST", "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", false, 500, "", true},
		"204":                        {"POST", "HTTP/1.1 204 No Content\r\n\r\n", false, 204, "", true},
		"304 with a length":          {"GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n", false, 304, "", true},
		"to HEAD":                    {"HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n", false, 200, "", true},
		"chunked":                    {"POST", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1;x=y\r\nd\r\n0\r\n\r\n", false, 200, "abcd", true},
		"after 100 and 103":          {"POST", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + ok, false, 200, "ok", true},
		"until the end":              {"POST", "HTTP/1.1 200 OK\r\n\r\nall of it", true, 200, "all of it", false},
		"Connection: close":          {"POST", "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", false, 200, "ok", false},
		"HTTP/1.0":                   {"POST", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", false, 200, "ok", false},
		"HTTP/1.0, until the end":    {"POST", "HTTP/1.0 200 OK\r\n\r\nok", true, 200, "ok", false},
		"HTTP/1.0 with keep-alive":   {"POST", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok", false, 200, "ok", true},
		"101":                        {"GET", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n", false, 101, "", false},
		"with more than the answer":  {"POST", ok + "more", false, 200, "ok", false},
		"without a reason":           {"POST", "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok", false, 200, "ok", true},
		"with line feeds alone":      {"POST", "HTTP/1.1 200 OK\nContent-Length: 2\n\nok", false, 200, "ok", true},
		"with the same length twice": {"POST", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok", false, 200, "ok", true},
		"with a head of 900 kB":      {"POST", "HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 900_000) + "\r\nContent-Length: 2\r\n\r\nok", false, 200, "ok", true},
		"with a body of 3 MB":        {"POST", "HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n" + strings.Repeat("y", 3_000_000), false, 200, strings.Repeat("y", 3_000_000), true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			to := listen(t, func(c *net.TCPConn) {
				for in := bufio.NewReader(c); swallow(in) == nil && !test.ends; {
					_, _ = io.WriteString(c, test.text)
				}
				_, _ = io.WriteString(c, test.text)
			})
			w := transport(t, wire.Config{})
			for range 2 {
				r := post(t, t.Context(), to.url, "hello")
				r.Method = test.method
				got := fatal(t, w, r)
				require.Equal(t, test.status, got.StatusCode)
				require.True(t, test.body == got.body, "%.100q", got.body)
				require.Same(t, r, got.Request)
			}
			require.Equal(t, map[bool]int32{true: 1, false: 2}[test.kept], to.accepted.Load())
		})
	}
}

func TestTrailers(t *testing.T) {
	t.Parallel()
	to := listen(t, answering("HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 6\r\n\r\n"))
	w := transport(t, wire.Config{})
	for range 2 {
		got := fatal(t, w, post(t, t.Context(), to.url, ""))
		require.Equal(t, "abc", got.body)
		require.Equal(t, http.Header{"X-Sum": {"6"}}, got.Trailer)
	}
	require.EqualValues(t, 1, to.accepted.Load())
}

// What is no answer, and what kind of failure it is. The receiver closes after the text.
func TestFailures(t *testing.T) {
	t.Parallel()
	const head = "HTTP/1.1 200 OK\r\n"
	for name, test := range map[string]struct {
		text string
		want contract.Failure
	}{
		"nothing":                     {"", contract.Reset},
		"a piece of a status line":    {"HTTP/1.1 20", contract.Reset},
		"a piece of a version":        {"HTT", contract.Reset},
		"a piece of a head":           {head + "Content-Le", contract.Reset},
		"half a body":                 {head + "Content-Length: 10\r\n\r\nhello", contract.Reset},
		"half a chunk":                {head + "Transfer-Encoding: chunked\r\n\r\na\r\nhello", contract.Reset},
		"no last chunk":               {head + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", contract.Reset},
		"no end of the trailers":      {head + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n", contract.Reset},
		"an answer of information":    {"HTTP/1.1 100 Continue\r\n\r\n", contract.Reset},
		"another protocol":            {"220 mail.example ESMTP\r\n", contract.Malformed},
		"another protocol, no line":   {"SSH-2.0", contract.Malformed},
		"a page without a head":       {"<html>\n</html>\n", contract.Malformed},
		"a status that is no number":  {"HTTP/1.1 abc OK\r\n\r\n", contract.Malformed},
		"a version that is none":      {"HTTP/x.y 200 OK\r\n\r\n", contract.Malformed},
		"a header without a colon":    {head + "broken line\r\n\r\n", contract.Malformed},
		"a length that is no number":  {head + "Content-Length: abc\r\n\r\n", contract.Malformed},
		"two lengths":                 {head + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", contract.Malformed},
		"an unknown encoding":         {head + "Transfer-Encoding: gzip\r\n\r\n", contract.Malformed},
		"a chunk size that is none":   {head + "Transfer-Encoding: chunked\r\n\r\nxyz\r\nhello\r\n", contract.Malformed},
		"a head that does not end":    {head + "X: " + strings.Repeat("x", 2<<20), contract.Malformed},
		"headers that do not end":     {head + strings.Repeat("X: y\r\n", 1<<18), contract.Malformed},
		"information without an end":  {strings.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 1<<16), contract.Malformed},
		"a binary protocol's record":  {"\x15\x03\x01\x00\x02\x02\x46", contract.Malformed},
		"a head with a NUL in a name": {head + "A\x00B: c\r\n\r\n", contract.Malformed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			to := listen(t, func(c *net.TCPConn) {
				if swallow(bufio.NewReader(c)) == nil {
					_, _ = io.WriteString(c, test.text)
				}
			})
			w := transport(t, wire.Config{})
			for range 2 { // a failure leaves nothing behind
				_, err := exchange(w, post(t, t.Context(), to.url, "hello"))
				require.Error(t, err)
				require.Equal(t, test.want, failure(err, true), "%T %v", err, err)
			}
			require.EqualValues(t, 2, to.accepted.Load())
		})
	}
}

func TestResetAndRefused(t *testing.T) {
	t.Parallel()
	w := transport(t, wire.Config{})
	to := listen(t, func(c *net.TCPConn) {
		_ = swallow(bufio.NewReader(c))
		_, _ = io.WriteString(c, "HTTP/1.1 2")
		_ = c.SetLinger(0)
	})
	_, err := exchange(w, post(t, t.Context(), to.url, "hello"))
	require.Equal(t, contract.Reset, failure(err, true), "%v", err)

	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	l.Close()
	_, err = exchange(w, post(t, t.Context(), "http://"+l.Addr().String(), "hello"))
	require.Equal(t, contract.Refused, failure(err, false), "%v", err)

	unknown := &net.DNSError{Err: "no such host", Name: "x.invalid", IsNotFound: true}
	_, err = exchange(transport(t, wire.Config{Dial: dialling(nil, unknown)}), post(t, t.Context(), "http://x.invalid", ""))
	require.ErrorIs(t, err, unknown)
	require.Equal(t, contract.Unresolvable, failure(err, false))
}

// An answer that comes while a large body is written is the answer, whether the receiver reads on, waits or closes.
func TestEarlyAnswers(t *testing.T) {
	t.Parallel()
	const refusal = "HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno"
	for name, then := range map[string]func(t *testing.T, c *net.TCPConn, in *bufio.Reader){
		"closes":        func(*testing.T, *net.TCPConn, *bufio.Reader) {}, // unread data makes it a reset
		"waits":         func(t *testing.T, _ *net.TCPConn, _ *bufio.Reader) { <-t.Context().Done() },
		"reads":         func(_ *testing.T, _ *net.TCPConn, in *bufio.Reader) { _, _ = io.Copy(io.Discard, in) },
		"reads a piece": func(_ *testing.T, _ *net.TCPConn, in *bufio.Reader) { _, _ = io.CopyN(io.Discard, in, 1<<20) },
		"ends and reads": func(_ *testing.T, c *net.TCPConn, in *bufio.Reader) {
			_ = c.CloseWrite()
			_, _ = io.Copy(io.Discard, in)
		},
	} {
		for _, size := range []int{1 << 10, 60 << 10, 10 << 20} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				to := listen(t, func(c *net.TCPConn) {
					in := bufio.NewReader(c)
					if _, err := http.ReadRequest(in); err != nil {
						return
					}
					_, _ = io.WriteString(c, refusal)
					then(t, c, in)
				})
				w := transport(t, wire.Config{})
				got := fatal(t, w, post(t, t.Context(), to.url, strings.Repeat("x", size)))
				require.Equal(t, 413, got.StatusCode)
				require.Equal(t, "no", got.body)
			})
		}
	}
}

// A server that sends while it receives is not held up: writing goes on after the head of the answer.
func TestAnswersWhileWriting(t *testing.T) {
	t.Parallel()
	const size = 8 << 20
	to := listen(t, func(c *net.TCPConn) {
		in := bufio.NewReader(c)
		r, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 8388608\r\n\r\n")
		_, _ = io.Copy(c, r.Body)
		_, _ = io.Copy(io.Discard, in)
	})
	w := transport(t, wire.Config{})
	sent := strings.Repeat("x", size)
	body := fatal(t, w, post(t, t.Context(), to.url, sent)).body
	require.True(t, sent == body, "%d bytes", len(body))
}
