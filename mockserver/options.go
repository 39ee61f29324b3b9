package mockserver

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"slices"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver/internal/observe"
)

// An Option sets how a server works. The order of options does not matter, except that of two that set the same thing
// the last one wins.
type Option func(*options)

type options struct {
	transport http.RoundTripper
	hosts     []string
	platforms []*contract.Platform
	log       *slog.Logger
	observer  Observer
	baseURL   string
	hostCheck bool
	token     string
	dial      func(ctx context.Context, network, address string) (net.Conn, error)
}

// WithTransport sends deliveries through t, in place of a transport of the server's own. It must honour the context of
// a request: that is how attempts time out. Faults of the wire are refused, since the wire is t's. Which hosts may be
// named in a webhook's URL is checked all the same; that a name does not lead to another address is then t's business.
func WithTransport(t http.RoundTripper) Option { return func(o *options) { o.transport = t } }

// WithDial opens the connections of deliveries by calling dial, such as of a listener in memory. What faults of the
// wire need stays, which it does not with WithTransport. Which hosts may be named in a webhook's URL is checked all the
// same; where they lead is dial's business.
func WithDial(dial func(ctx context.Context, network, address string) (net.Conn, error)) Option {
	return func(o *options) { o.dial = dial }
}

// WithAllowedHosts allows deliveries to more than the loopback: to host names, IP addresses, networks such as
// 10.0.0.0/8, or every host ("*"). It adds to what other options allow. Link-local addresses and other addresses of
// clouds' metadata services are allowed only by themselves, such as 169.254.169.254; "*" and a name that leads there do
// not allow them.
func WithAllowedHosts(hosts ...string) Option {
	return func(o *options) { o.hosts = append(o.hosts, hosts...) }
}

// WithPlatform adds a platform to those that are built in, or replaces the one with its name and revision.
func WithPlatform(p *contract.Platform) Option {
	return func(o *options) { o.platforms = append(o.platforms, p) }
}

// PlatformsOf returns the platforms that options add to those that are built in.
func PlatformsOf(opts ...Option) []*contract.Platform {
	var o options
	for _, opt := range opts {
		opt(&o)
	}
	return slices.DeleteFunc(o.platforms, func(p *contract.Platform) bool { return p == nil })
}

// WithLogger logs to l. By default nothing is logged. Secrets, tokens and bodies never are.
func WithLogger(l *slog.Logger) Option { return func(o *options) { o.log = l } }

// WithHostCheck refuses requests whose Host is not the server's: the address at which the connection
// was accepted, the loopback, the host of the base URL, or a host that is allowed by itself. A page of
// another origin that has its name lead to this machine (DNS rebinding) comes with its own name there.
func WithHostCheck() Option { return func(o *options) { o.hostCheck = true } }

// WithControlToken lets the control API, everything below /__mock/ but the inboxes, answer only
// requests with the header Authorization: Bearer and this token, those through RoundTrip too. An empty
// token asks for none. It is for a server that others can reach; see client.Client.WithToken.
func WithControlToken(token string) Option { return func(o *options) { o.token = token } }

// Observer learns what a server does, as it does it.
type Observer = observe.Observer

// ObservedAttempt is one HTTP request that the server made.
type ObservedAttempt = observe.Attempt

// ObservedRequest is one request that an inbox received.
type ObservedRequest = observe.Request

// WithObserver lets o learn of every attempt that the server makes and of every request that an inbox receives.
func WithObserver(o Observer) Option { return func(all *options) { all.observer = o } }

// WithBaseURL sets how the server's own addresses are written, those of inboxes above all, such as http://mock:7555. By
// default they are taken from the Host of each request. Its host may be delivered to.
func WithBaseURL(u string) Option { return func(o *options) { o.baseURL = u } }
