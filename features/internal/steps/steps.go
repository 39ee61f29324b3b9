// Package steps is what the suites of Gherkin steps share: package judge has two, and package mocksteps one. A Library
// lists steps; Library.Register hands them to godog. A step is a function of a subject, the state of one scenario, which
// Begin puts into the scenario's context and the step takes from there, so that scenarios may run at once.
//
// It has no step of its own.
package steps

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"sync"

	"github.com/cucumber/godog"
)

// A Step is one step of the features: the expression that its text must match from beginning to end, and the function
// that does it, as godog takes it.
type Step struct {
	Expr string
	Do   any
}

// On makes a step.
func On(expr string, do any) Step { return Step{expr, do} }

// A Library is the steps of one suite. It must not be copied after Register was called.
type Library struct {
	Given, When, Then []Step

	once     sync.Once
	compiled map[string]*regexp.Regexp // by expression
}

// Register adds the steps to a scenario. The expressions are compiled when a library is registered for the first time:
// a program that runs no features pays nothing for them.
func (l *Library) Register(sc *godog.ScenarioContext) {
	for _, s := range l.Given {
		sc.Given(l.Expression(s), s.Do)
	}
	for _, s := range l.When {
		sc.When(l.Expression(s), s.Do)
	}
	for _, s := range l.Then {
		sc.Then(l.Expression(s), s.Do)
	}
}

// Expression returns the compiled expression of one of the library's steps.
func (l *Library) Expression(s Step) *regexp.Regexp {
	l.once.Do(func() {
		l.compiled = map[string]*regexp.Regexp{}
		for _, list := range [][]Step{l.Given, l.When, l.Then} {
			for _, s := range list {
				l.compiled[s.Expr] = regexp.MustCompile("^" + s.Expr + "$")
			}
		}
	})
	return l.compiled[s.Expr]
}

// An Entry is a step as a list of steps shows it.
type Entry struct {
	Keyword    string // Given, When or Then
	Expression string // the regular expression, from ^ to $
}

// Entries lists the steps, first those of Given, then those of When and Then.
func (l *Library) Entries() []Entry {
	var out []Entry
	for _, part := range []struct {
		keyword string
		steps   []Step
	}{{"Given", l.Given}, {"When", l.When}, {"Then", l.Then}} {
		for _, s := range part.steps {
			out = append(out, Entry{part.keyword, l.Expression(s).String()})
		}
	}
	return out
}

// A Subject is what a step works on: the state of one scenario.
type Subject interface {
	// Keep is given the error of each step, nil too, and returns the error that godog is to see.
	Keep(error) error
}

// subjectsKey is where a context has the subjects of its scenario.
type subjectsKey struct{}

// Begin adds a subject to the context of a scenario. Suites that are registered side by side each add one.
func Begin(ctx context.Context, s any) context.Context {
	before, _ := ctx.Value(subjectsKey{}).([]any)
	return context.WithValue(ctx, subjectsKey{}, append(before[:len(before):len(before)], s))
}

// Under returns the subject of a type that the scenario of a step has, the innermost if a step runs scenarios of its own. It
// is an error if there is none.
func Under[S any](ctx context.Context) (S, error) {
	subjects, _ := ctx.Value(subjectsKey{}).([]any)
	for _, s := range slices.Backward(subjects) {
		if s, ok := s.(S); ok {
			return s, nil
		}
	}
	var none S
	return none, errors.New("no scenario was begun: register the steps with judge.Steps or mocksteps.Register")
}

// Does0 makes a step's function of a function of a subject.
func Does0[S Subject](fn func(context.Context, S) error) func(context.Context) error {
	return func(ctx context.Context) error {
		s, err := Under[S](ctx)
		if err != nil {
			return err
		}
		return s.Keep(fn(ctx, s))
	}
}

// Does1 is Does0 for a step with one argument.
func Does1[S Subject, A any](fn func(context.Context, S, A) error) func(context.Context, A) error {
	return func(ctx context.Context, a A) error {
		return Does0(func(ctx context.Context, s S) error { return fn(ctx, s, a) })(ctx)
	}
}

// Does2 is Does0 for a step with two arguments.
func Does2[S Subject, A, B any](fn func(context.Context, S, A, B) error) func(context.Context, A, B) error {
	return func(ctx context.Context, a A, b B) error {
		return Does0(func(ctx context.Context, s S) error { return fn(ctx, s, a, b) })(ctx)
	}
}

// Does3 is Does0 for a step with three arguments.
func Does3[S Subject, A, B, C any](fn func(context.Context, S, A, B, C) error) func(context.Context, A, B, C) error {
	return func(ctx context.Context, a A, b B, c C) error {
		return Does0(func(ctx context.Context, s S) error { return fn(ctx, s, a, b, c) })(ctx)
	}
}
