package mockserver

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"sync"

	"github.com/gorilla/mux"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver/internal/admin"
	"github.com/quintain-dev/quintain/mockserver/internal/api"
	"github.com/quintain-dev/quintain/mockserver/internal/community"
	"github.com/quintain-dev/quintain/mockserver/internal/problem"
	"github.com/quintain-dev/quintain/mockserver/internal/rest"
	"github.com/quintain-dev/quintain/mockserver/internal/sender"
	"github.com/quintain-dev/quintain/mockserver/internal/store"
	"github.com/quintain-dev/quintain/mockserver/internal/tribe"
	"github.com/quintain-dev/quintain/mockserver/internal/tryno"
	"github.com/quintain-dev/quintain/mockserver/internal/wire"
)

// A Server is a mock server. It is an http.Handler; who listens, and where, is up to the caller. It is an
// http.RoundTripper too, for those who do not want to listen at all.
type Server struct {
	handler  http.Handler
	router   *mux.Router
	registry *community.Registry
	own      *wire.Transport // nil if the transport is the caller's

	ctx       context.Context // ends when the server is closed
	cancel    context.CancelFunc
	inProcess sync.WaitGroup // requests that came through RoundTrip

	localOnly bool
	hosts     sender.Hosts
}

// New returns a server without communities. It is to be closed. The error is that of an option: a host or base URL that
// cannot be read, or a nil platform.
func New(opts ...Option) (*Server, error) {
	o := options{log: slog.New(slog.DiscardHandler)}
	for _, opt := range opts {
		opt(&o)
	}
	if o.baseURL != "" {
		u, err := url.Parse(o.baseURL)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
			return nil, fmt.Errorf("mockserver: the base URL is %q, want an address such as http://mock:7555", o.baseURL)
		}
		o.hosts = append(o.hosts, u.Hostname())
	}
	for _, p := range o.platforms {
		if p == nil {
			return nil, fmt.Errorf("mockserver: WithPlatform(nil)")
		}
	}
	hosts, err := sender.ParseHosts(o.hosts...)
	if err != nil {
		return nil, fmt.Errorf("mockserver: %w", err)
	}
	s := &Server{}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	if o.transport == nil {
		s.own = sender.NewTransport(hosts, o.dial)
		o.transport = s.own
	}
	s.registry = community.NewRegistry(community.Config{
		Store:     store.NewMemory(),
		Transport: o.transport,
		Own:       s.own != nil,
		Hosts:     hosts,
		Log:       o.log,
		Platforms: o.platforms,
		UserAgent: contract.UserAgent,
	})
	s.localOnly, s.hosts = o.localOnly, hosts
	groups := api.New(s.registry, o.baseURL).Groups()
	for _, surface := range []admin.Surface{tryno.New(s.registry), tribe.New(s.registry)} {
		groups = append(groups, surface.Group())
	}
	s.handler, s.router = rest.NewHandler(o.log, groups...)
	return s, nil
}

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if host := (&url.URL{Host: r.Host}).Hostname(); s.localOnly && !s.hosts.Own(host) {
		api.Fail(w, r, problem.New(problem.CrossOrigin, "the Host is %q, which is not this machine", host).
			WithHint("call the server by 127.0.0.1 or localhost, or allow the name with --allow-host"))
		return
	}
	s.handler.ServeHTTP(w, r)
}

// Close ends all communities: attempts under way are broken off, requests that an inbox holds are let go, and every
// goroutine of the server has ended when it returns. A request to a closed server finds no community.
func (s *Server) Close() error {
	s.cancel()
	err := s.registry.Close()
	s.inProcess.Wait()
	if s.own != nil {
		s.own.CloseIdleConnections()
	}
	return err
}
