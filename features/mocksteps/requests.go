package mocksteps

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/quintain-dev/quintain/features/internal/phrase"
	"github.com/quintain-dev/quintain/features/internal/steps"
	"github.com/quintain-dev/quintain/mockserver/client"
)

// The steps of Register that look at what an inbox got.

func thenInboxGot(ctx context.Context, s *run, name string, n int, event string) error {
	in, err := s.inbox(name)
	if err != nil {
		return err
	}
	if event != "" { // a name that is wrong would count nothing
		if _, err := s.api.Deliveries(ctx, s.community.ID, client.DeliveryFilter{Event: event, Page: client.Page{Size: 1}}); err != nil {
			return err
		}
	}
	all, err := steps.Captures(ctx, s.api, s.community.ID, in.Name)
	if err != nil {
		return err
	}
	got, of := 0, map[string]int{}
	for _, c := range all {
		if of[c.Event]++; event == "" || c.Event == event {
			got++
		}
	}
	if got == n {
		return nil
	}
	want := fmt.Sprint(n)
	if event != "" {
		want += " of " + event
	}
	err = fmt.Errorf("the inbox %q got %s, want %s", name, inCounts(all, of), want)
	if got > n {
		return err
	}
	return s.missed(ctx, err)
}

// inCounts says how many requests of which events came.
func inCounts(all []client.Capture, of map[string]int) string {
	if len(all) == 0 {
		return "nothing"
	}
	var parts []string
	for _, c := range all {
		if n := of[c.Event]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d of %s", n, orUnknown(c.Event)))
			delete(of, c.Event)
		}
	}
	return fmt.Sprintf("%s (%s)", phrase.Count(len(all), "request"), inList(parts))
}

func orUnknown(event string) string {
	if event == "" {
		return "no event that its body names"
	}
	return event
}

// missed adds to an error what is still to come, since that may be why.
func (s *run) missed(ctx context.Context, failure error) error {
	clock, err := s.api.Clock(ctx, s.community.ID)
	if err != nil || clock.Pending == 0 {
		return failure
	}
	if s.virtual() && clock.Next != nil {
		return fmt.Errorf("%w; %s still to come, the next in %s: move the clock", failure, phrase.Count(clock.Pending, "attempt"), clock.Next.Sub(clock.Now))
	}
	return fmt.Errorf("%w; %s still to come", failure, phrase.Count(clock.Pending, "attempt"))
}

func thenInboxGotNothing(ctx context.Context, s *run, name string) error {
	return thenInboxGot(ctx, s, name, 0, "")
}

// requests returns what an inbox got; without a name, the only one.
func (s *run) requests(ctx context.Context, name string) ([]client.Capture, error) {
	if name == "" {
		if len(s.inboxes) != 1 {
			return nil, fmt.Errorf(`there is not one inbox but %d; say which, as in: the requests to the inbox "…"`, len(s.inboxes))
		}
		name = s.inboxes[0].Name
	}
	in, err := s.inbox(name)
	if err != nil {
		return nil, err
	}
	return steps.Captures(ctx, s.api, s.community.ID, in.Name)
}

func thenSameBodies(ctx context.Context, s *run, name string) error {
	all, err := s.requests(ctx, name)
	if err != nil {
		return err
	}
	if len(all) < 2 {
		return s.missed(ctx, fmt.Errorf("there is %s, and nothing to compare it with", phrase.Count(len(all), "request")))
	}
	first := all[0].Bytes()
	for _, c := range all[1:] {
		if other := c.Bytes(); !bytes.Equal(first, other) {
			at := 0
			for at < min(len(first), len(other)) && first[at] == other[at] {
				at++
			}
			from := max(0, at-20)
			return fmt.Errorf("request %d has another body than request %d, from byte %d on: …%s, not …%s", c.Number, all[0].Number, at+1, phrase.Excerpt(string(other[from:])), phrase.Excerpt(string(first[from:])))
		}
	}
	return nil
}

func thenRightlySigned(ctx context.Context, s *run, name string) error {
	all, err := s.requests(ctx, name)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return s.missed(ctx, errors.New("there is no request"))
	}
	for _, c := range all {
		switch c.Signature {
		case "valid":
		case "", "none":
			return fmt.Errorf("request %d has no signature", c.Number)
		default:
			return fmt.Errorf("request %d is not correctly signed: %s", c.Number, c.Signature)
		}
	}
	return nil
}
