package fakes

import (
	"slices"

	"github.com/quintain-dev/quintain/contract"
)

func (c *compiler) flush() {
	if len(c.literal) == 0 {
		return
	}
	bytes := c.literal
	c.literal = nil
	c.program.ops = append(c.program.ops, func(_ *frame, b []byte) []byte { return append(b, bytes...) })
}

func (c *compiler) emit(o op) {
	c.flush()
	c.program.ops = append(c.program.ops, o)
}

// inside compiles a part into a list of its own.
func (c *compiler) inside(part func() error) ([]op, error) {
	c.flush()
	outer := c.program.ops
	c.program.ops = nil
	err := part()
	c.flush()
	inner := c.program.ops
	c.program.ops = outer
	return inner, err
}

func (c *compiler) schema(s *contract.Schema, scope entity) error {
	if c.depth++; c.depth > maxDepth {
		return c.fault(s, "the schema contains itself without an end")
	}
	defer func() { c.depth-- }()
	if c.values++; c.values > maxValues {
		return c.fault(s, "%s has more than %d values, the most that is made", c.event.Name, maxValues)
	}
	if s.As != "" {
		var err error
		if scope, err = c.path(s, s.As, scope); err != nil {
			return err
		}
	}
	t := s.Target()
	if why := contradiction(t.Limits); why != "" {
		return c.fault(t, "cannot make %s: %s, which nothing meets", c.event.Name, why)
	}
	if there := scope.present; there != nil && s.As != "" && s.Nullable() {
		return c.orNull(there, func() error {
			scope.present = nil
			return c.content(s, t, scope)
		})
	}
	return c.content(s, t, scope)
}

// orNull compiles a value that is null where it is not there.
func (c *compiler) orNull(there func(f *frame) bool, part func() error) error {
	ops, err := c.inside(part)
	if err != nil {
		return err
	}
	c.program.ops = append(c.program.ops, func(f *frame, b []byte) []byte {
		if !there(f) {
			return append(b, "null"...)
		}
		for _, op := range ops {
			b = op(f, b)
		}
		return b
	})
	return nil
}

// content compiles what is written for s, whose schema is t.
func (c *compiler) content(s, t *contract.Schema, scope entity) error {
	if t != s && s.Fake == "" && s.Literal == nil {
		if t.As != "" {
			return c.fault(t, "x-as belongs beside the $ref, not inside what it points to")
		}
		return c.schema(t, scope)
	}
	switch {
	case s.Literal != nil:
		c.literal = append(c.literal, s.Literal.JSON...)
		return nil
	case s.Const != nil:
		c.literal = append(c.literal, s.Const.JSON...)
		return nil
	case s.Fake != "":
		return c.leaf(s, t, scope)
	case len(s.Enum) > 0:
		c.leaves++
		values, leaf := s.Enum, c.leaves
		c.emit(func(f *frame, b []byte) []byte {
			r := f.w.draw(occurrenceKind, int64(f.occasion), f.event.id+leaf)
			return append(b, values[r%uint64(len(values))].JSON...)
		})
		return nil
	case len(s.Properties) > 0 || s.Is("object"):
		return c.object(s, scope)
	case s.Items != nil:
		return c.array(s, scope)
	}
	return c.fault(s, "nothing says what to send here; want one of x-fake, x-value, enum, const, $ref")
}

// object writes the properties in the documented order. Where one may be absent, commas are decided when it is written.
func (c *compiler) object(s *contract.Schema, scope entity) error {
	for _, name := range s.Required {
		if !slices.ContainsFunc(s.Properties, func(p contract.Property) bool { return p.Name == name }) {
			return c.fault(s, "cannot make %s: %q is required, and no property says what it is", c.event.Name, name)
		}
	}
	c.literal = append(c.literal, '{')
	written, dynamic := 0, false
	for _, p := range s.Properties {
		if c.minimal && !p.Required && p.Schema.Option == "" {
			continue
		}
		present, err := c.presence(p, scope)
		if err != nil {
			return err
		}
		name := append(append([]byte{'"'}, escapeJSON(p.Name)...), '"', ':')
		if !dynamic && present == nil {
			if written > 0 {
				c.literal = append(c.literal, ',')
			}
			c.literal = append(c.literal, name...)
			if err := c.schema(p.Schema, scope); err != nil {
				return err
			}
			written++
			continue
		}
		dynamic = true
		ops, err := c.inside(func() error { return c.schema(p.Schema, scope) })
		if err != nil {
			return err
		}
		c.program.ops = append(c.program.ops, func(f *frame, b []byte) []byte {
			if present != nil && !present(f) {
				return b
			}
			if b[len(b)-1] != '{' {
				b = append(b, ',')
			}
			b = append(b, name...)
			for _, op := range ops {
				b = op(f, b)
			}
			return b
		})
	}
	c.literal = append(c.literal, '}')
	return nil
}

// presence tells whether a property may be absent: nil for always there.
func (c *compiler) presence(p contract.Property, scope entity) (func(f *frame) bool, error) {
	if p.Required {
		return nil, nil
	}
	var there func(f *frame) bool
	if p.Schema.As != "" {
		var err error
		if scope, err = c.path(p.Schema, p.Schema.As, scope); err != nil {
			return nil, err
		}
		there = scope.present
	}
	if p.Schema.Fake == "" {
		return there, nil
	}
	a, e, err := c.attribute(p.Schema, p.Schema.Fake, scope)
	if err != nil {
		return nil, err
	}
	return and(there, and(e.present, a.presentIn(e.slot))), nil
}

// presentIn is when the attribute of the entity in a slot is there: nil for always.
func (a attribute) presentIn(slot int) func(f *frame) bool {
	if a.present == nil {
		return nil
	}
	return func(f *frame) bool { return a.present(f, f.slots[slot]) }
}

func and(a, b func(f *frame) bool) func(f *frame) bool {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	default:
		return func(f *frame) bool { return a(f) && b(f) }
	}
}

func (c *compiler) array(s *contract.Schema, scope entity) error {
	item := s.Items
	if item.As != "" { // one item for each entity that a relation leads to
		return c.related(s, scope)
	}
	t := item.Target()
	if item.Fake == "" {
		item = t
	}
	if item.Fake == "" {
		return c.fault(s, "nothing says what the items are; want x-fake with a list, or x-as with a relation to several")
	}
	a, e, err := c.attribute(item, item.Fake, scope)
	if err != nil {
		return err
	}
	if a.list == nil {
		return c.fault(item, "x-fake: %q is not a list", item.Fake)
	}
	c.emit(func(f *frame, b []byte) []byte {
		b = append(b, '[')
		for j := range a.list(f, f.slots[e.slot]) {
			if j > 0 {
				b = append(b, ',')
			}
			b = append(a.item(f, f.slots[e.slot], j, append(b, '"')), '"')
		}
		return append(b, ']')
	})
	return nil
}

func (c *compiler) related(s *contract.Schema, scope entity) error {
	parent, last, dotted := cutLast(s.Items.As)
	from := scope
	if dotted {
		var err error
		if from, err = c.path(s.Items, parent, scope); err != nil {
			return err
		}
	}
	if r, ok := kinds()[from.kind].relations[last]; !ok || r.count == nil {
		return c.fault(s.Items, "x-as: %s has no relation %q to several entities", from.kind, last)
	}
	return c.each(s, last, from)
}

// each compiles an array of the entities that a relation leads to.
func (c *compiler) each(s *contract.Schema, name string, from entity) error {
	r := kinds()[from.kind].relations[name]
	own := entity{kind: r.kind, slot: len(c.program.slots)}
	c.program.slots = append(c.program.slots, slot{from: from.slot, kind: from.kind, rel: name, of: r.of})
	if err := c.roomy(); err != nil {
		return err
	}
	ops, err := c.inside(func() error { return c.schema(s.Items.Target(), own) })
	if err != nil {
		return err
	}
	// What the relations of an item lead to is found anew for each item.
	program, inner, end := &c.program, own.slot+1, len(c.program.slots)
	c.program.ops = append(c.program.ops, func(f *frame, b []byte) []byte {
		b = append(b, '[')
		start := f.slots[own.slot]
		for j := range r.count(f, f.slots[from.slot]) {
			if j > 0 {
				b = append(b, ',')
			}
			f.slots[own.slot] = start + int64(j)
			program.cast(f, inner, end)
			for _, op := range ops {
				b = op(f, b)
			}
		}
		f.slots[own.slot] = start
		return append(b, ']')
	})
	return nil
}
