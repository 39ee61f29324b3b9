// Package payload makes the bodies that a run delivers: a Maker generates those of every event, and the rest is what
// can be done to them: variants that the contract allows, difficult texts, unknown fields, and ways to break or to
// alter them. It signs nothing and sends nothing.
package payload

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/contract/jsonptr"
	"github.com/quintain-dev/quintain/fakes"
)

// Maker makes the bodies of a run. It is made once and then only read.
type Maker struct {
	seed    uint64
	Started time.Time
	Fresh   bool // events happen when the run begins, and have ids of this run; otherwise they are those of the world
	World   *fakes.World
	Events  map[string]*source // by name, messages such as TEST among them
}

// A source makes the bodies of one event type.
type source struct {
	Event   *contract.EventType
	Full    *fakes.Generator
	minimal *fakes.Generator
	Example *contract.Example // nil: the contract has none
}

// NewMaker makes the generators of every event of a platform. started is when the run began: nothing happens after it.
func NewMaker(p *contract.Platform, seed uint64, started time.Time) (*Maker, error) {
	world := fakes.NewWorld(seed, fakes.Config{})
	out := &Maker{seed: seed, Started: started, World: world, Events: map[string]*source{}}
	events := p.Events()
	if test := p.Message(contract.ChallengeMessage); test != nil {
		events = append(events, test)
	}
	for _, e := range events {
		s := &source{Event: e}
		var err error
		if s.Full, err = world.Generator(e); err != nil {
			return nil, err
		}
		if s.minimal, err = world.Minimal(e); err != nil {
			return nil, err
		}
		var none *contract.Error
		if s.Example, err = e.Example(); err != nil && !errors.As(err, &none) { // a document may have no example
			return nil, err
		}
		out.Events[e.Name] = s
	}
	return out, nil
}

// Dated makes the same payloads of events that happen now. Their ids are of this run: an id and a body belong together.
func (p *Maker) Dated(platform *contract.Platform) (*Maker, error) {
	seed := p.seed
	if !p.Fresh {
		seed ^= uint64(p.Started.UnixNano())
	}
	out, err := NewMaker(platform, seed, p.Started)
	if err == nil {
		out.Fresh = true
	}
	return out, err
}

// at is when event n happened: as the world has it, and never in the future of the run.
func (p *Maker) at(s *source, n uint64) time.Time {
	if at := s.Full.At(n); !p.Fresh && at.Before(p.Started) {
		return at
	}
	return p.Started
}

// Generated returns payload n of an event.
func (p *Maker) Generated(event string, n uint64) []byte {
	s := p.Events[event]
	return s.Full.Append(nil, n, p.at(s, n))
}

// Minimal returns payload n of an event with only the required fields.
func (p *Maker) Minimal(event string, n uint64) []byte {
	s := p.Events[event]
	return s.minimal.Append(nil, n, p.at(s, n))
}

// Documented returns the example as the platform sends it: placeholders filled, without the page's white space, and
// with an id of its own where the platform's payloads have one, since no two deliveries share one. It is an error if
// the event has no example.
func (p *Maker) Documented(event string, n uint64) ([]byte, error) {
	s := p.Events[event]
	if s.Example == nil {
		_, err := s.Event.Example()
		return nil, err
	}
	filled, err := s.Full.Fill(s.Example, n, p.at(s, n))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := json.Compact(&out, filled); err != nil {
		return nil, err
	}
	body := out.Bytes()
	if p.Fresh {
		body = s.redated(body, p.Started)
	}
	key := s.Event.Platform().Rules.DedupKey.Value
	if key == "" {
		return body, nil
	}
	if _, err := jsonptr.Find(body, key); err != nil {
		return body, nil // a message without an id
	}
	return jsonptr.Set(body, key, Quote(s.Full.EventID(n)))
}

// redated is an example with another time of the event, written in the same way, if it has one that is a date.
func (s *source) redated(body []byte, at time.Time) []byte {
	key := s.Event.Platform().Rules.EventTime.Value
	printed, _ := contract.Lookup(body, key).(string)
	if _, err := time.Parse(time.RFC3339, printed); key == "" || err != nil {
		return body
	}
	layout := "2006-01-02T15:04:05Z"
	if strings.Contains(printed, ".") {
		layout = "2006-01-02T15:04:05.000Z"
	}
	if out, err := jsonptr.Set(body, key, Quote(at.UTC().Format(layout))); err == nil {
		return out
	}
	return body
}

// Challenge returns a TEST message and the challenge in it.
func (p *Maker) Challenge(n uint64) (body []byte, challenge string) {
	body = p.Generated(contract.ChallengeMessage, n)
	challenge, _ = contract.Lookup(body, contract.ChallengePointer).(string)
	return body, challenge
}

// unknownField is added to objects.
var unknownField = struct {
	key   string
	value []byte
}{"quintain_new_field", []byte(`"added tomorrow"`)}

// WithUnknownField adds a field to the objects at the pointers, the innermost first.
func WithUnknownField(body []byte, pointers []string) (_ []byte, err error) {
	for i := len(pointers) - 1; i >= 0; i-- {
		if body, err = jsonptr.Insert(body, pointers[i], unknownField.key, unknownField.value); err != nil {
			return nil, err
		}
	}
	return body, nil
}

// WithTexts replaces the texts that people write, as far as the body has them.
func WithTexts(body []byte, pointers []string, text string) ([]byte, error) {
	value := Quote(text)
	var out []byte
	done := 0
	err := jsonptr.Walk(body, func(p jsonptr.Place) error {
		if p.Kind == '"' && slices.Contains(pointers, p.Pointer) {
			out = append(append(out, body[done:p.Start]...), value...)
			done = p.End
		}
		return nil
	})
	return append(out, body[done:]...), err
}

func indent(body []byte) []byte {
	var out bytes.Buffer
	if err := json.Indent(&out, body, "", "  "); err != nil { // the bodies that come here are ours
		panic(err)
	}
	return out.Bytes()
}
