package sendersteps

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

	"github.com/quintain-dev/quintain/features/internal/phrase"
	"github.com/quintain-dev/quintain/features/internal/steps"
)

// Library has the steps of features/sender.
var Library = &steps.Library{
	Given: []steps.Step{
		steps.On(`a webhook of (\S+) that answers (\S+)`, steps.Does2(givenAnswers)),
		steps.On(`a webhook of (\S+) that answers (\S+) and then 200`, steps.Does2(givenAnswersThen)),
		steps.On(`a webhook of (\S+) that fails (\d+) times and then answers 200`, steps.Does2(givenFails)),
		steps.On(`a webhook of (\S+) that fails one time short of being disabled, and then answers 200`, steps.Does1(givenAlmostDead)),
		steps.On(`a webhook of (\S+) that asks to wait (longer|no longer) than the schedule does, with Retry-After honoured`, steps.Does2(givenRetriesAfter)),
		steps.On(`a webhook of (\S+) that answers 410, which means gone`, steps.Does1(givenAnswersGone)),
		steps.On(`webhooks of (\S+) for member\.joined, for payment\.completed, and for both`, steps.Does1(givenThree)),
	},
	When: []steps.Step{
		steps.On(`an event happens and its schedule runs out`, steps.Does0(whenRunsOut)),
		steps.On(`an event happens and its attempts are made one by one`, steps.Does0(whenOneByOne)),
		steps.On(`an event happens and its first attempt fails`, steps.Does0(whenFirstFails)),
		steps.On(`the webhook is (deleted|deactivated)`, steps.Does1(whenGone)),
		steps.On(`member\.joined, payment\.completed and post\.created happen`, steps.Does0(whenThreeHappen)),
		steps.On(`(\d+) events happen`, steps.Does1(whenMany)),
		steps.On(`the test call is made`, steps.Does0(whenTested)),
		steps.On(`(\w+) is called`, steps.Does1(whenCalled)),
		steps.On(`(\w+) is called with (no token|a wrong token|the token of another community)`, steps.Does2(whenCalledWith)),
		steps.On(`(\w+) is called (without a url|without events|with a url that is no address|with an unknown event|with a body that is not JSON|with a page of 0|of a community that is not there|of a webhook that is not there|more often than the limit)`, steps.Does2(whenMisused)),
	},
	Then: []steps.Step{
		steps.On(`it is acknowledged at attempt (\d+)`, steps.Does1(thenAcknowledgedAt)),
		steps.On(`it is sent with the content type of its contract`, steps.Does0(thenTyped)),
		steps.On(`no other attempt follows`, steps.Does0(thenNoOther)),
		steps.On(`every attempt has the same id and body`, steps.Does0(thenSameBody)),
		steps.On(`every attempt is signed for itself`, steps.Does0(thenSigned)),
		steps.On(`the first attempt counts as (an acknowledgement|a failure)`, steps.Does1(thenCountsAs)),
		steps.On(`the attempts are as many and as far apart as the schedule says`, steps.Does0(thenScheduled)),
		steps.On(`the attempts are as far apart as the schedule and the answers say`, steps.Does0(thenWaited)),
		steps.On(`it is given up at attempt (\d+)`, steps.Does1(thenGivenUpAt)),
		steps.On(`the webhook is (switched off|still on)`, steps.Does1(thenSwitched)),
		steps.On(`it is not sent the next event`, steps.Does0(thenNotSent)),
		steps.On(`each webhook was sent its events, each once`, steps.Does0(thenSubscribed)),
		steps.On(`the log has (\d+) attempts, newest first, with the status codes (.+)`, steps.Does2(thenLogged)),
		steps.On(`the pages of the log have (\d+) and (\d+) attempts, newest first, each once`, steps.Does2(thenPaged)),
		steps.On(`a page of the log never has more than (\d+) attempts`, steps.Does1(thenPageBound)),
		steps.On(`it reports the status (\d+) and a response time`, steps.Does1(thenReported)),
		steps.On(`the webhook was sent a signed test\.ping`, steps.Does0(thenPinged)),
		steps.On(`it succeeds, as the contract says`, steps.Does0(thenSucceeds)),
		steps.On(`it is answered ([A-Z_]+), as the contract says`, steps.Does1(thenAnsweredCode)),
		steps.On(`it is refused, as the contract says`, steps.Does0(thenRefusedCall)),
		steps.On(`the webhook is as it was`, steps.Does0(thenAsItWas)),
	},
}

func givenAnswers(ctx context.Context, r *Run, platform, answer string) error {
	var n client.NewCommunity
	if strings.HasPrefix(answer, "timeout") {
		n.TimeoutMS = shortTimeout
	}
	if err := r.create(ctx, platform, n); err != nil {
		return err
	}
	return r.register(ctx, "hook", answer, []string{r.anyEvent()})
}

func givenAnswersThen(ctx context.Context, r *Run, platform, answer string) error {
	return givenAnswers(ctx, r, platform, answer+",200")
}

func givenFails(ctx context.Context, r *Run, platform string, times int) error {
	if times == 0 {
		return givenAnswers(ctx, r, platform, "200")
	}
	return givenAnswers(ctx, r, platform, fmt.Sprintf("500x%d,200", times))
}

func givenAlmostDead(ctx context.Context, r *Run, platform string) error {
	rule := r.suite.Platform.Rules.DisableAfter.Value
	failures := rule.Failures - 1
	if rule.Counts == "retries" {
		failures++ // the first attempt is no retry
	}
	return givenFails(ctx, r, platform, failures)
}

func givenThree(ctx context.Context, r *Run, platform string) error {
	if err := r.create(ctx, platform, client.NewCommunity{}); err != nil {
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
		if err := r.register(ctx, hook.name, "200", hook.events); err != nil {
			return err
		}
	}
	return nil
}

// emit lets an event happen, with the webhook's script at its beginning.
func (r *Run) emit(ctx context.Context, event string, wait bool) error {
	for _, h := range r.hooks {
		if _, err := r.suite.api.PutInbox(ctx, r.community.ID, h.name, h.script); err != nil {
			return err
		}
	}
	events, err := r.suite.api.Emit(ctx, r.community.ID, client.Emission{Type: event, Wait: wait})
	r.events = append(r.events, events...)
	return err
}

// look fetches the delivery of the last event.
func (r *Run) look(ctx context.Context) error {
	last := r.events[len(r.events)-1]
	if len(last.Deliveries) != 1 {
		return r.fail(r.sent(), "one delivery", "%d deliveries", len(last.Deliveries))
	}
	detail, err := r.suite.api.Delivery(ctx, r.community.ID, last.Deliveries[0])
	r.delivery = detail
	return err
}

func whenRunsOut(ctx context.Context, r *Run) error {
	if err := r.emit(ctx, r.anyEvent(), false); err != nil {
		return err
	}
	if _, err := r.suite.api.Settle(ctx, r.community.ID, 1000); err != nil {
		return err
	}
	return r.look(ctx)
}

// whenOneByOne makes the attempts some milliseconds of real time apart, so that their timestamps can be told apart.
func whenOneByOne(ctx context.Context, r *Run) error {
	if err := r.emit(ctx, r.anyEvent(), true); err != nil {
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
		moved, err := r.suite.api.AdvanceToNext(ctx, r.community.ID)
		if err != nil {
			return err
		}
		if moved.Attempts == 0 {
			return r.look(ctx)
		}
	}
	return r.fail(r.sent(), "an end of the retries", "more than 100 attempts")
}

func whenFirstFails(ctx context.Context, r *Run) error {
	if err := r.emit(ctx, r.anyEvent(), true); err != nil {
		return err
	}
	return r.look(ctx)
}

func whenMany(ctx context.Context, r *Run, n int) error {
	for i := range n {
		if i == n/2 { // so that the log has two times
			if _, err := r.suite.api.Advance(ctx, r.community.ID, time.Minute); err != nil {
				return err
			}
		}
		if err := r.emit(ctx, r.anyEvent(), true); err != nil {
			return err
		}
	}
	return nil
}

func thenAcknowledgedAt(ctx context.Context, r *Run, attempt int) error {
	got, err := r.captures(ctx, r.hooks[0])
	if err != nil {
		return err
	}
	want := fmt.Sprintf("%s, the last of which is acknowledged", phrase.Count(attempt, "attempt"))
	if r.delivery.State != client.Acknowledged || r.delivery.AttemptCount != attempt {
		return r.fail(r.sent(), want, "%s, and the delivery is %s", phrase.Count(r.delivery.AttemptCount, "attempt"), r.delivery.State)
	}
	if len(got) != attempt {
		return r.fail(r.sent(), want, "%s at the webhook", phrase.Count(len(got), "request"))
	}
	return nil
}

// thenNoOther lets a month pass.
func thenNoOther(ctx context.Context, r *Run) error {
	before, err := r.captures(ctx, r.hooks[0])
	if err != nil {
		return err
	}
	if _, err := r.suite.api.Advance(ctx, r.community.ID, 30*24*time.Hour); err != nil {
		return err
	}
	after, err := r.captures(ctx, r.hooks[0])
	if err != nil {
		return err
	}
	if more := len(after) - len(before); more > 0 {
		return r.fail(r.sent(), "no other attempt, whatever time passes", "%s more", phrase.Count(more, "request"))
	}
	return nil
}

func thenSameBody(ctx context.Context, r *Run) error {
	got, err := r.captures(ctx, r.hooks[0])
	if err != nil {
		return err
	}
	if want := 1 + len(r.suite.Platform.Rules.Schedule.Value); len(got) < 2 && want > 1 {
		return r.Block("there was %s to compare, want %d", phrase.Count(len(got), "attempt"), want)
	}
	event := r.events[len(r.events)-1]
	for i, c := range got {
		if !bytes.Equal(c.Bytes(), got[0].Bytes()) {
			return r.fail(r.sent(), "the same body at every attempt, byte for byte", "another body at attempt %d: %s", i+1, phrase.Excerpt(string(c.Bytes())))
		}
		key := r.suite.Platform.Rules.DedupKey.Value
		if id, ok := contract.Lookup(c.Bytes(), key).(string); key != "" && (!ok || id != event.ID) {
			return r.fail(r.sent(), "the event's id "+event.ID+" at "+key, "%q at attempt %d", id, i+1)
		}
	}
	return nil
}

func thenSigned(ctx context.Context, r *Run) error {
	got, err := r.captures(ctx, r.hooks[0])
	if err != nil {
		return err
	}
	rule := r.suite.Platform.Rules.Signature.Value
	if r.hooks[0].secret == "" && !rule.Signed() { // no key is configured
		return nil
	}
	for i, c := range got {
		if err := rule.SigningScheme().Verify(headersOf(c), r.hooks[0].secret, c.Bytes(), c.ReceivedAt); err != nil {
			return r.fail(r.sent(), "a proof that holds at every attempt", "at attempt %d: %s", i+1, err)
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
			return r.fail(r.sent(), "a timestamp of its own at every attempt", "attempt %d is stamped before attempt %d arrived", i+1, i)
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

func thenScheduled(_ context.Context, r *Run) error {
	want := r.suite.Platform.Rules.Schedule.Value
	if got := r.delays(); !slices.Equal(got, want) {
		return r.fail(r.sent(), "retries after "+phrase.Delays(want), "retries after %s", phrase.Delays(got))
	}
	if r.delivery.State == client.Acknowledged || r.delivery.State == client.Waiting {
		return r.fail(r.sent(), "a delivery that is given up", "one that is %s", r.delivery.State)
	}
	return nil
}
