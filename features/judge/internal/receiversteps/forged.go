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
)

// The steps of signature.feature and bearer.feature.

// givenAcknowledgesSigned finds the events of which a properly signed delivery is acknowledged: a refusal of the others
// proves nothing.
func givenAcknowledgesSigned(ctx context.Context, t *Run, platform string) error {
	if err := givenReceiver(ctx, t, platform); err != nil {
		return err
	}
	for _, event := range t.suite.events {
		ok, err := t.control(ctx, event)
		if err != nil {
			return err
		}
		if ok {
			t.tried = append(t.tried, event)
		} else {
			t.Remark("%s was not tried: properly signed, it was not acknowledged either", event)
		}
	}
	if len(t.tried) == 0 {
		t.Remarks = nil
		return t.Block("the signed control delivery was not acknowledged")
	}
	return nil
}

// forge delivers every event with its proof spoilt in each of some ways, and a good one at the end.
func (t *Run) forge(ctx context.Context, forgeries ...forgery) error {
	if len(t.tried) == 0 {
		return fmt.Errorf("no event is known to be acknowledged; begin with \"Given a receiver of %s that acknowledges what is properly signed\"", t.suite.Platform.Name)
	}
	events := t.tried
	if n := t.Rule.Sample; n > 0 {
		events = spread(t.tried, n)
	}
	for _, event := range events {
		for _, f := range forgeries {
			x, err := t.forged(ctx, event, f)
			if err != nil {
				return err
			}
			if f.picky && t.unsent(x) {
				t.Remark("%s was not tried: the transport does not send it", f.label)
				continue
			}
			t.subjects = append(t.subjects, x)
			if x.Hung {
				return t.live(ctx, t.tried[0], func() exchange.Delivery { return t.falsified(t.tried[0], f) })
			}
		}
	}
	return t.live(ctx, t.tried[0], func() exchange.Delivery { return t.falsified(t.tried[0], forgeries[0]) })
}

// falsified makes a delivery with its proof spoilt.
func (t *Run) falsified(event string, f forgery) exchange.Delivery {
	d := t.plain(event, f.label)
	f.apply(t.suite, &d)
	return d
}

// unsent reports whether a request of a transport that is not our own did not leave it.
func (t *Run) unsent(x exchange.Exchange) bool {
	return !t.suite.client.Own && !x.Complete() && !x.Reached && !x.Hung
}

// forged sends a forged delivery. Where the receiver breaks at it, it is sent with other payloads too: a receiver that
// breaks at a payload, whoever signed it, does not break at the signature.
func (t *Run) forged(ctx context.Context, event string, f forgery) (exchange.Exchange, error) {
	first, err := t.bad(ctx, t.falsified(event, f))
	if err != nil || f.picky && t.unsent(first) {
		return first, err
	}
	for i := 1; i < tries && !first.Hung && !exchange.Answered(first.Answer) && !t.blamed; i++ {
		next, err := t.bad(ctx, t.falsified(event, f))
		if err != nil || exchange.Answered(next.Answer) {
			return next, err
		}
	}
	t.blamed = t.blamed || !exchange.Answered(first.Answer)
	return first, nil
}

func whenWithoutHeader(ctx context.Context, t *Run, header string) error {
	if !slices.Contains(t.suite.scheme().Headers(), http.CanonicalHeaderKey(header)) {
		return fmt.Errorf("%s sends no header %s as proof; there is %s", t.suite.Platform, header, strings.Join(t.suite.scheme().Headers(), ", "))
	}
	return t.forge(ctx, withoutHeader(header))
}

// whenUnproved delivers every event without its proof, as something else than JSON.
func whenUnproved(ctx context.Context, t *Run, kind string) error {
	if len(t.suite.scheme().Headers()) == 0 {
		return fmt.Errorf("%s sends nothing as proof", t.suite.Platform)
	}
	return t.forge(ctx, t.suite.unproved(kind)...)
}

// mustSign makes sure that a step about signatures is used for a platform that has them.
func (t *Run) mustSign() error {
	if !t.suite.signature.Signed() {
		return fmt.Errorf("%s does not sign its deliveries", t.suite.Platform)
	}
	return nil
}

func whenAltered(ctx context.Context, t *Run, how string) error {
	if err := t.mustSign(); err != nil {
		return err
	}
	f := altered(how)
	for _, event := range t.tried {
		d := t.plain(event, "")
		before := d.Body
		if f.apply(t.suite, &d); bytes.Equal(d.Body, before) {
			return t.Block("a %s has nothing that can be altered so", event)
		}
	}
	return t.forge(ctx, f)
}

func whenOtherSecret(ctx context.Context, t *Run, which string) error {
	if err := t.mustSign(); err != nil {
		return err
	}
	return t.forge(ctx, otherSecret(which))
}

func whenFaultySignature(ctx context.Context, t *Run, fault string) error {
	if err := t.mustSign(); err != nil {
		return err
	}
	if signatureFaults[fault] == nil {
		return fmt.Errorf("there is no way to spoil a signature called %q", fault)
	}
	return t.forge(ctx, t.suite.faultySignatures(fault)...)
}

// whenSignedTwice delivers every event with two signatures, as a sender does while its secret is replaced: the right one,
// and one that this receiver cannot check.
func whenSignedTwice(ctx context.Context, t *Run, order string) error {
	if !t.suite.signature.Several() {
		return fmt.Errorf("%s signs with one signature", t.suite.Platform)
	}
	secrets := t.suite.Receiver.Secret + " " + t.suite.otherSecret()
	if order == "another and then the right one" {
		secrets = t.suite.otherSecret() + " " + t.suite.Receiver.Secret
	}
	for _, event := range t.tried {
		goOn, err := t.subject(ctx, func() (exchange.Delivery, error) {
			d := t.plain(event, "with two signatures, "+order)
			t.suite.scheme().Sign(d.Header, secrets, d.Body, time.Now())
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
func (t *Run) mustStamp() error {
	if t.suite.signature.TimestampHeader == "" {
		return fmt.Errorf("%s signs no timestamp", t.suite.Platform)
	}
	return nil
}

func whenStale(ctx context.Context, t *Run) error {
	if err := t.mustStamp(); err != nil {
		return err
	}
	return t.forge(ctx, stale())
}

func whenOtherTimestamp(ctx context.Context, t *Run) error {
	if err := t.mustStamp(); err != nil {
		return err
	}
	return t.forge(ctx, otherTimestamp())
}

// mustHaveKey makes sure that a step about keys is used where there is one.
func (t *Run) mustHaveKey() error {
	if t.suite.signature.Scheme != "bearer" || t.suite.Receiver.Secret == "" {
		return fmt.Errorf("there is no bearer key: either %s sends none, or none was given", t.suite.Platform)
	}
	return nil
}

func whenOtherKey(ctx context.Context, t *Run, how string) error {
	if err := t.mustHaveKey(); err != nil {
		return err
	}
	f, ok := t.suite.otherKey(how)
	if !ok {
		return t.Block("the key that was given has no such wrong one")
	}
	return t.forge(ctx, f)
}

func whenWord(ctx context.Context, t *Run, word string) error {
	if err := t.mustHaveKey(); err != nil {
		return err
	}
	for _, event := range t.tried {
		goOn, err := t.subject(ctx, func() (exchange.Delivery, error) {
			d := t.plain(event, "the right key after the word "+word)
			d.Header.Set("Authorization", word+" "+t.suite.Receiver.Secret)
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
func (t *Run) entry(a exchange.Answer) (letIn bool, remark string) {
	if t.suite.history.Welcomes(a) {
		return true, ""
	}
	return exchange.Accepts(t.suite.Platform, a)
}

func thenNotLetIn(ctx context.Context, t *Run) error {
	return t.judge(ctx, "refused (a 4xx)", func(x exchange.Exchange) bool {
		letIn, remark := t.entry(x.Answer)
		if remark != "" {
			t.Remark("%s", remark)
		}
		return !letIn
	})
}

func thenRefusedWithAnswer(ctx context.Context, t *Run) error {
	return t.judge(ctx, "refused (a 4xx), and no crash: no 5xx, no closed connection, no hang", func(x exchange.Exchange) bool {
		letIn, remark := t.entry(x.Answer)
		if remark != "" && exchange.Answered(x.Answer) {
			t.Remark("%s", remark)
		}
		return !letIn && exchange.Answered(x.Answer)
	})
}
