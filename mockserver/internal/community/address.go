package community

import (
	"errors"
	"net/url"
	"strconv"
	"strings"

	"github.com/quintain-dev/quintain/mockserver/internal/problem"
)

// checkURL says what is wrong with a webhook's URL.
func (c *Community) checkURL(raw string) error {
	if raw == "" {
		return problem.Invalid("url", "is missing").WithHint("give the address that deliveries are sent to, such as http://localhost:3000/hooks")
	}
	u, err := url.Parse(raw)
	switch {
	case err != nil:
		var inner *url.Error
		if errors.As(err, &inner) {
			err = inner.Err
		}
		return problem.Invalid("url", "cannot be read: %v", err)
	case len(raw) > 2048:
		return problem.Invalid("url", "has %d bytes, want at most 2048", len(raw))
	case u.Scheme != "http" && u.Scheme != "https", u.Host == "", u.Hostname() == "":
		return problem.Invalid("url", "is %q, want an absolute http or https address", raw)
	case u.User != nil:
		return problem.Invalid("url", "has a user name or password in it").WithHint("leave them out; deliveries are signed")
	case u.Fragment != "":
		return problem.Invalid("url", "has a fragment (#%s), which is never sent", u.Fragment)
	case strings.ContainsFunc(u.RawQuery, func(r rune) bool { return r <= ' ' || r >= 0x7f }):
		return problem.Invalid("url", "has a space, a control character or a letter beyond ASCII in its query").WithHint("escape it, a space as %%20")
	case strings.ContainsFunc(u.Host, func(r rune) bool { return r >= 0x7f }):
		return problem.Invalid("url", "has the host %q, with letters beyond ASCII", u.Hostname()).WithHint("write it in its xn-- form")
	case !validPort(u.Port()):
		return problem.Invalid("url", "has the port %s, want 1 to 65535", u.Port())
	case !c.registry.config.Hosts.Name(u.Hostname()):
		return problem.New(problem.HostNotAllowed, "url: deliveries to %s are not allowed, only to %s", u.Hostname(), c.registry.config.Hosts).
			WithHint("start the server with --allow-host %s, or mockserver.WithAllowedHosts", u.Hostname())
	}
	return nil
}

// validPort reports whether a port can be connected to; the empty one is the scheme's.
func validPort(port string) bool {
	n, err := strconv.ParseUint(port, 10, 16)
	return port == "" || err == nil && n > 0
}

// Unencrypted reports whether the host of a URL may be sent to without TLS where a platform wants https: it is the
// machine itself, or was allowed by name, such as that of a container.
func (c *Community) Unencrypted(raw string) bool {
	u, err := url.Parse(raw)
	return err == nil && c.registry.config.Hosts.Own(u.Hostname())
}
