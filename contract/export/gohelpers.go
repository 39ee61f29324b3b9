package export

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

// printNames writes what leads from a request to its type: names of events and headers, New, and NameOf.
func (g *goFile) printNames(out *bytes.Buffer, consts, types []string) {
	s := g.source
	out.WriteString("// The names of the events" + map[bool]string{true: ", and of the messages that are no events", false: ""}[len(s.messages) > 0] + ".\nconst (\n")
	for i, e := range s.all() {
		comment(out, "\t", sentence(e.Summary))
		fmt.Fprintf(out, "\t%s = %s\n", consts[i], strconv.Quote(e.Name))
	}
	out.WriteString(")\n\n")

	headers := s.headers()
	if bearer := s.bearer(); bearer != "" {
		headers = append(headers, header{name: "Authorization", constant: "HeaderAuthorization", description: sentence("Bearer and a key", bearer)})
	}
	if len(headers) > 0 {
		out.WriteString("// The headers that prove where a delivery comes from.\nconst (\n")
		for _, h := range headers {
			comment(out, "\t", h.description)
			fmt.Fprintf(out, "\t%s = %s\n", h.constant, strconv.Quote(h.name))
		}
		out.WriteString(")\n\n")
	}

	out.WriteString("// Names returns the names of the events, without messages that are no events.\nfunc Names() []string {\n\treturn []string{\n")
	for i := range s.events {
		fmt.Fprintf(out, "\t\t%s,\n", consts[i])
	}
	out.WriteString("\t}\n}\n\n")

	comment(out, "", "New returns a pointer to a new value that the body of an event or message is decoded into, or nil if the name is unknown.")
	out.WriteString("func New(name string) any {\n\tswitch name {\n")
	for i := range s.all() {
		fmt.Fprintf(out, "\tcase %s:\n\t\treturn new(%s)\n", consts[i], types[i])
	}
	out.WriteString("\t}\n\treturn nil\n}\n\n")
	g.printNameOf(out, consts)
}

// printNameOf writes the lookup of the name that a body gives its event, where it gives one.
func (g *goFile) printNameOf(out *bytes.Buffer, consts []string) {
	parts := g.source.nameParts()
	if len(parts) == 0 {
		return
	}
	g.imports["encoding/json"] = true
	out.WriteString("// NameOf returns the name of the event that a body gives itself, or \"\" if it gives none.\nfunc NameOf(body []byte) string {\n")
	var names, sum []string
	for _, part := range parts {
		if part.pointer == "" {
			sum = append(sum, strconv.Quote(part.text))
			continue
		}
		name := "name" + strconv.Itoa(len(names)+1)
		names, sum = append(names, name), append(sum, name)
		keys := make([]string, len(part.keys()))
		for i, key := range part.keys() {
			keys[i] = strconv.Quote(key)
		}
		fmt.Fprintf(out, "\t%s := textAt(body, %s)\n", name, strings.Join(keys, ", "))
	}
	if len(sum) > 1 {
		fmt.Fprintf(out, "\tif %s == \"\" {\n\t\treturn \"\"\n\t}\n", strings.Join(names, ` == "" || `))
	}
	// Where bodies spell names in another way than the catalogue, a switch leads from one to the other.
	written, other := map[string]bool{}, false
	var cases strings.Builder
	for i, e := range g.source.events {
		name := g.source.written(e)
		other = other || name != e.Name
		if !written[name] {
			written[name] = true
			fmt.Fprintf(&cases, "\tcase %s:\n\t\treturn %s\n", strconv.Quote(name), consts[i])
		}
	}
	if other {
		fmt.Fprintf(out, "\tswitch %s {\n%s\t}\n\treturn \"\"\n}\n\n", strings.Join(sum, " + "), cases.String())
	} else {
		fmt.Fprintf(out, "\treturn %s\n}\n\n", strings.Join(sum, " + "))
	}
	out.WriteString(textAt)
}

const textAt = `// textAt returns the text at a path of members of a body, or "".
func textAt(body json.RawMessage, path ...string) string {
	for _, key := range path {
		var members map[string]json.RawMessage
		if json.Unmarshal(body, &members) != nil {
			return ""
		}
		body = members[key]
	}
	var text string
	if json.Unmarshal(body, &text) != nil {
		return ""
	}
	return text
}

`

func (g *goFile) printHelpers(out *bytes.Buffer) {
	if g.dates {
		g.imports["time"] = true
		out.WriteString(dateTime)
	}
	if g.options {
		out.WriteString(optional)
	}
}

const dateTime = `// DateTime is a time as RFC 3339 writes it. It is text, since a time.Time would write .120Z as .12Z.
type DateTime string

// Time returns the time.
func (d DateTime) Time() (time.Time, error) { return time.Parse(time.RFC3339, string(d)) }

`

const optional = `// An Optional is a member that may be absent, null or a value. The zero value is absent.
type Optional[T any] struct {
	Value *T   // nil if the member is absent or null
	Set   bool // the member is there
}

// IsZero reports whether the member is absent; encoding/json asks it for omitzero.
func (o Optional[T]) IsZero() bool { return !o.Set }

// MarshalJSON writes the value, or null.
func (o Optional[T]) MarshalJSON() ([]byte, error) { return json.Marshal(o.Value) }

// UnmarshalJSON reads a value, or null.
func (o *Optional[T]) UnmarshalJSON(body []byte) error {
	o.Set, o.Value = true, nil
	return json.Unmarshal(body, &o.Value)
}
`
