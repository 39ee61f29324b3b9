package judge

import (
	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/judge/report"
)

// The groups of the sender's rules, in the order of the report.
const (
	delivers  = "delivers as its contract says"
	obeys     = "obeys its webhook API"
	describes = "answers as its API document says"
)

// senderRules is the one table of the sender's rules. A sender is held against its whole contract, also where that was
// inferred or chosen: it is ours.
var senderRules = []Rule{
	{"SND-1", delivers, "makes exactly one attempt when it is acknowledged, with the content type of its contract",
		"a receiver is asked twice without a reason, or cannot read what it is sent", always(success)},
	{"SND-2", delivers, "makes the platform's number of retries on failure, spaced by the schedule, then stops",
		"receivers are tested against a schedule that is not the platform's", always(schedule)},
	{"SND-3", delivers, "keeps event id and body byte for byte over all attempts, and signs each attempt anew",
		"receivers tell repetitions by id, and refuse old signatures", always(signature)},
	{"SND-4", delivers, "counts as failure what the platform's success rule says", "a receiver's mistake passes for a success, or its success for a mistake", always(success)},
	{"SND-10", delivers, "recovers: fails some times and is then acknowledged", "a delivery that would have arrived is lost", always(schedule)},
	{"SND-11", delivers, "honours Retry-After and 410 when asked to", "a receiver that is overrun is asked all the sooner, and one that is gone is asked for ever", only(report.Should, report.Stated)},
	{"SND-5", obeys, "stops at once when a webhook is deleted or deactivated, also in the middle of the schedule", "a receiver is asked that is no longer there", webhookAPI(documented)},
	{"SND-6", obeys, "disables a webhook after the documented consecutive failures", "a dead receiver is asked for ever", webhookAPI(disabling)},
	{"SND-7", obeys, "sends only subscribed event types, once per matching webhook", "a receiver is sent what it did not ask for", webhookAPI(documented)},
	{"SND-8", obeys, "logs every attempt: id, event, status code, response time, time; paged, newest first, 50 a page at most", "what went wrong cannot be looked up", webhookAPI(documented)},
	{"SND-9", obeys, "reports status and response time from the test call, and sends test.ping", "an endpoint cannot be tried out", webhookAPI(documented)},
	{"API-1", describes, "answers every call as its contract document says, also when misused", "clients of the platform fail against it, or pass where they would fail", webhookAPI(documented)},
	{"API-2", describes, "refuses calls without or with a wrong token, and one community's token opens no other community", "anyone can read and change the webhooks of others", webhookAPI(documented)},
}

func always(grade func(*contract.Platform) report.Grade) func(*contract.Platform) (map[report.Level]report.Grade, string) {
	return func(p *contract.Platform) (map[report.Level]report.Grade, string) {
		return map[report.Level]report.Grade{report.Must: grade(p)}, ""
	}
}

func success(p *contract.Platform) report.Grade   { return report.Grade(p.Rules.Success.Grade) }
func schedule(p *contract.Platform) report.Grade  { return report.Grade(p.Rules.Schedule.Grade) }
func signature(p *contract.Platform) report.Grade { return report.Grade(p.Rules.Signature.Grade) }
func disabling(p *contract.Platform) report.Grade { return report.Grade(p.Rules.DisableAfter.Grade) }
func documented(*contract.Platform) report.Grade  { return report.Documented }

// webhookAPI is for the rules about a platform's own webhook API, of which there is one.
func webhookAPI(grade func(*contract.Platform) report.Grade) func(*contract.Platform) (map[report.Level]report.Grade, string) {
	return func(p *contract.Platform) (map[report.Level]report.Grade, string) {
		if len(p.Calls()) == 0 {
			return nil, "the platform documents no webhook API"
		}
		return map[report.Level]report.Grade{report.Must: grade(p)}, ""
	}
}
