package term

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A terminal that takes nothing keeps nobody waiting, and what did not fit is counted, not hidden.
func TestLinesOfASlowTerminal(t *testing.T) {
	t.Parallel()
	for _, asJSON := range []bool{false, true} {
		reader, writer := io.Pipe()
		l := newLines(writer, asJSON, 3)
		printing := make(chan struct{})
		l.Add(func() []byte { close(printing); return []byte("first\n") })
		<-printing // the printer waits for the terminal from here on
		for i := range 10 {
			l.Add(func() []byte { return fmt.Appendf(nil, "line %d\n", i) })
		}
		read := make(chan string)
		go func() {
			all, _ := io.ReadAll(reader)
			read <- string(all)
		}()
		l.Close()
		writer.Close()
		got := <-read
		require.Contains(t, got, "first\n")
		require.Contains(t, got, "line 0\nline 1\nline 2\n")
		require.NotContains(t, got, "line 3\n")
		if asJSON {
			require.Contains(t, got, `"kind":"lost","lost":7}`)
		} else {
			require.Contains(t, got, "\n… lines not printed, since they came faster than they could be written: 7\n")
		}
	}
}

// All that was added before the end is printed.
func TestLinesEnd(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	l := NewLines(&out, false)
	for range 1000 {
		l.Add(func() []byte { return []byte("x\n") })
	}
	l.Close()
	require.Equal(t, 1000, strings.Count(out.String(), "x\n"))
}

func TestCut(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		line    string
		columns int
		want    string
	}{
		{"abc", 3, "abc"}, {"abcd", 3, "ab…"}, {"世界", 4, "世界"}, {"世界x", 4, "世…"}, {"", 1, ""}, {"ab", 1, "…"},
	} {
		require.Equal(t, c.want, Cut(c.line, c.columns))
	}
}
