package fakes_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/fakes"
)

// foreign returns the documents of others that the tests try.
func foreign(t testing.TB) map[string]*contract.Platform {
	files, err := filepath.Glob("../contract/testdata/foreign/*")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	out := map[string]*contract.Platform{}
	for _, file := range files {
		src, err := os.ReadFile(file)
		require.NoError(t, err)
		p, err := contract.Parse(file, src, "")
		require.NoError(t, err)
		out[p.Name] = p
	}
	return out
}

func TestPayloadsOfForeignDocumentsValidate(t *testing.T) {
	t.Parallel()
	for name, p := range foreign(t) {
		for _, event := range p.Events() {
			t.Run(name+"/"+event.Name, func(t *testing.T) {
				t.Parallel()
				for seed := range uint64(4) {
					world := fakes.NewWorld(seed, fakes.Config{Words: 64})
					full, err := world.Generator(event)
					require.NoError(t, err)
					minimal, err := world.Minimal(event)
					require.NoError(t, err)
					for n := range uint64(50) {
						for _, g := range []*fakes.Generator{full, minimal} {
							body := g.Append(nil, n*seed, g.At(n*seed))
							require.NoError(t, event.Validate(body), string(body))
							require.Equal(t, body, g.Append(nil, n*seed, g.At(n*seed)))
						}
					}
				}
			})
		}
	}
}

func TestOnePayloadHasOnePerson(t *testing.T) {
	t.Parallel()
	shop := foreign(t)["shop"]
	event, err := shop.Event("order.placed")
	require.NoError(t, err)
	g, err := fakes.NewWorld(3, fakes.Config{}).Generator(event)
	require.NoError(t, err)
	seen := map[any]bool{}
	for n := range uint64(100) {
		body := g.Append(nil, n, g.At(n))
		at := func(pointer string) any { return contract.Lookup(body, pointer) }
		require.Equal(t, at("/data/customer/id"), at("/data/customer_id"))
		require.NotEqual(t, at("/data/customer/id"), at("/data/seller/id"))
		require.Contains(t, at("/data/customer/email"), "@example.")
		require.LessOrEqual(t, at("/data/customer/created_at"), at("/data/customer/updated_at"))
		require.LessOrEqual(t, at("/data/customer/updated_at"), at("/created_at"))
		require.Equal(t, at("/id"), g.EventID(n))
		for _, id := range []any{at("/id"), at("/data/id")} {
			require.False(t, seen[id], "%v is there twice", id)
			seen[id] = true
		}
	}
}

func TestCyclesEnd(t *testing.T) {
	t.Parallel()
	shapes := foreign(t)["shapes"]
	for name, want := range map[string]string{"tree": `{"label":`, "chain": `{"next":"end"}`} {
		event, err := shapes.Event(name)
		require.NoError(t, err)
		g, err := fakes.NewWorld(1, fakes.Config{}).Generator(event)
		require.NoError(t, err)
		require.Contains(t, string(g.Append(nil, 1, g.At(1))), want)
	}
}

// document wraps the schema of a body, and others.
func document(schema, components string) []byte {
	return []byte("openapi: 3.1.0\nwebhooks: {a: {post: {requestBody: {content: {application/json: {schema: " + schema + "}}}}}}\ncomponents: {schemas: {" + components + "}}\n")
}

func TestWhatCannotBeMadeIsRefused(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ schema, components, want string }{
		"a cycle of required ones": {
			"{$ref: '#/components/schemas/A'}", "A: {type: object, required: [b], properties: {b: {$ref: '#/components/schemas/B'}}}, B: {type: object, required: [a], properties: {a: {$ref: '#/components/schemas/A'}}}",
			"a.yaml:3:27: /components/schemas/A: cannot make a value here: the schema requires itself without an end: /components/schemas/A → /components/schemas/B → /components/schemas/A; give an example or an x-fake",
		},
		"a cycle of items": {"{$ref: '#/components/schemas/A'}", "A: {type: array, minItems: 1, items: {$ref: '#/components/schemas/A'}}", "requires itself without an end"},
		"no common type":   {"{allOf: [{type: string}, {type: integer}]}", "", "no type in common"},
		"no common value":  {"{allOf: [{enum: [a]}, {enum: [b]}]}", "", "no value is in all of the enums"},
		"never":            {"{type: object, required: [a], properties: {a: false}}", "", "/properties/a: cannot make a value here: the schema is false"},
		"limits":           {"{type: integer, minimum: 3, maximum: 2}", "", "no number meets minimum, maximum and multipleOf"},
		"length":           {"{type: string, minLength: 3, maxLength: 2}", "", "minLength: it is more than maxLength"},
		"many":             {"{type: array, minItems: 100000, items: {type: string}}", "", "minItems: the array must have"},
		"pattern":          {"{type: string, pattern: '^a$', minLength: 3}", "", "pattern: nothing was found that matches ^a$"},
		"not":              {"{type: object, required: [a], properties: {a: {const: 1}}, not: {required: [a]}}", "", "cannot make a value at the body: what is made"},
		"too much":         {"{$ref: '#/components/schemas/A0'}", doubling(20), "more than 20000 values that are required"},
		"x-fake":           {"{type: string, x-fake: nobody.name}", "", `"nobody" is neither a role nor a relation`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := contract.Parse("a.yaml", document(c.schema, c.components), "")
			require.NoError(t, err)
			_, err = fakes.NewWorld(1, fakes.Config{}).Generator(p.Events()[0])
			var fault *contract.DocumentError
			require.ErrorAs(t, err, &fault)
			require.Contains(t, err.Error(), c.want)
		})
	}
}

// doubling are schemas each of which needs the next one twice.
func doubling(n int) (out string) {
	for i := range n {
		out += fmt.Sprintf("A%d: {type: object, required: [l, r], properties: {l: {$ref: '#/components/schemas/A%d'}, r: {$ref: '#/components/schemas/A%d'}}}, ", i, i+1, i+1)
	}
	return out + fmt.Sprintf("A%d: {type: string}", n)
}

// Two dozen schemas that all refer to each other make no more than there is room for.
func TestGreatGraphsAreCutShort(t *testing.T) {
	t.Parallel()
	components := ""
	for i := range 24 {
		components += fmt.Sprintf("A%d: {type: object, properties: {", i)
		for j := range 24 {
			components += fmt.Sprintf("p%d: {$ref: '#/components/schemas/A%d'}, ", j, j)
		}
		components += "name: {type: string}}}, "
	}
	p, err := contract.Parse("a.yaml", document("{$ref: '#/components/schemas/A0'}", components), "")
	require.NoError(t, err)
	g, err := fakes.NewWorld(1, fakes.Config{}).Generator(p.Events()[0])
	require.NoError(t, err)
	require.NoError(t, p.Events()[0].Validate(g.Append(nil, 1, g.At(1))))
	require.Contains(t, fmt.Sprint(g.Assumptions()), "it is large")
}

func TestAssumptionsOfAnEvent(t *testing.T) {
	t.Parallel()
	p, err := contract.Parse("dir/a.yaml", document("{type: object, required: [when], properties: {when: {type: string, format: date-time}, email: {type: string}, colour_of_sky: {type: string, example: blue}, odd: {type: string}, no: false}, not: {required: [x]}}", ""), "")
	require.NoError(t, err)
	g, err := fakes.NewWorld(1, fakes.Config{}).Generator(p.Events()[0])
	require.NoError(t, err)
	var lines []string
	for _, a := range g.Assumptions() {
		lines = append(lines, a.String())
	}
	const at = "dir/a.yaml:2: /webhooks/a/post/requestBody/content/application~1json/schema: a: "
	require.Equal(t, []string{
		at + "values: 1 from format, 1 from names, 1 from examples, 1 guessed: /odd",
		at + "1 optional properties are left out, for no value was found that ends or fits: /no",
		at + "payloads are tried on these keywords, and not made from them: not",
	}, lines)

	tribe, err := contract.Load("tribe")
	require.NoError(t, err)
	own, err := fakes.NewWorld(1, fakes.Config{}).Generator(tribe.Events()[0])
	require.NoError(t, err)
	require.Empty(t, own.Assumptions())
}

// Any document gives payloads that validate, or an error, and neither takes much memory.
func FuzzForeign(f *testing.F) {
	files, err := filepath.Glob("../contract/testdata/foreign/*")
	require.NoError(f, err)
	for _, file := range files {
		src, err := os.ReadFile(file)
		require.NoError(f, err)
		f.Add(src)
	}
	f.Add(document("{$ref: '#/components/schemas/A0'}", doubling(8)))
	f.Add(document("{type: string, pattern: '^(a|b)*$'}", ""))
	f.Add(document("{oneOf: [{type: integer}, {type: 'null'}], multipleOf: 0.3}", ""))
	for _, schema := range []string{nested(100, 4), nested(30, 5), nested(2, 30)} {
		f.Add(document(schema, ""))
		f.Add(document("{type: object, properties: {a: "+schema+"}}", ""))
	}
	world := fakes.NewWorld(1, fakes.Config{Words: 16})
	f.Fuzz(func(t *testing.T, src []byte) {
		p, err := contract.Parse("fuzz.yaml", src, "")
		if err != nil || !p.Foreign() {
			return
		}
		for _, event := range p.Events() {
			bytes := allocated(func() {
				g, err := world.Generator(event)
				if err != nil {
					return
				}
				for n := range uint64(5) {
					if err := event.Validate(g.Append(nil, n*n, world.At(n*n))); err != nil {
						t.Errorf("%s: %v", event.Name, err)
					}
				}
			})
			if bytes > maxFuzzed {
				t.Errorf("%s: %d MB were allocated, the most is %d", event.Name, bytes>>20, maxFuzzed>>20)
			}
		}
	})
}
