package judge

import (
	"github.com/quintain-dev/quintain/features/judge/report"
)

// The names of what a run returns, which is plain data of package report. Package render writes a Report as text, JSON
// and JUnit XML.

type (
	// Report is what a run found.
	Report = report.Report
	// RuleResult is what became of a rule at one level.
	RuleResult = report.RuleResult
	// Result is what became of one scenario for one rule.
	Result = report.Result
	// Failure is one thing that a receiver or sender did against a rule.
	Failure = report.Failure
	// Counts is how many scenarios came to what.
	Counts = report.Counts
	// Level is how much a rule weighs.
	Level = report.Level
	// Verdict is what became of a rule or a scenario.
	Verdict = report.Verdict
	// Error is why a run could not be made.
	Error = report.Error
	// Kind is what kept a run from being made.
	Kind = report.Kind
)

// Levels returns the levels of rules, from the heaviest.
func Levels() []Level { return report.Levels() }

// The levels of rules, the verdicts, and the kinds of Error.
const (
	Must   = report.Must
	Should = report.Should
	May    = report.May

	Pass   = report.Pass
	Fail   = report.Fail
	NotRun = report.NotRun

	Misuse      = report.Misuse
	Unreachable = report.Unreachable
)
