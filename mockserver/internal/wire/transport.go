package wire

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync"
	"time"
)

// Config is what a Transport is made with. Every field may be left out.
type Config struct {
	// Dial opens connections; nil: a net.Dialer. It is where to refuse addresses. A connection that can be closed for
	// writing alone needs a CloseWrite method, as that of *net.TCPConn, or else it is closed both
	// ways, and there is no answer.
	Dial           func(ctx context.Context, network, address string) (net.Conn, error)
	TLS            *tls.Config   // nil: the standard library's; ServerName and NextProtos are filled in
	MaxIdlePerHost int           // connections kept; 0: 64; less than 0: none
	IdleTimeout    time.Duration // how long they are kept; 0: 4 s, since many servers close after 5 s
}

// A Transport is an http.RoundTripper over connections of its own. Make it with New. It may be used by several
// goroutines at once.
type Transport struct {
	config Config

	mu     sync.Mutex
	idle   map[host][]*conn // those used last are last
	expiry *time.Timer      // of the oldest idle connection; nil: none is idle
}

// A host is what a connection leads to.
type host struct {
	secure  bool
	address string // with the port
}

// New makes a transport.
func New(c Config) *Transport {
	if c.Dial == nil {
		c.Dial = (&net.Dialer{KeepAlive: 30 * time.Second}).DialContext
	}
	if c.MaxIdlePerHost == 0 {
		c.MaxIdlePerHost = 64
	}
	if c.IdleTimeout == 0 {
		c.IdleTimeout = 4 * time.Second
	}
	c.TLS = c.TLS.Clone()
	if c.TLS == nil {
		c.TLS = &tls.Config{}
	}
	c.TLS.NextProtos = []string{"http/1.1"}
	return &Transport{config: c, idle: map[host][]*conn{}}
}

// RoundTrip sends a request, once, and returns the head of its answer. The answer's body must be closed; closed before
// its end, it closes the connection, unless the rest is there already. The body of the request is read before a
// connection is made, and sent with a Content-Length, also where its length was not known. Headers go out sorted, and
// none is added but Host, Content-Length and, for a request with Close, Connection. An empty User-Agent is not sent.
//
// The end of the context ends everything at once, reading the answer's body too; the error is then that of the context,
// as errors.Is finds it. Other errors keep their types: those of Dial, of the network and of TLS. A connection closed
// before the answer is complete is io.EOF or io.ErrUnexpectedEOF; an answer that is not HTTP is none of all these. An
// answer that comes before the request was written to its end is an answer.
//
// The hooks of an httptrace.ClientTrace in the context are called as net/http's transport calls them, except those for
// single headers, for Expect and for connections put back.
func (t *Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx := r.Context()
	f := &flight{transport: t, ctx: ctx, request: r, trace: httptrace.ContextClientTrace(ctx)}
	if f.trace == nil {
		f.trace = &noTrace
	}
	if x, _ := ctx.Value(exchangeKey{}).(*Exchange); x != nil && x.Plan != (Plan{}) {
		f.exchange = x
	}
	to, err := f.compose()
	if err != nil {
		return nil, err
	}
	response, err := f.fly(to)
	if err != nil {
		f.end(false)
		return nil, err
	}
	return response, nil
}

var noTrace httptrace.ClientTrace

// destination returns where a URL leads.
func destination(u *url.URL) (host, error) {
	to := host{address: u.Host}
	port := "80"
	switch u.Scheme {
	case "http":
	case "https":
		to.secure, port = true, "443"
	default:
		return to, fmt.Errorf("the URL has the scheme %q, want http or https", u.Scheme)
	}
	name := u.Hostname()
	if name == "" {
		return to, errors.New("the URL has no host")
	}
	for _, c := range u.Host {
		if c <= ' ' || c >= 0x7f {
			return to, fmt.Errorf("the host %q has the character %q; write names that are not ASCII in their xn-- form", u.Host, c)
		}
	}
	if u.Port() == "" {
		to.address = net.JoinHostPort(name, port)
	}
	return to, nil
}

// connect returns a connection to a host: one that is idle, unless fresh is asked for, or a new one.
func (t *Transport) connect(ctx context.Context, trace *httptrace.ClientTrace, to host, fresh bool) (*conn, error) {
	if trace.GetConn != nil {
		trace.GetConn(to.address)
	}
	var c *conn
	if !fresh {
		c = t.take(to)
	}
	info := httptrace.GotConnInfo{Reused: c != nil, WasIdle: c != nil}
	if c != nil {
		info.IdleTime = time.Since(c.since)
	} else {
		dialled, err := t.dial(ctx, trace, to)
		if err != nil {
			return nil, err
		}
		c = newConn(to, dialled)
	}
	if trace.GotConn != nil {
		info.Conn = c.Conn
		trace.GotConn(info)
	}
	return c, nil
}

// dial opens a connection to a host, with TLS where it wants it.
func (t *Transport) dial(ctx context.Context, trace *httptrace.ClientTrace, to host) (net.Conn, error) {
	c, err := t.config.Dial(ctx, "tcp", to.address)
	if err != nil {
		return nil, within(ctx, err)
	}
	if !to.secure {
		return c, nil
	}
	config := t.config.TLS
	if config.ServerName == "" {
		config = config.Clone()
		config.ServerName, _, _ = net.SplitHostPort(to.address)
	}
	secured := tls.Client(c, config)
	if trace.TLSHandshakeStart != nil {
		trace.TLSHandshakeStart()
	}
	err = secured.HandshakeContext(ctx)
	if trace.TLSHandshakeDone != nil {
		trace.TLSHandshakeDone(secured.ConnectionState(), err)
	}
	if err != nil {
		c.Close()
		return nil, within(ctx, err)
	}
	return secured, nil
}

// within returns an error with that of the context before it, if the context ended. A deadline may be noticed by the
// network before it is by the context.
func within(ctx context.Context, err error) error {
	ended := ctx.Err()
	if deadline, ok := ctx.Deadline(); ended == nil && ok && !time.Now().Before(deadline) {
		ended = context.DeadlineExceeded
	}
	if ended == nil || errors.Is(err, ended) {
		return err
	}
	return fmt.Errorf("%w: %w", ended, err)
}
