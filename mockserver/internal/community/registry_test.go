package community

import (
	"errors"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/fakes"
	"github.com/quintain-dev/quintain/mockserver/internal/store"
)

// stubborn is a store that keeps what it is to drop.
type stubborn struct {
	store.Store
	closed bool
}

func (s *stubborn) Drop(key string) error { return errors.New("cannot drop " + key) }

func (s *stubborn) Close() error {
	s.closed = true
	return errors.New("cannot close")
}

// Whatever goes wrong with one community, the others are ended too.
func TestCloseEndsEveryCommunity(t *testing.T) {
	t.Parallel()
	s := &stubborn{Store: store.NewMemory()}
	r := NewRegistry(Config{Store: s, Log: slog.New(slog.DiscardHandler)})
	var all []*Community
	for _, id := range []string{"a", "b", "c"} {
		c, err := r.Create(New{ID: id, Platform: "mighty"})
		require.NoError(t, err)
		all = append(all, c)
	}
	err := r.Close()
	for _, want := range []string{"cannot drop a", "cannot drop b", "cannot drop c", "cannot close"} {
		require.ErrorContains(t, err, want)
	}
	for _, c := range all {
		_, err := c.alive()
		require.ErrorIs(t, err, errGone)
	}
	require.True(t, s.closed)
}

// Of two platforms with one name and revision, the one that was said last is played.
func TestTheLastPlatformWins(t *testing.T) {
	t.Parallel()
	first, err := contract.Load("tribe")
	require.NoError(t, err)
	last, err := contract.Load("tribe")
	require.NoError(t, err)
	require.NotSame(t, first, last)
	r := NewRegistry(Config{Store: store.NewMemory(), Platforms: []*contract.Platform{first, last}})
	for _, reference := range []string{"tribe", "tribe@" + last.Revision, last.String()} {
		got, err := r.platform(reference)
		require.NoError(t, err)
		require.Same(t, last, got, reference)
	}
}

// No two stories have the numbers of one event between them, also where they would begin with the same.
func TestStoriesHaveNumbersOfTheirOwn(t *testing.T) {
	t.Parallel()
	l := &life{told: map[uint64]bool{}}
	seen := map[uint64]bool{}
	for range 100 {
		first := l.storyNumber("welcome", 1)
		require.False(t, seen[first], "%d is taken", first)
		require.Zero(t, (first-firstStory)%numbersPerStory)
		require.True(t, firstStory <= first && first+numbersPerStory <= fakes.MaxN)
		seen[first] = true
	}
}
