package plan

import (
	"context"
	"slices"
	"time"

	"github.com/quintain-dev/quintain/features/internal/steps"
	"github.com/quintain-dev/quintain/features/judge/internal/receiversteps"
	"github.com/quintain-dev/quintain/features/judge/internal/rule"
	"github.com/quintain-dev/quintain/features/judge/internal/scenario"
	"github.com/quintain-dev/quintain/features/judge/report"
)

// VerifyReceiver judges a receiver by every rule that applies to its platform. The error is a *report.Error if the run
// could not be made, or the context's error if it was canceled.
func VerifyReceiver(ctx context.Context, r receiversteps.Receiver) (*report.Report, error) {
	s, err := receiversteps.NewSuite(r)
	if err != nil {
		return nil, err
	}
	if _, err := receiverPlan(s); err != nil { // before anything is sent
		return nil, err
	}
	if err := s.Preflight(ctx); err != nil {
		return nil, err
	}
	if s, err = s.Read(ctx); err != nil {
		return nil, err
	}
	plan, err := receiverPlan(s)
	if err != nil {
		return nil, err
	}
	last, goOn := lastOf(plan, s.Selection())
	if goOn {
		plan = append(plan, last)
	}
	rec := newRecorder(plan, r.Progress)
	events := steps.EventsOf(s.Platform.EventNames()...)
	for _, phase := range rule.Phases() {
		part := slices.DeleteFunc(slices.Clone(plan), func(p planned) bool { return p.rule.Phase != phase || p.outline.name == "" })
		concurrency := 1
		if phase == rule.Good {
			concurrency = s.Receiver.Concurrency
		}
		begin := func(p planned) scenario.Run { return s.NewRun(p.begin(), p.index) }
		runScenarios(ctx, part, s.Platform.Name, concurrency, rec, begin, receiversteps.Library, events)
	}
	if goOn {
		run := s.NewRun(last.begin(), last.index)
		rec.add(run, run.Keep(run.StillAccepts(ctx)))
	}
	out := s.Report()
	rec.assemble(out, rule.Receiver(), s.Selection(), s.Platform)
	if f := s.Deaf(out); f != nil {
		addFinding(out, f)
	}
	out.Duration = time.Since(out.Started)
	return out, rec.verdict(ctx, out)
}

func receiverPlan(s *receiversteps.Suite) ([]planned, error) {
	outlines, err := receiverOutlines()
	if err != nil {
		return nil, err
	}
	return planFor(outlines, rule.Receiver(), s.Platform, s.Selection())
}

// lastOf is the scenario after all others, if any of them sends something bad: what breaks a receiver for good may show
// only when the next deliveries have come.
func lastOf(plan []planned, sel rule.Selection) (planned, bool) {
	bad := slices.ContainsFunc(plan, func(p planned) bool { return p.rule.Phase.Bad() })
	p := planned{rule: rule.Owner(rule.OwnsSurvival), level: report.Must}
	p.name = "good deliveries are acknowledged after all of it"
	for _, other := range plan {
		p.index = max(p.index, other.index+1)
	}
	return p, bad && sel.Wants(p.rule)
}

// addFinding adds a failure that no scenario came upon.
func addFinding(out *report.Report, f *scenario.Finding) {
	for i := range out.Rules {
		if r := &out.Rules[i]; r.ID == f.Rule.ID {
			r.Verdict, r.Why, r.Failures = report.Fail, "", append(r.Failures, f.Failure)
			r.Scenarios = append(r.Scenarios, report.Result{
				Rule: r.ID, Level: f.Level, Scenario: f.Scenario, Verdict: report.Fail, Why: f.Line(),
			})
		}
	}
}
