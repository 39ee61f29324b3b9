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
		"~ x-delivery eventName: \"\" (chosen) → {/kind} spelled as hook (chosen)",
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

func TestDiffMindsWhatIsEasilyMissed(t *testing.T) {
	t.Parallel()
	mighty := func(selected string) *contract.Platform {
		p, err := contract.Load("mighty@" + selected)
		require.NoError(t, err)
		return p
	}
	diff := contract.Diff(mighty("2026-07,event_type=hook"), mighty("2026-07,event_type=upper"))
	require.Len(t, diff, 1)
	require.Equal(t, "x-delivery eventName", diff[0].Where)

	body := func(schema string) *contract.Platform {
		p, err := contract.Parse("a.yaml", wrapped("{type: object, required: [data], properties: {"+schema+"}}", ""), "")
		require.NoError(t, err)
		return p
	}
	lines := func(a, b string) (out []string) {
		for _, d := range contract.Diff(body(a), body(b)) {
			out = append(out, d.String())
		}
		return out
	}
	require.Equal(t, []string{"- e /data: anything"}, lines("data: {}", ""))
	require.Equal(t, []string{"~ e /data: anything → string"}, lines("data: {}", "data: {type: string}"))
	require.Equal(t, []string{"+ e /more: anything, optional"}, lines("data: {}", "data: {}, more: {}"))

	signed := func(content string) *contract.Platform {
		src := string(wrapped("{type: object}", "")) + "x-delivery: {signature: {value: {scheme: hmac-sha256, header: X-S, encoding: hex, content: " + content + "}}}\n"
		p, err := contract.Parse("a.yaml", []byte(src), "")
		require.NoError(t, err)
		return p
	}
	require.Len(t, contract.Diff(signed("body"), signed("body, readings: [{encoding: base64}]")), 1)
	require.Len(t, contract.Diff(signed("timestamp:body, timestampHeader: X-T, timestampUnit: ms, tolerance: 5m"), signed("timestamp:body, timestampHeader: X-T, timestampUnit: s, tolerance: 5m")), 1)
}
