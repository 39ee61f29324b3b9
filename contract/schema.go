package contract

import (
	"regexp"
	"slices"
	"strconv"

	"github.com/quintain-dev/quintain/contract/internal/yamltree"
	"github.com/quintain-dev/quintain/contract/jsonptr"
)

// A Schema is one schema of a contract document, as the payload generator needs it: properties in the documented order,
// and the extensions that say where a value comes from. Validation uses the document itself, not this view of it.
type Schema struct {
	Pointer    string // JSON pointer into the document
	Line       int    // in the document's file
	Column     int
	Types      []string
	Format     string
	Pattern    string
	Enum       []Value // in the written order
	Const      *Value
	Properties []Property // in the documented order
	Items      *Schema
	Ref        *Schema // what $ref points to; the other fields are then what stands beside it

	Fake    string // x-fake: the attribute that fills this leaf
	Literal *Value // x-value: what is sent, although the schema admits more
	As      string // x-as: the entity in scope inside
	Time    string // x-time: how a time is written
	// x-option: the option that has it sent, where the documentation does not know it; it is then in every body
	Option string
	Grade  Grade // x-grade of this very place; empty if it has none of its own

	Required      []string // the names that must be there, also where another schema has the properties
	AllOf         []*Schema
	OneOf         []*Schema
	AnyOf         []*Schema
	Discriminator string         // the property that tells the branches of oneOf or anyOf apart
	Discriminated map[string]int // by value of that property: which branch
	Additional    *Schema        // of the properties without a name; nil if the document has none
	Prefix        []*Schema      // prefixItems
	Never         bool           // the schema false, which nothing meets
	Limits        Limits
	Samples       []Value        // example, examples and default, in this order
	Regexp        *regexp.Regexp // the pattern; nil if there is none, or if it is more than can be checked here
	Unread        []string       // keywords that are validated and that the generator does not read, such as not

	inPlace []*Schema // those that the same value must, may or must not meet
	inside  []*Schema // those that values inside may be tried on and that the generator does not read
}

// Limits bound a value. What is nil is not bounded.
type Limits struct {
	MinLength, MaxLength               *float64
	Minimum, Maximum                   *float64
	ExclusiveMinimum, ExclusiveMaximum *float64
	MultipleOf                         *float64
	MinItems, MaxItems                 *float64
	MinProperties, MaxProperties       *float64
	UniqueItems                        bool
}

// A Property is a named member of an object.
type Property struct {
	Name     string
	Required bool
	Schema   *Schema
}

// Value is a JSON value as it stands in a document.
type Value struct {
	JSON []byte // compact, keys in the written order
}

// Target follows $ref to the schema that has the content.
func (s *Schema) Target() *Schema {
	for seen := 0; s.Ref != nil && seen < maxHops; seen++ {
		s = s.Ref
	}
	return s
}

// maxHops is through how many references and branches a schema may lead to what says of the same value.
const maxHops = 1000

// Nullable reports whether the schema names null among its types.
func (s *Schema) Nullable() bool { return slices.Contains(s.Target().Types, "null") }

// Is reports whether the schema names the type.
func (s *Schema) Is(typ string) bool { return slices.Contains(s.Target().Types, typ) }

// schemas makes Schemas from a document, each pointer once, so that a recursive document is a cyclic graph.
type schemas struct {
	doc   *document
	known map[string]*Schema
	order []*Schema
}

// at returns the schema of a node.
func (s *schemas) at(pointer string, node *yamltree.Node) (*Schema, error) {
	if schema := s.known[pointer]; schema != nil {
		return schema, nil
	}
	schema := &Schema{Pointer: pointer}
	if node == nil {
		return nil, s.doc.fault(node, pointer, "there is no schema here")
	}
	schema.Line, schema.Column = node.Line, node.Column
	s.known[pointer] = schema
	s.order = append(s.order, schema)
	if always, ok := node.Value.(bool); ok && node.Kind == yamltree.Scalar {
		schema.Never = !always
		return schema, nil
	}
	if node.Kind != yamltree.Mapping {
		return nil, s.doc.fault(node, pointer, "there is no schema here; a schema is a mapping, true or false")
	}
	return schema, s.fill(schema, node)
}

func (s *schemas) fill(schema *Schema, node *yamltree.Node) (err error) {
	if err := s.check(schema, node); err != nil {
		return err
	}
	for _, item := range items(node.Get("required")) {
		schema.Required = append(schema.Required, text(item))
	}
	required := make(map[string]bool, len(schema.Required))
	for _, name := range schema.Required {
		required[name] = true
	}
	values := slices.Clone(node.Items) // check takes keys out of documents that are not ours
	for i, key := range slices.Clone(node.Keys) {
		child, pointer := values[i], schema.Pointer+"/"+escape(key)
		switch key {
		case "$ref":
			target, err := s.doc.target(child, pointer)
			if err != nil {
				return err
			}
			if schema.Ref, err = s.at(target, s.doc.root.Find(target)); err != nil {
				return err
			}
			schema.inPlace = append(schema.inPlace, schema.Ref)
		case "allOf":
			if schema.AllOf, err = s.list(schema, pointer, child, true); err != nil {
				return err
			}
			if len(schema.AllOf) == 1 && schema.Ref == nil && !s.doc.foreign { // a reference with something beside it
				schema.Ref = schema.AllOf[0]
			}
		case "type":
			if child.Kind == yamltree.Sequence {
				for _, item := range child.Items {
					schema.Types = append(schema.Types, text(item))
				}
			} else {
				schema.Types = []string{text(child)}
			}
		case "format":
			schema.Format = text(child)
		case "pattern":
			schema.Pattern = text(child)
		case "enum":
			for _, item := range items(child) {
				schema.Enum = append(schema.Enum, Value{item.AppendJSON(nil)})
			}
		case "const":
			schema.Const = &Value{child.AppendJSON(nil)}
		case "properties":
			properties := slices.Clone(child.Items)
			for i, name := range slices.Clone(child.Keys) {
				property, err := s.at(pointer+"/"+escape(name), properties[i])
				if err != nil {
					return err
				}
				schema.Properties = append(schema.Properties, Property{name, required[name], property})
			}
		case "items":
			if schema.Items, err = s.at(pointer, child); err != nil {
				return err
			}
		case "x-fake":
			schema.Fake = text(child)
		case "x-value":
			schema.Literal = &Value{child.AppendJSON(nil)}
		case "x-as":
			schema.As = text(child)
		case "x-time":
			schema.Time = text(child)
		case "x-option":
			if wanted := text(child); s.doc.undocumented(wanted) {
				schema.Option = wanted
			}
		case "x-grade":
			schema.Grade = Grade(text(child))
		default:
			if err := s.fillRest(schema, key, pointer, child); err != nil {
				return err
			}
		}
	}
	return nil
}

func items(n *yamltree.Node) []*yamltree.Node {
	if n == nil || n.Kind != yamltree.Sequence {
		return nil
	}
	return n.Items
}

// text returns a scalar as it is written, and "" for anything else.
func text(n *yamltree.Node) string {
	if n == nil {
		return ""
	}
	switch v := n.Value.(type) {
	case string:
		return v
	case interface{ String() string }:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

func escape(token string) string { return jsonptr.Escape(token) }

// Walk visits the places of a body, an object before what is inside it, with their JSON pointers; * stands for the
// items of an array. A schema that contains itself is entered once on the way down, and no more than MaxPlaces are
// visited.
func Walk(s *Schema, visit func(pointer string, p Property)) {
	left := MaxPlaces
	on := map[*Schema]bool{}
	var walk func(pointer string, p Property)
	walk = func(pointer string, p Property) {
		target := p.Schema.Target()
		if left--; left < 0 {
			return
		}
		visit(pointer, p)
		if on[target] {
			return
		}
		on[target] = true
		for _, inner := range target.Properties {
			walk(pointer+"/"+escape(inner.Name), inner)
		}
		if target.Items != nil {
			walk(pointer+"/*", Property{Required: true, Schema: target.Items})
		}
		delete(on, target)
	}
	walk("", Property{Required: true, Schema: s})
}

// MaxPlaces is how many places of a body Walk visits at most.
const MaxPlaces = 20_000
