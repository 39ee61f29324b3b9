// Package problem has the errors of the mock server: a code that a program branches on, a sentence for a person, and
// what to do about it. Start with New. Status maps codes to HTTP statuses, in the one table there is.
//
// It writes nothing to the network: each API has its own shape for an error.
package problem

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/quintain-dev/quintain/contract"
)

// Code is the part of an Error that a program branches on.
type Code string

// The codes.
const (
	BadJSON           Code = "bad_json"
	UnknownField      Code = "unknown_field"
	InvalidValue      Code = "invalid_value"
	HostNotAllowed    Code = "host_not_allowed"
	BadScript         Code = "bad_script"
	BadFaults         Code = "bad_faults"
	BadBody           Code = "bad_body"
	Backwards         Code = "clock_backwards"
	CrossOrigin       Code = "cross_origin"
	Unauthorized      Code = "unauthorized"
	UnknownRoute      Code = "unknown_route"
	UnknownPlatform   Code = "unknown_platform"
	UnknownRevision   Code = "unknown_revision"
	UnknownOption     Code = "unknown_option"
	UnknownEvent      Code = "unknown_event"
	UnknownAction     Code = "unknown_action"
	UnknownStory      Code = "unknown_story"
	NameOnly          Code = "name_only"
	NotDocumented     Code = "not_documented"
	BadValue          Code = "bad_value"
	BadStory          Code = "bad_story"
	BadDocument       Code = "bad_document"
	UnknownCommunity  Code = "unknown_community"
	UnknownWebhook    Code = "unknown_webhook"
	UnknownDelivery   Code = "unknown_delivery"
	UnknownInbox      Code = "unknown_inbox"
	UnknownCapture    Code = "unknown_capture"
	NotArrived        Code = "not_arrived"
	MethodNotAllowed  Code = "method_not_allowed"
	IDTaken           Code = "id_taken"
	TokenTaken        Code = "token_taken"
	ClockRuns         Code = "clock_runs"
	ClockBusy         Code = "clock_busy"
	ClockStands       Code = "clock_stands"
	ClockPaused       Code = "clock_paused"
	NotSettled        Code = "not_settled"
	SettleBound       Code = "settle_bound"
	CommunityReset    Code = "community_reset"
	NoHandshake       Code = "no_handshake"
	WebhookLimit      Code = "webhook_limit"
	WebhookInactive   Code = "webhook_inactive"
	WebhookDeleted    Code = "webhook_deleted"
	DeliveryUnsettled Code = "delivery_unsettled"
	BodyTooLarge      Code = "body_too_large"
	Internal          Code = "internal"
)

var statuses = map[Code]int{
	BadJSON:           http.StatusBadRequest,
	UnknownField:      http.StatusBadRequest,
	InvalidValue:      http.StatusBadRequest,
	HostNotAllowed:    http.StatusBadRequest,
	BadScript:         http.StatusBadRequest,
	BadFaults:         http.StatusBadRequest,
	BadBody:           http.StatusBadRequest,
	Backwards:         http.StatusBadRequest,
	CrossOrigin:       http.StatusForbidden,
	Unauthorized:      http.StatusUnauthorized,
	UnknownRoute:      http.StatusNotFound,
	UnknownPlatform:   http.StatusNotFound,
	UnknownRevision:   http.StatusNotFound,
	UnknownOption:     http.StatusNotFound,
	UnknownEvent:      http.StatusNotFound,
	UnknownAction:     http.StatusNotFound,
	UnknownStory:      http.StatusNotFound,
	NameOnly:          http.StatusConflict,
	NotDocumented:     http.StatusConflict,
	BadValue:          http.StatusBadRequest,
	BadStory:          http.StatusBadRequest,
	BadDocument:       http.StatusConflict,
	UnknownCommunity:  http.StatusNotFound,
	UnknownWebhook:    http.StatusNotFound,
	UnknownDelivery:   http.StatusNotFound,
	UnknownInbox:      http.StatusNotFound,
	UnknownCapture:    http.StatusNotFound,
	NotArrived:        http.StatusConflict,
	MethodNotAllowed:  http.StatusMethodNotAllowed,
	IDTaken:           http.StatusConflict,
	TokenTaken:        http.StatusConflict,
	ClockRuns:         http.StatusConflict,
	ClockBusy:         http.StatusConflict,
	ClockStands:       http.StatusConflict,
	ClockPaused:       http.StatusConflict,
	NotSettled:        http.StatusConflict,
	SettleBound:       http.StatusConflict,
	CommunityReset:    http.StatusConflict,
	NoHandshake:       http.StatusConflict,
	WebhookLimit:      http.StatusConflict,
	WebhookInactive:   http.StatusConflict,
	WebhookDeleted:    http.StatusConflict,
	DeliveryUnsettled: http.StatusConflict,
	BodyTooLarge:      http.StatusRequestEntityTooLarge,
	Internal:          http.StatusInternalServerError,
}

// Codes lists the codes, in no order.
func Codes() []Code {
	out := make([]Code, 0, len(statuses))
	for code := range statuses {
		out = append(out, code)
	}
	return out
}

// Status returns the HTTP status of a code; 500 for one that is not in the table.
func Status(code Code) int {
	if status, ok := statuses[code]; ok {
		return status
	}
	return http.StatusInternalServerError
}

// An Error is an error of the mock server.
type Error struct {
	Code    Code
	Message string // a sentence that names the thing and the value
	Hint    string // what to do; may be empty
	Details any    // more for a program, written as JSON beside the message; may be nil
}

// Error returns message and hint; of a message with more than one line, such as a script and its caret, the rest comes
// last.
func (e *Error) Error() string {
	if e.Hint == "" {
		return e.Message
	}
	sentence, rest, more := strings.Cut(e.Message, "\n")
	if more {
		rest = "\n" + rest
	}
	return sentence + "; " + e.Hint + rest
}

// New makes an error. The message is a format for args.
func New(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// WithHint returns the error with a hint.
func (e *Error) WithHint(format string, args ...any) *Error {
	out := *e
	out.Hint = fmt.Sprintf(format, args...)
	return &out
}

// Invalid makes the error for a field whose value will not do.
func Invalid(field, format string, args ...any) *Error {
	return New(InvalidValue, "%s %s", field, fmt.Sprintf(format, args...))
}

// Unknown makes the error for a name that is not there. The hint names the nearest one that is, or all of them if there
// are few.
func Unknown(code Code, kind, name string, known []string) *Error {
	e := New(code, "unknown %s %q", kind, name)
	if near := contract.Nearest(name, known); near != "" {
		return e.WithHint("did you mean %q?", near)
	}
	if len(known) > 0 && len(known) <= 20 {
		return e.WithHint("there is %s", strings.Join(known, ", "))
	}
	return e
}

// From returns err as an *Error: itself, if it is one; the error of the contract in our words, if it is one of those;
// and otherwise an internal error that tells the client nothing. The second result is false for an internal error,
// which is to be logged.
func From(err error) (*Error, bool) {
	var e *Error
	if errors.As(err, &e) {
		return e, e.Code != Internal
	}
	var c *contract.Error
	if errors.As(err, &c) {
		return &Error{Code: Code(c.Code), Message: c.Message, Hint: c.Hint}, true
	}
	var d *contract.DocumentError // no payload can be made of what the contract says
	if errors.As(err, &d) {
		return New(BadDocument, "%s", d), true
	}
	return New(Internal, "internal error").WithHint("the server's log says more"), false
}
