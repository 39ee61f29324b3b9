package judge

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTheGateOpens: when all have come, and, if one never does, all the same.
func TestTheGateOpens(t *testing.T) {
	t.Parallel()
	all := newGate(2)
	defer all.stop()
	all.pass()
	select {
	case <-all.open:
		require.Fail(t, "the gate opened for one of two")
	default:
	}
	all.pass()
	<-all.open

	one := newGate(2)
	defer one.stop()
	one.pass()
	<-one.open
	one.pass() // who comes late finds it open
}

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
