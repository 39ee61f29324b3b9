package receiversteps

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/judge/internal/exchange"
	"github.com/quintain-dev/quintain/features/judge/internal/forgery"
	"github.com/quintain-dev/quintain/features/judge/internal/payload"
)

// The steps of malformed.feature.

func givenAcknowledgesGood(ctx context.Context, r *Run, platform string) error {
	if err := givenReceiver(ctx, r, platform); err != nil {
		return err
	}
	found, err := r.findGood(ctx)
	if err != nil || found {
		return err
	}
	return r.Block("the receiver acknowledges no good delivery")
}

// findGood finds one event of which a good delivery is acknowledged.
func (r *Run) findGood(ctx context.Context) (bool, error) {
	for _, event := range r.suite.events {
		ok, err := r.control(ctx, event)
		if err != nil {
			return false, err
		}
		if ok {
			r.tried = []string{event}
			return true, nil
		}
	}
	return false, nil
}

// spoil delivers bodies that cannot be read, correctly signed, and a good delivery after each of them.
func (r *Run) spoil(ctx context.Context, event string, bodies []payload.Malformed) error {
	if len(r.tried) == 0 {
		return fmt.Errorf("no event is known to be acknowledged; begin with \"Given a receiver of %s that acknowledges good deliveries\"", r.suite.Platform.Name)
	}
	for _, b := range bodies {
		spoil := func() exchange.Delivery {
			d := r.suite.signedAs(cmp.Or(b.Encoding, contract.JSON), event, b.Label, b.Body)
			if b.Unproved {
				d.Header.Del(r.suite.scheme().Headers()[0])
			}
			return d
		}
		x, err := r.bad(ctx, spoil())
		if err != nil {
			return err
		}
		r.subjects = append(r.subjects, x)
		if err := r.live(ctx, r.tried[0], spoil); err != nil {
			return err
		}
		if x.Hung {
			return nil
		}
	}
	return nil
}

func whenMalformed(ctx context.Context, r *Run, how string) error {
	spoil := payload.Malformations()[how]
	if spoil == nil {
		return fmt.Errorf("there is no way to break JSON called %q", how)
	}
	if len(r.tried) == 0 {
		return r.spoil(ctx, "", nil)
	}
	body := r.suite.payloads.Generated(r.tried[0], r.number())
	spoilt := slices.DeleteFunc(spoil(body), func(s payload.Malformed) bool { return bytes.Equal(s.Body, body) })
	if len(spoilt) == 0 {
		return r.Block("a %s has nothing that can be broken so", r.tried[0])
	}
	return r.spoil(ctx, r.tried[0], spoilt)
}

// whenBody delivers a body that is no event: correctly signed, and as anyone on the internet sends it.
func whenBody(ctx context.Context, r *Run, body string) error {
	label := "the body " + body
	if body == "(empty)" {
		body, label = "", "an empty body"
	}
	bodies := []payload.Malformed{{Label: label, Body: []byte(body)}}
	if len(r.tried) > 0 && r.suite.proves() {
		answers, err := r.answersStrangers(ctx)
		if err != nil {
			return err
		}
		if answers {
			bodies = append(bodies, payload.Malformed{Label: label + ", no " + r.suite.scheme().Headers()[0], Body: []byte(body), Unproved: true})
		}
	}
	return r.spoil(ctx, "", bodies)
}

// proves reports whether the deliveries of the run carry a proof.
func (s *Suite) proves() bool { return len(s.scheme().Headers()) > 0 && s.Receiver.Secret != "" }

// answersStrangers reports whether the receiver answers a good body without its proof. One that breaks at what is not
// proved, whatever it says, does not break at the body.
func (r *Run) answersStrangers(ctx context.Context) (bool, error) {
	proof := r.suite.scheme().Headers()[0]
	for range tries {
		x, err := r.bad(ctx, r.falsified(r.tried[0], forgery.WithoutHeader(proof)))
		if err != nil || exchange.Answered(x.Answer) {
			return err == nil, err
		}
		if x.Hung {
			break
		}
	}
	r.Remark("bodies without %s were not tried: a good one is not answered without it either", proof)
	return false, nil
}

func whenBrokenForm(ctx context.Context, r *Run, how string) error {
	make := payload.BrokenForms()[how]
	if make == nil {
		return fmt.Errorf("there is no broken form called %q", how)
	}
	if len(r.tried) == 0 {
		return r.spoil(ctx, "", nil)
	}
	if _, _, err := r.form(ctx, r.suite.events); err != nil {
		return err
	}
	return r.spoil(ctx, "", []payload.Malformed{{Label: "a form: " + how, Body: make(), Encoding: contract.Form}})
}

func thenAnswered(ctx context.Context, r *Run) error {
	return r.judge(ctx, "answered (any complete answer with a status below 500)", func(x exchange.Exchange) bool {
		if _, remark := exchange.Accepts(r.suite.Platform, x.Answer); remark == "" && x.Status < 400 {
			switch {
			case x.Forged:
				r.Remark("a correct signature was also accepted with another prefix, or without one (%d)", x.Status)
			case r.suite.proves() && x.Delivery.Header.Get(r.suite.scheme().Headers()[0]) == "":
				r.Remark("a body that is no event was acknowledged with %d without its proof", x.Status)
			default:
				r.Remark("a body that is no event, or cannot be read, was acknowledged with %d", x.Status)
			}
		}
		return exchange.Answered(x.Answer)
	})
}

// thenRejected does not judge how a refusal looks: another scenario does.
func thenRejected(ctx context.Context, r *Run) error {
	return r.judge(ctx, "refused (a 4xx)", func(x exchange.Exchange) bool {
		accepted, _ := exchange.Accepts(r.suite.Platform, x.Answer)
		return !accepted
	})
}

// thenLive judges the good deliveries after something bad. The recorder of a run does so too, in case that an earlier
// step failed.
func thenLive(ctx context.Context, r *Run) error {
	if len(r.after) == 0 && !r.sentBad {
		return fmt.Errorf("nothing bad was sent that a good delivery could come after")
	}
	return r.judgeAfter(ctx)
}
