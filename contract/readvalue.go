package contract

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/quintain-dev/quintain/contract/internal/yamltree"
)

// A faultBelow is a fault of a part of a value, whose pointer begins at the value.
type faultBelow struct {
	node    *yamltree.Node
	pointer string
	reason  error
}

func (f *faultBelow) Error() string { return f.reason.Error() }

// below says that a fault is of a part of a value: under a key, or at a place of a list.
func below(n *yamltree.Node, token string, reason error) error {
	var inner *faultBelow
	if errors.As(reason, &inner) {
		return &faultBelow{inner.node, "/" + escape(token) + inner.pointer, inner.reason}
	}
	return &faultBelow{n, "/" + escape(token), reason}
}

// unknownKey returns the first key of a mapping that is not known, with its value and what is wrong with it.
func unknownKey(n *yamltree.Node, kind string, known []string) (*yamltree.Node, string, error) {
	for i, key := range keys(n) {
		if !slices.Contains(known, key) {
			return n.Items[i], key, Unknown(BadDocument, kind, key, known)
		}
	}
	return nil, "", nil
}

// onlyKeys makes sure that a value is a mapping that has no other keys.
func onlyKeys(v *yamltree.Node, kind string, known ...string) error {
	if v.Kind != yamltree.Mapping {
		return fmt.Errorf("%s is not a mapping; there is %s", said(v), strings.Join(known, ", "))
	}
	n, key, err := unknownKey(v, kind, known)
	if err != nil {
		return below(n, key, err)
	}
	return nil
}

// said says what a value is, in a sentence about it.
func said(v *yamltree.Node) string {
	switch {
	case v == nil || v.Kind == yamltree.Scalar && v.Value == nil:
		return "null"
	case v.Kind == yamltree.Mapping:
		return "a mapping"
	case v.Kind == yamltree.Sequence:
		return "a list"
	default:
		return fmt.Sprintf("%q", text(v))
	}
}

// plain returns a text, or what can stand for one.
func plain(v *yamltree.Node) (string, error) {
	if v.Kind != yamltree.Scalar || v.Value == nil {
		return "", fmt.Errorf("%s is not a text", said(v))
	}
	return text(v), nil
}

// field returns the text under a key of a mapping, or "" if it is not there.
func field(v *yamltree.Node, key string) (string, error) {
	n := v.Get(key)
	if n == nil {
		return "", nil
	}
	s, err := plain(n)
	if err != nil {
		return "", below(n, key, err)
	}
	return s, nil
}

// each reads the items of a list, which is written as in the example.
func each[T any](v *yamltree.Node, example string, read func(*yamltree.Node) (T, error)) ([]T, error) {
	if v.Kind != yamltree.Sequence {
		return nil, fmt.Errorf("%s is not a list; write it as %s", said(v), example)
	}
	var out []T
	for i, item := range v.Items {
		one, err := read(item)
		if err != nil {
			return nil, below(item, fmt.Sprint(i), err)
		}
		out = append(out, one)
	}
	return out, nil
}
