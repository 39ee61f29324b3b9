package sender

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// Hosts is the guard against SSRF (server-side request forgery): it says to which hosts deliveries may be sent. The zero
// value is the loopback alone, since a mock that posts anywhere is a way into other people's networks. A webhook's URL is
// checked by Name when it is registered, and each address by Addr when it is dialled.
type Hosts struct {
	any      bool
	names    []string // lower case
	networks []netip.Prefix
}

// ParseHosts reads a list of what is allowed beside the loopback: host names ("receiver", "hooks.example.com"), IP
// addresses, networks ("10.0.0.0/8"), or "*" for every host.
func ParseHosts(allowed ...string) (Hosts, error) {
	var h Hosts
	for _, item := range allowed {
		item = strings.ToLower(strings.TrimSpace(item))
		prefix, prefixErr := netip.ParsePrefix(item)
		addr, addrErr := netip.ParseAddr(strings.Trim(item, "[]"))
		switch {
		case item == "*":
			h.any = true
		case prefixErr == nil:
			h.networks = append(h.networks, prefix.Masked())
		case addrErr == nil:
			h.networks = append(h.networks, netip.PrefixFrom(addr.Unmap(), addr.Unmap().BitLen()))
		case item == "" || strings.ContainsAny(item, ":/ *@"):
			return h, fmt.Errorf("%q is not a host to allow; write a name, an IP address, a network such as 10.0.0.0/8, or *, without scheme and port", item)
		default:
			h.names = append(h.names, strings.TrimSuffix(item, "."))
		}
	}
	return h, nil
}

// Name reports whether a host, as it stands in a URL, may be sent to. A name that is allowed may have any address; a name
// that is not may still be dialled if it is the loopback's.
func (h Hosts) Name(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if addr, err := netip.ParseAddr(host); err == nil {
		return h.Addr(addr)
	}
	return h.any || local(host) || slices.Contains(h.names, host)
}

// Own reports whether a host, as it stands in a URL, is the user's own: the loopback, or a name or address that was allowed
// by itself, and not with every host.
func (h Hosts) Own(host string) bool {
	h.any = false
	return h.Name(host)
}

// local reports whether a name is the loopback's, whatever a name server says (RFC 6761).
func local(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}

// Addr reports whether an address may be dialled, whatever name led to it.
func (h Hosts) Addr(addr netip.Addr) bool {
	addr = addr.Unmap().WithZone("")
	return h.any || addr.IsLoopback() || slices.ContainsFunc(h.networks, func(n netip.Prefix) bool { return n.Contains(addr) })
}

// named reports whether the host was allowed by its name, so that its address does not matter.
func (h Hosts) named(host string) bool {
	return h.any || slices.Contains(h.names, strings.ToLower(strings.TrimSuffix(host, ".")))
}

// String lists what is allowed.
func (h Hosts) String() string {
	if h.any {
		return "every host"
	}
	out := append([]string{"loopback"}, h.names...)
	for _, n := range h.networks {
		out = append(out, n.String())
	}
	return strings.Join(out, ", ")
}
