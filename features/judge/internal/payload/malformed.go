package payload

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"sync"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/contract/jsonptr"
)

// A Malformed body is one that cannot be read, or is nothing that the platform sends.
type Malformed struct {
	Label    string // as in "sent member.created, cut at 3/10 of its length"
	Body     []byte
	Encoding contract.Encoding // that its Content-Type names; empty: JSON
	Unproved bool              // it is sent without the platform's proof
}

// Malformations are the ways to break a JSON body, by the names that the features use.
var Malformations = sync.OnceValue(func() map[string]func(body []byte) []Malformed {
	return map[string]func(body []byte) []Malformed{
		"cut at every tenth of its length": func(body []byte) []Malformed {
			var out []Malformed
			for i := 1; i < 10; i++ {
				out = append(out, Malformed{Label: fmt.Sprintf("cut at %d/10 of its length", i), Body: body[:len(body)*i/10]})
			}
			return out
		},
		"with a trailing comma": func(body []byte) []Malformed {
			return []Malformed{{Label: "with a trailing comma", Body: append(bytes.Clone(body[:len(body)-1]), ",}"...)}}
		},
		"in single quotes": func(body []byte) []Malformed {
			return []Malformed{{Label: "in single quotes", Body: bytes.ReplaceAll(body, []byte(`"`), []byte(`'`))}}
		},
		"with NaN in it": func(body []byte) []Malformed {
			return []Malformed{{Label: "with NaN in it", Body: append(bytes.Clone(body[:len(body)-1]), `,"quintain":NaN}`...)}}
		},
		"with bytes that are not UTF-8": func(body []byte) []Malformed {
			return []Malformed{{Label: "with bytes that are not UTF-8", Body: append(bytes.Clone(body[:len(body)-1]), ",\"quintain\":\"\xc3\x28\xff\"}"...)}}
		},
		"after a byte order mark": func(body []byte) []Malformed {
			return []Malformed{{Label: "after a byte order mark", Body: append([]byte("\xef\xbb\xbf"), body...)}}
		},
	}
})

// BrokenForms are forms that say nothing, and that decoders trip over, by the names that the features use.
var BrokenForms = sync.OnceValue(func() map[string]func() []byte {
	return map[string]func() []byte{
		"a lone percent sign":          func() []byte { return []byte("%") },
		"an escape without digits":     func() []byte { return []byte("a=%zz") },
		"an escape that is not UTF-8":  func() []byte { return []byte("a=%ff%fe") },
		"a bracket that is not closed": func() []byte { return []byte("a[=1") },
		"nothing but separators":       func() []byte { return []byte("=&&") },
		"10,000 names": func() []byte {
			var out []byte
			for i := range 10_000 {
				out = append(strconv.AppendInt(out, int64(i), 10), '&')
			}
			return out
		},
	}
})

// Alterations are what can be done to a body after it was signed, by the names that the features use.
var Alterations = sync.OnceValue(func() map[string]func(body []byte) []byte {
	return map[string]func(body []byte) []byte{
		"its first byte altered": func(body []byte) []byte {
			out := bytes.Clone(body)
			out[0] ^= 0x20
			return out
		},
		"its last byte altered": func(body []byte) []byte {
			out := bytes.Clone(body)
			out[len(out)-1] ^= 0x20
			return out
		},
		"one space added": func(body []byte) []byte {
			return append([]byte{body[0], ' '}, body[1:]...)
		},
		"one space added at its end":              func(body []byte) []byte { return append(bytes.Clone(body), ' ') },
		"one space added in front":                func(body []byte) []byte { return append([]byte{' '}, body...) },
		"a newline added at its end":              func(body []byte) []byte { return append(bytes.Clone(body), '\n') },
		"a NUL added at its end":                  func(body []byte) []byte { return append(bytes.Clone(body), 0) },
		"a byte added that is not UTF-8":          func(body []byte) []byte { return withStrayByte(body) },
		"one letter of a value altered":           func(body []byte) []byte { return alteredLetter(body) },
		"its JSON re-serialised with indentation": indent,
	}
})

// alteredLetter makes another letter or digit of the first one in a string value: the body stays JSON of the same
// shape, and says something else.
func alteredLetter(body []byte) []byte {
	out := bytes.Clone(body)
	if at, ok := letter(body); ok {
		out[at]++
	}
	return out
}

// withStrayByte puts a byte into a string value that is not UTF-8: a decoder that leaves such bytes out reads what was
// there before.
func withStrayByte(body []byte) []byte {
	out := bytes.Clone(body)
	if at, ok := letter(body); ok {
		out = slices.Insert(out, at, 0xff)
	}
	return out
}

// letter finds the first letter or digit in a string value that has another one after it.
func letter(body []byte) (at int, ok bool) {
	at = -1
	err := jsonptr.Walk(body, func(p jsonptr.Place) error {
		if at >= 0 || p.Kind != '"' {
			return nil
		}
		for i := p.Start + 1; i < p.End-1; i++ {
			if c := body[i]; 'a' <= c && c <= 'y' || 'A' <= c && c <= 'Y' || '0' <= c && c <= '8' {
				at = i
				return nil
			}
			if body[i] == '\\' {
				i++ // what follows is part of an escape
			}
		}
		return nil
	})
	return at, err == nil && at >= 0
}
