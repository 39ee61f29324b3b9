// Package inbox is an endpoint that records what it gets and answers by a script. Start with Parse, then Script.Player and
// Answer.
//
// It keeps nothing: what was captured goes to the store, through whoever serves the inbox.
package inbox

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/quintain-dev/quintain/contract"
)

// The words of the script language, beside statuses.
const (
	Timeout   = "timeout"   // holds the connection until the sender gives up
	Reset     = "reset"     // breaks the connection off (TCP RST)
	Close     = "close"     // closes the connection without an answer
	Empty     = "empty"     // the same as Close
	Malformed = "malformed" // answers with bytes that are not HTTP
)

// Words lists the words.
func Words() []string { return []string{Timeout, Reset, Close, Empty, Malformed} }

// A Step is one answer.
type Step struct {
	Status int    // 0 for a word
	Word   string // empty for a status
	Body   string // of a status
	Times  int    // how often it answers before the next step's turn, 1 or more
}

// String writes the step as it stands in a script, without how often.
func (s Step) String() string {
	switch {
	case s.Word != "":
		return s.Word
	case s.Body == "":
		return strconv.Itoa(s.Status)
	default:
		return strconv.Itoa(s.Status) + ":" + strconv.Quote(s.Body)
	}
}

// A Script is what an inbox answers, one step after the other. The last one repeats for ever.
type Script struct {
	text  string
	steps []Step
}

// String returns the script as it was written.
func (s Script) String() string { return s.text }

// Steps returns the steps.
func (s Script) Steps() []Step { return append([]Step(nil), s.steps...) }

// maxTimes bounds how often a step may repeat.
const maxTimes = 1_000_000

// A ScriptError is a script that cannot be read.
type ScriptError struct {
	Script   string
	Step     int // from 1
	Position int // of the fault, in characters from 1
	Message  string
	Nearest  string // the right word that is nearest to what stands there; may be empty
}

// Error names the step, and shows the script with a caret below the fault.
func (e *ScriptError) Error() string {
	return fmt.Sprintf("step %d of the script, at character %d: %s\n  %s\n  %s^", e.Step, e.Position, e.Message, e.Script, strings.Repeat(" ", e.Position-1))
}

// Parse reads a script: steps with commas between them. A step is a status (200, 503), a status with a body (200:ok, or
// 200:"with, commas"), or one of the Words; x and a number behind a status or word repeats it: 500x3,200. An empty script
// is 200. The error is a *ScriptError.
func Parse(text string) (Script, error) {
	p := parser{text: text}
	script := Script{text: text}
	if strings.TrimSpace(text) == "" {
		return Script{text: "200", steps: []Step{{Status: 200, Times: 1}}}, nil
	}
	for {
		p.step++
		step, err := p.parse()
		if err != nil {
			return Script{}, err
		}
		script.steps = append(script.steps, step)
		p.space()
		if p.at == len(text) {
			return script, nil
		}
		if text[p.at] != ',' {
			return Script{}, p.fault(p.at, "", "there is more behind the body; steps are separated by commas")
		}
		p.at++
	}
}

type parser struct {
	text string
	at   int // in bytes
	step int
}

func (p *parser) space() {
	for p.at < len(p.text) && p.text[p.at] == ' ' {
		p.at++
	}
}

func (p *parser) fault(at int, nearest, format string, args ...any) error {
	return &ScriptError{
		Script: p.text, Step: p.step, Position: utf8.RuneCountInString(p.text[:at]) + 1,
		Message: fmt.Sprintf(format, args...), Nearest: nearest,
	}
}

func (p *parser) parse() (Step, error) {
	p.space()
	start := p.at
	for p.at < len(p.text) && p.text[p.at] != ',' && p.text[p.at] != ':' {
		p.at++
	}
	head := strings.TrimRight(p.text[start:p.at], " ")
	step := Step{Times: 1}
	name := head
	if cut := strings.LastIndexByte(head, 'x'); cut > 0 && digits(head[cut+1:]) {
		times, err := strconv.Atoi(head[cut+1:])
		if err != nil || times < 1 || times > maxTimes {
			return step, p.fault(start+cut+1, "", "%s is not how often a step can repeat; want 1 to %d", head[cut+1:], maxTimes)
		}
		step.Times, name = times, head[:cut]
	}
	hasBody := p.at < len(p.text) && p.text[p.at] == ':'
	switch {
	case name == "":
		return step, p.fault(start, "", "there is no step here; want a status or one of %s", strings.Join(Words(), ", "))
	case digits(name):
		status, err := strconv.Atoi(name)
		if err != nil || status < 200 || status > 599 {
			return step, p.fault(start, "", "%s is not a status that ends an exchange; want 200 to 599", name)
		}
		step.Status = status
	default:
		for _, word := range Words() {
			if name == word {
				step.Word = word
			}
		}
		if step.Word == "" {
			nearest := contract.Nearest(name, Words())
			return step, p.fault(start, nearest, "%q is neither a status nor one of %s", name, strings.Join(Words(), ", "))
		}
		if hasBody {
			return step, p.fault(p.at, "", "%s has no body", name)
		}
	}
	if hasBody {
		if step.Status == 204 || step.Status == 304 {
			return step, p.fault(p.at, "", "an answer %d has no body", step.Status)
		}
		p.at++
		err := p.body(&step)
		return step, err
	}
	return step, nil
}

func (p *parser) body(step *Step) error {
	start := p.at
	if strings.HasPrefix(p.text[start:], `"`) {
		quoted, err := strconv.QuotedPrefix(p.text[start:])
		if err != nil {
			return p.fault(start, "", "the quoted body does not end; it ends with a quote, and \\\" is a quote inside")
		}
		if step.Body, err = strconv.Unquote(quoted); err != nil {
			return p.fault(start, "", "the quoted body cannot be read: %v", err)
		}
		p.at = start + len(quoted)
		return nil
	}
	if end := strings.IndexByte(p.text[start:], ','); end >= 0 {
		p.at = start + end
	} else {
		p.at = len(p.text)
	}
	step.Body = p.text[start:p.at]
	return nil
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// A Player goes through a script. It may be used by several goroutines at once: each call of Next is another request's.
type Player struct {
	mu    sync.Mutex
	steps []Step
	used  int // how often the first of steps was taken
}

// Player returns a player at the start of the script.
func (s Script) Player() *Player { return &Player{steps: s.steps} }

// Next returns the step that answers the next request.
func (p *Player) Next() Step {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.used == p.steps[0].Times && len(p.steps) > 1 {
		p.steps, p.used = p.steps[1:], 0
	}
	if p.used < p.steps[0].Times {
		p.used++
	}
	return p.steps[0]
}
