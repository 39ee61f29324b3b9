// Package inbox is an endpoint that records what it gets and answers by a script. Start with Parse, then Script.Player
// and Answer.Serve.
//
// The frame of a script is that of package script; the words here are its items. It keeps nothing of a request but how
// often it came: what was captured goes to the store, through whoever serves the inbox.
package inbox

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/quintain-dev/quintain/mockserver/internal/script"
)

// The words of the script language that stand for an answer, beside statuses.
const (
	Timeout   = "timeout"   // holds the connection until the sender gives up
	Reset     = "reset"     // breaks the connection off (TCP RST)
	Close     = "close"     // closes the connection without an answer
	Empty     = "empty"     // the same as Close
	Malformed = "malformed" // answers with bytes that are not HTTP
	Cut       = "cut"       // answers 200, and closes the connection in the middle of the body
	Redirect  = "redirect"  // answers 302, into itself or to a place
	Dribble   = "dribble"   // answers 200 a byte at a time, and never ends
	Endless   = "endless"   // answers 200 with a body that never ends, at full speed
	Recover   = "recover"   // answers 200 from here on; the last item of its rule
)

// Words lists the words that stand for an answer.
func Words() []string {
	return []string{Timeout, Reset, Close, Empty, Malformed, Cut, Redirect, Dribble, Endless, Recover}
}

// A Header is a header of an answer.
type Header struct{ Name, Value string }

// An Answer is what one request is answered with.
type Answer struct {
	Word     string        // empty for a status
	Status   int           // 0 for a word that answers none
	Body     string        // of a status
	Location string        // of a redirect; empty: into itself
	Headers  []Header      // beside those that go without saying
	Delay    time.Duration // before all else, in real time
	Dribble  time.Duration // how long the answer takes in pieces; 0: as fast as it can
	Lost     bool          // the request is taken, and the connection dropped in place of the answer
}

// String writes the answer as it stands in a script.
func (a Answer) String() string {
	var out strings.Builder
	switch {
	case a.Word == Redirect && a.Location != "":
		fmt.Fprintf(&out, "%s %q", Redirect, a.Location)
	case a.Word != "":
		out.WriteString(a.Word)
	default:
		out.WriteString(strconv.Itoa(a.Status))
	}
	if a.Body != "" {
		if a.Word == "" {
			out.WriteString(":" + strconv.Quote(a.Body))
		} else {
			out.WriteString(" body " + strconv.Quote(a.Body))
		}
	}
	if a.Delay > 0 {
		fmt.Fprintf(&out, " delay %s", a.Delay)
	}
	for _, h := range a.Headers {
		if seconds, err := strconv.Atoi(h.Value); h.Name == retryAfter && err == nil && strconv.Itoa(seconds) == h.Value && seconds >= 0 && seconds <= script.MaxTimes {
			fmt.Fprintf(&out, " retry-after %d", seconds)
		} else {
			fmt.Fprintf(&out, " header %q", h.Name+": "+h.Value)
		}
	}
	if a.Dribble > 0 {
		fmt.Fprintf(&out, " dribble %s", a.Dribble)
	}
	if a.Lost {
		out.WriteString(" lost")
	}
	return out.String()
}

// A Choice is an answer with its share of the requests, in millionths.
type Choice struct {
	Share int // 1 to Whole
	Answer
}

// Whole is the sum of all shares.
const Whole = 1_000_000

// A Step is one item of a script: an answer, or several of which each has a share. What is left of the whole is 200.
type Step struct {
	Choices []Choice // 1 or more
	Times   int      // how often it answers before the next step's turn, 1 or more
}

// String writes the step as it stands in a script.
func (s Step) String() string {
	var out strings.Builder
	for i, c := range s.Choices {
		if i > 0 {
			out.WriteString(" | ")
		}
		if c.Share < Whole {
			out.WriteString(strconv.FormatFloat(float64(c.Share)/(Whole/100), 'f', -1, 64) + "% ")
		}
		out.WriteString(c.String())
	}
	if s.Times > 1 {
		fmt.Fprintf(&out, " x%d", s.Times)
	}
	return out.String()
}

// pick returns the answer for a draw from 0 up to, and without, 1.
func (s Step) pick(draw float64) Answer {
	at := int(draw * Whole)
	for _, c := range s.Choices {
		if at -= c.Share; at < 0 {
			return c.Answer
		}
	}
	return Answer{Status: http.StatusOK}
}

// A Script is what an inbox answers: rules, each with steps, one after the other. The last step of a rule repeats for
// ever.
type Script struct {
	text  string
	rules []script.Rule[Step]
}

// String returns the script as it was written.
func (s Script) String() string { return s.text }

// Rules returns the rules. They are not to be changed.
func (s Script) Rules() []script.Rule[Step] { return s.rules }

// Parse reads a script. Its items are
//
//   - a status from 200 to 599, with a body behind a colon or not: 503, 200:ok, 200:"with, commas". A body without quotes
//     goes up to the next comma, semicolon or bar;
//   - or one of the Words; redirect may have a place behind it: redirect "/moved";
//   - behind that what more there is to it: delay 3s, retry-after 120, header "Name: value", body "text", dribble 2s, lost;
//     of these, delay, dribble and lost may stand alone, and are then those of a 200;
//   - and how often: x3;
//   - or shares: 30% 503 | 10% timeout | 200, drawn for each request. The last may be without one, and has the rest; where
//     all have one, the rest is 200.
//
// An empty script is 200. The error is a *script.Error.
func Parse(text string) (Script, error) {
	if strings.TrimSpace(text) == "" {
		text = "200"
	}
	rules, err := script.Parse(text, item)
	if err != nil {
		return Script{}, err
	}
	return Script{text, rules}, nil
}

// Nearest returns the right word that is nearest to what a script has in its place, or "".
func Nearest(err error) string {
	var e *script.Error
	if errors.As(err, &e) {
		return e.Nearest
	}
	return ""
}
