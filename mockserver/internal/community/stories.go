package community

import (
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"time"

	"github.com/quintain-dev/quintain/fakes"
	"github.com/quintain-dev/quintain/fakes/story"
	"github.com/quintain-dev/quintain/mockserver/clock"
	"github.com/quintain-dev/quintain/mockserver/internal/problem"
	"github.com/quintain-dev/quintain/mockserver/internal/sender"
	"github.com/quintain-dev/quintain/mockserver/internal/store"
)

// Deed is something to be done in the community.
type Deed struct {
	story.Step
	Subject *uint64 // whom or what it is about; nil: a new one if a life begins with it, else the last one
	Wait    bool    // return when the first attempts are final
}

// Done is what came of a deed or a step.
type Done struct {
	Subject uint64
	Events  []Emitted
}

// Act does a deed: it changes the world, and lets the events happen that the platform documents for it. If it documents
// none, the error has the code NotDocumented and nothing has changed.
func (c *Community) Act(ctx context.Context, d Deed) (Done, error) {
	l, err := c.alive()
	if err != nil {
		return Done{}, err
	}
	if err := l.awaitable(d.Wait); err != nil {
		return Done{}, err
	}
	done, jobs, err := l.act(d, nil)
	if err != nil || !d.Wait {
		return done, err
	}
	return done, l.runInOrder(ctx, done.Events, jobs)
}

// runInOrder makes the first attempts of events, those of one when those of the one before are final: what happened
// first arrives first. A delivery that a fault puts off has no job among them.
func (l *life) runInOrder(ctx context.Context, events []Emitted, jobs []sender.Job) error {
	for _, e := range events {
		n := 0
		for n < len(jobs) && slices.Contains(e.Deliveries, jobs[n].ID) {
			n++
		}
		if n == 0 {
			continue
		}
		if err := l.engine.Run(ctx, jobs[:n]...); err != nil {
			l.engine.Schedule(jobs[n:]...) // so that nothing that is owed is forgotten
			return l.translate(err)
		}
		jobs = jobs[n:]
	}
	return nil
}

// act does a deed. Its events are numbered from the number given on, or with nil from the life's next one.
func (l *life) act(d Deed, number *uint64) (Done, []sender.Job, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	subject, err := l.chooseSubject(d)
	if err != nil {
		return Done{}, nil, err
	}
	if number == nil {
		number = &l.n
	}
	now := l.now()
	happenings, err := l.worldLife().Act(d.Step, *number, subject, now)
	if err != nil {
		return Done{}, nil, err
	}
	out := Done{Subject: subject, Events: make([]Emitted, len(happenings))}
	for i, h := range happenings {
		out.Events[i] = Emitted{
			Event:   store.Event{ID: h.ID, Type: h.Event.Name, N: h.N, Time: now, Body: h.Body},
			Subject: subject, Cast: h.Cast,
		}
		if err := l.record(&out.Events[i]); err != nil {
			return Done{}, nil, err
		}
	}
	*number += uint64(len(happenings))
	l.subject, l.taken[subject] = subject, struct{}{}
	jobs, err := l.oweAll(out.Events, now, "", d.Wait)
	return out, jobs, err
}

// chooseSubject returns whom a deed is about. The caller holds the lock.
func (l *life) chooseSubject(d Deed) (uint64, error) {
	const room = 100 // for the events of one deed
	subject := l.subject
	switch {
	case d.Subject != nil:
		subject = *d.Subject
	case len(l.taken) == 0 || l.begins(d.Step):
		subject = l.newSubject(func(n uint64) uint64 { return n })
	}
	if subject > fakes.MaxN-room || l.n > fakes.MaxN-room {
		return 0, problem.Invalid("subject", "is %d, want at most %d", max(subject, l.n), uint64(fakes.MaxN-room))
	}
	return subject, nil
}

// newSubject returns the first subject from the next event's number on that nobody has. The caller holds the lock.
func (l *life) newSubject(from func(n uint64) uint64) uint64 {
	n := from(l.n)
	for {
		if _, taken := l.taken[n]; !taken {
			return n
		}
		n = from(n + 1)
	}
}

func (l *life) begins(step story.Step) bool {
	action, err := story.ActionNamed(step.Action)
	return err == nil && action.Begins
}

// Telling asks for a story.
type Telling struct {
	Story   *story.Story
	Subject *uint64 // whom it is about; nil: a new one
	AtOnce  bool    // leave the waits between the steps out
}

// Told is a story that was told.
type Told struct {
	Subject  uint64
	Steps    []ToldStep
	Attempts int // first ones, and on a virtual clock those that fell due on the way
}

// A ToldStep is a step of a story that was told. Events is empty where the platform documents nothing.
type ToldStep struct {
	story.Step
	At     time.Time
	Events []Emitted
}

// Tell plays a story. Between its steps time passes on the community's clock: a virtual one is moved, and what falls
// due is sent; on one that runs, the call waits, until the context ends. Each event is sent when the first attempts of
// the one before it are final. Steps for which the platform documents nothing pass
// silently. What was told before an error stays told.
func (c *Community) Tell(ctx context.Context, t Telling) (Told, error) {
	l, err := c.alive()
	if err != nil {
		return Told{}, err
	}
	events, err := t.Story.EventsOn(c.settings.Platform)
	if err != nil {
		return Told{}, err
	}
	if l.now().Add(t.Story.Takes()).After(EndOfTime) {
		return Told{}, problem.Invalid("story", "takes %s, which leads beyond %s", t.Story.Takes(), EndOfTime.Format(time.DateOnly))
	}
	out := Told{Steps: []ToldStep{}}
	if out.Subject, err = l.storySubject(t); err != nil {
		return Told{}, err
	}
	if err := l.awaitable(true); err != nil {
		return Told{}, err
	}
	number := l.storyNumber(t.Story.Name, out.Subject)
	for i, step := range t.Story.Steps {
		if i > 0 && !t.AtOnce {
			attempts, err := l.pass(ctx, step.After)
			out.Attempts += attempts
			if err != nil {
				return out, err
			}
		}
		told := ToldStep{Step: step, At: l.now(), Events: []Emitted{}}
		if len(events[i]) > 0 {
			done, jobs, err := l.act(Deed{Step: step, Subject: &out.Subject, Wait: true}, &number)
			if err == nil {
				out.Attempts += len(jobs)
				err = l.runInOrder(ctx, done.Events, jobs)
			}
			if err != nil {
				return out, err
			}
			told.Events = done.Events
		}
		out.Steps = append(out.Steps, told)
	}
	return out, nil
}

func (l *life) storySubject(t Telling) (uint64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if t.Subject == nil {
		first := l.newSubject(story.FirstSubject)
		t.Subject = &first
	}
	subject, err := l.chooseSubject(Deed{Subject: t.Subject})
	if err == nil {
		l.taken[subject] = struct{}{} // before the first step, which may be long in coming
	}
	return subject, err
}

// storyNumber returns the number of a story's first event. Stories have numbers of their own, by name and subject: two
// servers of one seed that each tell another story send no two events of one id.
func (l *life) storyNumber(name string, subject uint64) uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	h := fnv.New64a()
	fmt.Fprintf(h, "%s %d", name, subject)
	for slot := h.Sum64() % storySlots; ; slot = (slot + 1) % storySlots {
		if first := firstStory + slot*numbersPerStory; !l.told[first] || len(l.told) == storySlots {
			l.told[first] = true
			return first
		}
	}
}

// The numbers of the events of stories are in the upper half.
const (
	firstStory      = fakes.MaxN / 2
	numbersPerStory = 4096 // a story has 1000 steps at most, of a few events each
	storySlots      = (fakes.MaxN - firstStory) / numbersPerStory
)

// pass lets time pass on the clock.
func (l *life) pass(ctx context.Context, d time.Duration) (attempts int, err error) {
	if l.clock.Mode() == clock.ModeVirtual {
		attempts, err = l.engine.Advance(ctx, func(now time.Time) time.Time { return now.Add(d) })
		return attempts, l.translate(err)
	}
	for until := l.clock.Now().Add(d); ; {
		left, runs := l.clock.Wait(until)
		if runs && left == 0 {
			return 0, nil
		}
		if !runs {
			left = pausedLook // somebody paused it, and may resume it
		}
		timer := time.NewTimer(left)
		select {
		case <-timer.C:
		case <-l.ctx.Done():
			timer.Stop()
			return 0, errGone
		case <-ctx.Done():
			timer.Stop()
			return 0, ctx.Err()
		}
	}
}

// pausedLook is how often a story that waits for a paused clock looks whether it goes on.
const pausedLook = 50 * time.Millisecond
