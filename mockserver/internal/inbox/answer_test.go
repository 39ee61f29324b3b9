package inbox_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/mockserver/internal/inbox"
)

func answer(t testing.TB, text string) inbox.Answer {
	t.Helper()
	parsed, err := inbox.Parse(text)
	require.NoError(t, err)
	return parsed.Rules()[0].Items[0].Choices[0].Answer
}

func TestAnswersWithAStatus(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct {
		status int
		header http.Header
		body   string
	}{
		"503":         {503, http.Header{}, ""},
		"recover":     {200, http.Header{}, ""},
		`200:{"a":1}`: {200, http.Header{"Content-Type": {"application/json"}}, `{"a":1}`},
		"200:text":    {200, http.Header{"Content-Type": {"text/plain; charset=utf-8"}}, "text"},
		`200:"{}" header "content-type: text/x" header "A: 1" header "a: 2"`: {200, http.Header{"Content-Type": {"text/x"}, "A": {"1", "2"}}, "{}"},
		"429 retry-after 120":               {429, http.Header{"Retry-After": {"120"}}, ""},
		"304":                               {304, http.Header{}, ""},
		"307":                               {307, http.Header{"Location": {"/in/a%2Fb/redirected"}}, ""},
		`301 header "Location: /x"`:         {301, http.Header{"Location": {"/x"}}, ""},
		"redirect":                          {302, http.Header{"Location": {"/in/a%2Fb/?q=1"}}, ""},
		`redirect "https://x/" body "gone"`: {302, http.Header{"Location": {"https://x/"}, "Content-Type": {"text/plain; charset=utf-8"}}, "gone"},
	} {
		w := httptest.NewRecorder()
		answer(t, text).Serve(w, httptest.NewRequest(http.MethodPost, "/in/a%2Fb/?q=1", nil))
		require.Equal(t, want.status, w.Code, text)
		require.Equal(t, want.header, w.Header(), text)
		require.Equal(t, want.body, w.Body.String(), text)
	}
}

// What needs the connection and cannot have it is aborted, and does not write into memory for ever.
func TestAnswersWithoutAConnection(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"reset", "close", "empty", "malformed", "cut", "lost", "dribble", "200 dribble 1s", "endless"} {
		w := httptest.NewRecorder()
		require.PanicsWithValue(t, http.ErrAbortHandler, func() {
			answer(t, text).Serve(w, httptest.NewRequest(http.MethodPost, "/", nil))
		}, text)
		require.Zero(t, w.Body.Len(), text)
	}
}

// pipe is an answer whose connection is in memory, so that what is written in one piece is read in one piece.
type pipe struct {
	http.ResponseWriter
	conn net.Conn
}

func (p *pipe) Hijack() (net.Conn, *bufio.ReadWriter, error) { return p.conn, nil, nil }

// A piece is what was read at once, and when.
type piece struct {
	text string
	at   time.Duration
}

// read lets an answer be served to a sender that reads so many pieces and then hangs up. It returns when the answer
// ended.
func read(t *testing.T, text string, most int) (pieces []piece) {
	ours, theirs := net.Pipe()
	served := make(chan struct{})
	start := time.Now()
	go func() {
		defer close(served)
		r := httptest.NewRequest(http.MethodPost, "/", nil)
		answer(t, text).Serve(&pipe{httptest.NewRecorder(), ours}, r)
	}()
	buffer := make([]byte, 1<<10)
	for range most {
		n, err := theirs.Read(buffer)
		if err != nil {
			require.ErrorIs(t, err, io.EOF)
			break
		}
		pieces = append(pieces, piece{string(buffer[:n]), time.Since(start)})
	}
	require.NoError(t, theirs.Close())
	<-served
	return pieces
}

func joined(pieces []piece) string {
	var out strings.Builder
	for _, p := range pieces {
		out.WriteString(p.text)
	}
	return out.String()
}

func TestDribble(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pieces := read(t, `503:"`+strings.Repeat("body ", 20)+`" dribble 2s delay 1s`, 100)
		require.Len(t, pieces, 20, "head and body come in pieces")
		require.Equal(t, time.Second, pieces[0].at)
		require.InDelta(t, float64(3*time.Second), float64(pieces[19].at), float64(time.Microsecond))
		response, err := http.ReadResponse(bufio.NewReader(strings.NewReader(joined(pieces))), nil)
		require.NoError(t, err)
		body, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, 503, response.StatusCode)
		require.Equal(t, strings.Repeat("body ", 20), string(body))
		require.NotContains(t, pieces[0].text, "\r\n\r\n", "the head, too")
	})
}

// What is cut is an answer, but for the rest of its body.
func TestCut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		response, err := http.ReadResponse(bufio.NewReader(strings.NewReader(joined(read(t, "cut", 2)))), nil)
		require.NoError(t, err)
		body, err := io.ReadAll(response.Body)
		require.ErrorIs(t, err, io.ErrUnexpectedEOF)
		require.NoError(t, response.Body.Close())
		require.Equal(t, 200, response.StatusCode)
		require.NotEmpty(t, body)
	})
}

// A dribble ends with the patience of the sender.
func TestDribbleForEver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pieces := read(t, "dribble", 500)
		require.Len(t, pieces, 500)
		for i, p := range pieces {
			require.Len(t, p.text, 1)
			require.Equal(t, time.Duration(i)*100*time.Millisecond, p.at)
		}
		require.Regexp(t, `^HTTP/1.1 200 OK\r\n(.+\r\n)+\r\n\.+$`, joined(pieces))
	})
}

// Whatever takes long lets go when the context ends, also while a write waits for a sender that does not read.
func TestAnswersLetGo(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"timeout", "500 delay 10m", "reset delay 10m", "dribble", "200 dribble 10m"} {
		for _, reads := range []bool{false, true} {
			synctest.Test(t, func(t *testing.T) {
				ours, theirs := net.Pipe()
				ctx, cancel := context.WithCancel(t.Context())
				served := make(chan struct{})
				go func() {
					defer close(served)
					defer func() {
						if err, _ := recover().(error); err != nil && !errors.Is(err, http.ErrAbortHandler) {
							t.Error(err)
						}
					}()
					answer(t, text).Serve(&pipe{httptest.NewRecorder(), ours}, httptest.NewRequestWithContext(ctx, http.MethodPost, "/", nil))
				}()
				if reads {
					go func() { _, _ = io.Copy(io.Discard, theirs) }()
				}
				synctest.Wait()
				start := time.Now()
				cancel()
				<-served
				require.Zero(t, time.Since(start), "%s lets go at once", text)
				require.NoError(t, theirs.Close())
				require.NoError(t, ours.Close())
			})
		}
	}
}

// An endless body goes on while it is read, and ends with the sender, or with the context if the sender does not read.
func TestEndless(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan struct{}, 3)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() { served <- struct{}{} }()
		both, end := context.WithCancel(r.Context())
		defer end()
		defer context.AfterFunc(ctx, end)()
		answer(t, "endless").Serve(w, r.WithContext(both))
	}))
	defer server.Close()
	get := func() *http.Response {
		response, err := server.Client().Get(server.URL)
		require.NoError(t, err)
		require.Equal(t, 200, response.StatusCode)
		return response
	}
	response := get()
	n, err := io.CopyN(io.Discard, response.Body, 20<<20)
	require.NoError(t, err)
	require.Equal(t, int64(20<<20), n)
	require.NoError(t, response.Body.Close())
	<-served

	response = get() // and reads nothing
	cancel()
	<-served
	_, err = io.Copy(io.Discard, response.Body)
	require.Error(t, err, "the body is not ended as if it were whole")
	require.NoError(t, response.Body.Close())

	head, err := server.Client().Head(server.URL)
	require.NoError(t, err)
	require.NoError(t, head.Body.Close())
	<-served
}
