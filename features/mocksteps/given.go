package mocksteps

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver/client"
)

// The steps of Register that say how things stand.

// mockSeed is the seed of a community that is not given one.
const mockSeed = 42

func givenCommunity(ctx context.Context, s *run, platform, seed, clock string) error {
	if s.community != nil {
		return fmt.Errorf("there is a community of %s; a scenario has one", s.community.Platform)
	}
	n := client.NewCommunity{Platform: platform, Seed: client.Of(uint64(mockSeed)), Clock: client.Virtual()}
	if seed != "" {
		number, err := strconv.ParseUint(seed, 10, 64)
		if err != nil {
			return fmt.Errorf("%s is no seed; want a number of 64 bits", seed)
		}
		n.Seed = &number
	}
	if start, ok := strings.CutPrefix(clock, "from "); ok {
		at, err := time.Parse(time.RFC3339, unquote(start))
		if err != nil {
			return fmt.Errorf("%s is no time; write it as 2025-11-07T12:00:00Z", start)
		}
		n.Clock = client.VirtualFrom(at)
	} else if clock != "" {
		n.Clock = nil
	}
	return s.create(ctx, n)
}

func givenTimeLimit(ctx context.Context, s *run, limit string) error {
	d, err := readDuration(limit)
	if err != nil {
		return err
	}
	if d < time.Millisecond {
		return fmt.Errorf("a time limit of %s is too short; want 1ms or more", limit)
	}
	return s.set(ctx, "the time limit", func(n *client.NewCommunity) { n.TimeoutMS = int(d.Milliseconds()) })
}

func givenSchedule(ctx context.Context, s *run, delays string) error {
	return s.set(ctx, "the retry schedule", func(n *client.NewCommunity) { n.Schedule = readList(delays) })
}

func givenJitter(ctx context.Context, s *run, percent int) error {
	return s.set(ctx, "jitter", func(n *client.NewCommunity) { n.Jitter = float64(percent) / 100 })
}

func givenRetryAfter(ctx context.Context, s *run) error {
	return s.set(ctx, "whether Retry-After is honoured", func(n *client.NewCommunity) { n.RetryAfter = true })
}

func givenGone(ctx context.Context, s *run) error {
	return s.set(ctx, "what a 410 means", func(n *client.NewCommunity) { n.Gone = true })
}

func givenStandardWebhooks(ctx context.Context, s *run) error {
	return s.set(ctx, "how deliveries are signed", func(n *client.NewCommunity) { n.Signature = contract.StandardWebhooks })
}

func givenSecret(ctx context.Context, s *run, secret string) error {
	return s.set(ctx, "the secret", func(n *client.NewCommunity) { n.Secret = &secret })
}

// givenInbox makes an inbox, or gives the one with this name another script.
func givenInbox(ctx context.Context, s *run, name, script string) error {
	if err := s.ready(); err != nil {
		return err
	}
	in, err := s.api.PutInbox(ctx, s.community.ID, name, script)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(s.inboxes, func(other *client.Inbox) bool { return other.Name == name }); i >= 0 {
		s.inboxes[i] = in
		return nil
	}
	s.inboxes = append(s.inboxes, in)
	return nil
}

func givenWebhook(ctx context.Context, s *run, target, events string) error {
	if err := s.ready(); err != nil {
		return err
	}
	if slices.ContainsFunc(s.hooks, func(w *webhook) bool { return w.target == target }) {
		return fmt.Errorf("there is a webhook to %s already; name all its events in one step", target)
	}
	url, err := s.address(target)
	if err != nil {
		return err
	}
	n := client.NewWebhook{URL: url, Events: []string{"*"}}
	if events != "" {
		n.Events = readList(events)
	}
	made, err := s.api.CreateWebhook(ctx, s.community.ID, n)
	if err != nil {
		return err
	}
	s.hooks = append(s.hooks, &webhook{target: target, id: made.ID})
	return nil
}

// address returns the URL of a target: of an inbox, of a receiver that has a name, or what is a URL itself.
func (s *run) address(target string) (string, error) {
	if name, ok := strings.CutPrefix(target, "the inbox "); ok {
		in, err := s.inbox(unquote(name))
		if err != nil {
			return "", err
		}
		return in.URL, nil
	}
	name := unquote(target)
	if url, ok := s.mock.Receivers[name]; ok {
		return url, nil
	}
	if strings.Contains(name, "://") {
		return name, nil
	}
	return "", absent(fmt.Sprintf("%q is no URL, and no receiver of the suite", name), name, slices.Sorted(maps.Keys(s.mock.Receivers)))
}

func givenFaults(ctx context.Context, s *run, script string) error {
	if err := s.ready(); err != nil {
		return err
	}
	s.wanted.Faults = script // for when it is made anew
	return s.api.SetFaults(ctx, s.community.ID, script)
}

func givenWebhookFaults(ctx context.Context, s *run, target, script string) error {
	w, err := s.find(target)
	if err != nil {
		return err
	}
	change := client.WebhookChange{DeliverySettings: client.DeliverySettings{Faults: &script}}
	_, err = s.api.UpdateWebhook(ctx, s.community.ID, w.id, change)
	return err
}
