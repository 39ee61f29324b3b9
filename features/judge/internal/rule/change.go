package rule

import "github.com/quintain-dev/quintain/features/judge/report"

const tolerates = "tolerates change"

func changeRules() []Rule {
	return []Rule{
		{
			ID: "FWD-1", Group: tolerates, Usual: report.Should,
			Sentence: "acknowledges unknown extra fields at every level",
			Why:      "a field added tomorrow would stop every delivery",
			Fix:      "ignore unknown fields: no additionalProperties: false, no strict decoder",
			standing: unknownFields,
		},
		{
			ID: "FWD-2", Group: tolerates, Usual: report.Should, Unbuilt: true,
			Sentence: "acknowledges or rejects an event type that it has never heard of, and does not crash on it",
			Why:      "an event type added tomorrow would look like an outage",
			Fix:      "answer 200 to events that nobody handles",
			standing: always(report.Should, follows),
		},
		{
			ID: "FWD-3", Group: tolerates, Usual: report.Should, Unbuilt: true,
			Sentence: "acknowledges an enum value that is added tomorrow",
			Why:      "a value added tomorrow would stop every delivery that has it",
			Fix:      "keep unknown values instead of rejecting them",
			standing: enums,
		},
		{
			ID: "REV-1", Group: tolerates, Usual: report.Should, Unbuilt: true,
			Sentence: "acknowledges every newer revision of each event",
			Why:      "the platform changes its payloads for everyone at once",
			Fix:      "accept the fields and types of the newer revisions too",
			standing: revisions,
		},
	}
}
