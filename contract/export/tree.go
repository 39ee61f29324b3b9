package export

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/quintain-dev/quintain/contract/internal/yamltree"
)

// node is a JSON value that keeps the order of its keys.
type node = yamltree.Node

func scalar(v any) *node { return &node{Value: v} }

func list(items ...*node) *node { return &node{Kind: yamltree.Sequence, Items: items} }

// object makes a mapping of keys and values in turn. A value may be a *node or a scalar; a nil *node, an empty mapping
// and an empty string leave their key out.
func object(members ...any) *node {
	n := &node{Kind: yamltree.Mapping}
	for i := 0; i < len(members); i += 2 {
		put(n, members[i].(string), members[i+1])
	}
	return n
}

// put sets a member as object does.
func put(n *node, key string, v any) {
	switch v := v.(type) {
	case *node:
		if v != nil && (v.Kind != yamltree.Mapping || len(v.Keys) > 0) {
			n.Set(key, v)
		}
	case string:
		if v != "" {
			n.Set(key, scalar(v))
		}
	default:
		n.Set(key, scalar(v))
	}
}

// str returns a string, and "" for anything else.
func str(n *node) string {
	if n == nil {
		return ""
	}
	s, _ := n.Value.(string)
	return s
}

func isTrue(n *node) bool { return n != nil && n.Value == true }

func isFalse(n *node) bool { return n != nil && n.Value == false }

func isMapping(n *node) bool { return n != nil && n.Kind == yamltree.Mapping }

// each returns the items of a sequence, and nothing for anything else.
func each(n *node) []*node {
	if n == nil || n.Kind != yamltree.Sequence {
		return nil
	}
	return n.Items
}

// pretty writes a tree as indented JSON. Texts keep <, > and &, which json.Indent over AppendJSON would not.
func pretty(n *node) []byte {
	return append(appendPretty(nil, n, "\n"), '\n')
}

func appendPretty(b []byte, n *node, newline string) []byte {
	if n.Kind == yamltree.Scalar {
		return append(b, quote(n.Value)...)
	}
	open, end := byte('{'), byte('}')
	if n.Kind == yamltree.Sequence {
		open, end = '[', ']'
	}
	b = append(b, open)
	for i, item := range n.Items {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, newline+"  "...)
		if n.Kind == yamltree.Mapping {
			b = append(b, quote(n.Keys[i])+": "...)
		}
		b = appendPretty(b, item, newline+"  ")
	}
	if len(n.Items) > 0 {
		b = append(b, newline...)
	}
	return append(b, end)
}

// quote writes a scalar as JSON, which is a literal in TypeScript too.
func quote(v any) string {
	var out strings.Builder
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil { // nil, bool, json.Number and string always encode
		panic(err)
	}
	return strings.TrimSuffix(out.String(), "\n")
}

// count writes a number and what is counted: "1 event", "2 events".
func count(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return strconv.Itoa(n) + " " + what
}
