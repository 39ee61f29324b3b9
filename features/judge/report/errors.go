package report

import (
	"fmt"
	"strings"

	"github.com/quintain-dev/quintain/contract"
)

// Kind says what kept a run from being made, so that a program can choose its exit code.
type Kind string

// The kinds.
const (
	Misuse      Kind = "misuse"      // the run was asked for wrongly: an unknown rule, a missing secret
	Unreachable Kind = "unreachable" // nobody answers at the URL
)

// An Error is why a run could not be made, in a sentence that names the thing and what to do about it. What a run finds
// is never an Error: it is in the Report.
type Error struct {
	Kind    Kind
	Message string
	Err     error // what it came from; may be nil
}

func (e *Error) Error() string { return e.Message }

// Unwrap returns what the error came from.
func (e *Error) Unwrap() error { return e.Err }

// Misused makes the error of a run that was asked for wrongly.
func Misused(format string, args ...any) *Error {
	return &Error{Kind: Misuse, Message: fmt.Sprintf(format, args...)}
}

// UnknownName makes the error of a name that does not exist, with the nearest one that does.
func UnknownName(what, name string, known []string) *Error {
	if near := contract.Nearest(name, known); near != "" {
		return Misused("unknown %s %q; did you mean %q?", what, name, near)
	}
	return Misused("unknown %s %q; there is %s", what, name, strings.Join(known, ", "))
}
