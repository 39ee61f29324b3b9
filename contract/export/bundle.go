package export

import "github.com/quintain-dev/quintain/contract/internal/yamltree"

// bundle rewrites schemas so that they stand outside the document: no x- keys and nothing of OpenAPI alone, and
// references that lead to definitions of their own.
type bundle struct {
	source *source
	prefix string // of references, such as #/$defs/
	draft7 bool   // AsyncAPI's schemas are a superset of draft 7

	names map[string]string // of a definition, by the pointer in the document
	used  namer
	defs  *node
}

func newBundle(s *source, prefix string) *bundle {
	return &bundle{source: s, prefix: prefix, names: map[string]string{}, used: namer{}, defs: object()}
}

// What the value of a keyword is. A keyword that is not here is dropped.
var keywords = map[string]string{
	"items": "schema", "additionalProperties": "schema", "not": "schema", "if": "schema", "then": "schema", "else": "schema",
	"contains": "schema", "propertyNames": "schema", "unevaluatedItems": "schema", "unevaluatedProperties": "schema", "contentSchema": "schema",
	"properties": "schemas by name", "patternProperties": "schemas by name", "dependentSchemas": "schemas by name",
	"allOf": "schemas", "anyOf": "schemas", "oneOf": "schemas", "prefixItems": "schemas",
	"type": "value", "enum": "value", "const": "value", "format": "value", "pattern": "value", "required": "value",
	"minimum": "value", "maximum": "value", "exclusiveMinimum": "value", "exclusiveMaximum": "value", "multipleOf": "value",
	"minLength": "value", "maxLength": "value", "minItems": "value", "maxItems": "value", "uniqueItems": "value",
	"minContains": "value", "maxContains": "value", "minProperties": "value", "maxProperties": "value", "dependentRequired": "value",
	"contentEncoding": "value", "contentMediaType": "value",
	"title": "value", "description": "value", "default": "value", "examples": "value", "deprecated": "value",
	"readOnly": "value", "writeOnly": "value", "$comment": "value",
}

// body rewrites the schema of an event's body. A body that is a reference becomes what it leads to.
func (b *bundle) body(e *event) *node {
	_, n := b.source.follow(e.schema)
	return b.schema(n)
}

// schema rewrites one schema.
func (b *bundle) schema(n *node) *node {
	if !isMapping(n) {
		if n != nil && (isTrue(n) || isFalse(n)) {
			return scalar(n.Value)
		}
		return object() // what is no schema refuses nothing
	}
	out := object()
	for i, key := range n.Keys {
		v := n.Items[i]
		switch keywords[key] {
		case "schema":
			out.Set(key, b.schema(v))
		case "schemas":
			all := list()
			for _, item := range each(v) {
				all.Items = append(all.Items, b.schema(item))
			}
			if len(all.Items) > 0 { // an empty allOf is not allowed
				out.Set(key, all)
			}
		case "schemas by name":
			named := object()
			for j := range v.Keys {
				named.Set(v.Keys[j], b.schema(v.Items[j]))
			}
			out.Set(key, named)
		case "value":
			out.Set(key, v.Clone())
		}
	}
	if ref := b.ref(str(n.Get("$ref"))); ref != "" {
		out.Set("$ref", scalar(ref))
	}
	if example := n.Get("example"); example != nil && n.Get("examples") == nil {
		out.Set("examples", list(example.Clone()))
	}
	if all := out.Get("allOf"); len(out.Keys) == 1 && all != nil && len(all.Items) == 1 {
		out = all.Items[0] // it stood beside x- keys only
	}
	if b.draft7 && out.Kind == yamltree.Mapping {
		return draft7(out)
	}
	return out
}

// ref returns the reference to a definition, and makes the definition.
func (b *bundle) ref(to string) string {
	pointer, target := b.source.resolve(to)
	if target == nil {
		return ""
	}
	name, known := b.names[pointer]
	if !known {
		name = b.used.free(plain(lastToken(pointer)))
		b.names[pointer] = name
		b.defs.Set(name, object()) // in the order in which they are reached
		b.defs.Set(name, b.schema(target))
	}
	return b.prefix + name
}

// draft7 says in draft 7 what 2020-12 says in other words. What draft 7 has no word for is left out: it would refuse
// less.
func draft7(n *node) *node {
	if ref := n.Get("$ref"); ref != nil && len(n.Keys) > 1 { // draft 7 ignores what stands beside a reference
		n.Delete("$ref")
		all := list(object("$ref", ref))
		all.Items = append(all.Items, each(n.Get("allOf"))...)
		n.Set("allOf", all)
	}
	if tuple := n.Get("prefixItems"); tuple != nil {
		rest := n.Get("items")
		n.Delete("prefixItems")
		n.Set("items", tuple)
		if rest != nil {
			n.Set("additionalItems", rest)
		}
	}
	dependencies := object()
	for _, key := range []string{"dependentRequired", "dependentSchemas"} {
		if d := n.Get(key); isMapping(d) {
			for i, name := range d.Keys {
				dependencies.Set(name, d.Items[i])
			}
		}
	}
	put(n, "dependencies", dependencies)
	for _, key := range []string{"dependentRequired", "dependentSchemas", "unevaluatedItems", "unevaluatedProperties", "contentSchema", "minContains", "maxContains"} {
		n.Delete(key)
	}
	return n
}
