package sender

import "time"

// A Job is an attempt that is due.
type Job struct {
	ID       string        // of the delivery; at most one job of a delivery is in an engine at a time
	Lane     string        // of the webhook: on a clock that runs, a lane has at most Concurrency attempts under way
	Due      time.Time     // in schedule time
	Turn     uint64        // the order of jobs that are due at the same time
	Sequence uint64        // the order of jobs that have the same turn too
	InTurn   bool          // it begins when those of its lane before it are final, and those after it when it is
	Counts   bool          // its failure may close the lane: see Local.SetRoom
	Done     chan struct{} // closed when the attempt is final or canceled; may be nil
}

func (j *Job) before(other *Job) bool {
	if !j.Due.Equal(other.Due) {
		return j.Due.Before(other.Due)
	}
	if j.Turn != other.Turn {
		return j.Turn < other.Turn
	}
	return j.Sequence < other.Sequence
}

func (j Job) done() {
	if j.Done != nil {
		close(j.Done)
	}
}

// queue holds jobs in the order in which they are due, and finds them by id. It is a heap whose nodes have four
// children, which is less deep than one with two, and of pointers, since most of its time goes into moving jobs.
type queue struct {
	heap  []*entry
	index map[string]*entry
}

type entry struct {
	Job
	at int // in the heap
}

const children = 4

func newQueue() *queue { return &queue{index: map[string]*entry{}} }

func (q *queue) len() int { return len(q.heap) }

// push adds a job, in place of the one that its delivery may have already.
func (q *queue) push(j Job) {
	if old, there := q.remove(j.ID); there {
		old.done()
	}
	e := &entry{Job: j, at: len(q.heap)}
	q.index[j.ID] = e
	q.heap = append(q.heap, e)
	q.up(e)
}

// first returns the job that is due first.
func (q *queue) first() (Job, bool) {
	if len(q.heap) == 0 {
		return Job{}, false
	}
	return q.heap[0].Job, true
}

// pop takes the job that is due first; there must be one.
func (q *queue) pop() Job {
	e := q.heap[0]
	q.take(e)
	return e.Job
}

func (q *queue) remove(id string) (Job, bool) {
	e := q.index[id]
	if e == nil {
		return Job{}, false
	}
	q.take(e)
	return e.Job, true
}

// take takes an entry out, and puts the last one in its place.
func (q *queue) take(e *entry) {
	delete(q.index, e.ID)
	end := len(q.heap) - 1
	last := q.heap[end]
	q.heap[end] = nil
	q.heap = q.heap[:end]
	if last != e {
		q.place(last, e.at)
		q.up(last)
		q.down(last)
	}
}

func (q *queue) place(e *entry, at int) {
	q.heap[at] = e
	e.at = at
}

// up moves an entry towards the front, as far as it is before others.
func (q *queue) up(e *entry) {
	for e.at > 0 {
		parent := q.heap[(e.at-1)/children]
		if !e.before(&parent.Job) {
			return
		}
		at := parent.at
		q.place(parent, e.at)
		q.place(e, at)
	}
}

// down moves an entry towards the end, as far as others are before it.
func (q *queue) down(e *entry) {
	for {
		low := e.at*children + 1
		best := e
		for i := low; i < min(low+children, len(q.heap)); i++ {
			if q.heap[i].before(&best.Job) {
				best = q.heap[i]
			}
		}
		if best == e {
			return
		}
		at := best.at
		q.place(best, e.at)
		q.place(e, at)
	}
}
