package judge

import (
	"context"
	"time"

	"github.com/quintain-dev/quintain/features/judge/report"
)

// verifySender plans, runs and reports.
func verifySender(ctx context.Context, sender Sender) (*report.Report, error) {
	s, err := newSenderSuite(sender)
	if err != nil {
		return nil, err
	}
	if sender.Client == nil {
		defer s.http.CloseIdleConnections()
	}
	outlines, err := senderOutlines()
	if err != nil {
		return nil, err
	}
	all, err := scenarios(outlines, senderRules, s.platform)
	if err != nil {
		return nil, err
	}
	plan := s.selection().apply(all)
	if len(plan) == 0 {
		return nil, s.selection().nothingPlanned(senderRules, s.platform, len(all))
	}
	if err := s.preflight(ctx); err != nil {
		return nil, err
	}
	rec := newRecorder(plan, sender.Progress)
	begin := func(p planned) judged { return s.newExam(p) }
	runScenarios(ctx, plan, s.platform.Name, s.sender.Concurrency, rec, begin, senderSteps)
	report := &report.Report{
		Tool: "quintain", Platform: s.platform.String(), Target: redactURL(s.sender.URL), Seed: 42,
		Started: s.started, Duration: time.Since(s.started), Events: 1, Notes: []string{},
	}
	rec.mu.Lock()
	(&assembly{rules: senderRules, selection: s.selection(), platform: s.platform, plan: plan, outcomes: rec.outcomes, report: report}).assemble()
	rec.mu.Unlock()
	return report, rec.verdict(ctx, report)
}
