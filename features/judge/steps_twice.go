package judge

import (
	"context"
	"fmt"
	"net/http"
	"slices"
)

// The steps of duplicates.feature.

func whenAcknowledged(ctx context.Context, t *trial, event string) error {
	if err := t.known(event); err != nil {
		return err
	}
	x, ok, err := t.insist(ctx, func() (delivery, error) { return t.plain(event, ""), nil })
	if err != nil {
		return err
	}
	if !ok {
		if _, err := t.blame(ctx, x); err != nil {
			return err
		}
		return t.block("the first delivery of %s was not acknowledged", event)
	}
	t.repeated = x.delivery
	return nil
}

func whenTwiceMore(ctx context.Context, t *trial) error {
	if t.repeated.body == nil {
		return fmt.Errorf("nothing was delivered that could be delivered again")
	}
	copies := t.suite.signedCopies(t.repeated, 3)
	for i, nth := range []string{"second", "third"} {
		d := copies[i+1]
		d.label = "for the " + nth + " time"
		goOn, err := t.once(ctx, d)
		if err != nil || !goOn {
			return err
		}
	}
	return nil
}

// whenAtOnce sends one delivery many times at once. A server that takes fewer connections at once than that is not to
// blame for what happens to the others: where connections are lost, as many different deliveries are sent at once, and if
// those are lost too, half as many are tried.
func whenAtOnce(ctx context.Context, t *trial, event string, times int) error {
	if err := t.known(event); err != nil {
		return err
	}
	if times < 2 || times > 100 {
		return fmt.Errorf("%d times at once cannot be sent; want 2 to 100", times)
	}
	for n := t.suite.memory.crowd(times); n >= 2; n /= 2 {
		d := t.plain(event, "")
		sent, err := t.crowd(ctx, t.suite.signedCopies(d, n))
		if err != nil {
			return err
		}
		if overrun(sent) {
			different := make([]delivery, n)
			for i := range different {
				different[i] = t.plain(event, "")
			}
			others, err := t.crowd(ctx, different)
			if err != nil {
				return err
			}
			if overrun(others) && (n > 2 || unanswered(others)) {
				t.remark("the receiver does not take %d deliveries at once, whichever they are", n)
				t.suite.memory.tooMany(n)
				continue
			}
		}
		return t.together(ctx, d, sent)
	}
	return t.block("the receiver does not take two deliveries at once, whichever they are")
}

// together takes down what the same delivery came to that was sent many times at once.
func (t *trial) together(ctx context.Context, d delivery, sent []exchange) error {
	failed := 0
	for i := range sent {
		x := &sent[i]
		x.label = fmt.Sprintf("number %d of %d at once", i+1, len(sent))
		ok := acknowledged(t.suite.platform, x.answer)
		if t.suite.memory.note(d.event, ok, x.answer); !ok {
			failed++
		}
	}
	t.subjects = sent
	switch {
	case failed > 0 && failed < len(sent):
		return t.inProgress(ctx, d)
	case failed == 0 || unanswered(sent):
		return nil
	}
	return t.lonely(ctx, t.suite.signed(d.event, "", d.body))
}

// overrun reports whether some came to what a receiver answers that takes no more at once.
func overrun(sent []exchange) bool {
	return slices.ContainsFunc(sent, func(x exchange) bool {
		return !x.complete() || x.status == http.StatusTooManyRequests || x.status == http.StatusServiceUnavailable
	})
}

// unanswered reports whether there was no complete answer to some.
func unanswered(sent []exchange) bool {
	return slices.ContainsFunc(sent, func(x exchange) bool { return !x.complete() })
}

// crowd sends deliveries at once, and once more as long as the receiver asks to wait.
func (t *trial) crowd(ctx context.Context, deliveries []delivery) ([]exchange, error) {
	for range tries {
		sent, err := t.suite.wire.atOnce(ctx, deliveries)
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(sent, func(x exchange) bool { return x.status == http.StatusTooManyRequests })
		if i < 0 || !t.suite.memory.slowDown(sent[i].answer, true) {
			return sent, nil
		}
		if err := t.suite.memory.wait(ctx); err != nil {
			return nil, err
		}
	}
	return t.suite.wire.atOnce(ctx, deliveries)
}

// inProgress takes the word of a receiver that acknowledges one of many, and asks the sender of the others to come again
// later: if the delivery is acknowledged then, nothing is lost by it.
func (t *trial) inProgress(ctx context.Context, d delivery) error {
	var postponed []exchange
	t.subjects = slices.DeleteFunc(t.subjects, func(x exchange) bool {
		later := slices.Contains([]int{http.StatusConflict, http.StatusTooEarly, http.StatusTooManyRequests, http.StatusServiceUnavailable}, x.status) &&
			x.complete() && x.answer.header.Get("Retry-After") != ""
		if later {
			postponed = append(postponed, x)
		}
		return later
	})
	if len(postponed) == 0 {
		return nil
	}
	_, ok, err := t.good(ctx, t.suite.signed(d.event, "once more, after it was postponed", d.body))
	if err != nil {
		return err
	}
	if !ok {
		t.subjects = append(t.subjects, postponed...)
		return nil
	}
	t.remark("of a delivery that came many times at once, some were answered %d and Retry-After, and it was acknowledged later", postponed[0].status)
	return nil
}

// lonely sends a delivery once more after all of many at once failed. If it fails too, that they came at once was not why.
func (t *trial) lonely(ctx context.Context, d delivery) error {
	x, ok, err := t.good(ctx, d)
	if err != nil || ok {
		return err
	}
	if _, err := t.blame(ctx, x); err != nil {
		return err
	}
	return t.block("%s was not acknowledged alone either", d.event)
}
