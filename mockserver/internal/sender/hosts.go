package sender

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// Hosts is the guard against SSRF (server-side request forgery): it says to which hosts deliveries may be sent. The
// zero value is the loopback alone, since a mock that posts anywhere is a way into other people's networks. A webhook's
// URL is checked by Name when it is registered, and each address by Dial when it is dialled.
//
// The addresses at which clouds tell a machine's credentials (metadata) are refused in every case but one: they were
// allowed by their own address or network.
type Hosts struct {
	any      bool
	names    []string // lower case
	networks []netip.Prefix
}

// metadata are the networks in which clouds have their metadata services: link-local addresses, AWS's own over IPv6,
// and what a NAT64 gateway makes of 169.254.0.0/16.
var metadata = []netip.Prefix{
	netip.MustParsePrefix("169.254.0.0/16"), netip.MustParsePrefix("fe80::/10"),
	netip.MustParsePrefix("fd00:ec2::254/128"), netip.MustParsePrefix("64:ff9b::a9fe:0/112"),
}

// ParseHosts reads a list of what is allowed beside the loopback: host names ("receiver", "hooks.example.com"), IP
// addresses, networks ("10.0.0.0/8"), or "*" for every host but metadata services.
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

// Name reports whether a host, as it stands in a URL, may be sent to. A name that is allowed may have any address but
// those of metadata services; a name that is not may still be dialled if it is the loopback's.
func (h Hosts) Name(host string) bool {
	if addr, err := netip.ParseAddr(withoutDot(host)); err == nil {
		return h.Addr(addr)
	}
	return h.any || local(host) || h.named(host)
}

// Own reports whether a host, as it stands in a URL, is the user's own: the loopback, or a name or address that was
// allowed by itself, and not with every host.
func (h Hosts) Own(host string) bool {
	h.any = false
	return h.Name(host)
}

// local reports whether a name is the loopback's, whatever a name server says (RFC 6761).
func local(host string) bool {
	host = withoutDot(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}

// Addr reports whether an address may be sent to where it stands in a URL itself, or a name that was not allowed led to
// it.
func (h Hosts) Addr(addr netip.Addr) bool {
	addr = addr.Unmap().WithZone("")
	within := slices.ContainsFunc(h.networks, func(n netip.Prefix) bool { return n.Contains(addr) })
	return (h.any || addr.IsLoopback() || within) && !h.unnamedMetadata(addr)
}

// Dial reports whether an address may be dialled to which a host of a URL led.
func (h Hosts) Dial(host string, addr netip.Addr) bool {
	return h.Addr(addr) || h.named(host) && !h.unnamedMetadata(addr.Unmap().WithZone(""))
}

// unnamedMetadata reports whether an address is of a metadata service, and was not allowed by a network that lies in
// theirs. A wider network, such as 0.0.0.0/0, says as little about them as "*".
func (h Hosts) unnamedMetadata(addr netip.Addr) bool {
	return slices.ContainsFunc(metadata, func(m netip.Prefix) bool {
		return m.Contains(addr) && !slices.ContainsFunc(h.networks, func(n netip.Prefix) bool {
			return n.Contains(addr) && n.Bits() >= m.Bits()
		})
	})
}

// named reports whether the host was allowed by its name, so that its address hardly matters.
func (h Hosts) named(host string) bool { return slices.Contains(h.names, withoutDot(host)) }

// withoutDot is how hosts are compared: in lower case, without the dot that may end a name.
func withoutDot(host string) string { return strings.ToLower(strings.TrimSuffix(host, ".")) }

// String lists what is allowed.
func (h Hosts) String() string {
	if h.any {
		return "every host but metadata services"
	}
	out := append([]string{"loopback"}, h.names...)
	for _, n := range h.networks {
		out = append(out, n.String())
	}
	return strings.Join(out, ", ")
}
