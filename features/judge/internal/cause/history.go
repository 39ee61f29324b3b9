package cause

import (
	"fmt"
	"net/url"
	"strings"
	"sync"

	"github.com/quintain-dev/quintain/features/judge/internal/exchange"
)

// History is what a run learns of its receiver on the way. The zero value is that of a run that has not begun. It is
// for several goroutines at once, except for Reading and Dated, which are for the time before the first scenario.
type History struct {
	absence
	limits

	mu           sync.Mutex
	badSent      bool            // something bad was sent
	acknowledged map[string]bool // events of which a good delivery was acknowledged
	// a plain delivery of each event that was acknowledged before anything bad was sent
	proven   map[string]exchange.Delivery
	good     int            // good deliveries that were acknowledged
	accepted int            // of those, with a 2xx status
	statuses map[string]int // what came back for the good ones that were not
	hung     int            // good deliveries in a row that were left without an answer
	// deliveries at once that are too many, whichever they are; 0: not known of any
	most      int
	redirects map[string]bool // where good deliveries were redirected to that were acknowledged so
	silent    map[string]bool // events of which a good delivery was left without an answer

	crowding crowding // read and written only while nothing else is in flight
	readings int      // readings of the documentation that the run tried before its first scenario
	dated    bool     // payloads are dated now, since the receiver rejects those of the past
}

// crowding says whether deliveries fail that come with others at the same time, and not those that come alone.
type crowding int

const (
	crowdingUnknown crowding = iota
	crowdingHurts
	crowdingNotWhy
)

// maxHung is after how many good deliveries in a row without an answer a run gives up: each costs the whole time limit.
const maxHung = 12

// Note remembers what became of a good delivery.
func (h *History) Note(event string, ok bool, a exchange.Answer) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.acknowledged == nil {
		h.acknowledged, h.statuses, h.silent = map[string]bool{}, map[string]int{}, map[string]bool{}
		h.redirects, h.proven = map[string]bool{}, map[string]exchange.Delivery{}
	}
	if ok {
		h.good++
		if a.Status/100 == 3 {
			h.redirects[destination(a)] = true
		} else {
			h.accepted++
		}
		h.acknowledged[event] = true
	} else {
		h.statuses[became(a)]++
	}
	if a.Hung {
		h.hung++
		h.silent[event] = true
	} else {
		h.hung = 0
	}
}

// Prove remembers a plain delivery that was acknowledged, if nothing bad was sent before.
func (h *History) Prove(d exchange.Delivery) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.badSent {
		h.proven[d.Event] = d
	}
}

// Proven returns a plain delivery of an event that was acknowledged before the first bad one, if one was sent since.
func (h *History) Proven(event string) (exchange.Delivery, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	d, ok := h.proven[event]
	return d, ok && h.badSent
}

// SendsBad remembers that something bad is sent.
func (h *History) SendsBad() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.badSent = true
}

// Reading remembers that one more reading of the documentation was tried, before the first scenario.
func (h *History) Reading() { h.readings++ }

// Dated remembers, before the first scenario, that payloads are dated now.
func (h *History) Dated() { h.dated = true }

// Welcomes reports whether a redirect is one that good deliveries were acknowledged with, which keeps nobody out.
func (h *History) Welcomes(a exchange.Answer) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return a.Status/100 == 3 && h.redirects[destination(a)]
}

// destination is where a redirect leads, without what may differ each time: the host and the first part of the path.
func destination(a exchange.Answer) string {
	location := a.Header.Get("Location")
	u, err := url.Parse(location)
	if err != nil {
		return location
	}
	first, _, _ := strings.Cut(strings.TrimPrefix(u.Path, "/"), "/")
	return fmt.Sprint(a.Status, " ", u.Host, " ", first)
}

// Crowd returns how many deliveries to try at once where so many are asked for.
func (h *History) Crowd(n int) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	for h.most > 0 && n >= h.most {
		n /= 2
	}
	return n
}

// TooMany remembers that the receiver does not take so many deliveries at once.
func (h *History) TooMany(n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.most = n
}

// IsSilent reports whether the receiver left an event without an answer and has never acknowledged it: another try
// would cost the whole time limit.
func (h *History) IsSilent(event string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.silent[event] && !h.acknowledged[event]
}

// Hopeless says why it makes no sense to go on, if the receiver has left so much without an answer that this would only
// cost time; empty if it does make sense.
func (h *History) Hopeless() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.hung < maxHung {
		return ""
	}
	return fmt.Sprintf("the receiver left %d good deliveries in a row without an answer, and the run gave up", maxHung)
}
