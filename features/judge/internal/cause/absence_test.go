package cause

import (
	"io"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/features/judge/internal/exchange"
)

// Who listens again was not gone, and who breaks off is there.
func TestGone(t *testing.T) {
	t.Parallel()
	refused := exchange.Answer{Err: syscall.ECONNREFUSED, Problem: "the connection was refused"}
	broken := exchange.Answer{Err: io.EOF, Problem: "the connection was closed", Reached: true}
	lost := exchange.Answer{Err: syscall.EHOSTUNREACH, Problem: "no answer"}
	for _, c := range []struct {
		got  []exchange.Answer
		want string
	}{
		{nil, ""},
		{[]exchange.Answer{{Status: 200, Reached: true}, broken, lost}, ""},
		{[]exchange.Answer{broken, refused, lost, refused}, `from scenario "1" on nobody listened at http://u:xxxxx@host/ any more`},
		{[]exchange.Answer{refused, {Status: 500, Reached: true}}, ""},
		{[]exchange.Answer{refused, broken, refused}, `from scenario "2" on nobody listened at http://u:xxxxx@host/ any more`},
	} {
		var a absence
		for i, got := range c.got {
			a.NoteConnection(string(rune('0'+i)), got)
		}
		require.Equal(t, c.want, a.Gone("http://u:p@host/"))
	}
}
