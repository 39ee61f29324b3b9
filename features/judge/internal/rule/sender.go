package rule

import "github.com/quintain-dev/quintain/features/judge/report"

// The groups of the sender's rules.
const (
	delivers  = "delivers as its contract says"
	obeys     = "obeys its webhook API"
	describes = "answers as its API document says"
)

func senderRules() []Rule {
	return []Rule{
		{
			ID: "SND-1", Group: delivers, Usual: report.Must,
			Sentence: "makes exactly one attempt when it is acknowledged, with the content type of its contract",
			Why:      "a receiver is asked twice without a reason, or cannot read what it is sent",
			Fix:      "stop at the first acknowledgement, and set the Content-Type of the encoding",
			standing: onMust(success),
		},
		{
			ID: "SND-2", Group: delivers, Usual: report.Must,
			Sentence: "makes the platform's number of retries on failure, spaced by the schedule, then stops",
			Why:      "receivers are tested against a schedule that is not the platform's",
			Fix:      "take the delays from the platform's contract",
			standing: onMust(schedule),
		},
		{
			ID: "SND-3", Group: delivers, Usual: report.Must,
			Sentence: "keeps event id and body byte for byte over all attempts, and signs each attempt anew",
			Why:      "receivers tell repetitions by id, and reject old signatures",
			Fix:      "store the body once, and sign it at each attempt",
			standing: onMust(signature),
		},
		{
			ID: "SND-4", Group: delivers, Usual: report.Must,
			Sentence: "counts as failure what the platform's success rule says",
			Why:      "a receiver's mistake passes for a success, or its success for a mistake",
			Fix:      "decide by the status that the contract names, and never follow redirects",
			standing: onMust(success),
		},
		{
			ID: "SND-10", Group: delivers, Usual: report.Must,
			Sentence: "recovers: fails some times and is then acknowledged",
			Why:      "a delivery that would have arrived is lost",
			Fix:      "go on with the schedule after a failure",
			standing: onMust(schedule),
		},
		{
			ID: "SND-11", Group: delivers, Usual: report.Should,
			Sentence: "honours Retry-After and 410 when asked to",
			Why:      "a receiver that is overrun is asked all the sooner, and one that is gone is asked for ever",
			Fix:      "wait for the longer of Retry-After and the schedule, and disable the webhook after a 410",
			standing: always(report.Should, standard),
		},
		{
			ID: "SND-5", Group: obeys, Usual: report.Must, API: true,
			Sentence: "stops at once when a webhook is deleted or deactivated, also in the middle of the schedule",
			Why:      "a receiver is asked that is no longer there",
			Fix:      "cancel the pending deliveries of the webhook",
			standing: webhookAPI(documentedAPI),
		},
		{
			ID: "SND-6", Group: obeys, Usual: report.Must, API: true,
			Sentence: "disables a webhook after the documented consecutive failures",
			Why:      "a dead receiver is asked for ever",
			Fix:      "count failures in a row, and reset the count at each success",
			standing: webhookAPI(disabling),
		},
		{
			ID: "SND-7", Group: obeys, Usual: report.Must, API: true,
			Sentence: "sends only subscribed event types, once per matching webhook",
			Why:      "a receiver is sent what it did not ask for",
			Fix:      "match the event's type against each webhook's list",
			standing: webhookAPI(documentedAPI),
		},
		{
			ID: "SND-8", Group: obeys, Usual: report.Must, API: true,
			Sentence: "logs every attempt: id, event, status code, response time, time; paged, newest first, 50 a page at most",
			Why:      "what went wrong cannot be looked up",
			Fix:      "write a log entry when an attempt ends",
			standing: webhookAPI(documentedAPI),
		},
		{
			ID: "SND-9", Group: obeys, Usual: report.Must, API: true,
			Sentence: "reports status and response time from the test call, and sends test.ping",
			Why:      "an endpoint cannot be tried out",
			Fix:      "answer the test call after the endpoint answered",
			standing: webhookAPI(documentedAPI),
		},
		{
			ID: "API-1", Group: describes, Usual: report.Must, API: true,
			Sentence: "answers every call as its contract document says, also when misused",
			Why:      "clients of the platform fail against it, or pass where they would fail",
			Fix:      "answer with the documented status, code and body",
			standing: webhookAPI(documentedAPI),
		},
		{
			ID: "API-2", Group: describes, Usual: report.Must, API: true,
			Sentence: "refuses calls without or with a wrong token, and one community's token opens no other community",
			Why:      "anyone can read and change the webhooks of others",
			Fix:      "compare the token with that of the community in the path",
			standing: webhookAPI(documentedAPI),
		},
	}
}
