package rule

import (
	"github.com/quintain-dev/quintain/features/judge/report"
)

const accepts = "accepts valid events"

// lost is why a delivery must be acknowledged.
const lost = "an event that is not acknowledged is sent again, and lost after the last retry"

func acceptRules() []Rule {
	return []Rule{
		{
			ID: "ACK-1", Group: accepts, Usual: report.Must, Phase: First,
			Sentence: "acknowledges the documented example of every documented event",
			Why:      lost,
			Fix:      "accept the body as the platform's page prints it",
			standing: examples, needs: hasExample,
		},
		{
			ID: "ACK-2", Group: accepts, Usual: report.Must, Owns: OwnsPayload,
			Sentence: "acknowledges realistic generated payloads of every documented event",
			Why:      lost,
			Fix:      "accept whatever the schema of the event allows, not only the values of the sample",
			standing: byEvent(acknowledgement),
		},
		{
			ID: "ACK-3", Group: accepts, Usual: report.Should,
			Sentence: "acknowledges a payload with only the required fields, and one with every optional field",
			Why:      "optional fields may be missing at any time",
			Fix:      "treat every optional field as one that may be missing",
			standing: always(report.Should, follows),
		},
		{
			ID: "ACK-4", Group: accepts, Usual: report.Must,
			Sentence: "acknowledges null where the contract allows null, and each value of each enum",
			Why:      "the value that no sample shows is sent one day",
			Fix:      "make the field nullable, and keep unknown values instead of rejecting them",
			standing: nullsAndEnums, needs: hasVariants,
		},
		{
			ID: "ACK-5", Group: accepts, Usual: report.Should, Unbuilt: true,
			Sentence: "acknowledges within 5 s, and within the platform's timeout",
			Why:      "the platform gives up on an answer that comes too late, and sends the event again",
			Fix:      "answer first, and do the work afterwards",
			standing: timeLimit,
		},
		{
			ID: "ACK-6", Group: accepts, Usual: report.Must,
			Sentence: "answers with the exact success status, not merely some 2xx",
			Why:      "the platform takes every other status for a failure, and sends the event again",
			Fix:      "answer 200",
			standing: exactStatus,
		},
		{
			ID: "ACK-7", Group: accepts, Usual: report.Should, Sequence: true,
			Sentence: "acknowledges the events of a story, about one member, in the order in which they happen",
			Why:      "real events hang together: what was created is changed, and then deleted",
			Fix:      "accept later events about a member, a post or a campaign that is already known",
			standing: stories,
		},
		{
			ID: "ENC-1", Group: accepts, Usual: report.Must,
			Sentence: "acknowledges the same event as JSON and as form",
			Why:      "the platform documents both and does not say who picks",
			Fix:      "choose the parser by the Content-Type, and read nested form fields",
			standing: forms,
		},
		{
			ID: "ENC-2", Group: accepts, Usual: report.Should, Unbuilt: true,
			Sentence: "does not depend on key order, white space, escapes, Content-Type parameters, the case of header names, or whether the body is chunked",
			Why:      "the platform may write the same event in another way tomorrow",
			Fix:      "parse JSON with a parser, and look headers up without regard to case",
			standing: always(report.Should, httpSays),
		},
		{
			ID: "ENC-3", Group: accepts, Usual: report.Must, Unbuilt: true,
			Sentence: "reads forms as deep and as long as the contract allows: lists beyond 20 items, nesting beyond five levels",
			Why:      "common form parsers cut long lists and deep objects without an error",
			Fix:      "raise the limits of the form parser (arrayLimit and depth of qs)",
			standing: forms,
		},
		{
			ID: "TXT-1", Group: accepts, Usual: report.Must,
			Sentence: "acknowledges difficult text: emoji, right-to-left, zero-width, HTML, newlines, names of 10 kB",
			Why:      "members write what they like into their names and titles",
			Fix:      "store text as 4-byte UTF-8 (utf8mb4 in MySQL), and cut what is too long instead of rejecting it",
			standing: texts, needs: hasText,
		},
		{
			ID: "TXT-2", Group: accepts, Usual: report.Should, Unbuilt: true,
			Sentence: "acknowledges a large but ordinary event: a post or campaign of 150 kB",
			Why:      "common frameworks refuse bodies above 100 kB unless told otherwise",
			Fix:      "raise the body limit of the framework to a megabyte",
			standing: largeTexts, needs: hasText,
		},
		{
			ID: "TIME-1", Group: accepts, Usual: report.Should, Unbuilt: true,
			Sentence: "acknowledges each way to write a time that the contract leaves open: Z, an offset, a fraction of a second",
			Why:      "RFC 3339 allows all of them, and senders change libraries",
			Fix:      "parse times with an RFC 3339 parser",
			standing: writtenTimes,
		},
		{
			ID: "UNIT-1", Group: accepts, Usual: report.Must, Unbuilt: true,
			Sentence: "acknowledges both units of time where the platform mixes them, and dates far in the past and in the future",
			Why:      "the platform sends seconds in one field and milliseconds in another",
			Fix:      "read each time in the unit of its own field",
			standing: timeUnits,
		},
		{
			ID: "ID-1", Group: accepts, Usual: report.Should, Unbuilt: true,
			Sentence: "acknowledges [anonymous] as a person's id, and ids as number and as string, above 2^31 and above 2^53",
			Why:      "an id that does not fit its column, or that is no UUID, stops the delivery",
			Fix:      "keep ids as text",
			standing: ids,
		},
	}
}
