package yamltree_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract/internal/yamltree"
)

func TestOrderPlacesAndScalars(t *testing.T) {
	t.Parallel()
	src := "zebra: 1\napple:\n  - true\n  - null\n  - {b: 0x10, a: 1.50}\n'no': \"no\"\ntext: |\n  two\n  lines\nempty:\nbig: 12345678901234567890\n"
	root, err := yamltree.Parse([]byte(src))
	require.NoError(t, err)
	require.Equal(t, []string{"zebra", "apple", "no", "text", "empty", "big"}, root.Keys)
	require.Equal(t, `{"zebra":1,"apple":[true,null,{"b":16,"a":1.50}],"no":"no","text":"two\nlines\n","empty":null,"big":12345678901234567890}`, string(root.AppendJSON(nil)))

	at := func(pointer string) [2]int {
		n := root.Find(pointer)
		require.NotNil(t, n, pointer)
		return [2]int{n.Line, n.Column}
	}
	require.Equal(t, [2]int{1, 8}, at("/zebra"))
	require.Equal(t, [2]int{5, 5}, at("/apple/2"))
	require.Equal(t, [2]int{5, 18}, at("/apple/2/a"))
	require.Equal(t, [2]int{1, 1}, at(""))
	require.Nil(t, root.Find("/apple/3"))
	require.Nil(t, root.Find("/apple/x"))
	require.Nil(t, root.Find("/zebra/x"))
}

func TestJSONIsRead(t *testing.T) {
	t.Parallel()
	src := `{"a": {"b/c": [1, -2.5e3, "\u00e9\n"]}, "~": ""}`
	root, err := yamltree.Parse([]byte(src))
	require.NoError(t, err)
	require.Equal(t, `{"a":{"b/c":[1,-2.5e3,"é\n"]},"~":""}`, string(root.AppendJSON(nil)))
	require.Equal(t, "é\n", root.Find("/a/b~1c/2").Value)
	require.Equal(t, "", root.Find("/~0").Value)
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		src, message string
		line         int
	}{
		"empty":        {"", "empty", 1},
		"two":          {"a: 1\n---\nb: 2\n", "second document", 2},
		"two, empty":   {"a: 1\n---\n", "second document", 2},
		"deep":         {strings.Repeat("[", 100_000), "more than 200 levels", 1},
		"deep block":   {"a: 1\n" + strings.Repeat("- ", 1000) + "x\n", "more than 200 levels", 2},
		"anchor":       {"a: &x 1\nb: *x\n", "not read here", 1},
		"merge":        {"a:\n  <<: {b: 1}\n", "merge keys", 2},
		"unclosed":     {"a: [1\n", "while parsing a flow sequence: did not find expected ',' or ']'", 1},
		"open":         {"a: 1\nb: [\nc: {d: []", "while parsing a flow mapping: did not find expected ',' or '}'", 3},
		"open at last": {"a: 1\nb: {c: [", "the bracket that opens here is not closed", 2},
		"quote":        {"a: 1\nb: 'x\nc: 1\n", "while scanning a quoted scalar", 2},
		"no anchor":    {"a: 1\nb: *x\n", "the alias *x has no anchor &x before it", 2},
		"colon":        {"a: 1\nfoo\nb: 2\n", "could not find expected ':'", 2},
		"list":         {"a: 1\n- b\n", "did not find expected key", 2},
		"indentation":  {"a:\n   b: 1\n  c: 2\n", "", 3},
		"control tabs": {"a:\n\tb: 1\n", "", 2},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := yamltree.Parse([]byte(c.src))
			var syntax *yamltree.SyntaxError
			require.ErrorAs(t, err, &syntax)
			require.Contains(t, syntax.Message, c.message)
			require.Equal(t, c.line, syntax.Line, syntax.Message)
		})
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"a: [1, {b: c}]", `{"a":"\ud800"}`, "a: |\n x\n", "- - - 1", "? a\n: b"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(_ *testing.T, src []byte) {
		if root, err := yamltree.Parse(src); err == nil {
			root.AppendJSON(nil)
		}
	})
}
