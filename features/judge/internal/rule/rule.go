// Package rule holds the numbered rules: what must hold, one value for each rule. All lists them, Receiver and Sender
// those about one side. The features carry the same ids and levels as tags.
//
// Nothing else of the project knows a rule by its id. Code that has to treat one rule differently asks for the property
// that makes the difference (its phase, what it needs, what failures it owns), so that a new rule is a new row here and
// an outline in the features.
package rule

import (
	"slices"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/judge/report"
)

// Side is who is under test.
type Side string

// The sides.
const (
	OfReceiver Side = "receiver"
	OfSender   Side = "sender"
)

// A Rule is one numbered requirement. Its id never changes meaning; a new requirement gets a new id.
type Rule struct {
	ID       string
	Side     Side
	Group    string       // the heading under which reports list it
	Sentence string       // follows "the receiver" or "the sender"
	Why      string       // what goes wrong if it is broken
	Fix      string       // what to change, an imperative
	Usual    report.Level // its level where it applies; at some platforms it has another
	Unbuilt  bool         // nothing judges it yet
	Probe    bool         // it is about the receiver's effects, which only a probe sees

	Phase    Phase
	Sample   int  // how many events its scenarios try with each fault; 0: all
	Proof    bool // it is about the signature or key of deliveries, and depends on the scheme
	Sequence bool // it is about several deliveries in an order: one of them alone shows nothing
	API      bool // it is about the platform's own webhook API, through which its scenarios register webhooks
	Owns     Owned

	standing func(p *contract.Platform) Standing
	needs    func(e *contract.EventType, documented bool) bool // nil: it has a payload of every event
	unable   func(Given) string                                // nil: it can always be judged
}

// A Phase is a part of a run. What a receiver does to one scenario must not be the work of another: scenarios of good
// deliveries run concurrently. Before them come, one at a time, those that depend on an order, and after them, one at a
// time, those that send many deliveries at once, and those that send something bad.
type Phase int

// The phases, in their order.
const (
	Good Phase = iota // whatever else the platform sends; of the phases the second, and the usual one
	// handshakes, and documented examples: many are about one member, and come in the catalogue's order
	First
	Crowded // many deliveries at once
	Forged  // deliveries that somebody else made
	Broken  // what no parser can read
)

// Phases returns the phases in the order of a run.
func Phases() []Phase { return []Phase{First, Good, Crowded, Forged, Broken} }

// Bad reports whether a phase sends something that no correct receiver accepts.
func (p Phase) Bad() bool { return p == Forged || p == Broken }

// Owned is a kind of failure that scenarios of other rules come upon, and that is blamed on the rule that owns it.
type Owned int

// The kinds.
const (
	OwnsNothing   Owned = iota
	OwnsPayload         // a generated payload, unmodified, is not acknowledged
	OwnsSurvival        // what was acknowledged before something bad was sent is not acknowledged any more
	OwnsHandshake       // a correctly signed challenge is not answered
)

// Given is what a run has of the receiver under test.
type Given struct {
	Scheme string // how the platform proves its deliveries: bearer, hmac-sha256, …
	Secret bool   // a secret was given
}

// Standing is where a rule stands for one platform.
type Standing struct {
	Levels map[report.Level]Basis // the levels that it has there; none: it does not apply
	Why    string                 // why it does not apply
}

// Basis is what a rule rests on at one level.
type Basis struct {
	Grade  report.Grade
	Source string // where that can be read
}

// At returns where the rule stands for a platform.
func (r Rule) At(p *contract.Platform) Standing { return r.standing(p) }

// Applies reports whether the rule has the level for a platform.
func (s Standing) Applies(level report.Level) bool {
	_, ok := s.Levels[level]
	return ok
}

// Needs reports whether an event has what the rule is about. documented says which values are asked for: those that the
// documentation shows, or those that it leaves out.
func (r Rule) Needs(e *contract.EventType, documented bool) bool {
	return r.needs == nil || r.needs(e, documented)
}

// Unable says why the rule cannot be judged with what was given; empty if it can.
func (r Rule) Unable(g Given) string {
	switch {
	case r.Unbuilt:
		return "not built yet"
	case r.unable != nil:
		return r.unable(g)
	}
	return ""
}

// All returns every rule, in the order of reports, those about receivers first.
func All() []Rule { return slices.Concat(Receiver(), Sender()) }

// Receiver returns the rules about receivers, in the order of reports.
func Receiver() []Rule {
	return of(OfReceiver, acceptRules(), changeRules(), repeatRules(), proofRules(), brokenRules())
}

// Sender returns the rules about senders, in the order of reports.
func Sender() []Rule { return of(OfSender, senderRules()) }

func of(side Side, groups ...[]Rule) []Rule {
	all := slices.Concat(groups...)
	for i := range all {
		all[i].Side = side
	}
	return all
}

// Find returns a rule of a list by its id.
func Find(rules []Rule, id string) (Rule, bool) {
	i := slices.IndexFunc(rules, func(r Rule) bool { return r.ID == id })
	if i < 0 {
		return Rule{}, false
	}
	return rules[i], true
}

// Owner returns the rule about receivers that owns a kind of failure.
func Owner(kind Owned) Rule {
	rules := Receiver()
	return rules[slices.IndexFunc(rules, func(r Rule) bool { return r.Owns == kind })]
}

// IDs returns the ids of the rules that are built.
func IDs(rules []Rule) []string {
	var ids []string
	for _, r := range rules {
		if !r.Unbuilt {
			ids = append(ids, r.ID)
		}
	}
	return ids
}
