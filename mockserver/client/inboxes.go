package client

import "context"

// An Inbox is an endpoint of the server that records what it gets and answers by a script.
type Inbox struct {
	Name    string `json:"name"`
	URL     string `json:"url"`     // takes any method, also with a path behind it
	Script  string `json:"script"`  // such as 500x3,timeout,200; the last step repeats
	Dropped uint64 `json:"dropped"` // the oldest captures, of more than 10,000 or of more than 64 MiB
}

// PutInbox makes an inbox, or gives the one with this name a new script, from its first step. An empty script answers
// 200.
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
