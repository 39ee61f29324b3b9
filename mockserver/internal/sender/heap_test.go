package sender

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// The queue gives what a sorted list would give, whatever is put in and taken out.
func TestQueueIsASortedList(t *testing.T) {
	t.Parallel()
	base := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		q := newQueue()
		var model []Job
		t.Repeat(map[string]func(*rapid.T){
			"push": func(t *rapid.T) {
				id := rapid.IntRange(0, 20).Draw(t, "id")
				j := Job{
					ID: fmt.Sprint(id), Sequence: uint64(id),
					Due: base.Add(time.Duration(rapid.IntRange(0, 5).Draw(t, "due")) * time.Second),
				}
				q.push(j)
				model = append(slices.DeleteFunc(model, func(other Job) bool { return other.ID == j.ID }), j)
			},
			"pop": func(t *rapid.T) {
				if len(model) == 0 {
					t.Skip()
				}
				first, _ := q.first()
				if got := q.pop(); got != model[0] || got != first {
					t.Fatalf("pop = %v after first = %v, want %v", got, first, model[0])
				}
				model = model[1:]
			},
			"remove": func(t *rapid.T) {
				id := fmt.Sprint(rapid.IntRange(0, 20).Draw(t, "id"))
				at := slices.IndexFunc(model, func(j Job) bool { return j.ID == id })
				got, there := q.remove(id)
				if there != (at >= 0) || there && got != model[at] {
					t.Fatalf("remove(%s) = %v, %t", id, got, there)
				}
				if there {
					model = slices.Delete(model, at, at+1)
				}
			},
			"": func(t *rapid.T) {
				slices.SortFunc(model, func(a, b Job) int {
					if a.before(&b) {
						return -1
					}
					return 1
				})
				if len(q.heap) != len(model) || len(q.index) != len(model) {
					t.Fatalf("the queue has %d jobs and %d of them by id, want %d", len(q.heap), len(q.index), len(model))
				}
				if _, there := q.first(); there != (len(model) > 0) {
					t.Fatalf("first = %t with %d jobs", there, len(model))
				}
			},
		})
	})
}
