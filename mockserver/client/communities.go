package client

import (
	"context"
	"time"
)

// The modes of a clock.
const (
	ClockReal    = "real"    // the time of the machine
	ClockScaled  = "scaled"  // runs faster
	ClockVirtual = "virtual" // stands still until it is moved
)

// How the server makes the tokens and secrets of a community.
const (
	SecretsSeeded = "seeded" // derived from the seed and the id: the same in every run
	SecretsRandom = "random"
)

// NewCommunity is what a community is made of. Only Platform is needed.
type NewCommunity struct {
	Platform string `json:"platform"` // name, or name and revision: tribe@2021-12

	// 1 to 64 letters, digits, dots, dashes, underscores; default: derived from the seed
	ID     string  `json:"id,omitempty"`
	Name   string  `json:"name,omitempty"`
	Seed   *uint64 `json:"seed,omitempty"`   // of everything generated; default: drawn, and told
	Token  string  `json:"token,omitempty"`  // of the platform's admin API; default: made
	Secret *string `json:"secret,omitempty"` // of webhooks without one; default: made where deliveries are signed

	// Secrets says how those are made: SecretsSeeded (the default with a Seed) or SecretsRandom (else).
	Secrets string `json:"secrets,omitempty"`

	Clock *NewClock `json:"clock,omitempty"` // default: real

	TimeoutMS int `json:"timeout_ms,omitempty"` // of an attempt, 1 to 600000; default: the platform's
	// delays such as 5s or 2h, empty for no retries; nil: the platform's
	Schedule []string `json:"schedule,omitzero"`
	// the share of a delay by which it may be longer, 0 to 1; seeded
	Jitter       float64 `json:"jitter,omitzero"`
	RetryAfter   bool    `json:"retry_after,omitzero"`    // an answer's Retry-After may make a delay longer
	Gone         bool    `json:"gone,omitzero"`           // a status of 410 switches the webhook off
	DisableAfter *int    `json:"disable_after,omitempty"` // consecutive failures, 0 = never; default: the platform's
	Success      string  `json:"success,omitempty"`       // exactly-200, 2xx or below-400; default: the platform's
	Signature    string  `json:"signature,omitempty"`     // platform (default), or standard-webhooks
	// of headers and signatures: real time (default), or schedule, which makes two runs the same to the byte
	Stamp  string `json:"stamp,omitempty"`
	Faults string `json:"faults,omitempty"` // how the sender misbehaves, such as "30% lost, duplicate x2"; see Faults
	// json or form, as far as the platform has it; default: its first
	Encoding    string `json:"encoding,omitempty"`
	FormStyle   string `json:"form_style,omitempty"`  // brackets (default) or dots
	RateLimit   *int   `json:"rate_limit,omitempty"`  // requests to the platform's admin API in its window (Tryno: a minute, Tribe: 10 s); 0 = never refused; default: 100
	MaxWebhooks int    `json:"max_webhooks,omitzero"` // 0 = as many as there are made

	RevealSecrets bool `json:"reveal_secrets,omitzero"` // keys stand in the journal as they were sent
}

// NewClock is what a clock is made of.
type NewClock struct {
	Mode  string     `json:"mode"`            // ClockReal, ClockScaled or ClockVirtual
	Start *time.Time `json:"start,omitempty"` // of a scaled or virtual clock; default: now
	Scale float64    `json:"scale,omitempty"` // of a scaled clock, how many times as fast as real time; default: 3600
}

// Virtual returns a virtual clock that starts now.
func Virtual() *NewClock { return &NewClock{Mode: ClockVirtual} }

// VirtualFrom returns a virtual clock that starts at a time.
func VirtualFrom(start time.Time) *NewClock { return &NewClock{Mode: ClockVirtual, Start: &start} }

// Scaled returns a clock that starts now and runs scale times as fast as real time.
func Scaled(scale float64) *NewClock { return &NewClock{Mode: ClockScaled, Scale: scale} }

// Of returns a pointer to a value, for the optional fields of requests.
func Of[T any](v T) *T { return &v }

// A Community is a tenant of the server.
type Community struct {
	ID           string    `json:"id"`
	Name         string    `json:"name"`
	Platform     string    `json:"platform"`
	Revision     string    `json:"revision"`
	Seed         uint64    `json:"seed"`
	Clock        Clock     `json:"clock"`
	TimeoutMS    int       `json:"timeout_ms"`
	Schedule     []string  `json:"schedule"`
	Jitter       float64   `json:"jitter"`
	Bounds       []Bounds  `json:"bounds"` // of each delay of Schedule, with jitter
	RetryAfter   bool      `json:"retry_after"`
	Gone         bool      `json:"gone"`
	DisableAfter int       `json:"disable_after"`
	Success      string    `json:"success"`
	Signature    string    `json:"signature"` // the scheme: none, bearer, hmac-sha256 or standard-webhooks
	Stamp        string    `json:"stamp"`
	Faults       string    `json:"faults"`
	Encoding     string    `json:"encoding"`
	FormStyle    string    `json:"form_style"`
	RateLimit    int       `json:"rate_limit"`
	MaxWebhooks  int       `json:"max_webhooks"`
	Reveals      bool      `json:"reveal_secrets"`
	CreatedAt    time.Time `json:"created_at"` // real time
	Token        string    `json:"token"`      // only from CreateCommunity
	Secret       string    `json:"secret"`     // only from CreateCommunity
}

// Bounds are the shortest and the longest delay before a retry, as 5m0s.
type Bounds struct {
	Min string `json:"min"`
	Max string `json:"max"`
}

// CreateCommunity makes a community. Its token and secret are shown this once.
func (c *Client) CreateCommunity(ctx context.Context, n NewCommunity) (*Community, error) {
	var out Community
	if err := c.control(ctx, "POST", nil, n, &out, "communities"); err != nil {
		return nil, err
	}
	return &out, nil
}

// Communities lists the communities in the order in which they were made.
func (c *Client) Communities(ctx context.Context) ([]Community, error) {
	var out struct {
		Communities []Community `json:"communities"`
	}
	err := c.control(ctx, "GET", nil, nil, &out, "communities")
	return out.Communities, err
}

// Community returns a community.
func (c *Client) Community(ctx context.Context, id string) (*Community, error) {
	var out Community
	if err := c.control(ctx, "GET", nil, nil, &out, "communities", id); err != nil {
		return nil, err
	}
	return &out, nil
}

// DeleteCommunity ends a community and breaks off its attempts.
func (c *Client) DeleteCommunity(ctx context.Context, id string) error {
	return c.control(ctx, "DELETE", nil, nil, nil, "communities", id)
}

// ResetCommunity takes a community back to where it began: without webhooks, deliveries and inboxes, the clock at its
// start.
func (c *Client) ResetCommunity(ctx context.Context, id string) error {
	return c.control(ctx, "POST", nil, nil, nil, "communities", id, "reset")
}

// Reset resets every community.
func (c *Client) Reset(ctx context.Context) error {
	return c.control(ctx, "POST", nil, nil, nil, "reset")
}
