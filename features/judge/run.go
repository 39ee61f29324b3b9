package judge

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/cucumber/godog"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/internal/phrase"
	"github.com/quintain-dev/quintain/features/internal/steps"
	"github.com/quintain-dev/quintain/features/judge/report"
)

// verify plans, runs and reports.
func verify(ctx context.Context, r Receiver) (*report.Report, error) {
	s, err := newSuite(r)
	if err != nil {
		return nil, err
	}
	if _, err := s.plan(); err != nil { // before anything is sent
		return nil, err
	}
	if err := s.preflight(ctx); err != nil {
		return nil, err
	}
	if s, err = s.read(ctx); err != nil {
		return nil, err
	}
	plan, err := s.plan()
	if err != nil {
		return nil, err
	}
	last, goOn := s.lastOf(plan)
	if goOn {
		plan = append(plan, last)
	}
	rec := newRecorder(plan, r.Progress)
	for ph := range phases {
		var part []planned
		for _, p := range plan {
			if p.phase() == ph && p.outline.rule != "" {
				part = append(part, p)
			}
		}
		concurrency := 1
		if ph == goodPhase {
			concurrency = s.receiver.Concurrency
		}
		begin := func(p planned) judged { return s.newTrial(p) }
		runScenarios(ctx, part, s.platform.Name, concurrency, rec, begin, receiverSteps)
	}
	if goOn {
		t := s.newTrial(last)
		rec.add(t, t.Keep(t.stillTakes(ctx)))
	}
	report := s.report(plan, rec)
	return report, rec.verdict(ctx, report)
}

// plan makes the scenarios that are to be run: one at least.
func (s *suite) plan() ([]planned, error) {
	outlines, err := receiverOutlines()
	if err != nil {
		return nil, err
	}
	all, err := scenarios(outlines, receiverRules, s.platform)
	if err != nil {
		return nil, err
	}
	plan := s.selection().apply(all)
	if len(plan) == 0 {
		return nil, s.selection().nothingPlanned(receiverRules, s.platform, len(all))
	}
	return plan, nil
}

// verdict is the error of a run that was not made as it was planned, or that says nothing.
func (r *recorder) verdict(ctx context.Context, report *report.Report) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := r.complete(); err != nil {
		return err
	}
	return empty(report)
}

// empty makes the error of a report that says nothing: without it, a run in which nothing could be judged would pass.
func empty(r *report.Report) error {
	why := ""
	for _, rule := range r.Rules {
		if rule.Verdict != report.NotRun {
			return nil
		}
		for _, s := range rule.Scenarios {
			why = s.Why
		}
	}
	return report.Misused("nothing could be judged: %s", why)
}

// nothingPlanned says why no scenario was selected.
func (s selection) nothingPlanned(rules []Rule, p *contract.Platform, all int) error {
	for _, id := range s.rules {
		rule, _ := findRule(rules, id)
		if why := s.unable[id]; why != "" {
			return report.Misused("%s is the rule to judge, and cannot be run: %s", id, why)
		}
		if grades, why := rule.standing(p); len(grades) == 0 {
			return report.Misused("%s does not apply to %s: %s", id, p, why)
		}
	}
	return report.Misused("nothing is left to judge: the rules and events that were selected leave none of the %s of %s", phrase.Count(all, "scenario"), p)
}

// runScenarios has godog run planned scenarios.
func runScenarios(ctx context.Context, plan []planned, platform string, concurrency int, rec *recorder, begin func(planned) judged, library *steps.Library) {
	if len(plan) == 0 {
		return
	}
	byName := map[string]planned{}
	for _, p := range plan {
		byName[p.name] = p
	}
	suite := godog.TestSuite{
		Name: "quintain",
		ScenarioInitializer: func(sc *godog.ScenarioContext) {
			sc.Before(func(ctx context.Context, scenario *godog.Scenario) (context.Context, error) {
				p, ok := byName[scenario.Name]
				if !ok {
					return ctx, fmt.Errorf("%q was not planned", scenario.Name)
				}
				return steps.Begin(ctx, begin(p)), nil
			})
			sc.StepContext().After(func(ctx context.Context, _ *godog.Step, status godog.StepResultStatus, err error) (context.Context, error) {
				if j, e := steps.Under[judged](ctx); e == nil && (status == godog.StepUndefined || status == godog.StepAmbiguous || status == godog.StepPending) {
					j.base().broken = errors.Join(errors.New("a step is "+status.String()), err)
				}
				return ctx, nil
			})
			sc.After(func(ctx context.Context, scenario *godog.Scenario, err error) (_ context.Context, _ error) {
				defer func() {
					if p := recover(); p != nil { // a panic here would end the process
						rec.fault(fmt.Errorf("%s: panic: %v\n%s", scenario.Name, p, debug.Stack()))
					}
				}()
				if j, e := steps.Under[judged](ctx); e == nil {
					rec.add(j, err)
					j.end(ctx)
				}
				return ctx, nil
			})
			library.Register(sc)
		},
		Options: &godog.Options{
			Format:          "progress",
			Output:          io.Discard,
			NoColors:        true,
			Strict:          true,
			Concurrency:     concurrency,
			DefaultContext:  ctx,
			FeatureContents: gherkin(plan, platform),
		},
	}
	suite.Run()
}

// recorder takes down what each scenario came to.
type recorder struct {
	mu       sync.Mutex
	planned  map[string]planned
	outcomes map[string]*outcome // by the scenario's name
	progress func(report.Result)
	faults   []error
}

// judged is a scenario that has ended.
type judged interface {
	base() *scenario
	liveResult() *report.Result // for LIVE-1, if the scenario sent something bad
	end(context.Context)        // gives back what the scenario holds
}

// An outcome is what a scenario came to.
type outcome struct {
	*scenario
	result report.Result
	live   *report.Result
}

func newRecorder(plan []planned, progress func(report.Result)) *recorder {
	r := &recorder{planned: map[string]planned{}, outcomes: map[string]*outcome{}, progress: progress}
	for _, p := range plan {
		r.planned[p.name] = p
	}
	return r
}

func (r *recorder) fault(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.faults = append(r.faults, err)
}

// add takes down a scenario that has ended.
func (r *recorder) add(j judged, err error) {
	t := j.base()
	o := &outcome{scenario: t, result: report.Result{Rule: t.rule.ID, Level: t.level, Scenario: t.name, Event: t.event, Duration: time.Since(t.started)}}
	switch {
	case t.broken != nil:
		o.result.Verdict, o.result.Why = report.NotRun, t.broken.Error()
		if !errors.Is(t.broken, context.Canceled) && !errors.Is(t.broken, context.DeadlineExceeded) {
			r.fault(fmt.Errorf("%s: %w", t.name, t.broken))
		}
	case len(t.failures) > 0:
		o.result.Verdict, o.result.Why = report.Fail, t.failures[0].Line()
	case t.blocked != "":
		o.result.Verdict, o.result.Why = report.NotRun, t.blocked
	case err != nil && !isFinding(err): // such as a panic
		o.result.Verdict, o.result.Why = report.NotRun, err.Error()
		r.fault(fmt.Errorf("%s: %w", t.name, err))
	default:
		o.result.Verdict = report.Pass
	}
	o.live = j.liveResult()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.outcomes[t.name] = o
	if r.progress != nil {
		r.progress(o.result)
	}
}

func isFinding(err error) bool {
	var found *finding
	return errors.As(err, &found)
}

// complete makes sure that every scenario that was planned did run.
func (r *recorder) complete() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	errs := r.faults
	for _, name := range slices.Sorted(maps.Keys(r.planned)) {
		if r.outcomes[name] == nil {
			errs = append(errs, fmt.Errorf("%q was planned and did not run", name))
		}
	}
	return errors.Join(errs...)
}
