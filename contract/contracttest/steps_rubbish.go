package contracttest

import (
	"context"
	"fmt"
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
		spoil := func() delivery { return t.suite.signed(event, b.label, b.body) }
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
	return t.spoil(ctx, t.tried[0], spoil(t.suite.payloads.generated(t.tried[0], t.number())))
}

func whenBody(ctx context.Context, t *trial, body string) error {
	label := "the body " + body
	if body == "(empty)" {
		body, label = "", "an empty body"
	}
	return t.spoil(ctx, "", []spoilt{{label, []byte(body)}})
}

func thenAnswered(_ context.Context, t *trial) error {
	return t.judge("answered (any complete answer with a status below 500)", func(x exchange) bool {
		if _, remark := entry(t.suite.platform, x.answer); remark == "" && x.status < 400 {
			t.remark("what cannot be read, or is no event, was acknowledged with %d", x.status)
		}
		return answered(x.answer)
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
