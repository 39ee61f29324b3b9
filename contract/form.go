package contract

import (
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
)

// DecodeForm reads a form whose names are paths, in brackets (a[b][0]) or with dots (a.b.0). Where a platform leaves the
// style open, either is to be read. All values are strings, and lists are objects with digits as keys; a name that ends in
// [] is the next item of its list. A place has one value: a name that comes twice is refused. The error is an *Error with
// the code BadBody.
func DecodeForm(form []byte) (map[string]any, error) {
	bad := func(message string) error { return &Error{Code: BadBody, Message: message} }
	const twice = "the form has two values in one place"
	body := map[string]any{}
	for pair := range strings.SplitSeq(string(form), "&") {
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(name)
		if err != nil {
			return nil, bad("the form is not URL-encoded")
		}
		if value, err = url.QueryUnescape(value); err != nil {
			return nil, bad("the form is not URL-encoded")
		}
		path := strings.FieldsFunc(name, func(r rune) bool { return r == '[' || r == ']' || r == '.' })
		next := strings.HasSuffix(name, "[]")
		if next && len(path) > 0 {
			path = append(path, "") // which is known when the list is
		}
		if len(path) == 0 || len(path) > maxFormDepth {
			return nil, bad("the form has a name that is no path")
		}
		at := body
		for _, step := range path[:len(path)-1] {
			inner, ok := at[step].(map[string]any)
			if !ok {
				if at[step] != nil {
					return nil, bad(twice)
				}
				inner = map[string]any{}
				at[step] = inner
			}
			at = inner
		}
		last := path[len(path)-1]
		if next {
			last = strconv.Itoa(len(at))
		}
		if _, there := at[last]; there {
			return nil, bad(twice)
		}
		at[last] = value
	}
	if len(body) == 0 {
		return nil, bad("the form is empty")
	}
	return body, nil
}

// typed returns a value of a decoded form with the types that a schema gives it, as EncodeForm would have had it. What
// cannot be of the schema's type stays as it is, for the validator to find.
func (s *Schema) typed(value any) any {
	t := typer{left: maxVisits}
	return t.value(s, value, 0)
}

// A typer gives the values of a form their types.
type typer struct {
	left int // on how many schemas values may still be tried, as in Schema.visit
}

// value gives a value its type. Depth is how many objects around it are there only because the schema wants them.
func (t *typer) value(s *Schema, value any, depth int) any {
	if t.left--; s == nil || t.left < 0 {
		return value
	}
	s = s.Target()
	for _, part := range s.AllOf {
		value = t.value(part, value, depth)
	}
	switch value := value.(type) {
	case string:
		return s.typedText(value)
	case map[string]any:
		if s.Is("array") {
			if list, ok := t.list(s, value, depth); ok {
				return list
			}
		}
		return t.object(s, value, depth)
	default:
		return value
	}
}

func (s *Schema) typedText(text string) any {
	switch {
	case text == "" && s.Nullable():
		return nil
	case s.Is("string"):
	case s.Is("boolean") && (text == "true" || text == "false"):
		return text == "true"
	case (s.Is("integer") || s.Is("number")) && json.Valid([]byte(text)):
		if first := text[0]; (first == '-' || first >= '0' && first <= '9') && !long(text) {
			return json.Number(text)
		}
	}
	return text
}

func (t *typer) list(s *Schema, object map[string]any, depth int) (list []any, ok bool) {
	for i := range len(object) {
		item, there := object[strconv.Itoa(i)]
		if !there {
			return nil, false
		}
		list = append(list, t.value(s.Items, item, depth))
	}
	return list, true
}

func (t *typer) object(s *Schema, object map[string]any, depth int) map[string]any {
	out := make(map[string]any, len(object))
	for name, value := range object {
		out[name] = value
	}
	for _, p := range s.Properties {
		value, there := object[p.Name]
		switch {
		case there:
			out[p.Name] = t.value(p.Schema, value, depth)
		case !p.Required: // an empty list or object has no field in a form
		case p.Schema.Is("array"):
			out[p.Name] = []any{}
		case depth == maxFormDepth || depth > 0 && p.Schema.Nullable(): // an object may want another of its kind inside, for ever
		case p.Schema.Is("object"):
			out[p.Name] = t.value(p.Schema, map[string]any{}, depth+1)
		}
	}
	return out
}
