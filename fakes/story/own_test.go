package story_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/fakes"
	"github.com/quintain-dev/quintain/fakes/story"
)

// The space that a story makes is the one that it changes and deletes, and no other story makes it.
func TestWhatAStoryMakesIsItsOwn(t *testing.T) {
	t.Parallel()
	p, err := contract.Load("tribe@2023")
	require.NoError(t, err)
	life := story.NewLife(fakes.NewWorld(1, fakes.Config{}), p)
	at := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	made := map[any]bool{}
	for subject := range uint64(20) {
		var first any
		for i, action := range []string{"create_space", "update_space", "delete_space"} {
			happened, err := life.Act(story.Step{Action: action}, 3*subject+uint64(i), subject, at.Add(time.Duration(i)*time.Hour))
			require.NoError(t, err)
			id := contract.Lookup(happened[0].Body, "/data/object/id")
			require.Equal(t, "2026-03-01T08:00:00.000Z", contract.Lookup(happened[0].Body, "/data/object/createdAt"))
			if i == 0 {
				first = id
				require.False(t, made[id], "%v is made again", id)
				made[id] = true
			}
			require.Equal(t, first, id, action)
		}
	}
	// A cast goes before.
	happened, err := life.Act(story.Step{Action: "update_space", Cast: map[string]int64{"space": 2}}, 99, 4, at)
	require.NoError(t, err)
	require.EqualValues(t, 2, happened[0].Cast["space"].Index)
}
