package client

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// An Entry is an attempt with whose it is. A line of an NDJSON export, after the first, is one.
type Entry struct {
	Position   uint64 `json:"position"`    // in the journal, from 1, in the order in which attempts were applied
	DeliveryID string `json:"delivery_id"` // empty for a test
	Sequence   uint64 `json:"sequence"`    // of the delivery; 0 for a test
	WebhookID  string `json:"webhook_id"`
	EventID    string `json:"event_id"` // empty for a test
	EventType  string `json:"event_type"`
	Attempt
}

// AttemptFilter lets through the attempts that match every field that is set.
type AttemptFilter struct {
	Event       string    // type; of a test, the name of its message
	Webhook     string    // id
	Outcome     string    // acknowledged, failed or gone
	Failure     string    // see Attempt
	Since       time.Time // sent at this time or after it, in schedule time
	Until       time.Time // sent before this time
	OldestFirst bool      // in the order in which they were applied; otherwise newest first
	Page        Page
}

// Attempts is a page of attempts.
type Attempts struct {
	Attempts []Entry `json:"attempts"`
	Page     int     `json:"page"`
	PerPage  int     `json:"per_page"`
	Total    int     `json:"total"` // on all pages
}

// Attempts returns a page of the attempts of all webhooks, tests included.
func (c *Client) Attempts(ctx context.Context, community string, f AttemptFilter) (*Attempts, error) {
	q := f.Page.query()
	setAll(q, map[string]string{
		"event": f.Event, "webhook": f.Webhook, "outcome": f.Outcome, "failure": f.Failure,
		"since": written(f.Since), "until": written(f.Until),
	})
	if f.OldestFirst {
		q.Set("order", "asc")
	}
	var out Attempts
	if err := c.control(ctx, "GET", q, nil, &out, "communities", community, "attempts"); err != nil {
		return nil, err
	}
	return &out, nil
}

// A Selection is of deliveries: those with the ids, or, if there is a filter, those that it lets through, whatever page
// it has. It may have 10,000 at most.
type Selection struct {
	Deliveries []string
	Filter     *DeliveryFilter
}

// Redelivered is what became of a Selection, oldest first.
type Redelivered struct {
	Redelivered []Delivery `json:"redelivered"`
	Skipped     []Skipped  `json:"skipped"`
}

// Skipped is a delivery that could not be sent again, and why.
type Skipped struct {
	ID      string `json:"id"`
	Code    string `json:"code"` // delivery_unsettled, webhook_deleted or webhook_inactive
	Message string `json:"message"`
}

// RedeliverAll is Redeliver for a selection, the oldest first. What cannot be sent again is skipped; an id that there
// is not is an error before anything is done.
func (c *Client) RedeliverAll(ctx context.Context, community string, s Selection, wait bool) (*Redelivered, error) {
	body := map[string]any{}
	if s.Filter != nil {
		filter := map[string]string{}
		f := *s.Filter
		f.Page = Page{}
		for name, values := range f.query() {
			filter[name] = values[0]
		}
		body["filter"] = filter
	}
	if s.Deliveries != nil || s.Filter == nil {
		body["deliveries"] = append([]string{}, s.Deliveries...) // null is no list
	}
	q := url.Values{}
	if wait {
		q.Set("wait", "true")
	}
	var out Redelivered
	if err := c.control(ctx, "POST", q, body, &out, "communities", community, "redeliver"); err != nil {
		return nil, err
	}
	return &out, nil
}

// The formats of an export.
const (
	NDJSON = "ndjson" // one JSON value on a line: first what the export is of, then an Entry for each attempt
	HAR    = "har"    // HTTP Archive 1.2
)

// Export writes the attempts of the deliveries that a filter lets through to w, in the order in which they were
// applied; without a filter all, tests included. The filter's page is not looked at. What is written when there is an
// error is not whole.
func (c *Client) Export(ctx context.Context, community, format string, f DeliveryFilter, w io.Writer) error {
	f.Page = Page{}
	q := f.query()
	setAll(q, map[string]string{"format": format})
	return c.stream(ctx, q, w, "communities", community, "export")
}

// Curl returns an attempt as a command for a POSIX shell with curl. Attempts of a delivery are numbered from 1.
func (c *Client) Curl(ctx context.Context, community, delivery string, attempt int) (string, error) {
	var out strings.Builder
	err := c.stream(ctx, nil, &out, "communities", community, "deliveries", delivery, "attempts", strconv.Itoa(attempt), "curl")
	return out.String(), err
}

// A Digest stands for all that was sent and answered: two runs that have the same one did the same.
type Digest struct {
	Digest   string `json:"digest"`   // sha256: and 64 hexadecimal digits
	Attempts int    `json:"attempts"` // that are in it
}

// Digest returns the digest of a community's attempts.
func (c *Client) Digest(ctx context.Context, community string) (*Digest, error) {
	var out Digest
	if err := c.control(ctx, "GET", nil, nil, &out, "communities", community, "digest"); err != nil {
		return nil, err
	}
	return &out, nil
}

// stream gets an answer of the control API that is not JSON, of any size.
func (c *Client) stream(ctx context.Context, query url.Values, w io.Writer, elements ...string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+join("/__mock", elements, query), nil)
	if err != nil {
		return err
	}
	authorize(request, c.token)
	response, err := c.http.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode >= 400 {
		answer, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
		if err != nil {
			return fmt.Errorf("GET %s: %w", request.URL.Path, err)
		}
		return failure(response, answer)
	}
	if _, err := io.Copy(w, response.Body); err != nil {
		return fmt.Errorf("GET %s: the answer is not whole: %w", request.URL.Path, err)
	}
	return nil
}
