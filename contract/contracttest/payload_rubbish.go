package contracttest

import (
	"bytes"
	"fmt"

	"github.com/quintain-dev/quintain/contract/jsonptr"
)

// A spoilt body is one that cannot be read, or is nothing that the platform sends.
type spoilt struct {
	label string // as in "sent member.created, cut at 3/10 of its length"
	body  []byte
}

// malformations are the ways to break a JSON body, by the names that the features use.
var malformations = map[string]func(body []byte) []spoilt{
	"cut at every tenth of its length": func(body []byte) []spoilt {
		var out []spoilt
		for i := 1; i < 10; i++ {
			out = append(out, spoilt{fmt.Sprintf("cut at %d/10 of its length", i), body[:len(body)*i/10]})
		}
		return out
	},
	"with a trailing comma": func(body []byte) []spoilt {
		return []spoilt{{"with a trailing comma", append(bytes.Clone(body[:len(body)-1]), ",}"...)}}
	},
	"in single quotes": func(body []byte) []spoilt {
		return []spoilt{{"in single quotes", bytes.ReplaceAll(body, []byte(`"`), []byte(`'`))}}
	},
	"with NaN in it": func(body []byte) []spoilt {
		return []spoilt{{"with NaN in it", append(bytes.Clone(body[:len(body)-1]), `,"quintain":NaN}`...)}}
	},
	"with bytes that are not UTF-8": func(body []byte) []spoilt {
		return []spoilt{{"with bytes that are not UTF-8", append(bytes.Clone(body[:len(body)-1]), ",\"quintain\":\"\xc3\x28\xff\"}"...)}}
	},
	"after a byte order mark": func(body []byte) []spoilt {
		return []spoilt{{"after a byte order mark", append([]byte("\xef\xbb\xbf"), body...)}}
	},
}

// alterations are what can be done to a body after it was signed, by the names that the features use.
var alterations = map[string]func(body []byte) []byte{
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
	"one space added at its end":             func(body []byte) []byte { return append(bytes.Clone(body), ' ') },
	"one letter of a value altered":          func(body []byte) []byte { return alteredLetter(body) },
	"its JSON written anew with indentation": indent,
}

// alteredLetter makes another letter or digit of the first one in a string value: the body stays JSON of the same shape,
// and says something else.
func alteredLetter(body []byte) []byte {
	out := bytes.Clone(body)
	at := -1
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
	if err != nil || at < 0 { // every payload that is signed has a text with a letter or digit
		panic("contracttest: nothing to alter in " + string(body))
	}
	out[at]++
	return out
}
