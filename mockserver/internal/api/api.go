// Package api is the control API of the mock server, everything below /__mock/: communities, webhooks, events, the
// clock, deliveries and inboxes, in JSON, as openapi.yaml describes it. Start with New and Groups.
//
// It decides nothing: it reads requests, calls package community, and writes answers. The platforms' own admin APIs are
// not here; see packages tryno and tribe.
package api

import (
	"crypto/subtle"
	"net/http"
	"strings"

	"github.com/quintain-dev/quintain/mockserver/internal/community"
	"github.com/quintain-dev/quintain/mockserver/internal/problem"
	"github.com/quintain-dev/quintain/mockserver/internal/rest"
)

// Root is where everything is that is ours and not a platform's.
const Root = "/__mock"

// An API serves the control API over a registry.
type API struct {
	registry *community.Registry
	baseURL  string // without a slash at its end; empty: as each request says
	token    []byte // that requests must carry; empty: none
	guard    *http.CrossOriginProtection
}

// New returns an API. The base URL is how the server's own addresses are written; if it is empty, they are taken from
// the Host of each request. If there is a control token, requests to the control API must carry it.
func New(registry *community.Registry, baseURL, token string) *API {
	return &API{
		registry: registry, baseURL: strings.TrimSuffix(baseURL, "/"), token: []byte(token),
		guard: http.NewCrossOriginProtection(),
	}
}

// Groups returns the routes: what everybody may see, the control API, and the inboxes, which take whatever comes.
func (a *API) Groups() []rest.Group {
	return []rest.Group{
		{Prefix: "/", Routes: a.openRoutes(), Fail: Fail, Guard: a.sameOrigin},
		{Prefix: Root + "/", Routes: a.routes(), Fail: Fail, Guard: a.allowed},
		{Prefix: Root + "/in/", Routes: a.inboxRoutes(), Fail: Fail},
	}
}

func (a *API) openRoutes() []rest.Route {
	return []rest.Route{
		{Method: "GET", Template: "/", Name: "index", Handle: a.index},
		{Method: "GET", Template: "/livez", Name: "live", Handle: a.healthy},
		{Method: "GET", Template: "/readyz", Name: "ready", Handle: a.healthy},
	}
}

func (a *API) routes() []rest.Route {
	const (
		all      = Root + "/communities"
		one      = all + "/{community}"
		webhook  = one + "/webhooks/{webhook}"
		delivery = one + "/deliveries/{delivery}"
		inbox    = one + "/inboxes/{inbox}"
	)
	return []rest.Route{
		{Method: "GET", Template: Root + "/openapi.yaml", Name: "openapiYAML", Handle: a.openAPIYAML},
		{Method: "GET", Template: Root + "/openapi.json", Name: "openapiJSON", Handle: a.openAPIJSON},
		{Method: "POST", Template: Root + "/reset", Name: "reset", Handle: a.resetAll},

		{Method: "POST", Template: all, Name: "createCommunity", Handle: a.createCommunity},
		{Method: "GET", Template: all, Name: "listCommunities", Handle: a.listCommunities},
		{Method: "GET", Template: one, Name: "getCommunity", Handle: a.in(a.getCommunity)},
		{Method: "DELETE", Template: one, Name: "deleteCommunity", Handle: a.deleteCommunity},
		{Method: "POST", Template: one + "/reset", Name: "resetCommunity", Handle: a.in(a.resetCommunity)},

		{Method: "POST", Template: one + "/webhooks", Name: "createWebhook",
			Handle: a.in(body[webhookBody](a.createWebhook))},
		{Method: "GET", Template: one + "/webhooks", Name: "listWebhooks", Handle: a.in(a.listWebhooks)},
		{Method: "GET", Template: webhook, Name: "getWebhook", Handle: a.in(a.getWebhook)},
		{Method: "PATCH", Template: webhook, Name: "updateWebhook", Handle: a.in(body[webhookBody](a.updateWebhook))},
		{Method: "DELETE", Template: webhook, Name: "deleteWebhook", Handle: a.in(a.deleteWebhook)},
		{Method: "POST", Template: webhook + "/test", Name: "testWebhook", Handle: a.in(empty(a.testWebhook))},
		{Method: "POST", Template: webhook + "/rotate", Name: "rotateSecret",
			Handle: a.in(optional[rotationBody](a.rotateSecret))},

		{Method: "GET", Template: Root + "/faults", Name: "listFaults", Handle: a.listFaults},
		{Method: "GET", Template: one + "/faults", Name: "getFaults", Handle: a.in(a.getFaults)},
		{Method: "PUT", Template: one + "/faults", Name: "putFaults", Handle: a.in(body[faults](a.putFaults))},

		{Method: "POST", Template: one + "/events", Name: "emitEvents", Handle: a.in(body[emission](a.emitEvents))},

		{Method: "GET", Template: one + "/actions", Name: "listActions", Handle: a.in(a.listActions)},
		{Method: "POST", Template: one + "/actions", Name: "act", Handle: a.in(body[deed](a.act))},
		{Method: "GET", Template: one + "/stories", Name: "listStories", Handle: a.in(a.listStories)},
		{Method: "POST", Template: one + "/stories", Name: "tellStory", Handle: a.in(body[telling](a.tellStory))},

		{Method: "GET", Template: one + "/clock", Name: "getClock", Handle: a.in(a.getClock)},
		{Method: "POST", Template: one + "/clock/advance", Name: "advanceClock", Handle: a.in(body[advance](a.advanceClock))},
		{Method: "POST", Template: one + "/clock/settle", Name: "settleClock", Handle: a.in(optional[settle](a.settleClock))},
		{Method: "POST", Template: one + "/clock/pause", Name: "pauseClock",
			Handle: a.in(empty(halt((*community.Community).Pause)))},
		{Method: "POST", Template: one + "/clock/resume", Name: "resumeClock",
			Handle: a.in(empty(halt((*community.Community).Resume)))},
		{Method: "GET", Template: one + "/settled", Name: "awaitSettled", Handle: a.in(a.awaitSettled)},

		{Method: "GET", Template: one + "/deliveries", Name: "listDeliveries", Handle: a.in(a.listDeliveries)},
		{Method: "GET", Template: delivery, Name: "getDelivery", Handle: a.in(a.getDelivery)},
		{Method: "POST", Template: delivery + "/redeliver", Name: "redeliver", Handle: a.in(empty(a.redeliver))},
		{Method: "GET", Template: delivery + "/attempts/{attempt}/curl", Name: "curl", Handle: a.in(a.curl)},
		{Method: "POST", Template: one + "/redeliver", Name: "redeliverAll", Handle: a.in(body[selection](a.redeliverAll))},
		{Method: "GET", Template: one + "/attempts", Name: "listAttempts", Handle: a.in(a.listAttempts)},
		{Method: "GET", Template: one + "/export", Name: "export", Handle: a.in(a.export)},
		{Method: "GET", Template: one + "/digest", Name: "digest", Handle: a.in(a.digest)},

		{Method: "GET", Template: one + "/inboxes", Name: "listInboxes", Handle: a.in(a.listInboxes)},
		{Method: "PUT", Template: inbox, Name: "putInbox", Handle: a.in(optional[newInbox](a.putInbox))},
		{Method: "GET", Template: inbox, Name: "getInbox", Handle: a.in(a.getInbox)},
		{Method: "DELETE", Template: inbox, Name: "deleteInbox", Handle: a.in(a.deleteInbox)},
		{Method: "GET", Template: inbox + "/captures", Name: "listCaptures", Handle: a.in(a.listCaptures)},
		{Method: "DELETE", Template: inbox + "/captures", Name: "deleteCaptures", Handle: a.in(a.deleteCaptures)},
		{Method: "GET", Template: inbox + "/captures/wait", Name: "waitForCaptures", Handle: a.in(a.waitForCaptures)},
		{Method: "GET", Template: inbox + "/captures/{number}", Name: "getCapture", Handle: a.in(a.getCapture)},
		{Method: "GET", Template: inbox + "/captures/{number}/body", Name: "getCaptureBody", Handle: a.in(a.getCaptureBody)},
	}
}

// Fail writes an error in the shape of the control API.
func Fail(w http.ResponseWriter, _ *http.Request, e *problem.Error) {
	status := problem.Status(e.Code)
	if status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", "Bearer") // RFC 9110 asks for it
	}
	_ = rest.WriteJSON(w, status, map[string]errorBody{"error": { // it has been written before, so it can be again
		Code: e.Code, Message: e.Message, Hint: e.Hint, Status: status, Details: e.Details,
	}})
}

type errorBody struct {
	Code    problem.Code `json:"code"`
	Message string       `json:"message"`
	Hint    string       `json:"hint,omitempty"`
	Status  int          `json:"status"`
	Details any          `json:"details,omitempty"`
}

// sameOrigin refuses what a page of another origin sends through somebody's browser: the server listens where every
// page on the machine can reach it.
func (a *API) sameOrigin(r *http.Request) error {
	if err := a.guard.Check(r); err != nil {
		return problem.New(problem.CrossOrigin, "a page of another origin may not do this").WithHint("call from a program, or from a page of this server")
	}
	return nil
}

// allowed refuses what may not use the control API: other origins, and requests without the control
// token, if there is one.
func (a *API) allowed(r *http.Request) error {
	if err := a.sameOrigin(r); err != nil || len(a.token) == 0 {
		return err
	}
	given := rest.Bearer(r.Header)
	switch {
	case subtle.ConstantTimeCompare([]byte(given), a.token) == 1:
		return nil
	case given == "":
		return problem.New(problem.Unauthorized, "the control API needs a token").WithHint(tokenHint)
	default:
		return problem.New(problem.Unauthorized, "this is not the control API's token").WithHint(tokenHint)
	}
}

const tokenHint = "send Authorization: Bearer <token>, with the token that the server showed or was given at its start"

// base returns the server's own address, without a slash at its end.
func (a *API) base(r *http.Request) string {
	if a.baseURL != "" {
		return a.baseURL
	}
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}

func noContent(w http.ResponseWriter) error {
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// A handler answers a request about a community.
type handler func(w http.ResponseWriter, r *http.Request, c *community.Community) error

// A bodyHandler is a handler that takes the request's body as well.
type bodyHandler[B any] func(w http.ResponseWriter, r *http.Request, c *community.Community, body B) error

// in looks up the community that a path names, for its handler.
func (a *API) in(next handler) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		c, err := a.registry.Get(rest.Var(r, "community"))
		if err != nil {
			return err
		}
		return next(w, r, c)
	}
}

// body reads the request's body, for its handler.
func body[B any](next bodyHandler[B]) handler { return reading(rest.ReadJSON, next) }

// optional is body for one that may be missing.
func optional[B any](next bodyHandler[B]) handler { return reading(rest.ReadOptionalJSON, next) }

// empty refuses a body that has any field.
func empty(next handler) handler {
	return optional(func(w http.ResponseWriter, r *http.Request, c *community.Community, _ struct{}) error {
		return next(w, r, c)
	})
}

func reading[B any](read func(http.ResponseWriter, *http.Request, any) error, next bodyHandler[B]) handler {
	return func(w http.ResponseWriter, r *http.Request, c *community.Community) error {
		var body B
		if err := read(w, r, &body); err != nil {
			return err
		}
		return next(w, r, c, body)
	}
}

// readWait reads whether a call waits for what it causes.
func readWait(r *http.Request) (bool, error) {
	q := rest.NewQuery(r)
	wait := q.Bool("wait")
	return wait, q.Err()
}
