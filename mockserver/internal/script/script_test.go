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

type word struct{ string }

func readWord(c *script.Cursor) (word, error) {
	if c.Peek() == "" {
		return word{}, c.Fail("", "here a word is missing")
	}
	return word{c.Word()}, nil
}

func TestRulesAndConditions(t *testing.T) {
	t.Parallel()
	rules, err := script.Parse("when event member.* post.created attempt 1-3: a, b; when attempt 2: c\n; d", readWord)
	require.NoError(t, err)
	require.Equal(t, []script.Rule[word]{
		{When: script.Condition{Events: []string{"member.*", "post.created"}, Places: []int{11, 20}, From: 1, To: 3}, Items: []word{{"a"}, {"b"}}},
		{When: script.Condition{From: 2, To: 2}, Items: []word{{"c"}}},
		{Items: []word{{"d"}}},
	}, rules)
	for _, c := range []struct {
		event   string
		attempt int
		matches bool
	}{
		{"member.created", 1, true}, {"member.created", 3, true}, {"member.created", 4, false}, {"post.created", 2, true},
		{"post.created.x", 2, false}, {"", 1, false},
	} {
		require.Equal(t, c.matches, rules[0].When.Matches(c.event, c.attempt), "%+v", c)
	}
	for text, want := range map[string]string{
		"when a: b":                   `at character 6: "a" is neither event nor attempt`,
		"when: b":                     "at character 7: the condition is empty",
		"when event: b":               "at character 11: here the name of an event is missing",
		"when event [: b":             `at character 12: "[" is no pattern`,
		"when attempt 0: b":           `at character 14: "0" is no number of an attempt`,
		"when attempt 3-2: b":         `"3-2" is no number of an attempt`,
		"when attempt 2+3: b":         `"2+3" is no number of an attempt`,
		"when attempt 1 b":            `at character 16: "b" is neither event nor attempt`,
		"when attempt 1":              "a condition ends with a colon",
		"a; when attempt 1: b":        "at character 4: this rule never has its turn",
		"when attempt 1+: a; b":       "at character 21: this rule never has its turn",
		"a b":                         "at character 3: there is more here than an item has",
		"when attempt 1 attempt 3: a": "at character 16: attempt is said twice",
		"when attempt 1000000000: a":  "is no number of an attempt",
		"when event attempt 1: a; b;": "here the name of an event is missing",
	} {
		_, err := script.Parse(text, readWord)
		require.ErrorContains(t, err, want, "%q", text)
	}
}

// A draw depends on its arguments alone, and draws are spread evenly.
func TestRoll(t *testing.T) {
	t.Parallel()
	require.Equal(t, script.Roll(1, "a", 2), script.Roll(1, "a", 2))
	seen := map[float64]bool{}
	var sum float64
	for n := range uint64(1000) {
		for _, roll := range []float64{script.Roll(n, "a"), script.Roll(1, "a", n), script.Roll(1, "b", n), script.Roll(1, "a", 1, n)} {
			require.True(t, roll >= 0 && roll < 1)
			seen[roll] = true
			sum += roll
		}
	}
	require.Greater(t, len(seen), 3990)
	require.InDelta(t, 2000, sum, 100)
}
