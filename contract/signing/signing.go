// Package signing signs and verifies webhook deliveries the way community platforms do, and by Standard Webhooks, with
// the standard library alone.
//
// A receiver starts with the scheme of its platform and Verify:
//
//	scheme := signing.HMAC{
//		Header:          "X-Tribe-Signature",
//		TimestampHeader: "X-Tribe-Request-Timestamp",
//		Tolerance:       15 * time.Minute,
//	}
//	if err := scheme.Verify(r.Header, secret, body, time.Now()); err != nil {
//		http.Error(w, err.Error(), http.StatusForbidden)
//		return
//	}
//
// The body is the raw request body: bytes that were decoded and encoded again are other bytes, and do not verify. No
// function here reads a clock or the environment: the time and the secret are parameters.
//
// It is not a registry of platforms (package contract says which scheme a platform uses) and it keeps no memory of what
// it has seen: refusing a replay inside the tolerance is the receiver's work, by the delivery's id.
package signing

import (
	"errors"
	"net/http"
	"time"
)

// The reasons why Verify refuses a request. Each returned error wraps exactly one of them.
var (
	// ErrMissing: a header that the scheme needs is absent or empty.
	ErrMissing = errors.New("signature missing")
	// ErrMalformed: a header is there and cannot be a signature (or timestamp) of this scheme.
	ErrMalformed = errors.New("signature malformed")
	// ErrMismatch: the signature is well formed and belongs to other bytes or to another secret.
	ErrMismatch = errors.New("signature does not match")
	// ErrNoSecret: there is no secret to verify with, so that nothing can be told from a forgery.
	ErrNoSecret = errors.New("no secret to verify with")
	// ErrStale: the signature is right and its timestamp is older than the tolerance.
	ErrStale = errors.New("timestamp too old")
	// ErrFuture: the signature is right and its timestamp is further in the future than the tolerance.
	ErrFuture = errors.New("timestamp in the future")
)

// A Scheme is one way to prove that a request comes from the platform.
//
// A Scheme may be copied and used by several goroutines at once. It has no state, but for what [Keeping] keeps.
type Scheme interface {
	// Sign sets the scheme's headers on h for the raw body, as sent at the time at.
	Sign(h http.Header, secret string, body []byte, at time.Time)

	// Verify returns nil if h carries a valid proof for the raw body at the time now, and otherwise an error that
	// wraps [ErrMissing], [ErrMalformed], [ErrMismatch], [ErrNoSecret], [ErrStale] or [ErrFuture].
	Verify(h http.Header, secret string, body []byte, now time.Time) error

	// Headers names the headers that Sign sets, the one that carries the proof first. It is empty if there are none.
	Headers() []string
}

// Unsigned is the scheme of a platform that documents no proof at all: Sign sets nothing and Verify accepts everything.
type Unsigned struct{}

// Sign does nothing.
func (Unsigned) Sign(http.Header, string, []byte, time.Time) {}

// Verify returns nil.
func (Unsigned) Verify(http.Header, string, []byte, time.Time) error { return nil }

// Headers returns nil.
func (Unsigned) Headers() []string { return nil }
