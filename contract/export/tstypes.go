package export

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/quintain-dev/quintain/contract/internal/yamltree"
)

// tsType is a type expression, with how loosely it binds.
type tsType struct {
	text string
	kind tsKind
}

type tsKind int

const (
	tsAtom tsKind = iota
	tsIntersection
	tsUnion
)

var tsUnknown = tsType{text: "unknown"}

// within puts a type into parentheses if it binds more loosely than what is around it.
func (t tsType) within(kind tsKind) string {
	if t.kind > kind {
		return "(" + t.text + ")"
	}
	return t.text
}

// both is the intersection of types.
func both(types []tsType) tsType {
	var texts []string
	var last tsType
	for _, t := range types {
		if t != tsUnknown {
			texts = append(texts, t.within(tsIntersection))
			last = t
		}
	}
	switch len(texts) {
	case 0:
		return tsUnknown
	case 1:
		return last
	}
	return tsType{strings.Join(texts, " & "), tsIntersection}
}

// either is the union of types. With one that may be anything, it may be anything.
func either(types []tsType) tsType {
	var texts []string
	seen := map[string]bool{}
	for _, t := range types {
		if t == tsUnknown {
			return tsUnknown
		}
		if !seen[t.text] {
			seen[t.text] = true
			texts = append(texts, t.within(tsUnion))
		}
	}
	switch len(texts) {
	case 0:
		return tsType{text: "never"}
	case 1:
		return types[0]
	}
	return tsType{strings.Join(texts, " | "), tsUnion}
}

// schema writes the type of a schema.
func (f *tsFile) schema(n *node, indent string) tsType {
	if isFalse(n) {
		return tsType{text: "never"}
	}
	if !isMapping(n) {
		return tsUnknown
	}
	var parts []tsType
	if pointer, target := f.source.resolve(str(n.Get("$ref"))); target != nil {
		parts = append(parts, f.reference(pointer))
	}
	for _, item := range each(n.Get("allOf")) {
		parts = append(parts, f.schema(item, indent))
	}
	for _, key := range []string{"oneOf", "anyOf"} {
		if options := each(n.Get(key)); len(options) > 0 {
			var types []tsType
			for _, option := range options {
				types = append(types, f.schema(option, indent))
			}
			parts = append(parts, either(types))
		}
	}
	return both(append(parts, f.own(n, indent)))
}

// reference returns the name of what a reference points to.
func (f *tsFile) reference(pointer string) tsType {
	if f.named[pointer] == "" {
		f.named[pointer] = f.names.free(pascal(lastToken(pointer)))
	}
	f.queue = append(f.queue, pointer)
	return tsType{text: f.named[pointer]}
}

// own is the type that a schema's own keywords make.
func (f *tsFile) own(n *node, indent string) tsType {
	if c := n.Get("const"); c != nil {
		return f.literal(c)
	}
	types, nullable, known := typesOf(n)
	switch {
	case n.Get("enum") != nil:
		var values []tsType
		for _, v := range each(n.Get("enum")) {
			if v.Kind == yamltree.Scalar && v.Value == nil && known && !nullable {
				continue // null is listed, and is not of the type
			}
			values = append(values, f.literal(v))
		}
		return either(values)
	case !known:
		return tsUnknown
	}
	var out []tsType
	for _, t := range types {
		switch t {
		case "string", "boolean":
			out = append(out, tsType{text: t})
		case "number", "integer":
			out = append(out, tsType{text: "number"})
		case "array":
			out = append(out, f.array(n, indent))
		case "object":
			out = append(out, f.object(n, indent))
		default:
			return tsUnknown
		}
	}
	if nullable {
		out = append(out, tsType{text: "null"})
	}
	return either(out)
}

// literal is the type of one value.
func (f *tsFile) literal(v *node) tsType {
	if v.Kind != yamltree.Scalar {
		return tsUnknown // an object or list that is given as a whole is rare, and its type says little more
	}
	return tsType{text: quote(v.Value)}
}

// array writes a list or, with prefixItems, a tuple. A schema lets a tuple end early, unless it has a least length.
func (f *tsFile) array(n *node, indent string) tsType {
	rest := f.schema(n.Get("items"), indent)
	tuple := each(n.Get("prefixItems"))
	if len(tuple) == 0 {
		return tsType{text: rest.within(tsAtom) + "[]"}
	}
	least := 0
	if min := n.Get("minItems"); min != nil {
		least, _ = strconv.Atoi(fmt.Sprint(min.Value))
	}
	var items []string
	for i, item := range tuple {
		text := f.schema(item, indent).within(tsAtom)
		if i >= least {
			text += "?"
		}
		items = append(items, text)
	}
	if !isFalse(n.Get("items")) {
		items = append(items, "..."+rest.within(tsAtom)+"[]")
	}
	return tsType{text: "[" + strings.Join(items, ", ") + "]"}
}

// object writes the members of an object.
func (f *tsFile) object(n *node, indent string) tsType {
	required := map[string]bool{}
	for _, name := range each(n.Get("required")) {
		required[str(name)] = true
	}
	properties := n.Get("properties")
	patterns := isMapping(n.Get("patternProperties"))
	if !isMapping(properties) || len(properties.Keys) == 0 {
		rest := tsUnknown
		if additional := n.Get("additionalProperties"); isMapping(additional) && !patterns {
			rest = f.schema(additional, indent)
		}
		return tsType{text: "{ [key: string]: " + rest.text + " }"}
	}
	var out bytes.Buffer
	out.WriteString("{\n")
	for i, name := range properties.Keys {
		p := properties.Items[i]
		shape := &shape{time: str(p.Get("x-time")), grade: str(p.Get("x-grade"))}
		f.doc(&out, indent+"  ", sentence(append([]string{str(p.Get("description"))}, facts(shape, true)...)...))
		optional := "?"
		if required[name] {
			optional = ""
		}
		fmt.Fprintf(&out, "%s  %s%s: %s\n", indent, tsKey(name), optional, f.schema(p, indent+"  ").text)
	}
	if patterns || conditional(n) || n.Get("additionalProperties") != nil && !isFalse(n.Get("additionalProperties")) {
		out.WriteString(indent + "  [key: string]: unknown\n") // any narrower type would have to fit the members above
	}
	out.WriteString(indent + "}")
	return tsType{text: out.String()}
}

// conditional reports whether a schema names members under a condition, which no type says.
func conditional(n *node) bool {
	return n.Get("then") != nil || n.Get("else") != nil || n.Get("dependentSchemas") != nil
}

var identifier = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[A-Za-z_$][A-Za-z0-9_$]*$`)
})

func tsKey(name string) string {
	if identifier().MatchString(name) {
		return name
	}
	return quote(name)
}
