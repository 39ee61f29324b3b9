package client

import (
	"context"
	"time"
)

// NewWebhook is what a webhook is made of.
type NewWebhook struct {
	// absolute, http or https; the loopback, unless the server allows more
	URL      string   `json:"url"`
	Events   []string `json:"events"`              // names, or "*" for all
	Secret   *string  `json:"secret,omitempty"`    // default: the community's
	IsActive *bool    `json:"is_active,omitempty"` // default: true
	DeliverySettings
}

// DeliverySettings are how deliveries of a webhook are sent, where it differs from the community's. What is nil is as
// there, or, in a change, as it was.
type DeliverySettings struct {
	Faults    *string   `json:"faults,omitempty"`     // a script, such as "30% lost"; empty: the community's; none: no faults
	Schedule  *[]string `json:"schedule,omitempty"`   // delays such as 5s or 2h, empty for no retries
	TimeoutMS *int64    `json:"timeout_ms,omitempty"` // of an attempt, 1 to 600000; 0: the community's
}

// WebhookChange is a change of a webhook. What is nil stays as it is.
type WebhookChange struct {
	URL      *string  `json:"url,omitempty"`
	Events   []string `json:"events,omitzero"`
	Secret   *string  `json:"secret,omitempty"`
	IsActive *bool    `json:"is_active,omitempty"` // true begins the count of failures anew
	DeliverySettings
}

// A Webhook is a registered endpoint.
type Webhook struct {
	ID       string    `json:"id"`
	URL      string    `json:"url"`
	Events   []string  `json:"events"`
	IsActive bool      `json:"is_active"`
	Disabled bool      `json:"disabled"` // switched off by failures, not by hand
	Failures int       `json:"failures"` // consecutive ones, as the platform counts them
	Rotation *Rotation `json:"rotation"` // nil if the secret was not changed with an overlap
	DeliverySettings
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
	Secret    string    `json:"secret"` // only from CreateWebhook and RotateSecret, if the server made it
}

// A Rotation is a change of a secret while the one before is valid too.
type Rotation struct {
	Until    time.Time `json:"until"`     // when the one before ends to be valid, in schedule time
	SignWith string    `json:"sign_with"` // both, new or old
}

// NewRotation asks for another secret.
type NewRotation struct {
	Secret *string `json:"secret,omitempty"` // default: one is made
	// how long the one before is valid too, in schedule time, such as 24h; default: it ends at once
	Overlap  string `json:"overlap,omitempty"`
	SignWith string `json:"sign_with,omitempty"` // what signs meanwhile: both (default), new or old. Both is in turn, or at once where the scheme carries several signatures
}

// RotateSecret gives a webhook another secret. One that the server made is shown this once.
func (c *Client) RotateSecret(ctx context.Context, community, webhook string, n NewRotation) (*Webhook, error) {
	var out Webhook
	if err := c.control(ctx, "POST", nil, n, &out, "communities", community, "webhooks", webhook, "rotate"); err != nil {
		return nil, err
	}
	return &out, nil
}

// A TestResult is what the platform's test request came to.
type TestResult struct {
	OK       bool     `json:"ok"`
	Problems []string `json:"problems"` // what was wrong with the answer, one sentence each
	Attempt  Attempt  `json:"attempt"`
}

// CreateWebhook registers a webhook. A secret that the server made, for it or for the community, is shown this once.
func (c *Client) CreateWebhook(ctx context.Context, community string, n NewWebhook) (*Webhook, error) {
	var out Webhook
	if err := c.control(ctx, "POST", nil, n, &out, "communities", community, "webhooks"); err != nil {
		return nil, err
	}
	return &out, nil
}

// Webhooks lists the webhooks of a community in the order in which they were made.
func (c *Client) Webhooks(ctx context.Context, community string) ([]Webhook, error) {
	var out struct {
		Webhooks []Webhook `json:"webhooks"`
	}
	err := c.control(ctx, "GET", nil, nil, &out, "communities", community, "webhooks")
	return out.Webhooks, err
}

// Webhook returns a webhook.
func (c *Client) Webhook(ctx context.Context, community, webhook string) (*Webhook, error) {
	var out Webhook
	if err := c.control(ctx, "GET", nil, nil, &out, "communities", community, "webhooks", webhook); err != nil {
		return nil, err
	}
	return &out, nil
}

// UpdateWebhook changes a webhook.
func (c *Client) UpdateWebhook(ctx context.Context, community, webhook string, change WebhookChange) (*Webhook, error) {
	var out Webhook
	if err := c.control(ctx, "PATCH", nil, change, &out, "communities", community, "webhooks", webhook); err != nil {
		return nil, err
	}
	return &out, nil
}

// DeleteWebhook removes a webhook and cancels what waits for it.
func (c *Client) DeleteWebhook(ctx context.Context, community, webhook string) error {
	return c.control(ctx, "DELETE", nil, nil, nil, "communities", community, "webhooks", webhook)
}

// TestWebhook sends the platform's test request to a webhook, at once and outside the schedule. A platform that
// documents none is an *Error with the code no_handshake.
func (c *Client) TestWebhook(ctx context.Context, community, webhook string) (*TestResult, error) {
	var out TestResult
	if err := c.control(ctx, "POST", nil, nil, &out, "communities", community, "webhooks", webhook, "test"); err != nil {
		return nil, err
	}
	return &out, nil
}
