package yamltree

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// notJSON begins the messages of faults that YAML may have less trouble with.
const notJSON = "not JSON: "

// jsonReader reads JSON by tokens, and counts lines as it goes.
type jsonReader struct {
	src    []byte
	dec    *json.Decoder
	at     int // how far lines are counted
	line   int
	column int // of the byte at at, in characters
	nodes  int
}

func parseJSON(src []byte) (*Node, *SyntaxError) {
	r := &jsonReader{src: src, line: 1, column: 1}
	r.at = len(src) - len(bytes.TrimPrefix(src, []byte("\ufeff")))
	r.dec = json.NewDecoder(bytes.NewReader(src[r.at:]))
	r.dec.UseNumber()
	offset := r.at
	root, err := r.value(offset, 0)
	if err != nil {
		return nil, err
	}
	if r.place(offset); len(bytes.TrimSpace(r.src[r.end(offset):])) > 0 {
		line, column := r.place(r.end(offset))
		return nil, &SyntaxError{line, column, "something follows the JSON document"}
	}
	return root, nil
}

// end is where the last token ended. The decoder counts from behind a byte order mark at offset.
func (r *jsonReader) end(offset int) int { return offset + int(r.dec.InputOffset()) }

// place moves to the first byte at or behind offset that begins a token, and returns where it is.
func (r *jsonReader) place(offset int) (line, column int) {
	for ; r.at < len(r.src); r.at++ {
		switch c := r.src[r.at]; {
		case c == '\n':
			r.line, r.column = r.line+1, 1
		case r.at < offset, c == ' ', c == '\t', c == '\r', c == ',', c == ':':
			if utf8.RuneStart(c) {
				r.column++
			}
		default:
			return r.line, r.column
		}
	}
	return r.line, r.column
}

func (r *jsonReader) value(origin, depth int) (*Node, *SyntaxError) {
	line, column := r.place(r.end(origin))
	token, err := r.dec.Token()
	if err != nil {
		return nil, r.fault(err, origin)
	}
	if r.nodes++; r.nodes > MaxNodes {
		return nil, &SyntaxError{line, column, fmt.Sprintf("the document has more than %d values", MaxNodes)}
	}
	n := &Node{Line: line, Column: column}
	delim, ok := token.(json.Delim)
	if !ok {
		n.Value = token
		if number, ok := token.(json.Number); ok && !sensible(number) {
			return nil, &SyntaxError{line, column, fmt.Sprintf("the number %.40s is out of range", number)}
		}
		return n, nil
	}
	if depth >= maxDepth {
		return nil, &SyntaxError{line, column, fmt.Sprintf("the document nests more than %d levels deep", maxDepth)}
	}
	if delim == '[' {
		n.Kind = Sequence
		for r.dec.More() {
			item, err := r.value(origin, depth+1)
			if err != nil {
				return nil, err
			}
			n.Items = append(n.Items, item)
		}
	} else if err := r.entries(n, origin, depth); err != nil {
		return nil, err
	}
	if _, err := r.dec.Token(); err != nil {
		return nil, r.fault(err, origin)
	}
	return n, nil
}

func (r *jsonReader) entries(n *Node, origin, depth int) *SyntaxError {
	n.Kind = Mapping
	known := map[string]bool{}
	for r.dec.More() {
		line, column := r.place(r.end(origin))
		token, err := r.dec.Token()
		if err != nil {
			return r.fault(err, origin)
		}
		key := token.(string) // the decoder sees to it
		if known[key] {
			return &SyntaxError{line, column, fmt.Sprintf("the key %q is there twice", key)}
		}
		known[key] = true
		value, fault := r.value(origin, depth+1)
		if fault != nil {
			return fault
		}
		n.Keys, n.Items = append(n.Keys, key), append(n.Items, value)
	}
	n.reindex()
	return nil
}

// sensible reports whether a number is one that can be computed with: 1e999999999 is not.
func sensible(n json.Number) bool {
	if len(n) > 400 {
		return false
	}
	_, exponent, ok := strings.Cut(strings.ToLower(n.String()), "e")
	if !ok {
		return true
	}
	e, err := strconv.Atoi(exponent)
	return err == nil && e > -400 && e < 400
}

func (r *jsonReader) fault(err error, origin int) *SyntaxError {
	message, offset := notJSON+err.Error(), r.end(origin)
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		// The decoder counts the byte at fault in some of its errors, and not in others.
		if offset = origin + int(syntax.Offset); offset > 0 && offset <= len(r.src) && !bytes.ContainsRune([]byte(" \t\r\n,:"), rune(r.src[offset-1])) {
			offset--
		}
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		message, offset = notJSON+"it ends too early", len(r.src)
	}
	before := r.src[:min(offset, len(r.src))]
	return &SyntaxError{1 + bytes.Count(before, []byte("\n")), len(before) - bytes.LastIndexByte(before, '\n'), message}
}
