package fakes

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/quintain-dev/quintain/contract"
)

// An Entity is a person, badge, plan … of a world: the Index-th of its kind.
type Entity struct {
	Kind  string `json:"kind"` // such as person
	Index int64  `json:"index"`
}

// Kinds returns the kinds of entities, sorted.
func Kinds() []string { return slices.Sorted(maps.Keys(kinds())) }

// Attributes returns the names of the attributes that entities of a kind have, sorted; none of an unknown kind.
func Attributes(kind string) []string { return slices.Sorted(maps.Keys(kinds()[kind].attributes)) }

// Subject returns the entity of a kind that payload n is about where nothing else is cast.
func (w *World) Subject(kind string, n uint64) (Entity, error) {
	k, ok := kinds()[kind]
	if !ok {
		return Entity{}, contract.Unknown(contract.BadValue, "kind of entity", kind, Kinds())
	}
	return Entity{kind, k.root(&frame{w: w, n: min(n, MaxN), event: &eventNames{}})}, nil
}

// Value returns what an attribute of an entity is at a time, after changes (nil: none): a string, int64, bool,
// time.Time or []string, or any value that JSON decodes to where the attribute is of no one type; nil if the entity
// does not have it. The error is a *contract.Error.
func (w *World) Value(e Entity, attribute string, at time.Time, changes *Changes) (any, error) {
	k, ok := kinds()[e.Kind]
	if !ok {
		return nil, contract.Unknown(contract.BadValue, "kind of entity", e.Kind, Kinds())
	}
	a, ok := k.attributes[attribute]
	if !ok {
		return nil, contract.Unknown(contract.BadValue, "attribute of "+e.Kind, attribute, Attributes(e.Kind))
	}
	a = changeable(a, e.Kind, attribute)
	f := &frame{w: w, at: at.UTC().Truncate(time.Millisecond), event: &eventNames{}, changes: changes}
	unescape := func(text []byte) (s string) {
		if err := json.Unmarshal(append(append([]byte{'"'}, text...), '"'), &s); err != nil { // attributes write JSON
			panic(err)
		}
		return s
	}
	switch {
	case a.present != nil && !a.present(f, e.Index):
		return nil, nil
	case a.text != nil:
		return unescape(a.text(f, e.Index, nil)), nil
	case a.number != nil:
		return a.number(f, e.Index), nil
	case a.flag != nil:
		return a.flag(f, e.Index), nil
	case a.moment != nil:
		return a.moment(f, e.Index), nil
	case a.json != nil:
		return contract.Lookup(a.json(f, e.Index, nil), ""), nil
	}
	list := []string{}
	for j := range a.list(f, e.Index) {
		if a.item != nil {
			list = append(list, unescape(a.item(f, e.Index, j, nil)))
		}
	}
	return list, nil
}

// Changes are what happened to a world: values that entities have from then on, instead of those that they began with.
// A nil *Changes is none. It grows with every entity that changes. It is not safe to change it while payloads are made
// with it.
type Changes struct {
	values    map[property]any
	relations map[property]int64
	undo      []func() // since Begin, in the order of the changes
	recording bool
}

// Begin marks where Rollback goes back to.
func (c *Changes) Begin() { c.undo, c.recording = nil, true }

// Rollback takes back what has changed since Begin.
func (c *Changes) Rollback() {
	for _, undo := range slices.Backward(c.undo) {
		undo()
	}
	c.undo, c.recording = nil, false
}

// remember keeps an entry of one of the maps before it changes.
func remember[V any](c *Changes, m map[property]V, p property) {
	if !c.recording {
		return
	}
	before, had := m[p]
	c.undo = append(c.undo, func() {
		if had {
			m[p] = before
		} else {
			delete(m, p)
		}
	})
}

// A property is an attribute or a relation of one entity.
type property struct {
	kind  string
	index int64
	name  string
}

// Len returns how many attributes and relations have changed.
func (c *Changes) Len() int {
	if c == nil {
		return 0
	}
	return len(c.values) + len(c.relations)
}

// Set gives an attribute another value: a string, a whole number, a bool, or a time.Time (or a string in RFC 3339). nil
// takes the attribute away, which only those that may be absent allow. The error is a *contract.Error.
func (c *Changes) Set(e Entity, attribute string, value any) error {
	kind, ok := kinds()[e.Kind]
	if !ok {
		return contract.Unknown(contract.BadValue, "kind of entity", e.Kind, Kinds())
	}
	a, ok := kind.attributes[attribute]
	switch {
	case !ok:
		return contract.Unknown(contract.BadValue, "attribute of "+e.Kind, attribute, Attributes(e.Kind))
	case e.Kind == "occurrence":
		return &contract.Error{Code: contract.BadValue, Message: "occurrence." + attribute + " cannot be set", Hint: "an event keeps its id and its time"}
	}
	converted, err := a.convert(value)
	if err != nil {
		return &contract.Error{Code: contract.BadValue, Message: fmt.Sprintf("%s.%s %s", e.Kind, attribute, err)}
	}
	if c.values == nil {
		c.values = map[property]any{}
	}
	p := property{e.Kind, e.Index, attribute}
	remember(c, c.values, p)
	c.values[p] = converted
	return nil
}

// Related returns the kind of entity that a relation leads to. The error is a *contract.Error.
func Related(kind, name string) (string, error) {
	k, ok := kinds()[kind]
	if !ok {
		return "", contract.Unknown(contract.BadValue, "kind of entity", kind, Kinds())
	}
	r, ok := k.relations[name]
	if !ok || r.count != nil {
		return "", contract.Unknown(contract.BadValue, "relation of "+kind, name, slices.Sorted(maps.Keys(k.relations)))
	}
	return r.kind, nil
}

// Relate leads a relation to another entity, as a post's space.
func (c *Changes) Relate(e Entity, name string, to int64) error {
	if _, err := Related(e.Kind, name); err != nil {
		return err
	}
	if c.relations == nil {
		c.relations = map[property]int64{}
	}
	p := property{e.Kind, e.Index, name}
	remember(c, c.relations, p)
	c.relations[p] = to
	return nil
}

func (c *Changes) related(kind string, index int64, name string) (int64, bool) {
	to, ok := c.relations[property{kind, index, name}]
	return to, ok
}

// of returns the changed value of an attribute.
func (c *Changes) of(kind string, index int64, name string) (any, bool) {
	if c == nil {
		return nil, false
	}
	v, ok := c.values[property{kind, index, name}]
	return v, ok
}

// convert makes a value of the type that the attribute writes.
func (a attribute) convert(value any) (any, error) {
	if t, ok := value.(time.Time); ok && (t.Year() < 1 || t.Year() > 9999) {
		return nil, fmt.Errorf("is outside of the years 1 to 9999")
	}
	shown, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	if a.json != nil && value != nil {
		return shown, nil
	}
	switch v := value.(type) {
	case nil:
		if a.present == nil {
			return nil, fmt.Errorf("is always there, and cannot be null")
		}
		return nil, nil
	case string:
		if a.text != nil {
			return escapeJSON(v), nil
		}
		if a.moment != nil {
			t, err := time.Parse(time.RFC3339Nano, v)
			if err != nil {
				return nil, fmt.Errorf("is %s, want a time such as 2026-01-31T09:00:00Z", shown)
			}
			return t, nil
		}
	case time.Time:
		if a.moment != nil {
			return v, nil
		}
	case bool:
		if a.flag != nil {
			return v, nil
		}
	case int:
		return a.convert(int64(v))
	case uint64: // as YAML has it
		if v <= math.MaxInt64 {
			return a.convert(int64(v))
		}
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return a.convert(n)
		}
	case int64:
		if a.number != nil {
			return v, nil
		}
	}
	return nil, fmt.Errorf("is %s, want %s", shown, a.wants())
}

func (a attribute) wants() string {
	switch {
	case a.text != nil:
		return "a string"
	case a.number != nil:
		return "a whole number"
	case a.flag != nil:
		return "true or false"
	case a.moment != nil:
		return "a time such as 2026-01-31T09:00:00Z"
	default:
		return "nothing: lists do not change"
	}
}

// changeable makes an attribute that takes its changed value where there is one. Without changes it costs one
// comparison.
func changeable(a attribute, kind, name string) attribute {
	switch {
	case a.text != nil:
		own := a.text
		a.text = func(f *frame, i int64, b []byte) []byte {
			if f.changes != nil {
				if v, ok := f.changes.of(kind, i, name); ok {
					text, _ := v.(string)
					return append(b, text...)
				}
			}
			return own(f, i, b)
		}
	case a.json != nil:
		own := a.json
		a.json = func(f *frame, i int64, b []byte) []byte {
			if v, ok := f.changes.of(kind, i, name); ok {
				value, _ := v.([]byte)
				return append(b, value...)
			}
			return own(f, i, b)
		}
	case a.number != nil:
		a.number = changed(a.number, kind, name)
	case a.flag != nil:
		a.flag = changed(a.flag, kind, name)
	case a.moment != nil:
		a.moment = changed(a.moment, kind, name)
	}
	if there := a.present; there != nil {
		a.present = func(f *frame, i int64) bool {
			if v, ok := f.changes.of(kind, i, name); ok {
				return v != nil
			}
			return there(f, i)
		}
	}
	return a
}

func changed[T any](own func(f *frame, i int64) T, kind, name string) func(f *frame, i int64) T {
	return func(f *frame, i int64) T {
		if f.changes != nil {
			if v, ok := f.changes.of(kind, i, name); ok {
				value, _ := v.(T)
				return value
			}
		}
		return own(f, i)
	}
}
