package sender

import (
	"context"
	"time"

	"github.com/quintain-dev/quintain/mockserver/clock"
)

// Advance moves a virtual clock to the time that to makes of the time it shows, makes every attempt that falls due on
// the way, and returns how many those were when all are final. The error is ErrRuns, a *clock.BackwardsError, ErrBusy,
// ErrClosed, or that of ctx, which is looked at between batches; the clock then stands where the last batch left it.
func (l *Local) Advance(ctx context.Context, to func(now time.Time) time.Time) (attempts int, err error) {
	return l.drive(ctx, unbounded, func(now time.Time, _ Job, _ bool) time.Time { return to(now) })
}

// Next moves a virtual clock to the time when the first job is due, and makes the attempts that are due then. If there
// is nothing to do, the clock stays. Errors are those of Advance.
func (l *Local) Next(ctx context.Context) (attempts int, err error) {
	return l.drive(ctx, unbounded, func(now time.Time, first Job, there bool) time.Time {
		if there && first.Due.After(now) {
			return first.Due
		}
		return now
	})
}

// Settle moves a virtual clock from one due time to the next until nothing is left to do, and leaves it at the last
// one. Errors are those of Advance, and ErrBound if there is more to do after bound attempts.
func (l *Local) Settle(ctx context.Context, bound int) (attempts int, err error) {
	return l.drive(ctx, bound, nil)
}

const unbounded = int(^uint(0) >> 1)

// drive is the discrete-event loop. Without a target it runs until there is nothing to do.
func (l *Local) drive(
	ctx context.Context, bound int, target func(now time.Time, first Job, there bool) time.Time,
) (attempts int, err error) {
	if l.virtual == nil {
		return 0, ErrRuns
	}
	if err := l.take(ctx); err != nil {
		return 0, err
	}
	defer func() { <-l.driver }()
	if err := l.await(ctx, l.earlier()); err != nil {
		return 0, err
	}
	var to *time.Time
	if target != nil {
		now := l.virtual.Now() // nobody else moves it
		l.mu.Lock()
		first, there := l.queue.first()
		l.mu.Unlock()
		t := target(now, first, there)
		if t.Before(now) {
			return 0, &clock.BackwardsError{Now: now, To: t}
		}
		to = &t
	}
	for {
		jobs, numbers, err := l.batch(ctx, to, bound-attempts)
		if err != nil {
			return attempts, err
		}
		if len(jobs) == 0 {
			break
		}
		attempts += l.fire(jobs, numbers)
		l.work.Done()
		if err := l.over(); err != nil {
			return attempts, err
		}
		if err := ctx.Err(); err != nil {
			return attempts, err
		}
	}
	if to != nil {
		return attempts, l.virtual.Set(*to)
	}
	return attempts, nil
}

// take becomes the one that moves the clock.
func (l *Local) take(ctx context.Context) error {
	patience := time.NewTimer(l.patience)
	defer patience.Stop()
	select {
	case l.driver <- struct{}{}:
		return nil
	case <-patience.C:
		return ErrBusy
	case <-ctx.Done():
		return ctx.Err()
	case <-l.ctx.Done():
		return ErrClosed
	}
}

// earlier returns a condition: that the attempts which are under way now are final.
func (l *Local) earlier() func() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	last := l.begun
	return func() bool {
		for number := range l.underway {
			if number <= last {
				return false
			}
		}
		return true
	}
}

// await waits until a condition holds. It is asked under the lock whenever an attempt becomes final.
func (l *Local) await(ctx context.Context, holds func() bool) error {
	patience := time.NewTimer(l.patience)
	defer patience.Stop()
	for {
		l.mu.Lock()
		if holds() {
			l.mu.Unlock()
			return l.over() // a closed engine has nothing under way, which is no success
		}
		change := l.nextChange()
		l.mu.Unlock()
		select {
		case <-change:
		case <-patience.C:
			return ErrBusy
		case <-ctx.Done():
			return ctx.Err()
		case <-l.ctx.Done():
			return ErrClosed
		}
	}
}

// batch takes the jobs out of the queue that can go out together, moves the clock to the last of them, and notes them
// as under way. There are none when nothing is due up to the target.
func (l *Local) batch(ctx context.Context, to *time.Time, room int) (jobs []Job, numbers []uint64, err error) {
	var fault error
	err = l.await(ctx, func() bool {
		first, there := l.queue.first()
		due := there && (to == nil || !first.Due.After(*to))
		if !due {
			return len(l.underway) == 0 // an attempt that Run makes may still leave something to do
		}
		base := first.Due
		for _, other := range l.underway { // whose retry may be due before
			if other.Due.Before(base) {
				base = other.Due
			}
		}
		if !l.near(base, first.Due) {
			return false
		}
		p := newPicker(l)
		for there && len(jobs) < room && l.near(base, first.Due) && (to == nil || !first.Due.After(*to)) {
			if !p.accepts(first) {
				jobs = l.putBack(jobs, first.Due)
				break
			}
			jobs = append(jobs, l.queue.pop())
			first, there = l.queue.first()
		}
		if len(jobs) == 0 {
			fault = ErrBound
			return true
		}
		last := jobs[len(jobs)-1].Due
		if last.After(l.virtual.Now()) {
			_ = l.virtual.Set(last) // cannot go back: it is after now
		}
		numbers, fault = l.begin(jobs)
		return true
	})
	if numbers != nil {
		return jobs, numbers, nil // they have begun, and must be brought to an end, closed or not
	}
	if err == nil {
		err = fault
	}
	return nil, nil, err
}

// putBack takes those jobs out of a batch again that are due with one that cannot go out with it, if others are due
// before: whether the result of one that is due then may settle another must not depend on what went out before, and so
// not on how far the clock is moved at once. The caller holds the lock.
func (l *Local) putBack(jobs []Job, due time.Time) []Job {
	if !l.together || jobs[0].Due.Equal(due) {
		return jobs
	}
	n := len(jobs)
	for ; jobs[n-1].Due.Equal(due); n-- {
		l.queue.push(jobs[n-1])
	}
	return jobs[:n]
}
