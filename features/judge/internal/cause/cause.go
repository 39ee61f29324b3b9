// Package cause decides who is to blame for a delivery that failed. A scenario reports a Fact; Explain goes through one
// ordered list of explanations, makes the experiment that tells each of them from the next, and returns the Verdict:
// the rule that is broken, or that nobody is to blame, and what was ruled out. A rule is blamed only if no other
// explanation fits.
//
// History is what a run learns of its receiver on the way. The experiments are made by a Lab, so that the package knows
// no step: it knows rules by their properties, never by their ids.
package cause

import (
	"context"
	"fmt"
	"net/http"

	"github.com/quintain-dev/quintain/features/judge/internal/exchange"
	"github.com/quintain-dev/quintain/features/judge/internal/rule"
	"github.com/quintain-dev/quintain/features/judge/report"
)

// Tries is how many deliveries of different payloads must fail before a rule is blamed that is not about the payload.
const Tries = 5

// Kind is what a scenario saw.
type Kind int

// The kinds.
const (
	Unacknowledged Kind = iota // a good delivery was not acknowledged
	Disallowed                 // the answer to what the scenario's rule is about is not what the rule wants
	AfterBad                   // a good delivery after something bad was not acknowledged, each time anew
	Unanswered                 // a correctly signed challenge was not answered
)

// A Fact is what a scenario reports: an exchange that did not go as a correct receiver has it.
type Fact struct {
	Kind       Kind
	Exchange   exchange.Exchange
	Rule       rule.Rule    // of the scenario
	Level      report.Level // of the scenario
	EventLevel report.Level // of rules about the event
	Concurrent bool         // other scenarios ran at the same time
	Strangers  Strangers    // what the receiver does to senders without a signature, if the scenario knows that
}

// Strangers says what a receiver does to senders without a signature.
type Strangers int

// What it may do.
const (
	Unasked  Strangers = iota // it was not tried
	HungUpOn                  // it closes the connection
	Answered                  // it answers
)

// A Lab makes experiments: it sends real deliveries to the receiver under test.
type Lab interface {
	// Accepts sends a good delivery and reports whether it was acknowledged.
	Accepts(ctx context.Context, d exchange.Delivery) (bool, error)
	// Alone calls a function while nothing else is in flight, with one that sends and reports whether it was
	// acknowledged.
	Alone(ctx context.Context, fn func(send func(exchange.Delivery) (exchange.Answer, bool)))
	// Resigned is the same delivery as it was, signed now.
	Resigned(d exchange.Delivery) exchange.Delivery
	// Renewed is the same delivery under an id of its own, signed now.
	Renewed(d exchange.Delivery) exchange.Delivery
	// Another is another delivery of the kind, new to the receiver.
	Another(d exchange.Delivery) exchange.Delivery
	// Unmodified is the delivery before the scenario changed its payload.
	Unmodified(d exchange.Delivery) exchange.Delivery
	// Stranger sends a delivery without proof that is otherwise good.
	Stranger(ctx context.Context) (exchange.Exchange, error)
}

// A Verdict says who is to blame for a fact.
type Verdict struct {
	Cause    string // the name of the explanation
	Nobody   bool   // no rule is broken
	Rule     rule.Rule
	Level    report.Level
	Answer   exchange.Answer // that counts: of the delivery as it was re-sent, if that explains the fact
	Remark   string          // what is worth knowing if nobody is to blame
	RuledOut []report.RuledOut
}

// An inquiry is a fact under examination.
type inquiry struct {
	Fact
	lab      Lab
	history  *History
	ruledOut []report.RuledOut
}

// An explanation is one reason why a delivery may have come to what it came to.
type explanation struct {
	name     string
	ruledOut string // how the experiment rules it out, for documentation
	// applies reports whether it could explain the fact.
	applies func(q *inquiry) bool
	// holds makes the experiment. What it saw is said in a few words, whether the explanation holds or not; empty if
	// there is nothing to say of it.
	holds func(ctx context.Context, q *inquiry) (v *Verdict, saw string, err error)
}

// circumstances are the explanations that lie in how the run sends. Their experiments are made before the first
// scenario, or as soon as an answer has come. Only overload excuses a receiver here: then the answer to the delivery
// that was re-sent counts. The others are obeyed while the run sends, and are listed as ruled out if that did not help.
func circumstances() []explanation {
	return []explanation{
		{
			"receiver gone", "a receiver that accepted the connection is there; from when on one is not is noted in the report",
			unacknowledged, gone,
		},
		{
			"rate limited", "a 429 is waited for, up to 10 s at once and a minute in all, and the delivery is sent again",
			unacknowledged, rateLimited,
		},
		{
			"overloaded", "a delivery that failed while others were in flight is re-sent alone, and others of its kind after it",
			unacknowledged, overloaded,
		},
		{
			"slow", "an answer is waited for as long as the platform documents, or 30 s where it documents nothing",
			unacknowledged, slow,
		},
		{
			"another documented reading", "where the documentation is open, its readings are tried before the first scenario, until one is acknowledged",
			unacknowledged, otherReading,
		},
		{
			"stale time", "a receiver that rejects events of the past gets events of now",
			unacknowledged, staleTime,
		},
	}
}

// culprits are the explanations by which something is broken. They come in this order because each experiment needs
// that those before it are ruled out: a receiver that is poisoned rejects the unmodified payload too, and one that
// rejects every id that it has seen rejects what is re-sent as it was.
func culprits() []explanation {
	return []explanation{
		{
			"hangs up on strangers", "a receiver that closes the connection on a faulty signature is sent a delivery without any",
			disallowed, hangsUpOnStrangers,
		},
		{
			"poisoned by something earlier", "a delivery that was accepted before anything bad was sent is sent again",
			never(disallowed, unanswered), poisoned,
		},
		{
			"the order of the events", "the events of a story are also sent on their own",
			unacknowledged, order,
		},
		{
			"this payload", "the payload is re-sent unmodified, under a new id; then it is a failure of the rule about payloads",
			unacknowledged, thisPayload,
		},
		{
			"id seen before", "the payload is re-sent unmodified, under its own id",
			unacknowledged, idSeenBefore,
		},
		{
			"this rule", "nothing else is left",
			anything, thisRule,
		},
	}
}

// A Description is an explanation as documentation lists it.
type Description struct{ Name, RuledOut string }

// Explanations returns the explanations, in the order in which they are ruled out.
func Explanations() []Description {
	var out []Description
	for _, e := range append(circumstances(), culprits()...) {
		out = append(out, Description{e.name, e.ruledOut})
	}
	return out
}

// Excuse goes through the circumstances of an answer that has just come. If none excuses the receiver, the verdict has
// no cause, and lists what was ruled out. Explain expects that list in the fact's exchange.
func Excuse(ctx context.Context, lab Lab, h *History, f Fact) (Verdict, error) {
	return examine(ctx, circumstances(), &inquiry{Fact: f, lab: lab, history: h})
}

// Explain decides who is to blame for a fact.
func Explain(ctx context.Context, lab Lab, h *History, f Fact) (Verdict, error) {
	return examine(ctx, culprits(), &inquiry{Fact: f, lab: lab, history: h, ruledOut: f.Exchange.RuledOut})
}

func examine(ctx context.Context, list []explanation, q *inquiry) (Verdict, error) {
	for _, e := range list {
		if !e.applies(q) {
			continue
		}
		v, saw, err := e.holds(ctx, q)
		if err != nil {
			return Verdict{}, err
		}
		if v != nil {
			v.Cause, v.RuledOut = e.name, q.ruledOut
			return *v, nil
		}
		if saw != "" {
			q.ruledOut = append(q.ruledOut[:len(q.ruledOut):len(q.ruledOut)], report.RuledOut{Cause: e.name, Saw: saw})
		}
	}
	return Verdict{Answer: q.Exchange.Answer, RuledOut: q.ruledOut}, nil
}

func unacknowledged(q *inquiry) bool { return q.Kind == Unacknowledged }
func disallowed(q *inquiry) bool     { return q.Kind == Disallowed }
func unanswered(q *inquiry) bool     { return q.Kind == Unanswered }
func anything(*inquiry) bool         { return true }

func never(kinds ...func(*inquiry) bool) func(*inquiry) bool {
	return func(q *inquiry) bool {
		for _, kind := range kinds {
			if kind(q) {
				return false
			}
		}
		return true
	}
}

// owner blames the rule that owns a kind of failure.
func (q *inquiry) owner(kind rule.Owned, level report.Level) *Verdict {
	return &Verdict{Rule: rule.Owner(kind), Level: level, Answer: q.Exchange.Answer}
}

// became says what became of a delivery.
func became(a exchange.Answer) string {
	if a.Status == 0 {
		return "left without a complete answer"
	}
	return fmt.Sprintf("answered %d", a.Status)
}

// Strained reports whether an answer is what a receiver gives that has too much to do at once.
func Strained(a exchange.Answer) bool {
	return !a.Complete() || a.Status == http.StatusTooManyRequests || a.Status >= 500
}
