package fakes

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/quintain-dev/quintain/contract"
)

// A program is a schema compiled to literal bytes and holes, so that making a payload walks no schema.
type program struct {
	assumed []contract.Assumption // of a foreign document: how the values come about
	risky   bool                  // of a foreign document: not every payload is sure to meet the schema
	slots   []slot
	ops     []op
	roles   map[string]entity // of the cast
}

// A slot is an entity that a payload is about: the root of a kind, or what a relation of an earlier slot leads to.
type slot struct {
	path string // of roles and relations; empty inside a list
	role string // that is cast along a path
	root func(f *frame) int64
	from int // the slot that the relation begins at
	rel  string
	kind string // of the root, or of the entity that the relation begins at
	of   func(f *frame, i int64) int64
}

// An op appends a part of the payload.
type op func(f *frame, b []byte) []byte

func (p *program) run(f *frame, b []byte) []byte {
	p.cast(f, 0, len(p.slots))
	for _, op := range p.ops {
		b = op(f, b)
	}
	return b
}

// cast finds the entities of the slots from first up to but without end: those that were asked for, those that a change
// leads to, or the world's own.
func (p *program) cast(f *frame, first, end int) {
	for i := first; i < end; i++ {
		s := &p.slots[i]
		if f.cast != nil {
			if entity, ok := f.cast[s.path]; ok && s.path != "" {
				f.slots[i] = within(entity)
				continue
			}
			if entity, ok := f.cast[s.role]; ok && s.role != "" {
				f.slots[i] = within(entity)
				continue
			}
			if entity, ok := f.cast[s.kind]; ok && s.root != nil {
				f.slots[i] = within(entity)
				continue
			}
		}
		if s.root != nil {
			f.slots[i] = s.root(f)
			continue
		}
		from := f.slots[s.from]
		if f.changes != nil {
			if to, ok := f.changes.related(s.kind, from, s.rel); ok {
				f.slots[i] = to
				continue
			}
		}
		f.slots[i] = s.of(f, from)
	}
}

// within returns the index of an entity that there is.
func within(index int64) int64 { return min(max(index, 0), MaxIndex) }

// entity is what a path of roles and relations leads to.
type entity struct {
	kind    string
	slot    int
	present func(f *frame) bool // nil: always there
}

type compiler struct {
	event   *contract.EventType
	minimal bool
	program program
	known   map[string]entity // by path, such as event.creator
	changes bool              // the event is the change of what has its first role
	thing   string            // the role of what lasts and is the event's own
	roles   map[string]bool   // of the cast
	literal []byte            // bytes not yet emitted
	leaves  uint64
	depth   int
	values  int // compiled
}

// subjectSlot is that of an event's first role; the occurrence is before it.
const subjectSlot = 1

// maxDepth ends schemas that contain themselves.
const maxDepth = 24

func compile(event *contract.EventType, minimal bool) (program, error) {
	if event.Platform().Foreign() {
		return infer(event, minimal)
	}
	c, err := newCompiler(event, minimal)
	if err != nil {
		return program{}, err
	}
	if err := c.schema(event.Schema, entity{kind: "occurrence"}); err != nil {
		return program{}, err
	}
	c.flush()
	c.program.roles = c.known
	if !event.Platform().BuiltIn() { // whose payloads tests have tried
		return c.program, c.try()
	}
	return c.program, nil
}

// newCompiler returns a compiler that has cast the roles.
func newCompiler(event *contract.EventType, minimal bool) (*compiler, error) {
	turn := turnOf(event)
	c := &compiler{event: event, minimal: minimal, known: map[string]entity{}, changes: turn.own, thing: turn.thing, roles: map[string]bool{"occurrence": true}}
	if err := c.root("occurrence", "occurrence"); err != nil {
		return nil, err
	}
	for _, role := range event.Roles {
		c.roles[role] = true
		if err := c.role(role, event.Cast[role]); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func (c *compiler) fault(s *contract.Schema, format string, args ...any) error {
	e := &contract.DocumentError{File: c.event.Platform().DocumentFile(), Line: c.event.Line(), Column: 1, Message: fmt.Sprintf(format, args...)}
	if s != nil {
		e.Line, e.Column, e.Pointer = s.Line, max(1, s.Column), s.Pointer
	}
	return e
}

// role casts a role: with the root of a kind, or along a path from a role that was cast before.
func (c *compiler) role(role, path string) error {
	if _, isKind := kinds()[path]; isKind {
		return c.root(role, path)
	}
	e, err := c.path(nil, path, entity{kind: "occurrence"})
	if err == nil {
		c.known[role] = e
		c.program.slots[e.slot].role = role
	}
	return err
}

func (c *compiler) root(role, kindName string) error {
	c.known[role] = entity{kind: kindName, slot: len(c.program.slots)}
	k := kinds()[kindName]
	if role == c.thing {
		k.root = func(f *frame) int64 { return f.w.size(k.lasting) + int64(f.n) }
	}
	c.program.slots = append(c.program.slots, slot{path: role, kind: kindName, root: k.root})
	return c.roomy()
}

func (c *compiler) roomy() error {
	if len(c.program.slots) > maxSlots {
		return c.fault(nil, "%s reaches more than %d entities", c.event.Name, maxSlots)
	}
	return nil
}

// path follows roles and relations. The first name is a role of the cast, or a relation of the entity in scope.
func (c *compiler) path(s *contract.Schema, path string, scope entity) (entity, error) {
	if e, ok := c.known[path]; ok {
		return e, nil
	}
	parent, last, dotted := cutLast(path)
	from := scope
	if dotted {
		var err error
		if from, err = c.path(s, parent, scope); err != nil {
			return entity{}, err
		}
	}
	r, ok := kinds()[from.kind].relations[last]
	if !ok || r.count != nil {
		known := slices.Sorted(maps.Keys(kinds()[from.kind].relations))
		if !dotted {
			known = append(slices.Sorted(maps.Keys(c.known)), known...)
		}
		return entity{}, c.fault(s, "%q is neither a role nor a relation of %s%s", last, from.kind, hint(last, known))
	}
	e := entity{kind: r.kind, slot: len(c.program.slots)}
	next := slot{from: from.slot, kind: from.kind, rel: last, of: r.of}
	if r.present != nil {
		e.present = func(f *frame) bool { return r.present(f, f.slots[from.slot]) }
	}
	// A path that begins at a role is the same wherever it stands; one that begins at the entity in scope is not.
	if head, _, _ := strings.Cut(path, "."); dotted && c.roles[head] {
		next.path, c.known[path] = path, e
	}
	c.program.slots = append(c.program.slots, next)
	return e, c.roomy()
}

func cutLast(path string) (parent, last string, dotted bool) {
	i := strings.LastIndexByte(path, '.')
	if i < 0 {
		return "", path, false
	}
	return path[:i], path[i+1:], true
}

func hint(name string, known []string) string {
	if near := contract.Nearest(name, known); near != "" {
		return fmt.Sprintf("; did you mean %q?", near)
	}
	return "; there is " + strings.Join(known, ", ")
}

// attribute finds what x-fake names: an attribute of the entity in scope, or of the one at the end of a path.
func (c *compiler) attribute(s *contract.Schema, path string, scope entity) (attribute, entity, error) {
	parent, last, dotted := cutLast(path)
	if dotted {
		var err error
		if scope, err = c.path(s, parent, scope); err != nil {
			return attribute{}, scope, err
		}
	}
	a, ok := kinds()[scope.kind].attributes[last]
	if !ok {
		known := slices.Sorted(maps.Keys(kinds()[scope.kind].attributes))
		return a, scope, c.fault(s, "x-fake: %s has no attribute %q%s", scope.kind, last, hint(last, known))
	}
	if last == "updatedAt" && a.moment != nil && c.changes && scope.slot == subjectSlot {
		a.moment = now
	}
	return changeable(a, scope.kind, last), scope, nil
}
