package contracttest

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/quintain-dev/quintain/contract"
)

// The steps of handshake.feature.

func givenAnswersChallenge(ctx context.Context, t *trial, platform string) error {
	if err := givenReceiver(ctx, t, platform); err != nil {
		return err
	}
	if t.suite.platform.Message(challengeMessage) == nil {
		return fmt.Errorf("%s has no TEST challenge", t.suite.platform)
	}
	d, challenge := t.test()
	x, err := t.send(ctx, d)
	if err != nil {
		return err
	}
	if !echoes(x.answer, challenge) {
		return t.block("the signed TEST challenge was not answered as documented")
	}
	_, err = t.findGood(ctx)
	return err
}

// test makes a signed TEST challenge.
func (t *trial) test() (delivery, string) {
	body, challenge := t.suite.payloads.challenge(t.number())
	return t.suite.signed(challengeMessage, "", body), challenge
}

func whenChallenged(ctx context.Context, t *trial) error {
	if t.suite.platform.Message(challengeMessage) == nil {
		return fmt.Errorf("%s has no TEST challenge", t.suite.platform)
	}
	d, challenge := t.test()
	t.challenge = challenge
	x, err := t.send(ctx, d)
	if err == nil {
		t.subjects = []exchange{x}
	}
	return err
}

func whenForgedChallenge(ctx context.Context, t *trial, how string) error {
	if err := t.mustSign(); err != nil {
		return err
	}
	f := otherSecret("a wrong")
	if how == "without its signature" {
		f = withoutHeader(t.suite.signature.Header)
	}
	make := func() delivery {
		var d delivery
		d, t.challenge = t.test()
		d.label = f.label
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
	challenge := t.challenge
	defer func() { t.challenge = challenge }()
	return t.live(ctx, t.tried[0], make)
}

// echoes reports whether an answer passes for the right one to a TEST challenge.
func echoes(a answer, challenge string) bool {
	return a.complete() && challengeFault(a, challenge) == ""
}

// challengeFault says what is wrong with an answer to a TEST challenge; empty if nothing is.
func challengeFault(a answer, challenge string) string {
	said := func(pointer string) string {
		s, _ := contract.Lookup(a.body, pointer).(string)
		return s
	}
	switch {
	case a.status != http.StatusOK:
		return "status 200"
	case !isJSON(a):
		return "JSON, with a Content-Type that says so"
	case said("/type") != challengeMessage:
		return "type TEST"
	case !strings.EqualFold(said("/status"), "SUCCEEDED"):
		return "status SUCCEEDED in the body"
	case said(challengePointer) != challenge:
		return "the same challenge at data.challenge"
	}
	return ""
}

func thenChallengeAnswered(_ context.Context, t *trial) error {
	want := "200, JSON, type TEST, status SUCCEEDED and the same challenge"
	if len(t.subjects) == 1 && t.subjects[0].complete() {
		if fault := challengeFault(t.subjects[0].answer, t.challenge); fault != "" {
			want += "; it lacks " + fault
		}
	}
	return t.judge(want, func(x exchange) bool { return echoes(x.answer, t.challenge) })
}

func thenChallengeNotAnswered(_ context.Context, t *trial) error {
	return t.judge("no answer that passes for the right one: a 4xx", func(x exchange) bool {
		letIn, remark := t.entry(x.answer)
		switch {
		case remark != "":
			t.remark("%s", remark)
		case letIn && !echoes(x.answer, t.challenge):
			t.remark("a forged challenge was answered %d, though not with its challenge; a refusal is a 4xx", x.status)
		}
		return !echoes(x.answer, t.challenge)
	})
}
