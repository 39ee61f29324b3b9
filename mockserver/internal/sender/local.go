package sender

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/quintain-dev/quintain/mockserver/clock"
)

// Concurrency is how many attempts to one webhook are under way at once. Each webhook has its own, so that a receiver
// that never answers does not hold up the others.
const Concurrency = 64

var (
	// ErrClosed says that the engine was closed, before or meanwhile.
	ErrClosed = errors.New("the engine is closed")
	// ErrRuns says that the clock runs by itself and cannot be moved.
	ErrRuns = errors.New("the clock runs by itself")
	// ErrBusy says that the clock is being moved by another call, or attempts were under way all the time that this one
	// waited.
	ErrBusy = errors.New("attempts are under way")
	// ErrStands says that the clock is virtual and stands still by itself.
	ErrStands = errors.New("the clock stands still by itself")
	// ErrBound says that the limit of attempts was reached and there are more to make.
	ErrBound = errors.New("the bound of attempts is reached")
)

// An Attempt makes the attempt that a job stands for and returns a function that applies the result. Attempts are made
// concurrently, results are applied one after the other, in order of (due, sequence) on a virtual clock. It returns nil
// if there was nothing to do, or if the context ended. Started is when the attempt began, in schedule time.
type Attempt func(ctx context.Context, j Job, started time.Time) (apply func())

// Local is an engine inside the process: it calls Attempt for each job when it is due, at least once. On a clock that
// runs it does so by itself; on a virtual clock when the clock is moved by Advance, Next or Settle.
//
// No lock is held during an attempt, so Attempt, and the receiver behind it, may call every method. Only a call that
// moves a virtual clock has to wait for the attempts that are under way, and gives up with ErrBusy when its patience is
// at an end: it may have come from inside the receiver whose attempt it waits for.
type Local struct {
	clock     clock.Clock
	virtual   *clock.Virtual // nil on a clock that runs
	running   *clock.Running // nil on a virtual clock
	attempt   Attempt
	lookahead time.Duration
	patience  time.Duration
	together  bool
	closing   bool

	ctx    context.Context // ends when the engine is closed
	cancel context.CancelFunc
	work   sync.WaitGroup
	wake   chan struct{} // for the loop of a clock that runs: the queue changed
	driver chan struct{} // held by the call that moves a virtual clock

	mu       sync.Mutex
	closed   bool
	queue    *queue
	room     map[string]int // by lane, where it is not the default
	lanes    map[string]*lane
	underway map[uint64]Job // by a number of their own
	begun    uint64
	change   chan struct{} // closed when an attempt becomes final, or is canceled; nil: nobody waits for that
}

// Config is how an engine runs.
type Config struct {
	Clock   clock.Clock
	Attempt Attempt

	// Lookahead is the time within which no attempt can cause another one: the shortest delay of the schedule. Jobs
	// that are due within it go out together. 0 = only those that are due at the same time.
	Lookahead time.Duration

	// Together says that a result may settle other deliveries, such as those to a webhook that it switches off. Results
	// of jobs that go out together then count when all of them are there, and otherwise as soon as those before them
	// do.
	Together bool

	// Closing says that any result may close its lane. Jobs of a lane then go out together only if they are due at the
	// same time. It implies Together.
	Closing bool

	// Patience is how long, in real time, a call that moves the clock waits for attempts that others began.
	Patience time.Duration
}

// NewLocal returns an engine. It is to be closed.
func NewLocal(c Config) *Local {
	l := &Local{
		clock:     c.Clock,
		attempt:   c.Attempt,
		lookahead: c.Lookahead,
		patience:  c.Patience,
		together:  c.Together || c.Closing,
		closing:   c.Closing,
		wake:      make(chan struct{}, 1),
		driver:    make(chan struct{}, 1),
		queue:     newQueue(),
		room:      map[string]int{},
		lanes:     map[string]*lane{},
		underway:  map[uint64]Job{},
	}
	l.ctx, l.cancel = context.WithCancel(context.Background())
	l.virtual, _ = c.Clock.(*clock.Virtual)
	l.running, _ = c.Clock.(*clock.Running)
	if l.virtual == nil {
		l.work.Go(l.run)
	}
	return l
}

// Close ends the attempts that are under way, without a result, and forgets those that are due. It does not wait; Wait
// does.
func (l *Local) Close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return
	}
	l.closed = true
	l.cancel()
	for l.queue.len() > 0 {
		l.queue.pop().done()
	}
	for _, lane := range l.lanes {
		for _, j := range lane.waiting {
			j.done()
		}
		lane.waiting = nil
	}
}

// Wait returns when the engine was closed and nothing of it runs any more.
func (l *Local) Wait() {
	<-l.ctx.Done()
	l.work.Wait()
}

// Schedule puts jobs into the queue.
func (l *Local) Schedule(jobs ...Job) {
	l.mu.Lock()
	for _, j := range jobs {
		if l.closed {
			j.done()
		} else {
			l.queue.push(j)
		}
	}
	l.mu.Unlock()
	l.poke()
}

// Cancel takes the job of a delivery out of the queue. An attempt that is under way goes on.
func (l *Local) Cancel(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer l.changed()
	if j, there := l.queue.remove(id); there {
		j.done()
		return
	}
	for _, lane := range l.lanes {
		for i, j := range lane.waiting {
			if j.ID == id {
				lane.waiting = append(lane.waiting[:i:i], lane.waiting[i+1:]...)
				j.done()
				return
			}
		}
	}
}

// SetRoom says that after n more failures nothing may be sent to a lane. A virtual clock then sends no more than n jobs
// that count to it before it looks at the results. 0 = there is no such number.
func (l *Local) SetRoom(lane string, n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if n == 0 {
		delete(l.room, lane)
	} else {
		l.room[lane] = n
	}
}

// SetLookahead changes the time within which no attempt can cause another one.
func (l *Local) SetLookahead(lookahead time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lookahead = lookahead
}

// Run makes the attempts of jobs that are due now, and returns when they are final, or, on a clock that runs, when ctx
// ends: then they go on. The clock does not move, so calls of Run do not wait for each other.
func (l *Local) Run(ctx context.Context, jobs ...Job) error {
	if l.virtual != nil {
		for len(jobs) > 0 {
			now, numbers, err := l.some(jobs)
			if err != nil {
				return err
			}
			l.fire(now, numbers)
			l.work.Done()
			jobs = jobs[len(now):]
		}
		return l.over()
	}
	for i := range jobs {
		jobs[i].Done = make(chan struct{})
	}
	l.Schedule(jobs...)
	for _, j := range jobs {
		select {
		case <-j.Done:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return l.over()
}

// some takes those of jobs that can go out together, from the first on, and notes them as under way.
func (l *Local) some(jobs []Job) ([]Job, []uint64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	p := newPicker(l)
	n := 0
	for n < len(jobs) && p.accepts(jobs[n]) {
		n++
	}
	numbers, err := l.begin(jobs[:n])
	return jobs[:n], numbers, err
}

// over returns ErrClosed if the engine was closed.
func (l *Local) over() error {
	if l.ctx.Err() != nil {
		return ErrClosed
	}
	return nil
}

// begin notes jobs as under way, together, and keeps Wait waiting until work.Done is called once. The caller holds the
// lock.
func (l *Local) begin(jobs []Job) ([]uint64, error) {
	if l.closed {
		return nil, ErrClosed
	}
	l.work.Add(1)
	numbers := make([]uint64, len(jobs))
	for i, j := range jobs {
		l.begun++
		numbers[i] = l.begun
		l.underway[l.begun] = j
	}
	return numbers, nil
}

// end notes that a job is final.
func (l *Local) end(number uint64) {
	l.mu.Lock()
	j := l.underway[number]
	delete(l.underway, number)
	l.changed()
	l.mu.Unlock()
	j.done()
}

// changed wakes those who wait for something to become final. The caller holds the lock.
func (l *Local) changed() {
	if l.change != nil {
		close(l.change)
		l.change = nil
	}
}

// nextChange returns a channel that is closed when something becomes final. The caller holds the lock.
func (l *Local) nextChange() <-chan struct{} {
	if l.change == nil {
		l.change = make(chan struct{})
	}
	return l.change
}

func (l *Local) poke() {
	select {
	case l.wake <- struct{}{}:
	default: // the loop will look anyway
	}
}
