package fakes

import (
	"math"
	"slices"

	"github.com/quintain-dev/quintain/contract"
)

// A shape is what several schemas together ask of one value: a schema with what its $ref, allOf and the chosen branch
// of oneOf and anyOf lead to.
type shape struct {
	own         *contract.Schema // the first: its place is named in faults
	types       []string         // nil: any
	enum        []contract.Value // nil: any
	format      string
	patterns    []*contract.Schema // those with a pattern
	limits      contract.Limits
	fields      []field
	required    []string
	closed      []*contract.Schema // those that admit no properties but their own
	additional  *contract.Schema
	items       []*contract.Schema
	prefix      []*contract.Schema
	samples     []contract.Value
	fixed       map[string]string // by discriminators
	unread      []string
	fake        *contract.Schema // the one with x-fake
	literal     *contract.Value
	as          *contract.Schema
	never       *contract.Schema
	visited     int            // how many schemas were joined
	at          map[string]int // by name: where it is in fields, while they are joined
	branches    int            // how many ways there are to choose branches
	stride      int
	typesDiffer bool
}

// A field is a property of a shape, with all schemas that it must meet.
type field struct {
	name     string
	schemas  []*contract.Schema
	required bool
}

// maxBranches bounds the ways to choose branches that are tried.
const maxBranches = 12

// flatten joins schemas. Branch says which way to choose among those of oneOf and anyOf.
func flatten(schemas []*contract.Schema, branch int) *shape {
	sh := &shape{own: schemas[0], branches: 1, stride: 1, fixed: map[string]string{}, at: map[string]int{}}
	seen := map[*contract.Schema]bool{}
	for _, s := range schemas {
		sh.join(s, branch, seen)
	}
	sh.visited = len(seen)
	required := map[string]bool{}
	for _, name := range sh.required {
		required[name] = true
	}
	admits := sh.admits()
	for i := range sh.fields {
		f := &sh.fields[i]
		f.required = required[f.name]
		delete(required, f.name) // what stays has no schema
	}
	sh.fields = slices.DeleteFunc(sh.fields, func(f field) bool { return !admits(f.name) })
	for _, name := range sh.required {
		if required[name] && admits(name) {
			delete(required, name)
			f := field{name: name, required: true}
			if sh.additional != nil {
				f.schemas = append(f.schemas, sh.additional)
			} else {
				f.schemas = append(f.schemas, &contract.Schema{Pointer: sh.own.Pointer, Line: sh.own.Line})
			}
			sh.fields = append(sh.fields, f)
		}
	}
	if sh.types != nil && sh.enum != nil {
		sh.enum = slices.DeleteFunc(slices.Clone(sh.enum), func(v contract.Value) bool { return !hasType(v.JSON, sh.types) })
	}
	return sh
}

func (sh *shape) join(s *contract.Schema, branch int, seen map[*contract.Schema]bool) {
	if seen[s] {
		return
	}
	seen[s] = true
	sh.joinOwn(s)
	if s.Ref != nil {
		sh.join(s.Ref, branch, seen)
	}
	for _, part := range s.AllOf {
		sh.join(part, branch, seen)
	}
	for _, p := range s.Properties {
		i, known := sh.at[p.Name]
		if !known {
			i = len(sh.fields)
			sh.at[p.Name] = i
			sh.fields = append(sh.fields, field{name: p.Name})
		}
		sh.fields[i].schemas = append(sh.fields[i].schemas, p.Schema)
	}
	for _, union := range [][]*contract.Schema{s.OneOf, s.AnyOf} {
		if len(union) == 0 {
			continue
		}
		order := nullsLast(union)
		i := order[branch/sh.stride%len(union)]
		sh.stride *= len(union)
		sh.branches = min(sh.stride, maxBranches)
		for value, of := range s.Discriminated {
			if of == i {
				sh.fixed[s.Discriminator] = value
			}
		}
		sh.join(union[i], branch, seen)
	}
}

// nullsLast orders branches so that those that only admit null, or nothing, are chosen last.
func nullsLast(union []*contract.Schema) []int {
	var order, last []int
	for i, one := range union {
		if t := one.Target(); t.Never || slices.Equal(t.Types, []string{"null"}) {
			last = append(last, i)
		} else {
			order = append(order, i)
		}
	}
	return append(order, last...)
}

// joinOwn joins what stands in the schema itself.
func (sh *shape) joinOwn(s *contract.Schema) {
	if s.Never {
		sh.never = s
	}
	if s.Types != nil {
		sh.joinTypes(s.Types)
	}
	if s.Const != nil {
		sh.joinEnum([]contract.Value{*s.Const})
	}
	if s.Enum != nil {
		sh.joinEnum(s.Enum)
	}
	if sh.format == "" {
		sh.format = s.Format
	}
	if s.Pattern != "" {
		sh.patterns = append(sh.patterns, s)
	}
	sh.limits = tighter(sh.limits, s.Limits)
	sh.required = append(sh.required, s.Required...)
	if s.Additional != nil {
		if s.Additional.Never {
			sh.closed = append(sh.closed, s)
		} else {
			sh.additional = s.Additional
		}
	}
	if s.Items != nil {
		sh.items = append(sh.items, s.Items)
	}
	if len(s.Prefix) > len(sh.prefix) {
		sh.prefix = s.Prefix
	}
	sh.samples = append(sh.samples, s.Samples...)
	for _, keyword := range s.Unread {
		if !slices.Contains(sh.unread, keyword) {
			sh.unread = append(sh.unread, keyword)
		}
	}
	if s.Fake != "" && sh.fake == nil {
		sh.fake = s
	}
	if s.Literal != nil && sh.literal == nil {
		sh.literal = s.Literal
	}
	if s.As != "" && sh.as == nil {
		sh.as = s
	}
}

func (sh *shape) joinTypes(types []string) {
	if sh.types == nil {
		sh.types = slices.Clone(types)
		return
	}
	var both []string
	for _, t := range sh.types {
		switch {
		case slices.Contains(types, t):
			both = append(both, t)
		case t == "integer" && slices.Contains(types, "number"), t == "number" && slices.Contains(types, "integer"):
			both = append(both, "integer")
		}
	}
	sh.types, sh.typesDiffer = both, len(both) == 0
}

func (sh *shape) joinEnum(values []contract.Value) {
	if sh.enum == nil {
		sh.enum = values
		return
	}
	other := make(map[string]bool, len(values))
	for _, v := range values {
		other[string(v.JSON)] = true
	}
	sh.enum = slices.DeleteFunc(slices.Clone(sh.enum), func(v contract.Value) bool { return !other[string(v.JSON)] })
}

// admits returns what tells whether no closed schema is without a property.
func (sh *shape) admits() func(name string) bool {
	var closed []map[string]bool
	for _, s := range sh.closed {
		if slices.Contains(s.Unread, "patternProperties") {
			continue
		}
		names := make(map[string]bool, len(s.Properties))
		for _, p := range s.Properties {
			names[p.Name] = true
		}
		closed = append(closed, names)
	}
	return func(name string) bool {
		return !slices.ContainsFunc(closed, func(names map[string]bool) bool { return !names[name] })
	}
}

// unreadable returns the schema whose pattern cannot be read here, or nil.
func (sh *shape) unreadable() *contract.Schema {
	for _, s := range sh.patterns {
		if s.Regexp == nil {
			return s
		}
	}
	return nil
}

func tighter(a, b contract.Limits) contract.Limits {
	highest := func(a, b *float64) *float64 {
		if a == nil || b != nil && *b > *a {
			return b
		}
		return a
	}
	lowest := func(a, b *float64) *float64 {
		if a == nil || b != nil && *b < *a {
			return b
		}
		return a
	}
	return contract.Limits{
		MinLength: highest(a.MinLength, b.MinLength), MaxLength: lowest(a.MaxLength, b.MaxLength),
		Minimum: highest(a.Minimum, b.Minimum), Maximum: lowest(a.Maximum, b.Maximum),
		ExclusiveMinimum: highest(a.ExclusiveMinimum, b.ExclusiveMinimum), ExclusiveMaximum: lowest(a.ExclusiveMaximum, b.ExclusiveMaximum),
		MultipleOf: highest(a.MultipleOf, b.MultipleOf),
		MinItems:   highest(a.MinItems, b.MinItems), MaxItems: lowest(a.MaxItems, b.MaxItems),
		MinProperties: highest(a.MinProperties, b.MinProperties), MaxProperties: lowest(a.MaxProperties, b.MaxProperties),
		UniqueItems: a.UniqueItems || b.UniqueItems,
	}
}

// typ is the type of value to make: the first that is not null, or what the other keywords are about; "" if nothing
// says.
func (sh *shape) typ() string {
	for _, t := range sh.types {
		if t != "null" {
			return t
		}
	}
	l := sh.limits
	switch {
	case len(sh.types) > 0:
		return "null"
	case len(sh.fields) > 0 || sh.additional != nil || len(sh.closed) > 0 || l.MinProperties != nil:
		return "object"
	case len(sh.items) > 0 || len(sh.prefix) > 0 || l.MinItems != nil:
		return "array"
	case len(sh.patterns) > 0 || l.MinLength != nil || l.MaxLength != nil:
		return "string"
	case l.Minimum != nil || l.Maximum != nil || l.ExclusiveMinimum != nil || l.ExclusiveMaximum != nil || l.MultipleOf != nil:
		return "number"
	case sh.format != "":
		return "string"
	}
	return ""
}

func (sh *shape) nullable() bool { return slices.Contains(sh.types, "null") }

// hasType reports whether a JSON value is of one of the types; every value is of no types at all.
func hasType(value []byte, types []string) bool {
	if len(types) == 0 {
		return true
	}
	var t string
	switch value[0] {
	case '{':
		t = "object"
	case '[':
		t = "array"
	case '"':
		t = "string"
	case 't', 'f':
		t = "boolean"
	case 'n':
		t = "null"
	default:
		if f, ok := parseNumber(value); ok && f == math.Trunc(f) && slices.Contains(types, "integer") {
			return true
		}
		t = "number"
	}
	return slices.Contains(types, t)
}
