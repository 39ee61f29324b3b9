package clock

import (
	"fmt"
	"math"
	"sync"
	"time"
)

// Running is a clock that runs by itself, and stands still only while it is paused. Make it with NewReal or NewScaled.
type Running struct {
	mode  Mode
	scale float64

	mu     sync.Mutex
	shown  time.Time     // schedule time at since; of a paused clock, the time that it shows
	since  time.Time     // real time, with its monotonic reading
	behind time.Duration // how long a real clock was paused in all
	paused bool
}

// NewReal returns a clock that shows the time of the machine, and after a pause lags behind it.
func NewReal() *Running { return &Running{mode: ModeReal, scale: 1} }

// NewScaled returns a clock that shows start now, and then runs scale times as fast as real time. The scale must be
// more than 0 and at most MaxScale.
func NewScaled(start time.Time, scale float64) (*Running, error) {
	if !(scale > 0 && scale <= MaxScale) {
		return nil, fmt.Errorf("a clock cannot run %v times as fast as real time; want more than 0 and at most %.0f", scale, float64(MaxScale))
	}
	return &Running{mode: ModeScaled, scale: scale, shown: start, since: time.Now()}, nil
}

// MaxScale is the largest scale: at a million, a schedule of eight hours takes 29 ms. There is no use for more, and a
// clock comes to its end, 292 years after its start, within hours.
const MaxScale = 1e6

// Mode returns ModeReal or ModeScaled.
func (r *Running) Mode() Mode { return r.mode }

// Scale returns how many times as fast as real time the clock runs.
func (r *Running) Scale() float64 { return r.scale }

// Now returns the schedule time. A scaled clock stands still 292 years after its start, which is as far as a
// time.Duration goes.
func (r *Running) Now() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.now()
}

// now returns the schedule time. The caller holds the lock.
func (r *Running) now() time.Time {
	switch {
	case r.paused:
		return r.shown
	case r.mode == ModeReal:
		return time.Now().Add(-r.behind)
	}
	passed := float64(time.Since(r.since)) * r.scale
	if passed >= math.MaxInt64 {
		return r.shown.Add(math.MaxInt64)
	}
	return r.shown.Add(time.Duration(passed))
}

// Wait returns the real time until the schedule time t, rounded up, and true; while the clock is paused, 0 and false.
func (r *Running) Wait(t time.Time) (time.Duration, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.paused {
		return 0, false
	}
	left := t.Sub(r.now())
	if left <= 0 {
		return 0, true
	}
	if r.mode == ModeReal {
		return left, true
	}
	wait := float64(left) / r.scale
	if wait >= math.MaxInt64 {
		return math.MaxInt64, true
	}
	return time.Duration(wait) + 1, true
}

// Pause stops the clock, and reports false if it was paused already.
func (r *Running) Pause() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.paused {
		return false
	}
	r.shown, r.since, r.paused = r.now(), time.Now(), true
	return true
}

// Resume lets the clock go on from the time that it shows, and reports false if it was not paused.
func (r *Running) Resume() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.paused {
		return false
	}
	r.behind += time.Since(r.since)
	r.since, r.paused = time.Now(), false
	return true
}

// Paused reports whether the clock is paused.
func (r *Running) Paused() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.paused
}
