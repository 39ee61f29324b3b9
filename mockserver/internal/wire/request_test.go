package wire_test

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver/internal/wire"
)

const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

// recording returns a handler that hands on the bytes of one request with a body of n bytes, and answers it.
func recording(got chan<- string) func(*net.TCPConn) {
	return func(c *net.TCPConn) {
		var seen bytes.Buffer
		if swallow(bufio.NewReader(io.TeeReader(c, &seen))) == nil {
			got <- seen.String()
			_, _ = io.WriteString(c, ok)
		}
		_, _ = io.Copy(io.Discard, c)
	}
}

func TestBytesOfRequests(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		make func(r *http.Request)
		want string
	}{
		"headers are sorted and as they are spelt": {
			func(r *http.Request) {
				r.Header = http.Header{"X-B": {"2", " 3\t"}, "webhook-id": {"1"}, "X-A": {""}, "Content-Type": {"a/b"}}
			},
			"POST /in HTTP/1.1\r\nHost: HOST\r\nContent-Type: a/b\r\nX-A: \r\nX-B: 2\r\nX-B: 3\r\nwebhook-id: 1\r\nContent-Length: 5\r\n\r\nhello",
		},
		"framing is not the caller's": {
			func(r *http.Request) {
				r.Header = http.Header{"Content-Length": {"9"}, "transfer-encoding": {"chunked"}, "Host": {"x"}, "Trailer": {"X"}, "User-Agent": {""}}
			},
			"POST /in HTTP/1.1\r\nHost: HOST\r\nContent-Length: 5\r\n\r\nhello",
		},
		"an unknown length": {
			func(r *http.Request) { r.ContentLength = -1 },
			"POST /in HTTP/1.1\r\nHost: HOST\r\nContent-Length: 5\r\n\r\nhello",
		},
		"no body": {
			func(r *http.Request) { r.Body, r.ContentLength = nil, 0 },
			"POST /in HTTP/1.1\r\nHost: HOST\r\nContent-Length: 0\r\n\r\n",
		},
		"an empty body of unknown length": {
			func(r *http.Request) {
				r.Method, r.Body, r.ContentLength = "DELETE", io.NopCloser(strings.NewReader("")), -1
			},
			"DELETE /in HTTP/1.1\r\nHost: HOST\r\n\r\n",
		},
		"GET": {
			func(r *http.Request) {
				r.Method, r.Body, r.ContentLength, r.URL.Path, r.URL.RawQuery = "", http.NoBody, 0, "/a b", "c=%20"
			},
			"GET /a%20b?c=%20 HTTP/1.1\r\nHost: HOST\r\n\r\n",
		},
		"a host and the end of the connection": {
			func(r *http.Request) { r.Host, r.Close = "[fe80::1%eth0]:80", true },
			"POST /in HTTP/1.1\r\nHost: [fe80::1]:80\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := make(chan string, 1)
			to := listen(t, recording(got))
			r := post(t, t.Context(), to.url, "hello")
			test.make(r)
			fatal(t, transport(t, wire.Config{}), r)
			require.Equal(t, strings.Replace(test.want, "HOST", r.URL.Host, 1), <-got)
		})
	}
}

// A large body is written whole, and the connection can be used again.
func TestLargeBody(t *testing.T) {
	t.Parallel()
	to := listen(t, answering(ok))
	w := transport(t, wire.Config{})
	for range 3 {
		body := fatal(t, w, post(t, t.Context(), to.url, strings.Repeat("x", 10<<20))).body
		require.Equal(t, "ok", body)
	}
	require.EqualValues(t, 1, to.accepted.Load())
}

// What cannot be sent is refused before a connection is made, with its place, and the body is closed.
func TestRefusedRequests(t *testing.T) {
	t.Parallel()
	w := wire.New(wire.Config{Dial: nil})
	broken := errors.New("broken")
	for want, change := range map[string]func(*http.Request){
		"the request has no URL":    func(r *http.Request) { r.URL = nil },
		`scheme "ftp"`:              func(r *http.Request) { r.URL.Scheme = "ftp" },
		"the URL has no host":       func(r *http.Request) { r.URL.Host = ":80" },
		`the character 'é'`:         func(r *http.Request) { r.URL.Host = "é.example" },
		`the method "A B"`:          func(r *http.Request) { r.Method = "A B" },
		`the method "CONNECT"`:      func(r *http.Request) { r.Method = "CONNECT" },
		`control character in "/?a`: func(r *http.Request) { r.URL = &url.URL{Scheme: "http", Host: "x", Path: "/", RawQuery: "a b"} },
		`the host "a\nb"`:           func(r *http.Request) { r.Host = "a\nb" },
		"has trailers":              func(r *http.Request) { r.Trailer = http.Header{"X": nil} },
		`the header "A B"`:          func(r *http.Request) { r.Header["A B"] = []string{"x"} },
		`the header "" has`:         func(r *http.Request) { r.Header[""] = []string{"x"} },
		`'\r', at byte 1 of its`:    func(r *http.Request) { r.Header["A"] = []string{"x\r\nB: y"} },
		`'\n', at byte 0 of its`:    func(r *http.Request) { r.Header["A"] = []string{"x", "\ny"} },
		`'\x00', at byte 0 of its`:  func(r *http.Request) { r.Header["A"] = []string{"\x00"} },
		"has 5 bytes, but the length 6": func(r *http.Request) {
			r.ContentLength = 6
		},
		"more bytes than its length 4":     func(r *http.Request) { r.ContentLength = 4 },
		"no body, but the length 5":        func(r *http.Request) { r.Body = nil },
		"read the request's body: broken":  func(r *http.Request) { r.Body = &closing{Reader: failing{broken}} },
		"the request's body: broken":       func(r *http.Request) { r.Body, r.ContentLength = &closing{Reader: failing{broken}}, -1 },
		"connections is 1001, want 0 to 1": func(r *http.Request) { *r = *planned(r, wire.Plan{Connections: 1001}) },
	} {
		r := post(t, t.Context(), "http://192.0.2.1/", "")
		body := &closing{Reader: strings.NewReader("hello")}
		r.Body, r.ContentLength = body, 5
		change(r)
		_, err := exchange(w, r)
		require.ErrorContains(t, err, want)
		require.Equal(t, contract.OtherFailure, failure(err, false), want)
		if b, ok := r.Body.(*closing); ok {
			require.True(t, b.closed, want)
		}
	}
}

func planned(r *http.Request, p wire.Plan) *http.Request {
	return r.WithContext(wire.WithPlan(r.Context(), &wire.Exchange{Plan: p}))
}

type closing struct {
	io.Reader
	closed bool
}

func (c *closing) Close() error { c.closed = true; return nil }

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// What a server sees is the same through the standard library's transport and through this one.
func TestSameAsTheStandardLibrary(t *testing.T) {
	t.Parallel()
	type view struct {
		method, uri, host, body string
		header                  http.Header
	}
	seen := make(chan view, 1)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		h := maps.Clone(r.Header)
		for _, name := range []string{"Accept-Encoding", "User-Agent", "Content-Length"} {
			h.Del(name)
		}
		seen <- view{r.Method, r.RequestURI, r.Host, string(body), h}
	}))
	defer server.Close()
	address := strings.TrimPrefix(server.URL, "http://")
	theirs := &http.Transport{}
	defer theirs.CloseIdleConnections()
	own := transport(t, wire.Config{})
	name := rapid.StringMatching("[Xx]-[!#$%&'*+.^_`|~0-9A-Za-z-]{1,8}")
	value := rapid.StringMatching("[\t -~é]{0,20}")
	rapid.Check(t, func(t *rapid.T) {
		method := rapid.SampledFrom([]string{"", "GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE"}).Draw(t, "method")
		u := &url.URL{
			Scheme: "http", Host: address,
			Path:     "/" + rapid.StringMatching(`[ -~é]{0,12}`).Draw(t, "path"),
			RawQuery: rapid.StringMatching(`[!-~é]{0,12}`).Draw(t, "query"),
		}
		header := http.Header(rapid.MapOfN(name, rapid.SliceOfN(value, 0, 3), 0, 5).Draw(t, "header"))
		host := rapid.SampledFrom([]string{"", "example.com", "a:1"}).Draw(t, "host")
		body := rapid.SampledFrom([]string{"", "x", "hello", strings.Repeat("y", 100_000)}).Draw(t, "body")
		known, bodyless, ending := rapid.Bool().Draw(t, "known"), rapid.Bool().Draw(t, "bodyless"), rapid.Bool().Draw(t, "close")
		send := func(transport http.RoundTripper) view {
			r := (&http.Request{Method: method, URL: u, Host: host, Header: header.Clone(), Close: ending}).WithContext(t.Context())
			if !bodyless {
				r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), -1
				if known {
					r.ContentLength = int64(len(body))
				}
			}
			response, err := exchange(transport, r)
			require.NoError(t, err)
			require.Equal(t, 200, response.StatusCode)
			return <-seen
		}
		require.Equal(t, send(theirs), send(own))
	})
}
