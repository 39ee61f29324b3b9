package plan

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/cucumber/godog"

	"github.com/quintain-dev/quintain/features/internal/steps"
	"github.com/quintain-dev/quintain/features/judge/internal/scenario"
	"github.com/quintain-dev/quintain/features/judge/report"
)

// runScenarios has godog run planned scenarios.
func runScenarios(
	ctx context.Context, plan []planned, platform string, concurrency int,
	rec *recorder, begin func(planned) scenario.Run, library *steps.Library, events steps.Events,
) {
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
			sc.Before(func(ctx context.Context, s *godog.Scenario) (context.Context, error) {
				p, ok := byName[s.Name]
				if !ok {
					return ctx, fmt.Errorf("%q was not planned", s.Name)
				}
				return steps.Begin(ctx, begin(p)), nil
			})
			sc.StepContext().After(afterStep)
			sc.After(func(ctx context.Context, s *godog.Scenario, err error) (_ context.Context, _ error) {
				defer func() {
					if p := recover(); p != nil { // a panic here would end the process
						rec.fault(fmt.Errorf("%s: panic: %v\n%s", s.Name, p, debug.Stack()))
					}
				}()
				if run, e := steps.Under[scenario.Run](ctx); e == nil {
					rec.add(run, err)
					run.End(ctx)
				}
				return ctx, nil
			})
			library.RegisterSteps(sc, events)
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

// afterStep notices steps that the library does not have, or has twice.
func afterStep(ctx context.Context, _ *godog.Step, status godog.StepResultStatus, err error) (context.Context, error) {
	unknown := status == godog.StepUndefined || status == godog.StepAmbiguous || status == godog.StepPending
	if run, e := steps.Under[scenario.Run](ctx); e == nil && unknown {
		run.Base().Broken = errors.Join(errors.New("a step is "+status.String()), err)
	}
	return ctx, nil
}

// recorder records what each scenario came to.
type recorder struct {
	mu       sync.Mutex
	plan     []planned
	outcomes map[string]*outcome // by the scenario's name
	progress func(report.Result)
	faults   []error
}

// An outcome is what a scenario came to.
type outcome struct {
	*scenario.Scenario
	result report.Result
	live   *report.Result
}

func newRecorder(plan []planned, progress func(report.Result)) *recorder {
	return &recorder{plan: plan, outcomes: map[string]*outcome{}, progress: progress}
}

func (r *recorder) fault(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.faults = append(r.faults, err)
}

// add records a scenario that has ended.
func (r *recorder) add(run scenario.Run, err error) {
	s := run.Base()
	o := &outcome{Scenario: s, result: report.Result{
		Rule: s.Rule.ID, Level: s.Level, Scenario: s.Name, Event: s.Event, Duration: time.Since(s.Started),
	}}
	switch {
	case s.Broken != nil:
		o.result.Verdict, o.result.Why = report.NotRun, s.Broken.Error()
		if !errors.Is(s.Broken, context.Canceled) && !errors.Is(s.Broken, context.DeadlineExceeded) {
			r.fault(fmt.Errorf("%s: %w", s.Name, s.Broken))
		}
	case len(s.Failures) > 0:
		o.result.Verdict, o.result.Why = report.Fail, s.Failures[0].Line()
	case s.Blocked != "":
		o.result.Verdict, o.result.Why = report.NotRun, s.Blocked
	case err != nil && !scenario.IsFinding(err): // such as a panic
		o.result.Verdict, o.result.Why = report.NotRun, err.Error()
		r.fault(fmt.Errorf("%s: %w", s.Name, err))
	default:
		o.result.Verdict = report.Pass
	}
	o.live = run.LiveResult()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.outcomes[s.Name] = o
	if r.progress != nil {
		r.progress(o.result)
	}
}

// verdict is the error of a run that was not made as it was planned, or that says nothing.
func (r *recorder) verdict(ctx context.Context, out *report.Report) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := r.complete(); err != nil {
		return err
	}
	return empty(out)
}

// complete makes sure that every scenario that was planned did run.
func (r *recorder) complete() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	errs := r.faults
	var missing []string
	for _, p := range r.plan {
		if r.outcomes[p.name] == nil {
			missing = append(missing, p.name)
		}
	}
	slices.Sort(missing)
	for _, name := range missing {
		errs = append(errs, fmt.Errorf("%q was planned and did not run", name))
	}
	return errors.Join(errs...)
}

// empty makes the error of a report that says nothing: without it, a run in which nothing could be judged would pass.
func empty(out *report.Report) error {
	why := ""
	for _, r := range out.Rules {
		if r.Verdict != report.NotRun {
			return nil
		}
		for _, s := range r.Scenarios {
			why = s.Why
		}
	}
	return report.Misused("nothing could be judged: %s", why)
}
