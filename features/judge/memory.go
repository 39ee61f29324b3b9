package judge

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/quintain-dev/quintain/features/judge/internal/exchange"
)

// memory is what a run learns of its receiver on the way.
type memory struct {
	absence
	mu           sync.Mutex
	badSent      bool                         // something bad was sent
	acknowledged map[string]bool              // events of which a good delivery was acknowledged
	proven       map[string]exchange.Delivery // a plain delivery of each event that was acknowledged before anything bad was sent
	good         int                          // good deliveries that were acknowledged
	taken        int                          // of those, with a 2xx status
	statuses     map[string]int               // what came back for the good ones that were not
	hung         int                          // good deliveries in a row that were left without an answer
	most         int                          // deliveries at once that are too many, whichever they are; 0: not known of any
	redirects    map[string]bool              // whither good deliveries were redirected that were acknowledged so
	silent       map[string]bool              // events of which a good delivery was left without an answer

	limited int           // answers that were 429
	limits  bool          // a good delivery was answered so
	later   bool          // and none was before something bad was sent
	until   time.Time     // nothing is sent before this time: the receiver asked to wait
	waited  time.Duration // how long was waited for that, in all

	turn    sync.RWMutex // deliveries beside others hold it for reading, one that has to be alone for writing
	crowded crowding
}

// crowding says whether deliveries fail that come beside others, and not those that come alone.
type crowding int

const (
	crowdingUnknown crowding = iota
	crowdingHurts
	crowdingNotWhy
)

// maxHung is after how many good deliveries in a row without an answer a run gives up: each costs the whole time limit.
const maxHung = 12

// Where a receiver answers 429, the run waits as it asks, a second if it does not say, and sends again: this long at most
// at once, and this long in all. No platform sends as fast as a run does.
const (
	longestPause = 10 * time.Second
	mostWaiting  = time.Minute
)

// welcomes reports whether a redirect is one that good deliveries were acknowledged with, which keeps nobody out.
func (m *memory) welcomes(a exchange.Answer) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return a.Status/100 == 3 && m.redirects[whither(a)]
}

// whither is where a redirect leads, without what may differ each time: the host and the first part of the path are left.
func whither(a exchange.Answer) string {
	location := a.Header.Get("Location")
	u, err := url.Parse(location)
	if err != nil {
		return location
	}
	first, _, _ := strings.Cut(strings.TrimPrefix(u.Path, "/"), "/")
	return fmt.Sprint(a.Status, " ", u.Host, " ", first)
}

// note remembers what became of a good delivery.
func (m *memory) note(event string, ok bool, a exchange.Answer) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.acknowledged == nil {
		m.acknowledged, m.statuses, m.silent = map[string]bool{}, map[string]int{}, map[string]bool{}
		m.redirects, m.proven = map[string]bool{}, map[string]exchange.Delivery{}
	}
	switch {
	case ok:
		m.good++
		if a.Status/100 == 3 {
			m.redirects[whither(a)] = true
		} else {
			m.taken++
		}
		m.acknowledged[event] = true
	case a.Status != 0:
		m.statuses[fmt.Sprintf("answered %d", a.Status)]++
	default:
		m.statuses["left without a complete answer"]++
	}
	if a.Hung {
		m.hung++
		m.silent[event] = true
	} else {
		m.hung = 0
	}
}

// prove remembers a plain delivery that was acknowledged.
func (m *memory) prove(d exchange.Delivery) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.badSent {
		m.proven[d.Event] = d
	}
}

// provenBefore returns a plain delivery of an event that was acknowledged before the first bad one, if one was sent since.
func (m *memory) provenBefore(event string) (exchange.Delivery, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	d, ok := m.proven[event]
	return d, ok && m.badSent
}

func (m *memory) sendsBad() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.badSent = true
}

// slowDown takes down an answer 429 to a delivery, and reports whether it makes sense to wait, and to send again. What is
// bad may be refused so; where good ones are answered so too, it may have been for their number.
func (m *memory) slowDown(a exchange.Answer, good bool) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.limited++
	if good && !m.limits {
		m.limits, m.later = true, m.badSent
	}
	pause := time.Second
	if asked, err := strconv.Atoi(a.Header.Get("Retry-After")); err == nil && asked >= 0 {
		pause = max(pause, time.Duration(min(asked, 3600))*time.Second)
	}
	if pause > longestPause || m.waited >= mostWaiting || m.good == 0 && m.limited > 3 || !m.limits { // who takes nothing at all limits nothing
		return false
	}
	now := time.Now()
	if until := now.Add(pause); until.After(m.until) {
		if m.until.After(now) {
			now = m.until
		}
		m.waited += until.Sub(now)
		m.until = until
	}
	return true
}

// wait waits as long as the receiver asked.
func (m *memory) wait(ctx context.Context) error {
	m.mu.Lock()
	left := time.Until(m.until)
	m.mu.Unlock()
	if left <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(left)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// crowd returns how many deliveries to try at once where so many are asked for.
func (m *memory) crowd(n int) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	for m.most > 0 && n >= m.most {
		n /= 2
	}
	return n
}

// tooMany remembers that so many deliveries at once are not taken.
func (m *memory) tooMany(n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.most = n
}

// isSilent reports whether a receiver left an event without an answer and has never acknowledged it: another try would
// cost the whole time limit.
func (m *memory) isSilent(event string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.silent[event] && !m.acknowledged[event]
}

// hopeless reports whether the receiver has left so much without an answer that going on would only cost time.
func (m *memory) hopeless() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.hung >= maxHung
}

// oneCause says what all good deliveries came to, if none was acknowledged and all came to the same.
func (m *memory) oneCause() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.good > 0 || len(m.statuses) != 1 {
		return ""
	}
	for what := range m.statuses {
		return what
	}
	return ""
}

// strained reports whether an answer is what a receiver gives that has too much to do at once.
func strained(a exchange.Answer) bool {
	return !a.Complete() || a.Status == http.StatusTooManyRequests || a.Status >= 500
}
