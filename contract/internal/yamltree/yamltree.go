// Package yamltree reads a YAML (or JSON) document into a tree that keeps what maps lose: the order of keys, and the
// line and column of every node. Start with Parse.
//
// It is not a general YAML library: tags other than those of plain values and documents after the first are refused,
// since an OpenAPI document needs none of them. JSON has a reader of its own, which is many times faster.
package yamltree

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/quintain-dev/quintain/contract/jsonptr"
)

// Kind says which field of a Node holds its content.
type Kind int

// The kinds of node.
const (
	Scalar   Kind = iota // Value
	Mapping              // Keys, and Get
	Sequence             // Items
)

// A Node is one value of the document.
type Node struct {
	Kind   Kind
	Value  any      // of a scalar: nil, bool, json.Number or string
	Keys   []string // of a mapping: its keys in the written order
	Items  []*Node  // of a sequence; of a mapping: the values, one for each key
	Line   int      // where the node begins, from 1
	Column int

	// of a mapping with many keys: where each is in Keys; only Set, Delete, Keep and readers write it
	index map[string]int
}

// manyKeys is from how many keys on a mapping has an index.
const manyKeys = 32

// reindex makes the index fit the keys.
func (n *Node) reindex() {
	n.index = nil
	if n.Kind != Mapping || len(n.Keys) <= manyKeys {
		return
	}
	n.index = make(map[string]int, len(n.Keys))
	for i, key := range n.Keys {
		n.index[key] = i
	}
}

// find returns where a key of a mapping is, or -1.
func (n *Node) find(key string) int {
	if n.index == nil {
		return slices.Index(n.Keys, key)
	}
	if i, ok := n.index[key]; ok {
		return i
	}
	return -1
}

// A SyntaxError is a document that is not YAML, or not the part of YAML that is read here.
type SyntaxError struct {
	Line, Column int
	Message      string
}

func (e *SyntaxError) Error() string { return e.Message }

// Parse reads one document of our own kind: a document that shares values by anchors and aliases is refused. The error
// is a *SyntaxError.
func Parse(src []byte) (*Node, error) {
	root, shared, err := ParseShared(src)
	if err == nil && shared != nil {
		return nil, shared
	}
	return root, err
}

// ParseJSON reads JSON. The error is a *SyntaxError.
func ParseJSON(src []byte) (*Node, error) {
	root, fault := parseJSON(src)
	if fault != nil {
		return nil, fault
	}
	return root, nil
}

// ParseShared reads one document, which may share values by anchors, aliases and merge keys: they are written out, up
// to MaxNodes. Shared is the place of the first anchor, alias or merge key, or nil.
func ParseShared(src []byte) (root *Node, shared *SyntaxError, err error) {
	if first := bytes.TrimLeft(src, " \t\r\n\ufeff"); len(first) > 0 && first[0] == '{' {
		root, fault := parseJSON(src)
		if fault == nil {
			return root, nil, nil
		}
		if len(src) > maxBraced || !strings.HasPrefix(fault.Message, notJSON) {
			return nil, nil, fault
		}
		if root, shared, err := parseYAML(src); err == nil {
			return root, shared, nil
		}
		return nil, nil, fault
	}
	return parseYAML(src)
}

// maxBraced is how long a document may be that begins with a brace and is YAML, not JSON.
const maxBraced = 64 << 10

// maxYAML is how long a YAML document may be: the parser takes about 20 times that in memory, and a second for 16 MB.
const maxYAML = 16 << 20

func parseYAML(src []byte) (*Node, *SyntaxError, error) {
	if len(src) > maxYAML {
		return nil, nil, &SyntaxError{1, 1, fmt.Sprintf("the document is longer than %d MB, the most that is read of YAML; write it as JSON", maxYAML>>20)}
	}
	if line := tooDeep(src); line > 0 {
		return nil, nil, &SyntaxError{line, 1, fmt.Sprintf("the document nests more than %d levels deep", maxDepth)}
	}
	decoder := yaml.NewDecoder(bytes.NewReader(src))
	var first, second yaml.Node
	if err := decoder.Decode(&first); err != nil {
		return nil, nil, syntaxError(src, err)
	}
	if len(first.Content) == 0 || bytes.HasPrefix(bytes.TrimSpace(src), []byte("---")) && first.Content[0].ShortTag() == "!!null" {
		return nil, nil, &SyntaxError{1, 1, "the document is empty"}
	}
	switch err := decoder.Decode(&second); {
	case err == nil:
		return nil, nil, &SyntaxError{second.Line, second.Column, "a second document begins here, want one"}
	case !errors.Is(err, io.EOF):
		return nil, nil, syntaxError(src, err)
	}
	c := converter{done: map[*yaml.Node]anchored{}}
	root, err := c.convert(first.Content[0])
	if err != nil {
		return nil, nil, err
	}
	return root, c.shared, nil
}

// maxDepth is how deep a document may nest. The parser's memory grows with the square of the depth.
const maxDepth = 200

// tooDeep returns the line at which brackets, or the indentation of a line, pass maxDepth; 0 if nothing does. Brackets
// in texts count as well, which no document notices.
func tooDeep(src []byte) int {
	depth, line := 0, 1
	indent, leading := 0, true
	for _, c := range src {
		switch c {
		case '\n':
			line++
			indent, leading = 0, true
			continue
		case '[', '{':
			depth++
		case ']', '}':
			depth = max(0, depth-1)
		}
		if leading = leading && (c == ' ' || c == '-' || c == '?'); leading {
			indent++
		}
		if depth > maxDepth || indent > 2*maxDepth {
			return line
		}
	}
	return 0
}

// Get returns the value of a key of a mapping, or nil.
func (n *Node) Get(key string) *Node {
	if n == nil || n.Kind != Mapping {
		return nil
	}
	if i := n.find(key); i >= 0 {
		return n.Items[i]
	}
	return nil
}

// Set puts a value under a key of a mapping: in the place of the one that is there, or at the end.
func (n *Node) Set(key string, value *Node) {
	if i := n.find(key); i >= 0 {
		n.Items[i] = value
		return
	}
	n.Keys, n.Items = append(n.Keys, key), append(n.Items, value)
	if n.index != nil {
		n.index[key] = len(n.Keys) - 1
	} else {
		n.reindex()
	}
}

// Delete removes a key of a mapping.
func (n *Node) Delete(key string) {
	if i := n.find(key); i >= 0 {
		n.Keys, n.Items = slices.Delete(n.Keys, i, i+1), slices.Delete(n.Items, i, i+1)
		n.reindex()
	}
}

// Keep replaces what is in a mapping or a sequence; keys is nil for a sequence.
func (n *Node) Keep(keys []string, items []*Node) {
	n.Keys, n.Items = keys, items
	n.reindex()
}

// Clone returns a copy that can be changed without changing n; nil of nil.
func (n *Node) Clone() *Node {
	if n == nil {
		return nil
	}
	out := *n
	out.Keys = slices.Clone(n.Keys)
	out.reindex()
	if n.Items != nil {
		out.Items = make([]*Node, len(n.Items))
		for i, item := range n.Items {
			out.Items[i] = item.Clone()
		}
	}
	return &out
}

// Find follows a JSON pointer from n, and returns nil if there is nothing.
func (n *Node) Find(pointer string) *Node {
	for _, token := range strings.Split(pointer, "/")[1:] {
		token = jsonptr.Unescape(token)
		if n != nil && n.Kind == Sequence {
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(n.Items) {
				return nil
			}
			n = n.Items[i]
			continue
		}
		n = n.Get(token)
	}
	return n
}

// Any returns the tree as maps, slices and scalars, for libraries that want those.
func (n *Node) Any() any {
	switch n.Kind {
	case Mapping:
		m := make(map[string]any, len(n.Keys))
		for i, key := range n.Keys {
			m[key] = n.Items[i].Any()
		}
		return m
	case Sequence:
		s := make([]any, len(n.Items))
		for i, item := range n.Items {
			s[i] = item.Any()
		}
		return s
	default:
		return n.Value
	}
}

// AppendJSON appends the tree as compact JSON, keys in the written order.
func (n *Node) AppendJSON(b []byte) []byte {
	switch n.Kind {
	case Mapping:
		b = append(b, '{')
		for i, key := range n.Keys {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendScalar(b, key)
			b = append(b, ':')
			b = n.Items[i].AppendJSON(b)
		}
		return append(b, '}')
	case Sequence:
		b = append(b, '[')
		for i, item := range n.Items {
			if i > 0 {
				b = append(b, ',')
			}
			b = item.AppendJSON(b)
		}
		return append(b, ']')
	default:
		return appendScalar(b, n.Value)
	}
}

func appendScalar(b []byte, v any) []byte {
	out, err := json.Marshal(v)
	if err != nil { // nil, bool, json.Number and string always marshal
		panic(err)
	}
	return append(b, out...)
}

// syntaxError makes the error for a document that is not YAML. It names the place of what is not closed where it opens.
func syntaxError(src []byte, err error) error {
	if errors.Is(err, io.EOF) {
		return &SyntaxError{1, 1, "the document is empty"}
	}
	var fault *yaml.LoadError
	if !errors.As(err, &fault) {
		return &SyntaxError{1, 1, strings.TrimPrefix(err.Error(), "yaml: ")}
	}
	at, message := fault.Mark, fault.Message
	if from := fault.ContextMark; from.Line > 0 && !strings.Contains(fault.ContextMsg, "block") {
		at, message = from, fault.ContextMsg+": "+message
	}
	if line, column := lastOpened(src); line > 0 && fault.ContextMsg == "while parsing a flow node" {
		at.Line, at.Column, message = line, column, "the bracket that opens here is not closed"
	}
	if name, dangling := strings.CutPrefix(message, "unknown anchor '"); dangling {
		name = strings.TrimSuffix(name, "' referenced")
		message = fmt.Sprintf("the alias *%s has no anchor &%s before it", name, name)
	}
	return &SyntaxError{max(1, at.Line), max(1, at.Column), message}
}

// lastOpened returns where the last of the brackets opens that are not closed; 0 if all are.
func lastOpened(src []byte) (line, column int) {
	var opened []int
	for i, c := range src {
		switch {
		case c == '[' || c == '{':
			opened = append(opened, i)
		case (c == ']' || c == '}') && len(opened) > 0:
			opened = opened[:len(opened)-1]
		}
	}
	if len(opened) == 0 {
		return 0, 0
	}
	at := opened[len(opened)-1]
	return bytes.Count(src[:at], []byte("\n")) + 1, at - bytes.LastIndexByte(src[:at], '\n')
}
