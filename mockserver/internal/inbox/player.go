package inbox

import (
	"crypto/sha256"
	"net/http"

	"github.com/quintain-dev/quintain/mockserver/internal/script"
)

// A Player goes through a script. It is for one goroutine at a time.
type Player struct {
	rules  []script.Rule[Step]
	places []place // by rule
}

// place is where a rule stands.
type place struct {
	step int
	used int // how often the step was taken
}

// Player returns a player at the start of the script.
func (s Script) Player() *Player { return &Player{rules: s.rules, places: make([]place, len(s.rules))} }

// Next returns the answer to the next request, which brings an event for the given time. The first rule that is for it
// answers; where none is, the answer is 200, which every platform takes for success. Roll draws for shares, and is not
// called if there are none.
func (p *Player) Next(event string, attempt int, roll func() float64) Answer {
	for i, rule := range p.rules {
		if !rule.When.Matches(event, attempt) {
			continue
		}
		at := &p.places[i]
		if at.used == rule.Items[at.step].Times && at.step < len(rule.Items)-1 {
			at.step, at.used = at.step+1, 0
		}
		step := rule.Items[at.step]
		if at.used < step.Times {
			at.used++
		}
		if len(step.Choices) == 1 && step.Choices[0].Share == Whole {
			return step.Choices[0].Answer
		}
		return step.pick(roll())
	}
	return Answer{Status: http.StatusOK}
}

// Arrivals counts how often a delivery came. The zero value is ready; it is for one goroutine at a time.
type Arrivals struct {
	young, old map[[sha256.Size]byte]uint64
}

// maxArrivals is how many are remembered for sure. Twice as many are at most: what did not come again is then
// forgotten, the older half first.
const maxArrivals = 100_000

// An Arrival is one coming of a delivery.
type Arrival struct {
	Attempt int // how often the delivery has come, from 1
	times   uint64
	sum     [sha256.Size]byte
}

// Add counts the arrival of a body. The id is that of the delivery; where the platform has none, it is empty, and what
// has the same bytes is the same delivery.
func (a *Arrivals) Add(id string, body []byte) Arrival {
	out := Arrival{sum: sha256.Sum256(body)}
	out.times = a.count(out.sum)
	out.Attempt = int(out.times)
	if id != "" {
		out.Attempt = int(a.count(sha256.Sum256([]byte("id " + id))))
	}
	return out
}

func (a *Arrivals) count(key [sha256.Size]byte) uint64 {
	if len(a.young) >= maxArrivals {
		a.old, a.young = a.young, nil
	}
	if a.young == nil {
		a.young = map[[sha256.Size]byte]uint64{}
	}
	n, there := a.young[key]
	if !there {
		n = a.old[key]
	}
	a.young[key] = n + 1
	return n + 1
}

// Roll draws from 0 up to, and without, 1 for the arrival at an inbox. The draw is that of the bytes and how often they
// came, so that it does not matter in which order deliveries come.
func (a Arrival) Roll(seed uint64, inbox string) float64 {
	return script.Roll(seed, inbox+"\x00"+string(a.sum[:]), a.times)
}
