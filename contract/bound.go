package contract

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// What a body may have to be judged in a moment, no matter who sent it: a problem at each place takes microseconds, and a
// number is compared digit by digit.
const (
	maxPlaces   = 50_000 // objects, lists and values; in a form, parts of names
	maxDigits   = 1000   // of one number
	maxExponent = 3      // its digits
)

var (
	tooManyPlaces   = &Error{Code: TooLarge, Message: fmt.Sprintf("the body has more than %d places: not judged", maxPlaces)}
	tooManyParts    = &Error{Code: TooLarge, Message: fmt.Sprintf("the names of the form have more than %d parts: not judged", maxPlaces)}
	tooLargeANumber = &Error{Code: TooLarge, Message: fmt.Sprintf("the body has a number of more than %d digits: not judged", maxDigits)}
)

// decodeBounded is decode for a body that may be anybody's.
func decodeBounded(body []byte) (any, error) {
	if jsonPlaces(body) > maxPlaces {
		return nil, tooManyPlaces
	}
	value, err := decode(body)
	if err == nil && hasLongNumber(value) {
		return nil, tooLargeANumber
	}
	return value, err
}

// jsonPlaces counts the places of a JSON body, until there are more than are judged.
func jsonPlaces(body []byte) int {
	n, opened := 1, false // opened: all since the last bracket is space
	for i := 0; i < len(body) && n <= maxPlaces; i++ {
		switch b := body[i]; b {
		case ' ', '\t', '\r', '\n':
			continue
		case ']', '}':
			opened = false
			continue
		case ',':
			n++
		}
		if opened {
			n++
		}
		opened = body[i] == '[' || body[i] == '{'
		if body[i] == '"' {
			for i++; i < len(body) && body[i] != '"'; i++ {
				if body[i] == '\\' {
					i++
				}
			}
		}
	}
	return n
}

// formParts counts the parts of the names of a form, until there are more than are judged.
func formParts(form []byte) int {
	n := 0
	for len(form) > 0 && n <= maxPlaces {
		var pair []byte
		pair, form, _ = bytes.Cut(form, []byte("&"))
		name, _, _ := bytes.Cut(pair, []byte("="))
		n++
		for i, b := range name {
			if b == '.' || b == '[' || b == '%' && isSeparator(name[i:]) {
				n++
			}
		}
	}
	return n
}

// isSeparator reports whether a name goes on with an escaped dot or bracket.
func isSeparator(name []byte) bool {
	return len(name) > 2 && (name[1] == '2' && name[2]|0x20 == 'e' || name[1] == '5' && name[2]|0x20 == 'b')
}

// hasLongNumber reports whether a number is so long that a schema cannot be tried on it in a moment.
func hasLongNumber(value any) bool {
	switch value := value.(type) {
	case json.Number:
		return long(string(value))
	case []any:
		for _, one := range value {
			if hasLongNumber(one) {
				return true
			}
		}
	case map[string]any:
		for _, one := range value {
			if hasLongNumber(one) {
				return true
			}
		}
	}
	return false
}

// long reports whether a JSON number has more digits than are read, or would have without its exponent.
func long(number string) bool {
	_, exponent, _ := strings.Cut(strings.ToLower(number), "e")
	return len(number) > maxDigits || len(strings.TrimLeft(exponent, "+-0")) > maxExponent
}
