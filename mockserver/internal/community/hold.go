package community

import (
	"cmp"
	"slices"
	"time"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver/internal/fault"
	"github.com/quintain-dev/quintain/mockserver/internal/script"
	"github.com/quintain-dev/quintain/mockserver/internal/sender"
	"github.com/quintain-dev/quintain/mockserver/internal/store"
)

// A hold is deliveries to one webhook that wait until there are enough of them to be sent in another order.
type hold struct {
	ids   []string
	first uint64    // sequence of the first
	until time.Time // when they go, enough or not
	turns []uint64  // of each that comes, from 0
}

func newHold(f fault.Fault, seed, first uint64, now time.Time) *hold {
	h := &hold{first: first, until: now.Add(f.Duration), turns: make([]uint64, f.Count)}
	for i := range h.turns {
		h.turns[i] = uint64(i)
	}
	if f.Word == fault.Shuffle {
		roll := func(i uint64) float64 { return script.Roll(seed, "shuffle", first, i) }
		slices.SortFunc(h.turns, func(a, b uint64) int { return cmp.Compare(roll(a), roll(b)) })
	}
	if slices.IsSorted(h.turns) { // a shuffle may leave everything as it was, which is no other order
		slices.Reverse(h.turns)
	}
	return h
}

// spoilTime changes when a delivery that is about to be made is sent, as the faults say. The caller holds the lock.
func (l *life) spoilTime(d *store.Delivery, w store.Webhook, now time.Time) (full *hold) {
	for _, f := range l.faultsOf(w, d.Faults).DrawTimed(d.EventType, l.settings.Seed, d.Sequence) {
		d.PutOff = append(d.PutOff, f.String())
		if f.Kind.Name == fault.Delay {
			d.Due = d.Due.Add(f.Duration)
			continue
		}
		h := l.held[w.ID]
		if h == nil || !h.until.After(now) {
			h = newHold(f, l.settings.Seed, d.Sequence, now)
			l.held[w.ID] = h
		}
		d.Due, d.Turn, d.InTurn = h.until, h.first+h.turns[len(h.ids)], true
		if h.ids = append(h.ids, d.ID); len(h.ids) == len(h.turns) {
			delete(l.held, w.ID)
			full = h
		}
	}
	return full
}

// release makes the deliveries of a hold due now. The caller holds the lock.
func (l *life) release(w store.Webhook, h *hold, now time.Time) ([]sender.Job, error) {
	var jobs []sender.Job
	for _, id := range h.ids {
		d, err := l.journal.Delivery(id)
		if err != nil {
			return nil, l.translate(err)
		}
		if _, flying := l.flying[id]; flying || d.State != contract.Pending {
			continue // it did not wait: the time was over, or it was canceled
		}
		d.Due = now
		if err := l.journal.PutDelivery(d); err != nil {
			return nil, l.translate(err)
		}
		jobs = append(jobs, l.job(w, d))
	}
	return jobs, nil
}
