package mockserver

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"sync"

	"github.com/gorilla/mux"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/contract/signing"
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

	hostCheck bool
	hosts     sender.Hosts
}

// New returns a server without communities. It is to be closed. The error is that of an option: a host or base URL that
// cannot be read, a control token that cannot stand in a header, or a nil platform.
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
	if !signing.HeaderSafe(o.token) {
		return nil, fmt.Errorf("mockserver: the control token has white space, control characters or letters beyond ASCII")
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
		Observer:  o.observer,
		Platforms: o.platforms,
		UserAgent: contract.UserAgent,
	})
	s.hostCheck, s.hosts = o.hostCheck, hosts
	groups := api.New(s.registry, o.baseURL, o.token).Groups()
	for _, surface := range []admin.Surface{tryno.New(s.registry), tribe.New(s.registry)} {
		groups = append(groups, surface.Group())
	}
	s.handler, s.router = rest.NewHandler(o.log, groups...)
	return s, nil
}

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if host := (&url.URL{Host: r.Host}).Hostname(); s.hostCheck && !s.hosts.Own(host) && !arrivedAt(r, host) {
		api.Fail(w, r, problem.New(problem.CrossOrigin, "the Host is %q, which is not this server's", host).
			WithHint("call it by its address or localhost, or allow the name with --allow-host or --base-url"))
		return
	}
	s.handler.ServeHTTP(w, r)
}

// arrivedAt reports whether a host is the address of this machine at which the request's connection was accepted.
func arrivedAt(r *http.Request, host string) bool {
	local, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	addr, err := netip.ParseAddr(host)
	return ok && err == nil && addr.Unmap().WithZone("") == local.AddrPort().Addr().Unmap().WithZone("")
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
