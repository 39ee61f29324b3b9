// Package rest is the HTTP plumbing that every API of the mock server shares: a route table, strict JSON in, JSON out,
// errors with a status. Start with NewHandler.
//
// It knows no resource: packages api, tryno and tribe do. And it is no framework: a handler is a function with an
// error.
package rest

import (
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/gorilla/mux"

	"github.com/quintain-dev/quintain/mockserver/internal/problem"
)

// A Route is one line of a route table.
type Route struct {
	Method   string // "" = any method. GET answers HEAD too.
	Template string // the full path, parameters in braces
	Name     string // unique; in logs
	Handle   func(http.ResponseWriter, *http.Request) error
}

// A Group is the routes of one API, and how it writes an error.
type Group struct {
	Prefix string // of every template; a path below it that has no route gets this group's error
	Routes []Route
	Fail   func(http.ResponseWriter, *http.Request, *problem.Error)
	Guard  func(*http.Request) error // asked before each handler; may be nil
}

// Methods that a 405 tries, to say which are allowed.
var methods = []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}

// NewHandler makes the handler of all groups. The router is returned as well, for those who walk it.
//
// Paths are taken as they are sent: they are neither cleaned nor decoded before they are matched, since a redirect to a
// clean path would turn a webhook's POST into a GET.
func NewHandler(log *slog.Logger, groups ...Group) (http.Handler, *mux.Router) {
	router := mux.NewRouter().SkipClean(true).UseEncodedPath()
	for _, group := range groups {
		for _, route := range group.Routes {
			r := router.Handle(route.Template, serve(log, group, route.Handle)).Name(route.Name)
			switch route.Method {
			case "":
			case http.MethodGet:
				r.Methods(http.MethodGet, http.MethodHead)
			default:
				r.Methods(route.Method)
			}
		}
	}
	group := func(r *http.Request) Group {
		best := 0
		for i, g := range groups {
			if strings.HasPrefix(r.URL.Path, g.Prefix) && len(g.Prefix) >= len(groups[best].Prefix) {
				best = i
			}
		}
		return groups[best]
	}
	router.NotFoundHandler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		group(r).Fail(w, r, problem.New(problem.UnknownRoute, "there is nothing at %s", r.URL.EscapedPath()).WithHint("GET / lists the addresses"))
	})
	router.MethodNotAllowedHandler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		allowed := allowedMethods(router, r)
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		group(r).Fail(w, r, problem.New(problem.MethodNotAllowed, "%s is not allowed at %s", r.Method, r.URL.EscapedPath()).WithHint("use %s", strings.Join(allowed, ", ")))
	})
	// Outside the router, since its own middleware does not run for 404 and 405.
	return recovered(log, group, router), router
}

func allowedMethods(router *mux.Router, r *http.Request) (allowed []string) {
	for _, method := range methods {
		try := r.Clone(r.Context())
		try.Method = method
		var match mux.RouteMatch
		if router.Match(try, &match) && match.MatchErr == nil && !slices.Contains(allowed, method) {
			allowed = append(allowed, method)
		}
	}
	return allowed
}

func serve(log *slog.Logger, group Group, handle func(http.ResponseWriter, *http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := error(nil)
		if group.Guard != nil {
			err = group.Guard(r)
		}
		if err == nil {
			err = handle(w, r)
		}
		if err == nil {
			return
		}
		e, expected := problem.From(err)
		if !expected {
			log.Error("request failed", "route", Name(r), "error", err)
		}
		group.Fail(w, r, e)
	})
}

// recovered turns a panic of a handler into a 500 that tells the client nothing.
func recovered(log *slog.Logger, group func(*http.Request) Group, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		tracked := &writer{ResponseWriter: w}
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) || tracked.wrote {
				panic(http.ErrAbortHandler) // the answer cannot be taken back: drop the connection
			}
			log.Error("handler panicked", "panic", p, "stack", string(debug.Stack()))
			e, _ := problem.From(nil)
			group(r).Fail(tracked, r, e)
		}()
		next.ServeHTTP(tracked, r)
	})
}

// writer remembers whether the answer has begun.
type writer struct {
	http.ResponseWriter
	wrote bool
}

func (w *writer) WriteHeader(status int) {
	w.wrote = true
	w.ResponseWriter.WriteHeader(status)
}

func (w *writer) Write(p []byte) (int, error) {
	w.wrote = true
	return w.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *writer) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Var returns a path parameter, decoded. It is the one place that decodes them.
func Var(r *http.Request, name string) string {
	raw := mux.Vars(r)[name]
	if decoded, err := url.PathUnescape(raw); err == nil {
		return decoded
	}
	return raw
}

// Name returns the name of the route that a request matched.
func Name(r *http.Request) string {
	if route := mux.CurrentRoute(r); route != nil {
		return route.GetName()
	}
	return ""
}
