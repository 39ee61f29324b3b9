package receiversteps

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/quintain-dev/quintain/features/judge/internal/exchange"
)

// The steps of duplicates.feature.

func whenAcknowledged(ctx context.Context, r *Run, event string) error {
	if err := r.known(event); err != nil {
		return err
	}
	x, ok, err := r.insist(ctx, func() (exchange.Delivery, error) { return r.plain(event, ""), nil })
	if err != nil {
		return err
	}
	if !ok {
		if _, err := r.blame(ctx, x); err != nil {
			return err
		}
		return r.Block("the first delivery of %s was not acknowledged", event)
	}
	r.repeated = x.Delivery
	return nil
}

func whenTwiceMore(ctx context.Context, r *Run) error {
	if r.repeated.Body == nil {
		return fmt.Errorf("nothing was delivered that could be delivered again")
	}
	copies := r.suite.signedCopies(r.repeated, 3)
	for i, nth := range []string{"second", "third"} {
		d := copies[i+1]
		d.Label = "for the " + nth + " time"
		goOn, err := r.once(ctx, d)
		if err != nil || !goOn {
			return err
		}
	}
	return nil
}

// whenAtOnce sends one delivery many times at once. A server that takes fewer connections at once than that is not to
// blame for what happens to the others: where connections are lost, as many different deliveries are sent at once, and
// if those are lost too, half as many are tried.
func whenAtOnce(ctx context.Context, r *Run, event string, times int) error {
	if err := r.known(event); err != nil {
		return err
	}
	if times < 2 || times > 100 {
		return fmt.Errorf("%d times at once cannot be sent; want 2 to 100", times)
	}
	for n := r.suite.history.Crowd(times); n >= 2; n /= 2 {
		d := r.plain(event, "")
		sent, err := r.crowd(ctx, r.suite.signedCopies(d, n))
		if err != nil {
			return err
		}
		if overrun(sent) {
			tooMany, err := r.overrunByAny(ctx, event, n)
			if err != nil {
				return err
			}
			if tooMany {
				r.Remark("the receiver does not take %d deliveries at once, whichever they are", n)
				r.suite.history.TooMany(n)
				continue
			}
		}
		return r.together(ctx, d, sent)
	}
	return r.Block("the receiver does not take two deliveries at once, whichever they are")
}

// overrunByAny reports whether so many different deliveries at once are too many for the receiver, too. They do not
// always meet, on a busy machine least of all, so that it takes several tries to say no.
func (r *Run) overrunByAny(ctx context.Context, event string, n int) (bool, error) {
	for range tries {
		different := make([]exchange.Delivery, n)
		for i := range different {
			different[i] = r.plain(event, "")
		}
		others, err := r.crowd(ctx, different)
		if err != nil {
			return false, err
		}
		if overrun(others) && (n > 2 || unanswered(others)) {
			return true, nil
		}
	}
	return false, nil
}

// together records the exchanges of one delivery that was sent many times at once.
func (r *Run) together(ctx context.Context, d exchange.Delivery, sent []exchange.Exchange) error {
	failed := 0
	for i := range sent {
		x := &sent[i]
		x.Label = fmt.Sprintf("number %d of %d at once", i+1, len(sent))
		ok := exchange.Acknowledged(r.suite.Platform, x.Answer)
		if r.suite.history.Note(d.Event, ok, x.Answer); !ok {
			failed++
		}
	}
	r.subjects = sent
	switch {
	case failed > 0 && failed < len(sent):
		return r.inProgress(ctx, d)
	case failed == 0 || unanswered(sent):
		return nil
	}
	return r.lonely(ctx, r.suite.signed(d.Event, "", d.Body))
}

// overrun reports whether some came to what a receiver answers that takes no more at once.
func overrun(sent []exchange.Exchange) bool {
	return slices.ContainsFunc(sent, func(x exchange.Exchange) bool {
		return !x.Complete() || x.Status == http.StatusTooManyRequests || x.Status == http.StatusServiceUnavailable
	})
}

// unanswered reports whether there was no complete answer to some.
func unanswered(sent []exchange.Exchange) bool {
	return slices.ContainsFunc(sent, func(x exchange.Exchange) bool { return !x.Complete() })
}

// crowd sends deliveries at once, and once more as long as the receiver asks to wait.
func (r *Run) crowd(ctx context.Context, deliveries []exchange.Delivery) ([]exchange.Exchange, error) {
	for range tries {
		sent, err := r.suite.client.AtOnce(ctx, deliveries)
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(sent, func(x exchange.Exchange) bool { return x.Status == http.StatusTooManyRequests })
		if i < 0 || !r.suite.history.SlowDown(sent[i].Answer, true) {
			return sent, nil
		}
		if err := r.suite.history.Wait(ctx); err != nil {
			return nil, err
		}
	}
	return r.suite.client.AtOnce(ctx, deliveries)
}

// inProgress takes the word of a receiver that acknowledges one of many, and asks the sender of the others to come
// again later: if the delivery is acknowledged then, nothing is lost by it.
func (r *Run) inProgress(ctx context.Context, d exchange.Delivery) error {
	var postponed []exchange.Exchange
	r.subjects = slices.DeleteFunc(r.subjects, func(x exchange.Exchange) bool {
		later := slices.Contains([]int{http.StatusConflict, http.StatusTooEarly, http.StatusTooManyRequests, http.StatusServiceUnavailable}, x.Status) &&
			x.Complete() && x.Answer.Header.Get("Retry-After") != ""
		if later {
			postponed = append(postponed, x)
		}
		return later
	})
	if len(postponed) == 0 {
		return nil
	}
	_, ok, err := r.good(ctx, r.suite.signed(d.Event, "once more, after it was postponed", d.Body))
	if err != nil {
		return err
	}
	if !ok {
		r.subjects = append(r.subjects, postponed...)
		return nil
	}
	r.Remark("of a delivery that came many times at once, some were answered %d and Retry-After, and it was acknowledged later", postponed[0].Status)
	return nil
}

// lonely sends a delivery once more after all of many at once failed. If it fails too, that they came at once was not
// why.
func (r *Run) lonely(ctx context.Context, d exchange.Delivery) error {
	x, ok, err := r.good(ctx, d)
	if err != nil || ok {
		return err
	}
	if _, err := r.blame(ctx, x); err != nil {
		return err
	}
	return r.Block("%s was not acknowledged alone either", d.Event)
}
