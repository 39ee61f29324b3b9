// Package script reads the one small language in which an inbox says how it answers and a sender how it misbehaves.
// Start with Parse, which reads the frame and leaves the single item to whoever knows its words:
//
//	500x3, timeout, 200                             items, with commas between them
//	when event member.* attempt 1-3: 503; 200       rules, with semicolons between them; the first that matches counts
//
// It knows no word of either vocabulary, and draws no lots but those of Roll.
package script

import (
	"fmt"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/quintain-dev/quintain/contract"
)

// An Error is a script that cannot be read.
type Error struct {
	Script   string
	Position int // of the fault, in characters from 1
	Message  string
	Nearest  string // the right word that is nearest to what stands there; may be empty
}

// Error says what is wrong, and shows the script with a caret below the fault.
func (e *Error) Error() string {
	text := []rune(e.Script)
	before, behind := string(text[:e.Position-1]), string(text[e.Position-1:])
	before = before[strings.LastIndexByte(before, '\n')+1:] // a script may have lines; show the one
	behind, _, _ = strings.Cut(behind, "\n")
	return fmt.Sprintf("at character %d: %s\n  %s\n  %s^", e.Position, e.Message, before+behind, strings.Repeat(" ", utf8.RuneCountInString(before)))
}

// A Condition says for which deliveries a rule is. The zero value is for all.
type Condition struct {
	Events   []string // names, or patterns such as member.*; empty for all
	Places   []int    // where each of Events stands in the script, for FailAt
	From, To int      // of attempts, from 1; 0 for no limit
}

// Matches reports whether the condition holds for an attempt at the delivery of an event.
func (c Condition) Matches(event string, attempt int) bool {
	if attempt < c.From || c.To > 0 && attempt > c.To {
		return false
	}
	for _, pattern := range c.Events {
		if matched, _ := path.Match(pattern, event); matched { // the pattern was tried when it was read
			return true
		}
	}
	return len(c.Events) == 0
}

// Of reports whether the condition may hold for an attempt at the delivery of an event.
func (c Condition) Of(event string) bool { return c.Matches(event, max(c.From, 1)) }

// always reports whether the condition holds for everything.
func (c Condition) always() bool { return len(c.Events) == 0 && c.From <= 1 && c.To == 0 }

// A Rule is items and when they are for.
type Rule[T any] struct {
	When  Condition
	Items []T
}

// Parse reads a script, and calls item for each item with the cursor at its first word. Item reads up to the comma, the
// semicolon or the end. The error is an *Error. There are as many rules as the script has, each with an item.
func Parse[T any](text string, item func(*Cursor) (T, error)) ([]Rule[T], error) {
	c := &Cursor{text: text}
	var rules []Rule[T]
	for {
		var rule Rule[T]
		if c.Take("when") {
			var err error
			if rule.When, err = c.condition(); err != nil {
				return nil, err
			}
		}
		for {
			one, err := item(c)
			if err != nil {
				return nil, err
			}
			rule.Items = append(rule.Items, one)
			if !c.Punct(',') {
				break
			}
		}
		rules = append(rules, rule)
		if c.End() {
			return rules, nil
		}
		if !c.Punct(';') {
			return nil, c.Fail("", "there is more here than an item has; items are separated by commas, rules by semicolons")
		}
		if rule.When.always() && !c.End() {
			return nil, c.Fail("", "this rule never has its turn: the one before it is for everything, and stands last")
		}
	}
}

func (c *Cursor) condition() (Condition, error) {
	var out Condition
	for !c.Punct(':') {
		switch at := c.Position(); {
		case c.Take("event"):
			for next := c.Peek(); next != "" && next != "attempt"; next = c.Peek() {
				if _, err := path.Match(next, ""); err != nil {
					return out, c.Fail("", "%q is no pattern for the names of events; write such as member.*", next)
				}
				out.Places = append(out.Places, c.Position())
				out.Events = append(out.Events, c.Word())
			}
			if out.Events == nil {
				return out, c.Fail("", "here the name of an event is missing, or a pattern such as member.*")
			}
		case c.Take("attempt"):
			if out.From != 0 {
				return out, c.FailAt(at, "", "attempt is said twice")
			}
			var err error
			if out.From, out.To, err = c.span(); err != nil {
				return out, err
			}
		case c.Peek() != "":
			known := []string{"event", "attempt"}
			return out, c.Fail(contract.Nearest(c.Peek(), known), "%q is neither event nor attempt", c.Peek())
		default:
			return out, c.Fail("", "a condition ends with a colon, as in: when attempt 1-3: 503")
		}
	}
	if out.Events == nil && out.From == 0 {
		return out, c.Fail("", "the condition is empty; write such as: when event member.* attempt 1: 503")
	}
	return out, nil
}

// span reads 2, 2-4 or 3+.
func (c *Cursor) span() (from, to int, err error) {
	text := c.Peek()
	low, high, several := strings.Cut(text, "-")
	open := !several && strings.HasSuffix(text, "+")
	from, ok := number(strings.TrimSuffix(low, "+"), 1, MaxTimes)
	to = from
	switch {
	case open:
		to = 0
	case several && ok:
		to, ok = number(high, from, MaxTimes)
	}
	if !ok {
		return 0, 0, c.Fail("", "%q is no number of an attempt; write 1, 2-4 or 3+", text)
	}
	c.Word()
	return from, to, nil
}

// MaxTimes is the largest number in a script.
const MaxTimes = 1_000_000

func number(digits string, low, high int) (int, bool) {
	if digits == "" || len(digits) > 9 || strings.Trim(digits, "0123456789") != "" {
		return 0, false
	}
	n := 0
	for _, d := range digits {
		n = n*10 + int(d-'0')
	}
	return n, low <= n && n <= high
}

// characters counts the characters before a byte.
func characters(text string, at int) int { return utf8.RuneCountInString(text[:at]) }
