package judge

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/internal/phrase"
	"github.com/quintain-dev/quintain/features/judge/internal/exchange"
	"github.com/quintain-dev/quintain/features/judge/report"
)

// report puts together what a run found.
func (s *suite) report(plan []planned, rec *recorder) *report.Report {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	a := &assembly{
		rules: receiverRules, selection: s.selection(), platform: s.platform, plan: plan, outcomes: rec.outcomes,
		report: &report.Report{
			Tool: "quintain", Platform: s.platform.String(), Target: redactURL(s.receiver.URL), Seed: s.receiver.Seed,
			Started: s.payloads.Started, Duration: time.Since(s.payloads.Started), Events: len(s.events), Notes: append([]string{}, s.notes...),
		},
	}
	if cause := s.memory.oneCause(); cause != "" {
		a.report.Notes = append(a.report.Notes, fmt.Sprintf("every good delivery was %s: the platform wants %s%s", cause, s.platform.Rules.Success.Value, s.keyHint(cause)))
	}
	if gone := s.memory.gone(s.receiver.URL); gone != "" {
		a.report.Notes = append(a.report.Notes, gone)
	}
	if n := s.memory.limited; s.memory.limits && s.memory.good > 0 {
		why := "the receiver limits how much it takes"
		if s.memory.later {
			why += ", or locks out who forges: there was no 429 before"
		}
		a.report.Notes = append(a.report.Notes, fmt.Sprintf("deliveries were answered 429 (%s), for which the run waited %s: %s; what it still does not take counts as not acknowledged",
			phrase.Count(n, "time"), s.memory.waited.Round(time.Second), why))
	}
	if s.memory.good > 0 && s.memory.taken == 0 {
		a.report.Notes = append(a.report.Notes, "every good delivery was answered with a redirect, which the platform takes for a success; is the secret that was given the receiver's?")
	}
	a.assemble()
	s.deaf(a.report)
	return a.report
}

// deaf adds a failure of LIVE-1 if not one good delivery was acknowledged, and no other must rule says so: where all that
// a platform sends is inferred, a receiver that acknowledges nothing would pass otherwise.
func (s *suite) deaf(out *report.Report) {
	if s.memory.good > 0 || len(s.memory.statuses) == 0 || out.Failed() || !s.selection().wants(liveRule) {
		return
	}
	rule, _ := findRule(receiverRules, liveRule)
	f := report.Failure{
		Scenario: "any good delivery", Sent: "good deliveries of every event", Want: exchange.WantAcknowledged(s.platform),
		Got: "none was", Why: rule.Why, Again: s.again(liveRule, ""),
	}
	for i := range out.Rules {
		if r := &out.Rules[i]; r.ID == liveRule {
			r.Verdict, r.Why, r.Failures = report.Fail, "", append(r.Failures, f)
			r.Scenarios = append(r.Scenarios, report.Result{Rule: liveRule, Level: report.Must, Scenario: f.Scenario, Verdict: report.Fail, Why: f.Line()})
		}
	}
}

// keyHint guesses at a secret where every good delivery was refused for its proof.
func (s *suite) keyHint(cause string) string {
	switch {
	case !strings.HasSuffix(cause, " 401") && !strings.HasSuffix(cause, " 403"):
		return ""
	case s.signature.Signed():
		return "; is the secret that was given the receiver's?"
	case s.signature.Scheme == "bearer" && s.receiver.Secret == "":
		return "; does the receiver want a key? None was given"
	case s.signature.Scheme == "bearer":
		return "; is the key that was given the receiver's?"
	}
	return ""
}

// assembly makes rule results of outcomes.
type assembly struct {
	rules     []Rule
	selection selection
	platform  *contract.Platform
	plan      []planned
	outcomes  map[string]*outcome
	report    *report.Report
}

func (a *assembly) assemble() {
	for _, rule := range a.rules {
		grades, why := rule.standing(a.platform)
		if len(grades) == 0 {
			a.report.Rules = append(a.report.Rules, report.RuleResult{
				ID: rule.ID, Level: rule.heaviest(), Group: rule.Group, Sentence: rule.Sentence, Verdict: report.NotRun, Why: why,
			})
		}
		for _, level := range report.Levels() {
			if grade, ok := grades[level]; ok {
				a.report.Rules = append(a.report.Rules, a.rule(rule, level, grade))
			}
		}
	}
	a.report.Scenarios.Planned = len(a.plan)
	for _, p := range a.plan {
		switch o := a.outcomes[p.name]; {
		case o == nil || o.result.Verdict == report.NotRun:
			a.report.Scenarios.NotRun++
		case o.result.Verdict == report.Fail:
			a.report.Scenarios.Failed++
		default:
			a.report.Scenarios.Passed++
		}
	}
	for i := range a.report.Rules { // no null in JSON
		r := &a.report.Rules[i]
		r.Scenarios, r.Remarks, r.Failures = slices.Clip(append([]report.Result{}, r.Scenarios...)), append([]report.Remark{}, r.Remarks...), append([]report.Failure{}, r.Failures...)
	}
}

func (a *assembly) rule(rule Rule, level report.Level, grade report.Grade) report.RuleResult {
	r := report.RuleResult{ID: rule.ID, Level: level, Grade: grade, Group: rule.Group, Sentence: rule.Sentence}
	own := map[string]bool{} // events of which a scenario of this very rule failed
	for _, p := range a.plan {
		o := a.outcomes[p.name]
		if o == nil {
			continue
		}
		if p.rule.ID == rule.ID && p.level == level && a.selection.wants(rule.ID) {
			r.Scenarios = append(r.Scenarios, o.result)
			r.Failures = append(r.Failures, o.failures...)
			r.Remarks = append(r.Remarks, o.remarks...)
			for _, f := range o.failures {
				own[f.Event] = true
			}
		}
		if o.live != nil && rule.ID == liveRule && !slices.Contains(a.selection.skip, liveRule) {
			r.Scenarios = append(r.Scenarios, *o.live)
		}
	}
	a.others(&r, own)
	r.Verdict, r.Why = a.verdict(r)
	return r
}

// others adds the failures that scenarios of other rules came upon. What the rule's own scenarios found is not said again.
func (a *assembly) others(r *report.RuleResult, own map[string]bool) {
	for _, p := range a.plan {
		o := a.outcomes[p.name]
		if o == nil || slices.Contains(a.selection.skip, r.ID) {
			continue
		}
		for _, f := range o.others {
			if f.rule != r.ID || f.level != r.Level || own[f.Event] && r.ID != liveRule {
				continue
			}
			r.Failures = append(r.Failures, f.Failure)
			i := slices.IndexFunc(r.Scenarios, func(s report.Result) bool { return s.Scenario == f.Scenario })
			if i >= 0 {
				r.Scenarios[i].Verdict, r.Scenarios[i].Why = report.Fail, f.Line()
			} else {
				r.Scenarios = append(r.Scenarios, report.Result{
					Rule: r.ID, Level: r.Level, Scenario: f.Scenario, Event: f.Event, Verdict: report.Fail,
					Why: f.Line(),
				})
			}
		}
	}
}

// verdict is fail if any scenario failed, pass if any passed, and otherwise not run.
func (a *assembly) verdict(r report.RuleResult) (report.Verdict, string) {
	verdict, why := report.NotRun, ""
	for _, s := range r.Scenarios {
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
		why = a.selection.whyNot(r.ID)
	}
	if why == "" {
		why = "no scenario of it was selected"
	}
	return report.NotRun, why
}
