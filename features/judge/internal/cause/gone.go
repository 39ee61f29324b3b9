package cause

import (
	"errors"
	"fmt"
	"sync"
	"syscall"

	"github.com/quintain-dev/quintain/features/judge/internal/exchange"
)

// absence is what a run learns of a receiver that ends in the middle of it. It is for several goroutines at once.
type absence struct {
	mu    sync.Mutex
	since string // the scenario from which on every connection was refused; empty while somebody listens
}

// NoteConnection remembers whether a scenario found the receiver listening. A receiver that gave no answer, or half of
// one, was listening; one that listens again, as after a restart, was not gone.
func (a *absence) NoteConnection(scenario string, got exchange.Answer) {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case got.Complete() || got.Reached:
		a.since = ""
	case errors.Is(got.Err, syscall.ECONNREFUSED) && a.since == "":
		a.since = scenario
	}
}

// Gone says that nobody listens any more at a URL, and from when on; empty if somebody does.
func (a *absence) Gone(url string) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.since == "" {
		return ""
	}
	return fmt.Sprintf("from scenario %q on nobody listened at %s any more", a.since, exchange.RedactURL(url))
}
