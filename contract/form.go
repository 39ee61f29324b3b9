package contract

import (
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
)

// DecodeForm reads a form whose names are paths, in brackets (a[b][0]) or with dots (a.b.0). Where a platform leaves the
// style open, either is to be read. All values are strings, and lists are objects with digits as keys. The error is an
// *Error with the code BadBody.
func DecodeForm(form []byte) (map[string]any, error) {
	bad := func(message string) error { return &Error{Code: BadBody, Message: message} }
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
		if len(path) == 0 || len(path) > maxFormDepth {
			return nil, bad("the form has a name that is no path")
		}
		at := body
		for _, step := range path[:len(path)-1] {
			next, ok := at[step].(map[string]any)
			if !ok {
				if at[step] != nil {
					return nil, bad("the form has two values in one place")
				}
				next = map[string]any{}
				at[step] = next
			}
			at = next
		}
		at[path[len(path)-1]] = value
	}
	if len(body) == 0 {
		return nil, bad("the form is empty")
	}
	return body, nil
}

// typed returns a value of a decoded form with the types that a schema gives it, as EncodeForm would have had it. What
// cannot be of the schema's type stays as it is, for the validator to find.
func (s *Schema) typed(value any) any {
	if s == nil {
		return value
	}
	s = s.Target()
	for _, part := range s.AllOf {
		value = part.typed(value)
	}
	switch value := value.(type) {
	case string:
		return s.typedText(value)
	case map[string]any:
		if s.Is("array") {
			if list, ok := s.typedList(value); ok {
				return list
			}
		}
		return s.typedObject(value)
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
		if first := text[0]; first == '-' || first >= '0' && first <= '9' {
			return json.Number(text)
		}
	}
	return text
}

func (s *Schema) typedList(object map[string]any) (list []any, ok bool) {
	for i := range len(object) {
		item, there := object[strconv.Itoa(i)]
		if !there {
			return nil, false
		}
		list = append(list, s.Items.typed(item))
	}
	return list, true
}

func (s *Schema) typedObject(object map[string]any) map[string]any {
	out := make(map[string]any, len(object))
	for name, value := range object {
		out[name] = value
	}
	for _, p := range s.Properties {
		value, there := object[p.Name]
		switch {
		case there:
			out[p.Name] = p.Schema.typed(value)
		case !p.Required: // an empty list or object has no field in a form
		case p.Schema.Is("array"):
			out[p.Name] = []any{}
		case p.Schema.Is("object"):
			out[p.Name] = p.Schema.typed(map[string]any{})
		}
	}
	return out
}
