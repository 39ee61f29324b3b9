package client

import (
	"context"
	"net/http"
	"time"
)

// An Inbox is an endpoint of the server that records what it gets and answers by a script.
type Inbox struct {
	Name   string `json:"name"`
	URL    string `json:"url"`    // takes any method, also with a path behind it
	Script string `json:"script"` // such as 500x3,timeout,200; the last step repeats
}

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
	Answered   string    `json:"answered"`    // the step of the script; empty if the sender broke off
}

// Captures is a page of captures, oldest first.
type Captures struct {
	Captures []Capture `json:"captures"`
	Page     int       `json:"page"`
	PerPage  int       `json:"per_page"`
	Total    int       `json:"total"` // on all pages
}

// PutInbox makes an inbox, or gives the one with this name a new script, from its first step. An empty script answers 200.
func (c *Client) PutInbox(ctx context.Context, community, name, script string) (*Inbox, error) {
	var out Inbox
	if err := c.control(ctx, "PUT", nil, map[string]string{"script": script}, &out, "communities", community, "inboxes", name); err != nil {
		return nil, err
	}
	return &out, nil
}

// Inboxes lists the inboxes of a community by name.
func (c *Client) Inboxes(ctx context.Context, community string) ([]Inbox, error) {
	var out struct {
		Inboxes []Inbox `json:"inboxes"`
	}
	err := c.control(ctx, "GET", nil, nil, &out, "communities", community, "inboxes")
	return out.Inboxes, err
}

// Inbox returns an inbox.
func (c *Client) Inbox(ctx context.Context, community, name string) (*Inbox, error) {
	var out Inbox
	if err := c.control(ctx, "GET", nil, nil, &out, "communities", community, "inboxes", name); err != nil {
		return nil, err
	}
	return &out, nil
}

// DeleteInbox removes an inbox and what it captured.
func (c *Client) DeleteInbox(ctx context.Context, community, name string) error {
	return c.control(ctx, "DELETE", nil, nil, nil, "communities", community, "inboxes", name)
}

// Captures returns a page of what an inbox got, oldest first.
func (c *Client) Captures(ctx context.Context, community, name string, page Page) (*Captures, error) {
	var out Captures
	if err := c.control(ctx, "GET", page.query(), nil, &out, "communities", community, "inboxes", name, "captures"); err != nil {
		return nil, err
	}
	return &out, nil
}

// DeleteCaptures forgets what an inbox got.
func (c *Client) DeleteCaptures(ctx context.Context, community, name string) error {
	return c.control(ctx, "DELETE", nil, nil, nil, "communities", community, "inboxes", name, "captures")
}
