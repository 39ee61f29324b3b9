package sender

import (
	"time"
)

// A lane is the attempts to one webhook, on a clock that runs.
type lane struct {
	running int
	inTurn  bool  // the one that is running is to be final before another begins
	waiting []Job // due, in order
}

// fits reports whether a job may begin beside those that are running.
func (l *lane) fits(j Job) bool {
	return l.running == 0 || l.running < Concurrency && !l.inTurn && !j.InTurn
}

// Pause stops a clock that runs: no attempt begins until Resume. Those under way go on. On a virtual clock the error is
// ErrStands.
func (l *Local) Pause() error {
	if l.running == nil {
		return ErrStands
	}
	l.running.Pause()
	return l.over()
}

// Resume lets a clock that was paused go on. Errors are those of Pause.
func (l *Local) Resume() error {
	if l.running == nil {
		return ErrStands
	}
	if l.running.Resume() {
		l.mu.Lock()
		for name := range l.lanes {
			l.advance(name)
		}
		l.mu.Unlock()
		l.poke()
	}
	return l.over()
}

// run is the loop of a clock that runs: it starts what is due and sleeps until something is.
func (l *Local) run() {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		l.mu.Lock()
		for {
			j, there := l.queue.first()
			if !there {
				break
			}
			if wait, runs := l.clock.Wait(j.Due); wait > 0 || !runs {
				if runs {
					timer.Reset(wait)
				}
				break
			}
			j = l.queue.pop()
			if l.lanes[j.Lane] == nil {
				l.lanes[j.Lane] = &lane{}
			}
			here := l.lanes[j.Lane]
			here.waiting = append(here.waiting, j)
			l.advance(j.Lane)
		}
		l.mu.Unlock()
		select {
		case <-timer.C:
		case <-l.wake:
		case <-l.ctx.Done():
			return
		}
	}
}

// advance begins the attempts of a lane that may begin. The caller holds the lock.
func (l *Local) advance(name string) {
	here := l.lanes[name]
	for len(here.waiting) > 0 && here.fits(here.waiting[0]) && !l.running.Paused() {
		j := here.waiting[0]
		here.waiting = here.waiting[1:]
		numbers, err := l.begin([]Job{j})
		if err != nil {
			j.done()
			continue
		}
		here.running++
		here.inTurn = j.InTurn
		go func() {
			defer l.work.Done()
			if apply := l.attempt(l.ctx, j, l.clock.Now()); apply != nil {
				apply()
			}
			l.end(numbers[0])
			l.leave(name)
		}()
	}
	if here.running == 0 && len(here.waiting) == 0 {
		delete(l.lanes, name)
	}
}

// leave makes room in a lane.
func (l *Local) leave(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	here := l.lanes[name]
	here.running--
	if here.running == 0 {
		here.inTurn = false
	}
	l.advance(name)
}
