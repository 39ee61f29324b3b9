package receiversteps

import (
	"context"
	"fmt"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/judge/internal/cause"
	"github.com/quintain-dev/quintain/features/judge/internal/exchange"
)

// The steps of handshake.feature.

func givenAnswersChallenge(ctx context.Context, t *Run, platform string) error {
	if err := givenReceiver(ctx, t, platform); err != nil {
		return err
	}
	if t.suite.Platform.Message(contract.ChallengeMessage) == nil {
		return fmt.Errorf("%s has no TEST challenge", t.suite.Platform)
	}
	x, err := t.send(ctx, t.test())
	if err != nil {
		return err
	}
	if !echoes(x) {
		if err := t.unanswered(ctx, x); err != nil {
			return err
		}
		return t.Block("the signed TEST challenge was not answered as documented")
	}
	_, err = t.findGood(ctx)
	return err
}

// unanswered reports a correctly signed challenge that was not answered, unless the rule about that is not selected.
func (t *Run) unanswered(ctx context.Context, x exchange.Exchange) error {
	f, err := t.explain(ctx, cause.Unanswered, x, challengeAnswer)
	if err != nil || !t.suite.Selection().Wants(f.Rule) {
		return err
	}
	for level := range f.Rule.At(t.suite.Platform).Levels {
		f.Level = level
		t.Others = append(t.Others, *f)
	}
	return nil
}

// test makes a signed TEST challenge.
func (t *Run) test() exchange.Delivery {
	body, challenge := t.suite.payloads.Challenge(t.number())
	d := t.suite.signed(contract.ChallengeMessage, "", body)
	d.Challenge = challenge
	return d
}

func whenChallenged(ctx context.Context, t *Run) error {
	if t.suite.Platform.Message(contract.ChallengeMessage) == nil {
		return fmt.Errorf("%s has no TEST challenge", t.suite.Platform)
	}
	for _, label := range []string{"", "with another challenge"} {
		d := t.test()
		d.Label = label
		x, err := t.send(ctx, d)
		if err != nil {
			return err
		}
		if t.subjects = append(t.subjects, x); x.Hung {
			break
		}
	}
	return nil
}

func whenForgedChallenge(ctx context.Context, t *Run, how string) error {
	if err := t.mustSign(); err != nil {
		return err
	}
	f := otherSecret("a wrong")
	if how == "without its signature" {
		f = withoutHeader(t.suite.signature.Header)
	}
	make := func() exchange.Delivery {
		d := t.test()
		d.Label = f.label
		f.apply(t.suite, &d)
		return d
	}
	x, err := t.bad(ctx, make())
	if err != nil {
		return err
	}
	t.subjects = append(t.subjects, x)
	if len(t.tried) == 0 {
		return nil // it acknowledges no event that one could try after it; which was said when that was found
	}
	return t.live(ctx, t.tried[0], make)
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

func thenChallengeAnswered(ctx context.Context, t *Run) error {
	want := challengeAnswer
	for _, x := range t.subjects {
		if faults := challengeFaults(x); x.Complete() && len(faults) > 0 {
			want += "; " + faults[0]
			break
		}
	}
	return t.judge(ctx, want, echoes)
}

func thenChallengeNotAnswered(ctx context.Context, t *Run) error {
	return t.judge(ctx, "no answer that passes for the right one: a 4xx", func(x exchange.Exchange) bool {
		letIn, remark := t.entry(x.Answer)
		switch {
		case remark != "":
			t.Remark("%s", remark)
		case letIn && !echoes(x):
			t.Remark("a forged challenge was answered %d, though not with its challenge; a refusal is a 4xx", x.Status)
		}
		return !echoes(x)
	})
}
