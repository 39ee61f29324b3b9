package client

import (
	"context"
	"time"
)

// NewWebhook is what a webhook is made of.
type NewWebhook struct {
	URL      string   `json:"url"`                 // absolute, http or https; the loopback, unless the server allows more
	Events   []string `json:"events"`              // names, or "*" for all
	Secret   *string  `json:"secret,omitempty"`    // default: the community's
	IsActive *bool    `json:"is_active,omitempty"` // default: true
}

// WebhookChange is a change of a webhook. What is nil stays as it is.
type WebhookChange struct {
	URL      *string  `json:"url,omitempty"`
	Events   []string `json:"events,omitzero"`
	Secret   *string  `json:"secret,omitempty"`
	IsActive *bool    `json:"is_active,omitempty"` // true begins the count of failures anew
}

// A Webhook is a registered endpoint.
type Webhook struct {
	ID        string    `json:"id"`
	URL       string    `json:"url"`
	Events    []string  `json:"events"`
	IsActive  bool      `json:"is_active"`
	Disabled  bool      `json:"disabled"` // switched off by failures, not by hand
	Failures  int       `json:"failures"` // consecutive ones, as the platform counts them
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
	Secret    string    `json:"secret"` // only from CreateWebhook
}

// A TestResult is what the platform's test request came to.
type TestResult struct {
	OK       bool     `json:"ok"`
	Problems []string `json:"problems"` // what was wrong with the answer, one sentence each
	Attempt  Attempt  `json:"attempt"`
}

// CreateWebhook registers a webhook. Its secret is shown this once.
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

// TestWebhook sends the platform's test request to a webhook, at once and outside the schedule. A platform that documents
// none is an *Error with the code no_handshake.
func (c *Client) TestWebhook(ctx context.Context, community, webhook string) (*TestResult, error) {
	var out TestResult
	if err := c.control(ctx, "POST", nil, nil, &out, "communities", community, "webhooks", webhook, "test"); err != nil {
		return nil, err
	}
	return &out, nil
}
