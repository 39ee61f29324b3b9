package sendersteps

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/internal/phrase"
	"github.com/quintain-dev/quintain/mockserver/client"
)

// The steps of asked.feature.

// givenRetriesAfter makes a webhook that always asks to wait: longer than any delay of the sender, or a second, than
// which every delay is longer that is not none at all. What the delays are is seen first, on a webhook that does not
// ask: that they are not the schedule's breaks another rule.
func givenRetriesAfter(ctx context.Context, r *Run, platform, how string) error {
	if err := r.create(ctx, platform, client.NewCommunity{RetryAfter: true}); err != nil {
		return err
	}
	events := []string{r.anyEvent()}
	if err := r.register(ctx, "control", "503", events); err != nil {
		return err
	}
	if err := whenRunsOut(ctx, r); err != nil {
		return err
	}
	if r.usual = r.delays(); len(r.usual) == 0 {
		return r.Block("it does not retry")
	}
	if err := r.suite.api.DeleteWebhook(ctx, r.community.ID, r.hooks[0].id); err != nil {
		return err
	}
	r.hooks = nil
	r.asked = time.Second
	if how == "longer" {
		r.asked += slices.Max(r.usual).Truncate(time.Second)
	}
	return r.register(ctx, "hook", fmt.Sprintf("503 retry-after %d", int(r.asked.Seconds())), events)
}

func givenAnswersGone(ctx context.Context, r *Run, platform string) error {
	if err := r.create(ctx, platform, client.NewCommunity{Gone: true}); err != nil {
		return err
	}
	return r.register(ctx, "hook", "410", []string{r.anyEvent()})
}

// delays returns how far apart the attempts of the last delivery were.
func (r *Run) delays() (out contract.RetrySchedule) {
	for i, a := range r.delivery.Attempts {
		if i > 0 {
			out = append(out, a.Sent.Sub(r.delivery.Attempts[i-1].Sent))
		}
	}
	return out
}

// thenWaited: Retry-After makes a delay longer, and never shorter.
func thenWaited(_ context.Context, r *Run) error {
	want := slices.Clone(r.usual)
	for i := range want {
		want[i] = max(want[i], r.asked)
	}
	if got := r.delays(); !slices.Equal(got, want) {
		return r.fail(r.sent(), "retries after "+phrase.Delays(want), "retries after %s", phrase.Delays(got))
	}
	return nil
}

func thenGivenUpAt(ctx context.Context, r *Run, attempt int) error {
	got, err := r.captures(ctx, r.hooks[0])
	if err != nil {
		return err
	}
	settled := r.delivery.State == client.Canceled || r.delivery.State == client.Exhausted
	if !settled || r.delivery.AttemptCount != attempt || len(got) != attempt {
		return r.fail(r.sent(), fmt.Sprintf("a delivery that is given up after %s", phrase.Count(attempt, "attempt")),
			"one that is %s after %s, and %s at the webhook", r.delivery.State, phrase.Count(r.delivery.AttemptCount, "attempt"), phrase.Count(len(got), "request"))
	}
	return nil
}
