package mockserver

import (
	"fmt"
	"net/http"
	"sync"

	"github.com/quintain-dev/quintain/mockserver/internal/inbox"
)

// Answers are the answers of an inbox, for a receiver that is none: the same script, without a server and captures.
// They may be asked for by several goroutines at once.
type Answers struct {
	seed uint64

	mu       sync.Mutex
	player   *inbox.Player
	arrivals inbox.Arrivals
}

// ParseAnswers reads a script such as 500x3,200. The language is that of an inbox's script. The seed is that of the
// shares. The error shows the place of the fault.
func ParseAnswers(script string, seed uint64) (*Answers, error) {
	parsed, err := inbox.Parse(script)
	if nearest := inbox.Nearest(err); nearest != "" {
		return nil, fmt.Errorf("did you mean %q? %w", nearest, err)
	}
	if err != nil {
		return nil, err
	}
	return &Answers{seed: seed, player: parsed.Player()}, nil
}

// Next returns the answer to the next request, by the event that its body is of and the delivery's id; either may be
// empty.
func (a *Answers) Next(event, id string, body []byte) Answer {
	a.mu.Lock()
	defer a.mu.Unlock()
	arrival := a.arrivals.Add(id, body)
	return Answer{a.player.Next(event, arrival.Attempt, func() float64 { return arrival.Roll(a.seed, "") })}
}

// An Answer is what one request is answered with.
type Answer struct{ answer inbox.Answer }

// String writes the answer as it stands in a script.
func (a Answer) String() string { return a.answer.String() }

// Status returns the HTTP status of the answer, 0 if the sender gets none.
func (a Answer) Status() int {
	if a.answer.Lost {
		return 0
	}
	return a.answer.Status
}

// ServeHTTP answers a request, whose body was read. An answer that takes time lets go when the request's context ends.
// Where the connection cannot be taken over, the answers that need it panic with http.ErrAbortHandler.
func (a Answer) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.answer.Serve(w, r) }
