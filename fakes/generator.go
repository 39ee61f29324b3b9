package fakes

import (
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/contract/jsonptr"
)

// A Generator makes the payloads of one event type. It is compiled once and then only read, so several goroutines may
// use it.
type Generator struct {
	world   *World
	event   *contract.EventType
	names   eventNames
	turn    turn
	program program
	// of an event, as the attribute writes it; nil: it has to be read from a payload
	id func(f *frame, i int64, b []byte) []byte
}

// An Occasion says what a payload is about. The zero value is payload 0 at the year 1: set At.
type Occasion struct {
	N       uint64           // which of the events of its type: the ids of the event come from it; at most MaxN
	Subject uint64           // which newcomer it is about, and which invitation, post, purchase …; at most MaxN
	At      time.Time        // when it happened
	Cast    map[string]int64 // entities in place of the world's own choice, 0 to MaxIndex, by role or path of the x-cast ("member"), or by kind ("person")
	Changes *Changes         // what happened to the world before
}

// Generator compiles the event type's schema. A leaf that says nothing about where its value comes from, or something
// unknown, is a *contract.DocumentError, and so is a schema that what is made does not meet, such as one that
// contradicts itself.
func (w *World) Generator(event *contract.EventType) (*Generator, error) {
	return w.compile(event, false)
}

// Minimal is like Generator, and leaves out every property that is not required.
func (w *World) Minimal(event *contract.EventType) (*Generator, error) {
	return w.compile(event, true)
}

func (w *World) compile(event *contract.EventType, minimal bool) (*Generator, error) {
	program, err := compile(event, minimal)
	if err != nil {
		return nil, err
	}
	g := &Generator{world: w, event: event, names: namesOf(event), turn: turnOf(event), program: program, id: idOf(event)}
	g.names.changes, g.names.ends = g.turn.changes, g.turn.ends
	g.names.creates = g.turn.thing != "" && !g.turn.changes
	return g, nil
}

func namesOf(event *contract.EventType) eventNames {
	return eventNames{
		id:    hash(event.Platform().Name + " " + event.Name),
		plain: escapeJSON(event.Name),
		hook:  escapeJSON(contract.WithHook.Of(event.Name)),
		caps:  escapeJSON(contract.UpperSnake.Of(event.Name)),
	}
}

// hash makes the number of a name, the same on every machine.
func hash(s string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(s))
	return h.Sum64()
}

// Event returns the event type.
func (g *Generator) Event() *contract.EventType { return g.event }

// At returns the time of payload n where no clock says another: World.At(n) of what comes to be, and of what happens
// later in the life of the same newcomer some minutes to months after that.
func (g *Generator) At(n uint64) time.Time {
	at := g.world.At(n)
	if g.turn.happens != nil {
		at = at.Add(g.turn.happens(g.world, min(n, MaxN)))
	}
	return at
}

// Append appends payload n, at most MaxN, as compact JSON, of an event that happened at the time given. A time before
// the world's epoch makes payloads in which things happen before they could. At the time that At returns, a newcomer
// has joined at the same time in all events; at an earlier one, who had not come yet has come before then.
func (g *Generator) Append(dst []byte, n uint64, at time.Time) []byte {
	return g.AppendOccasion(dst, Occasion{N: n, Subject: n, At: at})
}

// AppendOccasion appends the payload of an occasion. Append(dst, n, at) is AppendOccasion of event n about subject n.
func (g *Generator) AppendOccasion(dst []byte, o Occasion) []byte {
	f := g.frame(o)
	defer release(f)
	start := len(dst)
	dst = g.program.run(f, dst)
	for try := uint64(1); g.program.risky && try < maxTries && g.breaks(dst[start:]); try++ {
		f.salt = mix(try)
		dst = g.program.run(f, dst[:start])
	}
	return dst
}

// maxTries is how many payloads are made in place of one that breaks its contract. Plans of which one in a few hundred
// does are not used, so that the next try nearly always does not.
const maxTries = 50

func (g *Generator) breaks(body []byte) bool {
	var invalid *contract.ValidationError
	return errors.As(g.event.Validate(body), &invalid)
}

// frames are used again: one would be the only thing that a payload allocates.
var frames = sync.Pool{New: func() any { return new(frame) }}

func (g *Generator) frame(o Occasion) *frame {
	f := frames.Get().(*frame)
	f.w, f.n, f.occasion, f.at = g.world, min(o.Subject, MaxN), min(o.N, MaxN), o.At.UTC().Truncate(time.Millisecond)
	f.event, f.cast, f.changes, f.early, f.salt = &g.names, o.Cast, o.Changes, 0, 0
	if g.turn.changes && o.Changes == nil { // else it is told what was before
		f.early = g.turn.early(g.world, f.n, f.at)
	}
	return f
}

func release(f *frame) {
	f.w, f.event, f.cast, f.changes = nil, nil, nil, nil
	frames.Put(f)
}

// Cast returns the entities that an occasion is about, by role.
func (g *Generator) Cast(o Occasion) map[string]Entity {
	f := g.frame(o)
	defer release(f)
	g.program.cast(f, 0, len(g.program.slots))
	out := map[string]Entity{}
	for _, role := range g.event.Roles {
		e := g.program.roles[role]
		out[role] = Entity{e.kind, f.slots[e.slot]}
	}
	return out
}

// Own returns what lasts, such as a space, and is in no other payload of the event, since nothing is created or deleted
// twice; false of an event that tells of what is there already, or of nothing that lasts.
func (g *Generator) Own(subject uint64) (Entity, bool) {
	if g.turn.thing == "" {
		return Entity{}, false
	}
	e := g.program.roles[g.turn.thing]
	f := g.frame(Occasion{Subject: subject})
	defer release(f)
	return Entity{e.kind, g.program.slots[e.slot].root(f)}, true
}

// CastNames returns what an occasion can cast: roles, paths of roles and relations, and kinds; sorted.
func (g *Generator) CastNames() []string {
	names := map[string]bool{}
	for _, s := range g.program.slots {
		names[s.path], names[s.role] = true, true
		if s.root != nil {
			names[s.kind] = true
		}
	}
	delete(names, "")
	delete(names, "occurrence")
	return slices.Sorted(maps.Keys(names))
}

// EventID returns the id of event n, as the platform's dedup key has it in the body. Where a platform's payloads have
// no id it is one of ours, in the form of a UUID.
func (g *Generator) EventID(n uint64) string {
	if g.id == nil {
		if id, ok := contract.Lookup(g.Append(nil, n, g.At(n)), g.event.Platform().Rules.DedupKey.Value).(string); ok {
			return id
		}
	}
	f := g.frame(Occasion{N: n, Subject: n})
	defer release(f)
	id := g.id
	if id == nil {
		id = occurrences().attributes["uuid"].text
	}
	return string(id(f, 0, nil))
}

// idOf finds the attribute that writes the id of an event. Reading the id from a payload would take ten times as long
// as making the payload.
func idOf(event *contract.EventType) func(f *frame, i int64, b []byte) []byte {
	pointer := event.Platform().Rules.DedupKey.Value
	if pointer == "" {
		return occurrences().attributes["uuid"].text
	}
	s := event.Schema
	for _, name := range strings.Split(pointer, "/")[1:] {
		properties := s.Target().Properties
		i := slices.IndexFunc(properties, func(p contract.Property) bool { return p.Name == name })
		if i < 0 {
			return nil
		}
		s = properties[i].Schema
	}
	fake := s.Fake
	if fake == "" {
		fake = s.Target().Fake
	}
	attribute, ok := strings.CutPrefix(fake, "occurrence.")
	if !ok || s.Literal != nil {
		return nil
	}
	return occurrences().attributes[attribute].text
}

// Fill returns the body of an example with its placeholders replaced by the values that payload n has at the same
// places, and everything else as it is printed. What payload n leaves out is taken from the next one that has it. What
// is sent by an option of the platform, and so on no page, is added.
func (g *Generator) Fill(example *contract.Example, n uint64, at time.Time) ([]byte, error) {
	body := []byte(example.Body)
	generated := g.Append(nil, n, at)
	for _, pointer := range example.Placeholders {
		from, source, err := g.find(pointer, n, at, generated)
		if err != nil {
			return nil, fmt.Errorf("%s: the placeholder has no generated value: %w", g.event.Name, err)
		}
		if body, err = jsonptr.Set(body, pointer, source[from.Start:from.End]); err != nil {
			return nil, fmt.Errorf("%s: %w", g.event.Name, err)
		}
	}
	for _, p := range g.event.Schema.Target().Properties {
		pointer := "/" + jsonptr.Escape(p.Name)
		if _, err := jsonptr.Find(body, pointer); p.Schema.Option == "" || err == nil {
			continue
		}
		from, source, err := g.find(pointer, n, at, generated)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", g.event.Name, err)
		}
		if body, err = jsonptr.Insert(body, "", p.Name, source[from.Start:from.End]); err != nil {
			return nil, fmt.Errorf("%s: %w", g.event.Name, err)
		}
	}
	return body, nil
}

// find looks for a value in payload n, and then in some of those after it.
func (g *Generator) find(pointer string, n uint64, at time.Time, generated []byte) (jsonptr.Place, []byte, error) {
	const most = 500
	place, err := jsonptr.Find(generated, pointer)
	for i := uint64(1); err != nil && i < most; i++ {
		generated = g.Append(nil, n+i, at)
		place, err = jsonptr.Find(generated, pointer)
	}
	return place, generated, err
}
