package contract

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/quintain-dev/quintain/contract/internal/yamltree"
	"github.com/quintain-dev/quintain/contract/jsonptr"
)

// fillRest reads the keywords that our own documents do without.
func (s *schemas) fillRest(schema *Schema, key, pointer string, child *yamltree.Node) (err error) {
	limits := map[string]**float64{
		"minLength": &schema.Limits.MinLength, "maxLength": &schema.Limits.MaxLength,
		"minimum": &schema.Limits.Minimum, "maximum": &schema.Limits.Maximum,
		"exclusiveMinimum": &schema.Limits.ExclusiveMinimum, "exclusiveMaximum": &schema.Limits.ExclusiveMaximum,
		"multipleOf": &schema.Limits.MultipleOf,
		"minItems":   &schema.Limits.MinItems, "maxItems": &schema.Limits.MaxItems,
		"minProperties": &schema.Limits.MinProperties, "maxProperties": &schema.Limits.MaxProperties,
	}
	if limit := limits[key]; limit != nil {
		n, err := strconv.ParseFloat(text(child), 64)
		if err == nil {
			*limit = &n
		}
		return nil
	}
	switch key {
	case "oneOf":
		schema.OneOf, err = s.list(schema, pointer, child, true)
	case "anyOf":
		schema.AnyOf, err = s.list(schema, pointer, child, true)
	case "prefixItems":
		schema.Prefix, err = s.list(schema, pointer, child, false)
	case "additionalProperties":
		schema.Additional, err = s.at(pointer, child)
	case "uniqueItems":
		schema.Limits.UniqueItems = text(child) == "true"
	case "example", "default":
		if len(schema.Samples) < 8 {
			schema.Samples = append(schema.Samples, Value{child.AppendJSON(nil)})
		}
	case "examples":
		for _, item := range items(child)[:min(8, len(child.Items))] {
			schema.Samples = append(schema.Samples, Value{item.AppendJSON(nil)})
		}
	case "discriminator":
		s.discriminate(schema, child)
	case "not", "if", "then", "else":
		var other *Schema
		if other, err = s.at(pointer, child); err == nil {
			schema.Unread, schema.inPlace = append(schema.Unread, key), append(schema.inPlace, other)
		}
	case "contains", "propertyNames", "unevaluatedProperties", "unevaluatedItems":
		schema.Unread = append(schema.Unread, key)
		var other *Schema
		if other, err = s.at(pointer, child); err == nil {
			schema.inside = append(schema.inside, other)
		}
	case "patternProperties", "dependentSchemas":
		schema.Unread = append(schema.Unread, key)
		others := slices.Clone(child.Items)
		for i, name := range slices.Clone(child.Keys) {
			other, err := s.at(pointer+"/"+escape(name), others[i])
			if err != nil {
				return err
			}
			if key == "dependentSchemas" {
				schema.inPlace = append(schema.inPlace, other)
			} else {
				schema.inside = append(schema.inside, other)
			}
		}
	}
	return err
}

func (s *schemas) list(schema *Schema, pointer string, node *yamltree.Node, inPlace bool) (out []*Schema, err error) {
	for i, item := range items(node) {
		one, err := s.at(pointer+"/"+strconv.Itoa(i), item)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	if inPlace {
		schema.inPlace = append(schema.inPlace, out...)
	}
	return out, nil
}

// discriminate reads which branch goes with which value: the mapping, else the name of the schema.
func (s *schemas) discriminate(schema *Schema, node *yamltree.Node) {
	schema.Discriminator, schema.Discriminated = text(node.Get("propertyName")), map[string]int{}
	branches := append(slices.Clone(schema.OneOf), schema.AnyOf...)
	if len(branches) == 0 { // the branches may stand below
		parent := s.doc.root.Find(schema.Pointer)
		for _, key := range []string{"oneOf", "anyOf"} {
			for i, item := range items(parent.Get(key)) {
				if one, err := s.at(fmt.Sprintf("%s/%s/%d", schema.Pointer, key, i), item); err == nil {
					branches = append(branches, one)
				}
			}
		}
	}
	for i, branch := range branches {
		if branch.Ref == nil {
			continue
		}
		name := branch.Ref.Pointer[strings.LastIndex(branch.Ref.Pointer, "/")+1:]
		mapping := node.Get("mapping")
		for j, value := range keys(mapping) {
			to := text(mapping.Items[j])
			if to == name || strings.TrimPrefix(to, "#") == branch.Ref.Pointer {
				name = value
				break
			}
		}
		schema.Discriminated[jsonptr.Unescape(name)] = i
	}
}

// target resolves a $ref to a JSON pointer into this document.
func (d *document) target(ref *yamltree.Node, pointer string) (string, error) {
	written := text(ref)
	target, ok := strings.CutPrefix(written, "#")
	if !ok {
		return "", d.fault(ref, pointer, "$ref "+strconv.Quote(written)+" leaves this document; only references that begin with #/ are read")
	}
	if decoded, err := url.PathUnescape(target); err == nil {
		target = decoded
	}
	if !strings.HasPrefix(target, "/") {
		return "", d.fault(ref, pointer, "$ref "+strconv.Quote(written)+" names an anchor, or the whole document; only references that begin with #/ are read")
	}
	if d.root.Find(target) == nil {
		return "", d.fault(ref, pointer, "$ref "+strconv.Quote(written)+" points to nothing")
	}
	return target, nil
}

// check refuses keywords of the wrong kind. The validator would refuse them too, but late, and without a place.
func (s *schemas) check(schema *Schema, node *yamltree.Node) error {
	for i := 0; i < len(node.Keys); i++ {
		key, child := node.Keys[i], node.Items[i]
		pointer := schema.Pointer + "/" + escape(key)
		if slices.Contains(identifying, key) && s.doc.foreign {
			s.doc.assume(node, pointer, key+" is not read: references are resolved from the root of the document")
			node.Delete(key)
			i--
			continue
		}
		want, ok := keywordKinds()[key]
		if !ok {
			continue
		}
		if key == "required" && s.doc.foreign {
			child.Items = withoutTwins(child.Items)
		}
		if problem := want.problem(child); problem != "" {
			if want.annotation && s.doc.foreign {
				s.doc.assume(child, pointer, fmt.Sprintf("%s: %s: it is not read", key, problem))
				node.Delete(key)
				i--
				continue
			}
			return s.doc.fault(child, pointer, key+": "+problem)
		}
		if key == "pattern" {
			re, err := s.doc.regexp(text(child))
			if err != nil {
				return s.doc.fault(child, pointer, fmt.Sprintf("pattern: %s is not a regular expression that can be checked here: %s", text(child), err))
			}
			if !re.ignored {
				schema.Regexp = re.Regexp
			} else {
				s.doc.assume(child, pointer, "the pattern is more than can be checked here: nothing is tested against it")
			}
		}
	}
	return nil
}

// withoutTwins drops names that are there before.
func withoutTwins(names []*yamltree.Node) []*yamltree.Node {
	known := map[string]bool{}
	return slices.DeleteFunc(names, func(n *yamltree.Node) bool {
		twin := n.Kind == yamltree.Scalar && known[text(n)]
		known[text(n)] = true
		return twin
	})
}

// A pattern is a regular expression of a document. An ignored one matches everything.
type pattern struct {
	*regexp.Regexp
	ignored bool
}

var unicodeEscape = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\\\\|\\u[0-9a-fA-F]{4}`)
})

// regexp compiles a pattern of the dialect of JavaScript. What Go's expressions cannot do, such as looking ahead, is an
// error in a document of our own, and is ignored in another's.
func (d *document) regexp(source string) (*pattern, error) {
	d.patternsMu.Lock()
	defer d.patternsMu.Unlock()
	if known := d.patterns[source]; known != nil {
		return known, nil
	}
	re, err := regexp.Compile(unicodeEscape().ReplaceAllStringFunc(source, func(s string) string {
		if s == `\\` {
			return s
		}
		return `\x{` + s[2:] + `}`
	}))
	p := &pattern{Regexp: re}
	var why *syntax.Error
	if errors.As(err, &why) {
		tooMuch := why.Code == syntax.ErrInvalidPerlOp || why.Code == syntax.ErrInvalidRepeatSize || why.Code == syntax.ErrInvalidEscape || why.Code == syntax.ErrInvalidCharRange && strings.Contains(why.Expr, `\`)
		if !tooMuch || !d.foreign {
			return nil, err
		}
		p = &pattern{Regexp: regexp.MustCompile(""), ignored: true}
	}
	if d.patterns == nil {
		d.patterns = map[string]*pattern{}
	}
	d.patterns[source] = p
	return p, nil
}

// acyclic refuses schemas that are defined by themselves, as by a $ref to the schema that it stands in.
func (s *schemas) acyclic() error {
	const entered, left = 1, 2
	state, hops := map[*Schema]int{}, map[*Schema]int{}
	var path []*Schema
	var visit func(one *Schema) error
	visit = func(one *Schema) error {
		switch state[one] {
		case left:
			return nil
		case entered:
			var names []string
			for _, on := range path[slices.Index(path, one):] {
				names = append(names, on.Pointer)
			}
			return s.doc.fault(s.doc.root.Find(one.Pointer), one.Pointer, "the schema is defined by itself: "+strings.Join(append(names, one.Pointer), " → "))
		}
		state[one] = entered
		path = append(path, one)
		for _, next := range one.inPlace {
			if err := visit(next); err != nil {
				return err
			}
			hops[one] = max(hops[one], hops[next]+1)
		}
		if hops[one] > maxHops {
			return s.doc.fault(s.doc.root.Find(one.Pointer), one.Pointer, fmt.Sprintf("the schema leads through more than %d references before it says all about one value", maxHops))
		}
		path = path[:len(path)-1]
		state[one] = left
		return nil
	}
	for _, one := range s.order {
		if err := visit(one); err != nil {
			return err
		}
	}
	return nil
}

// identifying keywords give schemas names by which others refer to them.
var identifying = []string{"$id", "$anchor", "$dynamicAnchor", "$schema"}

// A keywordKind is what a keyword's value must be: problem says what is wrong with it, or nothing.
type keywordKind struct {
	problem    func(n *yamltree.Node) string
	annotation bool // says nothing about values
}

var typeNames = []string{"string", "integer", "number", "boolean", "object", "array", "null"}

var keywordKinds = sync.OnceValue(func() map[string]keywordKind {
	kinds := map[string]keywordKind{
		"type": {problem: typeProblem}, "required": {problem: namesProblem}, "enum": {problem: enumProblem}, "items": {problem: schemaProblem},
		"multipleOf": {problem: func(n *yamltree.Node) string {
			if f, err := numeric(n).Float64(); err != nil || f <= 0 {
				return "want a number above 0"
			}
			return ""
		}},
		"uniqueItems": {problem: scalarProblem[bool]("true or false")},
	}
	add := func(problem func(n *yamltree.Node) string, annotation bool, names ...string) {
		for _, name := range names {
			kinds[name] = keywordKind{problem, annotation}
		}
	}
	add(scalarProblem[string]("a string"), false, "$ref", "pattern", "format")
	add(func(*yamltree.Node) string { return "it is not read; refer with $ref and a JSON pointer" }, false, "$dynamicRef", "$recursiveRef")
	add(scalarProblem[string]("a string"), true, "title", "description", "$comment", "contentEncoding", "contentMediaType")
	add(scalarProblem[bool]("true or false"), true, "deprecated", "readOnly", "writeOnly")
	add(kindProblem(yamltree.Mapping, "a mapping"), false, "properties", "patternProperties", "dependentSchemas", "dependentRequired", "$defs")
	add(kindProblem(yamltree.Mapping, "a mapping"), true, "discriminator")
	add(kindProblem(yamltree.Sequence, "a list"), true, "examples")
	add(schemaListProblem, false, "allOf", "anyOf", "oneOf", "prefixItems")
	add(schemaProblem, false, "not", "if", "then", "else", "contains", "propertyNames", "additionalProperties", "unevaluatedProperties", "unevaluatedItems")
	add(countProblem, false, "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "minContains", "maxContains")
	add(numberProblem, false, "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
	return kinds
})

func numeric(n *yamltree.Node) json.Number {
	v, _ := n.Value.(json.Number)
	return v
}
