package api

import (
	"encoding/base64"
	"net/http"
	"time"
	"unicode/utf8"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver/internal/store"
)

type attemptJSON struct {
	ID         string           `json:"id"`
	Number     int              `json:"number"`
	Manual     bool             `json:"manual"`
	Copy       int              `json:"copy,omitempty"`
	Due        time.Time        `json:"due"`
	Sent       time.Time        `json:"sent"`
	Stamp      time.Time        `json:"stamp,omitzero"`
	DurationMS *float64         `json:"duration_ms,omitempty"`
	Request    requestJSON      `json:"request"`
	Response   *responseJSON    `json:"response,omitempty"`
	Failure    contract.Failure `json:"failure,omitempty"`
	Error      string           `json:"error,omitempty"`
	Outcome    contract.Outcome `json:"outcome"`
	Faults     []string         `json:"faults,omitempty"`
	Phases     *phasesJSON      `json:"phases,omitempty"`
}

type requestJSON struct {
	Method  string      `json:"method"`
	URL     string      `json:"url"`
	Headers http.Header `json:"headers"`
	bodyJSON
	Truncated bool    `json:"truncated,omitempty"`
	Wire      *string `json:"wire,omitempty"` // base64
}

type responseJSON struct {
	Status  int         `json:"status"`
	Headers http.Header `json:"headers"`
	bodyJSON
	Truncated bool `json:"truncated"`
}

// phasesJSON has when each part was done, in milliseconds since the exchange began. A part that there was not is left
// out.
type phasesJSON struct {
	Resolved  float64 `json:"resolved_ms,omitempty"`
	Connected float64 `json:"connected_ms,omitempty"`
	Secured   float64 `json:"secured_ms,omitempty"`
	Wrote     float64 `json:"wrote_ms,omitempty"`
	FirstByte float64 `json:"first_byte_ms,omitempty"`
	Done      float64 `json:"done_ms"`
	Reused    bool    `json:"reused"`
	Remote    string  `json:"remote,omitempty"`
}

// bodyJSON is a body in JSON: as text, if it is UTF-8, and in base64 otherwise.
type bodyJSON struct {
	Body         string `json:"body"`
	BodyEncoding string `json:"body_encoding"` // utf-8 or base64
}

// entryJSON is an attempt with whose it is: an item of the list of attempts, and a line of the export. The order of the
// keys is that of the fields, and of headers the alphabet's.
type entryJSON struct {
	Position   uint64 `json:"position"`
	DeliveryID string `json:"delivery_id,omitempty"` // of a test there is none
	Sequence   uint64 `json:"sequence,omitempty"`
	WebhookID  string `json:"webhook_id"`
	EventID    string `json:"event_id,omitempty"`
	EventType  string `json:"event_type"`
	attemptJSON
}

func showBody(body []byte) bodyJSON {
	if utf8.Valid(body) {
		return bodyJSON{string(body), "utf-8"}
	}
	return bodyJSON{base64.StdEncoding.EncodeToString(body), "base64"}
}

func showAttempt(a store.Attempt) attemptJSON {
	duration := milliseconds(a.Duration)
	out := attemptJSON{
		ID: a.ID, Number: a.Number, Manual: a.Manual, Copy: a.Copy, Due: a.Due, Sent: a.Sent, Stamp: a.Stamp, DurationMS: &duration,
		Request: requestJSON{Method: a.Request.Method, URL: a.Request.URL, Headers: headers(a.Request.Header), bodyJSON: showBody(a.Request.Body), Truncated: a.Request.Truncated},
		Failure: a.Failure, Error: a.Error, Outcome: a.Outcome, Faults: a.Faults, Phases: showPhases(a.Phases),
	}
	if a.Request.Wire != nil {
		wire := base64.StdEncoding.EncodeToString(a.Request.Wire)
		out.Request.Wire = &wire
	}
	if r := a.Response; r != nil {
		out.Response = &responseJSON{r.Status, headers(r.Header), showBody(r.Body), r.Truncated}
	}
	return out
}

// showPhases returns nil if nothing was measured.
func showPhases(p store.Phases) *phasesJSON {
	if p == (store.Phases{}) {
		return nil
	}
	return &phasesJSON{
		Resolved: milliseconds(p.Resolved), Connected: milliseconds(p.Connected), Secured: milliseconds(p.Secured),
		Wrote: milliseconds(p.Wrote), FirstByte: milliseconds(p.FirstByte), Done: milliseconds(p.Done),
		Reused: p.Reused, Remote: p.Remote,
	}
}

// milliseconds returns a duration to the microsecond.
func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func showEntry(e store.Entry) entryJSON {
	return entryJSON{
		Position: e.Position, DeliveryID: e.Attempt.DeliveryID, Sequence: e.Delivery.Sequence, WebhookID: e.Attempt.WebhookID,
		EventID: e.Delivery.EventID, EventType: e.Attempt.EventType, attemptJSON: showAttempt(e.Attempt),
	}
}

// headers makes an object of headers that are not there.
func headers(h http.Header) http.Header {
	if h == nil {
		return http.Header{}
	}
	return h
}
