package script

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A Cursor reads a script word by word. A word is what stands between spaces and the marks , ; : | and ". White space
// does not count, a line break is white space.
type Cursor struct {
	text string
	at   int // in bytes
}

// NewCursor returns a cursor at the start of a script.
func NewCursor(text string) *Cursor { return &Cursor{text: text} }

const (
	space = " \t\r\n"
	marks = `,;:|"`
)

func (c *Cursor) skip() {
	for c.at < len(c.text) && strings.IndexByte(space, c.text[c.at]) >= 0 {
		c.at++
	}
}

// End reports whether there is nothing more.
func (c *Cursor) End() bool {
	c.skip()
	return c.at == len(c.text)
}

// Peek returns the next word, or "" if a mark or the end comes first.
func (c *Cursor) Peek() string {
	c.skip()
	rest := c.text[c.at:]
	if end := strings.IndexAny(rest, space+marks); end >= 0 {
		return rest[:end]
	}
	return rest
}

// Word returns the next word, or "", and goes behind it.
func (c *Cursor) Word() string {
	word := c.Peek()
	c.at += len(word)
	return word
}

// Quoted reports whether a text in quotes comes next.
func (c *Cursor) Quoted() bool {
	c.skip()
	return c.at < len(c.text) && c.text[c.at] == '"'
}

// Since returns what stands between a position that Position returned and the cursor.
func (c *Cursor) Since(position int) string { return c.text[position:c.at] }

// Take goes behind the next word if it is this one.
func (c *Cursor) Take(word string) bool {
	if c.Peek() != word {
		return false
	}
	c.Word()
	return true
}

// Punct goes behind the next mark if it is this one.
func (c *Cursor) Punct(mark byte) bool {
	c.skip()
	if c.at == len(c.text) || c.text[c.at] != mark {
		return false
	}
	c.at++
	return true
}

// Fail makes the error for what stands at the cursor. The nearest is the word that was meant, if one is near.
func (c *Cursor) Fail(nearest, format string, args ...any) error {
	c.skip()
	return c.FailAt(c.at, nearest, format, args...)
}

// FailAt makes the error for what stands at a position that Position returned.
func (c *Cursor) FailAt(position int, nearest, format string, args ...any) error {
	return &Error{Script: c.text, Position: characters(c.text, position) + 1, Message: fmt.Sprintf(format, args...), Nearest: nearest}
}

// Position returns where the next word or mark is, for FailAt.
func (c *Cursor) Position() int {
	c.skip()
	return c.at
}

// Times reads how often, written as x3 or at the end of the word that was read last; 1 if it is not there.
func (c *Cursor) Times(most int) (int, error) {
	word := c.Peek()
	digits, found := strings.CutPrefix(word, "x")
	if !found || strings.Trim(digits, "0123456789") != "" || digits == "" {
		return 1, nil
	}
	n, ok := number(digits, 1, most)
	if !ok {
		return 0, c.Fail("", "%s is not how often, want x1 to x%d", word, most)
	}
	c.Word()
	return n, nil
}

// Split returns the next word without a count at its end, such as 500 of 500x3, and goes behind the word only, so that
// Times reads the count.
func (c *Cursor) Split() string {
	word := c.Peek()
	if cut := strings.LastIndexByte(word, 'x'); cut > 0 && cut < len(word)-1 && strings.Trim(word[cut+1:], "0123456789") == "" {
		word = word[:cut]
	}
	c.at += len(word)
	return word
}

// Int reads a number.
func (c *Cursor) Int(what string, low, high int) (int, error) {
	n, ok := number(c.Peek(), low, high)
	if !ok {
		return 0, c.Fail("", "%q is not %s, want %d to %d", c.Peek(), what, low, high)
	}
	c.Word()
	return n, nil
}

// Duration reads a duration such as 3s or 1m30s.
func (c *Cursor) Duration(what string, low, high time.Duration) (time.Duration, error) {
	d, err := time.ParseDuration(c.Peek())
	if err != nil || d < low || d > high {
		return 0, c.Fail("", "%q is not %s, want a duration from %s to %s such as 3s", c.Peek(), what, low, high)
	}
	c.Word()
	return d, nil
}

// Size reads a number of bytes, such as 512, 64kB or 10MB; a kB is 1000 bytes.
func (c *Cursor) Size(what string, low, high int) (int, error) {
	word, unit := c.Peek(), 1
	digits := word
	for suffix, size := range map[string]int{"kB": 1000, "MB": 1_000_000} {
		if cut, found := strings.CutSuffix(word, suffix); found {
			digits, unit = cut, size
		}
	}
	n, ok := number(digits, 0, high/unit)
	if !ok || n*unit < low {
		return 0, c.Fail("", "%q is not %s, want %d to %d bytes, such as 64kB or 10MB", word, what, low, high)
	}
	c.Word()
	return n * unit, nil
}

// Percent reads a percentage such as 30% or 0.5%; found is false if the next word does not end with a percent sign.
func (c *Cursor) Percent() (share float64, found bool, err error) {
	digits, found := strings.CutSuffix(c.Peek(), "%")
	if !found {
		return 0, false, nil
	}
	percent, err := strconv.ParseFloat(digits, 64)
	if err != nil || !(percent > 0 && percent <= 100) || strings.Trim(digits, "0123456789.") != "" {
		return 0, true, c.Fail("", "%q is no percentage, want more than 0%% and at most 100%%", c.Peek())
	}
	c.Word()
	return percent / 100, true, nil
}

// String reads a text in quotes, with the escapes of Go.
func (c *Cursor) String(what string) (string, error) {
	if !c.Quoted() {
		return "", c.Fail("", "here %s is missing, in quotes", what)
	}
	quoted, err := strconv.QuotedPrefix(c.text[c.at:])
	if err != nil {
		return "", c.Fail("", `%s does not end; it ends with a quote, and \" is a quote inside`, what)
	}
	text, err := strconv.Unquote(quoted)
	if err != nil {
		return "", c.Fail("", "%s cannot be read: %v", what, err)
	}
	c.at += len(quoted)
	return text, nil
}

// Text reads a text in quotes, or everything up to the next comma, semicolon, bar or the end.
func (c *Cursor) Text(what string) (string, error) {
	if strings.HasPrefix(c.text[c.at:], `"`) {
		return c.String(what)
	}
	rest := c.text[c.at:]
	if end := strings.IndexAny(rest, ",;|"); end >= 0 {
		rest = rest[:end]
	}
	c.at += len(rest)
	return rest, nil
}
