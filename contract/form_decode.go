package contract

import (
	"net/url"
	"strconv"
	"strings"
)

// DecodeForm reads a form whose names are paths, in brackets (a[b][0]) or with dots (a.b.0). Where a platform leaves
// the style open, either is to be read. All values are strings, and lists are objects with digits as keys; a name that
// ends in [] is the next item of its list. A place has one value: a name that comes twice is refused. The error is an
// *Error with the code BadBody.
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
		path := formPath(name)
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

// formPath splits a name at its brackets and dots.
func formPath(name string) []string {
	return strings.FieldsFunc(name, func(r rune) bool { return r == '[' || r == ']' || r == '.' })
}
