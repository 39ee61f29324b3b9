package judge

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver/client"
)

// senderSteps are the steps of features/sender.
var senderSteps = library{
	given: []step{
		on(`a webhook of (\S+) that answers (\S+)`, does2(givenAnswers)),
		on(`a webhook of (\S+) that answers (\S+) and then 200`, does2(givenAnswersThen)),
		on(`a webhook of (\S+) that fails (\d+) times and then answers 200`, does2(givenFails)),
		on(`a webhook of (\S+) that always fails once less than switches it off, and then answers 200`, does1(givenAlmostDead)),
		on(`a webhook of (\S+) that asks to wait (longer|no longer) than the schedule does, with Retry-After honoured`, does2(givenRetriesAfter)),
		on(`a webhook of (\S+) that answers 410, which means gone`, does1(givenAnswersGone)),
		on(`webhooks of (\S+) for member\.joined, for payment\.completed, and for both`, does1(givenThree)),
	},
	when: []step{
		on(`an event happens and its schedule runs out`, does0(whenRunsOut)),
		on(`an event happens and its attempts are made one by one`, does0(whenOneByOne)),
		on(`an event happens and its first attempt fails`, does0(whenFirstFails)),
		on(`the webhook is (deleted|deactivated)`, does1(whenGone)),
		on(`member\.joined, payment\.completed and post\.created happen`, does0(whenThreeHappen)),
		on(`(\d+) events happen`, does1(whenMany)),
		on(`the test call is made`, does0(whenTested)),
		on(`(\w+) is called`, does1(whenCalled)),
		on(`(\w+) is called with (no token|a wrong token|the token of another community)`, does2(whenCalledWith)),
		on(`(\w+) is called (without a url|without events|with a url that is no address|with an unknown event|with a body that is not JSON|with a page of 0|of a community that is not there|of a webhook that is not there|more often than the limit)`, does2(whenMisused)),
	},
	then: []step{
		on(`it is acknowledged at attempt (\d+)`, does1(thenAcknowledgedAt)),
		on(`it is sent with the content type of its contract`, does0(thenTyped)),
		on(`no other attempt follows`, does0(thenNoOther)),
		on(`every attempt has the same id and body`, does0(thenSameBody)),
		on(`every attempt is signed for itself`, does0(thenSigned)),
		on(`the first attempt counts as (an acknowledgement|a failure)`, does1(thenCountsAs)),
		on(`the attempts are as many and as far apart as the schedule says`, does0(thenScheduled)),
		on(`the attempts are as far apart as the schedule and the answers say`, does0(thenWaited)),
		on(`it is given up at attempt (\d+)`, does1(thenGivenUpAt)),
		on(`the webhook is (switched off|still on)`, does1(thenSwitched)),
		on(`it is not sent the next event`, does0(thenNotSent)),
		on(`each webhook was sent its events, each once`, does0(thenSubscribed)),
		on(`the log has (\d+) attempts, newest first, with the status codes (.+)`, does2(thenLogged)),
		on(`the pages of the log have (\d+) and (\d+) attempts, newest first, each once`, does2(thenPaged)),
		on(`a page of the log never has more than (\d+) attempts`, does1(thenPageBound)),
		on(`it reports the status (\d+) and a response time`, does1(thenReported)),
		on(`the webhook was sent a signed test\.ping`, does0(thenPinged)),
		on(`it succeeds, as the contract says`, does0(thenSucceeds)),
		on(`it is answered ([A-Z_]+), as the contract says`, does1(thenAnsweredCode)),
		on(`it is refused, as the contract says`, does0(thenRefusedCall)),
		on(`the webhook is as it was`, does0(thenAsItWas)),
	},
}

func givenAnswers(ctx context.Context, e *exam, platform, answer string) error {
	var n client.NewCommunity
	if strings.HasPrefix(answer, "timeout") {
		n.TimeoutMS = shortTimeout
	}
	if err := e.found(ctx, platform, n); err != nil {
		return err
	}
	return e.register(ctx, "hook", answer, []string{e.anyEvent()})
}

func givenAnswersThen(ctx context.Context, e *exam, platform, answer string) error {
	return givenAnswers(ctx, e, platform, answer+",200")
}

func givenFails(ctx context.Context, e *exam, platform string, times int) error {
	if times == 0 {
		return givenAnswers(ctx, e, platform, "200")
	}
	return givenAnswers(ctx, e, platform, fmt.Sprintf("500x%d,200", times))
}

func givenAlmostDead(ctx context.Context, e *exam, platform string) error {
	rule := e.suite.platform.Rules.DisableAfter.Value
	failures := rule.Failures - 1
	if rule.Counts == "retries" {
		failures++ // the first attempt is no retry
	}
	return givenFails(ctx, e, platform, failures)
}

func givenThree(ctx context.Context, e *exam, platform string) error {
	if err := e.found(ctx, platform, client.NewCommunity{}); err != nil {
		return err
	}
	for _, hook := range []struct {
		name   string
		events []string
	}{
		{"joined", []string{"member.joined"}},
		{"completed", []string{"payment.completed"}},
		{"both", []string{"member.joined", "payment.completed"}},
	} {
		if err := e.register(ctx, hook.name, "200", hook.events); err != nil {
			return err
		}
	}
	return nil
}

// emit lets an event happen, with the webhook's script at its beginning.
func (e *exam) emit(ctx context.Context, event string, wait bool) error {
	for _, h := range e.hooks {
		if _, err := e.suite.api.PutInbox(ctx, e.town.ID, h.name, h.script); err != nil {
			return err
		}
	}
	events, err := e.suite.api.Emit(ctx, e.town.ID, client.Emission{Type: event, Wait: wait})
	e.events = append(e.events, events...)
	return err
}

// look fetches the delivery of the last event.
func (e *exam) look(ctx context.Context) error {
	last := e.events[len(e.events)-1]
	if len(last.Deliveries) != 1 {
		return e.fail(e.sent(), "one delivery", "%d deliveries", len(last.Deliveries))
	}
	detail, err := e.suite.api.Delivery(ctx, e.town.ID, last.Deliveries[0])
	e.delivery = detail
	return err
}

func whenRunsOut(ctx context.Context, e *exam) error {
	if err := e.emit(ctx, e.anyEvent(), false); err != nil {
		return err
	}
	if _, err := e.suite.api.Settle(ctx, e.town.ID, 1000); err != nil {
		return err
	}
	return e.look(ctx)
}

// whenOneByOne makes the attempts some milliseconds of real time apart, so that their timestamps can be told apart.
func whenOneByOne(ctx context.Context, e *exam) error {
	if err := e.emit(ctx, e.anyEvent(), true); err != nil {
		return err
	}
	for range 100 {
		tick := time.NewTimer(3 * time.Millisecond)
		select {
		case <-tick.C:
		case <-ctx.Done():
			tick.Stop()
			return ctx.Err()
		}
		moved, err := e.suite.api.AdvanceToNext(ctx, e.town.ID)
		if err != nil {
			return err
		}
		if moved.Attempts == 0 {
			return e.look(ctx)
		}
	}
	return e.fail(e.sent(), "an end of the retries", "more than 100 attempts")
}

func whenFirstFails(ctx context.Context, e *exam) error {
	if err := e.emit(ctx, e.anyEvent(), true); err != nil {
		return err
	}
	return e.look(ctx)
}

func whenMany(ctx context.Context, e *exam, n int) error {
	for i := range n {
		if i == n/2 { // so that the log has two times
			if _, err := e.suite.api.Advance(ctx, e.town.ID, time.Minute); err != nil {
				return err
			}
		}
		if err := e.emit(ctx, e.anyEvent(), true); err != nil {
			return err
		}
	}
	return nil
}

func thenAcknowledgedAt(ctx context.Context, e *exam, attempt int) error {
	got, err := e.captures(ctx, e.hooks[0])
	if err != nil {
		return err
	}
	want := fmt.Sprintf("%s, the last of which is acknowledged", count(attempt, "attempt"))
	if e.delivery.State != client.Acknowledged || e.delivery.AttemptCount != attempt {
		return e.fail(e.sent(), want, "%s, and the delivery is %s", count(e.delivery.AttemptCount, "attempt"), e.delivery.State)
	}
	if len(got) != attempt {
		return e.fail(e.sent(), want, "%s at the webhook", count(len(got), "request"))
	}
	return nil
}

// thenNoOther lets a month pass.
func thenNoOther(ctx context.Context, e *exam) error {
	before, err := e.captures(ctx, e.hooks[0])
	if err != nil {
		return err
	}
	if _, err := e.suite.api.Advance(ctx, e.town.ID, 30*24*time.Hour); err != nil {
		return err
	}
	after, err := e.captures(ctx, e.hooks[0])
	if err != nil {
		return err
	}
	if more := len(after) - len(before); more > 0 {
		return e.fail(e.sent(), "no other attempt, whatever time passes", "%s more", count(more, "request"))
	}
	return nil
}

func thenSameBody(ctx context.Context, e *exam) error {
	got, err := e.captures(ctx, e.hooks[0])
	if err != nil {
		return err
	}
	if want := 1 + len(e.suite.platform.Rules.Schedule.Value); len(got) < 2 && want > 1 {
		return e.block("there was %s to compare, want %d", count(len(got), "attempt"), want)
	}
	event := e.events[len(e.events)-1]
	for i, c := range got {
		if !bytes.Equal(c.Bytes(), got[0].Bytes()) {
			return e.fail(e.sent(), "the same body at every attempt, byte for byte", "another body at attempt %d: %s", i+1, excerpt(string(c.Bytes())))
		}
		key := e.suite.platform.Rules.DedupKey.Value
		if id, ok := contract.Lookup(c.Bytes(), key).(string); key != "" && (!ok || id != event.ID) {
			return e.fail(e.sent(), "the event's id "+event.ID+" at "+key, "%q at attempt %d", id, i+1)
		}
	}
	return nil
}

func thenSigned(ctx context.Context, e *exam) error {
	got, err := e.captures(ctx, e.hooks[0])
	if err != nil {
		return err
	}
	rule := e.suite.platform.Rules.Signature.Value
	if e.hooks[0].secret == "" && !rule.Signed() { // no key is configured
		return nil
	}
	for i, c := range got {
		if err := rule.SigningScheme().Verify(headersOf(c), e.hooks[0].secret, c.Bytes(), c.ReceivedAt); err != nil {
			return e.fail(e.sent(), "a proof that holds at every attempt", "at attempt %d: %s", i+1, err)
		}
		if rule.TimestampHeader == "" || i == 0 {
			continue
		}
		number, _ := strconv.ParseInt(c.Headers.Get(rule.TimestampHeader), 10, 64)
		stamp, unit := time.UnixMilli(number), time.Millisecond
		if rule.TimestampUnit == "s" {
			stamp, unit = time.Unix(number, 0), time.Second
		}
		if stamp.Before(got[i-1].ReceivedAt.Truncate(unit)) {
			return e.fail(e.sent(), "a timestamp of its own at every attempt", "attempt %d is stamped before attempt %d arrived", i+1, i)
		}
	}
	return nil
}

func headersOf(c client.Capture) http.Header {
	h := http.Header{}
	for name, values := range c.Headers {
		for _, v := range values {
			h.Add(name, v)
		}
	}
	return h
}

func thenScheduled(_ context.Context, e *exam) error {
	want := e.suite.platform.Rules.Schedule.Value
	if got := e.delays(); !slices.Equal(got, want) {
		return e.fail(e.sent(), "retries after "+inWords(want), "retries after %s", inWords(got))
	}
	if e.delivery.State == client.Acknowledged || e.delivery.State == client.Waiting {
		return e.fail(e.sent(), "a delivery that is given up", "one that is %s", e.delivery.State)
	}
	return nil
}

func inWords(s contract.RetrySchedule) string {
	if len(s) == 0 {
		return "none"
	}
	words := make([]string, len(s))
	for i, d := range s {
		words[i] = d.String()
	}
	return strings.Join(words, ", ")
}
