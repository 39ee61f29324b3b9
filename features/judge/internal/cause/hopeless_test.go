package cause

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/features/judge/internal/exchange"
)

// A run gives up after twelve good deliveries in a row without an answer, and not before.
func TestHopeless(t *testing.T) {
	t.Parallel()
	var m History
	for range 11 {
		m.Note("e", false, exchange.Answer{Hung: true})
	}
	require.Empty(t, m.Hopeless())
	m.Note("e", false, exchange.Answer{Status: 500})
	for range 11 {
		m.Note("e", false, exchange.Answer{Hung: true})
	}
	require.Empty(t, m.Hopeless(), "one was answered between them")
	m.Note("e", false, exchange.Answer{Hung: true})
	require.NotEmpty(t, m.Hopeless())
}
