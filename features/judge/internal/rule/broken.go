package rule

import "github.com/quintain-dev/quintain/features/judge/report"

const breaks = "malformed input and load"

// crashing is why malformed requests must be answered.
const crashing = "one malformed request from anywhere stops the receiver, or fills its error log"

func brokenRules() []Rule {
	return []Rule{
		{
			ID: "BAD-1", Group: breaks, Usual: report.Must, Phase: Broken,
			Sentence: "answers malformed JSON, and rejects it",
			Why:      crashing,
			Fix:      "answer 400 when the parser fails",
			standing: malformed,
		},
		{
			ID: "BAD-2", Group: breaks, Usual: report.Must, Phase: Broken,
			Sentence: "answers an empty body, null, true, 42, \"x\", [] and {}",
			Why:      crashing,
			Fix:      "check that the body is an object before fields are read",
			standing: always(report.Must, anyone),
		},
		{
			ID: "BAD-3", Group: breaks, Usual: report.Must, Phase: Broken, Unbuilt: true,
			Sentence: "answers an event with any field replaced by null, by another type, or removed",
			Why:      crashing,
			Fix:      "validate the body before fields are read, and answer 400",
			standing: always(report.Must, anyone),
		},
		{
			ID: "BAD-4", Group: breaks, Usual: report.Should, Phase: Broken, Unbuilt: true,
			Sentence: "rejects GET, HEAD, PUT and DELETE on the hook URL",
			Why:      "a scanner or a prefetching browser would count as a delivery",
			Fix:      "answer 405 to everything but POST",
			standing: always(report.Should, httpSays),
		},
		{
			ID: "BAD-5", Group: breaks, Usual: report.Should, Phase: Broken, Unbuilt: true,
			Sentence: "does not acknowledge a body that it cannot read because its Content-Type is wrong or missing",
			Why:      "an event is acknowledged, and its content was never seen",
			Fix:      "answer 415 to a Content-Type that nobody parses",
			standing: always(report.Should, httpSays),
		},
		{
			ID: "BAD-6", Group: breaks, Usual: report.Should, Phase: Broken, Unbuilt: true,
			Sentence: "answers a body of 10 MB, and one that is nested 10,000 deep",
			Why:      crashing,
			Fix:      "limit the size and the depth of bodies, and answer 413 or 400",
			standing: always(report.Should, anyone),
		},
		{
			ID: "BAD-7", Group: breaks, Usual: report.Must, Phase: Broken, Unbuilt: true,
			Sentence: "survives a sender that stops half way, sends less or more than its Content-Length, or breaks its chunking",
			Why:      crashing,
			Fix:      "handle the error of reading the body",
			standing: always(report.Must, anyone),
		},
		{
			ID: "BAD-8", Group: breaks, Usual: report.Must, Phase: Broken, Unbuilt: true,
			Sentence: "still acknowledges good deliveries while 50 slow senders dribble headers or bodies",
			Why:      "a few slow connections lock everyone else out",
			Fix:      "put time limits on reading, or a buffering proxy in front",
			standing: always(report.Must, anyone),
		},
		{
			ID: "BAD-9", Group: breaks, Usual: report.Should, Phase: Broken, Unbuilt: true,
			Sentence: "answers text that is valid JSON and hard to store: \\u0000, a lone surrogate",
			Why:      "a database that refuses the text fails every retry of the event",
			Fix:      "replace what cannot be stored",
			standing: always(report.Should, anyone),
		},
		{
			ID: "LIVE-1", Group: breaks, Usual: report.Must, Phase: Broken, Owns: OwnsSurvival,
			Sentence: "acknowledges a good delivery after anything above",
			Why:      "one bad request stops the good ones",
			Fix:      "keep nothing of a rejected request: no lock, no counter, no open transaction",
			standing: always(report.Must, anyone),
		},
		{
			ID: "LOAD-1", Group: breaks, Usual: report.Must, Phase: Crowded, Unbuilt: true,
			Sentence: "acknowledges 200 deliveries on 50 connections at once",
			Why:      "a popular post is hundreds of events in a minute",
			Fix:      "answer first, and queue the work",
			standing: always(report.Must, anyone),
		},
	}
}
