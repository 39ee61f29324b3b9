package judge

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/features/judge/internal/exchange"
)

// A run gives up after twelve good deliveries in a row without an answer, and not before.
func TestHopeless(t *testing.T) {
	t.Parallel()
	var m memory
	for range 11 {
		m.note("e", false, exchange.Answer{Hung: true})
	}
	require.False(t, m.hopeless())
	m.note("e", false, exchange.Answer{Status: 500})
	for range 11 {
		m.note("e", false, exchange.Answer{Hung: true})
	}
	require.False(t, m.hopeless(), "one was answered between them")
	m.note("e", false, exchange.Answer{Hung: true})
	require.True(t, m.hopeless())
}
