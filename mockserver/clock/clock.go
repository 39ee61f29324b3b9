// Package clock tells the schedule time of a mock community: the time by which deliveries and retries fall due. Start
// with NewReal, NewScaled or NewVirtual.
//
//	c := clock.NewVirtual(start)   // stands still until Set
//	c.Set(start.Add(5 * time.Minute))
//
// It is not the time that goes into timestamp headers and signatures, unless a community asks for that: else every
// honest receiver would refuse the delivery as stale. And it wakes nobody: Wait says how long to wait, and the sender
// waits.
package clock

import (
	"fmt"
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

	// Wait returns how long it is until the schedule time t, in real time; 0 if t has come. It reports false if waiting
	// is no use: the clock is virtual and t has not come, or the clock is paused.
	Wait(t time.Time) (time.Duration, bool)
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
	_ Clock = (*Running)(nil)
	_ Clock = (*Virtual)(nil)
)
