package mocksteps

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/quintain-dev/quintain/features/internal/steps"
)

// Parts of expressions that say which one is meant, where there is more than one: whichHook of webhooks, and
// whichDelivery of deliveries.
const (
	target        = `(?:the inbox )?"<name>"`
	whichHook     = `(?: to (` + target + `))?`
	whichDelivery = `((?: of <event>)?(?: to ` + target + `)?)`
	whichInbox    = `(?: to the inbox "{name}")?`
	states        = `(acknowledged|exhausted|canceled|waiting|pending)(?: after {n} attempts?)?`
)

// library are the steps of Register. The package documentation lists them; a test compares the two.
var library = &steps.Library{
	Given: []steps.Step{
		steps.On(`a community of {platform}(?: with the seed {n})?(?: (on a real clock|from "<time>"))?`, steps.Does3(givenCommunity),
			"Starts a mock server with one community. Its clock stands still, unless it is a real one."),
		steps.On(`a time limit of {duration}`, steps.Does1(givenTimeLimit),
			"Sets how long an attempt waits for its answer, in real time."),
		steps.On(`the retry schedule "{durations}"`, steps.Does1(givenSchedule),
			"Sets the delays between attempts, such as 5s, 5m."),
		steps.On(`jitter of {n}%`, steps.Does1(givenJitter),
			"Makes delays longer by at most so much, at random."),
		steps.On(`Retry-After is honoured`, steps.Does0(givenRetryAfter),
			"Makes the sender wait as long as an answer's Retry-After asks."),
		steps.On(`a 410 means gone`, steps.Does0(givenGone),
			"Makes the sender switch a webhook off that answers 410."),
		steps.On(`deliveries are signed as Standard Webhooks`, steps.Does0(givenStandardWebhooks),
			"Replaces the platform's signature by that of Standard Webhooks."),
		steps.On(`the secret "{secret}"`, steps.Does1(givenSecret),
			"Sets the secret that deliveries are signed with."),
		steps.On(`an inbox "{name}" that answers "{script}"`, steps.Does2(givenInbox),
			"Makes an endpoint that records what it gets, and answers by a script such as 503x2, 200."),
		steps.On(`a webhook to (`+target+`)(?: for {events})?`, steps.Does2(givenWebhook),
			"Registers a webhook, for all events if none is named."),
		steps.On(`the faults "{faults}"`, steps.Does1(givenFaults),
			"Makes the whole community's sender misbehave, such as 30% lost."),
		steps.On(`the webhook`+whichHook+` has the faults "{faults}"`, steps.Does2(givenWebhookFaults),
			"Makes the sender misbehave in deliveries to this webhook."),
	},
	When: []steps.Step{
		steps.On(`{event} happens(?: {n} times)?(?: with the faults "{faults}")?`, steps.Does3(whenHappens),
			"Emits an event, and makes the first attempts of its deliveries."),
		steps.On(`{event} happens with the payload:`, steps.Does2(whenHappensWith),
			"Emits an event whose body is the doc string."),
		steps.On(`the action {action} is done`, steps.Does1(whenDone),
			"Performs an action in the community, such as join, with all events that it causes."),
		steps.On(`the story {story} is told in the community`, steps.Does1(whenTold),
			"Emits the events of a story in their order, as the clock moves."),
		steps.On(`the clock moves by {duration}`, steps.Does1(whenMoved),
			"Advances a virtual clock, and makes every attempt that is due."),
		steps.On(`the clock moves to the next attempt`, steps.Does0(whenMovedToNext),
			"Advances a virtual clock to the next attempt, and makes that."),
		steps.On(`everything settles`, steps.Does0(whenSettled),
			"Runs the clock until no attempt is pending."),
		steps.On(`the clock is (paused|resumed)`, steps.Does1(whenHalted),
			"Pauses or resumes a real clock."),
		steps.On(`the delivery`+whichDelivery+` is redelivered`, steps.Does1(whenRedelivered),
			"Makes another attempt of a delivery, manually."),
		steps.On(`the webhook`+whichHook+` is turned (off|on)`, steps.Does2(whenSwitched),
			"Deactivates or activates a webhook."),
		steps.On(`the webhook`+whichHook+` is deleted`, steps.Does1(whenDeleted),
			"Deletes a webhook."),
		steps.On(`the secret(?: of the webhook`+whichHook+`)?`+
			` is rotated(?: to "{secret}")?(?: with an overlap of {duration})?`, steps.Does3(whenRotated),
			"Replaces the secret of a webhook. During the overlap, deliveries carry both signatures."),
	},
	Then: []steps.Step{
		steps.On(`the inbox "{name}" got {n} requests?(?: of {event})?`, steps.Does3(thenInboxGot),
			"Fails unless the inbox recorded exactly so many requests."),
		steps.On(`the inbox "{name}" got nothing`, steps.Does1(thenInboxGotNothing),
			"Fails if the inbox recorded a request."),
		steps.On(`the requests`+whichInbox+` have the same body, byte for byte`, steps.Does1(thenSameBodies),
			"Fails unless all requests have the same body."),
		steps.On(`the request`+whichInbox+` carries:`, steps.Does2(thenCarries),
			"Compares the body of the only request with a table of JSON pointers and expectations."),
		steps.On(`the requests`+whichInbox+` are correctly signed`, steps.Does1(thenRightlySigned),
			"Fails unless every request has a correct signature."),
		steps.On(`the attempts`+whichDelivery+` came at "{durations}"`, steps.Does2(thenCameAt),
			"Fails unless the attempts were made so long after the event, such as 0s, 5s, 30s."),
		steps.On(`the delivery`+whichDelivery+` is `+states, steps.Does3(thenDelivery),
			"Fails unless the delivery is in this state."),
		steps.On(`every delivery`+whichDelivery+` is `+states, steps.Does3(thenEveryDelivery),
			"Fails unless every delivery is in this state."),
		steps.On(`attempt {n}`+whichDelivery+` failed with {why}`, steps.Does3(thenFailedWith),
			"Fails unless this attempt got no answer, for this reason: timeout, refused, reset, malformed, unresolvable."),
		steps.On(`attempt {n}`+whichDelivery+` was answered {status}`, steps.Does3(thenWasAnswered),
			"Fails unless this attempt was answered with this status."),
		steps.On(`the webhook`+whichHook+` is (switched off|still on)`, steps.Does2(thenWebhook),
			"Fails unless the webhook is in this state."),
	},
}

var whichParts = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?: of ([^"]+?))?(?: to ((?:the inbox )?"[^"]*"))?$`)
})

// readWhich takes apart what whichDelivery matched: the event and the target, either of which may be empty.
func readWhich(which string) (event, to string) {
	parts := whichParts().FindStringSubmatch(which)
	return parts[1], parts[2]
}

// unquote returns what stands between quotation marks, at whose places an expression has put them.
func unquote(quoted string) string { return strings.Trim(quoted, `"`) }

// readDuration reads a duration of a step.
func readDuration(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if err != nil {
		return 0, fmt.Errorf("%q is no duration; write it as 500ms, 5s, 5m or 1h30m", text)
	}
	return d, nil
}

// readList takes apart a list with commas. An empty text has no items.
func readList(text string) []string {
	items := []string{}
	if strings.TrimSpace(text) == "" {
		return items
	}
	for item := range strings.SplitSeq(text, ",") {
		items = append(items, strings.TrimSpace(item))
	}
	return items
}

// inList writes items with commas.
func inList(items []string) string { return strings.Join(items, ", ") }
