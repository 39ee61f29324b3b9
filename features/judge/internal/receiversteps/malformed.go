package receiversteps

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/judge/internal/exchange"
	"github.com/quintain-dev/quintain/features/judge/internal/payload"
)

// The steps of rubbish.feature.

func givenAcknowledgesGood(ctx context.Context, t *Run, platform string) error {
	if err := givenReceiver(ctx, t, platform); err != nil {
		return err
	}
	found, err := t.findGood(ctx)
	if err != nil || found {
		return err
	}
	return t.Block("the receiver acknowledges no good delivery")
}

// findGood finds one event of which a good delivery is acknowledged.
func (t *Run) findGood(ctx context.Context) (bool, error) {
	for _, event := range t.suite.events {
		ok, err := t.control(ctx, event)
		if err != nil {
			return false, err
		}
		if ok {
			t.tried = []string{event}
			return true, nil
		}
	}
	return false, nil
}

// spoil delivers bodies that cannot be read, properly signed, and a good delivery after each of them.
func (t *Run) spoil(ctx context.Context, event string, bodies []payload.Malformed) error {
	if len(t.tried) == 0 {
		return fmt.Errorf("no event is known to be acknowledged; begin with \"Given a receiver of %s that acknowledges good deliveries\"", t.suite.Platform.Name)
	}
	for _, b := range bodies {
		spoil := func() exchange.Delivery {
			d := t.suite.signedAs(cmp.Or(b.Encoding, contract.JSON), event, b.Label, b.Body)
			if b.Unproved {
				d.Header.Del(t.suite.scheme().Headers()[0])
			}
			return d
		}
		x, err := t.bad(ctx, spoil())
		if err != nil {
			return err
		}
		t.subjects = append(t.subjects, x)
		if err := t.live(ctx, t.tried[0], spoil); err != nil {
			return err
		}
		if x.Hung {
			return nil
		}
	}
	return nil
}

func whenMalformed(ctx context.Context, t *Run, how string) error {
	spoil := payload.Malformations[how]
	if spoil == nil {
		return fmt.Errorf("there is no way to break JSON called %q", how)
	}
	if len(t.tried) == 0 {
		return t.spoil(ctx, "", nil)
	}
	body := t.suite.payloads.Generated(t.tried[0], t.number())
	spoilt := slices.DeleteFunc(spoil(body), func(s payload.Malformed) bool { return bytes.Equal(s.Body, body) })
	if len(spoilt) == 0 {
		return t.Block("a %s has nothing that can be broken so", t.tried[0])
	}
	return t.spoil(ctx, t.tried[0], spoilt)
}

// whenBody delivers a body that is no event: properly signed, and as anyone on the internet sends it.
func whenBody(ctx context.Context, t *Run, body string) error {
	label := "the body " + body
	if body == "(empty)" {
		body, label = "", "an empty body"
	}
	bodies := []payload.Malformed{{Label: label, Body: []byte(body)}}
	if len(t.tried) > 0 && t.suite.proves() {
		answers, err := t.answersStrangers(ctx)
		if err != nil {
			return err
		}
		if answers {
			bodies = append(bodies, payload.Malformed{Label: label + ", no " + t.suite.scheme().Headers()[0], Body: []byte(body), Unproved: true})
		}
	}
	return t.spoil(ctx, "", bodies)
}

// proves reports whether the deliveries of the run carry a proof.
func (s *Suite) proves() bool { return len(s.scheme().Headers()) > 0 && s.Receiver.Secret != "" }

// answersStrangers reports whether the receiver answers a good body without its proof. One that breaks at what is not
// proved, whatever it says, does not break at the body.
func (t *Run) answersStrangers(ctx context.Context) (bool, error) {
	proof := t.suite.scheme().Headers()[0]
	for range tries {
		x, err := t.bad(ctx, t.falsified(t.tried[0], withoutHeader(proof)))
		if err != nil || exchange.Answered(x.Answer) {
			return err == nil, err
		}
		if x.Hung {
			break
		}
	}
	t.Remark("bodies without %s were not tried: a good one is not answered without it either", proof)
	return false, nil
}

func whenBrokenForm(ctx context.Context, t *Run, how string) error {
	make := payload.BrokenForms[how]
	if make == nil {
		return fmt.Errorf("there is no broken form called %q", how)
	}
	if len(t.tried) == 0 {
		return t.spoil(ctx, "", nil)
	}
	if _, _, err := t.form(ctx, t.suite.events); err != nil {
		return err
	}
	return t.spoil(ctx, "", []payload.Malformed{{Label: "a form: " + how, Body: make(), Encoding: contract.Form}})
}

func thenAnswered(ctx context.Context, t *Run) error {
	return t.judge(ctx, "answered (any complete answer with a status below 500)", func(x exchange.Exchange) bool {
		if _, remark := exchange.Accepts(t.suite.Platform, x.Answer); remark == "" && x.Status < 400 {
			switch {
			case t.Rule.Proof:
				t.Remark("the right signature was let in with another prefix than the platform's, or none (%d)", x.Status)
			case t.suite.proves() && x.Delivery.Header.Get(t.suite.scheme().Headers()[0]) == "":
				t.Remark("without its proof, what is no event was acknowledged with %d: SIG-1 is about that", x.Status)
			default:
				t.Remark("what cannot be read, or is no event, was acknowledged with %d", x.Status)
			}
		}
		return exchange.Answered(x.Answer)
	})
}

// thenRefused does not judge how a refusal looks: another scenario does.
func thenRefused(ctx context.Context, t *Run) error {
	return t.judge(ctx, "refused (a 4xx)", func(x exchange.Exchange) bool {
		letIn, _ := exchange.Accepts(t.suite.Platform, x.Answer)
		return !letIn
	})
}

// thenLive judges the good deliveries after something bad. The recorder of a run does so too, in case that an earlier step
// failed.
func thenLive(ctx context.Context, t *Run) error {
	if len(t.after) == 0 && !t.sentBad {
		return fmt.Errorf("nothing bad was sent that a good delivery could come after")
	}
	return t.judgeAfter(ctx)
}
