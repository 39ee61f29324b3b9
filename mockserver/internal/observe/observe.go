// Package observe has what the observer of a server learns, as it happens. It stands alone since the server hands its
// types on to whoever watches, and knows no community.
package observe

import (
	"fmt"
	"time"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver/clock"
	"github.com/quintain-dev/quintain/mockserver/internal/store"
)

// An Observer learns what a server does, as it does it. The server calls its functions from many goroutines, after the
// journal has the record. A delivery waits until its function returns, so that a function that may block has to hand on
// what it learns. A nil function learns nothing.
type Observer struct {
	Attempt func(Attempt)
	Request func(Request)
}

// An Attempt is one HTTP request that the server made: an attempt of a delivery, a copy of it, or a test of a
// webhook. Credentials are redacted as in the journal.
type Attempt struct {
	Community  string
	Event      string
	DeliveryID string // empty for a test
	Number     int    // of the delivery, from 1
	Copy       int    // of a fault that repeats the request, from 1; 0 for the request that counts
	Manual     bool   // outside the schedule
	URL        string
	Status     int // 0 without an answer
	Duration   time.Duration
	Outcome    contract.Outcome
	Failure    contract.Failure // empty if there was an answer
	Reason     string           // why the attempt failed, where its status does not say so
	Answer     []byte           // the body; shared with the journal, not to be changed
	Faults     []string

	// How the delivery goes on. A copy and a test have no state.
	State contract.State
	Due   time.Time     // of the next attempt, in schedule time; zero if there is none
	In    time.Duration // from now until Due
	Clock clock.Mode    // what In is measured by
}

// A Request is one request that an inbox received.
type Request struct {
	Community string
	Inbox     string
	Event     string // empty if the body does not say it
	Attempt   int    // how often this delivery has come to the inbox, from 1
	Method    string
	Bytes     int
	Valid     bool
	Problems  []contract.Problem
	Signature string // what the check of the signature found; empty if there was none to check
	Answered  string // the answer of the script; empty if the sender broke off
}

// Attempts tells of attempts that belong to one delivery, which is as they left it; now is the schedule time, by a
// clock of this mode. A webhook acknowledges by the success rule.
func (o Observer) Attempts(
	community string, attempts []store.Attempt, d store.Delivery, rule contract.SuccessRule, mode clock.Mode, now time.Time,
) {
	for i := range attempts {
		a := newAttempt(&attempts[i], rule)
		a.Community, a.Clock = community, mode
		if i == 0 {
			a.State = d.State
		}
		if a.State == contract.Waiting || a.State == contract.Pending {
			a.Due, a.In = d.Due, max(0, d.Due.Sub(now))
		}
		o.Attempt(a)
	}
}

func newAttempt(a *store.Attempt, rule contract.SuccessRule) Attempt {
	out := Attempt{
		Event: a.EventType, DeliveryID: a.DeliveryID, Number: a.Number, Copy: a.Copy, Manual: a.Manual,
		URL: a.Request.URL, Duration: a.Duration, Outcome: a.Outcome, Failure: a.Failure, Reason: a.Error, Faults: a.Faults,
	}
	if a.Response == nil {
		return out
	}
	out.Status, out.Answer = a.Response.Status, a.Response.Body
	if a.Outcome == contract.Failed && out.Status < 400 { // the platform is stricter than most
		out.Reason = fmt.Sprintf("the status is %d, want %s", out.Status, rule)
	}
	return out
}

// Capture tells of a request that an inbox received.
func (o Observer) Capture(community string, c store.Capture) {
	if o.Request == nil {
		return
	}
	o.Request(Request{
		Community: community, Inbox: c.Inbox, Event: c.Event, Attempt: c.Attempt, Method: c.Method, Bytes: len(c.Body),
		Valid: c.Valid, Problems: c.Problems, Signature: c.Signature, Answered: c.Answered,
	})
}
