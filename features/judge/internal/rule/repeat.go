package rule

import (
	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/judge/report"
)

const repeats = "duplicates, retries, order"

// maybe is for rules about effects whose events have no id to tell repetitions by.
func maybe(*contract.Platform) Standing { return one(report.May, follows) }

func repeatRules() []Rule {
	return []Rule{
		{
			ID: "DUP-1", Group: repeats, Usual: report.Must,
			Sentence: "acknowledges a delivery that it acknowledged before (same id, same body)",
			Why:      "the platform sends again when an answer is lost; a rejection makes it try until it gives up",
			Fix:      "answer what was answered the first time when the id is known",
			standing: repeated(repetition),
		},
		{
			ID: "DUP-2", Group: repeats, Usual: report.Must, Phase: Crowded,
			Sentence: "acknowledges the same delivery arriving many times at once",
			Why:      "a retry can overtake the delivery that is still being processed",
			Fix:      "let the database decide which one is first (a unique key), and acknowledge the others",
			standing: repeated(stated(anyone)),
		},
		{
			ID: "DUP-3", Group: repeats, Usual: report.Must, Unbuilt: true, Probe: true,
			Sentence: "processes a delivery once however often it arrives",
			Why:      "a badge is awarded twice, a mail is sent twice",
			Fix:      "remember the event's id in the transaction that processes the event",
			standing: identified(noIDs),
		},
		{
			ID: "CON-1", Group: repeats, Usual: report.Should, Unbuilt: true,
			Sentence: "acknowledges several different events about one new person at once",
			Why:      "a member who joins five spaces is five deliveries in the same second",
			Fix:      "create the person with an upsert",
			standing: always(report.Should, follows),
		},
		{
			ID: "DUP-4", Group: repeats, Usual: report.May, Unbuilt: true, Probe: true,
			Sentence: "processes the same business fact under a new event id as the platform's documentation lets a receiver expect",
			Why:      "some platforms send one fact under several ids",
			Fix:      "decide by the subject, not by the event's id, where the effect must not happen twice",
			standing: always(report.May, follows),
		},
		{
			ID: "RTY-1", Group: repeats, Usual: report.Must,
			Sentence: "acknowledges each of the retries of a delivery whose answer was lost",
			Why:      "the platform keeps trying until it sees an answer",
			Fix:      "answer what was answered the first time when the id is known",
			standing: retries, needs: retried,
		},
		{
			ID: "RTY-2", Group: repeats, Usual: report.Must, Unbuilt: true, Probe: true,
			Sentence: "acknowledges the retry after a lost acknowledgement, and processes the event once",
			Why:      "the sender cannot know that the first attempt arrived",
			Fix:      "remember the event's id in the transaction that processes the event",
			standing: identified(maybe),
		},
		{
			ID: "RTY-4", Group: repeats, Usual: report.Must, Unbuilt: true, Probe: true,
			Sentence: "acknowledges the retry after a crash between effect and acknowledgement, processes the event once, and loses nothing that it acknowledged",
			Why:      "a receiver that marks an event as done before the work is done loses it in a crash",
			Fix:      "mark and work in one transaction, and acknowledge after it",
			standing: identified(maybe),
		},
		{
			ID: "RTY-3", Group: repeats, Usual: report.Should, Unbuilt: true,
			Sentence: "never answers an error that it then answers with success to identical bytes in the same minute",
			Why:      "an endpoint that flaps is disabled by platforms that count failures",
			Fix:      "find the shared state or the limit that makes it depend on luck",
			standing: always(report.Should, follows),
		},
		{
			ID: "ORD-1", Group: repeats, Usual: report.Should, Unbuilt: true,
			Sentence: "acknowledges events out of order: updated before created, deleted before updated",
			Why:      "a retry arrives after the events that happened since",
			Fix:      "accept an event about something unknown, and decide by the event's time",
			standing: always(report.Should, follows),
		},
		{
			ID: "ORD-2", Group: repeats, Usual: report.Must, Unbuilt: true, Probe: true,
			Sentence: "ends in the same state whatever the order and the duplicates",
			Why:      "the last request to arrive is not the last thing that happened",
			Fix:      "compare the event's time with that of the state before it is replaced",
			standing: identified(maybe),
		},
	}
}
