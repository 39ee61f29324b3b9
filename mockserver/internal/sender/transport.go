package sender

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"syscall"
	"time"

	"github.com/quintain-dev/quintain/mockserver/internal/wire"
)

// NewTransport returns the transport that deliveries use by default: HTTP/1.1 over kept connections, no proxy, no
// redirects (a transport never follows one), and only to the hosts that are allowed. The check is made on the address
// that is dialled, after the name was resolved, so that a name that changes its address does not get around it.
//
// If dial is not nil it opens the connections, and nothing is checked. Every limit in time is the caller's context.
func NewTransport(
	hosts Hosts, dial func(ctx context.Context, network, address string) (net.Conn, error),
) *wire.Transport {
	if dial == nil {
		dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			host, port, err := net.SplitHostPort(address)
			if err != nil {
				return nil, err
			}
			if local(host) { // RFC 6761: no name server is asked
				host, address = "localhost", net.JoinHostPort("localhost", port)
			}
			d := net.Dialer{KeepAlive: 30 * time.Second}
			d.Control = func(_, address string, _ syscall.RawConn) error { return check(hosts, host, address) }
			return d.DialContext(ctx, network, address)
		}
	}
	return wire.New(wire.Config{MaxIdlePerHost: Concurrency, Dial: dial})
}

func check(hosts Hosts, host, address string) error {
	addr, err := netip.ParseAddrPort(address)
	if err == nil && hosts.Dial(host, addr.Addr()) {
		return nil
	}
	return &HostError{Host: host, Address: address, Allowed: hosts}
}

// A HostError is a connection that was not made because its address is not allowed.
type HostError struct {
	Host    string // as it stands in the URL
	Address string // what it resolved to, with the port
	Allowed Hosts
}

// Error names the host, its address and what is allowed.
func (e *HostError) Error() string {
	return fmt.Sprintf("deliveries to %s (%s) are not allowed, only to %s", e.Host, e.Address, e.Allowed)
}
