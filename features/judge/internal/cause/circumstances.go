package cause

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/quintain-dev/quintain/features/judge/internal/exchange"
)

// gone: whether the receiver listens is seen at each delivery (see NoteConnection).
func gone(_ context.Context, q *inquiry) (*Verdict, string, error) {
	if q.Exchange.Complete() || !q.Exchange.Reached {
		return nil, "", nil
	}
	return nil, "it accepted the connection", nil
}

// rateLimited: a run waits for a 429 as it is sent (see Obey). What is still answered so was not waited for any more.
func rateLimited(_ context.Context, q *inquiry) (*Verdict, string, error) {
	if q.Exchange.Status != http.StatusTooManyRequests {
		return nil, "", nil
	}
	q.history.mu.Lock()
	defer q.history.mu.Unlock()
	if q.history.waited == 0 { // it asks for too long, or accepts nothing at all
		return nil, "", nil
	}
	return nil, fmt.Sprintf("still answered 429 after the run had waited %s in all", q.history.waited.Round(time.Second)), nil
}

// overloaded: a delivery that failed with others in flight is acknowledged while nothing else is, as it was, and others
// of its kind. That it came with others is why it failed only if that is so each time; the first time, it is tried
// often.
func overloaded(ctx context.Context, q *inquiry) (*Verdict, string, error) {
	if !q.Concurrent || !Strained(q.Exchange.Answer) {
		return nil, "", nil
	}
	a, saw, ok := q.alone(ctx)
	if err := ctx.Err(); err != nil || !ok {
		return nil, saw, err
	}
	remark := fmt.Sprintf("a good delivery beside others was %s; alone it was acknowledged", became(q.Exchange.Answer))
	return &Verdict{Nobody: true, Answer: a, Remark: remark}, saw, nil
}

// Alone finds out whether a receiver that failed a delivery of a kind acknowledges such deliveries while nothing else
// is in flight.
func Alone(ctx context.Context, lab Lab, h *History, d exchange.Delivery) bool {
	q := &inquiry{lab: lab, history: h, Fact: Fact{Exchange: exchange.Exchange{Delivery: d}}}
	_, _, ok := q.alone(ctx)
	return ok
}

func (q *inquiry) alone(ctx context.Context) (a exchange.Answer, saw string, ok bool) {
	d := q.Exchange.Delivery
	q.lab.Alone(ctx, func(send func(exchange.Delivery) (exchange.Answer, bool)) {
		times := 1
		switch q.history.crowding {
		case crowdingNotWhy:
			saw = "others failed alone as well"
			return
		case crowdingUnknown:
			times = 10
		}
		for i := range 1 + times {
			if i > 0 { // the receiver may know it by now, whatever it did with it
				d = q.lab.Another(d)
			}
			var taken bool
			if a, taken = send(d); !taken {
				if times > 1 && d.Base == nil { // otherwise what was done to it may be why
					q.history.crowding = crowdingNotWhy
				}
				saw = "re-sent alone: " + became(a)
				return
			}
		}
		q.history.crowding = crowdingHurts
		saw, ok = "re-sent alone: acknowledged", true
	})
	return a, saw, ok
}

// slow: the run has waited as long as the platform does, and longer where that is not documented.
func slow(_ context.Context, q *inquiry) (*Verdict, string, error) {
	if !q.Exchange.Hung {
		return nil, "", nil
	}
	return nil, q.Exchange.Problem, nil
}

// otherReading: which reading of the documentation the receiver has was tried before the first scenario, and the one
// that it understands is used since.
func otherReading(_ context.Context, q *inquiry) (*Verdict, string, error) {
	if q.history.readings < 2 {
		return nil, "", nil
	}
	return nil, fmt.Sprintf("%d readings of the documentation were tried before the run", q.history.readings), nil
}

// staleTime: a receiver that rejects events of the past gets events of now since before the first scenario.
func staleTime(_ context.Context, q *inquiry) (*Verdict, string, error) {
	if !q.history.dated {
		return nil, "", nil
	}
	return nil, "the event is dated now", nil
}
