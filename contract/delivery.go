package contract

import "time"

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

// A Result is what an attempt came to.
type Result struct {
	Started time.Time // on the schedule clock
	Status  int       // of the answer; 0 if there was none
	Failure Failure
}

// Outcome is the verdict of the success rule on a Result.
type Outcome string

// The outcomes.
const (
	Accepted Outcome = "acknowledged"
	Failed   Outcome = "failed"
)

// NewDelivery returns a delivery whose first attempt is due at the time given.
func NewDelivery(due time.Time) Delivery { return Delivery{State: Pending, Due: due} }

// Begin marks the start of the attempt that is due.
func Begin(d Delivery) Delivery {
	d.State = Sending
	d.Attempts++
	return d
}

// Judge applies the success rule to a result.
func Judge(r Result, rule SuccessRule) Outcome {
	if r.Failure == "" && rule.Acknowledges(r.Status) {
		return Accepted
	}
	return Failed
}

// Next returns the delivery after an attempt. It reads no clock: the next due time is the start of the attempt plus the
// schedule's delay. A delivery that was canceled meanwhile stays canceled, unless the attempt was acknowledged.
func Next(d Delivery, r Result, rule SuccessRule, schedule RetrySchedule) Delivery {
	manual := d.Manual
	d.Manual = false
	switch {
	case Judge(r, rule) == Accepted:
		d.State = Acknowledged
	case d.State == Canceled:
	case manual || d.Retries >= len(schedule):
		d.State = Exhausted
	default:
		d.State = Waiting
		d.Due = r.Started.Add(schedule[d.Retries])
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

// Redeliver asks for one more attempt of a settled delivery, outside the schedule. A delivery that is not settled has an
// attempt coming and is returned as it is.
func Redeliver(d Delivery, due time.Time) Delivery {
	if d.State.Settled() {
		d.State, d.Due, d.Manual = Waiting, due, true
	}
	return d
}

// A Streak counts the consecutive failures of one webhook, over all its deliveries.
type Streak int

// After returns the streak after an attempt of the delivery d (as Begin returned it), and whether the webhook is to be
// switched off now. Attempts by hand do not count.
func (s Streak) After(d Delivery, outcome Outcome, rule DisableAfter) (_ Streak, disable bool) {
	switch {
	case outcome == Accepted:
		return 0, false
	case d.Manual || rule.Counts == "retries" && d.Attempts == 1:
		return s, false
	}
	s++
	return s, rule.Failures > 0 && int(s) >= rule.Failures
}
