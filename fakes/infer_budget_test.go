package fakes_test

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/fakes"
)

// nested is an array of arrays of …, each of which must have so many items.
func nested(items, deep int) string {
	head := fmt.Sprintf("{type: array, minItems: %d, items: ", items)
	return strings.Repeat(head, deep) + "{type: string}" + strings.Repeat("}", deep)
}

// allocated returns how many bytes fn allocates, whether or not they were freed since.
func allocated(fn func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	fn()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// maxFuzzed is how much may be allocated for the payloads of one event, whether or not it is freed meanwhile.
const maxFuzzed = 1 << 30

// A short document that asks for a payload of gigabytes is refused at once, and nothing of it is made. Not parallel: it
// measures the memory of the process.
func TestPayloadsThatWouldTakeAllMemoryAreRefused(t *testing.T) {
	chain := "C5000: {type: string}"
	for i := range 5_000 {
		chain += ", " + fmt.Sprintf("C%d: {type: object, required: [c], properties: {c: {$ref: '#/components/schemas/C%d'}}}", i, i+1)
	}
	const tooLarge = ": cannot make a value here: the payload has more than 1 MB"
	long := strings.Replace(nested(200, 2), "{type: string}", "{type: string, minLength: 100000}", 1)
	unique := strings.ReplaceAll(nested(200, 8), "minItems", "uniqueItems: true, minItems")
	for name, c := range map[string]struct{ schema, components, want string }{
		"100 items, 4 deep":   {nested(100, 4), "", "/schema" + tooLarge},
		"30 items, 5 deep":    {nested(30, 5), "", "/schema" + tooLarge},
		"2 items, 30 deep":    {nested(2, 30), "", "/schema" + tooLarge},
		"in an object":        {"{type: object, required: [a], properties: {a: " + nested(100, 4) + "}}", "", "/properties/a" + tooLarge},
		"long texts":          {long, "", tooLarge},
		"items that differ":   {unique, "", tooLarge},
		"one item, 5000 deep": {"{$ref: '#/components/schemas/C0'}", chain, "cannot make a value here: it would nest more than 100 levels deep"},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := contract.Parse("a.yaml", document(c.schema, c.components), "")
			require.NoError(t, err)
			world := fakes.NewWorld(1, fakes.Config{})
			began := time.Now()
			bytes := allocated(func() { _, err = world.Generator(p.Events()[0]) })
			var fault *contract.DocumentError
			require.True(t, errors.As(err, &fault), "%v", err)
			require.Contains(t, err.Error(), c.want)
			require.Contains(t, err.Error(), "; give an example or an x-fake")
			require.Less(t, bytes, uint64(64<<20))
			t.Logf("%v, %d kB: %v", time.Since(began), bytes>>10, err)
		})
	}
}

// What is not required is left out where there is no room for it, and another branch is sent in place of what is too
// large.
func TestWhatIsTooLargeIsLeftOut(t *testing.T) {
	t.Parallel()
	left := inferred(t, "{type: object, required: [b], properties: {a: "+nested(100, 4)+", b: {const: 1}}}", "")
	require.Equal(t, map[string]int{`{"b":1}`: 20}, bodies(left, 20))
	other := inferred(t, "{oneOf: ["+nested(30, 5)+", {const: 1}]}", "")
	require.Equal(t, map[string]int{`1`: 20}, bodies(other, 20))
}

// Arrays that may have two items have one, once the payload is large.
func TestNestedArraysStaySmall(t *testing.T) {
	t.Parallel()
	g := inferred(t, strings.ReplaceAll(nested(0, 40), "minItems: 0, ", ""), "")
	for n := range uint64(20) {
		require.Less(t, len(g.Append(nil, n, g.At(n))), 200_000)
	}
}

// A document of one's own is bounded as well, wide as it may be.
func TestOwnDocumentsAreBounded(t *testing.T) {
	t.Parallel()
	components := "A9: {type: string, const: a}"
	for i := range 9 {
		components += fmt.Sprintf(", A%d: {type: object, properties: {", i)
		for j := range 20 {
			components += fmt.Sprintf("p%d: {$ref: '#/components/schemas/A%d'}, ", j, i+1)
		}
		components += "}}"
	}
	p, err := contract.Parse("own.yaml", []byte("openapi: 3.1.0\nx-platform: {name: own, revisions: ['1']}\n"+
		"webhooks:\n  a:\n    post:\n"+
		"      x-grade: chosen\n      x-source: {page: p, date: 2026-01-01}\n      x-cast: {a: badge}\n"+
		"      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/A0'}}}}\n"+
		"components: {schemas: {"+components+"}}\n"), "")
	require.NoError(t, err)
	_, err = fakes.NewWorld(1, fakes.Config{}).Generator(p.Events()[0])
	require.ErrorContains(t, err, "a has more than 20000 values, the most that is made")
}
