package client

import (
	"context"
	"net/url"
	"time"
)

// A Clock is what a community's clock shows.
type Clock struct {
	Mode    string     `json:"mode"`    // ClockReal, ClockScaled or ClockVirtual
	Now     time.Time  `json:"now"`     // schedule time
	Scale   float64    `json:"scale"`   // 0 unless scaled
	Paused  bool       `json:"paused"`  // it stands until it is resumed
	Pending int        `json:"pending"` // attempts that are due later, or under way
	Next    *time.Time `json:"next"`    // when the first of them is due; nil if none is
}

// Moved is what a move of the clock brought.
type Moved struct {
	Now      time.Time `json:"now"`
	Attempts int       `json:"attempts"` // made on the way; all are final
}

// Clock returns what the clock shows.
func (c *Client) Clock(ctx context.Context, community string) (*Clock, error) {
	var out Clock
	if err := c.control(ctx, "GET", nil, nil, &out, "communities", community, "clock"); err != nil {
		return nil, err
	}
	return &out, nil
}

// Advance moves a virtual clock by a duration of 0 or more, and returns when every attempt that fell due is final.
func (c *Client) Advance(ctx context.Context, community string, by time.Duration) (*Moved, error) {
	return c.move(ctx, community, "advance", map[string]string{"by": by.String()})
}

// AdvanceTo moves a virtual clock to a time, as Advance does.
func (c *Client) AdvanceTo(ctx context.Context, community string, to time.Time) (*Moved, error) {
	return c.move(ctx, community, "advance", map[string]string{"to": to.Format(time.RFC3339Nano)})
}

// AdvanceToNext moves a virtual clock to when the next attempt is due, as Advance does. If none is, the clock stays.
func (c *Client) AdvanceToNext(ctx context.Context, community string) (*Moved, error) {
	return c.move(ctx, community, "advance", map[string]string{"to": "next"})
}

// Settle moves a virtual clock until nothing is pending. It makes at most max attempts, 100000 if max is 0; more to do
// is an *Error with the code settle_bound.
func (c *Client) Settle(ctx context.Context, community string, max int) (*Moved, error) {
	body := map[string]int{}
	if max != 0 {
		body["max"] = max
	}
	return c.move(ctx, community, "settle", body)
}

func (c *Client) move(ctx context.Context, community, how string, body any) (*Moved, error) {
	var out Moved
	if err := c.control(ctx, "POST", nil, body, &out, "communities", community, "clock", how); err != nil {
		return nil, err
	}
	return &out, nil
}

// Pause stops a clock that is real or scaled: no attempt begins until Resume; those under way go on.
func (c *Client) Pause(ctx context.Context, community string) (*Clock, error) {
	return c.halt(ctx, community, "pause")
}

// Resume lets a clock go on that was paused.
func (c *Client) Resume(ctx context.Context, community string) (*Clock, error) {
	return c.halt(ctx, community, "resume")
}

func (c *Client) halt(ctx context.Context, community, how string) (*Clock, error) {
	var out Clock
	if err := c.control(ctx, "POST", nil, nil, &out, "communities", community, "clock", how); err != nil {
		return nil, err
	}
	return &out, nil
}

// Settled waits, on any clock, until nothing is pending: no attempt is due later or under way. It moves no clock. If
// that takes longer than the timeout, which is real time and at most 10 minutes, the error is an *Error with the code
// not_settled, whose details name what is pending.
func (c *Client) Settled(ctx context.Context, community string, timeout time.Duration) (*Clock, error) {
	var out Clock
	query := url.Values{"timeout": {timeout.String()}}
	if err := c.control(ctx, "GET", query, nil, &out, "communities", community, "settled"); err != nil {
		return nil, err
	}
	return &out, nil
}
