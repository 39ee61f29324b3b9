package contract

import (
	"fmt"
	"strings"

	"github.com/agnivade/levenshtein"
)

// Code is the part of an Error that a program branches on.
type Code string

// The codes of the errors of this package.
const (
	UnknownPlatform Code = "unknown_platform"
	UnknownRevision Code = "unknown_revision"
	UnknownOption   Code = "unknown_option"
	UnknownEvent    Code = "unknown_event"
	NameOnly        Code = "name_only" // an event that is known by its name only, so that it cannot be sent
	UnknownEncoding Code = "unknown_encoding"
	BadDocument     Code = "bad_document"   // a fault of a contract document, which is also a *DocumentError where it has a place; or an example that is not there
	BadValue        Code = "bad_value"      // of an override or a change: of another type, or for nothing that there is
	BadBody         Code = "bad_body"       // a body that is not JSON at all
	TooLarge        Code = "body_too_large" // a body that is not judged, because that would take too long
	InvalidPayload  Code = "invalid_payload"
)

// An Error says what is wrong in a sentence that names the thing and the value, and what to do about it.
type Error struct {
	Code    Code
	Message string
	Hint    string // what to do; may be empty
}

func (e *Error) Error() string {
	if e.Hint == "" {
		return e.Message
	}
	return e.Message + "; " + e.Hint
}

// Unknown makes the error for a name that is not there, with the nearest one that is, or all of them.
func Unknown(code Code, kind, name string, known []string) *Error {
	shown := name
	if len(shown) > 100 {
		shown = shown[:100] + "…"
	}
	e := &Error{Code: code, Message: fmt.Sprintf("unknown %s %q", kind, shown)}
	if near := Nearest(name, known); near != "" {
		e.Hint = fmt.Sprintf("did you mean %q?", near)
	} else {
		e.Hint = "there is " + strings.Join(known, ", ")
	}
	return e
}

// Nearest returns the known name that a person who typed name most likely meant, or "" if none is near.
func Nearest(name string, known []string) string {
	if len(name) > 100 { // nobody types this, and the distance takes time
		return ""
	}
	best, bestDistance := "", len(name)/2+1
	for _, candidate := range known {
		d := levenshtein.ComputeDistance(strings.ToLower(name), strings.ToLower(candidate))
		if name != "" && strings.HasPrefix(strings.ToLower(candidate), strings.ToLower(name)) {
			d = min(d, 1)
		}
		if d < bestDistance {
			best, bestDistance = candidate, d
		}
	}
	return best
}

// A DocumentError is a fault in a contract document.
type DocumentError struct {
	File    string // as it was given
	Line    int    // from 1
	Column  int    // from 1
	Pointer string // JSON pointer of the faulty node; empty if the file could not be parsed
	Message string
}

// Error has the form "file:line:column: /pointer: message".
func (e *DocumentError) Error() string {
	place := fmt.Sprintf("%s:%d:%d: ", e.File, e.Line, e.Column)
	if e.Pointer != "" {
		place += e.Pointer + ": "
	}
	return place + e.Message
}
