package rule

import (
	"slices"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/judge/report"
)

// A Selection is what of the rules a run was asked to judge.
type Selection struct {
	Events []string // only these event types; nil: all
	Rules  []string // only these rules, by id; nil: all
	Skip   []string // not these rules, by id
	Given  Given    // what the run has, without which some rules cannot be judged
}

// Check finds names that do not exist. The error is a *report.Error.
func (s Selection) Check(rules []Rule, p *contract.Platform) error {
	for _, id := range slices.Concat(s.Rules, s.Skip) {
		switch r, ok := Find(rules, id); {
		case !ok:
			return report.UnknownName("rule", id, IDs(rules))
		case r.Unbuilt:
			return report.Misused("%s is not built yet: nothing judges it", id)
		}
	}
	for _, name := range s.Events {
		if _, err := p.Event(name); err != nil {
			return &report.Error{Kind: report.Misuse, Message: err.Error(), Err: err}
		}
	}
	return nil
}

// Wants reports whether a rule is selected. A rule that owns failures may have no scenario of its own, and is then
// judged by those of other rules.
func (s Selection) Wants(r Rule) bool {
	return (len(s.Rules) == 0 || slices.Contains(s.Rules, r.ID)) && !s.Skips(r)
}

// Skips reports whether a rule was left out by name.
func (s Selection) Skips(r Rule) bool { return slices.Contains(s.Skip, r.ID) }

// WhyNot says why a rule that applies is not run; empty if it is.
func (s Selection) WhyNot(r Rule) string {
	if why := r.Unable(s.Given); why != "" {
		return why
	}
	if !s.Wants(r) {
		return "not selected"
	}
	return ""
}

// Nothing is the error of a selection that leaves nothing to judge of a platform's scenarios, of which there are so
// many.
func (s Selection) Nothing(rules []Rule, p *contract.Platform, scenarios string) error {
	for _, id := range s.Rules {
		r, _ := Find(rules, id)
		if why := r.Unable(s.Given); why != "" {
			return report.Misused("%s is the rule to judge, and cannot be run: %s", id, why)
		}
		if at := r.At(p); len(at.Levels) == 0 {
			return report.Misused("%s does not apply to %s: %s", id, p, at.Why)
		}
	}
	return report.Misused("nothing is left to judge: the rules and events that were selected leave none of the %s of %s", scenarios, p)
}
