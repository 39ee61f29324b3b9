package exchange

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/quintain-dev/quintain/features/internal/phrase"
)

// ReadLimit is how many bytes of an answer's body are read.
const ReadLimit = 1 << 20

// keepLimit is how many bytes of a body are kept for the report.
const keepLimit = 64 << 10

// Client sends requests to the receiver under test, each on a connection of its own. A kept connection would be closed
// by the receiver just as we write into it, and the receiver be blamed for it; and an answer in two packets, which is
// how some frameworks write it, comes 40 ms late on a connection that was used before. We do not announce that we close
// it: some servers then close first, with a body that they have not read, and their answer is lost.
type Client struct {
	url       string
	Timeout   time.Duration // how long the platform waits for an answer
	Patience  time.Duration // how long we do: no less
	Waits     atomic.Int32  // how often it was for nothing that we waited longer
	transport http.RoundTripper
	Own       bool // the transport is not the caller's
}

// Where a platform does not document how long it waits, a receiver that takes longer than we chose is not to blame for
// that. So we wait as long as slow senders do, unless the receiver has let us do so in vain a few times.
const (
	LongestWait = 30 * time.Second
	WaitsInVain = 6
)

// limit is the time limit for one answer.
func (w *Client) limit() time.Duration {
	if w.Waits.Load() >= WaitsInVain {
		return w.Timeout
	}
	return w.Patience
}

// NewClient makes a client for the receiver at a URL. timeout is how long the platform waits for an answer, patience
// how long the client does. A nil transport is one of our own, without proxy and without kept connections.
func NewClient(url string, timeout, patience time.Duration, transport http.RoundTripper) *Client {
	own := transport == nil
	if own {
		dialer := &net.Dialer{Timeout: patience}
		transport = &http.Transport{
			DialContext:         dialer.DialContext,
			MaxIdleConnsPerHost: -1, // keeps none, and says nothing of it in a header
			TLSHandshakeTimeout: patience,
			DisableCompression:  true, // the platforms ask for nothing
		}
	}
	return &Client{url: url, Timeout: timeout, Patience: patience, transport: transport, Own: own}
}

// An Answer is what came back for one request.
type Answer struct {
	Status    int // 0 if there was no complete head
	Header    http.Header
	Body      []byte
	truncated bool
	Problem   string // why the answer is not complete; empty if it is
	Err       error  // what the problem came from
	Hung      bool   // there was no complete answer within the time limit
	Reached   bool   // there was a connection
	reused    bool   // the connection had been used before
	Took      time.Duration
}

// HungUp reports whether the receiver closed the connection without an answer.
func (a Answer) HungUp() bool { return a.Status == 0 && a.Reached && !a.Complete() && !a.Hung }

// Complete reports whether a whole answer came.
func (a Answer) Complete() bool { return a.Problem == "" }

// Deliver posts a body, and again as long as the caller's transport had kept a connection that turned out to be closed:
// a receiver may close an idle connection at any time, and is not to blame that we were just writing into it.
func (w *Client) Deliver(ctx context.Context, header http.Header, body []byte) Answer {
	for range keptAtMost {
		a := w.post(ctx, w.transport, header, bytes.NewReader(body), len(body))
		if a.Complete() || a.Status != 0 || a.Hung || !a.reused || ctx.Err() != nil {
			return a
		}
	}
	return w.post(ctx, w.transport, header, bytes.NewReader(body), len(body))
}

// keptAtMost is how many kept connections in a row may turn out to be closed.
const keptAtMost = 8

// post sends one request. The time limit is for the whole answer.
func (w *Client) post(
	ctx context.Context, transport http.RoundTripper, header http.Header, body io.Reader, size int,
) (a Answer) {
	var reached, reused atomic.Bool
	start := time.Now()
	defer func() {
		a.Took = time.Since(start)
		a.Reached, a.reused = reached.Load() || a.Status != 0, reused.Load()
	}()
	limit := w.limit()
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	limited = httptrace.WithClientTrace(limited, &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) {
		reached.Store(true)
		reused.Store(info.Reused)
	}})
	req, err := http.NewRequestWithContext(limited, http.MethodPost, w.url, body)
	if err != nil {
		return w.fault(ctx, err, 0, limit)
	}
	req.Header = header.Clone()
	if user := req.URL.User; user != nil && req.Header.Get("Authorization") == "" {
		password, _ := user.Password()
		req.SetBasicAuth(user.Username(), password)
	}
	if req.ContentLength = int64(size); size == 0 {
		req.Body = http.NoBody
	}
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return w.fault(ctx, err, 0, limit)
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(io.LimitReader(resp.Body, ReadLimit))
	if err != nil {
		a = w.fault(ctx, err, len(got), limit)
	}
	a.Status, a.Header, a.Body, a.truncated = resp.StatusCode, resp.Header, got, len(got) == ReadLimit
	return a
}

// fault says in words why there is no complete answer. Nothing here decides by an error's text.
func (w *Client) fault(ctx context.Context, err error, read int, limit time.Duration) Answer {
	a := Answer{Err: err}
	var netErr net.Error
	var dns *net.DNSError
	switch {
	case ctx.Err() != nil:
		a.Problem = "the run was canceled"
	case errors.As(err, &dns):
		a.Problem = fmt.Sprintf("the host %s has no address", dns.Name)
	case errors.Is(err, syscall.ECONNREFUSED):
		a.Problem = "the connection was refused: nobody listens"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &netErr) && netErr.Timeout():
		a.Hung = true
		a.Problem = fmt.Sprintf("no complete answer within %s", limit)
		if limit > w.Timeout {
			w.Waits.Add(1)
		}
	case read > 0:
		a.Problem = fmt.Sprintf("the answer broke off after %s of its body", phrase.Count(read, "byte"))
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		a.Problem = "the connection was closed without a complete answer"
	default:
		a.Problem = "no answer: " + err.Error()
	}
	return a
}
