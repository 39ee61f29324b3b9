package contract

import (
	"encoding/json"
	"slices"
	"strings"
)

// parts are the schemas that the same value must meet: what $ref and allOf lead to.
func (s *Schema) parts() []*Schema {
	out := []*Schema{s}
	for i := 0; i < len(out) && len(out) < 100; i++ {
		if out[i].Ref != nil && !slices.Contains(out, out[i].Ref) {
			out = append(out, out[i].Ref)
		}
		for _, part := range out[i].AllOf {
			if !slices.Contains(out, part) {
				out = append(out, part)
			}
		}
	}
	return out
}

// property returns the schemas of a property, and whether it must be there.
func (s *Schema) property(name string) (found []*Schema, required bool) {
	for _, part := range s.parts() {
		required = required || slices.Contains(part.Required, name)
		for _, p := range part.Properties {
			if p.Name == name {
				found = append(found, p.Schema.parts()...)
			}
		}
	}
	return found, required
}

func (s *Schema) requiresText(name string) bool {
	found, required := s.property(name)
	return required && slices.ContainsFunc(found, func(part *Schema) bool { return slices.Equal(part.Types, []string{"string"}) })
}

// eventish names are those under which bodies name their event.
var eventish = []string{"type", "event", "event_type", "eventType", "event_name", "eventName", "topic", "name", "action", "trigger", "kind", "webhook_type", "resource", "object"}

// inferNames finds the place where every body names its event.
func (p *Platform) inferNames() string {
	type place struct{ outer, name string }
	bodies := map[*Schema]*properties{}
	of := func(s *Schema) *properties {
		if bodies[s] == nil {
			bodies[s] = s.byName()
		}
		return bodies[s]
	}
	var places []place
	first := p.events[0].Schema
	for _, name := range first.propertyNames() {
		places = append(places, place{"", name})
	}
	for _, outer := range first.propertyNames() {
		for _, part := range of(first).found(outer) {
			for _, property := range part.Properties {
				places = append(places, place{outer, property.Name})
			}
		}
	}
	slices.SortStableFunc(places, func(a, b place) int {
		if (a.outer == "") != (b.outer == "") {
			return strings.Compare(a.outer, b.outer)
		}
		return rankOf(a.name) - rankOf(b.name)
	})
	nested := map[*Schema]*properties{} // of the outer property that is looked at
	outer := ""
	for _, at := range places {
		if at.outer != outer {
			outer = at.outer
			clear(nested)
		}
		named := make([][]string, len(p.events))
		seen, equal := map[string]int{}, true
		tells := true
		for i, e := range p.events {
			body := of(e.Schema)
			if at.outer != "" {
				if nested[e.Schema] == nil {
					nested[e.Schema] = (&Schema{AllOf: body.found(at.outer)}).byName()
				}
				body = nested[e.Schema]
			}
			if named[i] = body.constants(at.name); len(named[i]) == 0 {
				tells = false
				break
			}
			for _, value := range named[i] {
				if _, twice := seen[value]; twice {
					tells = false
				}
				seen[value] = i
			}
			equal = equal && slices.Equal(named[i], []string{e.Name})
			tells = tells && len(named[i]) > 0 && (len(named[i]) == 1 || rankOf(at.name) < len(eventish))
		}
		if !tells || len(p.events) == 1 && !equal && rankOf(at.name) >= len(eventish) {
			continue
		}
		if at.outer != "" {
			return "/" + escape(at.outer) + "/" + escape(at.name)
		}
		return "/" + escape(at.name)
	}
	return ""
}

func rankOf(name string) int {
	if i := slices.Index(eventish, name); i >= 0 {
		return i
	}
	return len(eventish)
}

func (s *Schema) propertyNames() (names []string) {
	known := map[string]bool{}
	for _, part := range s.parts() {
		for _, property := range part.Properties {
			if !known[property.Name] {
				names = append(names, property.Name)
			}
			known[property.Name] = true
		}
	}
	return names
}

// properties are those of a schema and its parts.
type properties struct {
	schemas  map[string][]*Schema
	required map[string]bool
}

func (s *Schema) byName() *properties {
	p := &properties{map[string][]*Schema{}, map[string]bool{}}
	for _, part := range s.parts() {
		for _, name := range part.Required {
			p.required[name] = true
		}
		for _, one := range part.Properties {
			p.schemas[one.Name] = append(p.schemas[one.Name], one.Schema)
		}
	}
	return p
}

// found returns the schemas of a property with their parts.
func (p *properties) found(name string) (all []*Schema) {
	for _, s := range p.schemas[name] {
		all = append(all, s.parts()...)
	}
	return all
}

// constants returns the only texts that a property may have; nothing if it may have others, or may be absent.
func (p *properties) constants(name string) (values []string) {
	if !p.required[name] {
		return nil
	}
	for _, part := range p.found(name) {
		allowed := part.Enum
		if part.Const != nil {
			allowed = []Value{*part.Const}
		}
		for _, value := range allowed {
			var word string
			if err := json.Unmarshal(value.JSON, &word); err != nil || word == "" {
				return nil
			}
			values = append(values, word)
		}
		if len(allowed) > 0 {
			return values
		}
	}
	return nil
}
