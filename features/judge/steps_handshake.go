package judge

import (
	"context"
	"fmt"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/judge/internal/exchange"
	"github.com/quintain-dev/quintain/features/judge/report"
)

// The steps of handshake.feature.

func givenAnswersChallenge(ctx context.Context, t *trial, platform string) error {
	if err := givenReceiver(ctx, t, platform); err != nil {
		return err
	}
	if t.suite.platform.Message(contract.ChallengeMessage) == nil {
		return fmt.Errorf("%s has no TEST challenge", t.suite.platform)
	}
	x, err := t.send(ctx, t.test())
	if err != nil {
		return err
	}
	if !echoes(x) {
		for level := range firm(report.Must, t.suite.platform.Rules.Handshake.Grade) {
			if !t.suite.selection().wants("HSK-1") {
				break
			}
			t.others = append(t.others, *t.finding("HSK-1", level, x, challengeAnswer))
		}
		return t.block("the signed TEST challenge was not answered as documented")
	}
	_, err = t.findGood(ctx)
	return err
}

// test makes a signed TEST challenge.
func (t *trial) test() exchange.Delivery {
	body, challenge := t.suite.payloads.Challenge(t.number())
	d := t.suite.signed(contract.ChallengeMessage, "", body)
	d.Challenge = challenge
	return d
}

func whenChallenged(ctx context.Context, t *trial) error {
	if t.suite.platform.Message(contract.ChallengeMessage) == nil {
		return fmt.Errorf("%s has no TEST challenge", t.suite.platform)
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

func whenForgedChallenge(ctx context.Context, t *trial, how string) error {
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

func thenChallengeAnswered(_ context.Context, t *trial) error {
	want := challengeAnswer
	for _, x := range t.subjects {
		if faults := challengeFaults(x); x.Complete() && len(faults) > 0 {
			want += "; " + faults[0]
			break
		}
	}
	return t.judge(want, echoes)
}

func thenChallengeNotAnswered(_ context.Context, t *trial) error {
	return t.judge("no answer that passes for the right one: a 4xx", func(x exchange.Exchange) bool {
		letIn, remark := t.entry(x.Answer)
		switch {
		case remark != "":
			t.remark("%s", remark)
		case letIn && !echoes(x):
			t.remark("a forged challenge was answered %d, though not with its challenge; a refusal is a 4xx", x.Status)
		}
		return !echoes(x)
	})
}
