package contract_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
)

func TestDiffNamesWhatChanged(t *testing.T) {
	t.Parallel()
	var lines []string
	for _, d := range contract.Diff(parseDated(t, "1"), parseDated(t, "2")) {
		lines = append(lines, d.String())
	}
	require.Equal(t, []string{
		"~ x-delivery success: exactly-200 (chosen) → 2xx (chosen)",
		"~ x-delivery eventName: \"\" (chosen) → {/kind} (chosen)",
		"~ thing.made /name: integer → string",
		"+ thing.made /kind: string, sent as \"x\"",
		"+ thing.made /new: integer, sent as 2",
		"- thing.made /old: integer, sent as 1",
	}, lines)
	require.Empty(t, contract.Diff(parseDated(t, "1"), parseDated(t, "1")))

	// Other platforms are compared as well: every event of one goes, every event of the other comes.
	mighty, err := contract.Load("mighty")
	require.NoError(t, err)
	tribe, err := contract.Load("tribe")
	require.NoError(t, err)
	diff := contract.Diff(mighty, tribe)
	require.Contains(t, diff, contract.Difference{Where: "MemberBadgeAdded", Before: "documented"})
	require.Contains(t, diff, contract.Difference{Where: "member.created", After: "documented"})
}
