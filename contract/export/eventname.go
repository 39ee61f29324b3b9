package export

import (
	"fmt"
	"slices"
	"strings"
)

// namePart is a piece of the template by which a body names its event: a text, or where to look.
type namePart struct{ text, pointer string }

// keys are the names that the pointer goes through.
func (p namePart) keys() []string {
	keys := strings.Split(p.pointer, "/")[1:]
	for i, key := range keys {
		keys[i] = lastToken("/" + key)
	}
	return keys
}

// nameParts takes the template of event names apart. There are none if bodies do not name their event.
func (s *source) nameParts() []namePart {
	var parts []namePart
	template := s.platform.Rules.EventName.Value
	for template != "" {
		text, rest, found := strings.Cut(template, "{")
		if text != "" {
			parts = append(parts, namePart{text: text})
		}
		if !found {
			break
		}
		pointer, after, _ := strings.Cut(rest, "}")
		if !strings.HasPrefix(pointer, "/") {
			return nil
		}
		parts = append(parts, namePart{pointer: pointer})
		template = after
	}
	return parts
}

// place is where a body names its event, if it is one place.
type place struct {
	keys     []string
	required []bool // whether each of the keys is there in every body
	value    string // what is written there
	says     bool   // the schema says so itself
}

// place finds where a body of the event names it. It is nil if that is no place, or several.
func (s *source) place(e *event) *place {
	parts := s.nameParts()
	if len(parts) != 1 || parts[0].pointer == "" {
		return nil
	}
	out := &place{keys: parts[0].keys(), value: s.platform.Rules.Spelling.Of(e.Name)}
	pointers := []string{e.schema}
	for _, key := range out.keys {
		shape := s.shapeOf(pointers)
		i := slices.IndexFunc(shape.properties, func(p property) bool { return p.name == key })
		if i < 0 {
			return nil
		}
		out.required = append(out.required, shape.required[key])
		pointers = shape.properties[i].pointers
	}
	if values := s.shapeOf(pointers).values; len(values) == 1 {
		out.value, out.says = fmt.Sprint(values[0]), true
	}
	return out
}

// written is what a body calls the event.
func (s *source) written(e *event) string {
	if at := s.place(e); at != nil {
		return at.value
	}
	return s.platform.Rules.Spelling.Of(e.Name)
}
