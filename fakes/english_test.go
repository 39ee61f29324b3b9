package fakes

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The tables have the words of gofakeit, enough of them, each once, and as they stand in JSON.
func TestEnglishTables(t *testing.T) {
	t.Parallel()
	e := englishTables()
	texts := func(names []name) (out []string) {
		for _, n := range names {
			out = append(out, n.text)
		}
		return out
	}
	for name, c := range map[string]struct {
		words []string
		many  int
		like  string
	}{
		"first":     {texts(e.first), 320, `^[A-Z][a-z]+$`},
		"last":      {texts(e.last), 240, `^[A-Z][A-Za-z]+$`},
		"sentences": {e.sentences, 128, `^[A-Z][A-Za-z0-9 -]+\.$`},
		"streets":   {e.streets, 64, `^[0-9]+ [A-Z][A-Za-z ]+$`},
		"products":  {e.products, 96, `^[A-Z][A-Za-z0-9 -]+$`},
	} {
		require.Len(t, c.words, c.many, name)
		require.Len(t, slices.Compact(slices.Sorted(slices.Values(c.words))), c.many, "%s: a word is there twice", name)
		for _, word := range c.words {
			require.Regexp(t, c.like, word, name)
			require.Equal(t, word, escapeJSON(word), name)
			require.False(t, rude.MatchString(word), "%s: %q", name, word)
		}
	}
	english := nameTables()[slices.Index(tableNames[:], "en")]
	require.Equal(t, e.first, english.first)
	require.Equal(t, e.last, english.last)
	require.NotEqual(t, e.first, nameTables()[slices.Index(tableNames[:], "en-IN")].first)
}

var rude = regexp.MustCompile(`(?i)\b(ass|bastard|bitch|blood|bomb|cock|crap|cruel|cunt|damn|dead|death|dick|die|dumb|fanny|fat|fuck|gay|gaylord|gun|hate|` +
	`hell|horny|idiot|jerk|kill|murder|naked|nude|piss|porn|prick|pussy|randy|rape|retard|sex|sexy|shit|slave|slut|stupid|suck|tit|ugly|whip|whore)s?\b`)

// The words are the same in every process, and with every version of Go: they change only with gofakeit's version.
func TestEnglishTablesStay(t *testing.T) {
	t.Parallel()
	e := englishTables()
	var words []string
	for _, n := range slices.Concat(e.first, e.last) {
		words = append(words, n.text+" "+n.slug)
	}
	words = slices.Concat(words, e.sentences, e.streets, e.products)
	require.Equal(t, uint64(0x3e1ebf381fa6c9a6), hash(strings.Join(words, "\n")), "%s, %s, %s", words[0], e.sentences[0], e.products[0])
}

func TestWordsThatAreNotTaken(t *testing.T) {
	t.Parallel()
	for word, want := range map[string][3]bool{ // name, sentence, plain
		"Ada":                   {true, false, true},
		"McClure":               {true, false, true},
		"O'Brien":               {false, false, false},
		"Ann-Marie":             {false, false, true},
		"Fanny":                 {false, false, false},
		"Two words":             {false, false, true},
		"Say this.":             {false, true, false},
		"Say, \"this\".":        {false, false, false},
		"A very sexy thing.":    {false, false, false},
		strings.Repeat("a", 49): {false, false, false},
	} {
		require.Equal(t, want, [3]bool{isName(word), isSentence(word), isPlain(word)}, word)
	}
	n := 0
	draw := func() string { n++; return []string{"a", "b"}[n%2] }
	require.ElementsMatch(t, []string{"a", "b"}, distinct(3, draw, isPlain), "it ends where there is no more")
}
