package judge

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

// noteConnection remembers whether a scenario found anybody there. That an answer did not come, or not whole, is not
// that nobody listens; and who listens again, as after a restart, was not gone.
func (a *absence) noteConnection(scenario string, got exchange.Answer) {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case got.Complete() || got.Reached:
		a.since = ""
	case errors.Is(got.Err, syscall.ECONNREFUSED) && a.since == "":
		a.since = scenario
	}
}

// gone says that nobody listens any more at a URL, and from when on; empty if somebody does.
func (a *absence) gone(url string) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.since == "" {
		return ""
	}
	return fmt.Sprintf("from scenario %q on nobody listened at %s any more", a.since, redactURL(url))
}

// block says that the scenario cannot judge its rule: for the reason given, or because nobody listens any more.
func (t *trial) block(format string, args ...any) error {
	if why := t.suite.memory.gone(t.suite.receiver.URL); why != "" {
		return t.scenario.block("%s", why)
	}
	return t.scenario.block(format, args...)
}
