package exchange

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
