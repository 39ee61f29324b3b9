package judge

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/quintain-dev/quintain/contract"
)

// The steps of rubbish.feature.

func givenAcknowledgesGood(ctx context.Context, t *trial, platform string) error {
	if err := givenReceiver(ctx, t, platform); err != nil {
		return err
	}
	found, err := t.findGood(ctx)
	if err != nil || found {
		return err
	}
	return t.block("the receiver acknowledges no good delivery")
}

// findGood finds one event of which a good delivery is acknowledged.
func (t *trial) findGood(ctx context.Context) (bool, error) {
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
func (t *trial) spoil(ctx context.Context, event string, bodies []spoilt) error {
	if len(t.tried) == 0 {
		return fmt.Errorf("no event is known to be acknowledged; begin with \"Given a receiver of %s that acknowledges good deliveries\"", t.suite.platform.Name)
	}
	for _, b := range bodies {
		spoil := func() delivery {
			d := t.suite.signedAs(cmp.Or(b.encoding, contract.JSON), event, b.label, b.body)
			if b.unproved {
				d.header.Del(t.suite.scheme().Headers()[0])
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
		if x.hung {
			return nil
		}
	}
	return nil
}

func whenMalformed(ctx context.Context, t *trial, how string) error {
	spoil := malformations[how]
	if spoil == nil {
		return fmt.Errorf("there is no way to break JSON called %q", how)
	}
	if len(t.tried) == 0 {
		return t.spoil(ctx, "", nil)
	}
	body := t.suite.payloads.generated(t.tried[0], t.number())
	spoilt := slices.DeleteFunc(spoil(body), func(s spoilt) bool { return bytes.Equal(s.body, body) })
	if len(spoilt) == 0 {
		return t.block("a %s has nothing that can be broken so", t.tried[0])
	}
	return t.spoil(ctx, t.tried[0], spoilt)
}

// whenBody delivers a body that is no event: properly signed, and as anyone on the internet sends it.
func whenBody(ctx context.Context, t *trial, body string) error {
	label := "the body " + body
	if body == "(empty)" {
		body, label = "", "an empty body"
	}
	bodies := []spoilt{{label: label, body: []byte(body)}}
	if len(t.tried) > 0 && t.suite.proves() {
		answers, err := t.answersStrangers(ctx)
		if err != nil {
			return err
		}
		if answers {
			bodies = append(bodies, spoilt{label: label + ", no " + t.suite.scheme().Headers()[0], body: []byte(body), unproved: true})
		}
	}
	return t.spoil(ctx, "", bodies)
}

// proves reports whether the deliveries of the run carry a proof.
func (s *suite) proves() bool { return len(s.scheme().Headers()) > 0 && s.receiver.Secret != "" }

// answersStrangers reports whether the receiver answers a good body without its proof. One that breaks at what is not
// proved, whatever it says, does not break at the body.
func (t *trial) answersStrangers(ctx context.Context) (bool, error) {
	proof := t.suite.scheme().Headers()[0]
	for range tries {
		x, err := t.bad(ctx, t.falsified(t.tried[0], withoutHeader(proof)))
		if err != nil || answered(x.answer) {
			return err == nil, err
		}
		if x.hung {
			break
		}
	}
	t.remark("bodies without %s were not tried: a good one is not answered without it either", proof)
	return false, nil
}

func whenBrokenForm(ctx context.Context, t *trial, how string) error {
	make := brokenForms[how]
	if make == nil {
		return fmt.Errorf("there is no broken form called %q", how)
	}
	if len(t.tried) == 0 {
		return t.spoil(ctx, "", nil)
	}
	if _, _, err := t.form(ctx, t.suite.events); err != nil {
		return err
	}
	return t.spoil(ctx, "", []spoilt{{label: "a form: " + how, body: make(), encoding: contract.Form}})
}

func thenAnswered(_ context.Context, t *trial) error {
	return t.judge("answered (any complete answer with a status below 500)", func(x exchange) bool {
		if _, remark := entry(t.suite.platform, x.answer); remark == "" && x.status < 400 {
			switch {
			case t.rule.Group == letsIn:
				t.remark("the right signature was let in with another prefix than the platform's, or none (%d)", x.status)
			case t.suite.proves() && x.delivery.header.Get(t.suite.scheme().Headers()[0]) == "":
				t.remark("without its proof, what is no event was acknowledged with %d: SIG-1 is about that", x.status)
			default:
				t.remark("what cannot be read, or is no event, was acknowledged with %d", x.status)
			}
		}
		return answered(x.answer) || t.hangsUp && hungUp(x)
	})
}

// thenRefused does not judge how a refusal looks: another scenario does.
func thenRefused(_ context.Context, t *trial) error {
	return t.judge("refused (a 4xx)", func(x exchange) bool {
		letIn, _ := entry(t.suite.platform, x.answer)
		return !letIn
	})
}

// thenLive judges the good deliveries after something bad. The recorder of a run does so too, in case that an earlier step
// failed.
func thenLive(_ context.Context, t *trial) error {
	if len(t.after) == 0 && !t.sentBad {
		return fmt.Errorf("nothing bad was sent that a good delivery could come after")
	}
	return t.judgeAfter()
}
