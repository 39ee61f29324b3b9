package sendersteps

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/internal/phrase"
	"github.com/quintain-dev/quintain/mockserver/client"
)

// The steps of subscription.feature, log.feature and test_call.feature.

func whenGone(ctx context.Context, r *Run, how string) error {
	if how == "deleted" {
		return r.tryno().Delete(ctx, r.hooks[0].id)
	}
	_, err := r.tryno().Update(ctx, r.hooks[0].id, client.TrynoRequest{IsActive: client.Of(false)})
	return err
}

// isOn looks whether the webhook is active.
func (r *Run) isOn(ctx context.Context) (bool, error) {
	list, _, err := r.tryno().List(ctx, client.Page{})
	if err != nil {
		return false, err
	}
	for _, w := range list.Data {
		if w.ID == r.hooks[0].id {
			return w.IsActive, nil
		}
	}
	return false, fmt.Errorf("the webhook is not in the list of webhooks")
}

func thenSwitched(ctx context.Context, r *Run, how string) error {
	on, err := r.isOn(ctx)
	if err != nil {
		return err
	}
	rule := r.suite.Platform.Rules.DisableAfter.Value
	if want := how == "still on"; on != want {
		return r.fail(r.sent(), fmt.Sprintf("a webhook that is %s: it is switched off after %d consecutive failures", how, rule.Failures), "is_active %t", on)
	}
	return nil
}

func thenNotSent(ctx context.Context, r *Run) error {
	before, err := r.captures(ctx, r.hooks[0])
	if err != nil {
		return err
	}
	if err := r.emit(ctx, r.anyEvent(), false); err != nil {
		return err
	}
	if _, err := r.suite.api.Settle(ctx, r.community.ID, 1000); err != nil {
		return err
	}
	after, err := r.captures(ctx, r.hooks[0])
	if err != nil {
		return err
	}
	if more := len(after) - len(before); more > 0 {
		return r.fail(r.sent(), "nothing sent to a webhook that is switched off", "%s", phrase.Count(more, "request"))
	}
	return nil
}

func whenThreeHappen(ctx context.Context, r *Run) error {
	for _, event := range []string{"member.joined", "payment.completed", "post.created"} {
		if err := r.emit(ctx, event, true); err != nil {
			return err
		}
	}
	_, err := r.suite.api.Settle(ctx, r.community.ID, 1000)
	return err
}

func thenSubscribed(ctx context.Context, r *Run) error {
	for _, h := range r.hooks {
		captures, err := r.captures(ctx, h)
		if err != nil {
			return err
		}
		got := []string{}
		for _, c := range captures {
			event, _ := contract.Lookup(c.Bytes(), "/event").(string)
			got = append(got, event)
		}
		if !slices.Equal(got, h.events) {
			return r.fail("member.joined, payment.completed and post.created",
				fmt.Sprintf("%s at the webhook that subscribed to it", strings.Join(h.events, " and ")), "%s", orNothing(strings.Join(got, ", ")))
		}
	}
	return nil
}

func orNothing(s string) string {
	if s == "" {
		return "nothing"
	}
	return s
}

// logged fetches a page of the log and checks what every entry must have.
func (r *Run) logged(ctx context.Context, page client.Page) ([]client.TrynoLog, error) {
	log, err := r.tryno().Logs(ctx, r.hooks[0].id, page)
	if err != nil {
		return nil, err
	}
	for i, entry := range log {
		switch {
		case entry.ID == "":
			return nil, r.fail("a look at the log", "an id of every attempt", "none at entry %d", i+1)
		case entry.Event != r.anyEvent():
			return nil, r.fail("a look at the log", "the event "+r.anyEvent(), "%q at entry %d", entry.Event, i+1)
		case entry.ResponseTimeMS < 0 || entry.CreatedAt.IsZero():
			return nil, r.fail("a look at the log", "a response time and a time of every attempt", "%d ms at %s at entry %d", entry.ResponseTimeMS, entry.CreatedAt, i+1)
		case i > 0 && entry.CreatedAt.After(log[i-1].CreatedAt):
			return nil, r.fail("a look at the log", "the newest first", "%s before %s", log[i-1].CreatedAt, entry.CreatedAt)
		}
	}
	return log, nil
}

func thenLogged(ctx context.Context, r *Run, n int, statuses string) error {
	log, err := r.logged(ctx, client.Page{})
	if err != nil {
		return err
	}
	var got []string
	for _, entry := range log {
		got = append(got, fmt.Sprint(entry.StatusCode))
	}
	if len(log) != n || strings.Join(got, ", ") != statuses {
		return r.fail(r.sent()+", and a look at the log", fmt.Sprintf("%s with the status codes %s", phrase.Count(n, "attempt"), statuses), "%s", orNothing(strings.Join(got, ", ")))
	}
	return nil
}

func thenPaged(ctx context.Context, r *Run, first, second int) error {
	seen := map[string]bool{}
	var times []client.TrynoLog
	for number, want := range map[int]int{1: first, 2: second} {
		log, err := r.logged(ctx, client.Page{Number: number, Size: 50})
		if err != nil {
			return err
		}
		if len(log) != want {
			return r.fail(fmt.Sprintf("a look at page %d of the log, 50 a page", number), phrase.Count(want, "attempt"), "%d", len(log))
		}
		for _, entry := range log {
			seen[entry.ID] = true
		}
		if number == 1 {
			times = append([]client.TrynoLog{log[0]}, times...)
		} else {
			times = append(times, log[0])
		}
	}
	if len(seen) != first+second {
		return r.fail("a look at all pages of the log", fmt.Sprintf("%d attempts with an id of their own", first+second), "%d ids", len(seen))
	}
	if !times[0].CreatedAt.After(times[1].CreatedAt) {
		return r.fail("a look at all pages of the log", "the newest on the first page", "%s there and %s on the second", times[0].CreatedAt, times[1].CreatedAt)
	}
	return nil
}

// thenPageBound asks for a larger page: it is refused, or cut.
func thenPageBound(ctx context.Context, r *Run, bound int) error {
	a, err := r.request(ctx, &call{operation: "listWebhookLogs", query: fmt.Sprintf("per_page=%d", bound+5), webhook: r.hooks[0].id, community: r.community.ID, token: r.community.Token})
	if err != nil {
		return err
	}
	entries, _ := contract.Lookup(a.Body, "/data").([]any)
	if a.Status != 400 && len(entries) > bound {
		return r.fail(fmt.Sprintf("per_page=%d", bound+5), fmt.Sprintf("a refusal, or %d attempts at most", bound), "%d attempts", len(entries))
	}
	return nil
}

func whenTested(ctx context.Context, r *Run) (err error) {
	r.test, err = r.tryno().Test(ctx, r.hooks[0].id)
	return err
}

func thenReported(_ context.Context, r *Run, status int) error {
	switch t := r.test; {
	case t.StatusCode == nil:
		return r.fail("a test call", fmt.Sprintf("the status %d from the endpoint", status), "none: %s", t.Error)
	case *t.StatusCode != status:
		return r.fail("a test call", fmt.Sprintf("the status %d from the endpoint", status), "%d", *t.StatusCode)
	case t.ResponseTimeMS < 0:
		return r.fail("a test call", "a response time", "%d ms", t.ResponseTimeMS)
	}
	return nil
}

func thenPinged(ctx context.Context, r *Run) error {
	got, err := r.captures(ctx, r.hooks[0])
	if err != nil {
		return err
	}
	if len(got) != 1 {
		return r.fail("a test call", "one request at the webhook", "%d", len(got))
	}
	ping := r.suite.Platform.Rules.Handshake.Value.Message()
	if event, _ := contract.Lookup(got[0].Bytes(), "/event").(string); event != ping {
		return r.fail("a test call", "the event "+ping, "%q", event)
	}
	scheme := r.suite.Platform.Rules.Signature.Value.SigningScheme()
	if err := scheme.Verify(headersOf(got[0]), r.hooks[0].secret, got[0].Bytes(), got[0].ReceivedAt); err != nil {
		return r.fail("a test call", "a signed test.ping", "%s", err)
	}
	return nil
}
