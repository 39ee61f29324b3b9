package judge

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
func (e *exam) right(operation string) (*call, error) {
	if _, ok := e.suite.document.operations[operation]; !ok {
		return nil, fmt.Errorf("the contract of %s has no operation %q", e.suite.platform, operation)
	}
	c := &call{operation: operation, community: e.town.ID, webhook: e.hooks[0].id, token: e.town.Token}
	switch operation {
	case "createWebhook":
		c.body = fmt.Sprintf(`{"url":%s,"events":[%s]}`, payload.Quote(e.suite.sender.URL), payload.Quote(e.anyEvent()))
	case "updateWebhook":
		c.body = `{"is_active":false}`
	}
	return c, nil
}

// request makes a call.
func (e *exam) request(ctx context.Context, c *call) (exchange.Answer, error) {
	op := e.suite.document.operations[c.operation]
	path := strings.NewReplacer("{community_id}", url.PathEscape(c.community), "{id}", url.PathEscape(c.webhook)).Replace(op.path)
	target := strings.TrimRight(e.suite.sender.URL, "/") + apiRoot + path
	if c.query != "" {
		target += "?" + c.query
	}
	r, err := http.NewRequestWithContext(ctx, op.method, target, bytes.NewReader([]byte(c.body)))
	if err != nil {
		return exchange.Answer{}, err
	}
	if c.body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	start := time.Now()
	resp, err := e.suite.http.Do(r)
	if err != nil {
		return exchange.Answer{}, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, exchange.ReadLimit))
	return exchange.Answer{Status: resp.StatusCode, Header: resp.Header, Body: body, Took: time.Since(start)}, err
}

// make makes a call and keeps it with its answer.
func (e *exam) make(ctx context.Context, c *call) (err error) {
	e.called = c
	c.answer, err = e.request(ctx, c)
	return err
}

func whenCalled(ctx context.Context, e *exam, operation string) error {
	c, err := e.right(operation)
	if err != nil {
		return err
	}
	return e.make(ctx, c)
}

func whenCalledWith(ctx context.Context, e *exam, operation, token string) error {
	c, err := e.right(operation)
	if err != nil {
		return err
	}
	switch token {
	case "no token":
		c.token = ""
	case "a wrong token":
		c.token = otherThan(c.token)
	default:
		if e.other, err = e.suite.settle(ctx, client.NewCommunity{RateLimit: client.Of(0)}); err != nil {
			return err
		}
		c.token = e.other.Token
	}
	return e.make(ctx, c)
}

func whenMisused(ctx context.Context, e *exam, operation, misuse string) error {
	c, err := e.right(operation)
	if err != nil {
		return err
	}
	hook := payload.Quote(e.suite.sender.URL)
	switch misuse {
	case "without a url":
		c.body = fmt.Sprintf(`{"events":[%s]}`, payload.Quote(e.anyEvent()))
	case "without events":
		c.body = fmt.Sprintf(`{"url":%s}`, hook)
	case "with a url that is no address":
		c.body = fmt.Sprintf(`{"url":"not an address","events":[%s]}`, payload.Quote(e.anyEvent()))
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
		return e.exceed(ctx, c)
	}
	return e.make(ctx, c)
}

// exceed makes a call in a community that allows two a minute, until it is refused.
func (e *exam) exceed(ctx context.Context, c *call) (err error) {
	const limit = 2
	if e.other, err = e.suite.settle(ctx, client.NewCommunity{RateLimit: client.Of(limit)}); err != nil {
		return err
	}
	c.community, c.token = e.other.ID, e.other.Token
	for range 2*limit + 1 { // a minute may end between two calls
		if err := e.make(ctx, c); err != nil || c.answer.Status == http.StatusTooManyRequests {
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
func (e *exam) failCall(want, got string, args ...any) error {
	err := e.fail(e.called.says(), want, got, args...)
	clean := exchange.Redactor(e.called.token)
	a := e.called.answer
	f := &e.failures[len(e.failures)-1]
	f.Got += "  " + clean.Text(phrase.Excerpt(string(a.Body)))
	f.Response = &report.Response{Status: a.Status, Headers: clean.Headers(a.Header), Body: clean.Body(a.Body, false)}
	var found *finding
	if errors.As(err, &found) {
		found.Failure = *f
	}
	return err
}

func (e *exam) checkDocument() error {
	if fault := e.suite.document.check(e.called.operation, e.called.answer); fault != "" {
		return e.failCall("an answer as the contract describes it", "%d: %s", e.called.answer.Status, fault)
	}
	return nil
}

func thenSucceeds(_ context.Context, e *exam) error {
	if e.called.answer.Status/100 != 2 {
		return e.failCall("a success", "%d", e.called.answer.Status)
	}
	return e.checkDocument()
}

// codes are the documented errors and their statuses.
var codes = map[string]int{
	"VALIDATION_ERROR": 400, "UNAUTHORIZED": 401, "FORBIDDEN": 403, "RESOURCE_NOT_FOUND": 404, "RATE_LIMIT_EXCEEDED": 429,
}

func thenAnsweredCode(_ context.Context, e *exam, code string) error {
	status := codes[code]
	if status == 0 {
		return fmt.Errorf("there is no code %q", code)
	}
	got, inBody := errorCode(e.called.answer)
	if e.called.answer.Status != status || got != code || inBody != status {
		return e.failCall(fmt.Sprintf("%d %s, and the same status in the body", status, code), "%d %s with %d in the body", e.called.answer.Status, got, inBody)
	}
	return e.checkDocument()
}

func thenRefusedCall(_ context.Context, e *exam) error {
	if !slices.Contains([]int{401, 403, 404}, e.called.answer.Status) || e.called.token == "" && e.called.answer.Status != 401 {
		return e.failCall("a refusal: 401, or 403 and 404 for the token of somebody else", "%d", e.called.answer.Status)
	}
	return e.checkDocument()
}

// thenAsItWas makes sure that a call that was refused was not carried out.
func thenAsItWas(ctx context.Context, e *exam) error {
	list, _, err := e.tryno().List(ctx, client.Page{})
	if err != nil {
		return err
	}
	if len(list.Data) != 1 || list.Data[0].ID != e.hooks[0].id || !list.Data[0].IsActive {
		return e.failCall("one webhook, and it active, as before", "another list of webhooks")
	}
	got, err := e.captures(ctx, e.hooks[0])
	if err != nil {
		return err
	}
	if len(got) > 0 {
		return e.failCall("nothing sent to the webhook", "%s", phrase.Count(len(got), "request"))
	}
	return nil
}
