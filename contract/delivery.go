package contract

import (
	"math"
	"net/http"
	"time"
)

// State is where a Delivery stands.
//
//	pending → sending → acknowledged
//	                  → waiting → sending → …
//	                  → exhausted
//	pending, sending, waiting → canceled
//
// A redelivery by hand takes any settled delivery back to waiting, for one attempt.
type State string

// The states.
const (
	Pending      State = "pending"      // no attempt was made yet
	Sending      State = "sending"      // an attempt is under way
	Waiting      State = "waiting"      // failed; a retry is due
	Acknowledged State = "acknowledged" // the success rule was met
	Exhausted    State = "exhausted"    // the last retry failed
	Canceled     State = "canceled"     // the webhook went away, or was switched off
)

// Settled reports whether no further attempt will be made by itself.
func (s State) Settled() bool { return s == Acknowledged || s == Exhausted || s == Canceled }

// A Delivery is what the schedule needs to know of one event owed to one webhook. It is a value: the functions that
// change it return a new one.
type Delivery struct {
	State    State
	Attempts int       // attempts begun
	Retries  int       // retries of the schedule used up
	Due      time.Time // when the next attempt is due; of a settled delivery: when the last one was
	Manual   bool      // the attempt due, or under way, was asked for by hand and is outside the schedule
}

// Failure is why an attempt got no complete answer. The empty Failure means that there was one.
type Failure string

// The failures.
const (
	Timeout      Failure = "timeout"       // no complete answer within the timeout
	Refused      Failure = "refused"       // nobody listens at the address
	Reset        Failure = "reset"         // the connection was closed or reset before the answer was complete
	Malformed    Failure = "malformed"     // what came back is not HTTP
	Unresolvable Failure = "unresolvable"  // the host name has no address
	OtherFailure Failure = "network_error" // any other error of the network
)

// Failures lists the names of the failures.
func Failures() []string {
	var names []string
	for _, f := range []Failure{Timeout, Refused, Reset, Malformed, Unresolvable, OtherFailure} {
		names = append(names, string(f))
	}
	return names
}

// A Result is what an attempt came to.
type Result struct {
	Started    time.Time // on the schedule clock
	Status     int       // of the answer; 0 if there was none
	Failure    Failure
	RetryAfter time.Duration // that the answer asks to wait, from the start of the attempt; 0: it asks for nothing
	Roll       float64       // from 0 up to, and without, 1: where in the bounds of the jitter the next retry falls
}

// A Policy is how results are taken. The zero value never retries and takes every 2xx status for an acknowledgement.
type Policy struct {
	Success    SuccessRule
	Schedule   RetrySchedule
	Jitter     float64 // 0 to 1: the share of a delay by which it may be longer
	RetryAfter bool    // an answer's Retry-After may make a delay longer, never shorter
	Gone       bool    // a status of 410 means that the endpoint is gone, for good
}

// Bounds returns the shortest and the longest delay before a retry, counted from 0, as the jitter has it. A Retry-After
// may lead beyond. No delay is longer than a time.Duration can be.
func (p Policy) Bounds(retry int) (low, high time.Duration) {
	low = p.Schedule[retry]
	more := float64(low) * p.Jitter
	if more >= float64(math.MaxInt64-low) {
		return low, math.MaxInt64
	}
	return low, low + time.Duration(more)
}

// delay returns the delay before a retry.
func (p Policy) delay(retry int, r Result) time.Duration {
	low, high := p.Bounds(retry)
	delay := low + time.Duration(float64(high-low)*r.Roll)
	if p.RetryAfter {
		delay = max(delay, r.RetryAfter)
	}
	return delay
}

// Outcome is the verdict of a Policy on a Result.
type Outcome string

// The outcomes.
const (
	Accepted Outcome = "acknowledged"
	Failed   Outcome = "failed"
	Gone     Outcome = "gone" // no retry will do any good: the endpoint is gone
)

// NewDelivery returns a delivery whose first attempt is due at the time given.
func NewDelivery(due time.Time) Delivery { return Delivery{State: Pending, Due: due} }

// Begin marks the start of the attempt that is due.
func Begin(d Delivery) Delivery {
	d.State = Sending
	d.Attempts++
	return d
}

// Judge returns the outcome of a result.
func (p Policy) Judge(r Result) Outcome {
	switch {
	case r.Failure == "" && p.Success.Acknowledges(r.Status):
		return Accepted
	case r.Failure == "" && p.Gone && r.Status == http.StatusGone:
		return Gone
	default:
		return Failed
	}
}

// Next returns the delivery after an attempt. It reads no clock: the next due time is the start of the attempt plus the
// schedule's delay. A delivery that was canceled meanwhile stays canceled, unless the attempt was acknowledged. Of an
// endpoint that is gone, the delivery is canceled.
func Next(d Delivery, r Result, p Policy) Delivery {
	manual := d.Manual
	d.Manual = false
	switch outcome := p.Judge(r); {
	case outcome == Accepted:
		d.State = Acknowledged
	case d.State == Canceled:
	case outcome == Gone:
		d.State = Canceled
	case manual || d.Retries >= len(p.Schedule):
		d.State = Exhausted
	default:
		d.State = Waiting
		d.Due = r.Started.Add(p.delay(d.Retries, r))
		d.Retries++
	}
	return d
}

// Cancel stops a delivery that is not settled.
func Cancel(d Delivery) Delivery {
	if !d.State.Settled() {
		d.State = Canceled
	}
	return d
}

// Redeliver asks for one more attempt of a settled delivery, outside the schedule. A delivery that is not settled has
// an attempt coming and is returned as it is.
func Redeliver(d Delivery, due time.Time) Delivery {
	if d.State.Settled() {
		d.State, d.Due, d.Manual = Waiting, due, true
	}
	return d
}

// A Streak counts the consecutive failures of one webhook, over all its deliveries.
type Streak int

// After returns the streak after an attempt of the delivery d (as Begin returned it), and whether the webhook is to be
// switched off now. An attempt by hand that fails does not count; one that is acknowledged ends the streak, as any
// does, and one that finds the endpoint gone switches the webhook off.
func (s Streak) After(d Delivery, outcome Outcome, rule DisableAfter) (_ Streak, disable bool) {
	switch {
	case outcome == Accepted:
		return 0, false
	case outcome == Gone:
		return s, true
	case d.Manual || rule.Counts == CountRetries && d.Attempts == 1:
		return s, false
	}
	s++
	return s, rule.Failures > 0 && int(s) >= rule.Failures
}
