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
)

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
	if want := 1 + len(r.suite.Platform.Rules.RetriesOfOne()); len(got) < 2 && want > 1 {
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
	want := r.suite.Platform.Rules.RetriesOfOne()
	if got := r.delays(); !slices.Equal(got, want) {
		return r.fail(r.sent(), "retries after "+phrase.Delays(want), "retries after %s", phrase.Delays(got))
	}
	if r.delivery.State == client.Acknowledged || r.delivery.State == client.Waiting {
		return r.fail(r.sent(), "a delivery that is given up", "one that is %s", r.delivery.State)
	}
	return nil
}
