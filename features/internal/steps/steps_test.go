package steps

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
)

type subject struct {
	name string
	kept []error
}

func (s *subject) Keep(err error) error {
	s.kept = append(s.kept, err)
	return err
}

// TestSubjects: a step finds the subject of its type, and of two the innermost, as when a step runs scenarios of its own.
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

// TestLibrary: entries come in the order Given, When, Then, with whole expressions.
func TestLibrary(t *testing.T) {
	t.Parallel()
	l := &Library{Then: []Step{On("it ends", nil)}, Given: []Step{On(`a thing called (\S+)`, nil)}}
	require.Equal(t, []Entry{{"Given", `^a thing called (\S+)$`}, {"Then", "^it ends$"}}, l.Entries())
	require.True(t, l.Expression(l.Given[0]).MatchString("a thing called x"))
}
