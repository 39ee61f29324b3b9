package client

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Tryno calls the webhook API of Tryno for one community, as Tryno's customers do.
type Tryno struct {
	client    *Client
	community string
	token     string
}

// Tryno returns a caller of Tryno's API with a token: the one that CreateCommunity showed, or another to see it
// refused.
func (c *Client) Tryno(community, token string) *Tryno { return &Tryno{c, community, token} }

// TrynoWebhook is a webhook as Tryno shows it.
type TrynoWebhook struct {
	ID        string    `json:"id"`
	URL       string    `json:"url"`
	Events    []string  `json:"events"`
	IsActive  bool      `json:"is_active"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
	Secret    string    `json:"secret"` // only from Create
}

// TrynoRequest is the body of Create and Update. What is nil is left out.
type TrynoRequest struct {
	URL      *string  `json:"url,omitempty"`
	Events   []string `json:"events,omitzero"`
	IsActive *bool    `json:"is_active,omitempty"`
}

// TrynoList is a page of webhooks.
type TrynoList struct {
	Data []TrynoWebhook `json:"data"`
	Meta struct {
		Page    int `json:"page"`
		PerPage int `json:"per_page"`
		Total   int `json:"total"`
	} `json:"meta"`
}

// TrynoTest is what a test.ping came to.
type TrynoTest struct {
	StatusCode     *int   `json:"status_code"` // nil if there was no answer
	ResponseTimeMS int    `json:"response_time_ms"`
	Error          string `json:"error"` // why there was none
}

// TrynoLog is an attempt in a webhook's log.
type TrynoLog struct {
	ID             string    `json:"id"`
	Event          string    `json:"event"`
	StatusCode     int       `json:"status_code"` // 0 if there was no answer
	ResponseTimeMS int       `json:"response_time_ms"`
	CreatedAt      time.Time `json:"created_at"` // schedule time
}

// TrynoRate is what the X-RateLimit headers of an answer say.
type TrynoRate struct {
	Limit     int
	Remaining int
	Reset     time.Time
}

// List returns a page of the webhooks. A page or size of 0 is left out of the request.
func (t *Tryno) List(ctx context.Context, page Page) (*TrynoList, TrynoRate, error) {
	var out TrynoList
	rate, err := t.call(ctx, "GET", page.query(), nil, &out)
	return &out, rate, err
}

// Create registers a webhook. Its secret is shown this once.
func (t *Tryno) Create(ctx context.Context, n TrynoRequest) (*TrynoWebhook, error) {
	var out struct {
		Data TrynoWebhook `json:"data"`
	}
	_, err := t.call(ctx, "POST", nil, n, &out)
	return &out.Data, err
}

// Update changes a webhook.
func (t *Tryno) Update(ctx context.Context, webhook string, change TrynoRequest) (*TrynoWebhook, error) {
	var out struct {
		Data TrynoWebhook `json:"data"`
	}
	_, err := t.call(ctx, "PATCH", nil, change, &out, webhook)
	return &out.Data, err
}

// Delete removes a webhook.
func (t *Tryno) Delete(ctx context.Context, webhook string) error {
	_, err := t.call(ctx, "DELETE", nil, nil, nil, webhook)
	return err
}

// Test sends a test.ping to a webhook.
func (t *Tryno) Test(ctx context.Context, webhook string) (*TrynoTest, error) {
	var out struct {
		Data TrynoTest `json:"data"`
	}
	_, err := t.call(ctx, "POST", nil, nil, &out, webhook, "test")
	return &out.Data, err
}

// Logs returns a page of the attempts of a webhook, newest first.
func (t *Tryno) Logs(ctx context.Context, webhook string, page Page) ([]TrynoLog, error) {
	var out struct {
		Data []TrynoLog `json:"data"`
	}
	_, err := t.call(ctx, "GET", page.query(), nil, &out, webhook, "logs")
	return out.Data, err
}

func (t *Tryno) call(
	ctx context.Context, method string, query url.Values, in, out any, elements ...string,
) (TrynoRate, error) {
	path := join("/v1", append([]string{"communities", t.community, "webhooks"}, elements...), query)
	header, err := t.client.call(ctx, method, path, t.token, in, out)
	if header == nil {
		return TrynoRate{}, err
	}
	return readRate(header), err
}

func readRate(h http.Header) TrynoRate {
	number := func(name string) int64 {
		n, err := strconv.ParseInt(h.Get(name), 10, 64)
		if err != nil {
			return 0
		}
		return n
	}
	return TrynoRate{
		Limit:     int(number("X-RateLimit-Limit")),
		Remaining: int(number("X-RateLimit-Remaining")),
		Reset:     time.Unix(number("X-RateLimit-Reset"), 0),
	}
}
