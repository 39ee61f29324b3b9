package steps

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/cucumber/godog"
	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
)

type subject struct {
	name string
	kept []error
}

func (s *subject) Keep(err error) error {
	s.kept = append(s.kept, err)
	return err
}

// TestSubjects: a step finds the subject of its type, and of two the innermost, as when a step runs scenarios of its
// own.
func TestSubjects(t *testing.T) {
	t.Parallel()
	_, err := Under[*subject](t.Context())
	require.ErrorContains(t, err, "no scenario was begun")
	outer, inner := &subject{name: "outer"}, &subject{name: "inner"}
	ctx := Begin(t.Context(), outer)
	both := Begin(Begin(ctx, "another suite"), inner)
	got, err := Under[*subject](both)
	require.NoError(t, err)
	require.Same(t, inner, got)
	got, err = Under[*subject](ctx)
	require.NoError(t, err)
	require.Same(t, outer, got)

	failure := errors.New("no")
	step := Does2(func(_ context.Context, _ *subject, a string, n int) error {
		require.Equal(t, "a", a)
		require.Equal(t, 2, n)
		return failure
	})
	require.ErrorIs(t, step(both, "a", 2), failure)
	require.Equal(t, []error{failure}, inner.kept)
	require.Empty(t, outer.kept)
}

// TestEntries: entries come in the order Given, When, Then, and say in words what is matched.
func TestEntries(t *testing.T) {
	t.Parallel()
	word := func(context.Context, string, *godog.DocString) error { return nil }
	l := &Library{
		Then:  []Step{On(`(?:it|everything) ends(?: after {n} attempts?)?`, nil, "Ends.")},
		Given: []Step{On(`a thing for {event}:`, word, "Makes a thing."), On(`the clock is (paused|resumed)`, nil, "Stops.")},
	}
	events := EventsOf("push", "thing.made", "a+b")
	pattern := eventShape + `|push|a\+b`
	require.Equal(t, []Entry{
		{"Given", "a thing for <event>:", "Makes a thing.", "^a thing for (" + pattern + "):$",
			[]Argument{{Name: "event", Pattern: pattern}, {Name: "doc string"}}},
		{"Given", "the clock is paused|resumed", "Stops.", "^the clock is (paused|resumed)$",
			[]Argument{{Name: "choice", Values: []string{"paused", "resumed"}}}},
		{"Then", "it|everything ends[ after <n> attempt[s]]", "Ends.", `^(?:it|everything) ends(?: after (\d+) attempts?)?$`,
			[]Argument{{Name: "n", Pattern: `\d+`, Optional: true}}},
	}, l.Entries(events))
	for text, matches := range map[string]bool{
		"a thing for push:": true, "a thing for a+b:": true, "a thing for aab:": false, "a thing for checkout:": false,
		"a thing for member.create:": true, "a thing for MemberCreate:": true, "a thing for Checkout:": false,
		"a thing for sign-up:": false,
	} {
		require.Equal(t, matches, l.Expression(l.Given[0], events).MatchString(text), text)
	}
}

// TestExpressionsThatCannotBeRead: each says what is wrong with it.
func TestExpressionsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for expr, want := range map[string]string{
		"a {nonsense}": `unknown parameter at "{nonsense}"`, "a {n": "unknown parameter", "a (b": "not closed",
		"a)b": `unexpected ")b"`, "a|b": "unexpected",
	} {
		_, err := parse(expr)
		require.ErrorContains(t, err, want, expr)
	}
}

// TestNear: an undefined step is told which step is meant, with its own arguments; a foreign sentence is not.
func TestNear(t *testing.T) {
	t.Parallel()
	l := &Library{
		Given: []Step{On(`a community of {platform}(?: with the seed {n})?`, nil, "")},
		When: []Step{
			On(`{event} is delivered {n} times at once`, nil, ""), On(`{event} happens(?: {n} times)?`, nil, ""),
			On(`the webhook(?: to the inbox "{name}")? is deleted`, nil, ""), On(`the clock moves by {duration}`, nil, ""),
		},
		Then: []Step{On(`the inbox "{name}" got {n} requests?(?: of {event})?`, nil, "")},
	}
	events := EventsOf("member.created", "push")
	for text, want := range map[string]string{
		"member.created is deliverd 10 times at once": "When member.created is delivered 10 times at once",
		"member.created is delivered 10 times":        "When member.created is delivered 10 times at once",
		"member.created occurs":                       "",
		"pusch happens":                               "When push happens",
		"member.created happens 3 time":               "When member.created happens 3 times",
		"checkout happens":                            "",
		"the clock moves 5m":                          "When the clock moves by 5m",
		`the inbox "my shop" received 2 requests`:     `Then the inbox "my shop" got 2 requests`,
		"a community of tribe with seed 3":            "Given a community of tribe with the seed 3",
		"the basket is deleted":                       "",
		"our receiver is up":                          "",
		strings.Repeat("very ", 60) + "long":          "",
		strings.Repeat("x", 5000) + " happens":        "",
		"":                                            "",
	} {
		require.Equal(t, want, l.Near(text, events), text)
	}
}

// TestBuiltInEventsLookLikeEvents: Events need not name them, whatever the revision.
func TestBuiltInEventsLookLikeEvents(t *testing.T) {
	t.Parallel()
	for _, name := range contract.Names() {
		p, err := contract.Load(name)
		require.NoError(t, err)
		for _, revision := range p.Revisions {
			p, err := contract.Load(name + "@" + revision)
			require.NoError(t, err)
			require.Equal(t, eventShape, EventsOf(p.EventNames()...).pattern, p)
		}
	}
}
