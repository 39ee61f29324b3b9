package receiversteps

import (
	"context"
	"fmt"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/judge/internal/cause"
	"github.com/quintain-dev/quintain/features/judge/internal/exchange"
	"github.com/quintain-dev/quintain/features/judge/internal/forgery"
)

// The steps of handshake.feature.

func givenAnswersChallenge(ctx context.Context, r *Run, platform string) error {
	if err := givenReceiver(ctx, r, platform); err != nil {
		return err
	}
	if r.suite.Platform.Message(contract.ChallengeMessage) == nil {
		return fmt.Errorf("%s has no TEST challenge", r.suite.Platform)
	}
	x, err := r.send(ctx, r.test())
	if err != nil {
		return err
	}
	if !echoes(x) {
		if err := r.unanswered(ctx, x); err != nil {
			return err
		}
		return r.Block("the signed TEST challenge was not answered as documented")
	}
	_, err = r.findGood(ctx)
	return err
}

// unanswered reports a correctly signed challenge that was not answered, unless the rule about that is not selected.
func (r *Run) unanswered(ctx context.Context, x exchange.Exchange) error {
	f, err := r.explain(ctx, cause.Unanswered, x, challengeAnswer)
	if err != nil || f == nil || !r.suite.Selection().Wants(f.Rule) {
		return err
	}
	for level := range f.Rule.At(r.suite.Platform).Levels { // one at most: a platform has one handshake
		f.Level = level
	}
	r.Others = append(r.Others, *f)
	return nil
}

// test makes a signed TEST challenge.
func (r *Run) test() exchange.Delivery {
	body, challenge := r.suite.payloads.Challenge(r.number())
	d := r.suite.signed(contract.ChallengeMessage, "", body)
	d.Challenge = challenge
	return d
}

func whenChallenged(ctx context.Context, r *Run) error {
	if r.suite.Platform.Message(contract.ChallengeMessage) == nil {
		return fmt.Errorf("%s has no TEST challenge", r.suite.Platform)
	}
	for _, label := range []string{"", "with another challenge"} {
		d := r.test()
		d.Label = label
		x, err := r.send(ctx, d)
		if err != nil {
			return err
		}
		if r.subjects = append(r.subjects, x); x.Hung {
			break
		}
	}
	return nil
}

func whenForgedChallenge(ctx context.Context, r *Run, how string) error {
	if err := r.mustSign(); err != nil {
		return err
	}
	f := r.suite.forger().WrongSecret("a wrong")
	if how == "without its signature" {
		f = forgery.WithoutHeader(r.suite.signature.Header)
	}
	make := func() exchange.Delivery {
		d := r.test()
		d.Label = f.Label
		f.Apply(&d)
		return d
	}
	x, err := r.bad(ctx, make())
	if err != nil {
		return err
	}
	r.subjects = append(r.subjects, x)
	if len(r.tried) == 0 {
		return nil // it acknowledges no event that one could try after it; which was said when that was found
	}
	return r.live(ctx, r.tried[0], make)
}

// echoes reports whether an answer passes for the right one to a TEST challenge.
func echoes(x exchange.Exchange) bool { return x.Complete() && len(challengeFaults(x)) == 0 }

// challengeAnswer is what the platform wants to see for a TEST challenge.
const challengeAnswer = "200, JSON, type TEST, status SUCCEEDED and the same challenge"

// challengeFaults says what is wrong with an answer to a TEST challenge.
func challengeFaults(x exchange.Exchange) []string {
	a := x.Answer
	return contract.ChallengeFaults(a.Status, a.Header.Get("Content-Type"), a.Body, x.Challenge)
}

func thenChallengeAnswered(ctx context.Context, r *Run) error {
	want := challengeAnswer
	for _, x := range r.subjects {
		if faults := challengeFaults(x); x.Complete() && len(faults) > 0 {
			want += "; " + faults[0]
			break
		}
	}
	return r.judge(ctx, want, echoes)
}

func thenChallengeNotAnswered(ctx context.Context, r *Run) error {
	return r.judge(ctx, "no answer that passes for the right one: a 4xx", func(x exchange.Exchange) bool {
		accepted, remark := r.entry(x.Answer)
		switch {
		case remark != "":
			r.Remark("%s", remark)
		case accepted && !echoes(x):
			r.Remark("a forged challenge was answered %d, though not with its challenge; a refusal is a 4xx", x.Status)
		}
		return !echoes(x)
	})
}
