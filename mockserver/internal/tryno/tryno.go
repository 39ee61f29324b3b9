// Package tryno is the webhook API of Tryno, as contract/platforms/tryno.yaml describes it under paths. Start with New.
//
// What the document leaves open is chosen here: an unknown token is 401 before anything else; the token of another
// community is 403; a rate limit counts per token, in windows of a minute of real time. The document wants https; http
// is taken too where the host is the loopback, or was allowed by name: that is where a receiver under test is.
package tryno

import (
	"net/http"
	"strconv"
	"time"

	"github.com/quintain-dev/quintain/mockserver/internal/admin"
	"github.com/quintain-dev/quintain/mockserver/internal/community"
	"github.com/quintain-dev/quintain/mockserver/internal/problem"
	"github.com/quintain-dev/quintain/mockserver/internal/rest"
)

// Platform is the name of the platform.
const Platform = "tryno"

// Root is where the API is.
const Root = "/v1"

// window is how long requests are counted before the count begins anew.
const window = time.Minute

type surface struct {
	registry *community.Registry
}

// New returns the API over a registry.
func New(registry *community.Registry) admin.Surface { return &surface{registry} }

func (s *surface) Group() rest.Group {
	const (
		all = Root + "/communities/{community_id}/webhooks"
		one = all + "/{id}"
	)
	route := func(method, template, name string, h handler) rest.Route {
		return rest.Route{Method: method, Template: template, Name: "tryno." + name, Handle: s.authorized(h)}
	}
	return rest.Group{Prefix: Root + "/", Fail: fail, Routes: []rest.Route{
		route("GET", all, "listWebhooks", s.list),
		route("POST", all, "createWebhook", s.create),
		route("PATCH", one, "updateWebhook", s.update),
		route("DELETE", one, "deleteWebhook", s.delete),
		route("POST", one+"/test", "testWebhook", s.test),
		route("GET", one+"/logs", "listWebhookLogs", s.logs),
	}}
}

// A handler answers a request of somebody who may ask.
type handler func(w http.ResponseWriter, r *http.Request, c *community.Community) error

// authorized finds the community that a token belongs to, before it looks at anything else: who has no token learns
// nothing, not even which communities there are.
func (s *surface) authorized(next handler) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		owner := s.registry.ByToken(rest.Bearer(r.Header))
		if owner == nil || owner.Settings().Platform.Name != Platform {
			showRate(w, community.Rate{
				Limit: community.DefaultRateLimit, Remaining: community.DefaultRateLimit, Reset: time.Now().Add(window),
			})
			return problem.New(unauthorized, "a valid API key is needed: Authorization: Bearer <key>")
		}
		rate, err := owner.CountRequest(window)
		if err != nil {
			return err
		}
		showRate(w, rate)
		if rate.Exceeded {
			return problem.New(rateLimit, "more than %d requests in a minute", rate.Limit)
		}
		id := rest.Var(r, "community_id")
		if id == owner.Settings().ID {
			return next(w, r, owner)
		}
		if other, err := s.registry.Get(id); err != nil || other.Settings().Platform.Name != Platform {
			return problem.New(problem.UnknownCommunity, "Community not found")
		}
		return problem.New(forbidden, "this API key belongs to another community")
	}
}

func showRate(w http.ResponseWriter, rate community.Rate) {
	h := w.Header()
	h.Set("X-RateLimit-Limit", strconv.Itoa(rate.Limit))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(rate.Remaining))
	h.Set("X-RateLimit-Reset", strconv.FormatInt(rate.Reset.Unix(), 10))
}

// The codes of this API that the rest of the server does not have.
const (
	unauthorized problem.Code = "UNAUTHORIZED"
	forbidden    problem.Code = "FORBIDDEN"
	rateLimit    problem.Code = "RATE_LIMIT_EXCEEDED"
	notFound     problem.Code = "RESOURCE_NOT_FOUND"
	validation   problem.Code = "VALIDATION_ERROR"
	internal     problem.Code = "INTERNAL_ERROR" // a status of 500 is documented, a code is not
)

// fail writes an error in Tryno's envelope.
func fail(w http.ResponseWriter, _ *http.Request, e *problem.Error) {
	code, status := translate(e.Code)
	message := e.Error()
	if status == http.StatusNotFound {
		message = e.Message // the hints name the mock's own API
	}
	_ = rest.WriteJSON(w, status, map[string]any{"error": map[string]any{ // these values can be written
		"code": code, "message": message, "status": status,
	}})
}

// translate maps the server's codes to the documented ones.
func translate(code problem.Code) (problem.Code, int) {
	switch code {
	case unauthorized:
		return code, http.StatusUnauthorized
	case forbidden:
		return code, http.StatusForbidden
	case rateLimit:
		return code, http.StatusTooManyRequests
	case problem.UnknownEvent:
		return validation, http.StatusBadRequest // the name is in the body, not in the path
	case problem.CommunityReset:
		return notFound, http.StatusNotFound
	case problem.MethodNotAllowed:
		return validation, http.StatusMethodNotAllowed
	}
	switch problem.Status(code) {
	case http.StatusNotFound:
		return notFound, http.StatusNotFound
	case http.StatusInternalServerError:
		return internal, http.StatusInternalServerError
	default: // too large a body too: no other status is documented for a bad request
		return validation, http.StatusBadRequest
	}
}
