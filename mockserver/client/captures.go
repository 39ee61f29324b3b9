package client

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// A Capture is a request that an inbox got.
type Capture struct {
	Number  uint64      `json:"number"` // in the inbox, from 1
	Method  string      `json:"method"`
	Path    string      `json:"path"`    // behind the inbox's URL, as it was sent
	Query   string      `json:"query"`   // as it was sent
	Headers http.Header `json:"headers"` // with Host
	Body
	Truncated  bool      `json:"truncated"`   // the body was longer than 10 MiB, or did not arrive whole
	At         time.Time `json:"at"`          // schedule time
	ReceivedAt time.Time `json:"received_at"` // real time
	Answered   string    `json:"answered"`    // the answer of the script; empty if the sender broke off
	Event      string    `json:"event"`       // as the body says it, known or not; empty if it does not
	Attempt    int       `json:"attempt"`     // how often this delivery has come to the inbox, from 1
	// the body is what the platform documents; false, too, of one that is not judged, as its problem says
	Valid    bool      `json:"valid"`
	Problems []Problem `json:"problems"` // where it is not: the first 50
	// valid, none, or what is wrong; empty if there was nothing to check, or the body is not there whole
	Signature string `json:"signature"`
}

// A Problem is one place of a body that breaks its contract.
type Problem struct {
	Pointer string `json:"pointer"` // JSON pointer into the body; empty for the whole
	Message string `json:"message"` // a sentence such as "is a number, want a string"
}

// Captures is a page of captures, oldest first.
type Captures struct {
	Captures []Capture `json:"captures"`
	Page     int       `json:"page"`
	PerPage  int       `json:"per_page"`
	Total    int       `json:"total"` // on all pages
}

// CaptureFilter lets through the captures that match every field that is set.
type CaptureFilter struct {
	Event  string
	Valid  *bool
	Method string
	Path   string // behind the inbox's URL
}

func (f CaptureFilter) query(q url.Values) url.Values {
	setAll(q, map[string]string{"event": f.Event, "method": f.Method, "path": f.Path})
	if f.Valid != nil {
		q.Set("valid", strconv.FormatBool(*f.Valid))
	}
	return q
}

// Captures returns a page of what an inbox got, oldest first.
func (c *Client) Captures(ctx context.Context, community, inbox string, page Page) (*Captures, error) {
	return c.FindCaptures(ctx, community, inbox, CaptureFilter{}, page)
}

// FindCaptures returns a page of those captures of an inbox that the filter lets through, oldest first.
func (c *Client) FindCaptures(
	ctx context.Context, community, inbox string, f CaptureFilter, page Page,
) (*Captures, error) {
	var out Captures
	if err := c.control(ctx, "GET", f.query(page.query()), nil, &out, "communities", community, "inboxes", inbox, "captures"); err != nil {
		return nil, err
	}
	return &out, nil
}

// WaitForCaptures waits until an inbox has count captures, 1 to 500, that the filter lets through, and returns the
// first of them; Total says how many there are. It waits in real time, for 60 s at most. If they do not come in time,
// the error is an *Error with the code not_arrived, whose details have what came in their place.
func (c *Client) WaitForCaptures(
	ctx context.Context, community, inbox string, f CaptureFilter, count int, timeout time.Duration,
) (*Captures, error) {
	q := f.query(url.Values{"count": {strconv.Itoa(count)}, "timeout": {timeout.String()}})
	var out Captures
	if err := c.control(ctx, "GET", q, nil, &out, "communities", community, "inboxes", inbox, "captures", "wait"); err != nil {
		return nil, err
	}
	return &out, nil
}

// Capture returns a capture of an inbox by its number.
func (c *Client) Capture(ctx context.Context, community, inbox string, number uint64) (*Capture, error) {
	var out Capture
	if err := c.control(ctx, "GET", nil, nil, &out, capturePath(community, inbox, number)...); err != nil {
		return nil, err
	}
	return &out, nil
}

// CaptureBody returns the body of a capture, byte for byte.
func (c *Client) CaptureBody(ctx context.Context, community, inbox string, number uint64) ([]byte, error) {
	var out rawBody
	err := c.control(ctx, "GET", nil, nil, &out, append(capturePath(community, inbox, number), "body")...)
	return out, err
}

func capturePath(community, inbox string, number uint64) []string {
	return []string{"communities", community, "inboxes", inbox, "captures", strconv.FormatUint(number, 10)}
}

// DeleteCaptures forgets what an inbox got.
func (c *Client) DeleteCaptures(ctx context.Context, community, inbox string) error {
	return c.control(ctx, "DELETE", nil, nil, nil, "communities", community, "inboxes", inbox, "captures")
}
