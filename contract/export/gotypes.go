package export

import (
	"fmt"
	"slices"
	"strings"
)

// kind is what a Go type needs so that absent, null and empty stay apart.
type kind int

const (
	raw       kind = iota // json.RawMessage: holds null itself
	plainType             // string, int64 …: a pointer has null
	structure             // as plainType, and may not contain itself
	sequence              // slice or map: nil is null, or absent
)

// goType is the type of a value.
type goType struct {
	expr     string
	kind     kind
	nullable bool
	decl     *goDecl // of a structure
}

// goDecl is a type declaration.
type goDecl struct {
	name   string
	doc    string
	expr   string // what it is, if it is no struct
	alias  bool
	fields []*goField
	values []goConst
}

type goField struct {
	name, tag, doc string
	typ            goType
	required       bool
	indirect       bool // by a pointer, since the struct would contain itself
}

type goConst struct{ name, value string }

// goFile collects the declarations of a file.
type goFile struct {
	source  *source
	names   namer
	named   map[string]string  // of a component, by its pointer
	known   map[string]*goType // by the pointers of the schema
	open    map[string]string  // names of slices and maps that are being made, by pointers; "" while nothing refers to them
	decls   []*goDecl
	imports map[string]bool
	dates   bool // DateTime is used
	options bool // Optional is used
}

// typeOf returns the Go type of values for which all the schemas hold. The hint names a struct that has no name of its
// own.
func (g *goFile) typeOf(hint string, pointers []string) goType {
	if len(pointers) == 1 {
		followed, _ := g.source.follow(pointers[0])
		if followed != pointers[0] {
			hint = g.componentName(followed)
			pointers = []string{followed}
		}
	}
	if of := g.source.nullOr(pointers); of != "" {
		t := g.typeOf(hint, []string{of})
		t.nullable = t.kind != raw // which holds null anyway
		return t
	}
	key := strings.Join(pointers, " ")
	if t := g.known[key]; t != nil {
		return *t
	}
	if name, making := g.open[key]; making { // a list of itself: the list needs a name
		if name == "" {
			name = g.claim(hint, pointers)
			g.open[key] = name
		}
		return goType{expr: name, kind: sequence}
	}
	t := g.make(key, hint, pointers)
	g.known[key] = &t
	return t
}

func (g *goFile) make(key, hint string, pointers []string) goType {
	shape := g.source.shapeOf(pointers)
	t := goType{nullable: shape.nullable, kind: plainType}
	if len(shape.types) != 1 {
		g.alternatives(shape)
		return g.rawType()
	}
	switch shape.types[0] {
	case "string":
		t.expr = g.stringType(shape, hint, pointers)
	case "integer":
		t.expr = "int64"
	case "number":
		// A float64 would lose the digits of long ids, and the spelling of 1.0.
		t.expr = "json.Number"
		if strings.HasPrefix(shape.time, "unix-") {
			t.expr = "int64"
		} else {
			g.imports["encoding/json"] = true
		}
	case "boolean":
		t.expr = "bool"
	case "array":
		return g.list(key, hint, shape)
	case "object":
		if len(shape.properties) > 0 && !shape.open && taggable(shape.properties) {
			return g.structType(key, hint, pointers, shape)
		}
		return g.list(key, hint, shape)
	default:
		return g.rawType()
	}
	return t
}

func (g *goFile) rawType() goType {
	g.imports["encoding/json"] = true
	return goType{expr: "json.RawMessage", kind: raw}
}

// alternatives declares the named types that a raw value may be decoded into, and returns their names.
func (g *goFile) alternatives(shape *shape) []string {
	var names []string
	for _, option := range shape.options {
		if followed, _ := g.source.follow(option); g.isComponent([]string{followed}) {
			if t := g.typeOf("", []string{option}); t.kind == structure {
				names = append(names, t.expr)
			}
		}
	}
	return names
}

func (g *goFile) stringType(shape *shape, hint string, pointers []string) string {
	if len(shape.values) > 0 && !shape.constant && g.isComponent(pointers) {
		d := &goDecl{name: g.claim(hint, pointers), expr: "string", doc: sentence(append([]string{shape.description}, facts(shape, true)...)...)}
		for _, v := range shape.values {
			value, _ := v.(string)
			d.values = append(d.values, goConst{name: g.names.free(d.name + pascal(value)), value: value})
		}
		g.decls = append(g.decls, d)
		return d.name
	}
	if shape.format == "date-time" {
		g.dates = true
		return "DateTime"
	}
	return "string"
}

// list makes a slice, or a map of members that have no names in the schema.
func (g *goFile) list(key, hint string, shape *shape) goType {
	prefix, of, clean := "[]", shape.items, !shape.tuple
	if shape.types[0] == "object" {
		prefix, of, clean = "map[string]", shape.rest, len(shape.properties) == 0 && !shape.patterns
	}
	g.open[key] = ""
	item := goType{}
	if clean && len(of) > 0 {
		item = g.typeOf(hint+"Item", of)
	} else {
		item = g.rawType()
	}
	expr := prefix + item.value()
	name := g.open[key]
	delete(g.open, key)
	if name != "" {
		g.decls = append(g.decls, &goDecl{name: name, expr: expr, doc: shape.description})
		expr = name
	}
	return goType{expr: expr, kind: sequence, nullable: shape.nullable}
}

// value is the type as an item of a slice or map, where nothing is absent.
func (t goType) value() string {
	if t.nullable && (t.kind == plainType || t.kind == structure) {
		return "*" + t.expr
	}
	return t.expr
}

func (g *goFile) structType(key, hint string, pointers []string, shape *shape) goType {
	d := &goDecl{name: g.claim(hint, pointers), doc: shape.description}
	t := goType{expr: d.name, kind: structure, nullable: shape.nullable, decl: d}
	g.known[key] = &t // before its fields, which may refer to it
	g.decls = append(g.decls, d)
	fields := namer{}
	for _, p := range shape.properties {
		f := &goField{name: fields.free(pascal(p.name)), tag: p.name, required: shape.required[p.name]}
		f.typ = g.typeOf(d.name+f.name, p.pointers)
		f.doc = g.fieldDoc(p, f.typ)
		d.fields = append(d.fields, f)
	}
	return t
}

// fieldDoc says what is known of a member: its description, unit, values and grade.
func (g *goFile) fieldDoc(p property, t goType) string {
	shape := g.source.shapeOf(p.pointers)
	declared := g.declares(t.expr)
	if len(p.pointers) == 1 && (declared || t.kind == sequence) { // the type has a comment of its own
		own := g.source.root.Find(p.pointers[0])
		shape.description, shape.grade = str(own.Get("description")), str(own.Get("x-grade"))
	}
	parts := append([]string{shape.description}, facts(shape, declared)...)
	of := shape
	if t.kind == sequence && len(shape.items) > 0 {
		of = g.source.shapeOf(shape.items)
	}
	if names := g.alternatives(of); len(names) > 0 && len(of.types) != 1 {
		parts = append(parts, "Decodes into one of "+strings.Join(names, ", "))
	}
	return sentence(parts...)
}

// facts says what a type does not: the unit of a time, the values of an enum unless the type lists them, the grade.
func facts(shape *shape, declared bool) []string {
	var parts []string
	switch shape.time {
	case "unix-seconds":
		parts = append(parts, "Unix time in seconds")
	case "unix-millis":
		parts = append(parts, "Unix time in milliseconds")
	}
	if len(shape.values) > 0 && !declared {
		texts := make([]string, len(shape.values))
		for i, v := range shape.values {
			texts[i] = fmt.Sprint(v)
		}
		if shape.constant || len(texts) == 1 {
			parts = append(parts, "Always "+texts[0])
		} else {
			parts = append(parts, "One of "+strings.Join(texts, ", "))
		}
	}
	if shape.grade != "" && shape.grade != "documented" {
		parts = append(parts, strings.ToUpper(shape.grade[:1])+shape.grade[1:]+", not documented")
	}
	return parts
}

// isComponent reports whether a schema is one of the document's named ones.
func (g *goFile) isComponent(pointers []string) bool {
	return len(pointers) == 1 && g.named[pointers[0]] != ""
}

// componentName is the name of a schema that is referred to.
func (g *goFile) componentName(pointer string) string {
	if name := g.named[pointer]; name != "" {
		return name
	}
	return pascal(lastToken(pointer))
}

// claim returns the name of a type: that of the component, or one like the hint.
func (g *goFile) claim(hint string, pointers []string) string {
	if g.isComponent(pointers) {
		return g.named[pointers[0]]
	}
	return g.names.free(hint)
}

// taggable reports whether encoding/json reads every name out of a field's tag.
func taggable(properties []property) bool {
	return !slices.ContainsFunc(properties, func(p property) bool {
		return p.name == "" || strings.ContainsFunc(p.name, func(r rune) bool {
			return strings.ContainsRune(",\"\\`'", r) || r < ' ' || r == '\u007f' || r > 126 && !isWord(r)
		})
	})
}
