package export

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"

	"github.com/quintain-dev/quintain/contract/internal/yamltree"
)

// shape is what a schema comes to when its references and allOf are put together: what Go needs, which has no unions.
type shape struct {
	types       []string // what a value may be, without null; nil is anything
	nullable    bool     // null is valid too
	properties  []property
	required    map[string]bool
	items       []string // pointers of the items' schemas
	tuple       bool     // prefixItems: the items have types of their own
	rest        []string // pointers of the schemas of all other members
	open        bool     // other members have a schema
	patterns    bool     // patternProperties: or several schemas
	options     []string // pointers of the alternatives, if there are several
	values      []any    // of enum or const, without null; nil if there is no list
	constant    bool
	format      string
	time        string // x-time
	description string
	grade       string // x-grade
}

// property is a member of an object: what its name is, and the schemas that all hold for it. None is any value.
type property struct {
	name     string
	pointers []string
}

// shapeOf puts schemas together that all hold.
func (s *source) shapeOf(pointers []string) *shape {
	out := &shape{required: map[string]bool{}, nullable: true}
	untyped := true
	for _, pointer := range pointers {
		s.merge(out, pointer, map[string]bool{}, &untyped)
	}
	return out
}

func (s *source) merge(out *shape, pointer string, seen map[string]bool, untyped *bool) {
	n := s.root.Find(pointer)
	if !isMapping(n) || seen[pointer] {
		return
	}
	seen[pointer] = true
	if next, target := s.resolve(str(n.Get("$ref"))); target != nil {
		s.merge(out, next, seen, untyped)
	}
	for i := range each(n.Get("allOf")) {
		s.merge(out, child(pointer, "allOf", strconv.Itoa(i)), seen, untyped)
	}
	if types, nullable, known := typesOf(n); known {
		if *untyped {
			out.types = types
		} else {
			out.types = intersect(out.types, types)
		}
		*untyped, out.nullable = false, out.nullable && nullable
	}
	s.alternatives(out, n, pointer, seen, untyped)
	s.object(out, n, pointer)
	if n.Get("items") != nil {
		out.items = append(out.items, child(pointer, "items"))
	}
	out.tuple = out.tuple || n.Get("prefixItems") != nil
	out.listed(n)
	out.format, out.time = cmp.Or(out.format, str(n.Get("format"))), cmp.Or(out.time, str(n.Get("x-time")))
	// What stands beside a reference says it better.
	out.description, out.grade = cmp.Or(str(n.Get("description")), out.description), cmp.Or(str(n.Get("x-grade")), out.grade)
}

// object reads the keywords of objects.
func (s *source) object(out *shape, n *node, pointer string) {
	if properties := n.Get("properties"); isMapping(properties) {
		for _, name := range properties.Keys {
			out.property(name, child(pointer, "properties", name))
		}
	}
	for _, name := range each(n.Get("required")) {
		out.required[str(name)] = true
	}
	if rest := n.Get("additionalProperties"); isMapping(rest) {
		out.rest, out.open = append(out.rest, child(pointer, "additionalProperties")), true
	}
	if patterns := n.Get("patternProperties"); isMapping(patterns) && len(patterns.Keys) > 0 {
		out.open, out.patterns = true, true
	}
}

// property adds a member, or to one that another part of an allOf has, too.
func (out *shape) property(name, pointer string) {
	for i, known := range out.properties {
		if known.name == name {
			if !slices.Contains(known.pointers, pointer) {
				out.properties[i].pointers = append(known.pointers, pointer)
			}
			return
		}
	}
	out.properties = append(out.properties, property{name, []string{pointer}})
}

// alternatives reads oneOf, anyOf and the conditional keywords. An alternative of null and one schema is that schema.
// Others add what members they name, as members of any value, so that none is lost.
func (s *source) alternatives(out *shape, n *node, pointer string, seen map[string]bool, untyped *bool) {
	for _, key := range []string{"oneOf", "anyOf"} {
		options := each(n.Get(key))
		var some []int
		for i, option := range options {
			if str(option.Get("type")) != "null" {
				some = append(some, i)
			}
		}
		switch {
		case len(options) == 0:
		case len(some) == 1:
			null := out.nullable
			s.merge(out, child(pointer, key, strconv.Itoa(some[0])), seen, untyped)
			out.nullable = null && (len(options) > 1 || out.nullable)
		default:
			for i := range options {
				out.options = append(out.options, child(pointer, key, strconv.Itoa(i)))
				s.loose(out, child(pointer, key, strconv.Itoa(i)), map[string]bool{})
			}
		}
	}
	for _, key := range []string{"then", "else", "if"} {
		s.loose(out, child(pointer, key), map[string]bool{})
	}
	if dependent := n.Get("dependentSchemas"); isMapping(dependent) {
		for _, name := range dependent.Keys {
			s.loose(out, child(pointer, "dependentSchemas", name), map[string]bool{})
		}
	}
}

// nullOr returns the pointer of the schema that a schema says may be null instead, and nothing else about: anyOf or
// oneOf of the two. It is "" for other schemas.
func (s *source) nullOr(pointers []string) string {
	if len(pointers) != 1 {
		return ""
	}
	n, found := s.root.Find(pointers[0]), ""
	if !isMapping(n) {
		return ""
	}
	for i, key := range n.Keys {
		options := each(n.Items[i])
		switch {
		case (key == "anyOf" || key == "oneOf") && len(options) == 2 && found == "":
			for j, option := range options {
				if str(option.Get("type")) == "null" {
					found = child(pointers[0], key, strconv.Itoa(1-j))
				}
			}
			if found == "" {
				return ""
			}
		case !annotates(key):
			return ""
		}
	}
	return found
}

// loose adds the members that a schema names, wherever in it, as members of any value.
func (s *source) loose(out *shape, pointer string, seen map[string]bool) {
	n := s.root.Find(pointer)
	if !isMapping(n) || seen[pointer] {
		return
	}
	seen[pointer] = true
	if properties := n.Get("properties"); isMapping(properties) {
		for _, name := range properties.Keys {
			if !slices.ContainsFunc(out.properties, func(p property) bool { return p.name == name }) {
				out.properties = append(out.properties, property{name: name})
			}
		}
	}
	if next, target := s.resolve(str(n.Get("$ref"))); target != nil {
		s.loose(out, next, seen)
	}
	for _, key := range []string{"allOf", "oneOf", "anyOf"} {
		for i := range each(n.Get(key)) {
			s.loose(out, child(pointer, key, strconv.Itoa(i)), seen)
		}
	}
	for _, key := range []string{"then", "else", "if"} {
		s.loose(out, child(pointer, key), seen)
	}
}

// listed reads enum and const.
func (out *shape) listed(n *node) {
	values := each(n.Get("enum"))
	if c := n.Get("const"); c != nil {
		values, out.constant = []*node{c}, true
	} else if n.Get("enum") == nil || out.constant {
		return
	}
	out.values = []any{}
	for _, v := range values {
		if v.Kind == yamltree.Scalar && v.Value != nil {
			out.values = append(out.values, v.Value)
		}
	}
}

// typesOf returns the types that a schema names or that follow from its enum, const or properties, and whether null is
// one.
func typesOf(n *node) (types []string, nullable, known bool) {
	t := n.Get("type")
	switch {
	case str(t) != "":
		types = []string{str(t)}
	case len(each(t)) > 0:
		for _, item := range t.Items {
			types = append(types, str(item))
		}
	case n.Get("const") != nil:
		types = []string{jsonType(n.Get("const"))}
	case n.Get("enum") != nil:
		for _, item := range each(n.Get("enum")) {
			types = append(types, jsonType(item))
		}
	case n.Get("properties") != nil:
		types = []string{"object"} // who lists members means an object
	default:
		return nil, false, false
	}
	if enum := n.Get("enum"); enum != nil && !slices.ContainsFunc(each(enum), func(v *node) bool { return jsonType(v) == "null" }) {
		types = slices.DeleteFunc(types, func(t string) bool { return t == "null" })
	}
	if c := n.Get("const"); c != nil && jsonType(c) != "null" {
		types = slices.DeleteFunc(types, func(t string) bool { return t == "null" })
	}
	nullable = slices.Contains(types, "null")
	types = slices.DeleteFunc(types, func(t string) bool { return t == "null" })
	slices.Sort(types)
	return slices.Compact(types), nullable, true
}

func jsonType(n *node) string {
	switch n.Kind {
	case yamltree.Mapping:
		return "object"
	case yamltree.Sequence:
		return "array"
	}
	switch v := n.Value.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case json.Number:
		if _, err := v.Int64(); err == nil {
			return "integer"
		}
		return "number"
	default:
		return "string"
	}
}

// intersect returns what both allow. An integer is a number, too.
func intersect(a, b []string) []string {
	out := []string{}
	for _, t := range a {
		switch {
		case slices.Contains(b, t), t == "integer" && slices.Contains(b, "number"):
			out = append(out, t)
		case t == "number" && slices.Contains(b, "integer"):
			out = append(out, "integer")
		}
	}
	return out
}
