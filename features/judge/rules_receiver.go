package judge

import (
	"slices"
	"time"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/judge/internal/payload"
	"github.com/quintain-dev/quintain/features/judge/report"
)

// The groups of the receiver's rules, in the order of the report.
const (
	takes   = "takes what the platform sends"
	changes = "survives change"
	twice   = "is asked twice"
	letsIn  = "lets no one in"
	rubbish = "is given rubbish"
)

const (
	lost     = "an event that is not acknowledged is sent again, and lost after the last retry"
	forged   = "anyone can post to this URL as if they were the platform"
	crashing = "one malformed request from anywhere stops the receiver, or fills its error log"
)

// receiverRules is the one table of the receiver's rules. The features carry the same ids and levels as tags; a test
// compares the two.
var receiverRules = []Rule{
	{"ACK-1", takes, "acknowledges the documented example of every documented event", lost, examples},
	{"ACK-2", takes, "acknowledges realistic generated payloads of every documented event", lost, byEvent(acknowledgement)},
	{"ACK-3", takes, "acknowledges a payload with only the required fields, and one with every optional field",
		"what is optional is absent one day, and there the next", only(report.Should, report.Inferred)},
	{"ACK-4", takes, "acknowledges null where the contract allows null, and each value of each enum",
		"the value that no sample shows is sent one day", nullsAndEnums},
	{"ACK-6", takes, "answers with the exact success status, not merely some 2xx",
		"the platform takes every other status for a failure, and sends the event again", exactStatus},
	{"ACK-7", takes, "acknowledges the events of a story, about one member, in the order in which they happen",
		"real events hang together: what was created is changed, and then deleted", told},
	{"ENC-1", takes, "acknowledges the same event as JSON and as form", "the platform documents both and does not say who picks", encodings},
	{"TXT-1", takes, "acknowledges text that hurts: emoji, right-to-left, zero-width, HTML, newlines, 10 kB names",
		"members write what they like into their names and titles", texts},
	{"FWD-1", changes, "acknowledges unknown extra fields at every level", "a field added tomorrow would stop every delivery", unknownFields},
	{"DUP-1", twice, "acknowledges a delivery that it acknowledged before (same id, same body)",
		"the platform sends again when an answer is lost; a refusal makes it try until it gives up", repeated(repetition)},
	{"DUP-2", twice, "acknowledges the same delivery arriving many times at once",
		"a retry can overtake the delivery that is still being processed", repeated(stated)},
	{"RTY-1", twice, "acknowledges each of the retries of a delivery whose answer was lost",
		"the platform keeps trying until it sees an answer", retries},
	{"SIG-1", letsIn, "refuses a delivery without the signature header / credential", forged, credential},
	{"SIG-2", letsIn, "refuses a body altered after signing", "whoever sees one delivery can make others of it", signed},
	{"SIG-3", letsIn, "refuses the right body signed with a wrong or an empty secret, or with a signature that is almost right", forged, signed},
	{"SIG-4", letsIn, "refuses a signature of the wrong length, not hex, empty, doubled, or of another algorithm, and does not crash on it",
		"a signature that is not one must neither open the door nor break it", signed},
	{"SIG-5", letsIn, "refuses a stale timestamp although the signature is right",
		"whoever recorded a delivery can send it again for ever", timestamped(report.Should)},
	{"SIG-6", letsIn, "refuses a timestamp that was altered after signing",
		"a recorded delivery can be made to look fresh", timestamped(report.Must)},
	{"SIG-8", letsIn, "refuses a missing, empty or wrong bearer key, and takes the right one whatever the case of \"bearer\"", forged, key},
	{"SIG-9", letsIn, "accepts either of two valid signatures during a secret rotation",
		"while the secret is replaced, every delivery would be refused, and lost", severalSignatures},
	{"HSK-1", letsIn, "answers the TEST challenge with 200, JSON, type, status SUCCEEDED and the same challenge",
		"the platform does not save a URL that fails the challenge", handshake(contract.ChallengeHandshake)},
	{"HSK-2", letsIn, "refuses a TEST challenge that is not signed with its secret",
		"the platform tests whether the receiver checks signatures, and so can anyone", handshake(contract.ChallengeHandshake)},
	{"HSK-3", letsIn, "acknowledges test.ping", "the platform's test call reports the endpoint as failing", handshake(contract.PingHandshake)},
	{"BAD-1", rubbish, "answers malformed JSON, and refuses it", crashing, malformed},
	{"BAD-2", rubbish, "answers an empty body, null, true, 42, \"x\", [] and {}", crashing, only(report.Must, report.Stated)},
	{"LIVE-1", rubbish, "acknowledges a good delivery after anything above", "one bad request stops the good ones", only(report.Must, report.Stated)},
}

// acknowledgement is what a platform wants to see: documented, or else what HTTP says of a 2xx status.
func acknowledgement(p *contract.Platform) report.Grade {
	if p.Rules.Success.Grade == contract.Documented {
		return report.Documented
	}
	return report.Stated
}

// repetition is documented where the platform says that it may send again. That deliveries arrive more than once is stated
// by Standard Webhooks for all others, and anyone can do it.
func repetition(p *contract.Platform) report.Grade {
	if p.Rules.AtLeastOnce.Value && p.Rules.AtLeastOnce.Grade == contract.Documented {
		return report.Documented
	}
	return report.Stated
}

// repeated is for the rules about deliveries that arrive more than once.
func repeated(grade func(*contract.Platform) report.Grade) func(*contract.Platform) (map[report.Level]report.Grade, string) {
	return func(p *contract.Platform) (map[report.Level]report.Grade, string) {
		if !p.Rules.AtLeastOnce.Value {
			return nil, "the platform sends each event once"
		}
		return byEvent(grade)(p)
	}
}

// examples are of the events that have one: a user's contract may have none.
func examples(p *contract.Platform) (map[report.Level]report.Grade, string) {
	events := slices.DeleteFunc(p.Events(), func(e *contract.EventType) bool { return !hasExample(e) })
	return byEventOf(events, acknowledgement(p)), "the contract has no examples"
}

func hasExample(e *contract.EventType) bool {
	_, err := e.Example()
	return err == nil
}

// byEvent is a must for events that are documented, and a should for events that were inferred.
func byEvent(grade func(*contract.Platform) report.Grade) func(*contract.Platform) (map[report.Level]report.Grade, string) {
	return func(p *contract.Platform) (map[report.Level]report.Grade, string) {
		return byEventOf(p.Events(), grade(p)), ""
	}
}

func byEventOf(events []*contract.EventType, grade report.Grade) map[report.Level]report.Grade {
	grades := map[report.Level]report.Grade{}
	for _, e := range events {
		if e.Grade == contract.Documented {
			grades[report.Must] = grade
		} else {
			grades[report.Should] = report.Inferred
		}
	}
	return grades
}

// stated is the grade of what anyone on the internet can do.
func stated(*contract.Platform) report.Grade { return report.Stated }

func only(level report.Level, grade report.Grade) func(*contract.Platform) (map[report.Level]report.Grade, string) {
	return func(*contract.Platform) (map[report.Level]report.Grade, string) {
		return map[report.Level]report.Grade{level: grade}, ""
	}
}

func malformed(*contract.Platform) (map[report.Level]report.Grade, string) {
	return map[report.Level]report.Grade{report.Must: report.Stated, report.Should: report.Stated}, ""
}

func nullsAndEnums(p *contract.Platform) (map[report.Level]report.Grade, string) {
	grades := map[report.Level]report.Grade{}
	for _, e := range p.Events() {
		for _, v := range payload.Variants(e) {
			if v.Documented {
				grades[report.Must] = report.Documented
			} else {
				grades[report.Should] = report.Inferred
			}
		}
	}
	return grades, "the contract has no null and no enum"
}

func exactStatus(p *contract.Platform) (map[report.Level]report.Grade, string) {
	if p.Rules.Success.Value != contract.Exactly200 {
		return nil, "the platform takes " + p.Rules.Success.Value.String()
	}
	return byEvent(acknowledgement)(p)
}

func told(p *contract.Platform) (map[report.Level]report.Grade, string) {
	if len(toldOn(p)) == 0 {
		return nil, "the platform documents too few events for a story"
	}
	return map[report.Level]report.Grade{report.Should: report.Inferred}, ""
}

func encodings(p *contract.Platform) (map[report.Level]report.Grade, string) {
	if !slices.Contains(p.Rules.Encodings.Value, contract.Form) {
		return nil, "the platform sends JSON only"
	}
	return byEvent(func(*contract.Platform) report.Grade { return report.Documented })(p)
}

func texts(p *contract.Platform) (map[report.Level]report.Grade, string) {
	events := slices.DeleteFunc(p.Events(), func(e *contract.EventType) bool { return len(payload.FreeTexts(e)) == 0 })
	return byEventOf(events, report.Stated), "no payload has text that people write"
}

// unknownFields is a must where the platform says that payloads will change.
func unknownFields(p *contract.Platform) (map[report.Level]report.Grade, string) {
	if p.Rules.Unstable.Value && p.Rules.Unstable.Grade == contract.Documented {
		return map[report.Level]report.Grade{report.Must: report.Documented}, ""
	}
	return map[report.Level]report.Grade{report.Should: report.Inferred}, ""
}

func retries(p *contract.Platform) (map[report.Level]report.Grade, string) {
	if len(p.Rules.Schedule.Value) == 0 {
		return nil, "the platform does not retry"
	}
	events := slices.DeleteFunc(p.Events(), func(e *contract.EventType) bool { return !retried(e) })
	return byEventOf(events, repetition(p)), ""
}

// retried reports whether an event is owed to webhooks, and so retried: all are but the one that a test call sends.
func retried(e *contract.EventType) bool {
	return e.Name != pingEvent || e.Platform().Rules.Handshake.Value != contract.PingHandshake
}

// pingEvent is what a test call sends, where that is the handshake.
const pingEvent = "test.ping"

func credential(p *contract.Platform) (map[report.Level]report.Grade, string) {
	if p.Rules.Signature.Value.Scheme == "bearer" {
		return bearer(p)
	}
	return signed(p)
}

func signed(p *contract.Platform) (map[report.Level]report.Grade, string) {
	if !p.Rules.Signature.Value.Signed() {
		return nil, "the platform does not sign"
	}
	return firmProof(p, report.Must), ""
}

// firmProof is firm, for rules about signatures. Who asks for Standard Webhooks in place of the platform's own scheme has
// chosen it, and then its specification says what a receiver must do.
func firmProof(p *contract.Platform, level report.Level) map[report.Level]report.Grade {
	if s := p.Rules.Signature; s.Value.Scheme == contract.StandardWebhooks && s.Grade == contract.Chosen {
		return map[report.Level]report.Grade{level: report.Stated}
	}
	return firm(level, p.Rules.Signature.Grade)
}

func severalSignatures(p *contract.Platform) (map[report.Level]report.Grade, string) {
	if !p.Rules.Signature.Value.Several() {
		return nil, "a delivery of the platform has one signature"
	}
	return firmProof(p, report.Should), ""
}

func timestamped(level report.Level) func(*contract.Platform) (map[report.Level]report.Grade, string) {
	return func(p *contract.Platform) (map[report.Level]report.Grade, string) {
		s := p.Rules.Signature.Value
		switch {
		case s.TimestampHeader == "":
			return nil, "the platform signs no timestamp"
		case level == report.Should && s.Tolerance == 0:
			return nil, "the platform names no age at which a delivery is stale"
		}
		return firmProof(p, level), ""
	}
}

func bearer(p *contract.Platform) (map[report.Level]report.Grade, string) {
	if p.Rules.Signature.Value.Scheme != "bearer" {
		return nil, "the platform sends no bearer key"
	}
	return firm(report.Must, p.Rules.Signature.Grade), ""
}

// key is a must for what keeps others out. That "bearer" may be written in any case is HTTP's word, not the platform's,
// which writes it in one: a receiver that compares the whole header is right about the platform.
func key(p *contract.Platform) (map[report.Level]report.Grade, string) {
	grades, why := bearer(p)
	if len(grades) > 0 {
		grades[report.Should] = report.Stated
	}
	return grades, why
}

func handshake(kind contract.Handshake) func(*contract.Platform) (map[report.Level]report.Grade, string) {
	return func(p *contract.Platform) (map[report.Level]report.Grade, string) {
		if p.Rules.Handshake.Value != kind {
			return nil, "the platform has no such handshake"
		}
		return firm(report.Must, p.Rules.Handshake.Grade), ""
	}
}

// firm weakens a level where the platform's contract is not firm enough for it.
func firm(level report.Level, grade contract.Grade) map[report.Level]report.Grade {
	if grade == contract.Inferred || grade == contract.Chosen {
		level = report.Should
	}
	return map[report.Level]report.Grade{level: report.Grade(grade)}
}

// staleBy is how far beyond the tolerance a stale delivery is.
const staleBy = time.Minute
