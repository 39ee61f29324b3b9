// Package tribe is the GraphQL admin API of Tribe and Bettermode, as far as it concerns webhooks: schema.graphql. Start
// with New.
//
// The names in the schema, the bearer token, errors in errors[] with status 200, 429 and the names of its headers, and
// the limit of 100 requests in 10 seconds (plan Growth) are documented. Types, nullability and the names that begin
// with global are observed in clients that the vendor published. The rest is chosen; the schema's descriptions say so,
// and besides:
//
//   - A community has one app, with the community's id and name. Its webhook is the community's oldest one, whoever made it;
//     those that the control API made beside it are not shown and stay as they are.
//   - updateApp does not send the TEST request: the documentation asks for it where a URL is saved in the portal, and the
//     portal of 2021 (observed) does it by a button of its own.
//   - An app with a URL and no subscriptions is a webhook that is switched off. Naming subscriptions switches it on.
//   - POST only. A body that is no request is answered 400, 405 or 413, with errors[] too; an internal error 500.
//   - Each error has extensions.code, in the server's own words: unauthorized, rate_limited, bad_query, unknown_app,
//     unknown_event, invalid_value, host_not_allowed and so on.
//   - X-Quota-Type is requests, X-Quota-Duration and Retry-After are seconds, X-Quota-Resets-At is RFC 3339 in UTC.
//
// Not there: createApp, complexity and daily limits, extensions.complexity.
package tribe

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"regexp"
	"runtime/debug"
	"strconv"
	"sync"
	"time"

	"github.com/graph-gophers/graphql-go"
	gqlerrors "github.com/graph-gophers/graphql-go/errors"

	"github.com/quintain-dev/quintain/mockserver/internal/admin"
	"github.com/quintain-dev/quintain/mockserver/internal/community"
	"github.com/quintain-dev/quintain/mockserver/internal/problem"
	"github.com/quintain-dev/quintain/mockserver/internal/rest"
)

// Platform is the name of the platform. Bettermode is a revision of it.
const Platform = "tribe"

// Root is where the API is.
const Root = "/graphql"

// window is how long requests are counted before the count begins anew. The documented limit of the plan Growth in this
// time is the server's default.
const window = 10 * time.Second

// The bounds of a request.
const (
	maxBody       = 1 << 20
	maxQuery      = 64 << 10
	maxDepth      = 20 // the usual introspection query needs 13 to 15
	maxSelections = 1000
	maxPairs      = 50_000 // of selections that are held against each other
)

//go:embed schema.graphql
var description string

type surface struct {
	registry *community.Registry
	schema   func() *graphql.Schema // made when it is first asked for: most servers are never asked
}

// New returns the API over a registry.
func New(registry *community.Registry) admin.Surface {
	return &surface{registry, sync.OnceValue(func() *graphql.Schema { return parse(description, &resolver{}) })}
}

// parse panics on a schema that its resolver does not fit.
func parse(schema string, resolver any) *graphql.Schema {
	return graphql.MustParseSchema(schema, resolver,
		graphql.UseStringDescriptions(), graphql.UseFieldResolvers(), graphql.MaxQueryLength(maxQuery), graphql.MaxDepth(maxDepth),
		graphql.MaxSelections(maxSelections), graphql.OverlapValidationLimit(maxPairs),
		graphql.PanicHandler(panics{}), graphql.Logger(panics{}))
}

func (s *surface) Group() rest.Group {
	return rest.Group{Prefix: Root, Fail: fail, Routes: []rest.Route{
		{Method: "POST", Template: Root, Name: "tribe.graphql", Handle: s.serve},
	}}
}

// serve finds the community that a token belongs to, before it looks at anything else: who has no token learns nothing.
func (s *surface) serve(w http.ResponseWriter, r *http.Request) error {
	owner := s.registry.ByToken(rest.Bearer(r.Header))
	if owner == nil || owner.Settings().Platform.Name != Platform {
		return problem.New(unauthorized, "a valid access token is needed: Authorization: Bearer <token>")
	}
	rate, err := owner.CountRequest(window)
	if err != nil {
		return err
	}
	if rate.Exceeded {
		showQuota(w, rate)
		return problem.New(rateLimited, "more than %d requests in %.0f seconds", rate.Limit, window.Seconds())
	}
	q, err := readQuestion(w, r)
	if err != nil {
		return err
	}
	c := &call{community: owner, leftOut: q.leftOut()}
	answer := s.schema().Exec(context.WithValue(r.Context(), callKey{}, c), q.query, q.operation, q.variables)
	for _, e := range answer.Errors {
		if err := complete(e); err != nil {
			return err
		}
	}
	if c.problems != nil {
		answer.Extensions = map[string]any{"problems": c.problems}
	}
	return rest.WriteJSON(w, http.StatusOK, answer)
}

// A call is what the resolvers of one request share.
type call struct {
	community *community.Community
	leftOut   bool     // a variable has no value
	problems  []string // of tests that failed. Mutations are made one after the other, so that it needs no lock
}

type callKey struct{}

// showQuota says which limit was exceeded. The page that documents these headers speaks of them with the status 429
// only.
func showQuota(w http.ResponseWriter, rate community.Rate) {
	h := w.Header()
	h.Set("Retry-After", strconv.FormatFloat(max(1, math.Ceil(time.Until(rate.Reset).Seconds())), 'f', 0, 64))
	h.Set("X-Quota-Type", "requests")
	h.Set("X-Quota-Duration", strconv.FormatFloat(window.Seconds(), 'f', 0, 64))
	h.Set("X-Quota-Limit", strconv.Itoa(rate.Limit))
	h.Set("X-Quota-Remaining", strconv.Itoa(rate.Remaining))
	h.Set("X-Quota-Resets-At", rate.Reset.UTC().Format(time.RFC3339Nano))
}

// A question is a request of GraphQL over HTTP.
type question struct {
	query, operation string
	variables        map[string]any
}

// readQuestion reads a request. A null is as good as a field that is left out, as clients send it.
func readQuestion(w http.ResponseWriter, r *http.Request) (question, error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	var q question
	body, err := rest.ReadBody(w, r)
	if err != nil {
		return q, err
	}
	var raw struct {
		Query         json.RawMessage `json:"query"`
		OperationName json.RawMessage `json:"operationName"`
		Variables     json.RawMessage `json:"variables"`
		Extensions    json.RawMessage `json:"extensions"` // of clients; there are none here
	}
	if err := rest.Decode(body, &raw); err != nil {
		return q, err
	}
	for _, field := range []struct {
		name, want string
		raw        json.RawMessage
		to         any
	}{
		{"query", "a string", raw.Query, &q.query},
		{"operationName", "a string", raw.OperationName, &q.operation},
		{"variables", "an object", raw.Variables, &q.variables},
	} {
		if field.raw != nil && json.Unmarshal(field.raw, field.to) != nil {
			return q, problem.Invalid(field.name, "is %.40s, want %s", field.raw, field.want)
		}
	}
	if q.query == "" {
		return q, problem.Invalid("query", "is missing").WithHint("give a GraphQL document")
	}
	return q, nil
}

var declared = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\$\s*(\w+)\s*:`)
})

// leftOut reports whether the document declares a variable that the request has no value for. A field of an input that
// it stands in is then left out (section 6.4.1 of the specification), but graphql-go hands the resolver a null.
func (q question) leftOut() bool {
	for _, match := range declared().FindAllStringSubmatch(q.query, -1) {
		if _, given := q.variables[match[1]]; !given {
			return true
		}
	}
	return false
}

// The codes of this API that the rest of the server does not have.
const (
	unauthorized problem.Code = "unauthorized"
	rateLimited  problem.Code = "rate_limited"
	badQuery     problem.Code = "bad_query" // the document does not fit the schema, or is none
	unknownApp   problem.Code = "unknown_app"
)

// fail writes an error that came before, or instead of, an execution.
func fail(w http.ResponseWriter, _ *http.Request, e *problem.Error) {
	status := problem.Status(e.Code)
	switch e.Code {
	case unauthorized:
		status = http.StatusOK
	case rateLimited:
		status = http.StatusTooManyRequests
	}
	_ = rest.WriteJSON(w, status, graphql.Response{Errors: []*gqlerrors.QueryError{ // these values can be written
		{Message: e.Error(), Extensions: extensions(e.Code)},
	}})
}

func extensions(code problem.Code) map[string]any { return map[string]any{"code": code} }

// complete gives an error of an execution its message and code. It returns what is to be logged and not to be told.
func complete(e *gqlerrors.QueryError) error {
	var panicked *panicError
	switch {
	case errors.As(e.Err, &panicked):
		return panicked
	case e.ResolverError == nil:
		e.Extensions = extensions(badQuery)
		return nil
	}
	known, expected := problem.From(e.ResolverError)
	if !expected {
		return e.ResolverError
	}
	e.Message, e.Extensions = known.Error(), extensions(known.Code)
	return nil
}

// A panicError is a panic of a resolver.
type panicError struct {
	value any
	stack []byte
}

func (p *panicError) Error() string { return fmt.Sprintf("panic: %v\n%s", p.value, p.stack) }

// panics keeps a panic for complete.
type panics struct{}

func (panics) MakePanicError(_ context.Context, value any) *gqlerrors.QueryError {
	return &gqlerrors.QueryError{Message: "internal error", Err: &panicError{value, debug.Stack()}}
}

// LogPanic does nothing: package rest logs what complete returns.
func (panics) LogPanic(context.Context, any) {}
