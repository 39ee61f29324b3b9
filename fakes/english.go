package fakes

import (
	"math/rand/v2"
	"slices"
	"strings"
	"sync"

	"github.com/brianvoe/gofakeit/v7"
)

// English is what gofakeit says in English, drawn once for all worlds. It speaks no other language. It knows no time
// zone of its cities, and its companies are real ones: those come from tables of ours.
type english struct {
	first, last []name
	sentences   []string // JSON-escaped, as the others
	streets     []string // with the number of a house
	products    []string
}

// englishTables are filled when the first world is made: with the same words in every process, whatever the seeds.
var englishTables = sync.OnceValue(func() *english {
	f := gofakeit.NewFaker(rand.NewPCG(0xe9, 0x5eed), false)
	return &english{
		first:     parseNames(distinct(320, f.FirstName, isName)),
		last:      parseNames(distinct(240, f.LastName, isName)),
		sentences: distinct(128, f.Slogan, isSentence), // Sentence has verbs that do not fit their subjects
		streets:   distinct(64, f.Street, isPlain),
		products:  distinct(96, f.ProductName, isPlain),
	}
})

// distinct draws some words that differ and are wanted. It gives up before it has all where hardly any is left.
func distinct(many int, draw func() string, wanted func(string) bool) []string {
	var out []string
	seen := map[string]bool{}
	for range 20 * many {
		word := draw()
		if seen[word] || !wanted(word) {
			continue
		}
		seen[word] = true
		if out = append(out, escapeJSON(word)); len(out) == many {
			break
		}
	}
	return out
}

// unkind are beginnings of words that gofakeit knows and that nobody wants to read in a test.
var unkind = []string{"dick", "fanny", "gay", "porn", "randy", "sex"}

// isKind reports whether no word of a text begins with an unkind one.
func isKind(text string) bool {
	for word := range strings.FieldsSeq(strings.ToLower(text)) {
		if slices.ContainsFunc(unkind, func(u string) bool { return strings.HasPrefix(word, u) }) {
			return false
		}
	}
	return true
}

// isName reports whether a name is one word of letters.
func isName(word string) bool { return isPlain(word) && !strings.ContainsAny(word, " -0123456789") }

// isSentence reports whether a text is one plain sentence.
func isSentence(text string) bool {
	body, ended := strings.CutSuffix(text, ".")
	return ended && isPlain(body)
}

// isPlain reports whether a text is short and of letters, digits, hyphens and spaces.
func isPlain(text string) bool {
	plain := func(r rune) bool {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == ' ' || r == '-'
	}
	return len(text) <= 48 && strings.IndexFunc(text, func(r rune) bool { return !plain(r) }) < 0 && isKind(text)
}
