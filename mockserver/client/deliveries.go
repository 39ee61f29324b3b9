package client

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// The states of a delivery.
const (
	Pending      = "pending"
	Sending      = "sending"
	Waiting      = "waiting"
	Acknowledged = "acknowledged"
	Exhausted    = "exhausted"
	Canceled     = "canceled"
)

// A Delivery is one event owed to one webhook.
type Delivery struct {
	ID           string    `json:"id"`
	Sequence     uint64    `json:"sequence"` // in the community, from 1
	WebhookID    string    `json:"webhook_id"`
	EventID      string    `json:"event_id"`
	EventType    string    `json:"event_type"`
	State        string    `json:"state"`
	AttemptCount int       `json:"attempt_count"` // attempts begun
	Due          time.Time `json:"due"`           // of the next attempt; of a settled delivery, of the last one
	CreatedAt    time.Time `json:"created_at"`
}

// DeliveryDetail is a delivery with its attempts, oldest first.
type DeliveryDetail struct {
	Delivery
	N        uint64    `json:"n"` // of the payload
	Attempts []Attempt `json:"attempts"`
}

// An Attempt is one HTTP request of a delivery, or of a test.
type Attempt struct {
	ID         string    `json:"id"`
	Number     int       `json:"number"` // of the delivery, from 1
	Manual     bool      `json:"manual"` // asked for by hand, outside the schedule
	Copy       int       `json:"copy"`   // of a fault that sends the same again, from 1; 0 for the request that counts
	Due        time.Time `json:"due"`    // schedule time
	Sent       time.Time `json:"sent"`   // schedule time
	Stamp      time.Time `json:"stamp"`  // what headers and signatures are stamped with: real time, or schedule time with stamp schedule; the faults stale and future set it off
	DurationMS float64   `json:"duration_ms"`
	Request    Request   `json:"request"`
	Response   *Response `json:"response"` // nil if there was no complete answer
	// timeout, refused, reset, malformed, unresolvable, network_error; empty if there was an answer
	Failure string   `json:"failure"`
	Error   string   `json:"error"`   // the failure in words
	Outcome string   `json:"outcome"` // acknowledged, failed or gone
	Faults  []string `json:"faults"`  // how the sender misbehaved, in the language of faults
	Phases  *Phases  `json:"phases"`  // nil if nothing was measured
}

// Phases says when the parts of an exchange were done, in milliseconds of real time since it began. A part that there
// was not is 0.
type Phases struct {
	ResolvedMS  float64 `json:"resolved_ms"` // the name had an address
	ConnectedMS float64 `json:"connected_ms"`
	SecuredMS   float64 `json:"secured_ms"`    // the TLS handshake was done
	WroteMS     float64 `json:"wrote_ms"`      // the request was written
	FirstByteMS float64 `json:"first_byte_ms"` // of the answer
	DoneMS      float64 `json:"done_ms"`       // the answer was read, or given up
	Reused      bool    `json:"reused"`        // the connection was kept from an exchange before
	Remote      string  `json:"remote"`        // the address that was sent to; empty if unknown
}

// A Request is what was sent. An Authorization header is blotted out.
type Request struct {
	Method  string      `json:"method"`
	URL     string      `json:"url"`
	Headers http.Header `json:"headers"`
	Body
	Truncated bool `json:"truncated"` // the body was longer than 1 MiB
	// the bytes as they were sent, where a fault made others of them, the first 64 kB; nil: as headers and body say
	Wire []byte `json:"wire"`
}

// A Response is what came back.
type Response struct {
	Status  int         `json:"status"`
	Headers http.Header `json:"headers"`
	Body
	Truncated bool `json:"truncated"` // there was more than 64 KiB
}

// A Body is a body as JSON can carry it.
type Body struct {
	Text     string `json:"body"`
	Encoding string `json:"body_encoding"` // utf-8: Text is the body; base64: of it
}

// Bytes returns the body. A Text that is not base64 although Encoding says so gives nil.
func (b Body) Bytes() []byte {
	if b.Encoding != "base64" {
		return []byte(b.Text)
	}
	raw, err := base64.StdEncoding.DecodeString(b.Text)
	if err != nil {
		return nil
	}
	return raw
}

// A Page is a part of a list. The zero value is the first one, of 50.
type Page struct {
	Number int // from 1; 0 = 1
	Size   int // 1 to 500; 0 = 50
}

func (p Page) query() url.Values {
	q := url.Values{}
	if p.Number != 0 {
		q.Set("page", strconv.Itoa(p.Number))
	}
	if p.Size != 0 {
		q.Set("per_page", strconv.Itoa(p.Size))
	}
	return q
}

// DeliveryFilter lets through the deliveries that match every field that is set.
type DeliveryFilter struct {
	State   string
	Event   string    // type
	Webhook string    // id
	Since   time.Time // made at this time or after it, in schedule time
	Until   time.Time // made before this time
	Page    Page
}

func (f DeliveryFilter) query() url.Values {
	q := f.Page.query()
	setAll(q, map[string]string{
		"state": f.State, "event": f.Event, "webhook": f.Webhook, "since": written(f.Since), "until": written(f.Until),
	})
	return q
}

// setAll sets the parameters that are not empty.
func setAll(q url.Values, values map[string]string) {
	for name, value := range values {
		if value != "" {
			q.Set(name, value)
		}
	}
}

// written writes a time; a zero one is empty.
func written(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339Nano)
}

// Deliveries is a page of deliveries, newest first.
type Deliveries struct {
	Deliveries []Delivery `json:"deliveries"`
	Page       int        `json:"page"`
	PerPage    int        `json:"per_page"`
	Total      int        `json:"total"` // on all pages
}

// Deliveries returns a page of deliveries, newest first.
func (c *Client) Deliveries(ctx context.Context, community string, f DeliveryFilter) (*Deliveries, error) {
	var out Deliveries
	if err := c.control(ctx, "GET", f.query(), nil, &out, "communities", community, "deliveries"); err != nil {
		return nil, err
	}
	return &out, nil
}

// Delivery returns a delivery with its attempts.
func (c *Client) Delivery(ctx context.Context, community, delivery string) (*DeliveryDetail, error) {
	var out DeliveryDetail
	if err := c.control(ctx, "GET", nil, nil, &out, "communities", community, "deliveries", delivery); err != nil {
		return nil, err
	}
	return &out, nil
}

// Redeliver asks for one more attempt of a settled delivery, due now. With wait, it returns when that is final;
// without, it is made as soon as it can be on a clock that runs, and on a virtual clock when it is moved.
func (c *Client) Redeliver(ctx context.Context, community, delivery string, wait bool) (*Delivery, error) {
	q := url.Values{}
	if wait {
		q.Set("wait", "true")
	}
	var out Delivery
	if err := c.control(ctx, "POST", q, nil, &out, "communities", community, "deliveries", delivery, "redeliver"); err != nil {
		return nil, err
	}
	return &out, nil
}
