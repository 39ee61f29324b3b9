package fakes_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

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

// Whatever the schemas: payloads validate, or the event is refused, and soon.
func TestRandomSchemas(t *testing.T) {
	t.Parallel()
	const documents = 400
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
			if body := g.Append(nil, n, g.At(n)); event.Validate(body) != nil {
				t.Errorf("seed %d, payload %d: %v\n%s\n%s", seed, n, event.Validate(body), body, src)
				break
			}
		}
	}
	if made < documents/2 {
		t.Errorf("payloads of %d of %d documents, want at least half", made, documents)
	}
	t.Logf("%d of %d", made, documents)
}
