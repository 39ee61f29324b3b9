package plan

import (
	"cmp"
	"io/fs"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features"
	"github.com/quintain-dev/quintain/features/internal/steps"
	"github.com/quintain-dev/quintain/features/judge/internal/receiversteps"
	"github.com/quintain-dev/quintain/features/judge/internal/rule"
	"github.com/quintain-dev/quintain/features/judge/internal/sendersteps"
	"github.com/quintain-dev/quintain/features/judge/report"
)

func platform(t testing.TB, name string) *contract.Platform {
	t.Helper()
	p, err := contract.Load(name)
	require.NoError(t, err)
	return p
}

// A side is one of the two folders of features, with what runs it.
type side struct {
	name     rule.Side
	outlines []outline
	rules    []rule.Rule
	library  *steps.Library
}

func sides(t *testing.T) []side {
	receiver, err := receiverOutlines()
	require.NoError(t, err)
	sender, err := senderOutlines()
	require.NoError(t, err)
	return []side{
		{rule.OfReceiver, receiver, rule.Receiver(), receiversteps.Library},
		{rule.OfSender, sender, rule.Sender(), sendersteps.Library},
	}
}

// TestTheFeaturesAgreeWithTheRules: each row stands at a level that its rule has for the platform, each rule has rows
// wherever it applies, and names of scenarios are unique.
func TestTheFeaturesAgreeWithTheRules(t *testing.T) {
	t.Parallel()
	for _, s := range sides(t) {
		for _, name := range contract.Names() {
			p := platform(t, name)
			seen := map[string]bool{}
			found := map[string]bool{} // rule and level
			for _, o := range s.outlines {
				at := o.rule.At(p)
				for _, r := range o.rows {
					if r.platform != name {
						if r.platform != "" { // a row of every platform to which the rule applies
							require.Contains(t, contract.Names(), r.platform, "%s: %s", o.file, o.name)
						}
						continue
					}
					name := r.fill(o.name, name)
					require.True(t, at.Applies(r.level), "%s: %q is tagged %s, and %s is no %s for %s: move the row, or change the rule", o.file, name, r.level, o.rule.ID, r.level, p)
					require.NotContains(t, name, "<", "a parameter is left in the name")
					require.False(t, seen[name], "%q is there twice", name)
					seen[name] = true
					found[o.rule.ID+" "+string(r.level)] = true
					if event, ok := r.cells["event"]; ok {
						require.Contains(t, p.EventNames(), event, "%s: %s", o.file, name)
					}
				}
			}
			for _, r := range s.rules {
				at := r.At(p)
				if len(at.Levels) == 0 {
					require.NotEmpty(t, at.Why, "%s says not why it does not apply to %s", r.ID, name)
				}
				for level, basis := range at.Levels {
					require.NotEmpty(t, basis.Source, "%s %s rests on nothing for %s", r.ID, level, name)
					if !r.Unbuilt && r.Owns != rule.OwnsSurvival {
						require.True(t, found[r.ID+" "+string(level)],
							"%s %s has no scenario for %s: write an outline in features/%s with the tag @%s, or set Unbuilt", r.ID, level, name, s.name, r.ID)
					}
					if level == report.Must && s.name == rule.OfReceiver && !r.Unbuilt {
						require.Contains(t, []report.Grade{report.Documented, report.Stated, report.Observed}, basis.Grade,
							"%s is a must on something %s", r.ID, basis.Grade)
					}
				}
			}
		}
	}
}

// TestTheFeaturesAgreeWithTheCatalogue: an outline about events has a row for every event that it can be about, at the
// level that the event's grade asks for, and no other; one about stories has a row for each that the platform can tell.
func TestTheFeaturesAgreeWithTheCatalogue(t *testing.T) {
	t.Parallel()
	files, err := Committed()
	require.NoError(t, err)
	total := 0
	for _, f := range files {
		text, err := fs.ReadFile(features.FS, f.Name)
		require.NoError(t, err)
		if d := Compare("features/"+f.Name, string(text), f.Text); d != nil {
			t.Errorf("%s; run go generate ./...", d)
		}
		total += f.Scenarios
	}
	rows := 0
	for _, s := range sides(t) {
		for _, o := range s.outlines {
			rows += len(o.rows)
		}
	}
	require.Equal(t, rows, total)
}

// TestCompare: the first line that differs is named, with what is there and what should be.
func TestCompare(t *testing.T) {
	t.Parallel()
	const text = "Feature: f\n  | a |\n  | b |\n"
	require.Nil(t, Compare("f.feature", text, text))
	for have, want := range map[string]string{
		"Feature: f\n  | c |\n  | b |\n":          `f.feature:2: the line is "| c |", and by the catalogue "| a |"`,
		"Feature: f\n  | a |\n":                   `f.feature:3: the line "| b |" of the catalogue is missing`,
		"Feature: f\n  | a |\n  | b |\n  | c |\n": `f.feature:4: the line "| c |" is not in the catalogue`,
		"Feature: f\n  | a |\n  | b |":            `f.feature:3: the white space is another than in the catalogue's file`,
		"Feature: f\n | a |\n  | b |\n":           `f.feature:2: the white space is another than in the catalogue's file`,
	} {
		require.EqualError(t, Compare("f.feature", have, text), want)
	}
}

// TestEveryStepIsUsed: no step of the libraries is left without a feature that shows it, and no line of a feature is
// without a step, or with two.
func TestEveryStepIsUsed(t *testing.T) {
	t.Parallel()
	for _, side := range sides(t) {
		used := map[string]bool{}
		lists := map[string][]steps.Step{"Given": side.library.Given, "When": side.library.When, "Then": side.library.Then}
		for _, o := range side.outlines {
			for _, r := range o.rows {
				kind := ""
				for _, line := range o.steps {
					word, text, _ := strings.Cut(r.fill(line, cmp.Or(r.platform, "acme")), " ")
					if word != "And" {
						kind = word
					}
					matching := 0
					for _, s := range lists[kind] {
						if side.library.Expression(s, steps.EventsOf()).MatchString(text) {
							used[kind+s.Expr] = true
							matching++
						}
					}
					require.Equal(t, 1, matching, "%s: %s %s: one step of %ssteps must match", o.file, kind, text, side.name)
				}
			}
		}
		for kind, list := range lists {
			for _, s := range list {
				require.True(t, used[kind+s.Expr], "no feature has the step %s %s: write a scenario with it, or delete it from %ssteps", kind, s.Expr, side.name)
			}
		}
	}
}
