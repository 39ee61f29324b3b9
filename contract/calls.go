package contract

import (
	"sync"

	"github.com/quintain-dev/quintain/contract/internal/yamltree"
)

// A call is one body of the admin API: what is sent to an operation, or what comes back with a status.
type call struct {
	name     string // operation.request or operation.status
	compiled func() (*validator, error)
}

// calls reads the bodies that paths describe, in the document's order.
func (d *document) calls() []call {
	var out []call
	add := func(name, pointer string) {
		if d.root.Find(pointer+"/schema") == nil {
			return
		}
		out = append(out, call{name, sync.OnceValues(func() (*validator, error) {
			return compileValidator(d, pointer+"/schema")
		})})
	}
	paths := d.root.Get("paths")
	for i, path := range keys(paths) {
		for j, method := range keys(paths.Items[i]) {
			operation := paths.Items[i].Items[j]
			id := text(operation.Get("operationId"))
			if id == "" {
				continue
			}
			at := "/paths/" + escape(path) + "/" + method
			add(id+".request", at+"/requestBody/content/application~1json")
			responses := operation.Get("responses")
			for k, status := range keys(responses) {
				from := at + "/responses/" + status
				if reference := text(responses.Items[k].Get("$ref")); len(reference) > 1 {
					from = reference[1:]
				}
				add(id+"."+status, from+"/content/application~1json")
			}
		}
	}
	return out
}

func keys(n *yamltree.Node) []string {
	if n == nil {
		return nil
	}
	return n.Keys
}

// Calls returns the names of the bodies of the admin API that the document describes, such as createWebhook.request and
// createWebhook.201. It is empty for a platform without an admin API, and for a document of somebody else, whose paths
// are not read.
func (p *Platform) Calls() []string {
	names := make([]string, len(p.calls))
	for i, c := range p.calls {
		names[i] = c.name
	}
	return names
}

// ValidateCall checks a JSON body of the admin API against its schema. The error is as that of EventType.Validate, with
// the code UnknownEvent for a name that is not one of Calls.
func (p *Platform) ValidateCall(name string, body []byte) error {
	for _, c := range p.calls {
		if c.name != name {
			continue
		}
		v, err := c.compiled()
		if err != nil {
			return err
		}
		value, err := decode(body)
		if err != nil {
			return err
		}
		return v.validate(name, value)
	}
	return Unknown(UnknownEvent, "admin API body of "+p.String(), name, p.Calls())
}
