package sender

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"time"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver/internal/store"
)

// How much of an answer's body is read, and how much of that is kept, in bytes. An answer that goes on is complete, as
// far as the schedule is concerned, where reading stopped.
const (
	readLimit = 1 << 20
	keepLimit = 64 << 10
)

// An Answer is what a request came to. Exactly one of Response and Failure is set.
type Answer struct {
	Response *store.Response
	Failure  contract.Failure
	Error    string        // the failure in words
	Duration time.Duration // in real time, until the answer was complete, or given up
	Phases   store.Phases
}

// Status returns the status of the answer, 0 if there was none.
func (a Answer) Status() int {
	if a.Response == nil {
		return 0
	}
	return a.Response.Status
}

// Exchange sends one request and reads the whole answer, within the timeout. It returns the error of the context if
// that ended first, and no other: what goes wrong between here and the receiver is an Answer.
func Exchange(ctx context.Context, transport http.RoundTripper, timeout time.Duration, url string, header http.Header, body []byte) (Answer, error) {
	p := phases{start: time.Now()}
	limited, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	response, err := exchange(httptrace.WithClientTrace(limited, p.trace()), transport, url, header, body)
	if ctx.Err() != nil {
		return Answer{}, ctx.Err()
	}
	answer := Answer{Response: response}
	answer.Phases = p.done()
	answer.Duration = answer.Phases.Done
	if err != nil {
		answer.Response = nil
		answer.Failure = failure(err, answer.Phases.FirstByte > 0 || response != nil)
		answer.Error = words(err, answer.Failure, timeout)
	}
	return answer, nil
}

// exchange returns an answer beside the error, if there was one that is not whole or cannot be.
func exchange(
	ctx context.Context, transport http.RoundTripper, url string, header http.Header, body []byte,
) (*store.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if header != nil {
		request.Header = header
	}
	response, err := transport.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode < 100 || response.StatusCode > 999 {
		return &store.Response{}, fmt.Errorf("the status is %03d, which no answer has", response.StatusCode)
	}
	out := &store.Response{Status: response.StatusCode, Header: response.Header}
	if response.Body == http.NoBody {
		return out, nil
	}
	got, err := io.ReadAll(io.LimitReader(response.Body, readLimit+1))
	if err != nil {
		return out, err
	}
	if len(got) > keepLimit {
		got, out.Truncated = bytes.Clone(got[:keepLimit]), true
	}
	out.Body = got
	return out, nil
}

// words says what went wrong, without the URL around it, which the reader has already.
func words(err error, failure contract.Failure, timeout time.Duration) string {
	var outer *url.Error
	if errors.As(err, &outer) {
		err = outer.Err
	}
	switch failure {
	case contract.Timeout:
		return "no complete answer within " + timeout.String()
	case contract.Reset:
		return "the connection was closed or reset before the answer was complete"
	case contract.Malformed:
		return "what came back is not HTTP: " + err.Error()
	default:
		return err.Error()
	}
}
