package alphabet_test

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/fakes/internal/alphabet"
)

// All texts of a form come, each once, before one comes again.
func TestTextsDiffer(t *testing.T) {
	t.Parallel()
	for _, form := range []alphabet.Form{alphabet.Keys(2), alphabet.Matching(`^[A-Z][0-9]{2}$`, 1), {[]rune("a")}, {[]rune("ab"), []rune("xyz")}} {
		texts, count := form.Texts(), form.Count()
		for _, start := range []uint64{0, 7, 1 << 63} {
			seen := map[string]bool{}
			for i := range count {
				seen[texts(start, i)] = true
			}
			require.Len(t, seen, int(count))
			require.Equal(t, texts(start, 0), texts(start, count))
		}
	}
	large := alphabet.Keys(40)
	require.Equal(t, uint64(1<<62), large.Count())
	require.NotEqual(t, large.Texts()(1, 1), large.Texts()(1, 2))
	require.Len(t, large.Texts()(1<<63, 1<<63), 40)
}

func TestFormsLikeAnExample(t *testing.T) {
	t.Parallel()
	for example, want := range map[string]string{
		"ORDER-17": `^ORDER-[1-9]\d{8}$`, "evt_1a2b3c4d": `^evt_[a-f0-9]{8}$`, "ABC123XYZ": `^[A-Z]{3}\d{3}[A-Z]{3}$`, "x": `^[a-z]$`,
	} {
		forms := alphabet.Like(example)
		require.NotEmpty(t, forms, example)
		require.Regexp(t, want, forms[0].Texts()(3, 5), example)
	}
	require.Empty(t, alphabet.Like(string(make([]byte, 201))))
}

func TestTextsMatch(t *testing.T) {
	t.Parallel()
	for _, expression := range []string{`^[A-Z]{2}-[0-9]{4}$`, `^(x|y)[a-c]*$`, `^a+b?$`, `^.{3}$`, `^\x01$|^b$`, `^[\x{4e00}-\x{4eff}]$`} {
		for _, repeats := range []int{0, 1, 12} {
			form := alphabet.Matching(expression, repeats)
			require.NotNil(t, form, expression)
			for i := range uint64(20) {
				require.Regexp(t, regexp.MustCompile(expression), form.Texts()(1, i))
			}
		}
	}
	for _, expression := range []string{`(`, `[^\x00-\x{10FFFF}]`, `^[a-z]{1000}[a-z]{1000}[a-z]{1000}$`} {
		require.Nil(t, alphabet.Matching(expression, 1), expression)
	}
}
