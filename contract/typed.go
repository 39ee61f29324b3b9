package contract

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// typed returns a value of a decoded form with the types that the event's schema gives it, as EncodeForm would have had
// it. What cannot be of a type that the schema wants stays as it is, for the validator to find.
func (e *EventType) typed(value any) any {
	t := typer{doc: e.platform.doc, left: maxVisits}
	return t.value(e.Schema, value, 0)
}

// A typer gives the values of a form their types.
type typer struct {
	doc  *document
	left int // on how many schemas values may still be tried, as in Schema.visit
}

// value gives a value its type: what $ref and allOf say, then the schema itself, then the branches of which there is
// one to choose. Depth is how many objects around it are there only because the schema wants them.
func (t *typer) value(s *Schema, value any, depth int) any {
	if t.left--; s == nil || t.left < 0 {
		return value
	}
	if s.Ref != nil {
		value = t.value(s.Ref, value, depth)
	}
	for _, part := range s.AllOf {
		if part != s.Ref {
			value = t.value(part, value, depth)
		}
	}
	value = t.own(s, value, depth)
	for _, branches := range [][]*Schema{s.OneOf, s.AnyOf} {
		if len(branches) > 0 && !t.fits(s, value) {
			value = t.branch(s, branches, value, depth)
		}
	}
	return value
}

// own gives a value the type that the schema's own keywords want.
func (t *typer) own(s *Schema, value any, depth int) any {
	switch value := value.(type) {
	case string:
		return t.text(s, value)
	case []any:
		return t.items(s, value, depth)
	case map[string]any:
		if wants(s, "array") || len(s.Types) == 0 && (s.Items != nil || len(s.Prefix) > 0) {
			if list, ok := listed(value); ok {
				return t.items(s, list, depth)
			}
		}
		return t.object(s, value, depth)
	default:
		return value
	}
}

// branch gives a value the type of the first branch with which the whole schema is met, or leaves it as it is.
func (t *typer) branch(s *Schema, branches []*Schema, value any, depth int) any {
	for _, branch := range branches {
		if typed := t.value(branch, value, depth); t.fits(s, typed) {
			return typed
		}
	}
	for _, branch := range branches { // with two unions, each needs its own
		if typed := t.value(branch, value, depth); t.fits(branch, typed) {
			return typed
		}
	}
	return value
}

// fits reports whether a value meets a schema of the document.
func (t *typer) fits(s *Schema, value any) bool {
	s.visit(value, &t.left)
	if t.left < 0 {
		return false
	}
	v, err := compileValidator(t.doc, s.Pointer)
	return err == nil && v.fits(value)
}

// text reads a text as what the schema wants. Where that may be several things, a string is preferred.
func (t *typer) text(s *Schema, text string) any {
	values := s.Enum
	if s.Const != nil {
		values = []Value{*s.Const}
	}
	for _, v := range values {
		if value, ok := v.written(text); ok && (len(s.Types) == 0 || t.fits(s, value)) {
			return value
		}
	}
	readings := readings(s, text)
	switch {
	case len(values) > 0 || len(readings) == 0:
		return text
	case len(readings) == 1:
		return readings[0]
	}
	for _, value := range readings {
		if t.fits(s, value) {
			return value
		}
	}
	return text
}

// readings are what a text may be, by the types of the schema; nothing if it names none that fits.
func readings(s *Schema, text string) (out []any) {
	if text == "" && slices.Contains(s.Types, "null") {
		return []any{nil}
	}
	if slices.Contains(s.Types, "string") {
		out = append(out, text)
	}
	if slices.Contains(s.Types, "boolean") && (text == "true" || text == "false") {
		out = append(out, text == "true")
	}
	if slices.Contains(s.Types, "integer") || slices.Contains(s.Types, "number") {
		if n, ok := numeral(text); ok {
			out = append(out, n)
		}
	}
	return out
}

func numeral(text string) (json.Number, bool) {
	if text == "" || text[0] != '-' && (text[0] < '0' || text[0] > '9') || long(text) || !json.Valid([]byte(text)) {
		return "", false
	}
	return json.Number(text), true
}

// written returns the value if a form has it as this text.
func (v Value) written(text string) (any, bool) {
	value, err := decode(v.JSON)
	if err != nil {
		return nil, false
	}
	switch value := value.(type) {
	case nil:
		return nil, text == ""
	case string:
		return value, text == value
	case bool:
		return value, text == strconv.FormatBool(value)
	case json.Number:
		n, ok := numeral(text)
		return n, ok && sameNumber(string(n), string(value))
	default:
		return nil, false
	}
}

func sameNumber(a, b string) bool {
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	return a == b || errX == nil && errY == nil && x == y
}

// listed returns the values of an object whose names are 0, 1, 2 and so on.
func listed(object map[string]any) (list []any, ok bool) {
	for i := range len(object) {
		item, there := object[strconv.Itoa(i)]
		if !there {
			return nil, false
		}
		list = append(list, item)
	}
	if list == nil {
		list = []any{}
	}
	return list, true
}

func (t *typer) items(s *Schema, list []any, depth int) []any {
	out := slices.Clone(list)
	for i, item := range out {
		if i < len(s.Prefix) {
			out[i] = t.value(s.Prefix[i], item, depth)
		} else {
			out[i] = t.value(s.Items, item, depth)
		}
	}
	return out
}

func (t *typer) object(s *Schema, object map[string]any, depth int) map[string]any {
	out := maps.Clone(object)
	named := make(map[string]bool, len(s.Properties))
	for _, p := range s.Properties {
		named[p.Name] = true
		value, there := out[p.Name]
		if !there && strings.ContainsAny(p.Name, ".[]") { // which a form has for a path
			value, out, there = take(out, formPath(p.Name))
		}
		switch {
		case there:
			out[p.Name] = t.value(p.Schema, value, depth)
		case !p.Required: // an empty list or object has no field in a form
		case wants(p.Schema, "array"):
			out[p.Name] = []any{}
		case depth == maxFormDepth || depth > 0 && p.Schema.Nullable(): // an object may want another of its kind inside, for ever
		case wants(p.Schema, "object"):
			out[p.Name] = t.value(p.Schema, map[string]any{}, depth+1)
		}
	}
	if s.Additional != nil {
		for name, value := range out {
			if !named[name] {
				out[name] = t.value(s.Additional, value, depth)
			}
		}
	}
	return out
}

// take takes the value at a path out of an object, and returns it with what is left: a copy, without what is empty
// then.
func take(object map[string]any, path []string) (value any, rest map[string]any, ok bool) {
	if len(path) == 0 {
		return nil, object, false
	}
	value, ok = object[path[0]]
	rest = maps.Clone(object)
	delete(rest, path[0])
	if !ok || len(path) == 1 {
		return value, rest, ok
	}
	inner, isObject := value.(map[string]any)
	if !isObject {
		return nil, object, false
	}
	value, left, ok := take(inner, path[1:])
	if !ok {
		return nil, object, false
	}
	if len(left) > 0 {
		rest[path[0]] = left
	}
	return value, rest, true
}

// wants reports whether a schema, what it refers to or one of its branches names a type.
func wants(s *Schema, typ string) bool {
	left := maxHops
	var look func(s *Schema) bool
	look = func(s *Schema) bool {
		if left--; left < 0 {
			return false
		}
		return slices.Contains(s.Types, typ) || s.Ref != nil && look(s.Ref) ||
			slices.ContainsFunc(s.AllOf, look) || slices.ContainsFunc(s.OneOf, look) || slices.ContainsFunc(s.AnyOf, look)
	}
	return look(s)
}
