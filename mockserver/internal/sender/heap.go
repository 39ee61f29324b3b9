package sender

import (
	"container/heap"
	"time"
)

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

func (j Job) before(other Job) bool {
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

// queue holds jobs in the order in which they are due, and finds them by id.
type queue struct {
	jobs  []Job
	index map[string]int
}

func newQueue() *queue { return &queue{index: map[string]int{}} }

// push adds a job, in place of the one that its delivery may have already.
func (q *queue) push(j Job) {
	if old, there := q.remove(j.ID); there {
		old.done()
	}
	heap.Push((*jobHeap)(q), j)
}

// first returns the job that is due first.
func (q *queue) first() (Job, bool) {
	if len(q.jobs) == 0 {
		return Job{}, false
	}
	return q.jobs[0], true
}

func (q *queue) pop() Job { return heap.Pop((*jobHeap)(q)).(Job) }

func (q *queue) remove(id string) (Job, bool) {
	i, there := q.index[id]
	if !there {
		return Job{}, false
	}
	return heap.Remove((*jobHeap)(q), i).(Job), true
}

// jobHeap is the queue as container/heap wants it.
type jobHeap queue

func (h *jobHeap) Len() int           { return len(h.jobs) }
func (h *jobHeap) Less(a, b int) bool { return h.jobs[a].before(h.jobs[b]) }

func (h *jobHeap) Swap(a, b int) {
	h.jobs[a], h.jobs[b] = h.jobs[b], h.jobs[a]
	h.index[h.jobs[a].ID], h.index[h.jobs[b].ID] = a, b
}

func (h *jobHeap) Push(j any) {
	h.index[j.(Job).ID] = len(h.jobs)
	h.jobs = append(h.jobs, j.(Job))
}

func (h *jobHeap) Pop() any {
	last := len(h.jobs) - 1
	j := h.jobs[last]
	h.jobs[last] = Job{}
	h.jobs = h.jobs[:last]
	delete(h.index, j.ID)
	return j
}
