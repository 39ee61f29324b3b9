package mocksteps

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/quintain-dev/quintain/features/internal/steps"
)

// Parts of expressions that say which one is meant, where there is more than one: whichHook of webhooks, and whichDelivery
// of deliveries.
const (
	target        = `(?:the inbox )?"[^"]*"`
	whichHook     = `(?: to (` + target + `))?`
	whichDelivery = `((?: of [^\s"]+)?(?: to ` + target + `)?)`
)

// library are the steps of Register. The package documentation lists them; a test compares the two.
var library = &steps.Library{
	Given: []steps.Step{
		steps.On(`a community of (\S+)(?: with the seed (\d+))?(?: (on a real clock|from "[^"]*"))?`, steps.Does3(givenCommunity)),
		steps.On(`a time limit of (\S+)`, steps.Does1(givenTimeLimit)),
		steps.On(`the retry schedule "([^"]*)"`, steps.Does1(givenSchedule)),
		steps.On(`jitter of (\d+)%`, steps.Does1(givenJitter)),
		steps.On(`Retry-After is honoured`, steps.Does0(givenRetryAfter)),
		steps.On(`a 410 means gone`, steps.Does0(givenGone)),
		steps.On(`deliveries are signed as Standard Webhooks`, steps.Does0(givenStandardWebhooks)),
		steps.On(`the secret "([^"]*)"`, steps.Does1(givenSecret)),
		steps.On(`an inbox "([^"]*)" that answers "(.*)"`, steps.Does2(givenInbox)),
		steps.On(`a webhook to (`+target+`)(?: for (.+))?`, steps.Does2(givenWebhook)),
		steps.On(`the faults "(.*)"`, steps.Does1(givenFaults)),
		steps.On(`the webhook`+whichHook+` has the faults "(.*)"`, steps.Does2(givenWebhookFaults)),
	},
	When: []steps.Step{
		steps.On(`(\S+) happens(?: (\d+) times)?(?: with the faults "(.*)")?`, steps.Does3(whenHappens)),
		steps.On(`(\S+) happens with the payload:`, steps.Does2(whenHappensWith)),
		steps.On(`the action (\S+) is done`, steps.Does1(whenDone)),
		steps.On(`the story (\S+) is told in the community`, steps.Does1(whenTold)),
		steps.On(`the clock moves by (\S+)`, steps.Does1(whenMoved)),
		steps.On(`the clock moves to the next attempt`, steps.Does0(whenMovedToNext)),
		steps.On(`everything settles`, steps.Does0(whenSettled)),
		steps.On(`the clock is (paused|resumed)`, steps.Does1(whenHalted)),
		steps.On(`the delivery`+whichDelivery+` is redelivered`, steps.Does1(whenRedelivered)),
		steps.On(`the webhook`+whichHook+` is switched (off|on)`, steps.Does2(whenSwitched)),
		steps.On(`the webhook`+whichHook+` is deleted`, steps.Does1(whenDeleted)),
		steps.On(`the secret(?: of the webhook`+whichHook+`)? is rotated(?: to "([^"]*)")?(?: with an overlap of (\S+))?`, steps.Does3(whenRotated)),
	},
	Then: []steps.Step{
		steps.On(`the inbox "([^"]*)" got (\d+) requests?(?: of (\S+))?`, steps.Does3(thenInboxGot)),
		steps.On(`the inbox "([^"]*)" got nothing`, steps.Does1(thenInboxGotNothing)),
		steps.On(`the requests(?: to the inbox "([^"]*)")? have the same body, byte for byte`, steps.Does1(thenSameBodies)),
		steps.On(`the request(?: to the inbox "([^"]*)")? carries:`, steps.Does2(thenCarries)),
		steps.On(`the requests(?: to the inbox "([^"]*)")? are correctly signed`, steps.Does1(thenRightlySigned)),
		steps.On(`the attempts`+whichDelivery+` came at "([^"]*)"`, steps.Does2(thenCameAt)),
		steps.On(`the delivery`+whichDelivery+` is (acknowledged|exhausted|canceled|waiting|pending)(?: after (\d+) attempts?)?`, steps.Does3(thenDelivery)),
		steps.On(`every delivery`+whichDelivery+` is (acknowledged|exhausted|canceled|waiting|pending)(?: after (\d+) attempts?)?`, steps.Does3(thenEveryDelivery)),
		steps.On(`attempt (\d+)`+whichDelivery+` failed with (\S+)`, steps.Does3(thenFailedWith)),
		steps.On(`attempt (\d+)`+whichDelivery+` was answered (\d+)`, steps.Does3(thenWasAnswered)),
		steps.On(`the webhook`+whichHook+` is (switched off|still on)`, steps.Does2(thenWebhook)),
	},
}

var whichParts = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?: of ([^\s"]+))?(?: to (` + target + `))?$`)
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
