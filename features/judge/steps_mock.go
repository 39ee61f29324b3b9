package judge

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// Parts of expressions that say which one is meant, where there is more than one: whichHook of webhooks, and whichDelivery
// of deliveries.
const (
	target        = `(?:the inbox )?"[^"]*"`
	whichHook     = `(?: to (` + target + `))?`
	whichDelivery = `((?: of [^\s"]+)?(?: to ` + target + `)?)`
)

// mockSteps are the steps of MockSteps. The package documentation lists them; a test compares the two.
var mockSteps = library{
	given: []step{
		on(`a community of (\S+)(?: with the seed (\d+))?(?: (on a real clock|from "[^"]*"))?`, does3(givenCommunity)),
		on(`a time limit of (\S+)`, does1(givenTimeLimit)),
		on(`the retry schedule "([^"]*)"`, does1(givenSchedule)),
		on(`jitter of (\d+)%`, does1(givenJitter)),
		on(`Retry-After is honoured`, does0(givenRetryAfter)),
		on(`a 410 means gone`, does0(givenGone)),
		on(`deliveries are signed as Standard Webhooks`, does0(givenStandardWebhooks)),
		on(`the secret "([^"]*)"`, does1(givenSecret)),
		on(`an inbox "([^"]*)" that answers "(.*)"`, does2(givenInbox)),
		on(`a webhook to (`+target+`)(?: for (.+))?`, does2(givenWebhook)),
		on(`the faults "(.*)"`, does1(givenFaults)),
		on(`the webhook`+whichHook+` has the faults "(.*)"`, does2(givenWebhookFaults)),
	},
	when: []step{
		on(`(\S+) happens(?: (\d+) times)?(?: with the faults "(.*)")?`, does3(whenHappens)),
		on(`(\S+) happens with the payload:`, does2(whenHappensWith)),
		on(`the action (\S+) is done`, does1(whenDone)),
		on(`the story (\S+) is told in the community`, does1(whenTold)),
		on(`the clock moves by (\S+)`, does1(whenMoved)),
		on(`the clock moves to the next attempt`, does0(whenMovedToNext)),
		on(`everything settles`, does0(whenSettled)),
		on(`the clock is (paused|resumed)`, does1(whenHalted)),
		on(`the delivery`+whichDelivery+` is redelivered`, does1(whenRedelivered)),
		on(`the webhook`+whichHook+` is switched (off|on)`, does2(whenSwitched)),
		on(`the webhook`+whichHook+` is deleted`, does1(whenDeleted)),
		on(`the secret(?: of the webhook`+whichHook+`)? is rotated(?: to "([^"]*)")?(?: with an overlap of (\S+))?`, does3(whenRotated)),
	},
	then: []step{
		on(`the inbox "([^"]*)" got (\d+) requests?(?: of (\S+))?`, does3(thenInboxGot)),
		on(`the inbox "([^"]*)" got nothing`, does1(thenInboxGotNothing)),
		on(`the requests(?: to the inbox "([^"]*)")? have the same body, byte for byte`, does1(thenSameBodies)),
		on(`the requests(?: to the inbox "([^"]*)")? are rightly signed`, does1(thenRightlySigned)),
		on(`the attempts`+whichDelivery+` came at "([^"]*)"`, does2(thenCameAt)),
		on(`the delivery`+whichDelivery+` is (acknowledged|exhausted|canceled|waiting|pending)(?: after (\d+) attempts?)?`, does3(thenDelivery)),
		on(`every delivery`+whichDelivery+` is (acknowledged|exhausted|canceled|waiting|pending)(?: after (\d+) attempts?)?`, does3(thenEveryDelivery)),
		on(`attempt (\d+)`+whichDelivery+` failed with (\S+)`, does3(thenFailedWith)),
		on(`attempt (\d+)`+whichDelivery+` was answered (\d+)`, does3(thenWasAnswered)),
		on(`the webhook`+whichHook+` is (switched off|still on)`, does2(thenWebhook)),
	},
}

var whichParts = regexp.MustCompile(`^(?: of ([^\s"]+))?(?: to (` + target + `))?$`)

// readWhich takes apart what whichDelivery matched: the event and the target, either of which may be empty.
func readWhich(which string) (event, to string) {
	parts := whichParts.FindStringSubmatch(which)
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
