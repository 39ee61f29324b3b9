package judge

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/fakes"
	"github.com/quintain-dev/quintain/features/internal/steps"
	"github.com/quintain-dev/quintain/features/judge/internal/payload"
	"github.com/quintain-dev/quintain/features/judge/report"
)

func platform(t testing.TB, name string) *contract.Platform {
	t.Helper()
	p, err := contract.Load(name)
	require.NoError(t, err)
	return p
}

// sides are the two folders of features, with what runs them.
func sides(t *testing.T) map[string]struct {
	outlines []outline
	rules    []Rule
	library  *steps.Library
} {
	receiver, err := receiverOutlines()
	require.NoError(t, err)
	sender, err := senderOutlines()
	require.NoError(t, err)
	return map[string]struct {
		outlines []outline
		rules    []Rule
		library  *steps.Library
	}{"receiver": {receiver, receiverRules, receiverSteps}, "sender": {sender, senderRules, senderSteps}}
}

// TestTheFeaturesAgreeWithTheRules: each row stands at a level that its rule has for the platform, each rule has rows
// wherever it applies, and names of scenarios are unique.
func TestTheFeaturesAgreeWithTheRules(t *testing.T) {
	t.Parallel()
	for side, s := range sides(t) {
		for _, name := range contract.Names() {
			p := platform(t, name)
			seen := map[string]bool{}
			found := map[string]bool{} // rule and level
			for _, o := range s.outlines {
				rule, ok := findRule(s.rules, o.rule)
				require.True(t, ok, "%s: there is no rule %s", o.file, o.rule)
				grades, _ := rule.standing(p)
				for _, r := range o.rows {
					if r.platform != name {
						if r.platform != "" { // a row of every platform to which the rule applies
							require.Contains(t, contract.Names(), r.platform, "%s: %s", o.file, o.name)
						}
						continue
					}
					scenario := r.fill(o.name, name)
					require.Contains(t, grades, r.level, "%s: %s", o.file, scenario)
					require.NotContains(t, scenario, "<", "a parameter is left in the name")
					require.False(t, seen[scenario], "%q is there twice", scenario)
					seen[scenario] = true
					found[rule.ID+" "+string(r.level)] = true
					if event, ok := r.cells["event"]; ok {
						require.Contains(t, p.EventNames(), event, "%s: %s", o.file, scenario)
					}
				}
			}
			for _, rule := range s.rules {
				grades, why := rule.standing(p)
				if len(grades) == 0 {
					require.NotEmpty(t, why, "%s says not why it does not apply to %s", rule.ID, name)
				}
				for level, grade := range grades {
					if rule.ID != liveRule {
						require.True(t, found[rule.ID+" "+string(level)], "%s %s has no scenario for %s", rule.ID, level, name)
					}
					if level == report.Must && side == "receiver" {
						require.Contains(t, []report.Grade{report.Documented, report.Stated, report.Observed}, grade, "%s is a must on something %s", rule.ID, grade)
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
	outlines, err := receiverOutlines()
	require.NoError(t, err)
	for _, name := range contract.Names() {
		p := platform(t, name)
		for _, o := range outlines {
			rule, _ := findRule(receiverRules, o.rule)
			grades, _ := rule.standing(p)
			if len(grades) == 0 || len(o.rows) == 0 {
				continue
			}
			subject := "event"
			if _, told := o.rows[0].cells["story"]; told {
				subject = "story"
			} else if _, aboutEvents := o.rows[0].cells["event"]; !aboutEvents {
				continue
			}
			var have, want []string
			for _, r := range o.rows {
				if r.platform == name {
					have = append(have, string(r.level)+" "+r.cells[subject])
				}
			}
			for _, r := range o.rowsOfContract(p, grades) {
				want = append(want, string(r.level)+" "+r.cells[subject])
			}
			slices.Sort(have)
			slices.Sort(want)
			require.Equal(t, want, have, "%s: %s for %s", o.file, o.name, name)
		}
	}
}

// TestEveryStepIsUsed: no step of the libraries is left without a feature that shows it, and no line of a feature is
// without a step, or with two.
func TestEveryStepIsUsed(t *testing.T) {
	t.Parallel()
	for _, side := range sides(t) {
		used := map[string]bool{}
		for _, o := range side.outlines {
			for _, r := range o.rows {
				kind := ""
				for _, line := range o.steps {
					word, text, _ := strings.Cut(r.fill(line, cmp.Or(r.platform, "acme")), " ")
					if word != "And" {
						kind = word
					}
					matching := 0
					for _, s := range map[string][]steps.Step{"Given": side.library.Given, "When": side.library.When, "Then": side.library.Then}[kind] {
						if side.library.Expression(s).MatchString(text) {
							used[kind+side.library.Expression(s).String()] = true
							matching++
						}
					}
					require.Equal(t, 1, matching, "%s: %s %s", o.file, kind, text)
				}
			}
		}
		for kind, list := range map[string][]steps.Step{"Given": side.library.Given, "When": side.library.When, "Then": side.library.Then} {
			for _, s := range list {
				require.True(t, used[kind+side.library.Expression(s).String()], "no feature has a step %s %s", kind, side.library.Expression(s))
			}
		}
	}
}

// TestVariantsMeetTheContract: whatever ACK-3, ACK-4, TXT-1 and FWD-1 send is still what the contract admits.
func TestVariantsMeetTheContract(t *testing.T) {
	t.Parallel()
	for _, name := range contract.Names() {
		p := platform(t, name)
		s, err := newSuite(Receiver{URL: "http://receiver", Platform: p, Secret: "secret", Seed: 7})
		require.NoError(t, err)
		for _, e := range p.Events() {
			require.NoError(t, e.Validate(s.payloads.Minimal(e.Name, 3)))
			body, err := s.payloads.Documented(e.Name, 4)
			require.NoError(t, err)
			require.NoError(t, e.Validate(body))
			for _, h := range payload.DifficultTexts {
				body, err := payload.WithTexts(s.payloads.Generated(e.Name, 5), payload.FreeTexts(e), h.Text)
				require.NoError(t, err)
				require.NoError(t, e.Validate(body), "%s: %s", e.Name, h.Name)
				require.Equal(t, len(payload.FreeTexts(e)) > 0, string(body) != string(s.payloads.Generated(e.Name, 5)), "%s: %s", e.Name, h.Name)
			}
			levels, err := payload.Objects(s.payloads.Generated(e.Name, 6))
			require.NoError(t, err)
			require.NotEmpty(t, levels)
			body, err = payload.WithUnknownField(s.payloads.Generated(e.Name, 6), levels)
			require.NoError(t, err)
			require.NoError(t, e.Validate(body))
		}
	}
}

// TestNumbersDoNotRunOut: two scenarios never send the same payload, however many each of them needs.
func TestNumbersDoNotRunOut(t *testing.T) {
	t.Parallel()
	s, err := newSuite(Receiver{URL: "http://receiver", Platform: platform(t, "tribe"), Secret: "secret"})
	require.NoError(t, err)
	seen := map[uint64]bool{}
	for index := range 3 {
		trial := s.newTrial(planned{index: index})
		for range 2*s.numbers + 10 {
			n := trial.number()
			require.False(t, seen[n], "scenario %d has %d again", index, n)
			require.LessOrEqual(t, n, uint64(fakes.MaxN))
			seen[n] = true
		}
	}
}
