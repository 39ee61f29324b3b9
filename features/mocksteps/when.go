package mocksteps

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/cucumber/godog"

	"github.com/quintain-dev/quintain/mockserver/client"
)

// The steps of Register that let something happen.

// awaits reports whether a call may wait for the first attempts. On a virtual clock it need not: sendDue has them made,
// in their order.
func (s *run) awaits() bool { return !s.virtual() && !s.paused }

// sendDue has a virtual clock make the attempts that are due now.
func (s *run) sendDue(ctx context.Context) error {
	if !s.virtual() {
		return nil
	}
	_, err := s.api.Advance(ctx, s.community.ID, 0)
	return err
}

func (s *run) happen(ctx context.Context, e client.Emission) error {
	if err := s.begin(); err != nil {
		return err
	}
	e.Wait = s.awaits()
	if _, err := s.api.Emit(ctx, s.community.ID, e); err != nil {
		return err
	}
	return s.sendDue(ctx)
}

func whenHappens(ctx context.Context, s *run, event, times, faults string) error {
	e := client.Emission{Type: event, Faults: faults}
	if times != "" {
		var err error
		if e.Count, err = strconv.Atoi(times); err != nil || e.Count == 0 {
			return fmt.Errorf("%s times is not how often an event can happen", times)
		}
	}
	return s.happen(ctx, e)
}

func whenHappensWith(ctx context.Context, s *run, event string, payload *godog.DocString) error {
	var value any
	if err := json.Unmarshal([]byte(payload.Content), &value); err != nil {
		return fmt.Errorf("the payload is not JSON: %w", err)
	}
	return s.happen(ctx, client.Emission{Type: event, Payload: []byte(payload.Content)})
}

func whenDone(ctx context.Context, s *run, action string) error {
	if err := s.begin(); err != nil {
		return err
	}
	if _, err := s.api.Act(ctx, s.community.ID, client.Deed{Action: action, Wait: s.awaits()}); err != nil {
		return err
	}
	return s.sendDue(ctx)
}

func whenTold(ctx context.Context, s *run, story string) error {
	if err := s.begin(); err != nil {
		return err
	}
	if _, err := s.api.Tell(ctx, s.community.ID, client.Telling{Story: story}); err != nil {
		return err
	}
	return s.sendDue(ctx)
}

func whenMoved(ctx context.Context, s *run, by string) error {
	d, err := readDuration(by)
	if err != nil {
		return err
	}
	if err := s.begin(); err != nil {
		return err
	}
	_, err = s.api.Advance(ctx, s.community.ID, d)
	return err
}

func whenMovedToNext(ctx context.Context, s *run) error {
	if err := s.begin(); err != nil {
		return err
	}
	moved, err := s.api.AdvanceToNext(ctx, s.community.ID)
	if err == nil && moved.Attempts == 0 {
		return fmt.Errorf("there is no next attempt")
	}
	return err
}

// settleLimit is how long a scenario waits for everything to settle on a clock that runs by itself.
const settleLimit = time.Minute

func whenSettled(ctx context.Context, s *run) error {
	if err := s.begin(); err != nil {
		return err
	}
	var err error
	if s.virtual() {
		_, err = s.api.Settle(ctx, s.community.ID, 0)
	} else {
		_, err = s.api.Settled(ctx, s.community.ID, settleLimit)
	}
	return err
}

func whenHalted(ctx context.Context, s *run, how string) (err error) {
	if err := s.begin(); err != nil {
		return err
	}
	if how == "paused" {
		_, err = s.api.Pause(ctx, s.community.ID)
	} else {
		_, err = s.api.Resume(ctx, s.community.ID)
	}
	s.paused = err == nil && how == "paused"
	return err
}

func whenRedelivered(ctx context.Context, s *run, which string) error {
	d, err := s.delivery(ctx, which)
	if err != nil {
		return err
	}
	_, err = s.api.Redeliver(ctx, s.community.ID, d.ID, !s.paused)
	return err
}

func whenSwitched(ctx context.Context, s *run, target, how string) error {
	w, err := s.find(target)
	if err != nil {
		return err
	}
	_, err = s.api.UpdateWebhook(ctx, s.community.ID, w.id, client.WebhookChange{IsActive: client.Of(how == "on")})
	return err
}

func whenDeleted(ctx context.Context, s *run, target string) error {
	w, err := s.find(target)
	if err != nil {
		return err
	}
	if err := s.api.DeleteWebhook(ctx, s.community.ID, w.id); err != nil {
		return err
	}
	s.started = true
	s.hooks = slices.DeleteFunc(s.hooks, func(other *webhook) bool { return other == w })
	return nil
}

func whenRotated(ctx context.Context, s *run, target, secret, overlap string) error {
	w, err := s.find(target)
	if err != nil {
		return err
	}
	n := client.NewRotation{Overlap: overlap}
	if secret != "" {
		n.Secret = &secret
	}
	_, err = s.api.RotateSecret(ctx, s.community.ID, w.id, n)
	return err
}
