package fakes

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Every attribute has a type and a value that JSON can write, and every relation leads to a kind that there is.
func TestVocabularyIsWhatTheKindsHave(t *testing.T) {
	t.Parallel()
	for name, kind := range kinds() {
		words := Vocabulary(name)
		require.Len(t, words, len(kind.attributes)+len(kind.relations), name)
		for _, word := range words {
			require.Equal(t, name, word.Kind)
			if word.Leads != "" {
				require.Contains(t, Kinds(), word.Leads, "%s.%s", name, word.Name)
				require.Equal(t, kind.relations[word.Name].count != nil, word.Many, "%s.%s", name, word.Name)
				continue
			}
			require.Contains(t, []string{"string", "integer", "boolean", "time", "list", "any"}, word.Type, "%s.%s", name, word.Name)
			_, err := json.Marshal(word.Example)
			require.NoError(t, err, "%s.%s", name, word.Name)
		}
	}
	require.Empty(t, Vocabulary("persn"))
	require.Contains(t, Vocabulary("event"), Word{Kind: "event", Name: "creator", Leads: "person"})
	require.Contains(t, Vocabulary("person"), Word{Kind: "person", Name: "firstName", Type: "string", Example: "Niels"})
}

// The manual of the document language names every kind with its attributes and relations, and every spelling of a time.
func TestTheManualNamesTheVocabulary(t *testing.T) {
	t.Parallel()
	manual, err := os.ReadFile("../contract/README.md")
	require.NoError(t, err)
	for _, kind := range Kinds() {
		_, row, found := strings.Cut(string(manual), "\n| `"+kind+"` | ")
		require.True(t, found, "the manual does not name the kind %s: run go generate ./...", kind)
		row, _, _ = strings.Cut(row, "\n")
		for _, word := range Vocabulary(kind) {
			require.Contains(t, row, "`"+word.Name+"`", "the manual does not name %s.%s: run go generate ./...", kind, word.Name)
		}
	}
	for spelling := range spellings {
		require.Contains(t, string(manual), "`"+spelling+"`", "the manual does not name the spelling %s of x-time", spelling)
	}
}
