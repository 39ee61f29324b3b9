package judge

import (
	"context"
	"testing"

	"github.com/cucumber/godog"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/internal/steps"
	"github.com/quintain-dev/quintain/features/judge/internal/receiversteps"
	"github.com/quintain-dev/quintain/features/judge/internal/sendersteps"
	"github.com/quintain-dev/quintain/features/judge/report"
	"github.com/quintain-dev/quintain/features/judge/report/render"
)

// Run is Verify as a test: a subtest for each rule and level, and in it one for each scenario. Only what breaks a must
// rule fails; what breaks a should rule is logged, and what could not be run is skipped with the reason.
func Run(t *testing.T, r Receiver) {
	t.Helper()
	report, err := Verify(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	subtests(t, report)
}

// RunSender is VerifySender as a test, in the way of Run.
func RunSender(t *testing.T, s Sender) {
	t.Helper()
	report, err := VerifySender(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	subtests(t, report)
}

func subtests(t *testing.T, r *report.Report) {
	t.Helper()
	for _, note := range r.Notes {
		t.Log(note)
	}
	for _, rule := range r.Rules {
		if len(rule.Scenarios) == 0 {
			continue
		}
		t.Run(rule.ID+" "+string(rule.Level), func(t *testing.T) {
			for _, result := range rule.Scenarios {
				t.Run(result.Scenario, func(t *testing.T) {
					switch {
					case result.Verdict == report.NotRun:
						t.Skip("not run: " + result.Why)
					case result.Verdict == report.Fail && rule.Level == report.Must:
						t.Error(render.Explain(rule, result.Scenario))
					case result.Verdict == report.Fail:
						t.Log(render.Explain(rule, result.Scenario))
					}
				})
			}
		})
	}
}

// Steps registers the steps of features/receiver for a suite of your own. Call it in the ScenarioInitializer: it keeps
// the state of one scenario. There, whatever a step finds fails the scenario, whatever its level.
func Steps(sc *godog.ScenarioContext, r Receiver) {
	s, err := receiversteps.NewSuite(r)
	sc.Before(func(ctx context.Context, own *godog.Scenario) (context.Context, error) {
		if err != nil {
			return ctx, err
		}
		if err := s.Understand(ctx); err != nil {
			return ctx, err
		}
		return steps.Begin(ctx, s.NewOwnRun(own)), nil
	})
	sc.After(func(ctx context.Context, _ *godog.Scenario, failed error) (context.Context, error) {
		// What a step came upon that is not what it is about: a good delivery that was not acknowledged.
		if run, err := steps.Under[*receiversteps.Run](ctx); err == nil && failed == nil && len(run.Others) > 0 {
			return ctx, &run.Others[0]
		}
		return ctx, nil
	})
	var events []string
	if r.Platform != nil {
		events = r.Platform.EventNames()
	}
	receiversteps.Library.Register(sc, steps.EventsOf(events...))
}

// SenderSteps registers the steps of features/sender for a suite of your own, in the way of Steps.
func SenderSteps(sc *godog.ScenarioContext, sender Sender) {
	s, err := sendersteps.NewSuite(sender)
	sc.Before(func(ctx context.Context, own *godog.Scenario) (context.Context, error) {
		if err != nil {
			return ctx, err
		}
		return steps.Begin(ctx, s.NewOwnRun(own)), nil
	})
	sc.After(func(ctx context.Context, _ *godog.Scenario, _ error) (context.Context, error) {
		if run, err := steps.Under[*sendersteps.Run](ctx); err == nil {
			run.End(ctx)
			s.Close()
		}
		return ctx, nil
	})
	var events []string
	if sender.Platform != nil {
		events = sender.Platform.EventNames()
	}
	sendersteps.Library.Register(sc, steps.EventsOf(events...))
}

// A Step is a step of the features as a list shows it: its keyword, what it says and does, and its regular expression.
type Step = steps.Entry

// An Argument is what a Step has to be told.
type Argument = steps.Argument

// StepList lists the steps that Steps registers, in the order Given, When, Then. They take the events of the platforms
// that are named, as well as whatever looks like one.
func StepList(platforms ...*contract.Platform) []Step {
	return entries(receiversteps.Library, platforms)
}

// SenderStepList lists the steps that SenderSteps registers, in the way of StepList.
func SenderStepList(platforms ...*contract.Platform) []Step {
	return entries(sendersteps.Library, platforms)
}

func entries(library *steps.Library, platforms []*contract.Platform) []Step {
	var events []string
	for _, p := range platforms {
		events = append(events, p.EventNames()...)
	}
	return library.Entries(steps.EventsOf(events...))
}
