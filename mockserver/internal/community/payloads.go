package community

import (
	"sync"
	"time"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/fakes"
)

// payloads has the world of a community and its generators, each made when it is first needed: many communities live for
// one test and send one event.
type payloads struct {
	world func() *fakes.World

	mu         sync.Mutex
	generators map[*contract.EventType]*fakes.Generator
}

func newPayloads(s Settings) *payloads {
	// The world begins when the community's clock does, so that what happens in it is neither old nor still to come.
	config := fakes.Config{Epoch: s.Clock.Start.UTC()}
	if s.Clock.Start.IsZero() {
		config.Epoch = s.CreatedAt.UTC().Truncate(time.Second)
	}
	return &payloads{
		world:      sync.OnceValue(func() *fakes.World { return fakes.NewWorld(s.Seed, config) }),
		generators: map[*contract.EventType]*fakes.Generator{},
	}
}

func (p *payloads) generator(event *contract.EventType) (*fakes.Generator, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if g := p.generators[event]; g != nil {
		return g, nil
	}
	g, err := p.world().Generator(event)
	if err != nil {
		return nil, err
	}
	p.generators[event] = g
	return g, nil
}

// body returns payload n of an event type and the id that is in it.
func (p *payloads) body(event *contract.EventType, n uint64, at time.Time) (body []byte, id string, err error) {
	g, err := p.generator(event)
	if err != nil {
		return nil, "", err
	}
	return g.Append(nil, n, at), g.EventID(n), nil
}
