package mocksteps

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/internal/phrase"
	"github.com/quintain-dev/quintain/mockserver/client"
)

// The steps of Register that look at deliveries, their attempts, and webhooks.

// deliveries returns the deliveries of an event and to a target, oldest first; of all, where these are empty.
func (s *run) deliveries(ctx context.Context, which string) ([]client.Delivery, error) {
	event, target := readWhich(which)
	filter := client.DeliveryFilter{Event: event}
	if err := s.ready(); err != nil {
		return nil, err
	}
	if target != "" {
		w, err := s.find(target)
		if err != nil {
			return nil, err
		}
		filter.Webhook = w.id
	}
	var out []client.Delivery
	for number := 1; ; number++ {
		filter.Page = client.Page{Number: number, Size: 500}
		page, err := s.api.Deliveries(ctx, s.community.ID, filter)
		if err != nil {
			return nil, err
		}
		out = append(out, page.Deliveries...)
		if len(out) < page.Total && len(page.Deliveries) > 0 {
			continue
		}
		if len(out) == 0 {
			return nil, fmt.Errorf("there is no delivery%s: nothing happened that a webhook wants", which)
		}
		slices.Reverse(out)
		return out, nil
	}
}

// delivery returns the only delivery of its kind.
func (s *run) delivery(ctx context.Context, which string) (*client.DeliveryDetail, error) {
	all, err := s.deliveries(ctx, which)
	if err != nil {
		return nil, err
	}
	if len(all) > 1 {
		return nil, fmt.Errorf(`there are %d deliveries%s; say which, as in: the delivery of %s to the inbox "…", or every delivery`, len(all), which, all[0].EventType)
	}
	return s.api.Delivery(ctx, s.community.ID, all[0].ID)
}

// tell says what became of a delivery, attempt by attempt.
func (s *run) tell(d *client.DeliveryDetail) string {
	parts := make([]string, 0, len(d.Attempts)+1)
	for _, a := range d.Attempts {
		parts = append(parts, fmt.Sprintf("attempt %d at %s %s", a.Number, s.offset(d, a.Sent), cameTo(a)))
	}
	if d.State == client.Waiting || d.State == client.Pending {
		parts = append(parts, fmt.Sprintf("the next is due at %s", s.offset(d, d.Due)))
	}
	if len(parts) == 0 {
		return "no attempt was made"
	}
	return strings.Join(parts, ", ")
}

// offset is how long after its event something of a delivery was. A clock that runs is read to the second.
func (s *run) offset(d *client.DeliveryDetail, at time.Time) time.Duration {
	if after := at.Sub(d.CreatedAt); s.virtual() {
		return after
	} else {
		return after.Round(time.Second)
	}
}

// cameTo says what an attempt came to.
func cameTo(a client.Attempt) string {
	if a.Response == nil {
		return "failed with " + a.Failure
	}
	return "was answered " + strconv.Itoa(a.Response.Status)
}

func thenCameAt(ctx context.Context, s *run, which, offsets string) error {
	d, err := s.delivery(ctx, which)
	if err != nil {
		return err
	}
	var want []time.Duration
	for _, text := range readList(offsets) {
		offset, err := readDuration(text)
		if err != nil {
			return err
		}
		want = append(want, offset)
	}
	var got []time.Duration
	for _, a := range d.Attempts {
		got = append(got, s.offset(d, a.Sent))
	}
	if slices.Equal(got, want) {
		return nil
	}
	err = fmt.Errorf("the attempts%s came at %q, want %q", which, phrase.Delays(got), phrase.Delays(want))
	if len(got) > len(want) {
		return err
	}
	return s.missed(ctx, err)
}

func thenDelivery(ctx context.Context, s *run, which, state, attempts string) error {
	d, err := s.delivery(ctx, which)
	if err != nil {
		return err
	}
	return s.check(ctx, d.Delivery, state, attempts)
}

func thenEveryDelivery(ctx context.Context, s *run, which, state, attempts string) error {
	all, err := s.deliveries(ctx, which)
	if err != nil {
		return err
	}
	for i, d := range all {
		if err := s.check(ctx, d, state, attempts); err != nil {
			return fmt.Errorf("number %d of %d: %w", i+1, len(all), err)
		}
	}
	return nil
}

// check makes sure of the state of a delivery, and of the number of its attempts if there is one to hold it against.
func (s *run) check(ctx context.Context, d client.Delivery, state, attempts string) error {
	want := state
	if attempts != "" {
		n, err := strconv.Atoi(attempts)
		if err != nil {
			return fmt.Errorf("%s is no number of attempts", attempts)
		}
		want = fmt.Sprintf("%s after %s", state, phrase.Count(n, "attempt"))
		if d.State == state && d.AttemptCount == n {
			return nil
		}
	} else if d.State == state {
		return nil
	}
	detail, err := s.api.Delivery(ctx, s.community.ID, d.ID)
	if err != nil {
		return err
	}
	return fmt.Errorf("the delivery of %s is %s after %s, want %s: %s", d.EventType, d.State, phrase.Count(d.AttemptCount, "attempt"), want, s.tell(detail))
}

// attempt returns an attempt by its number.
func (s *run) attempt(ctx context.Context, number int, which string) (client.Attempt, error) {
	d, err := s.delivery(ctx, which)
	if err != nil {
		return client.Attempt{}, err
	}
	for _, a := range d.Attempts {
		if a.Number == number {
			return a, nil
		}
	}
	return client.Attempt{}, fmt.Errorf("there was no attempt %d: %s", number, s.tell(d))
}

func thenFailedWith(ctx context.Context, s *run, number int, which, failure string) error {
	if known := contract.Failures(); !slices.Contains(known, failure) {
		return absent(fmt.Sprintf("an attempt does not fail with %q", failure), failure, known)
	}
	a, err := s.attempt(ctx, number, which)
	if err != nil || a.Response == nil && a.Failure == failure {
		return err
	}
	return fmt.Errorf("attempt %d %s, want a failure with %s", number, cameTo(a), failure)
}

func thenWasAnswered(ctx context.Context, s *run, number int, which string, status int) error {
	a, err := s.attempt(ctx, number, which)
	if err != nil || a.Response != nil && a.Response.Status == status {
		return err
	}
	return fmt.Errorf("attempt %d %s, want an answer %d", number, cameTo(a), status)
}

func thenWebhook(ctx context.Context, s *run, target, how string) error {
	placed, err := s.find(target)
	if err != nil {
		return err
	}
	w, err := s.api.Webhook(ctx, s.community.ID, placed.id)
	if err != nil {
		return err
	}
	switch want := how == "still on"; {
	case w.IsActive == want:
		return nil
	case want && w.Disabled:
		return fmt.Errorf("the webhook to %s is switched off by failures, %d in a row", placed.target, w.Failures)
	case want:
		return fmt.Errorf("the webhook to %s is switched off", placed.target)
	default:
		return fmt.Errorf("the webhook to %s is still on, after %s in a row", placed.target, phrase.Count(w.Failures, "failure"))
	}
}
