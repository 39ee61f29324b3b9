// Package term writes what happens to a terminal, or to what is in its place: lines for which nobody waits, text
// without control characters, and no wider than there is room.
package term

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/term"
	"golang.org/x/text/width"

	"github.com/quintain-dev/quintain/features/judge/report/render"
)

// terminal returns the terminal that a writer leads to, or nil.
func terminal(to io.Writer) *os.File {
	if wrapper, ok := to.(interface{ Unwrap() io.Writer }); ok {
		to = wrapper.Unwrap()
	}
	if file, ok := to.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		return file
	}
	return nil
}

// Is reports whether a writer leads to a terminal.
func Is(to io.Writer) bool { return terminal(to) != nil }

// Columns returns how wide lines to a writer may be: as the terminal, or 100 columns where nobody knows.
func Columns(to io.Writer) int {
	if file := terminal(to); file != nil {
		if wide, _, err := term.GetSize(int(file.Fd())); err == nil && wide > 0 {
			return wide
		}
	}
	return 100
}

// Lines print what happens while a command runs. Nobody who has a line waits for the terminal: one goroutine prints,
// and a queue is in between. What does not fit into the queue is lost, and the next line says how many were.
type Lines struct {
	to     io.Writer
	asJSON bool

	queue        chan func() []byte // each makes one line, or several that belong together
	lost         atomic.Int64
	enough, done chan struct{}
}

// lineQueue is how many lines wait for a slow terminal: a few seconds of a load test, a few megabytes.
const lineQueue = 10_000

// NewLines returns lines that are printed to a writer, as JSON or as text. They are to be closed.
func NewLines(to io.Writer, asJSON bool) *Lines { return newLines(to, asJSON, lineQueue) }

func newLines(to io.Writer, asJSON bool, queue int) *Lines {
	l := &Lines{
		to: to, asJSON: asJSON, queue: make(chan func() []byte, queue), enough: make(chan struct{}), done: make(chan struct{}),
	}
	go l.run()
	return l
}

// AsJSON reports whether the lines are JSON.
func (l *Lines) AsJSON() bool { return l.asJSON }

// To is where the lines go.
func (l *Lines) To() io.Writer { return l.to }

// Add prints what a function will return. It does not wait.
func (l *Lines) Add(line func() []byte) {
	select {
	case l.queue <- line:
	default:
		l.lost.Add(1)
	}
}

// Write prints what a logger writes.
func (l *Lines) Write(p []byte) (int, error) {
	line := bytes.Clone(p)
	l.Add(func() []byte { return line })
	return len(p), nil
}

// lastWords is how long the end of a command waits for a terminal that takes nothing.
const lastWords = 2 * time.Second

// Close prints what is in the queue, and ends. What is added later is not printed.
func (l *Lines) Close() {
	close(l.enough)
	select {
	case <-l.done:
	case <-time.After(lastWords):
	}
}

func (l *Lines) run() {
	defer close(l.done)
	for {
		select {
		case line := <-l.queue:
			l.print(line)
			continue
		default: // the queue is empty, and only then may this end
		}
		select {
		case line := <-l.queue:
			l.print(line)
		case <-l.enough:
			if len(l.queue) == 0 {
				l.sayLost()
				return
			}
		}
	}
}

func (l *Lines) print(line func() []byte) {
	l.sayLost()
	_, _ = l.to.Write(line()) // nobody could be told
}

// sayLost prints how many lines were lost since it did so last.
func (l *Lines) sayLost() {
	n := l.lost.Swap(0)
	switch {
	case n == 0:
	case l.asJSON:
		_, _ = l.to.Write(JSONLine(struct {
			Time time.Time `json:"time"`
			Kind string    `json:"kind"`
			Lost int64     `json:"lost"`
		}{time.Now().UTC(), "lost", n}))
	default:
		fmt.Fprintf(l.to, "… lines not printed, since they came faster than they could be written: %d\n", n)
	}
}

// JSONLine writes a value as a line.
func JSONLine(v any) []byte {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Appendf(nil, "%q\n", err.Error())
	}
	return out.Bytes()
}

// maxFirstLine is how much of a body is searched for its first line.
const maxFirstLine = 1 << 10

// FirstLine returns the first line of a body that says something, fit for a terminal.
func FirstLine(body []byte) string {
	body = body[:min(len(body), maxFirstLine)]
	body = bytes.TrimLeft(body, " \t\r\n")
	line, _, _ := bytes.Cut(body, []byte("\n"))
	return render.Printable(strings.ReplaceAll(string(bytes.TrimSpace(line)), "\t", " "))
}

// Cut shortens a line to a number of columns, of which East Asian characters take two.
func Cut(line string, columns int) string {
	used, fits := 0, 0 // fits: the bytes that leave room for the mark
	for i, r := range line {
		if used < columns {
			fits = i
		}
		used++
		if kind := width.LookupRune(r).Kind(); kind == width.EastAsianWide || kind == width.EastAsianFullwidth {
			used++
		}
		if used > columns {
			return line[:fits] + "…"
		}
	}
	return line
}
