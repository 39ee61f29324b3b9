package fakes

import (
	"maps"
	"slices"
	"time"
)

// A Word is one attribute or one relation of a kind of entity: what x-fake, x-as and x-cast of a contract document may
// say.
type Word struct {
	Kind  string `json:"kind"`            // such as person
	Name  string `json:"name"`            // such as email
	Type  string `json:"type,omitempty"`  // of an attribute's value: string, integer, boolean, time, list or any
	Leads string `json:"leads,omitempty"` // of a relation: the kind that it leads to
	Many  bool   `json:"many,omitempty"`  // the relation leads to any number of entities
	// of an attribute: its value in one world; nil where the entity there has none
	Example any `json:"example,omitempty"`
}

// Vocabulary returns the attributes of a kind and then its relations, each sorted by name; none of an unknown kind.
func Vocabulary(kind string) (words []Word) {
	w := NewWorld(42, Config{})
	k := kinds()[kind]
	for _, name := range Attributes(kind) {
		word := Word{Kind: kind, Name: name, Type: k.attributes[name].typeName(), Example: w.example(kind, name)}
		words = append(words, word)
	}
	for _, name := range slices.Sorted(maps.Keys(k.relations)) {
		r := k.relations[name]
		words = append(words, Word{Kind: kind, Name: name, Leads: r.kind, Many: r.count != nil})
	}
	return words
}

// example is the value of an attribute of the first subject of a kind, a while after the epoch.
func (w *World) example(kind, attribute string) any {
	subject, err := w.Subject(kind, 0)
	if err != nil {
		return nil
	}
	value, err := w.Value(subject, attribute, w.config.Epoch.Add(24*time.Hour), nil)
	if err != nil || value == "" { // an event's own name, outside an event
		return nil
	}
	return value
}

// typeName is the type of an attribute's values.
func (a attribute) typeName() string {
	switch {
	case a.text != nil:
		return "string"
	case a.number != nil:
		return "integer"
	case a.flag != nil:
		return "boolean"
	case a.moment != nil:
		return "time"
	case a.list != nil:
		return "list"
	default:
		return "any"
	}
}
