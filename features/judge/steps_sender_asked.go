package judge

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

// givenRetriesAfter makes a webhook that always asks to wait: longer than any delay of the sender, or a second, than which
// every delay is longer that is not none at all. What the delays are is seen first, on a webhook that does not ask: that
// they are not the schedule's breaks another rule.
func givenRetriesAfter(ctx context.Context, e *exam, platform, how string) error {
	if err := e.found(ctx, platform, client.NewCommunity{RetryAfter: true}); err != nil {
		return err
	}
	events := []string{e.anyEvent()}
	if err := e.register(ctx, "control", "503", events); err != nil {
		return err
	}
	if err := whenRunsOut(ctx, e); err != nil {
		return err
	}
	if e.usual = e.delays(); len(e.usual) == 0 {
		return e.block("it does not retry")
	}
	if err := e.suite.api.DeleteWebhook(ctx, e.town.ID, e.hooks[0].id); err != nil {
		return err
	}
	e.hooks = nil
	e.asked = time.Second
	if how == "longer" {
		e.asked += slices.Max(e.usual).Truncate(time.Second)
	}
	return e.register(ctx, "hook", fmt.Sprintf("503 retry-after %d", int(e.asked.Seconds())), events)
}

func givenAnswersGone(ctx context.Context, e *exam, platform string) error {
	if err := e.found(ctx, platform, client.NewCommunity{Gone: true}); err != nil {
		return err
	}
	return e.register(ctx, "hook", "410", []string{e.anyEvent()})
}

// delays returns how far apart the attempts of the last delivery were.
func (e *exam) delays() (out contract.RetrySchedule) {
	for i, a := range e.delivery.Attempts {
		if i > 0 {
			out = append(out, a.Sent.Sub(e.delivery.Attempts[i-1].Sent))
		}
	}
	return out
}

// thenWaited: Retry-After makes a delay longer, and never shorter.
func thenWaited(_ context.Context, e *exam) error {
	want := slices.Clone(e.usual)
	for i := range want {
		want[i] = max(want[i], e.asked)
	}
	if got := e.delays(); !slices.Equal(got, want) {
		return e.fail(e.sent(), "retries after "+phrase.Delays(want), "retries after %s", phrase.Delays(got))
	}
	return nil
}

func thenGivenUpAt(ctx context.Context, e *exam, attempt int) error {
	got, err := e.captures(ctx, e.hooks[0])
	if err != nil {
		return err
	}
	settled := e.delivery.State == client.Canceled || e.delivery.State == client.Exhausted
	if !settled || e.delivery.AttemptCount != attempt || len(got) != attempt {
		return e.fail(e.sent(), fmt.Sprintf("a delivery that is given up after %s", phrase.Count(attempt, "attempt")),
			"one that is %s after %s, and %s at the webhook", e.delivery.State, phrase.Count(e.delivery.AttemptCount, "attempt"), phrase.Count(len(got), "request"))
	}
	return nil
}
