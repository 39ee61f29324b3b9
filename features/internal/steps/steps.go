// Package steps is what the suites of Gherkin steps share: package judge has two, and package mocksteps one. A Library
// lists steps; Library.Register hands them to godog. A step is a function of a subject, the state of one scenario,
// which Begin puts into the scenario's context and the step takes from there, so that scenarios may run at once.
//
// It has no step of its own.
package steps

import (
	"context"
	"errors"
	"iter"
	"reflect"
	"regexp"
	"slices"
	"sync"

	"github.com/cucumber/godog"
)

// A Step is one step of the features: the expression that its text must match from beginning to end (expression.go has
// the language), the function that does it, as godog takes it, and a sentence that says what it does.
type Step struct {
	Expr string
	Do   any
	Does string
}

// On makes a step.
func On(expr string, do any, does string) Step { return Step{expr, do, does} }

// A Library is the steps of one suite. It must not be copied after Register was called.
type Library struct {
	Given, When, Then []Step

	mu       sync.Mutex
	compiled map[string]*regexp.Regexp // by what they were compiled of
}

// all goes through the steps with their keywords, first those of Given, then those of When and Then.
func (l *Library) all() iter.Seq2[string, Step] {
	return func(yield func(string, Step) bool) {
		for _, part := range []struct {
			keyword string
			steps   []Step
		}{{"Given", l.Given}, {"When", l.When}, {"Then", l.Then}} {
			for _, s := range part.steps {
				if !yield(part.keyword, s) {
					return
				}
			}
		}
	}
}

// Register adds the steps to a scenario, with the events that they may be about. An undefined step that is near one of
// them is logged with that one.
func (l *Library) Register(sc *godog.ScenarioContext, events Events) {
	l.RegisterSteps(sc, events)
	sc.StepContext().After(l.hint(events))
}

// RegisterSteps is Register without the log.
func (l *Library) RegisterSteps(sc *godog.ScenarioContext, events Events) {
	for keyword, s := range l.all() {
		expr := l.Expression(s, events)
		switch keyword {
		case "Given":
			sc.Given(expr, s.Do)
		case "When":
			sc.When(expr, s.Do)
		default:
			sc.Then(expr, s.Do)
		}
	}
}

// Expression returns the regular expression of a step. Each is compiled once, when it is needed for the first time: a
// program that runs no features pays nothing for them.
func (l *Library) Expression(s Step, events Events) *regexp.Regexp {
	l.mu.Lock()
	defer l.mu.Unlock()
	key := s.Expr + "\n" + events.pattern
	found := l.compiled[key]
	if found == nil {
		parts, err := parse(s.Expr)
		if err != nil {
			panic(err) // of this project's own expression
		}
		found = regexp.MustCompile("^" + source(parts, events) + "$")
		if l.compiled == nil {
			l.compiled = map[string]*regexp.Regexp{}
		}
		l.compiled[key] = found
	}
	return found
}

// An Entry is a step as a list of steps shows it.
type Entry struct {
	Keyword     string // Given, When or Then
	Phrase      string // <name> is an argument, [what] may be left out, one|other a choice
	Description string // what the step does, in a sentence
	Expression  string // the regular expression, from ^ to $
	Arguments   []Argument
}

// An Argument is what a step has to be told.
type Argument struct {
	Name     string   `json:"name"`
	Pattern  string   `json:"pattern,omitempty"` // a regular expression
	Values   []string `json:"values,omitempty"`  // if it is a choice
	Optional bool     `json:"optional,omitempty"`
}

// Entries lists the steps, first those of Given, then those of When and Then.
func (l *Library) Entries(events Events) []Entry {
	var out []Entry
	for keyword, s := range l.all() {
		expr := l.Expression(s, events).String()
		parts, _ := parse(s.Expr) // which Expression has done
		e := Entry{keyword, phrase(parts), s.Does, expr, arguments(parts, events, false)}
		if do := reflect.TypeOf(s.Do); do != nil && do.In(do.NumIn()-1) == reflect.TypeFor[*godog.DocString]() {
			e.Arguments = append(e.Arguments, Argument{Name: "doc string"})
		}
		out = append(out, e)
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

// Under returns the subject of a type that the scenario of a step has, the innermost if a step runs scenarios of its
// own. It is an error if there is none.
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
