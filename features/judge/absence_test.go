package judge

import (
	"io"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// Who listens again was not gone, and who breaks off is there.
func TestGone(t *testing.T) {
	t.Parallel()
	refused := answer{err: syscall.ECONNREFUSED, problem: "the connection was refused"}
	broken := answer{err: io.EOF, problem: "the connection was closed", reached: true}
	lost := answer{err: syscall.EHOSTUNREACH, problem: "no answer"}
	for _, c := range []struct {
		got  []answer
		want string
	}{
		{nil, ""},
		{[]answer{{status: 200, reached: true}, broken, lost}, ""},
		{[]answer{broken, refused, lost, refused}, `from scenario "1" on nobody listened at http://u:xxxxx@host/ any more`},
		{[]answer{refused, {status: 500, reached: true}}, ""},
		{[]answer{refused, broken, refused}, `from scenario "2" on nobody listened at http://u:xxxxx@host/ any more`},
	} {
		var a absence
		for i, got := range c.got {
			a.noteConnection(string(rune('0'+i)), got)
		}
		require.Equal(t, c.want, a.gone("http://u:p@host/"))
	}
}
