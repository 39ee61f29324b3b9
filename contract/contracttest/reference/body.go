package reference

import (
	"errors"
	"net/url"
	"strings"
)

// maxNesting is deeper than any platform nests.
const maxNesting = 64

// readForm reads a form whose names are paths, in brackets (a[b][0]) or with dots (a.b.0). Since the documentation leaves
// the style open, either is read. All values are strings, and lists are objects with digits as keys.
func readForm(raw string) (map[string]any, error) {
	body := map[string]any{}
	for pair := range strings.SplitSeq(raw, "&") {
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(name)
		if err != nil {
			return nil, errors.New("the form is not URL-encoded")
		}
		if value, err = url.QueryUnescape(value); err != nil {
			return nil, errors.New("the form is not URL-encoded")
		}
		path := strings.FieldsFunc(name, func(r rune) bool { return r == '[' || r == ']' || r == '.' })
		if len(path) == 0 || len(path) > maxNesting {
			return nil, errors.New("the form has a name that is no path")
		}
		at := body
		for _, step := range path[:len(path)-1] {
			next, ok := at[step].(map[string]any)
			if !ok {
				if at[step] != nil {
					return nil, errors.New("the form has two values in one place")
				}
				next = map[string]any{}
				at[step] = next
			}
			at = next
		}
		at[path[len(path)-1]] = value
	}
	if len(body) == 0 {
		return nil, errors.New("the form is empty")
	}
	return body, nil
}
