package client

import (
	"context"
	"encoding/json"
	"net/url"
	"time"
)

// An Emission asks for events.
type Emission struct {
	Type  string  `json:"type"`
	Count int     `json:"count,omitempty"` // 1 to 10000; 0 = 1
	N     *uint64 `json:"n,omitempty"`     // the number of the first payload; default: the one after the last
	// whom or what the events are about; default: each its own, the payload's number
	Subject *uint64 `json:"subject,omitempty"`
	Faults  string  `json:"faults,omitempty"` // how these deliveries are spoilt; default: as the webhooks have it
	Payload []byte  `json:"-"`                // JSON that is sent as it is, byte for byte; nil: generated

	// Wait makes the call return when the first attempts are final. Without it they are made as soon as they can be on
	// a clock that runs, and on a virtual clock when it is moved.
	Wait bool `json:"-"`
}

// body writes the request. The payload goes in unchanged, which encoding/json does not do.
func (e Emission) body() (rawBody, error) {
	body, err := json.Marshal(e)
	if err == nil && e.Payload != nil {
		body = append(body[:len(body)-1], `,"payload":`...)
		body = append(append(body, e.Payload...), '}')
	}
	return body, err
}

// An Event is one occurrence.
type Event struct {
	ID         string    `json:"id"` // as it is in the body, or one of the server's where the platform has none
	Type       string    `json:"type"`
	N          uint64    `json:"n"`
	Subject    uint64    `json:"subject"`    // whom or what it is about
	Time       time.Time `json:"time"`       // schedule time
	Deliveries []string  `json:"deliveries"` // ids, one for each webhook that is sent the event
}

// Emit lets events happen.
func (c *Client) Emit(ctx context.Context, community string, e Emission) ([]Event, error) {
	body, err := e.body()
	if err != nil {
		return nil, err
	}
	query := url.Values{}
	if e.Wait {
		query.Set("wait", "true")
	}
	var out struct {
		Events []Event `json:"events"`
	}
	err = c.control(ctx, "POST", query, body, &out, "communities", community, "events")
	return out.Events, err
}
