// Package phrase writes numbers, durations and texts of others in the way in which the suites of features speak to
// people: Count, Delays and Excerpt. It knows English only, and of plurals the regular ones. It stands alone because
// reports, steps and the client of a receiver all say such things, and none of them may import another.
package phrase

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// Count returns a number with the name of what is counted: "1 attempt", "3 attempts".
func Count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// Delays lists durations: "5s, 5m0s"; "none" if there are none.
func Delays(delays []time.Duration) string {
	if len(delays) == 0 {
		return "none"
	}
	words := make([]string, len(delays))
	for i, d := range delays {
		words[i] = d.String()
	}
	return strings.Join(words, ", ")
}

// Excerpt makes one line of at most 120 characters of a text: white space is folded, and · stands for bytes that are
// not UTF-8.
func Excerpt(s string) string {
	const limit = 120
	if len(s) > 4*limit {
		s = s[:4*limit]
	}
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "·")), " ")
	if utf8.RuneCountInString(s) > limit {
		s = string([]rune(s)[:limit]) + "…"
	}
	return s
}
