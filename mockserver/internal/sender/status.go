package sender

import (
	"context"
	"time"
)

// Status says what is to be done.
type Status struct {
	Waiting  int       // jobs in the queue
	Underway int       // attempts under way
	Next     time.Time // when the first of the queue is due; zero if it is empty
}

// Status says what is to be done.
func (l *Local) Status() Status {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.status()
}

func (l *Local) status() Status {
	s := Status{Waiting: l.queue.len(), Underway: len(l.underway)}
	for _, lane := range l.lanes {
		s.Waiting += len(lane.waiting)
	}
	if j, there := l.queue.first(); there {
		s.Next = j.Due
	}
	return s
}

// Idle returns when nothing is to be done: no job in the queue, no attempt under way. The error is that of ctx, or
// ErrClosed. It moves no clock.
func (l *Local) Idle(ctx context.Context) error {
	for {
		l.mu.Lock()
		s, change := l.status(), l.nextChange()
		l.mu.Unlock()
		if s.Waiting+s.Underway == 0 {
			return l.over()
		}
		select {
		case <-change:
		case <-ctx.Done():
			return ctx.Err()
		case <-l.ctx.Done():
			return ErrClosed
		}
	}
}
