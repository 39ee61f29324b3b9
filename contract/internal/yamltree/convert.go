package yamltree

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/goccy/go-yaml/ast"
)

// MaxNodes is how many values a document may have when all that it shares is written out.
const MaxNodes = 2_000_000

// converter makes Nodes of the parser's tree.
type converter struct {
	anchors map[string]anchored
	nodes   int // written out so far
	shared  *SyntaxError
}

// anchored is a value with a name, and how many nodes it is.
type anchored struct {
	node *Node
	size int
}

func (c *converter) convert(node ast.Node) (*Node, error) {
	line, column := place(node)
	if c.nodes++; c.nodes > MaxNodes {
		return nil, &SyntaxError{line, column, fmt.Sprintf("the document has more than %d values when its aliases are written out", MaxNodes)}
	}
	n := &Node{Line: line, Column: column}
	switch node := node.(type) {
	case *ast.MappingNode:
		n.Kind = Mapping
		return n, c.addAll(n, node.Values)
	case *ast.MappingValueNode: // a mapping of one key in block style
		n.Kind = Mapping
		return n, c.addAll(n, []*ast.MappingValueNode{node})
	case *ast.SequenceNode:
		n.Kind = Sequence
		for _, value := range node.Values {
			item, err := c.convert(value)
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
		if math.IsInf(node.Value, 0) || math.IsNaN(node.Value) {
			return nil, &SyntaxError{line, column, "the number is out of range"}
		}
		n.Value = json.Number(strconv.FormatFloat(node.Value, 'g', -1, 64))
	case *ast.StringNode:
		n.Value = node.Value
	case *ast.LiteralNode:
		n.Value = node.Value.Value
	case *ast.AnchorNode:
		return c.anchor(node)
	case *ast.AliasNode:
		return c.alias(node)
	case *ast.TagNode:
		return c.tag(node)
	default:
		return nil, &SyntaxError{line, column, fmt.Sprintf("%s is not read here: write the value itself", node.Type())}
	}
	return n, nil
}

func (c *converter) share(node ast.Node, what string) (line, column int) {
	line, column = place(node)
	if c.shared == nil {
		c.shared = &SyntaxError{line, column, what + " not read here: write the value itself"}
	}
	return line, column
}

func (c *converter) anchor(node *ast.AnchorNode) (*Node, error) {
	c.share(node, "an anchor (&) is")
	before := c.nodes
	value, err := c.convert(node.Value)
	if err == nil {
		c.anchors[node.Name.GetToken().Value] = anchored{value, c.nodes - before}
	}
	return value, err
}

func (c *converter) alias(node *ast.AliasNode) (*Node, error) {
	line, column := c.share(node, "an alias (*) is")
	name := node.Value.GetToken().Value
	known, ok := c.anchors[name]
	if !ok {
		return nil, &SyntaxError{line, column, fmt.Sprintf("the alias *%s has no anchor &%s before it", name, name)}
	}
	if c.nodes += known.size; c.nodes > MaxNodes {
		return nil, &SyntaxError{line, column, fmt.Sprintf("the document has more than %d values when its aliases are written out", MaxNodes)}
	}
	return known.node, nil
}

// tag reads a value with a tag of YAML's own, such as !!str 1.
func (c *converter) tag(node *ast.TagNode) (*Node, error) {
	line, column := place(node)
	value, err := c.convert(node.Value)
	switch tag := node.Start.Value; {
	case err != nil:
		return nil, err
	case tag == "!!str" && value.Kind == Scalar:
		return &Node{Value: node.Value.GetToken().Value, Line: line, Column: column}, nil
	case slices.Contains([]string{"!!map", "!!seq", "!!int", "!!float", "!!bool", "!!null"}, tag):
		return value, nil
	default:
		return nil, &SyntaxError{line, column, fmt.Sprintf("the tag %s is not read here: write the value itself", tag)}
	}
}

// addAll adds the entries of a mapping. Those of merge keys come last, and only where the mapping has none of that name.
func (c *converter) addAll(n *Node, values []*ast.MappingValueNode) error {
	var merged []*Node
	for _, value := range values {
		line, column := place(value.Key)
		child, err := c.convert(value.Value)
		if err != nil {
			return err
		}
		if _, ok := value.Key.(*ast.MergeKeyNode); ok {
			if c.shared == nil || c.shared.Line >= line {
				c.shared = &SyntaxError{line, column, "merge keys (<<) are not read here: write the keys themselves"}
			}
			if child.Kind == Sequence {
				merged = append(merged, child.Items...)
			} else {
				merged = append(merged, child)
			}
			continue
		}
		n.Keys = append(n.Keys, value.Key.GetToken().Value)
		n.Items = append(n.Items, child)
	}
	for _, from := range merged {
		if from.Kind != Mapping {
			return &SyntaxError{from.Line, from.Column, "a merge key (<<) wants a mapping, or a list of them"}
		}
		for i, key := range from.Keys {
			if !slices.Contains(n.Keys, key) {
				n.Keys, n.Items = append(n.Keys, key), append(n.Items, from.Items[i])
			}
		}
	}
	return nil
}
