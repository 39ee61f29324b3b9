package judge

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

// payloads makes the bodies of a run. It is made once and then only read.
type payloads struct {
	seed    uint64
	started time.Time
	fresh   bool // events happen when the run begins, and have ids of this run; otherwise they are those of the world
	world   *fakes.World
	events  map[string]*source // by name, messages such as TEST among them
}

// A source makes the bodies of one event type.
type source struct {
	event   *contract.EventType
	full    *fakes.Generator
	minimal *fakes.Generator
	example *contract.Example // nil: the contract has none
}

func newPayloads(p *contract.Platform, seed uint64, started time.Time) (*payloads, error) {
	world := fakes.NewWorld(seed, fakes.Config{})
	out := &payloads{seed: seed, started: started, world: world, events: map[string]*source{}}
	events := p.Events()
	if test := p.Message(contract.ChallengeMessage); test != nil {
		events = append(events, test)
	}
	for _, e := range events {
		s := &source{event: e}
		var err error
		if s.full, err = world.Generator(e); err != nil {
			return nil, err
		}
		if s.minimal, err = world.Minimal(e); err != nil {
			return nil, err
		}
		var none *contract.Error
		if s.example, err = e.Example(); err != nil && !errors.As(err, &none) { // a document may have no example
			return nil, err
		}
		out.events[e.Name] = s
	}
	return out, nil
}

// dated makes the same payloads of events that happen now. Their ids are of this run: an id and a body belong together.
func (p *payloads) dated(platform *contract.Platform) (*payloads, error) {
	seed := p.seed
	if !p.fresh {
		seed ^= uint64(p.started.UnixNano())
	}
	out, err := newPayloads(platform, seed, p.started)
	if err == nil {
		out.fresh = true
	}
	return out, err
}

// at is when event n happened: as the world has it, and never in the future of the run.
func (p *payloads) at(s *source, n uint64) time.Time {
	if at := s.full.At(n); !p.fresh && at.Before(p.started) {
		return at
	}
	return p.started
}

func (p *payloads) generated(event string, n uint64) []byte {
	s := p.events[event]
	return s.full.Append(nil, n, p.at(s, n))
}

func (p *payloads) minimal(event string, n uint64) []byte {
	s := p.events[event]
	return s.minimal.Append(nil, n, p.at(s, n))
}

// documented returns the example as the platform sends it: placeholders filled, without the page's white space, and with
// an id of its own where the platform's payloads have one, since no two deliveries share one.
func (p *payloads) documented(event string, n uint64) ([]byte, error) {
	s := p.events[event]
	filled, err := s.full.Fill(s.example, n, p.at(s, n))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := json.Compact(&out, filled); err != nil {
		return nil, err
	}
	body := out.Bytes()
	if p.fresh {
		body = s.redated(body, p.started)
	}
	key := s.event.Platform().Rules.DedupKey.Value
	if key == "" {
		return body, nil
	}
	if _, err := jsonptr.Find(body, key); err != nil {
		return body, nil // a message without an id
	}
	return jsonptr.Set(body, key, quote(s.full.EventID(n)))
}

// redated is an example with another time of the event, written in the same way, if it has one that is a date.
func (s *source) redated(body []byte, at time.Time) []byte {
	key := s.event.Platform().Rules.EventTime.Value
	printed, _ := contract.Lookup(body, key).(string)
	if _, err := time.Parse(time.RFC3339, printed); key == "" || err != nil {
		return body
	}
	layout := "2006-01-02T15:04:05Z"
	if strings.Contains(printed, ".") {
		layout = "2006-01-02T15:04:05.000Z"
	}
	if out, err := jsonptr.Set(body, key, quote(at.UTC().Format(layout))); err == nil {
		return out
	}
	return body
}

// challenge returns a TEST message and the challenge in it.
func (p *payloads) challenge(n uint64) (body []byte, challenge string) {
	body = p.generated(contract.ChallengeMessage, n)
	challenge, _ = contract.Lookup(body, contract.ChallengePointer).(string)
	return body, challenge
}

// unknownField is what FWD-1 adds to objects.
var unknownField = struct {
	key   string
	value []byte
}{"quintain_new_field", []byte(`"added tomorrow"`)}

// withUnknownField adds a field to the objects at the pointers, the innermost first.
func withUnknownField(body []byte, pointers []string) (_ []byte, err error) {
	for i := len(pointers) - 1; i >= 0; i-- {
		if body, err = jsonptr.Insert(body, pointers[i], unknownField.key, unknownField.value); err != nil {
			return nil, err
		}
	}
	return body, nil
}

// withTexts replaces the texts that people write, as far as the body has them.
func withTexts(body []byte, pointers []string, text string) ([]byte, error) {
	value := quote(text)
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
