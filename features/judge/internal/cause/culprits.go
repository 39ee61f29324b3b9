package cause

import (
	"context"

	"github.com/quintain-dev/quintain/features/judge/internal/exchange"
	"github.com/quintain-dev/quintain/features/judge/internal/rule"
	"github.com/quintain-dev/quintain/features/judge/report"
)

// hangsUpOnStrangers: a receiver that closes the connection on a faulty signature, and does so on none as well, hangs
// up on every sender that it rejects, and did not break at the signature.
func hangsUpOnStrangers(ctx context.Context, q *inquiry) (*Verdict, string, error) {
	if !q.Exchange.Forged || !q.Exchange.HungUp() {
		return nil, "", nil
	}
	if q.Strangers == Answered {
		return nil, "a delivery without a signature is answered", nil
	}
	for i := 0; i < Tries && q.Strangers == Unasked; i++ {
		x, err := q.lab.Stranger(ctx)
		if err != nil {
			return nil, "", err
		}
		if !x.HungUp() {
			return nil, "without a signature: " + became(x.Answer), nil
		}
	}
	remark := "the connection is closed on every sender without a correct signature"
	return &Verdict{Nobody: true, Answer: q.Exchange.Answer, Remark: remark}, "", nil
}

// poisoned: the receiver acknowledged such a delivery before something bad was sent, and does not now. It was not the
// payload if the same is acknowledged when it is re-sent, or if the one that was acknowledged before is not any more.
func poisoned(ctx context.Context, q *inquiry) (*Verdict, string, error) {
	survival := q.owner(rule.OwnsSurvival, report.Must)
	if q.Kind == AfterBad {
		return survival, "", nil
	}
	x := q.Exchange
	before, ok := q.history.Proven(x.Event)
	if !ok || x.Hung {
		return nil, "", nil
	}
	now, still := false, false
	var err error
	if x.Base == nil {
		now, err = q.accepts(ctx, q.lab.Renewed(x.Delivery), q.lab.Resigned(x.Delivery))
	}
	for i := 0; i < 2*Tries && !still && err == nil; i++ { // not by its own id, which the receiver may know
		still, err = q.accepts(ctx, q.lab.Renewed(before))
	}
	if err != nil || now || !still {
		return survival, "", err
	}
	return nil, "a delivery from before is still acknowledged", nil
}

// order: a rule about a sequence is broken at this delivery, since the scenario made sure that the receiver
// acknowledges such deliveries on their own.
func order(_ context.Context, q *inquiry) (*Verdict, string, error) {
	if !q.inSequence() {
		return nil, "", nil
	}
	return &Verdict{Rule: q.Rule, Level: q.Level, Answer: q.Exchange.Answer}, "", nil
}

// inSequence reports whether the delivery is one of a sequence, and not a plain one before it.
func (q *inquiry) inSequence() bool { return q.Rule.Sequence && q.Exchange.Label != "" }

// thisPayload: nothing was done to the payload, or it is not acknowledged unmodified either.
func thisPayload(ctx context.Context, q *inquiry) (*Verdict, string, error) {
	if q.Exchange.Base == nil || q.Exchange.Hung {
		return q.owner(rule.OwnsPayload, q.EventLevel), "", nil
	}
	ok, err := q.accepts(ctx, q.lab.Renewed(q.lab.Unmodified(q.Exchange.Delivery)))
	if err != nil || !ok {
		return q.owner(rule.OwnsPayload, q.EventLevel), "", err
	}
	return nil, "unmodified: acknowledged", nil
}

// idSeenBefore: unmodified, the payload is acknowledged under another id, and not under its own.
func idSeenBefore(ctx context.Context, q *inquiry) (*Verdict, string, error) {
	ok, err := q.accepts(ctx, q.lab.Resigned(q.lab.Unmodified(q.Exchange.Delivery)))
	if err != nil || !ok {
		return q.owner(rule.OwnsPayload, q.EventLevel), "", err
	}
	return nil, "unmodified, under its own id: acknowledged", nil
}

// thisRule: nothing else explains it.
func thisRule(_ context.Context, q *inquiry) (*Verdict, string, error) {
	if q.Kind == Unanswered {
		return q.owner(rule.OwnsHandshake, q.Level), "", nil
	}
	return &Verdict{Rule: q.Rule, Level: q.Level, Answer: q.Exchange.Answer}, "", nil
}

// accepts sends deliveries until one is not acknowledged, and reports whether all were.
func (q *inquiry) accepts(ctx context.Context, deliveries ...exchange.Delivery) (bool, error) {
	for _, d := range deliveries {
		d.Label = "once more"
		if ok, err := q.lab.Accepts(ctx, d); err != nil || !ok {
			return false, err
		}
	}
	return true, nil
}
