package steps

import (
	"context"
	"regexp"
	"strings"

	"github.com/agnivade/levenshtein"
	"github.com/cucumber/godog"
)

// hint says of an undefined step which step of the library is near. godog has no place for such a sentence in its
// output, and prints it as a log of the scenario: to the test's log, or to the standard output.
func (l *Library) hint(events Events) godog.AfterStepHook {
	return func(ctx context.Context, step *godog.Step, status godog.StepResultStatus, _ error) (context.Context, error) {
		if status == godog.StepUndefined {
			if near := l.Near(step.Text, events); near != "" {
				godog.Logf(ctx, "undefined step %q; did you mean: %s?", step.Text, near)
			}
		}
		return ctx, nil
	}
}

// Near returns the step that somebody most likely meant who wrote a text that no step matches, with its keyword and the
// arguments of the text; it is empty if no step is near.
func (l *Library) Near(text string, events Events) string {
	got := words(text)
	if len(got) > 50 { // no step is so long
		return ""
	}
	best, bestCost := "", max(1.2, 0.3*float64(len(got)))
	for keyword, s := range l.all() {
		parts, err := parse(s.Expr)
		if err != nil {
			continue // a test reads every expression
		}
		for _, variant := range variants(parts) {
			if cost, filled := compare(words(variant), got, events); cost < bestCost || cost == bestCost && best == "" {
				best, bestCost = keyword+" "+strings.Join(filled, " "), cost
			}
		}
	}
	return best
}

var wordOrQuoted = regexp.MustCompile(`"[^"]*"\S*|\S+`)

func words(text string) []string { return wordOrQuoted.FindAllString(text, -1) }

// compare returns how far the words of a text are from those of a step, and the step with the text's arguments in place
// of its own. A word too many costs 1, and one that is missing less: the
// end of a long step is forgotten easily.
func compare(want, got []string, events Events) (float64, []string) {
	type cell struct {
		cost   float64
		filled []string
	}
	row := make([]cell, len(got)+1)
	for j := range row {
		row[j].cost = float64(j)
	}
	for _, word := range want {
		next := make([]cell, len(got)+1)
		next[0] = cell{row[0].cost + missing, append(row[0].filled[:len(row[0].filled):len(row[0].filled)], word)}
		for j, other := range got {
			cost, as := differ(word, other, events)
			next[j+1] = cell{row[j].cost + cost, append(row[j].filled[:len(row[j].filled):len(row[j].filled)], as)}
			if cost := row[j+1].cost + missing; cost < next[j+1].cost {
				next[j+1] = cell{cost, append(row[j+1].filled[:len(row[j+1].filled):len(row[j+1].filled)], word)}
			}
			if extra := next[j].cost + 1; extra < next[j+1].cost {
				next[j+1] = cell{extra, next[j].filled}
			}
		}
		row = next
	}
	return row[len(got)].cost, row[len(got)].filled
}

// What words cost: another is nothing like the one that is wanted.
const (
	another = 1.5
	missing = 0.7
)

// differ returns how far a word is from one of a step, and what stands in the step in its place.
func differ(want, got string, events Events) (float64, string) {
	open, after := strings.IndexByte(want, '<'), strings.LastIndexByte(want, '>')
	if open < 0 || after < open {
		return unlike(want, got), want
	}
	name := want[open+1 : after]
	if name == "event" {
		return events.differ(want, got)
	}
	pattern := regexp.QuoteMeta(want[:open]) + `(?:` + parameters[name] + `)` + regexp.QuoteMeta(want[after+1:])
	if !regexp.MustCompile(`^` + pattern + `$`).MatchString(got) {
		return 1, want
	}
	return 0, got
}

// differ is for a word in the place of an event.
func (e Events) differ(want, got string) (float64, string) {
	best, bestCost := want, another
	for _, name := range e.names {
		if cost := unlike(name, got); cost < bestCost {
			best, bestCost = name, cost
		}
	}
	if bestCost > 0 && shaped.MatchString(got) {
		return 0, got
	}
	return bestCost, best
}

// unlike is 0 for the same word, less than 1 for one with a typing error, and another for a different one.
func unlike(a, b string) float64 {
	if a == b {
		return 0
	}
	longest := max(len(a), len(b))
	if longest > 100 { // nobody types this, and the distance takes time
		return another
	}
	if d := float64(levenshtein.ComputeDistance(a, b)) / float64(longest); d < 0.5 {
		return d
	}
	return another
}
