package yamltree_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract/internal/yamltree"
)

func TestPlacesInJSON(t *testing.T) {
	t.Parallel()
	src := "\ufeff{\n  \"ü\": {\"a\" : [1,\n\t {\"b\": null}]},\n \"c\":true}"
	root, err := yamltree.Parse([]byte(src))
	require.NoError(t, err)
	for pointer, want := range map[string][2]int{"": {1, 1}, "/ü": {2, 8}, "/ü/a": {2, 15}, "/ü/a/0": {2, 16}, "/ü/a/1": {3, 3}, "/ü/a/1/b": {3, 9}, "/c": {4, 6}} {
		n := root.Find(pointer)
		require.NotNil(t, n, pointer)
		require.Equal(t, want, [2]int{n.Line, n.Column}, pointer)
	}
}

func TestRefusalsOfJSON(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		src, message string
		line, column int
	}{
		"ends early":   {"{\"a\":\n[1,", "ends too early", 2, 4},
		"no comma":     {"{\"a\": 1\n \"b\": 2}", "not JSON: invalid character '\"' after object key:value pair", 2, 2},
		"twice":        {"{\"a\": 1,\n \"a\": 2}", `the key "a" is there twice`, 2, 2},
		"two":          {"{}\n{}", "something follows", 2, 1},
		"deep":         {`{"a":` + strings.Repeat("[", 1000), "more than 200 levels", 1, 205},
		"great number": {"{\"a\":\n 1e999999999}", "out of range", 2, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := yamltree.Parse([]byte(c.src))
			var syntax *yamltree.SyntaxError
			require.ErrorAs(t, err, &syntax)
			require.Contains(t, syntax.Message, c.message)
			require.Equal(t, [2]int{c.line, c.column}, [2]int{syntax.Line, syntax.Column}, syntax.Message)
		})
	}
}

func TestSharedValuesAreWrittenOut(t *testing.T) {
	t.Parallel()
	for src, want := range map[string]string{
		"a: &x {b: 1}\nc: *x":                           `{"a":{"b":1},"c":{"b":1}}`,
		"a: &x {b: 1, d: 2}\nc:\n  <<: *x\n  b: 3":      `{"a":{"b":1,"d":2},"c":{"b":3,"d":2}}`,
		"a: &x {b: 1}\ne: &y {f: 2}\nc: {<<: [*x, *y]}": `{"a":{"b":1},"e":{"f":2},"c":{"b":1,"f":2}}`,
		"a: !!str 1\nb: !!int 2":                        `{"a":"1","b":2}`,
	} {
		root, _, err := yamltree.ParseShared([]byte(src))
		require.NoError(t, err, src)
		require.Equal(t, want, string(root.AppendJSON(nil)))
	}
	for src, want := range map[string]string{
		"a: &x [*x]":     "is inside the value that it stands for",
		"a: !thing 1":    "the tag !thing",
		"a: {<<: 1}":     "a merge key (<<) wants a mapping",
		"a: !!binary YQ": "the tag !!binary",
	} {
		_, _, err := yamltree.ParseShared([]byte(src))
		require.ErrorContains(t, err, want, src)
	}
}
