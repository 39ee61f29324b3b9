package fakes

import (
	"fmt"
	"slices"
	"strings"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/contract/jsonptr"
)

// A fill is what the values of one payload are made from.
type fill struct {
	f      *frame
	item   uint64 // tells the items of arrays apart; 0 outside
	index  uint64 // of the item in its array
	person int64  // whom the part of the payload is about
	bytes  int    // of the values that were made
	excess *excess
}

// A maker appends one value as JSON.
type maker func(x *fill, b []byte) []byte

// draw returns the random number of a leaf in this payload.
func (x *fill) draw(leaf uint64) uint64 {
	return x.f.w.draw(occurrenceKind, int64(x.f.occasion), leaf^x.item^x.f.salt)
}

// An impossible value is one that no way was found to make.
type impossible struct {
	at     *contract.Schema
	reason string
}

func (e *impossible) Error() string { return e.reason }

// place is where in a payload a value stands.
type place struct {
	path   string // a JSON pointer, with * for the items of arrays
	name   string // of the property, in words divided by _
	object string // the name of the property that the object is, or its array
	person bool   // inside a person
	depth  int    // of objects
	levels int    // of objects and arrays
	scope  entity // of x-fake
	fixed  string // by a discriminator
	stack  []*contract.Schema
	aside  bool // in what is planned beside what comes first: it is paid from what is spare
	again  bool // in an item of an array whose schema contains the array: once more is well
	event  bool // the id of the event
}

// property is the place of a property of the object.
func (at place) property(name, words string) place {
	at.path, at.object, at.name = at.path+"/"+jsonptr.Escape(name), at.name, words
	at.fixed, at.event = "", false
	at.depth++
	return at
}

// planner makes makers of schemas.
type planner struct {
	c        *compiler
	deepest  int  // objects deeper than this have only what is required
	budget   int  // values that may still be planned
	spare    int  // values that may still be planned aside
	work     *int // that may still be done, in all attempts
	varied   bool // not only the first way is planned
	tried    wrongs
	used     map[string]int // by path: the way that is sent, or is sent first
	trace    *tracer
	ways     map[string]int // by path: how many there are
	optional map[string]bool
	shapes   map[*contract.Schema]*shape
	example  []byte // of the whole body, or nil
	notes    []note
	risky    bool // few payloads do not tell whether all are well
}

// A note says how a value came about.
type note struct{ how, path string }

// The ways in which values come about.
const (
	fromDocument = "the document"
	fromFormat   = "format"
	fromName     = "names"
	fromExample  = "examples"
	fromPattern  = "patterns"
	guessed      = "guessed"
	leftOut      = "left out"
	unread       = "unread"
	sameID       = "same id"
)

func (p *planner) note(how, path string) { p.notes = append(p.notes, note{how, path}) }

// bare follows references that have nothing beside them.
func bare(s *contract.Schema) *contract.Schema {
	for range 100 {
		if s.Ref == nil || len(s.AllOf)+len(s.OneOf)+len(s.AnyOf)+len(s.Types)+len(s.Properties)+len(s.Enum)+len(s.Required)+len(s.Prefix)+len(s.Samples) > 0 ||
			s.Const != nil || s.Items != nil || s.Additional != nil || s.Fake != "" || s.Literal != nil || s.As != "" || s.Format != "" || s.Pattern != "" || s.Limits != (contract.Limits{}) {
			return s
		}
		s = s.Ref
	}
	return s
}

// value plans one value: the ways to make it are the branches, then the examples, then null; those that were found
// wrong are passed over.
func (p *planner) value(schemas []*contract.Schema, at place) (maker, error) {
	schemas = slices.Clone(schemas)
	for i, s := range schemas {
		schemas[i] = bare(s)
	}
	if err := p.pay(len(schemas), at); err != nil {
		return nil, err
	}
	for _, s := range schemas {
		if i := slices.Index(at.stack, s); i >= 0 && (!at.again || slices.Contains(at.stack[i+1:], s)) {
			var names []string
			for _, on := range append(at.stack[i:len(at.stack):len(at.stack)], s) {
				names = append(names, on.Pointer)
			}
			return nil, &impossible{s, "the schema requires itself without an end: " + strings.Join(names, " → ")}
		}
	}
	if at.levels++; at.levels > maxLevels+1 { // the body is no level
		return nil, &impossible{schemas[0], tooDeep}
	}
	at.stack = append(at.stack[:len(at.stack):len(at.stack)], schemas...)
	first := p.shape(schemas, 0, at)
	samples := p.samples(first, at)
	ways := first.branches + len(samples)
	if first.nullable() {
		ways++
	}
	p.ways[at.path] = ways
	var why error = &impossible{first.own, "no way is left"}
	reasons := 0
	for way := range ways {
		if p.tried[at.path][way] {
			continue
		}
		mark := len(p.notes)
		var m maker
		var err error
		switch {
		case way < first.branches:
			m, err = p.content(p.shape(schemas, way, at), at)
		case way < first.branches+len(samples):
			p.note(fromExample, at.path)
			m = paid(literal(samples[way-first.branches].JSON), first.own, at.path)
		default:
			m = literal([]byte("null"))
		}
		if err == nil {
			p.used[at.path] = way
			return p.others(m, schemas, first, way, ways, at), nil
		}
		p.notes = p.notes[:mark]
		if _, ok := err.(*impossible); !ok { //nolint:errorlint // never wrapped
			return nil, err
		}
		if reasons++; reasons == 1 {
			why = err
		}
	}
	return nil, why
}

func (p *planner) shape(schemas []*contract.Schema, branch int, at place) *shape {
	if len(schemas) > 1 || branch > 0 {
		sh := flatten(schemas, branch)
		if branch == 0 {
			p.widen(sh, schemas)
		}
		_ = p.pay(branch, at) // what comes next finds out
		*p.work -= sh.visited
		return sh
	}
	sh := p.shapes[schemas[0]]
	if sh == nil {
		sh = flatten(schemas, 0)
		p.widen(sh, schemas)
		_ = p.pay(len(sh.fields)/10, at)
		*p.work -= sh.visited
		p.shapes[schemas[0]] = sh
	}
	return sh
}

// samples are the examples that the value may be replaced by: its schema's, and its part of the body's.
func (p *planner) samples(sh *shape, at place) []contract.Value {
	out := slices.DeleteFunc(slices.Clone(sh.samples), func(v contract.Value) bool { return !sh.fits(v.JSON) })
	if example := p.bodyExample(at.path); len(example) > 0 && sh.fits(example) {
		out = append(out, contract.Value{JSON: example})
	}
	return out
}

func literal(json []byte) maker {
	return func(_ *fill, b []byte) []byte { return append(b, json...) }
}

// bodyExample returns the value that the example of the body has at a path.
func (p *planner) bodyExample(path string) []byte {
	if p.example == nil {
		return nil
	}
	span, err := jsonptr.Find(p.example, strings.ReplaceAll(path, "/*", "/0"))
	if err != nil {
		return nil
	}
	return p.example[span.Start:span.End]
}

// content plans a value of a shape.
func (p *planner) content(sh *shape, at place) (maker, error) {
	if example := p.bodyExample(at.path); len(example) > 0 && example[0] != '{' && example[0] != '[' && sh.fits(example) {
		with := *sh
		with.samples = append(sh.samples[:len(sh.samples):len(sh.samples)], contract.Value{JSON: example})
		sh = &with
	}
	for _, keyword := range sh.unread {
		p.note(unread, keyword)
	}
	p.risky = p.risky || len(sh.unread) > 0 || sh.branches > 1 || sh.limits.UniqueItems
	if sh.as != nil {
		var err error
		if at.scope, err = p.c.path(sh.as, sh.as.As, at.scope); err != nil {
			return nil, err
		}
	}
	switch {
	case sh.literal != nil:
		p.note(fromDocument, at.path)
		return paid(literal(sh.literal.JSON), sh.own, at.path), nil
	case sh.fake != nil:
		p.note(fromDocument, at.path)
		return p.fake(sh, at)
	case sh.never != nil:
		return nil, &impossible{sh.never, "the schema is false, which nothing meets"}
	case sh.typesDiffer:
		return nil, &impossible{sh.own, "the schemas that apply have no type in common"}
	}
	var m maker
	var err error
	switch t := sh.typ(); {
	case sh.enum != nil:
		m, err = p.enum(sh, at)
	case t == "object":
		return p.object(sh, at)
	case t == "array":
		return p.array(sh, at)
	case t == "null":
		m = literal([]byte("null"))
	default:
		m, err = p.leaf(sh, t, at)
	}
	if err != nil {
		return nil, err
	}
	return paid(m, sh.own, at.path), nil
}

func (p *planner) fake(sh *shape, at place) (maker, error) {
	ops, err := p.c.inside(func() error { return p.c.leaf(sh.fake, sh.fake, at.scope) })
	if err != nil {
		return nil, err
	}
	all := func(x *fill, b []byte) []byte {
		for _, op := range ops {
			b = op(x.f, b)
		}
		return b
	}
	return paid(all, sh.own, at.path), nil
}

func (p *planner) enum(sh *shape, at place) (maker, error) {
	if len(sh.enum) == 0 {
		return nil, &impossible{sh.own, "no value is in all of the enums and types that apply"}
	}
	values, leaf := sh.enum, hash(at.path)
	if at.fixed != "" { // an enum of many types, and the branch is of one
		quoted := `"` + escapeJSON(at.fixed) + `"`
		if slices.ContainsFunc(values, func(v contract.Value) bool { return string(v.JSON) == quoted }) {
			return literal([]byte(quoted)), nil
		}
	}
	return func(x *fill, b []byte) []byte {
		return append(b, values[(x.draw(leaf^x.item)+x.index)%uint64(len(values))].JSON...)
	}, nil
}

func (p *planner) object(sh *shape, at place) (maker, error) {
	type part struct {
		name   []byte
		make   maker
		chance uint64 // of being left out in every other payload, by this number; 0: it is always there
	}
	var parts []part
	role := personRole(sh, at)
	at.person = role != notPerson || at.person && !at.leavesPerson()
	for _, f := range sh.fields {
		if !f.required && (p.c.minimal || at.depth > p.deepest) {
			continue
		}
		inner := at.property(f.name, words(f.name))
		inner.fixed = sh.fixed[f.name]
		p.optional[inner.path] = !f.required
		mark := len(p.notes)
		m, err := p.value(f.schemas, inner)
		if _, cannot := err.(*impossible); cannot && !f.required { //nolint:errorlint // never wrapped
			p.notes = p.notes[:mark]
			p.note(leftOut, inner.path)
			continue
		}
		if err != nil {
			return nil, err
		}
		parts = append(parts, part{[]byte(`"` + escapeJSON(f.name) + `":`), m, 0})
	}
	if least := sh.limits.MinProperties; least != nil {
		for i := len(parts); i < int(*least) && i < 1000; i++ {
			name := fmt.Sprintf("key%d", i+1)
			schema := sh.additional
			if schema == nil {
				schema = &contract.Schema{Pointer: sh.own.Pointer, Line: sh.own.Line, Types: []string{"string"}}
			}
			inner := at.property(name, name)
			inner.person = false
			m, err := p.value([]*contract.Schema{schema}, inner)
			if err != nil {
				return nil, err
			}
			parts = append(parts, part{[]byte(`"` + name + `":`), m, 0})
		}
	} else if m := p.entry(sh, at); m != nil {
		parts = append(parts, part{[]byte(`"key1":`), m, hash(at.path + "/key1")})
	}
	role, hashed := personRole(sh, at), hash(at.name)
	return func(x *fill, b []byte) []byte {
		before := x.person
		x.person = x.cast(role, hashed)
		b = append(b, '{')
		empty := true
		for _, part := range parts {
			if part.chance != 0 && (x.bytes > roomy || x.draw(part.chance)%2 == 0) {
				continue
			}
			if !empty {
				b = append(b, ',')
			}
			empty = false
			x.pay(len(part.name)+1, sh.own, at.path)
			b = part.make(x, append(b, part.name...))
		}
		x.person = before
		return append(b, '}')
	}, nil
}
