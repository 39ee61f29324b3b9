package fakes

import (
	"fmt"
	"hash/fnv"
	"time"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/contract/jsonptr"
)

// A Generator makes the payloads of one event type. It is compiled once and then only read, so several goroutines may use
// it.
type Generator struct {
	world   *World
	event   *contract.EventType
	eventID uint64
	program program
}

// Generator compiles the event type's schema. A leaf that says nothing about where its value comes from, or something
// unknown, is a *contract.DocumentError.
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
	h := fnv.New64a()
	h.Write([]byte(event.Platform().Name + " " + event.Name))
	return &Generator{world: w, event: event, eventID: h.Sum64(), program: program}, nil
}

// Event returns the event type.
func (g *Generator) Event() *contract.EventType { return g.event }

// At returns the time of payload n where no clock says another: see World.At.
func (g *Generator) At(n uint64) time.Time { return g.world.At(n) }

// Append appends payload n, at most MaxN, as compact JSON, of an event that happened at the time given. A time before the world's epoch
// makes payloads in which things happen before they could.
func (g *Generator) Append(dst []byte, n uint64, at time.Time) []byte {
	f := frame{w: g.world, n: min(n, MaxN), at: at.UTC(), event: g.eventID}
	return g.program.run(&f, dst)
}

// EventID returns the id of event n, as the platform's dedup key has it in the body. Where a platform's payloads have no
// id it is one of ours, in the form of a UUID.
func (g *Generator) EventID(n uint64) string {
	if pointer := g.event.Platform().Rules.DedupKey.Value; pointer != "" {
		if id, ok := contract.Lookup(g.Append(nil, n, g.At(n)), pointer).(string); ok {
			return id
		}
	}
	f := frame{w: g.world, n: min(n, MaxN), event: g.eventID}
	return string(occurrences.attributes["uuid"].text(&f, numbered(&f), nil))
}

// Fill returns the body of an example with its placeholders replaced by the values that payload n has at the same places,
// and everything else as it is printed.
func (g *Generator) Fill(example *contract.Example, n uint64, at time.Time) ([]byte, error) {
	body := []byte(example.Body)
	generated := g.Append(nil, n, at)
	for _, pointer := range example.Placeholders {
		from, err := jsonptr.Find(generated, pointer)
		if err != nil {
			return nil, fmt.Errorf("%s: the placeholder has no generated value: %w", g.event.Name, err)
		}
		if body, err = jsonptr.Set(body, pointer, generated[from.Start:from.End]); err != nil {
			return nil, fmt.Errorf("%s: %w", g.event.Name, err)
		}
	}
	return body, nil
}
