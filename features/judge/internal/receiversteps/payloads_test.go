package receiversteps

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/fakes"
	"github.com/quintain-dev/quintain/features/judge/internal/payload"
	"github.com/quintain-dev/quintain/features/judge/internal/scenario"
)

func platform(t testing.TB, name string) *contract.Platform {
	t.Helper()
	p, err := contract.Load(name)
	require.NoError(t, err)
	return p
}

// TestVariantsMeetTheContract: whatever ACK-3, ACK-4, TXT-1 and FWD-1 send is still what the contract admits.
func TestVariantsMeetTheContract(t *testing.T) {
	t.Parallel()
	for _, name := range contract.Names() {
		p := platform(t, name)
		s, err := NewSuite(Receiver{URL: "http://receiver", Platform: p, Secret: "secret", Seed: 7})
		require.NoError(t, err)
		for _, e := range p.Events() {
			require.NoError(t, e.Validate(s.payloads.Minimal(e.Name, 3)))
			body, err := s.payloads.Documented(e.Name, 4)
			require.NoError(t, err)
			require.NoError(t, e.Validate(body))
			for _, h := range payload.DifficultTexts() {
				body, err := payload.WithTexts(s.payloads.Generated(e.Name, 5), payload.FreeTexts(e), h.Text)
				require.NoError(t, err)
				require.NoError(t, e.Validate(body), "%s: %s", e.Name, h.Name)
				require.Equal(t, len(payload.FreeTexts(e)) > 0, string(body) != string(s.payloads.Generated(e.Name, 5)), "%s: %s", e.Name, h.Name)
			}
			levels, err := payload.Objects(s.payloads.Generated(e.Name, 6))
			require.NoError(t, err)
			require.NotEmpty(t, levels)
			body, err = payload.WithUnknownField(s.payloads.Generated(e.Name, 6), levels)
			require.NoError(t, err)
			require.NoError(t, e.Validate(body))
		}
	}
}

// TestNumbersDoNotRunOut: two scenarios never send the same payload, however many each of them needs.
func TestNumbersDoNotRunOut(t *testing.T) {
	t.Parallel()
	s, err := NewSuite(Receiver{URL: "http://receiver", Platform: platform(t, "tribe"), Secret: "secret"})
	require.NoError(t, err)
	seen := map[uint64]bool{}
	for index := range 3 {
		run := s.NewRun(scenario.Scenario{}, index)
		for range 2*s.numbers + 10 {
			n := run.number()
			require.False(t, seen[n], "scenario %d has %d again", index, n)
			require.LessOrEqual(t, n, uint64(fakes.MaxN))
			seen[n] = true
		}
	}
}
