package rule

import (
	"fmt"
	"slices"
	"strings"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/fakes/story"
	"github.com/quintain-dev/quintain/features/judge/internal/payload"
	"github.com/quintain-dev/quintain/features/judge/report"
)

// A standing says where a rule stands for a platform.
type standing = func(p *contract.Platform) Standing

// A basis is what a rule rests on for a platform.
type basis = func(p *contract.Platform) Basis

func nowhere(why string) Standing { return Standing{Why: why} }

func one(level report.Level, b Basis) Standing {
	return Standing{Levels: map[report.Level]Basis{level: b}}
}

// onFact is the basis of a fact of the platform's contract.
func onFact[T any](f contract.Fact[T]) Basis {
	source := "our choice"
	if f.Source.Page != "quintain" {
		source = fmt.Sprintf("%s (%s)", f.Source.Page, f.Source.Date)
	}
	return Basis{report.Grade(f.Grade), source}
}

// The bases that are the same for all platforms.
var (
	anyone    = Basis{report.Stated, "anyone on the internet can send it"}
	httpSays  = Basis{report.Stated, "RFC 9110"}
	standard  = Basis{report.Stated, "the specification of Standard Webhooks"}
	schemas   = Basis{report.Documented, "the documented schemas of the events"}
	follows   = Basis{report.Inferred, "follows from the documented payloads"}
	ourChoice = Basis{report.Chosen, "our choice"}
)

func stated(b Basis) basis { return func(*contract.Platform) Basis { return b } }

// always is for rules that have one level for every platform.
func always(level report.Level, b Basis) standing {
	return func(*contract.Platform) Standing { return one(level, b) }
}

// acknowledgement is what a platform wants to see: documented, or else what HTTP says of a 2xx status.
func acknowledgement(p *contract.Platform) Basis {
	if p.Rules.Success.Grade == contract.Documented {
		return onFact(p.Rules.Success)
	}
	return httpSays
}

// repetition is documented where the platform says that it may send again. That deliveries arrive more than once is
// stated by Standard Webhooks for all others, and anyone can do it.
func repetition(p *contract.Platform) Basis {
	if p.Rules.AtLeastOnce.Value && p.Rules.AtLeastOnce.Grade == contract.Documented {
		return onFact(p.Rules.AtLeastOnce)
	}
	return standard
}

// byEvent is a must for events that are documented, and a should for events that were inferred.
func byEvent(b basis) standing {
	return func(p *contract.Platform) Standing { return byEventOf(p.Events(), b(p), "") }
}

func byEventOf(events []*contract.EventType, b Basis, why string) Standing {
	levels := map[report.Level]Basis{}
	for _, e := range events {
		if e.Grade == contract.Documented {
			levels[report.Must] = b
		} else {
			levels[report.Should] = Basis{report.Inferred, "events whose shape no page prints"}
		}
	}
	return Standing{levels, why}
}

// withNeed are the events that have what a rule needs.
func withNeed(p *contract.Platform, needs func(*contract.EventType, bool) bool) []*contract.EventType {
	return slices.DeleteFunc(p.Events(), func(e *contract.EventType) bool { return !needs(e, true) })
}

// examples are of the events that have one: a user's contract may have none.
func examples(p *contract.Platform) Standing {
	return byEventOf(withNeed(p, hasExample), acknowledgement(p), "the contract has no examples")
}

func hasExample(e *contract.EventType, _ bool) bool {
	_, err := e.Example()
	return err == nil
}

// hasVariants reports whether an event has nulls or enum values that are documented, or that are not.
func hasVariants(e *contract.EventType, documented bool) bool {
	return slices.ContainsFunc(payload.Variants(e), func(v payload.Variant) bool { return v.Documented == documented })
}

func nullsAndEnums(p *contract.Platform) Standing {
	levels := map[report.Level]Basis{}
	for _, e := range p.Events() {
		if hasVariants(e, true) {
			levels[report.Must] = schemas
		}
		if hasVariants(e, false) {
			levels[report.Should] = follows
		}
	}
	return Standing{levels, "the contract has no null and no enum"}
}

func exactStatus(p *contract.Platform) Standing {
	if p.Rules.Success.Value != contract.Exactly200 {
		return nowhere("the platform takes " + p.Rules.Success.Value.String())
	}
	return byEvent(acknowledgement)(p)
}

// timeLimit is a should for 5 s, and a must where the platform documents how long it waits.
func timeLimit(p *contract.Platform) Standing {
	s := one(report.Should, ourChoice)
	if p.Rules.Timeout.Grade == contract.Documented {
		s.Levels[report.Must] = onFact(p.Rules.Timeout)
	}
	return s
}

// writtenTimes is for the rule about times that are text.
func writtenTimes(p *contract.Platform) Standing {
	isTime := func(s *contract.Schema) bool {
		return s.Is("string") && (s.Time != "" || s.Target().Format == "date-time")
	}
	return withLeaf(p, Basis{report.Stated, "RFC 3339"}, "times of the platform are no text", isTime)
}

// enums is for the rule about values that are added to an enum.
func enums(p *contract.Platform) Standing {
	return withLeaf(p, follows, "the contract has no enum", func(s *contract.Schema) bool { return len(s.Target().Enum) > 0 })
}

// withLeaf is a should for platforms whose payloads have a kind of leaf.
func withLeaf(p *contract.Platform, b Basis, why string, found func(*contract.Schema) bool) Standing {
	for _, e := range p.Events() {
		if payload.HasLeaf(e, found) {
			return one(report.Should, b)
		}
	}
	return nowhere(why)
}

func stories(p *contract.Platform) Standing {
	if len(story.On(p)) == 0 {
		return nowhere("the platform documents too few events for a story")
	}
	return one(report.Should, follows)
}

func sendsForms(p *contract.Platform) bool {
	return slices.Contains(p.Rules.Encodings.Value, contract.Form)
}

// forms is for rules about forms.
func forms(p *contract.Platform) Standing {
	if !sendsForms(p) {
		return nowhere("the platform sends JSON only")
	}
	return byEvent(func(p *contract.Platform) Basis { return Basis{report.Documented, onFact(p.Rules.Encodings).Source} })(p)
}

func hasText(e *contract.EventType, _ bool) bool { return len(payload.FreeTexts(e)) > 0 }

func texts(p *contract.Platform) Standing {
	return byEventOf(withNeed(p, hasText), Basis{report.Stated, "members write what they like"}, "no payload has text that people write")
}

// largeTexts is a should: no page says how large a payload may be.
func largeTexts(p *contract.Platform) Standing {
	if s := texts(p); len(s.Levels) == 0 {
		return s
	}
	return one(report.Should, follows)
}

// timeUnits is for the rule about units of time: payloads or headers have times that are written as numbers.
func timeUnits(p *contract.Platform) Standing {
	if p.Rules.Signature.Value.TimestampUnit == "ms" {
		return one(report.Must, onFact(p.Rules.Signature))
	}
	for _, e := range p.Events() {
		if payload.HasLeaf(e, func(s *contract.Schema) bool { return strings.HasPrefix(s.Time, "unix-") }) {
			return one(report.Must, schemas)
		}
	}
	return nowhere("times of the platform are not numbers")
}

// ids is a must where a page says that an id may be a word, and a should where ids are written as numbers.
func ids(p *contract.Platform) Standing {
	levels := map[report.Level]Basis{}
	for _, e := range p.Events() {
		if payload.HasLeaf(e, func(s *contract.Schema) bool { return strings.Contains(s.Target().Pattern, "anonymous") }) {
			levels[report.Must] = schemas
		}
		if payload.HasLeaf(e, isNumericID) {
			levels[report.Should] = follows
		}
	}
	return Standing{levels, "ids of the platform are plain strings"}
}

func isNumericID(s *contract.Schema) bool {
	return (s.Is("integer") || s.Is("number")) && strings.HasSuffix(strings.ToLower(s.Fake), "id")
}

// unknownFields is a must where the platform says that payloads will change.
func unknownFields(p *contract.Platform) Standing {
	if p.Rules.Unstable.Value && p.Rules.Unstable.Grade == contract.Documented {
		return one(report.Must, onFact(p.Rules.Unstable))
	}
	return one(report.Should, follows)
}

// revisions is for rules about newer revisions of a platform's payloads.
func revisions(p *contract.Platform) Standing {
	if len(p.Revisions) < 2 {
		return nowhere("the platform has one revision")
	}
	return one(report.Should, Basis{report.Observed, "the revisions of the platform's contract"})
}

// repeated is for the rules about deliveries that arrive more than once.
func repeated(b basis) standing {
	return func(p *contract.Platform) Standing {
		if !p.Rules.AtLeastOnce.Value {
			return nowhere("the platform sends each event once")
		}
		return byEvent(b)(p)
	}
}

// identified is for rules about effects: a must where events have an id by which a receiver can tell repetitions.
func identified(without func(p *contract.Platform) Standing) standing {
	return func(p *contract.Platform) Standing {
		if p.Rules.DedupKey.Value == "" {
			return without(p)
		}
		return one(report.Must, Basis{report.Stated, onFact(p.Rules.DedupKey).Source})
	}
}

func noIDs(*contract.Platform) Standing { return nowhere("events of the platform have no id") }

// retried reports whether an event is owed to webhooks, and so retried: all are but the one that a test call sends.
func retried(e *contract.EventType, _ bool) bool { return !e.TestCall() }

func retries(p *contract.Platform) Standing {
	if len(p.Rules.Schedule.Value) == 0 {
		return nowhere("the platform does not retry")
	}
	return byEventOf(withNeed(p, retried), repetition(p), "")
}

// credential is for rules about the proof of a delivery, whatever it is.
func credential(p *contract.Platform) Standing {
	if p.Rules.Signature.Value.Scheme == contract.BearerKey {
		return bearer(p)
	}
	return signed(p)
}

func signed(p *contract.Platform) Standing {
	if !p.Rules.Signature.Value.Signed() {
		return nowhere("the platform does not sign")
	}
	return firmProof(p, report.Must)
}

// firmProof is firm, for rules about signatures. Whoever asks for Standard Webhooks in place of the platform's own
// scheme has chosen it, and then its specification says what a receiver must do.
func firmProof(p *contract.Platform, level report.Level) Standing {
	if s := p.Rules.Signature; s.Value.Scheme == contract.StandardWebhooks && s.Grade == contract.Chosen {
		return one(level, standard)
	}
	return firm(level, p.Rules.Signature)
}

// firm weakens a level where the platform's contract is not firm enough for it.
func firm[T any](level report.Level, f contract.Fact[T]) Standing {
	if level == report.Must && (f.Grade == contract.Inferred || f.Grade == contract.Chosen) {
		level = report.Should
	}
	return one(level, onFact(f))
}

func severalSignatures(p *contract.Platform) Standing {
	if !p.Rules.Signature.Value.Several() {
		return nowhere("a delivery of the platform has one signature")
	}
	return firmProof(p, report.Should)
}

func timestamped(level report.Level) standing {
	return func(p *contract.Platform) Standing {
		s := p.Rules.Signature.Value
		switch {
		case s.TimestampHeader == "":
			return nowhere("the platform signs no timestamp")
		case level != report.Must && s.Tolerance == 0:
			return nowhere("the platform names no age at which a delivery is stale")
		}
		return firmProof(p, level)
	}
}

func bearer(p *contract.Platform) Standing {
	if p.Rules.Signature.Value.Scheme != contract.BearerKey {
		return nowhere("the platform sends no bearer key")
	}
	return firm(report.Must, p.Rules.Signature)
}

// key is a must for what keeps others out. That "bearer" may be written in any case is HTTP's word, not the platform's,
// which writes it in one: a receiver that compares the whole header is right about the platform.
func key(p *contract.Platform) Standing {
	s := bearer(p)
	if len(s.Levels) > 0 {
		s.Levels[report.Should] = httpSays
	}
	return s
}

// noKey says why a rule about keys cannot be judged.
func noKey(g Given) string {
	if g.Scheme == contract.BearerKey && !g.Secret {
		return "no key was given"
	}
	return ""
}

func handshake(kind contract.Handshake) standing {
	return func(p *contract.Platform) Standing {
		if p.Rules.Handshake.Value != kind {
			return nowhere("the platform has no such handshake")
		}
		return firm(report.Must, p.Rules.Handshake)
	}
}

func malformed(*contract.Platform) Standing {
	return Standing{Levels: map[report.Level]Basis{report.Must: anyone, report.Should: httpSays}}
}

// onMust is for rules about senders: a sender is compared with its whole contract, also where that was inferred or
// chosen, since it is ours.
func onMust(b basis) standing {
	return func(p *contract.Platform) Standing { return one(report.Must, b(p)) }
}

func success(p *contract.Platform) Basis   { return onFact(p.Rules.Success) }
func schedule(p *contract.Platform) Basis  { return onFact(p.Rules.Schedule) }
func signature(p *contract.Platform) Basis { return onFact(p.Rules.Signature) }
func disabling(p *contract.Platform) Basis { return onFact(p.Rules.DisableAfter) }

func documentedAPI(*contract.Platform) Basis {
	return Basis{report.Documented, "the paths of the platform's contract"}
}

// webhookAPI is for the rules about a platform's own webhook API, of which there is one.
func webhookAPI(b basis) standing {
	return func(p *contract.Platform) Standing {
		if len(p.Calls()) == 0 {
			return nowhere("the platform documents no webhook API")
		}
		return one(report.Must, b(p))
	}
}
