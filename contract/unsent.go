package contract

import (
	"fmt"
	"slices"
	"strings"

	"github.com/quintain-dev/quintain/contract/internal/yamltree"
	"github.com/quintain-dev/quintain/contract/signing"
)

// alwaysSent are headers that every request has.
var alwaysSent = []string{"content-type", "accept", "accept-encoding", "content-length", "host", "user-agent"}

// unsent notes what a foreign document has the platform send with an event and what is not sent: headers and
// credentials. A receiver may turn such requests away rightly, so that the event counts as inferred.
func (d *document) unsent(e *EventType, item, post *yamltree.Node, pointer, operation string) error {
	before := len(d.assumed)
	var found bool
	sent := d.root.Find("/x-delivery/signature/value")
	scheme := text(sent.Get("scheme"))
	headers := append([]string{strings.ToLower(text(sent.Get("header"))), strings.ToLower(text(sent.Get("timestampHeader")))}, alwaysSent...)
	switch scheme {
	case BearerKey:
		headers = append(headers, "authorization")
	case StandardWebhooks:
		for _, name := range (signing.StandardWebhooks{}).Headers() {
			headers = append(headers, strings.ToLower(name))
		}
	}
	for _, of := range []struct {
		list *yamltree.Node
		at   string
	}{{item.Get("parameters"), pointer}, {post.Get("parameters"), operation}} {
		for i, parameter := range items(of.list) {
			parameter, at, err := d.follow(parameter, fmt.Sprintf("%s/parameters/%d", of.at, i))
			if err != nil {
				return err
			}
			name := text(parameter.Get("name"))
			if text(parameter.Get("in")) != "header" || text(parameter.Get("required")) != "true" || slices.Contains(headers, strings.ToLower(name)) {
				continue
			}
			found = true
			d.assume(parameter, at, fmt.Sprintf("%s: the header %s is required and is not sent; say how in x-delivery signature", e.Name, name))
		}
	}
	security, at := post.Get("security"), operation+"/security"
	if security == nil {
		security, at = d.root.Get("security"), "/security"
	}
	if demands := items(security); len(demands) > 0 && (scheme == "" || scheme == Unsigned) && !slices.ContainsFunc(demands, func(n *yamltree.Node) bool { return len(n.Keys) == 0 }) {
		found = true
		d.assume(security, at, fmt.Sprintf("%s: security wants %s, which is not sent; say how in x-delivery signature", e.Name, strings.Join(demands[0].Keys, " and ")))
	}
	if found && e.Grade == Documented {
		e.Grade = Inferred
		if len(d.assumed) > before {
			d.assume(post, operation, e.Name+": counts as inferred, since a receiver may rightly turn away requests that lack what is required")
		}
	}
	return nil
}
