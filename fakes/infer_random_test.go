package fakes_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/fakes"
)

// A schemaMaker writes schemas at random, most of which something meets.
type schemaMaker struct{ r *rand.Rand }

func (m schemaMaker) one(words ...string) string { return words[m.r.IntN(len(words))] }

func (m schemaMaker) schema(depth int) string {
	parts := []string{}
	add := func(format string, args ...any) { parts = append(parts, fmt.Sprintf(format, args...)) }
	switch kind := m.r.IntN(14); {
	case depth <= 0 && kind < 6 || kind == 0:
		add("$ref: '#/components/schemas/S%d'", m.r.IntN(6))
	case kind <= 4 && depth > 0:
		add("type: object")
		var names, required []string
		for i := range m.r.IntN(5) {
			name := m.one("id", "email", "name", "created_at", "user", "amount", "tags", "x", "kind") + fmt.Sprint(i)
			names = append(names, name+": "+m.schema(depth-1))
			if m.r.IntN(2) == 0 {
				required = append(required, name)
			}
		}
		add("properties: {%s}", strings.Join(names, ", "))
		if len(required) > 0 {
			add("required: [%s]", strings.Join(required, ", "))
		}
		if m.r.IntN(4) == 0 {
			add("additionalProperties: %s", m.one("false", "true", "{type: integer}"))
		}
		if m.r.IntN(6) == 0 {
			add("minProperties: %d", m.r.IntN(6))
		}
	case kind == 5 && depth > 0:
		add("type: array, items: %s", m.schema(depth-1))
		add("minItems: %d", m.r.IntN(4))
		add("uniqueItems: %s", m.one("true", "false", "false"))
		if m.r.IntN(3) == 0 {
			add("maxItems: %d", m.r.IntN(5))
		}
	case kind <= 7 && depth > 0:
		list := m.schema(depth - 1)
		for range m.r.IntN(3) {
			list += ", " + m.schema(depth-1)
		}
		add("%s: [%s]", m.one("allOf", "oneOf", "anyOf"), list)
	case kind == 8:
		add("enum: [a, 1, null, true, b]")
	case kind <= 10:
		add("type: %s", m.one("integer", "number", "[number, 'null']"))
		if m.r.IntN(2) == 0 {
			add("minimum: %d", m.r.IntN(50)-20)
		}
		if m.r.IntN(2) == 0 {
			add("%s: %g", m.one("maximum", "exclusiveMaximum"), float64(m.r.IntN(400))/4+1)
		}
		if m.r.IntN(2) == 0 {
			add("multipleOf: %s", m.one("1", "3", "0.5", "0.01", "0.3", "2.5"))
		}
	default:
		add("type: %s", m.one("string", "[string, 'null']", "boolean", "string"))
		switch m.r.IntN(4) {
		case 0:
			add("format: %s", m.one("date-time", "date", "time", "email", "uuid", "uri", "hostname", "ipv4", "ipv6", "byte", "duration", "regex", "odd", "json-pointer", "uri-reference", "idn-email"))
		case 1:
			add("pattern: %s", m.one("'^[a-z]+$'", "'^[A-Z]{2}[0-9]{2,4}$'", `'^\d+$'`, "'x'", "'^(a|b)*$'", "'^[0-9a-f]{24}$'", `'^\S+@\S+$'`, `'^\p{Lu}'`))
		case 2:
			low := m.r.IntN(30)
			add("minLength: %d, maxLength: %d", low, low+m.r.IntN(10))
		}
		if m.r.IntN(4) == 0 {
			add("example: %s", m.one("abc", "'2025-01-01'", "12", "null", "[1]"))
		}
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// asForm writes a body as a form and examines it. What a form cannot carry is no problem: a body that is no object, and
// lists and objects without anything in them.
func asForm(body []byte, style contract.FormStyle, p *contract.Platform) (string, contract.Finding) {
	form, err := contract.EncodeForm(body, style)
	if err != nil || len(form) == 0 || bytes.Contains(body, []byte("{}")) || bytes.Contains(body, []byte("[]")) {
		return "", contract.Finding{}
	}
	return string(form), p.Examine("application/x-www-form-urlencoded", form)
}

// What a platform sends as a form is what it documents.
func TestFormsOfPayloadsAreExamined(t *testing.T) {
	t.Parallel()
	world := fakes.NewWorld(3, hamlet)
	for _, event := range events(t) {
		g, err := world.Generator(event)
		require.NoError(t, err)
		for n := range uint64(3) {
			for _, style := range contract.FormStyles() {
				form, err := contract.EncodeForm(g.Append(nil, n, g.At(n)), style)
				require.NoError(t, err)
				found := event.Platform().Examine("application/x-www-form-urlencoded", form)
				require.Empty(t, found.Problems, "%s %s: %s", event.Platform(), event.Name, form)
				require.True(t, found.Valid, "%s %s: %+v", event.Platform(), event.Name, found)
			}
		}
	}
}

// Whatever the schemas: payloads validate, or the event is refused, and soon.
func TestRandomSchemas(t *testing.T) {
	t.Parallel()
	documents := documents()
	made := 0
	world := fakes.NewWorld(5, fakes.Config{Words: 64})
	for seed := range uint64(documents) {
		m := schemaMaker{rand.New(rand.NewPCG(seed, 1))}
		components := ""
		for i := range 6 {
			components += fmt.Sprintf("S%d: %s, ", i, m.schema(3))
		}
		src := document(m.schema(4), components)
		p, err := contract.Parse("random.yaml", src, "")
		if err != nil {
			continue // such as a schema that is defined by itself
		}
		event := p.Events()[0]
		g, err := world.Generator(event)
		if err != nil {
			continue
		}
		made++
		for n := range uint64(30) {
			body := g.Append(nil, n, g.At(n))
			if event.Validate(body) != nil {
				t.Errorf("seed %d, payload %d: %v\n%s\n%s", seed, n, event.Validate(body), body, src)
				break
			}
			if form, found := asForm(body, contract.Brackets, p); len(found.Problems) > 0 {
				t.Errorf("seed %d, payload %d as a form: %+v\n%s\n%s\n%s", seed, n, found, body, form, src)
				break
			}
		}
	}
	if made < documents/2 {
		t.Errorf("payloads of %d of %d documents, want at least half", made, documents)
	}
	t.Logf("%d of %d", made, documents)
}
