package cause

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/quintain-dev/quintain/features/judge/internal/exchange"
)

// limits is what a run learns of a receiver that limits rates. It is guarded by the lock of the History.
type limits struct {
	limited int           // answers that were 429
	ofGood  bool          // a good delivery was answered so
	later   bool          // and none was before something bad was sent
	until   time.Time     // nothing is sent before this time: the receiver asked to wait
	waited  time.Duration // how long was waited for that, in all
}

// Where a receiver answers 429, the run waits as it asks, a second if it does not say, and sends again: this long at
// most at once, and this long in all. No platform sends as fast as a run does.
const (
	longestPause = 10 * time.Second
	mostWaiting  = time.Minute
)

// Obey sends, waiting as long as the receiver asks, until the answer is no 429 or waiting makes no sense any more. What
// is bad may be refused with a 429; if good deliveries are answered so too, it was for their number.
func (h *History) Obey(ctx context.Context, good bool, send func() exchange.Answer) (exchange.Answer, error) {
	for {
		if err := h.Wait(ctx); err != nil {
			return exchange.Answer{}, err
		}
		if a := send(); !h.SlowDown(a, good) {
			return a, ctx.Err()
		}
	}
}

// SlowDown remembers an answer if it is a 429, and reports whether it makes sense to wait, and to send again.
func (h *History) SlowDown(a exchange.Answer, good bool) bool {
	if a.Status != http.StatusTooManyRequests {
		return false
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.limited++
	if good && !h.ofGood {
		h.ofGood, h.later = true, h.badSent
	}
	pause := time.Second
	if asked, err := strconv.Atoi(a.Header.Get("Retry-After")); err == nil && asked >= 0 {
		pause = max(pause, time.Duration(min(asked, 3600))*time.Second)
	}
	rejectsAll := h.good == 0 && h.limited > 3 // who takes nothing at all limits nothing
	if pause > longestPause || h.waited >= mostWaiting || rejectsAll || !h.ofGood {
		return false
	}
	now := time.Now()
	if until := now.Add(pause); until.After(h.until) {
		if h.until.After(now) {
			now = h.until
		}
		h.waited += until.Sub(now)
		h.until = until
	}
	return true
}

// Wait waits as long as the receiver asked.
func (h *History) Wait(ctx context.Context) error {
	h.mu.Lock()
	left := time.Until(h.until)
	h.mu.Unlock()
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
