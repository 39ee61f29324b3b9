package judge

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A run gives up after twelve good deliveries in a row without an answer, and not before.
func TestHopeless(t *testing.T) {
	t.Parallel()
	var m memory
	for range 11 {
		m.note("e", false, answer{hung: true})
	}
	require.False(t, m.hopeless())
	m.note("e", false, answer{status: 500})
	for range 11 {
		m.note("e", false, answer{hung: true})
	}
	require.False(t, m.hopeless(), "one was answered between them")
	m.note("e", false, answer{hung: true})
	require.True(t, m.hopeless())
}
