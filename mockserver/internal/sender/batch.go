package sender

import (
	"sync"
	"sync/atomic"
	"time"
)

// near reports whether nothing that is sent at a base time or after it can cause an attempt that is due before a time.
func (l *Local) near(base, due time.Time) bool {
	return !due.After(base) || due.Before(base.Add(l.lookahead))
}

// A picker says how far jobs, in their order, can go out together. It is used under the lock.
type picker struct {
	engine  *Local
	counted map[string]int       // by lane: jobs whose failures close it
	closed  map[string]time.Time // by lane: from when on it may be closed
	alone   map[string]bool      // by lane: the job in the batch is to be alone
}

func newPicker(l *Local) picker {
	return picker{l, map[string]int{}, map[string]time.Time{}, map[string]bool{}}
}

// accepts reports whether a job can go out with those before it. If not, nothing after it can either: order is kept.
func (p picker) accepts(j Job) bool {
	if from, may := p.closed[j.Lane]; may && j.Due.After(from) {
		return false
	}
	if alone, here := p.alone[j.Lane]; here && (alone || j.InTurn) {
		return false
	}
	closes := p.engine.closing
	if limit := p.engine.room[j.Lane]; j.Counts && limit > 0 {
		if p.counted[j.Lane] == limit {
			return false
		}
		p.counted[j.Lane]++
		closes = closes || p.counted[j.Lane] == limit
	}
	if _, may := p.closed[j.Lane]; closes && !may {
		p.closed[j.Lane] = j.Due
	}
	p.alone[j.Lane] = j.InTurn
	return true
}

// fire makes the attempts of a batch concurrently, applies their results in order, and returns how many there were.
// Each lane has workers of its own, so that a receiver that never answers does not hold up the others.
func (l *Local) fire(jobs []Job, numbers []uint64) (attempts int) {
	done := line{results: make([]result, len(jobs)), hold: l.together}
	work := func(i int) {
		apply := l.attempt(l.ctx, jobs[i], jobs[i].Due)
		done.add(i, func() {
			if apply != nil {
				apply()
				attempts++ // one at a time
			}
			l.end(numbers[i])
		})
	}
	lanes := map[string][]int{}
	for i, j := range jobs {
		lanes[j.Lane] = append(lanes[j.Lane], i)
	}
	each := min(Concurrency, max(1, maxWorkers/len(lanes)))
	var workers sync.WaitGroup
	for _, lane := range lanes {
		var next atomic.Int64
		for range min(len(lane), each) {
			workers.Go(func() {
				for i := next.Add(1) - 1; int(i) < len(lane); i = next.Add(1) - 1 {
					work(lane[i])
				}
			})
		}
	}
	workers.Wait()
	if done.hold {
		done.hold = false
		done.advance()
	}
	return attempts
}

// maxWorkers is how many attempts of a batch are under way at once, over all lanes, unless there are more lanes.
const maxWorkers = 1024

// A line carries functions out in their order, one at a time, whatever the order in which they come.
type line struct {
	hold    bool // nothing is carried out before all are there
	results []result
	applier sync.Mutex // held by the one who carries them out
	next    int        // of results; guarded by applier
}

type result struct {
	apply func()
	ready atomic.Bool
}

// add puts the function in its place, and carries out those that are ready, unless somebody does it already: he then
// finds this one too.
func (l *line) add(i int, apply func()) {
	l.results[i].apply = apply
	l.results[i].ready.Store(true)
	if !l.hold {
		l.advance()
	}
}

func (l *line) advance() {
	for l.applier.TryLock() {
		for l.next < len(l.results) && l.results[l.next].ready.Load() {
			l.results[l.next].apply()
			l.results[l.next].apply = nil
			l.next++
		}
		more := l.next
		l.applier.Unlock()
		if more == len(l.results) || !l.results[more].ready.Load() {
			return // whoever makes that one ready finds the lock free
		}
	}
}
