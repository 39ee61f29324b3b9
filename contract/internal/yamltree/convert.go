package yamltree

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"sync"

	"go.yaml.in/yaml/v4"
)

// MaxNodes is how many values a document may have when all that it shares is written out.
const MaxNodes = 2_000_000

// converter makes Nodes of the parser's tree.
type converter struct {
	done   map[*yaml.Node]anchored // values with a name
	nodes  int                     // written out so far
	shared *SyntaxError
}

// anchored is a value with a name, and how many nodes it is. A nil node is one that is not complete yet.
type anchored struct {
	node *Node
	size int
}

func (c *converter) convert(node *yaml.Node) (*Node, error) {
	if c.nodes++; c.nodes > MaxNodes {
		return nil, tooMany(node)
	}
	before := c.nodes
	if node.Anchor != "" {
		c.share(node, "an anchor (&) is not read here: write the value itself")
		c.done[node] = anchored{}
	}
	n, err := c.value(node)
	if err == nil && node.Anchor != "" {
		c.done[node] = anchored{n, c.nodes - before + 1}
	}
	return n, err
}

func (c *converter) value(node *yaml.Node) (*Node, error) {
	n := &Node{Line: node.Line, Column: node.Column}
	switch node.Kind {
	case yaml.MappingNode:
		n.Kind = Mapping
		return n, c.addAll(n, node)
	case yaml.SequenceNode:
		n.Kind = Sequence
		for _, value := range node.Content {
			item, err := c.convert(value)
			if err != nil {
				return nil, err
			}
			n.Items = append(n.Items, item)
		}
		return n, nil
	case yaml.AliasNode:
		return c.alias(node)
	default:
		var err error
		n.Value, err = scalar(node)
		return n, err
	}
}

// number is how JSON writes numbers; so they stay as they are written.
var number = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$`)
})

// scalar returns nil, a bool, a json.Number or a string. Times are strings: what they mean is the schema's to say.
func scalar(node *yaml.Node) (any, error) {
	switch node.ShortTag() {
	case "!!null":
		return nil, nil
	case "!!bool":
		var b bool
		return b || node.Decode(&b) == nil && b, nil
	case "!!int", "!!float":
		if number().MatchString(node.Value) {
			if n := json.Number(node.Value); sensible(n) {
				return n, nil
			}
			return nil, &SyntaxError{node.Line, node.Column, fmt.Sprintf("the number %.40s is out of range", node.Value)}
		}
		var v any // also 0x10, 0o17 and .5
		if err := node.Decode(&v); err != nil {
			return nil, &SyntaxError{node.Line, node.Column, fmt.Sprintf("%q is not a number", node.Value)}
		}
		if f, ok := v.(float64); ok {
			if math.IsInf(f, 0) || math.IsNaN(f) {
				return nil, &SyntaxError{node.Line, node.Column, "the number is out of range"}
			}
			return json.Number(strconv.FormatFloat(f, 'g', -1, 64)), nil
		}
		if n := json.Number(fmt.Sprint(v)); sensible(n) {
			return n, nil
		}
		return nil, &SyntaxError{node.Line, node.Column, fmt.Sprintf("the number %.40s is out of range", node.Value)}
	case "!!str", "!!timestamp":
		if node.Style == 0 && node.Tag == "!!str" && number().MatchString(node.Value) { // a number that no float64 is
			return nil, &SyntaxError{node.Line, node.Column, fmt.Sprintf("the number %.40s is out of range", node.Value)}
		}
		return node.Value, nil
	default:
		return nil, &SyntaxError{node.Line, node.Column, fmt.Sprintf("the tag %s is not read here: write the value itself", node.Tag)}
	}
}

// share notes the first place that shares values.
func (c *converter) share(node *yaml.Node, message string) {
	if c.shared == nil {
		c.shared = &SyntaxError{node.Line, node.Column, message}
	}
}

func (c *converter) alias(node *yaml.Node) (*Node, error) {
	c.share(node, "an alias (*) is not read here: write the value itself")
	known := c.done[node.Alias]
	if known.node == nil {
		return nil, &SyntaxError{node.Line, node.Column, fmt.Sprintf("the alias *%s is inside the value that it stands for", node.Value)}
	}
	if c.nodes += known.size; c.nodes > MaxNodes {
		return nil, tooMany(node)
	}
	return known.node, nil
}

func tooMany(node *yaml.Node) error {
	return &SyntaxError{node.Line, node.Column, fmt.Sprintf("the document has more than %d values when its aliases are written out", MaxNodes)}
}

// addAll adds the entries of a mapping. Those of merge keys come last, and only where the mapping has none of that
// name.
func (c *converter) addAll(n *Node, node *yaml.Node) error {
	var merged []*Node
	places := map[string]*yaml.Node{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		if key.Kind != yaml.ScalarNode {
			return &SyntaxError{key.Line, key.Column, "the key is not a plain text"}
		}
		if key.ShortTag() == "!!merge" {
			c.share(key, "merge keys (<<) are not read here: write the keys themselves")
			child, err := c.convert(value)
			if err != nil {
				return err
			}
			if child.Kind == Sequence {
				merged = append(merged, child.Items...)
			} else {
				merged = append(merged, child)
			}
			continue
		}
		if first := places[key.Value]; first != nil {
			return &SyntaxError{key.Line, key.Column, fmt.Sprintf("mapping key %q already defined at [%d:%d]", key.Value, first.Line, first.Column)}
		}
		places[key.Value] = key
		child, err := c.convert(value)
		if err != nil {
			return err
		}
		n.Keys, n.Items = append(n.Keys, key.Value), append(n.Items, child)
	}
	for _, from := range merged {
		if from.Kind != Mapping {
			return &SyntaxError{from.Line, from.Column, "a merge key (<<) wants a mapping, or a list of them"}
		}
		for i, key := range from.Keys {
			if places[key] == nil {
				places[key] = node
				n.Keys, n.Items = append(n.Keys, key), append(n.Items, from.Items[i])
			}
		}
	}
	n.reindex()
	return nil
}
