package receiversteps

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/quintain-dev/quintain/features/judge/internal/exchange"
	"github.com/quintain-dev/quintain/features/judge/internal/forgery"
)

// The steps of signature.feature and bearer.feature.

// givenAcknowledgesSigned finds the events of which a correctly signed delivery is acknowledged: a refusal of the
// others proves nothing.
func givenAcknowledgesSigned(ctx context.Context, r *Run, platform string) error {
	if err := givenReceiver(ctx, r, platform); err != nil {
		return err
	}
	for _, event := range r.suite.events {
		ok, err := r.control(ctx, event)
		if err != nil {
			return err
		}
		if ok {
			r.tried = append(r.tried, event)
		} else {
			r.Remark("%s was not tried: correctly signed, it was not acknowledged either", event)
		}
	}
	if len(r.tried) == 0 {
		r.Remarks = nil
		return r.Block("the signed control delivery was not acknowledged")
	}
	return nil
}

// forge delivers every event with its proof spoilt in each of some ways, and a good one at the end.
func (r *Run) forge(ctx context.Context, forgeries ...forgery.Forgery) error {
	if len(r.tried) == 0 {
		return fmt.Errorf("no event is known to be acknowledged; begin with \"Given a receiver of %s that acknowledges what is correctly signed\"", r.suite.Platform.Name)
	}
	events := r.tried
	if n := r.Rule.Sample; n > 0 {
		events = spread(r.tried, n)
	}
	for _, event := range events {
		for _, f := range forgeries {
			x, err := r.forged(ctx, event, f)
			if err != nil {
				return err
			}
			if f.Picky && r.unsent(x) {
				r.Remark("%s was not tried: the transport does not send it", f.Label)
				continue
			}
			r.subjects = append(r.subjects, x)
			if x.Hung {
				return r.live(ctx, r.tried[0], func() exchange.Delivery { return r.falsified(r.tried[0], f) })
			}
		}
	}
	return r.live(ctx, r.tried[0], func() exchange.Delivery { return r.falsified(r.tried[0], forgeries[0]) })
}

// falsified makes a delivery with its proof spoilt.
func (r *Run) falsified(event string, f forgery.Forgery) exchange.Delivery {
	d := r.plain(event, f.Label)
	f.Apply(&d)
	d.Forged = true
	return d
}

// unsent reports whether a request of a transport that is not our own did not leave it.
func (r *Run) unsent(x exchange.Exchange) bool {
	return !r.suite.client.Own && !x.Complete() && !x.Reached && !x.Hung
}

// forged sends a forged delivery. Where the receiver breaks at it, it is sent with other payloads too: a receiver that
// breaks at a payload with any signature does not break at the signature.
func (r *Run) forged(ctx context.Context, event string, f forgery.Forgery) (exchange.Exchange, error) {
	first, err := r.bad(ctx, r.falsified(event, f))
	if err != nil || f.Picky && r.unsent(first) {
		return first, err
	}
	for i := 1; i < tries && !first.Hung && !exchange.Answered(first.Answer) && !r.blamed; i++ {
		next, err := r.bad(ctx, r.falsified(event, f))
		if err != nil || exchange.Answered(next.Answer) {
			return next, err
		}
	}
	r.blamed = r.blamed || !exchange.Answered(first.Answer)
	return first, nil
}

func whenWithoutHeader(ctx context.Context, r *Run, header string) error {
	if !slices.Contains(r.suite.scheme().Headers(), http.CanonicalHeaderKey(header)) {
		return fmt.Errorf("%s sends no header %s as proof; there is %s", r.suite.Platform, header, strings.Join(r.suite.scheme().Headers(), ", "))
	}
	return r.forge(ctx, forgery.WithoutHeader(header))
}

// whenUnproved delivers every event without its proof, as something else than JSON.
func whenUnproved(ctx context.Context, r *Run, kind string) error {
	if len(r.suite.scheme().Headers()) == 0 {
		return fmt.Errorf("%s sends nothing as proof", r.suite.Platform)
	}
	return r.forge(ctx, r.suite.forger().Unproved(kind)...)
}

// mustSign makes sure that a step about signatures is used for a platform that has them.
func (r *Run) mustSign() error {
	if !r.suite.signature.Signed() {
		return fmt.Errorf("%s does not sign its deliveries", r.suite.Platform)
	}
	return nil
}

func whenAltered(ctx context.Context, r *Run, how string) error {
	if err := r.mustSign(); err != nil {
		return err
	}
	f := forgery.Altered(how)
	for _, event := range r.tried {
		d := r.plain(event, "")
		before := d.Body
		if f.Apply(&d); bytes.Equal(d.Body, before) {
			return r.Block("a %s has nothing that can be altered so", event)
		}
	}
	return r.forge(ctx, f)
}

func whenOtherSecret(ctx context.Context, r *Run, which string) error {
	if err := r.mustSign(); err != nil {
		return err
	}
	return r.forge(ctx, r.suite.forger().WrongSecret(which))
}

func whenFaultySignature(ctx context.Context, r *Run, fault string) error {
	if err := r.mustSign(); err != nil {
		return err
	}
	if !forgery.HasFault(fault) {
		return fmt.Errorf("there is no way to spoil a signature called %q", fault)
	}
	return r.forge(ctx, r.suite.forger().FaultySignatures(fault)...)
}

// whenSignedTwice delivers every event with two signatures, as a sender does while its secret is replaced: the right
// one, and one that this receiver cannot check.
func whenSignedTwice(ctx context.Context, r *Run, order string) error {
	if !r.suite.signature.Several() {
		return fmt.Errorf("%s signs with one signature", r.suite.Platform)
	}
	secrets := r.suite.Receiver.Secret + " " + r.suite.forger().OtherSecret()
	if order == "another and then the right one" {
		secrets = r.suite.forger().OtherSecret() + " " + r.suite.Receiver.Secret
	}
	for _, event := range r.tried {
		goOn, err := r.subject(ctx, func() (exchange.Delivery, error) {
			d := r.plain(event, "with two signatures, "+order)
			r.suite.scheme().Sign(d.Header, secrets, d.Body, time.Now())
			d.Base = d.Body
			return d, nil
		})
		if err != nil || !goOn {
			return err
		}
	}
	return nil
}

// mustStamp makes sure that a step about timestamps is used for a platform that signs them.
func (r *Run) mustStamp() error {
	if r.suite.signature.TimestampHeader == "" {
		return fmt.Errorf("%s signs no timestamp", r.suite.Platform)
	}
	return nil
}

func whenStale(ctx context.Context, r *Run) error {
	if err := r.mustStamp(); err != nil {
		return err
	}
	return r.forge(ctx, r.suite.forger().Stale())
}

func whenOtherTimestamp(ctx context.Context, r *Run) error {
	if err := r.mustStamp(); err != nil {
		return err
	}
	return r.forge(ctx, r.suite.forger().OtherTimestamp())
}

// mustHaveKey makes sure that a step about keys is used where there is one.
func (r *Run) mustHaveKey() error {
	if r.suite.signature.Scheme != "bearer" || r.suite.Receiver.Secret == "" {
		return fmt.Errorf("there is no bearer key: either %s sends none, or none was given", r.suite.Platform)
	}
	return nil
}

func whenOtherKey(ctx context.Context, r *Run, how string) error {
	if err := r.mustHaveKey(); err != nil {
		return err
	}
	f, ok := r.suite.forger().OtherKey(how)
	if !ok {
		return r.Block("the key that was given has no such wrong one")
	}
	return r.forge(ctx, f)
}

func whenWord(ctx context.Context, r *Run, word string) error {
	if err := r.mustHaveKey(); err != nil {
		return err
	}
	for _, event := range r.tried {
		goOn, err := r.subject(ctx, func() (exchange.Delivery, error) {
			d := r.plain(event, "the right key after the word "+word)
			d.Header.Set("Authorization", word+" "+r.suite.Receiver.Secret)
			d.Base = d.Body
			return d, nil
		})
		if err != nil || !goOn {
			return err
		}
	}
	return nil
}

// entry is like the function of that name, and knows how the receiver answers those whom it lets in.
func (r *Run) entry(a exchange.Answer) (accepted bool, remark string) {
	if r.suite.history.Welcomes(a) {
		return true, ""
	}
	return exchange.Accepts(r.suite.Platform, a)
}

func thenNoneAccepted(ctx context.Context, r *Run) error {
	return r.judge(ctx, "refused (a 4xx)", func(x exchange.Exchange) bool {
		accepted, remark := r.entry(x.Answer)
		if remark != "" {
			r.Remark("%s", remark)
		}
		return !accepted
	})
}

func thenRejectedWithAnswer(ctx context.Context, r *Run) error {
	return r.judge(ctx, "refused (a 4xx), and no crash: no 5xx, no closed connection, no hang", func(x exchange.Exchange) bool {
		accepted, remark := r.entry(x.Answer)
		if remark != "" && exchange.Answered(x.Answer) {
			r.Remark("%s", remark)
		}
		return !accepted && exchange.Answered(x.Answer)
	})
}
