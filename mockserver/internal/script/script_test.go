package script_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/mockserver/internal/script"
)

// The caret stands below the fault, in its line, whatever the characters before it.
func TestErrorShowsThePlace(t *testing.T) {
	t.Parallel()
	for want, e := range map[string]script.Error{
		"at character 3: m\n  üäx\n    ^":                 {Script: "üäx", Position: 3, Message: "m"},
		"at character 5: m\n  b x\n    ^":                 {Script: "a\nb x\nc", Position: 5, Message: "m"},
		"at character 3: m\n  b\n  ^":                     {Script: "a\nb", Position: 3, Message: "m"},
		"at character 4: m\n  \ufffd\ufffd\ufffd\n     ^": {Script: "\xd7\xf6\xff\n", Position: 4, Message: "m"},
		"at character 1: m\n  \n  ^":                      {Script: "", Position: 1, Message: "m"},
	} {
		require.EqualError(t, &e, want)
	}
}
