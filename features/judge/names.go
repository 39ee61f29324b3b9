package judge

import (
	"github.com/quintain-dev/quintain/features/judge/report"
)

// What a run returns is plain data of package report; these are its names here. Package render writes a Report as text,
// JSON and JUnit XML.
type (
	Report     = report.Report
	RuleResult = report.RuleResult
	Result     = report.Result
	Failure    = report.Failure
	Counts     = report.Counts
	Level      = report.Level
	Verdict    = report.Verdict
	Error      = report.Error
	Kind       = report.Kind
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
