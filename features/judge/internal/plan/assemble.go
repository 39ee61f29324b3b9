package plan

import (
	"slices"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/judge/internal/rule"
	"github.com/quintain-dev/quintain/features/judge/report"
)

// assembly makes rule results of outcomes.
type assembly struct {
	*recorder
	selection rule.Selection
}

// assemble puts what the run found into its report, in the order of the rules.
func (r *recorder) assemble(out *report.Report, rules []rule.Rule, sel rule.Selection, p *contract.Platform) {
	r.mu.Lock()
	defer r.mu.Unlock()
	a := &assembly{recorder: r, selection: sel}
	for _, rule := range rules {
		at := rule.At(p)
		if len(at.Levels) == 0 {
			out.Rules = append(out.Rules, report.RuleResult{
				ID: rule.ID, Level: rule.Usual, Group: rule.Group, Sentence: rule.Sentence, Unbuilt: rule.Unbuilt, Verdict: report.NotRun, Why: at.Why,
			})
		}
		for _, level := range report.Levels() {
			if basis, ok := at.Levels[level]; ok {
				out.Rules = append(out.Rules, a.rule(rule, level, basis.Grade))
			}
		}
	}
	out.Scenarios.Planned = len(a.plan)
	for _, p := range a.plan {
		switch o := a.outcomes[p.name]; {
		case o == nil || o.result.Verdict == report.NotRun:
			out.Scenarios.NotRun++
		case o.result.Verdict == report.Fail:
			out.Scenarios.Failed++
		default:
			out.Scenarios.Passed++
		}
	}
	for i := range out.Rules { // no null in JSON
		r := &out.Rules[i]
		r.Scenarios = slices.Clip(append([]report.Result{}, r.Scenarios...))
		r.Remarks, r.Failures = append([]report.Remark{}, r.Remarks...), append([]report.Failure{}, r.Failures...)
	}
}

func (a *assembly) rule(r rule.Rule, level report.Level, grade report.Grade) report.RuleResult {
	out := report.RuleResult{ID: r.ID, Level: level, Grade: grade, Group: r.Group, Sentence: r.Sentence, Unbuilt: r.Unbuilt}
	own := map[string]bool{} // events of which a scenario of this very rule failed
	for _, p := range a.plan {
		o := a.outcomes[p.name]
		if o == nil {
			continue
		}
		if p.rule.ID == r.ID && p.level == level && a.selection.Wants(r) {
			out.Scenarios = append(out.Scenarios, o.result)
			out.Failures = append(out.Failures, o.Failures...)
			out.Remarks = append(out.Remarks, o.Remarks...)
			for _, f := range o.Failures {
				own[f.Event] = true
			}
		}
		if o.live != nil && o.live.Rule == r.ID && !a.selection.Skips(r) {
			out.Scenarios = append(out.Scenarios, *o.live)
		}
	}
	if r.Owns == rule.OwnsSurvival { // each of its failures is one of another scenario, also if the event is the same
		own = nil
	}
	if !a.selection.Skips(r) {
		a.others(&out, own)
	}
	out.Verdict, out.Why = a.ruleVerdict(r, out.Scenarios)
	return out
}

// others adds the failures that scenarios of other rules came upon. What the rule's own scenarios found is not said
// again.
func (a *assembly) others(r *report.RuleResult, own map[string]bool) {
	for _, p := range a.plan {
		o := a.outcomes[p.name]
		if o == nil {
			continue
		}
		for _, f := range o.Others {
			if f.Rule.ID != r.ID || f.Level != r.Level || own[f.Event] {
				continue
			}
			r.Failures = append(r.Failures, f.Failure)
			i := slices.IndexFunc(r.Scenarios, func(s report.Result) bool { return s.Scenario == f.Scenario })
			if i >= 0 {
				r.Scenarios[i].Verdict, r.Scenarios[i].Why = report.Fail, f.Line()
			} else {
				r.Scenarios = append(r.Scenarios, report.Result{
					Rule: r.ID, Level: r.Level, Scenario: f.Scenario, Event: f.Event, Verdict: report.Fail, Why: f.Line(),
				})
			}
		}
	}
}

// ruleVerdict is fail if any scenario failed, pass if any passed, and otherwise not run.
func (a *assembly) ruleVerdict(r rule.Rule, scenarios []report.Result) (report.Verdict, string) {
	verdict, why := report.NotRun, ""
	for _, s := range scenarios {
		switch s.Verdict {
		case report.Fail:
			return report.Fail, ""
		case report.Pass:
			verdict = report.Pass
		case report.NotRun:
			why = s.Why
		}
	}
	if verdict == report.Pass {
		return report.Pass, ""
	}
	if why == "" {
		why = a.selection.WhyNot(r)
	}
	if why == "" {
		why = "no scenario of it was selected"
	}
	return report.NotRun, why
}
