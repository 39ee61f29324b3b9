// Package clock tells the schedule time of a mock community: the time by which deliveries and retries fall due. Start with
// Real, NewScaled or NewVirtual.
//
//	c := clock.NewVirtual(start)   // stands still until Set
//	c.Set(start.Add(5 * time.Minute))
//
// It is not the time that goes into timestamp headers and signatures: that is always the real one, or every honest
// receiver would refuse the delivery as stale. And it wakes nobody: Wait says how long to wait, and the sender waits.
package clock

import (
	"fmt"
	"math"
	"sync"
	"time"
)

// Mode is the kind of a clock, as the control API writes it.
type Mode string

// The modes.
const (
	ModeReal    Mode = "real"    // the time of the machine
	ModeScaled  Mode = "scaled"  // runs faster, or slower, than the time of the machine
	ModeVirtual Mode = "virtual" // stands still until it is set
)

// Modes lists the modes.
func Modes() []Mode { return []Mode{ModeReal, ModeScaled, ModeVirtual} }

// A Clock tells schedule time. It may be used by several goroutines at once.
type Clock interface {
	// Mode returns the kind of the clock.
	Mode() Mode

	// Now returns the schedule time.
	Now() time.Time

	// Wait returns how long it is until the schedule time t, in real time; 0 if t has come. It reports false if the clock
	// does not get there by itself, however long one waits.
	Wait(t time.Time) (time.Duration, bool)
}

// Real is the time of the machine. The zero value is ready to use.
type Real struct{}

// Mode returns ModeReal.
func (Real) Mode() Mode { return ModeReal }

// Now returns the time of the machine.
func (Real) Now() time.Time { return time.Now() }

// Wait returns the time from now to t, and true.
func (Real) Wait(t time.Time) (time.Duration, bool) { return max(0, time.Until(t)), true }

// Scaled runs at a constant multiple of real time: at a scale of 3600, an hour of the schedule takes a second.
type Scaled struct {
	start time.Time // schedule time
	begun time.Time // real time, with its monotonic reading
	scale float64
}

// NewScaled returns a clock that shows start now, and then runs scale times as fast as real time. The scale must be more
// than 0.
func NewScaled(start time.Time, scale float64) (*Scaled, error) {
	if !(scale > 0 && scale <= MaxScale) {
		return nil, fmt.Errorf("a clock cannot run %v times as fast as real time; want more than 0 and at most %.0f", scale, float64(MaxScale))
	}
	return &Scaled{start: start, begun: time.Now(), scale: scale}, nil
}

// MaxScale is the largest scale: at a million, a schedule of eight hours takes 29 ms. There is no use for more, and a
// clock comes to its end, 292 years after its start, within hours.
const MaxScale = 1e6

// Mode returns ModeScaled.
func (s *Scaled) Mode() Mode { return ModeScaled }

// Scale returns how many times as fast as real time the clock runs.
func (s *Scaled) Scale() float64 { return s.scale }

// Now returns the schedule time. 292 years after its start the clock stands still, which is as far as a time.Duration
// goes.
func (s *Scaled) Now() time.Time {
	passed := float64(time.Since(s.begun)) * s.scale
	if passed >= math.MaxInt64 {
		return s.start.Add(math.MaxInt64)
	}
	return s.start.Add(time.Duration(passed))
}

// Wait returns the real time until the schedule time t, rounded up, and true.
func (s *Scaled) Wait(t time.Time) (time.Duration, bool) {
	left := t.Sub(s.Now())
	if left <= 0 {
		return 0, true
	}
	wait := float64(left) / s.scale
	if wait >= math.MaxInt64 {
		return math.MaxInt64, true
	}
	return time.Duration(wait) + 1, true
}

// Virtual stands still until it is set, and never goes back.
type Virtual struct {
	mu  sync.Mutex
	now time.Time
}

// NewVirtual returns a clock that shows start.
func NewVirtual(start time.Time) *Virtual { return &Virtual{now: start} }

// Mode returns ModeVirtual.
func (v *Virtual) Mode() Mode { return ModeVirtual }

// Now returns the schedule time.
func (v *Virtual) Now() time.Time {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.now
}

// Wait reports false for every t that has not come yet.
func (v *Virtual) Wait(t time.Time) (time.Duration, bool) { return 0, !t.After(v.Now()) }

// Set moves the clock to t. A t before Now is a *BackwardsError, and the clock stays where it is.
func (v *Virtual) Set(t time.Time) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if t.Before(v.now) {
		return &BackwardsError{Now: v.now, To: t}
	}
	v.now = t
	return nil
}

// A BackwardsError is an attempt to set a clock back.
type BackwardsError struct {
	Now, To time.Time
}

// Error names both times.
func (e *BackwardsError) Error() string {
	return fmt.Sprintf("the clock shows %s and does not go back to %s", e.Now.UTC().Format(time.RFC3339Nano), e.To.UTC().Format(time.RFC3339Nano))
}

var (
	_ Clock = Real{}
	_ Clock = (*Scaled)(nil)
	_ Clock = (*Virtual)(nil)
)
