// Package yamltree reads a YAML (or JSON) document into a tree that keeps what maps lose: the order of keys, and the line
// and column of every node. Start with Parse.
//
// It is not a general YAML library: anchors, merge keys, tags and documents after the first are refused, since an OpenAPI
// document needs none of them.
package yamltree

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
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
}

// A SyntaxError is a document that is not YAML, or not the part of YAML that is read here.
type SyntaxError struct {
	Line, Column int
	Message      string
}

func (e *SyntaxError) Error() string { return e.Message }

// Parse reads one document. The error is a *SyntaxError.
func Parse(src []byte) (*Node, error) {
	if line := tooDeep(src); line > 0 {
		return nil, &SyntaxError{line, 1, fmt.Sprintf("the document nests more than %d levels deep", maxDepth)}
	}
	file, err := parser.ParseBytes(src, 0)
	if err != nil {
		return nil, syntaxError(err)
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		return nil, &SyntaxError{1, 1, "the document is empty"}
	}
	if len(file.Docs) > 1 {
		line, column := 1, 1
		if second := file.Docs[1].Body; second != nil {
			line, column = place(second)
		}
		return nil, &SyntaxError{line, column, "a second document begins here, want one"}
	}
	return convert(file.Docs[0].Body)
}

// maxDepth is how deep a document may nest. The parser's memory grows with the square of the depth.
const maxDepth = 200

// tooDeep returns the line at which brackets, or the indentation of a line, pass maxDepth; 0 if nothing does. Brackets in
// texts count as well, which no document notices.
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
	for i, k := range n.Keys {
		if k == key {
			return n.Items[i]
		}
	}
	return nil
}

// Set puts a value under a key of a mapping: in the place of the one that is there, or at the end.
func (n *Node) Set(key string, value *Node) {
	for i, k := range n.Keys {
		if k == key {
			n.Items[i] = value
			return
		}
	}
	n.Keys, n.Items = append(n.Keys, key), append(n.Items, value)
}

// Delete removes a key of a mapping.
func (n *Node) Delete(key string) {
	for i, k := range n.Keys {
		if k == key {
			n.Keys, n.Items = slices.Delete(n.Keys, i, i+1), slices.Delete(n.Items, i, i+1)
			return
		}
	}
}

// Find follows a JSON pointer from n, and returns nil if there is nothing.
func (n *Node) Find(pointer string) *Node {
	for _, token := range strings.Split(pointer, "/")[1:] {
		token = unescaper.Replace(token)
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

var unescaper = strings.NewReplacer("~1", "/", "~0", "~")

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

func convert(node ast.Node) (*Node, error) {
	line, column := place(node)
	n := &Node{Line: line, Column: column}
	switch node := node.(type) {
	case *ast.MappingNode:
		n.Kind = Mapping
		return n, n.addAll(node.Values)
	case *ast.MappingValueNode: // a mapping of one key in block style
		n.Kind = Mapping
		return n, n.addAll([]*ast.MappingValueNode{node})
	case *ast.SequenceNode:
		n.Kind = Sequence
		for _, value := range node.Values {
			item, err := convert(value)
			if err != nil {
				return nil, err
			}
			n.Items = append(n.Items, item)
		}
	case *ast.NullNode:
	case *ast.BoolNode:
		n.Value = node.Value
	case *ast.IntegerNode:
		n.Value = json.Number(fmt.Sprint(node.Value)) // also 0x10, 0o17
	case *ast.FloatNode:
		n.Value = json.Number(strconv.FormatFloat(node.Value, 'g', -1, 64))
	case *ast.StringNode:
		n.Value = node.Value
	case *ast.LiteralNode:
		n.Value = node.Value.Value
	default:
		return nil, &SyntaxError{line, column, fmt.Sprintf("%s is not read here: write the value itself", node.Type())}
	}
	return n, nil
}

func (n *Node) addAll(values []*ast.MappingValueNode) error {
	for _, value := range values {
		line, column := place(value.Key)
		if _, ok := value.Key.(*ast.MergeKeyNode); ok {
			return &SyntaxError{line, column, "merge keys (<<) are not read here: write the keys themselves"}
		}
		key := value.Key.GetToken().Value
		child, err := convert(value.Value)
		if err != nil {
			return err
		}
		n.Keys = append(n.Keys, key)
		n.Items = append(n.Items, child)
	}
	return nil
}

// place returns the line and column of a node. A block mapping's own token is the colon of its first key, so its
// first key is asked instead.
func place(node ast.Node) (line, column int) {
	switch n := node.(type) {
	case *ast.MappingNode:
		if !n.IsFlowStyle && len(n.Values) > 0 {
			return place(n.Values[0])
		}
	case *ast.MappingValueNode:
		return place(n.Key)
	}
	if token := node.GetToken(); token != nil && token.Position != nil {
		return token.Position.Line, token.Position.Column
	}
	return 1, 1
}

func syntaxError(err error) error {
	out := &SyntaxError{1, 1, err.Error()}
	var e yaml.Error
	if errors.As(err, &e) {
		out.Message = e.GetMessage()
		if token := e.GetToken(); token != nil && token.Position != nil {
			out.Line, out.Column = token.Position.Line, token.Position.Column
		}
	}
	return out
}
