package contract

import (
	"slices"
	"strconv"
	"strings"

	"github.com/quintain-dev/quintain/contract/internal/yamltree"
)

// A Schema is one schema of a contract document, as the payload generator needs it: properties in the documented order,
// and the extensions that say where a value comes from. Validation uses the document itself, not this view of it.
type Schema struct {
	Pointer    string // JSON pointer into the document
	Line       int    // in the document's file
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
	Grade   Grade  // x-grade of this very place; empty if it has none of its own
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
	for seen := 0; s.Ref != nil && seen < 100; seen++ {
		s = s.Ref
	}
	return s
}

// Nullable reports whether the schema names null among its types.
func (s *Schema) Nullable() bool { return slices.Contains(s.Target().Types, "null") }

// Is reports whether the schema names the type.
func (s *Schema) Is(typ string) bool { return slices.Contains(s.Target().Types, typ) }

// schemas makes Schemas from a document, each pointer once, so that a recursive document is a cyclic graph.
type schemas struct {
	doc   *document
	known map[string]*Schema
}

func (s *schemas) at(pointer string) (*Schema, error) {
	if schema := s.known[pointer]; schema != nil {
		return schema, nil
	}
	node := s.doc.root.Find(pointer)
	if node == nil || node.Kind != yamltree.Mapping {
		return nil, s.doc.fault(node, pointer, "there is no schema here")
	}
	schema := &Schema{Pointer: pointer, Line: node.Line}
	s.known[pointer] = schema
	return schema, s.fill(schema, node)
}

func (s *schemas) fill(schema *Schema, node *yamltree.Node) (err error) {
	required := map[string]bool{}
	for _, item := range items(node.Get("required")) {
		required[text(item)] = true
	}
	for i, key := range node.Keys {
		child, pointer := node.Items[i], schema.Pointer+"/"+escape(key)
		switch key {
		case "$ref":
			target, ok := strings.CutPrefix(text(child), "#")
			if !ok {
				return s.doc.fault(child, pointer, "$ref "+strconv.Quote(text(child))+" leaves this document; only references that begin with #/ are read")
			}
			if s.doc.root.Find(target) == nil {
				return s.doc.fault(child, pointer, "$ref "+strconv.Quote(text(child))+" points to nothing")
			}
			if schema.Ref, err = s.at(target); err != nil {
				return err
			}
		case "allOf": // of one item: a reference with something beside it
			if len(child.Items) == 1 {
				if schema.Ref, err = s.at(pointer + "/0"); err != nil {
					return err
				}
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
			for _, name := range child.Keys {
				property, err := s.at(pointer + "/" + escape(name))
				if err != nil {
					return err
				}
				schema.Properties = append(schema.Properties, Property{name, required[name], property})
			}
		case "items":
			if schema.Items, err = s.at(pointer); err != nil {
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
		case "x-grade":
			schema.Grade = Grade(text(child))
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

func escape(token string) string { return escaper.Replace(token) }

var (
	escaper   = strings.NewReplacer("~", "~0", "/", "~1")
	unescaper = strings.NewReplacer("~1", "/", "~0", "~")
)
