// Package jsonptr edits a JSON body at a JSON pointer and leaves every other byte as it was: key order, white space and
// the spelling of numbers stay. Start with Set; Walk lists what there is to edit.
//
// It is not a decoder: the body must be valid JSON, which every function assumes and Find reports.
package jsonptr

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// ErrNotFound is the error for a pointer at which there is no value.
var ErrNotFound = errors.New("there is no value at this pointer")

// A Place is a value of a body.
type Place struct {
	Pointer string // "" for the whole body
	Kind    byte   // the first byte of the value: { [ " t f n, or a digit or minus for a number
	Key     int    // where the member begins: the quote of its key; the value itself if it is no object's member
	Start   int    // body[Start:End] is the value
	End     int
	Member  bool // the value is a member of an object
}

// Walk calls visit for every value of the body, an object or array before what is inside it, and stops at the first
// error of visit. A body that is not JSON is an error.
func Walk(body []byte, visit func(Place) error) error {
	if !json.Valid(body) {
		return errors.New("the body is not JSON")
	}
	w := walker{body: body, visit: visit, ends: ends(body)}
	w.space()
	return w.value(Place{Key: w.at})
}

// Find returns the place of a pointer. The error wraps ErrNotFound.
func Find(body []byte, pointer string) (found Place, err error) {
	stop := errors.New("found")
	err = Walk(body, func(p Place) error {
		if p.Pointer != pointer {
			return nil
		}
		found = p
		return stop
	})
	switch {
	case err == nil:
		return found, fmt.Errorf("%s: %w", pointer, ErrNotFound)
	case !errors.Is(err, stop):
		return found, err
	}
	return found, nil
}

// Set replaces the value at a pointer by another piece of JSON.
func Set(body []byte, pointer string, value []byte) ([]byte, error) {
	p, err := Find(body, pointer)
	if err != nil {
		return nil, err
	}
	return splice(body, p.Start, p.End, value), nil
}

// Remove takes the member or item at a pointer out of its object or array.
func Remove(body []byte, pointer string) ([]byte, error) {
	p, err := Find(body, pointer)
	if err != nil {
		return nil, err
	}
	if pointer == "" {
		return nil, fmt.Errorf("the whole body cannot be removed")
	}
	// One comma goes too: the one behind, or for the last member the one before.
	start, end := p.Key, p.End
	after := skipSpace(body, end)
	if body[after] == ',' {
		return splice(body, start, skipSpace(body, after+1), nil), nil
	}
	before := bytes.LastIndexFunc(body[:start], func(r rune) bool { return !strings.ContainsRune(" \t\r\n", r) })
	if body[before] == ',' {
		start = before
	}
	return splice(body, start, end, nil), nil
}

// Insert adds a member to the object at a pointer, as its last one. A name that the object has already is an error: Set
// replaces a value.
func Insert(body []byte, pointer, key string, value []byte) ([]byte, error) {
	p, err := Find(body, pointer)
	if err != nil {
		return nil, err
	}
	if p.Kind != '{' {
		return nil, fmt.Errorf("%s: a member can only be added to an object", pointer)
	}
	member := pointer + "/" + Escape(key)
	if _, err := Find(body, member); !errors.Is(err, ErrNotFound) {
		return nil, fmt.Errorf("%s: the object has this member already", member)
	}
	name, err := json.Marshal(key)
	if err != nil {
		return nil, err
	}
	added := append(append(name, ':'), value...)
	if body[skipSpace(body, p.Start+1)] != '}' {
		added = append([]byte{','}, added...)
	}
	return splice(body, p.End-1, p.End-1, added), nil
}

// Escape writes a key as a token of a JSON pointer.
func Escape(key string) string { return escaper.Replace(key) }

// Unescape reads a token of a JSON pointer.
func Unescape(token string) string { return unescaper.Replace(token) }

var (
	escaper   = strings.NewReplacer("~", "~0", "/", "~1")
	unescaper = strings.NewReplacer("~1", "/", "~0", "~")
)

func splice(body []byte, start, end int, with []byte) []byte {
	out := make([]byte, 0, len(body)-(end-start)+len(with))
	return append(append(append(out, body[:start]...), with...), body[end:]...)
}

func skipSpace(body []byte, i int) int {
	for i < len(body) && strings.IndexByte(" \t\r\n", body[i]) >= 0 {
		i++
	}
	return i
}

// walker goes over a body that is known to be valid.
type walker struct {
	body  []byte
	at    int
	visit func(Place) error
	ends  map[int]int // of each object and array, by where it begins
}

// ends finds where objects and arrays end, in one pass.
func ends(body []byte) map[int]int {
	out := map[int]int{}
	var open []int
	for i := 0; i < len(body); i++ {
		switch body[i] {
		case '"':
			i = stringEnd(body, i) - 1
		case '{', '[':
			open = append(open, i)
		case '}', ']':
			out[open[len(open)-1]] = i + 1
			open = open[:len(open)-1]
		}
	}
	return out
}

// stringEnd returns where the string that begins at i ends.
func stringEnd(body []byte, i int) int {
	for i++; body[i] != '"'; i++ {
		if body[i] == '\\' {
			i++
		}
	}
	return i + 1
}

func (w *walker) space() { w.at = skipSpace(w.body, w.at) }

func (w *walker) value(p Place) error {
	p.Start, p.Kind = w.at, w.body[w.at]
	p.End = w.end(w.at)
	if err := w.visit(p); err != nil {
		return err
	}
	if p.Kind != '{' && p.Kind != '[' {
		w.at = p.End
		return nil
	}
	w.at++
	for i := 0; ; i++ {
		w.space()
		switch w.body[w.at] {
		case ',':
			w.at++
			w.space()
		case '}', ']':
			w.at++
			return nil
		}
		child := Place{Key: w.at, Pointer: p.Pointer + "/" + strconv.Itoa(i)}
		if p.Kind == '{' {
			end := w.end(w.at)
			var key string
			if err := json.Unmarshal(w.body[w.at:end], &key); err != nil {
				return err
			}
			child.Member, child.Pointer = true, p.Pointer+"/"+Escape(key)
			w.at = end
			w.space()
			w.at++ // the colon
			w.space()
		}
		if err := w.value(child); err != nil {
			return err
		}
	}
}

// end returns where the value that begins at i ends.
func (w *walker) end(i int) int {
	switch w.body[i] {
	case '"':
		return stringEnd(w.body, i)
	case '{', '[':
		return w.ends[i]
	default:
		for i < len(w.body) && strings.IndexByte(",]} \t\r\n", w.body[i]) < 0 {
			i++
		}
		return i
	}
}
