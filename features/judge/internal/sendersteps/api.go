package sendersteps

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/quintain-dev/quintain/features/internal/phrase"
	"github.com/quintain-dev/quintain/features/judge/internal/exchange"
	"github.com/quintain-dev/quintain/features/judge/internal/payload"
	"github.com/quintain-dev/quintain/features/judge/internal/scenario"
	"github.com/quintain-dev/quintain/features/judge/report"
	"github.com/quintain-dev/quintain/mockserver/client"
)

// The steps of admin_api.feature and isolation.feature.

// A call is a request to the platform's webhook API.
type call struct {
	operation, community, webhook, token, query, body string
	answer                                            exchange.Answer
}

// apiRoot is where a mock server has the webhook API of a platform.
const apiRoot = "/v1"

// right makes a call of an operation as it ought to be made.
func (r *Run) right(operation string) (*call, error) {
	if _, ok := r.suite.document.operations[operation]; !ok {
		return nil, fmt.Errorf("the contract of %s has no operation %q", r.suite.Platform, operation)
	}
	c := &call{operation: operation, community: r.community.ID, webhook: r.hooks[0].id, token: r.community.Token}
	switch operation {
	case "createWebhook":
		c.body = fmt.Sprintf(`{"url":%s,"events":[%s]}`, payload.Quote(r.suite.Sender.URL), payload.Quote(r.anyEvent()))
	case "updateWebhook":
		c.body = `{"is_active":false}`
	}
	return c, nil
}

// request makes a call.
func (r *Run) request(ctx context.Context, c *call) (exchange.Answer, error) {
	op := r.suite.document.operations[c.operation]
	path := strings.NewReplacer("{community_id}", url.PathEscape(c.community), "{id}", url.PathEscape(c.webhook)).Replace(op.path)
	target := strings.TrimRight(r.suite.Sender.URL, "/") + apiRoot + path
	if c.query != "" {
		target += "?" + c.query
	}
	req, err := http.NewRequestWithContext(ctx, op.method, target, bytes.NewReader([]byte(c.body)))
	if err != nil {
		return exchange.Answer{}, err
	}
	if c.body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	start := time.Now()
	resp, err := r.suite.http.Do(req)
	if err != nil {
		return exchange.Answer{}, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, exchange.ReadLimit))
	return exchange.Answer{Status: resp.StatusCode, Header: resp.Header, Body: body, Took: time.Since(start)}, err
}

// make makes a call and keeps it with its answer.
func (r *Run) make(ctx context.Context, c *call) (err error) {
	r.called = c
	c.answer, err = r.request(ctx, c)
	return err
}

func whenCalled(ctx context.Context, r *Run, operation string) error {
	c, err := r.right(operation)
	if err != nil {
		return err
	}
	return r.make(ctx, c)
}

func whenCalledWith(ctx context.Context, r *Run, operation, token string) error {
	c, err := r.right(operation)
	if err != nil {
		return err
	}
	switch token {
	case "no token":
		c.token = ""
	case "a wrong token":
		c.token = payload.OtherThan(c.token)
	default:
		if r.other, err = r.suite.newCommunity(ctx, client.NewCommunity{RateLimit: client.Of(0)}); err != nil {
			return err
		}
		c.token = r.other.Token
	}
	return r.make(ctx, c)
}

func whenMisused(ctx context.Context, r *Run, operation, misuse string) error {
	c, err := r.right(operation)
	if err != nil {
		return err
	}
	hook := payload.Quote(r.suite.Sender.URL)
	switch misuse {
	case "without a url":
		c.body = fmt.Sprintf(`{"events":[%s]}`, payload.Quote(r.anyEvent()))
	case "without events":
		c.body = fmt.Sprintf(`{"url":%s}`, hook)
	case "with a url that is no address":
		c.body = fmt.Sprintf(`{"url":"not an address","events":[%s]}`, payload.Quote(r.anyEvent()))
	case "with an unknown event":
		c.body = fmt.Sprintf(`{"url":%s,"events":["nothing.happened"]}`, hook)
	case "with a body that is not JSON":
		c.body = `{"url":`
	case "with a page of 0":
		c.query = "page=0"
	case "of a community that is not there":
		c.community = "00000000-0000-4000-8000-000000000000"
	case "of a webhook that is not there":
		c.webhook = "00000000-0000-4000-8000-000000000000"
	default:
		return r.exceed(ctx, c)
	}
	return r.make(ctx, c)
}

// exceed makes a call in a community that allows two a minute, until it is refused.
func (r *Run) exceed(ctx context.Context, c *call) (err error) {
	const limit = 2
	if r.other, err = r.suite.newCommunity(ctx, client.NewCommunity{RateLimit: client.Of(limit)}); err != nil {
		return err
	}
	c.community, c.token = r.other.ID, r.other.Token
	for range 2*limit + 1 { // a minute may end between two calls
		if err := r.make(ctx, c); err != nil || c.answer.Status == http.StatusTooManyRequests {
			return err
		}
	}
	return nil
}

// says describes the call for failures.
func (c *call) says() string {
	text := c.operation
	if c.query != "" {
		text += "?" + c.query
	}
	if c.body != "" {
		text += " " + phrase.Excerpt(c.body)
	}
	return text
}

// failCall adds a failure about the call.
func (r *Run) failCall(want, got string, args ...any) error {
	err := r.fail(r.called.says(), want, got, args...)
	clean := exchange.Redactor(r.called.token)
	a := r.called.answer
	f := &r.Failures[len(r.Failures)-1]
	f.Got += "  " + clean.Text(phrase.Excerpt(string(a.Body)))
	f.Response = &report.Response{Status: a.Status, Headers: clean.Headers(a.Header), Body: clean.Body(a.Body, false)}
	var found *scenario.Finding
	if errors.As(err, &found) {
		found.Failure = *f
	}
	return err
}

func (r *Run) checkDocument() error {
	if fault := r.suite.document.check(r.called.operation, r.called.answer); fault != "" {
		return r.failCall("an answer as the contract describes it", "%d: %s", r.called.answer.Status, fault)
	}
	return nil
}

func thenSucceeds(_ context.Context, r *Run) error {
	if r.called.answer.Status/100 != 2 {
		return r.failCall("a success", "%d", r.called.answer.Status)
	}
	return r.checkDocument()
}

// codes are the documented errors and their statuses.
var codes = map[string]int{
	"VALIDATION_ERROR": 400, "UNAUTHORIZED": 401, "FORBIDDEN": 403, "RESOURCE_NOT_FOUND": 404, "RATE_LIMIT_EXCEEDED": 429,
}

func thenAnsweredCode(_ context.Context, r *Run, code string) error {
	status := codes[code]
	if status == 0 {
		return fmt.Errorf("there is no code %q", code)
	}
	got, inBody := errorCode(r.called.answer)
	if r.called.answer.Status != status || got != code || inBody != status {
		return r.failCall(fmt.Sprintf("%d %s, and the same status in the body", status, code), "%d %s with %d in the body", r.called.answer.Status, got, inBody)
	}
	return r.checkDocument()
}

func thenRefusedCall(_ context.Context, r *Run) error {
	if !slices.Contains([]int{401, 403, 404}, r.called.answer.Status) || r.called.token == "" && r.called.answer.Status != 401 {
		return r.failCall("a refusal: 401, or 403 and 404 for the token of somebody else", "%d", r.called.answer.Status)
	}
	return r.checkDocument()
}

// thenAsItWas makes sure that a call that was refused was not carried out.
func thenAsItWas(ctx context.Context, r *Run) error {
	list, _, err := r.tryno().List(ctx, client.Page{})
	if err != nil {
		return err
	}
	if len(list.Data) != 1 || list.Data[0].ID != r.hooks[0].id || !list.Data[0].IsActive {
		return r.failCall("one webhook, and it active, as before", "another list of webhooks")
	}
	got, err := r.captures(ctx, r.hooks[0])
	if err != nil {
		return err
	}
	if len(got) > 0 {
		return r.failCall("nothing sent to the webhook", "%s", phrase.Count(len(got), "request"))
	}
	return nil
}
