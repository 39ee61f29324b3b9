package story

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/fakes"
)

// A Life is a world in which things happen, as one platform tells of them. It keeps what has changed. It is for one
// goroutine at a time.
type Life struct {
	platform   *contract.Platform
	world      *fakes.World
	changes    fakes.Changes
	generators map[*contract.EventType]*fakes.Generator
	// by subject and kind: what its story made or ended of what lasts, such as a space
	things map[uint64]map[string]int64
}

// NewLife returns a life in which nothing has happened yet.
func NewLife(w *fakes.World, p *contract.Platform) *Life {
	return &Life{platform: p, world: w, generators: map[*contract.EventType]*fakes.Generator{}, things: map[uint64]map[string]int64{}}
}

// FirstSubject returns the first subject from n on that a story can be told of. In the world several newcomers answer
// the same event and comment on the same post, those of the first of them: that one's story has all in it.
func FirstSubject(n uint64) uint64 { return (n + sharing - 1) / sharing * sharing }

// sharing is a number that the numbers of newcomers who share something divide.
const sharing = 8

// A Happening is one event that came of a step: its body and what it is about.
type Happening struct {
	Event *contract.EventType
	N     uint64 // the number of the event
	ID    string // as it is in the body, or one of ours where the platform has none
	Body  []byte
	Cast  map[string]fakes.Entity // who and what is in it, by role; nil of an event that came of no step
}

// Generator returns the generator of an event type, compiled when it is first asked for.
func (l *Life) Generator(event *contract.EventType) (*fakes.Generator, error) {
	if g := l.generators[event]; g != nil {
		return g, nil
	}
	g, err := l.world.Generator(event)
	if err != nil {
		return nil, err
	}
	l.generators[event] = g
	return g, nil
}

// Happen makes the payload of event n about a subject.
func (l *Life) Happen(
	event *contract.EventType, n, subject uint64, at time.Time, cast map[string]int64,
) (Happening, error) {
	g, err := l.Generator(event)
	if err != nil {
		return Happening{}, err
	}
	o := fakes.Occasion{N: n, Subject: subject, At: at, Cast: cast}
	if l.changes.Len() > 0 {
		o.Changes = &l.changes
	}
	h := Happening{Event: event, N: n, ID: g.EventID(n), Body: g.AppendOccasion(nil, o)}
	if o.Changes == nil && len(cast) == 0 { // what the world makes by itself is right
		return h, nil
	}
	var invalid *contract.ValidationError
	if err := event.Validate(h.Body); errors.As(err, &invalid) {
		p := invalid.Problems[0]
		after := "after what was set"
		if o.Changes == nil {
			after = "with what is cast"
		}
		return h, &Error{
			Code:    contract.BadValue,
			Message: fmt.Sprintf("%s, %s of %s %s, which %s never sends", after, cmp.Or(p.Pointer, "the body"), event.Name, p.Message, l.platform),
		}
	}
	return h, nil
}

// Act lets a step happen about a subject, at a time: first what it changes, then its events, numbered from n on. A step
// for which the platform documents nothing is an *Error with the code NotDocumented, and one that sets what cannot be
// one with the code BadValue; then nothing has happened.
func (l *Life) Act(step Step, n, subject uint64, at time.Time) ([]Happening, error) {
	events, effects, err := l.meaning(step, at)
	if err != nil {
		return nil, err
	}
	if err := l.checkCast(step, events, effects); err != nil {
		return nil, err
	}
	var own map[string]int64
	if step.Cast, own, err = l.castOwn(step.Cast, events, subject); err != nil {
		return nil, err
	}
	l.changes.Begin()
	out := make([]Happening, len(events))
	err = l.apply(effects, step, subject, at)
	for i := 0; i < len(events) && err == nil; i++ {
		if out[i], err = l.Happen(events[i], n+uint64(i), subject, at, step.Cast); err == nil {
			out[i].Cast = l.generators[events[i]].Cast(fakes.Occasion{N: out[i].N, Subject: subject, At: at, Cast: step.Cast, Changes: &l.changes})
		}
	}
	if err != nil {
		l.changes.Rollback()
		return nil, err
	}
	if len(own) > 0 {
		l.things[subject] = own
	}
	return out, nil
}

// castOwn casts what events make or end, and what the subject's story made before, so that its later steps are about
// that. It returns what the story has then made or ended, too.
func (l *Life) castOwn(
	cast map[string]int64, events []*contract.EventType, subject uint64,
) (all, own map[string]int64, err error) {
	all, own = map[string]int64{}, map[string]int64{}
	maps.Copy(own, l.things[subject])
	maps.Copy(all, own)
	maps.Copy(all, cast)
	for _, e := range events {
		g, err := l.Generator(e)
		if err != nil {
			return nil, nil, err
		}
		entity, ok := g.Own(subject)
		if !ok {
			continue
		}
		if _, known := all[entity.Kind]; !known {
			all[entity.Kind] = entity.Index
		}
		own[entity.Kind] = all[entity.Kind]
	}
	return all, own, nil
}

// checkCast refuses names that nothing of the step has, so that a slip of the pen is not taken for no wish at all.
func (l *Life) checkCast(step Step, events []*contract.EventType, effects []effect) error {
	if len(step.Cast) == 0 {
		return nil
	}
	var known []string
	for _, e := range events {
		g, err := l.Generator(e)
		if err != nil {
			return err
		}
		known = append(known, g.CastNames()...)
	}
	for _, e := range effects {
		known = append(known, e.kind)
	}
	for name := range step.Set {
		kind, _, _ := strings.Cut(name, ".")
		known = append(known, kind)
	}
	slices.Sort(known)
	known = slices.Compact(known)
	for _, name := range sortedKeys(step.Cast) {
		if !slices.Contains(known, name) {
			return contract.Unknown(contract.BadValue, "role or kind of "+step.String(), name, known)
		}
		if i := step.Cast[name]; i < 0 || i > fakes.MaxIndex {
			return &Error{Code: contract.BadValue, Message: fmt.Sprintf("%s is cast with %d, want 0 to %d", name, i, fakes.MaxIndex)}
		}
	}
	return nil
}

// meaning returns what a step sends and changes.
func (l *Life) meaning(step Step, at time.Time) ([]*contract.EventType, []effect, error) {
	if step.Event != "" {
		e, err := l.platform.Event(step.Event)
		return []*contract.EventType{e}, nil, err
	}
	action, err := ActionNamed(step.Action)
	if err != nil {
		return nil, nil, err
	}
	events := action.EventsOn(l.platform)
	if len(events) == 0 {
		return nil, nil, &Error{Code: NotDocumented, Message: fmt.Sprintf("%s documents no event for %q", l.platform, action.Name), Hint: documentedHint(l.platform)}
	}
	return events, action.effects(at), nil
}

func documentedHint(p *contract.Platform) string {
	var can []string
	for _, a := range actions() {
		if len(a.EventsOn(p)) > 0 {
			can = append(can, a.Name)
		}
	}
	if len(can) == 0 {
		return "emit an event by its name instead"
	}
	return "it does for " + strings.Join(can, ", ")
}

func (l *Life) apply(effects []effect, step Step, subject uint64, at time.Time) error {
	for _, name := range sortedKeys(step.Set) {
		kind, attribute, _ := strings.Cut(name, ".")
		effects = append(effects, effect{kind, attribute, step.Set[name]})
	}
	for _, e := range effects {
		entity, err := l.entity(e.kind, step.Cast, subject)
		if err != nil {
			return err
		}
		if err := l.changes.Set(entity, e.attribute, e.value); err != nil {
			return err
		}
		if err := l.rename(entity, e.attribute, at); err != nil {
			return err
		}
	}
	for _, name := range step.Relate {
		kind, relation, _ := strings.Cut(name, ".")
		target, err := fakes.Related(kind, relation)
		if err != nil {
			return err
		}
		from, err := l.entity(kind, step.Cast, subject)
		if err != nil {
			return err
		}
		to, err := l.entity(target, step.Cast, subject)
		if err != nil {
			return err
		}
		if err := l.changes.Relate(from, relation, to.Index); err != nil {
			return err
		}
	}
	return nil
}

// entity returns who or what of a kind a step is about.
func (l *Life) entity(kind string, cast map[string]int64, subject uint64) (fakes.Entity, error) {
	e, err := l.world.Subject(kind, subject)
	if i, ok := cast[kind]; ok {
		e.Index = i
	}
	return e, err
}

// rename keeps a person's full name what its parts are.
func (l *Life) rename(person fakes.Entity, changed string, at time.Time) error {
	if person.Kind != "person" || changed != "firstName" && changed != "lastName" {
		return nil
	}
	first, err := l.world.Value(person, "firstName", at, &l.changes)
	if err != nil {
		return err
	}
	last, err := l.world.Value(person, "lastName", at, &l.changes)
	if err != nil {
		return err
	}
	return l.changes.Set(person, "name", fmt.Sprintf("%s %s", first, last))
}
