package sender

import (
	"time"
)

// A lane is the attempts to one webhook, on a clock that runs.
type lane struct {
	running int
	waiting []Job // due, in order
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
			if wait, _ := l.clock.Wait(j.Due); wait > 0 {
				timer.Reset(wait)
				break
			}
			l.start(l.queue.pop())
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

// start begins an attempt, or puts it behind those that fill its lane. The caller holds the lock.
func (l *Local) start(j Job) {
	if l.lanes[j.Lane] == nil {
		l.lanes[j.Lane] = &lane{}
	}
	here := l.lanes[j.Lane]
	if here.running == Concurrency {
		here.waiting = append(here.waiting, j)
		return
	}
	numbers, err := l.begin([]Job{j})
	if err != nil {
		j.done()
		return
	}
	here.running++
	go func() {
		defer l.work.Done()
		if apply := l.attempt(l.ctx, j, l.clock.Now()); apply != nil {
			apply()
		}
		l.end(numbers[0])
		l.leave(j.Lane)
	}()
}

// leave makes room in a lane.
func (l *Local) leave(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	here := l.lanes[name]
	here.running--
	if len(here.waiting) > 0 {
		next := here.waiting[0]
		here.waiting = here.waiting[1:]
		l.start(next)
	} else if here.running == 0 {
		delete(l.lanes, name)
	}
}
