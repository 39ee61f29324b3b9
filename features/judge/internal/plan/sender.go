package plan

import (
	"context"
	"time"

	"github.com/quintain-dev/quintain/features/internal/steps"
	"github.com/quintain-dev/quintain/features/judge/internal/rule"
	"github.com/quintain-dev/quintain/features/judge/internal/scenario"
	"github.com/quintain-dev/quintain/features/judge/internal/sendersteps"
	"github.com/quintain-dev/quintain/features/judge/report"
)

// VerifySender judges a sender by every rule that applies to its platform. The error is a *report.Error if the run
// could not be made, or the context's error if it was canceled.
func VerifySender(ctx context.Context, sender sendersteps.Sender) (*report.Report, error) {
	s, err := sendersteps.NewSuite(sender)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	outlines, err := senderOutlines()
	if err != nil {
		return nil, err
	}
	plan, err := planFor(outlines, rule.Sender(), s.Platform, s.Selection())
	if err != nil {
		return nil, err
	}
	if err := s.Preflight(ctx); err != nil {
		return nil, err
	}
	rec := newRecorder(plan, sender.Progress)
	begin := func(p planned) scenario.Run { return s.NewRun(p.begin()) }
	events := steps.EventsOf(s.Platform.EventNames()...)
	runScenarios(ctx, plan, s.Platform.Name, s.Sender.Concurrency, rec, begin, sendersteps.Library, events)
	out := s.Report()
	rec.assemble(out, rule.Sender(), s.Selection(), s.Platform)
	out.Duration = time.Since(out.Started)
	return out, rec.verdict(ctx, out)
}
