package inbox

import (
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver/internal/script"
	"github.com/quintain-dev/quintain/mockserver/internal/wire"
)

// The words that stand behind an answer.
const (
	delay       = "delay"
	retryAfterW = "retry-after"
	header      = "header"
	body        = "body"
	lost        = "lost"
)

const retryAfter = "Retry-After"

// What an answer may have behind it: all of these, if it has a status of its own; if it is a word, delay at most.
var modifiers = []string{delay, retryAfterW, header, body, Dribble, lost}

// The modifiers that may stand alone.
var alone = []string{delay, Dribble, lost}

// longest is the longest time that a script can name.
const longest = 10 * time.Minute

// item reads one item.
func item(c *script.Cursor) (Step, error) {
	step, left := Step{Times: 1}, Whole
	for {
		at := c.Position()
		share, err := readShare(c, left)
		if err != nil {
			return step, err
		}
		rest := share == 0
		if rest {
			if share = left; left == 0 {
				return step, c.Fail("", "the shares before it are 100%%, so nothing is left for this one")
			}
		}
		left -= share
		one, err := readAnswer(c)
		if err != nil {
			return step, err
		}
		step.Choices = append(step.Choices, Choice{share, one.Answer})
		more := c.Punct('|')
		switch {
		case one.Word == Recover && (more || share < Whole || c.Punct(',')):
			return step, c.FailAt(at, "", "recover is for all that comes from here on: it has no share, and is the last item of its rule")
		case more && one.timed:
			return step, c.FailAt(one.timesAt, "", "how often is said of all alternatives together, behind the last one")
		case more && rest:
			return step, c.FailAt(at, "", "only the last alternative can be without a share")
		case !more:
			step.Times = one.times
			return step, nil
		}
	}
}

// readShare reads a share in millionths; 0 if there is none.
func readShare(c *script.Cursor, left int) (int, error) {
	at := c.Position()
	percent, found, err := c.Percent()
	if err != nil || !found {
		return 0, err
	}
	share := int(math.Round(percent * Whole))
	switch {
	case share < 1:
		return 0, c.FailAt(at, "", "a share is at least 0.0001%%")
	case share > left:
		return 0, c.FailAt(at, "", "the shares are more than 100%% with this one")
	}
	return share, nil
}

// reading is an answer while it is read.
type reading struct {
	Answer
	times   int
	timed   bool // how often was said
	timesAt int
	seen    []string // modifiers
}

func readAnswer(c *script.Cursor) (reading, error) {
	a := reading{times: 1}
	at := c.Position()
	head := c.Split()
	switch {
	case head == "":
		return a, c.Fail("", "here an answer is missing; want a status or one of %s", strings.Join(heads(), ", "))
	case strings.Trim(head, "0123456789") == "":
		status, err := strconv.Atoi(head)
		if err != nil || status < 200 || status > 599 {
			return a, c.FailAt(at, "", "%s is not a status that ends an exchange; want 200 to 599", head)
		}
		a.Status = status
	case head == Dribble && !startsWithDigit(c.Peek()):
		a.Word, a.Status = Dribble, http.StatusOK
	case slices.Contains(alone, head):
		a.Status = http.StatusOK
		if err := a.modify(c, at, head); err != nil {
			return a, err
		}
	case slices.Contains(modifiers, head):
		return a, c.FailAt(at, "", "%s stands behind a status, as in 503 %s", head, examples[head])
	case slices.Contains(Words(), head):
		a.Word = head
		switch head {
		case Redirect:
			a.Status = http.StatusFound
			if err := a.readLocation(c); err != nil {
				return a, err
			}
		case Cut, Endless, Recover:
			a.Status = http.StatusOK
		}
	default:
		return a, c.FailAt(at, contract.Nearest(head, heads()), "%q is neither a status nor one of %s", head, strings.Join(heads(), ", "))
	}
	if err := a.readTimes(c); err != nil {
		return a, err
	}
	if at := c.Position(); c.Punct(':') {
		if err := a.readBody(c, at, c.Text); err != nil {
			return a, err
		}
	}
	for {
		if err := a.readTimes(c); err != nil {
			return a, err
		}
		at, word := c.Position(), c.Word()
		if word == "" {
			return a, nil
		}
		if err := a.modify(c, at, word); err != nil {
			return a, err
		}
	}
}

// heads lists what an item can begin with, beside a status.
func heads() []string { return append(Words(), delay, lost) }

var examples = map[string]string{retryAfterW: "retry-after 120", header: `header "Name: value"`, body: `body "text"`}

func startsWithDigit(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }

// readTimes reads how often, unless that was read.
func (a *reading) readTimes(c *script.Cursor) error {
	if a.timed {
		return nil
	}
	at := c.Position()
	times, err := c.Times(script.MaxTimes)
	if err != nil {
		return err
	}
	if c.Position() != at {
		if a.Word == Recover {
			return c.FailAt(at, "", "recover is for all that comes from here on, and has no count")
		}
		a.times, a.timed, a.timesAt = times, true, at
	}
	return nil
}

// takes returns the modifiers that an answer can have.
func (a *reading) takes() []string {
	switch a.Word {
	case "", Redirect:
		return modifiers
	case Timeout, Recover:
		return nil
	default:
		return []string{delay}
	}
}

// modify reads what follows a modifier, which stands at a position.
func (a *reading) modify(c *script.Cursor, at int, word string) error {
	switch {
	case !slices.Contains(modifiers, word):
		return c.FailAt(at, contract.Nearest(word, modifiers), "%q is none of %s, and no count such as x3", word, strings.Join(modifiers, ", "))
	case !slices.Contains(a.takes(), word):
		return c.FailAt(at, "", "%s has no %s", a.Word, word)
	case word != header && slices.Contains(a.seen, word):
		return c.FailAt(at, "", "%s is said twice", word)
	}
	a.seen = append(a.seen, word)
	var err error
	switch word {
	case delay:
		a.Delay, err = c.Duration("a delay", time.Millisecond, longest)
	case Dribble:
		a.Dribble, err = c.Duration("how long the answer dribbles", time.Millisecond, longest)
	case lost:
		a.Lost = true
	case body:
		err = a.readBody(c, at, c.String)
	case retryAfterW:
		var seconds int
		seconds, err = c.Int("a number of seconds", 0, script.MaxTimes)
		a.Headers = append(a.Headers, Header{retryAfter, strconv.Itoa(seconds)})
	case header:
		err = a.readHeader(c)
	}
	if err == nil && a.Lost && a.Dribble > 0 {
		return c.FailAt(at, "", "an answer that is lost does not dribble")
	}
	return err
}

// readBody reads a body with read. What announces it stands at a position.
func (a *reading) readBody(c *script.Cursor, at int, read func(string) (string, error)) (err error) {
	switch {
	case a.Word != "" && a.Word != Redirect:
		return c.FailAt(at, "", "%s has no body", a.Word)
	case a.Status == http.StatusNoContent || a.Status == http.StatusNotModified:
		return c.FailAt(at, "", "an answer %d has no body", a.Status)
	case a.Body != "":
		return c.FailAt(at, "", "the body is said twice")
	}
	a.Body, err = read("the body")
	return err
}

func (a *reading) readLocation(c *script.Cursor) error {
	if !c.Quoted() {
		return nil
	}
	at := c.Position()
	place, err := c.String("where to")
	if err != nil {
		return err
	}
	if place == "" || strings.ContainsFunc(place, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
		return c.FailAt(at, "", "%q is no place to redirect to; want a path or URL, escaped", place)
	}
	a.Location = place
	return nil
}

// The headers that frame an answer. The server writes them itself; one that lies would break the next exchange.
var framing = []string{"Content-Length", "Transfer-Encoding", "Trailer"}

func (a *reading) readHeader(c *script.Cursor) error {
	at := c.Position()
	line, err := c.String("a header")
	if err != nil {
		return err
	}
	name, value, found := strings.Cut(line, ":")
	value = strings.Trim(value, " \t")
	if !found || !wire.Token(name) || strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
		return c.FailAt(at, "", `%q is no header; want such as "X-Shard: 7"`, line)
	}
	if name = http.CanonicalHeaderKey(name); slices.Contains(framing, name) {
		return c.FailAt(at, "", "%s is written by the server itself", name)
	}
	a.Headers = append(a.Headers, Header{name, value})
	return nil
}
