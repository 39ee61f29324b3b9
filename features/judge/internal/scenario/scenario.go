// Package scenario is one scenario of the features in a run, with a receiver or a sender under test: which rule it is
// about, and what it found. The steps of a side embed a Scenario in their own state; package plan runs scenarios and
// reads what they found.
package scenario

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/quintain-dev/quintain/features/judge/internal/rule"
	"github.com/quintain-dev/quintain/features/judge/report"
)

// A Scenario is one scenario of the features in a run.
type Scenario struct {
	Name    string
	Rule    rule.Rule
	Level   report.Level
	Event   string // that it is about; empty if it is about several
	Started time.Time

	Blocked  string           // why the rule cannot be judged
	Failures []report.Failure // of the rule
	Remarks  []report.Remark
	Others   []Finding // failures of other rules
	Broken   error     // what stopped the scenario and is no finding
}

// A Run is a scenario with what its side needs to run it.
type Run interface {
	Base() *Scenario
	// LiveResult is the result for the rule that owns survival, if the scenario sent something bad; otherwise nil.
	LiveResult() *report.Result
	// End gives back what the run holds.
	End(context.Context)
}

// Base returns the scenario itself.
func (s *Scenario) Base() *Scenario { return s }

// Block says that the scenario cannot judge its rule, and returns that as the error of a step.
func (s *Scenario) Block(format string, args ...any) error {
	s.Blocked = fmt.Sprintf(format, args...)
	return &errBlocked{s.Blocked}
}

// errBlocked: the scenario cannot say anything about its rule.
type errBlocked struct{ why string }

func (e *errBlocked) Error() string { return "nothing can be said: " + e.why }

// Keep remembers the error of a step that is no finding: the scenario could not be carried out.
func (s *Scenario) Keep(err error) error {
	var blocked *errBlocked
	if err != nil && !IsFinding(err) && !errors.As(err, &blocked) {
		s.Broken = err
	}
	return err
}

// Remark adds something worth knowing of the scenario's deliveries, once.
func (s *Scenario) Remark(format string, args ...any) {
	r := report.Remark{Scenario: s.Name, Message: fmt.Sprintf(format, args...)}
	if !slices.Contains(s.Remarks, r) {
		s.Remarks = append(s.Remarks, r)
	}
}

// A Finding is a failure of a rule. It is also the error that a step returns.
type Finding struct {
	Rule  rule.Rule
	Level report.Level
	report.Failure
}

func (f *Finding) Error() string {
	if f.Rule.ID == "" {
		return f.Line()
	}
	return f.Rule.ID + ": " + f.Line()
}

// IsFinding reports whether an error of a step is a finding.
func IsFinding(err error) bool {
	var found *Finding
	return errors.As(err, &found)
}
