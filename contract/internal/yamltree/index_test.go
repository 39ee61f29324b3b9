package yamltree_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract/internal/yamltree"
)

func TestManyKeysAreFoundAfterChanges(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"k%d: %d\n", "\"k%d\": %d,"} {
		src := ""
		for i := range 40 {
			src += fmt.Sprintf(format, i, i)
		}
		if strings.HasSuffix(src, ",") {
			src = "{" + src[:len(src)-1] + "}"
		}
		root, err := yamltree.Parse([]byte(src))
		require.NoError(t, err)
		check := func(n *yamltree.Node) {
			t.Helper()
			for i, key := range n.Keys {
				require.Same(t, n.Items[i], n.Get(key), key)
			}
		}
		copied := root.Clone()
		root.Delete("k3")
		require.Nil(t, root.Get("k3"))
		check(root)
		root.Set("k3", &yamltree.Node{Value: "new"})
		require.Equal(t, "new", root.Get("k3").Value)
		root.Set("k4", &yamltree.Node{Value: "other"})
		require.Equal(t, "other", root.Get("k4").Value)
		check(root)
		root.Keep(root.Keys[20:], root.Items[20:])
		require.Nil(t, root.Get("k5"))
		check(root)
		for i := range 30 {
			root.Set(fmt.Sprint("m", i), &yamltree.Node{})
		}
		check(root)
		check(copied)
		require.NotNil(t, copied.Get("k3"))
		require.Nil(t, copied.Get("m1"))
	}
}

func TestNumbersOutOfRangeInYAML(t *testing.T) {
	t.Parallel()
	for _, number := range []string{"1e999999999", strings.Repeat("9", 500), "1.5e-4000"} {
		_, err := yamltree.Parse([]byte("a:\n  b: " + number + "\n"))
		var syntax *yamltree.SyntaxError
		require.ErrorAs(t, err, &syntax, number)
		require.Contains(t, syntax.Message, "out of range")
		require.Equal(t, [2]int{2, 6}, [2]int{syntax.Line, syntax.Column})
	}
}
