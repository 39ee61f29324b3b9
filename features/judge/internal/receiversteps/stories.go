package receiversteps

import (
	"context"
	"fmt"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/fakes/story"
	"github.com/quintain-dev/quintain/features/judge/internal/exchange"
)

// The step of stories.feature.

// whenStory tells a story: its events one after the other, each when the one before was answered. Where one of them is
// not acknowledged, the story is told again, of others: what fails each time at the same event is the story's doing.
func whenStory(ctx context.Context, r *Run, name string) error {
	s, err := story.Load(name)
	if err != nil {
		return err
	}
	events, err := s.EventsOn(r.suite.Platform)
	if err != nil {
		return err
	}
	var first *exchange.Exchange
	steady, place := true, 0 // how many events were told before it failed
	for i := range tries {
		told, failed, err := r.tell(ctx, s, events, r.newSubject(i))
		if err != nil {
			return err
		}
		if failed == nil {
			r.subjects = told
			if first != nil {
				_, err := r.blame(ctx, *first)
				return err
			}
			return nil
		}
		if first == nil {
			first, r.subjects, place = failed, told, len(told)
		}
		steady = steady && len(told) == place
		if ok, err := r.control(ctx, failed.Event); err != nil {
			return err
		} else if !ok {
			return r.Block("a plain %s was not acknowledged", failed.Event)
		}
		if failed.Hung { // each time costs the whole time limit
			break
		}
	}
	if steady {
		return nil
	}
	r.subjects = nil
	if _, err := r.blame(ctx, *first); err != nil {
		return err
	}
	return r.Block("the story broke off at another event each time")
}

// newSubject returns whom the i-th telling is about: none of those before it.
func (r *Run) newSubject(i int) uint64 {
	first := story.FirstSubject(r.number())
	for ; i > 0; i-- {
		first = story.FirstSubject(first + 1)
	}
	r.next = max(r.next, first+1) // other payloads are about others
	return first
}

// tell delivers the events of a story until one of them is not acknowledged.
func (r *Run) tell(
	ctx context.Context, s *story.Story, events [][]*contract.EventType, subject uint64,
) (told []exchange.Exchange, failed *exchange.Exchange, err error) {
	life := story.NewLife(r.suite.payloads.World, r.suite.Platform)
	at := r.suite.payloads.World.At(subject % 1024) // the same in every run, as the ids are
	if latest := r.suite.payloads.Started.Add(-s.Takes()); at.After(latest) {
		at = latest
	}
	if r.suite.payloads.Fresh { // all of it happens now
		at = r.suite.payloads.Started
	}
	for i, step := range s.Steps {
		if i > 0 && !r.suite.payloads.Fresh {
			at = at.Add(step.After)
		}
		if len(events[i]) == 0 {
			continue
		}
		first := r.number()
		for range len(events[i]) - 1 {
			r.number()
		}
		happenings, err := life.Act(step, first, subject, at)
		if err != nil {
			return nil, nil, err
		}
		for _, h := range happenings {
			d := r.suite.signed(h.Event.Name, fmt.Sprintf("in the story %s, at the step %s", s.Name, step), h.Body)
			x, ok, err := r.good(ctx, d)
			if err != nil {
				return nil, nil, err
			}
			told = append(told, x)
			if !ok {
				return told, &x, nil
			}
		}
	}
	return told, nil, nil
}
