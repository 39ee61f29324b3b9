package fakes_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/fakes"
)

func inferred(t *testing.T, schema, components string) *fakes.Generator {
	t.Helper()
	p, err := contract.Parse("a.yaml", document(schema, components), "")
	require.NoError(t, err)
	g, err := fakes.NewWorld(1, fakes.Config{}).Generator(p.Events()[0])
	require.NoError(t, err)
	for n := range uint64(50) {
		body := g.Append(nil, n, g.At(n))
		require.NoError(t, p.Events()[0].Validate(body), string(body))
		require.Equal(t, body, g.Append(nil, n, g.At(n)))
	}
	return g
}

// bodies are how often each of the first payloads is there.
func bodies(g *fakes.Generator, many uint64) map[string]int {
	out := map[string]int{}
	for n := range many {
		out[string(g.Append(nil, n, g.At(n)))]++
	}
	return out
}

func TestPayloadsTakeTurns(t *testing.T) {
	t.Parallel()
	const three = "{oneOf: [{const: a}, {const: b}, {const: c}]}"
	require.Equal(t, map[string]int{`"a"`: 20, `"b"`: 20, `"c"`: 20}, bodies(inferred(t, three, ""), 60))
	require.Equal(t, map[string]int{`1`: 30, `null`: 30}, bodies(inferred(t, "{anyOf: [{type: 'null'}, {const: 1}]}", ""), 60))
	// One that cannot be made, or that more than one branch admits, is passed over.
	require.Equal(t, map[string]int{`"b"`: 60}, bodies(inferred(t, "{oneOf: [false, {const: b}]}", ""), 60))
	require.Equal(t, map[string]int{`"b"`: 60}, bodies(inferred(t, "{oneOf: [{const: a}, {const: b}, {type: string, maxLength: 1, enum: [a]}]}", ""), 60))

	nested := bodies(inferred(t, "{oneOf: [{const: a}, {oneOf: [{const: b}, {const: c}]}]}", ""), 200)
	require.Len(t, nested, 3)
	nulls := bodies(inferred(t, "{type: object, required: [a], properties: {a: {type: [boolean, 'null']}}}", ""), 400)
	require.InDelta(t, 50, nulls[`{"a":null}`], 30)

	tree := inferred(t, "{$ref: '#/components/schemas/T'}", "T: {type: object, required: [c], properties: {c: {type: array, items: {$ref: '#/components/schemas/T'}}}}")
	seen := bodies(tree, 100)
	require.Len(t, seen, 2)
	require.Positive(t, seen[`{"c":[]}`])
	require.Positive(t, seen[`{"c":[{"c":[]}]}`])

	free := bodies(inferred(t, "{type: object, additionalProperties: {const: 1}}", ""), 100)
	require.Len(t, free, 2)
	require.Positive(t, free[`{"key1":1}`])
	require.Equal(t, map[string]int{`{}`: 100}, bodies(inferred(t, "{type: object, additionalProperties: true}", ""), 100))
}

func TestIdsDiffer(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ id, like string }{
		"plain":         {"{type: string}", `.`},
		"example":       {"{type: string, example: evt_1}", `^evt_\w+$`},
		"number":        {"{type: string, example: ORDER-17}", `^ORDER-\d+$`},
		"code":          {"{type: string, example: ABC123XYZ}", `.`},
		"pattern":       {"{type: string, pattern: '^[A-Z]{2}-[0-9]{4}$'}", `^[A-Z]{2}-[0-9]{4}$`},
		"both":          {"{type: string, pattern: '^evt_[0-9]+$', example: evt_1}", `^evt_[0-9]+$`},
		"repeats":       {"{type: string, pattern: '^(x|y)[a-c]*$'}", `^[xy][a-c]+$`},
		"short":         {"{type: string, minLength: 2, maxLength: 3}", `^\w{3}$`},
		"whole numbers": {"{type: integer, minimum: 1, maximum: 99999}", `^\d+$`},
		"no type":       {"{example: evt_1}", `^evt_\w+$`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, property := range []string{"id", "order_id", "event_id"} {
				g := inferred(t, fmt.Sprintf("{type: object, required: [%[1]s], properties: {%[1]s: %[2]s}}", property, c.id), "")
				seen := map[string]bool{}
				for n := range uint64(1000) {
					id := fmt.Sprint(contract.Lookup(g.Append(nil, n, g.At(n)), "/"+property))
					require.Regexp(t, c.like, id)
					require.False(t, seen[id], "%s: %s is there twice", property, id)
					seen[id] = true
				}
				require.NotContains(t, fmt.Sprint(g.Assumptions()), "these ids are the same")
			}
		})
	}
	g := inferred(t, "{type: object, properties: {id: {type: string, pattern: '^[AB]$', example: A}}}", "")
	require.Equal(t, map[string]int{`{"id":"A"}`: 50}, bodies(g, 50))
	require.Contains(t, fmt.Sprint(g.Assumptions()), "these ids are the same in payloads that should differ, for nothing else was found that fits: /id")
}

func TestPatternsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for _, pattern := range []string{"'^(?=a)[a-z]+$'", "'^.{1,5000}$'"} {
		for _, known := range []string{"example: abc", "default: abc", "const: abc", "enum: [abc]", "examples: [abc]"} {
			g := inferred(t, "{type: object, required: [a], properties: {a: {type: string, pattern: "+pattern+", "+known+"}}}", "")
			require.Equal(t, map[string]int{`{"a":"abc"}`: 20}, bodies(g, 20), known)
		}
		p, err := contract.Parse("a.yaml", document("{type: object, required: [a], properties: {a: {type: string, pattern: "+pattern+"}}}", ""), "")
		require.NoError(t, err)
		_, err = fakes.NewWorld(1, fakes.Config{}).Generator(p.Events()[0])
		var fault *contract.DocumentError
		require.ErrorAs(t, err, &fault)
		require.Contains(t, err.Error(), "cannot be read here; give an example")
	}
	left := inferred(t, "{type: object, properties: {a: {type: string, pattern: '^(?=a)'}}}", "")
	require.Equal(t, map[string]int{`{}`: 20}, bodies(left, 20))
	require.Contains(t, fmt.Sprint(left.Assumptions()), "1 optional properties are left out")
}

func TestPlanningIsBounded(t *testing.T) {
	t.Parallel()
	components := ""
	for i := range 25 {
		components += fmt.Sprintf("S%d: {oneOf: [{$ref: '#/components/schemas/S%[2]d'}, {allOf: [{$ref: '#/components/schemas/S%[2]d'}, {type: object, required: [q], properties: {q: {type: string}}}]}]}, ", i, i+1)
	}
	p, err := contract.Parse("a.yaml", document("{$ref: '#/components/schemas/S0'}", components+"S25: {type: object}"), "")
	require.NoError(t, err)
	_, err = fakes.NewWorld(1, fakes.Config{}).Generator(p.Events()[0])
	require.ErrorContains(t, err, "a.yaml:2:")
	require.ErrorContains(t, err, "the schema branches too often")

}

// A payload that breaks its contract, as one in a thousand may, is made anew, and always the same.
func TestPayloadsThatSeldomBreakTheirContract(t *testing.T) {
	t.Parallel()
	g := inferred(t, "{type: object, required: [phone], properties: {phone: {oneOf: [{enum: [1, a]}, {type: [integer, 'null']}]}}}", "")
	for n := range uint64(5000) {
		body := g.Append([]byte("before "), n, g.At(n))
		require.NoError(t, g.Event().Validate(body[len("before "):]), string(body))
		require.Equal(t, body, g.Append([]byte("before "), n, g.At(n)))
	}
}

// An array ends before a place for which no other item is left.
func TestItemsThatCannotBeOthers(t *testing.T) {
	t.Parallel()
	g := inferred(t, "{type: object, required: [x], properties: {x: {type: array, uniqueItems: true, prefixItems: [{enum: [a]}, {enum: [a]}, {type: string}]}}}", "")
	require.Equal(t, map[string]int{`{"x":["a"]}`: 20}, bodies(g, 20))
}

// Texts whose name tells what they are about are English that somebody could have written.
func TestTextsByName(t *testing.T) {
	t.Parallel()
	g := inferred(t, "{type: object, properties: {description: {type: string}, street: {type: string}, product_name: {type: string}, "+
		"line_items: {type: array, minItems: 1, items: {type: object, properties: {name: {type: string}}}}}}", "")
	for pointer, like := range map[string]string{
		"/description": `^[A-Z].*\.$`, "/street": `^[0-9]+ [A-Z]`, "/product_name": `^[A-Z][A-Za-z0-9 -]+$`, "/line_items/0/name": `^[A-Z][A-Za-z0-9 -]+$`,
	} {
		seen := map[any]bool{}
		for n := range uint64(200) {
			value := contract.Lookup(g.Append(nil, n, g.At(n)), pointer)
			require.Regexp(t, like, value, pointer)
			seen[value] = true
		}
		require.Greater(t, len(seen), 30, pointer)
	}
}
