package judge

import (
	"context"
	"fmt"
	"regexp"

	"github.com/cucumber/godog"
)

// A step is one step of the features: its expression, and what it does. The functions that do it take the trial from the
// context and are otherwise without state, so that scenarios may run at once.
type step struct {
	expr *regexp.Regexp
	do   any
}

func on(expr string, do any) step { return step{regexp.MustCompile("^" + expr + "$"), do} }

// A subject is what a step works on: a *trial, an *exam or a *stage.
type subject interface {
	keep(error) error
}

// does0 to does3 make a step's function of one that works on a scenario, by the number of its arguments.
func does0[S subject](fn func(context.Context, S) error) func(context.Context) error {
	return func(ctx context.Context) error {
		s, err := under[S](ctx)
		if err != nil {
			return err
		}
		return s.keep(fn(ctx, s))
	}
}

func does1[S subject, A any](fn func(context.Context, S, A) error) func(context.Context, A) error {
	return func(ctx context.Context, a A) error {
		s, err := under[S](ctx)
		if err != nil {
			return err
		}
		return s.keep(fn(ctx, s, a))
	}
}

func does2[S subject, A, B any](fn func(context.Context, S, A, B) error) func(context.Context, A, B) error {
	return func(ctx context.Context, a A, b B) error {
		s, err := under[S](ctx)
		if err != nil {
			return err
		}
		return s.keep(fn(ctx, s, a, b))
	}
}

func does3[S subject, A, B, C any](fn func(context.Context, S, A, B, C) error) func(context.Context, A, B, C) error {
	return func(ctx context.Context, a A, b B, c C) error {
		s, err := under[S](ctx)
		if err != nil {
			return err
		}
		return s.keep(fn(ctx, s, a, b, c))
	}
}

// A library is the steps of one folder of features, or of MockSteps.
type library struct{ given, when, then []step }

// register adds the steps to a scenario.
func (l library) register(sc *godog.ScenarioContext) {
	for _, s := range l.given {
		sc.Given(s.expr, s.do)
	}
	for _, s := range l.when {
		sc.When(s.expr, s.do)
	}
	for _, s := range l.then {
		sc.Then(s.expr, s.do)
	}
}

// receiverSteps are the steps of features/receiver.
var receiverSteps = library{
	given: []step{
		on(`a receiver of (\S+)`, does1(givenReceiver)),
		on(`a receiver of (\S+) that acknowledges (\S+)`, does2(givenAcknowledges)),
		on(`a receiver of (\S+) that acknowledges what is properly signed`, does1(givenAcknowledgesSigned)),
		on(`a receiver of (\S+) that acknowledges good deliveries`, does1(givenAcknowledgesGood)),
		on(`a receiver of (\S+) that answers a signed TEST challenge`, does1(givenAnswersChallenge)),
	},
	when: []step{
		on(`the story (\S+) is told`, does1(whenStory)),
		on(`the documented example of (\S+) is delivered`, does1(whenExample)),
		on(`generated payloads of (\S+) are delivered`, does1(whenGenerated)),
		on(`(\S+) is delivered`, does1(whenDelivered)),
		on(`(\S+) is delivered with only the required fields`, does1(whenMinimal)),
		on(`(\S+) is delivered with every field`, does1(whenFull)),
		on(`(\S+) is delivered with each null and enum value that is (not )?documented`, does2(whenVariants)),
		on(`(\S+) is delivered as JSON`, does1(whenJSON)),
		on(`(\S+) is delivered as a form`, does1(whenForm)),
		on(`forms are delivered with each text that hurts`, does0(whenFormTexts)),
		on(`forms are delivered three times`, does0(whenFormsThrice)),
		on(`(\S+) is delivered with each text that hurts`, does1(whenTexts)),
		on(`(\S+) is delivered with an unknown field at each level`, does1(whenUnknownFields)),
		on(`(\S+) is delivered and acknowledged`, does1(whenAcknowledged)),
		on(`the same delivery arrives twice more`, does0(whenTwiceMore)),
		on(`(\S+) is delivered (\d+) times at once`, does2(whenAtOnce)),
		on(`(\S+) is delivered and every answer to it is lost`, does1(whenAnswersAreLost)),
		on(`every event is delivered without the (\S+) header`, does1(whenWithoutHeader)),
		on(`every event is delivered without its proof, (as text/plain|as application/x-www-form-urlencoded|without a Content-Type)`, does1(whenUnproved)),
		on(`every event is delivered with (its first byte altered|its last byte altered|one space added|one space added at its end|one space added in front|a newline added at its end|a NUL added at its end|a byte added that is not UTF-8|one letter of a value altered|its JSON written anew with indentation) after signing`, does1(whenAltered)),
		on(`every event is delivered signed with (a wrong|an empty) secret`, does1(whenOtherSecret)),
		on(`every event is delivered with a signature (.+)`, does1(whenFaultySignature)),
		on(`every event is delivered with two signatures, (another and then the right one|the right one and then another)`, does1(whenSignedTwice)),
		on(`every event is delivered signed with a stale timestamp`, does0(whenStale)),
		on(`every event is delivered with its timestamp altered after signing`, does0(whenOtherTimestamp)),
		on(`every event is delivered with (no key|an empty key|a wrong key of the same length|a key that begins otherwise|a key that is another in its middle|a key that ends otherwise|the first character of the key|the first half of the key|the last characters of the key|the key without its last character|the key in the other letter case|the right key inside another text|the right key and one character more|one character and the right key|the right key under the scheme Basic)`, does1(whenOtherKey)),
		on(`every event is delivered with the right key after the word (\S+)`, does1(whenWord)),
		on(`a TEST challenge is delivered`, does0(whenChallenged)),
		on(`a TEST challenge is delivered (without its signature|signed with a wrong secret)`, does1(whenForgedChallenge)),
		on(`malformed JSON is delivered, (.+)`, does1(whenMalformed)),
		on(`a broken form is delivered, (.+)`, does1(whenBrokenForm)),
		on(`the body (.+) is delivered`, does1(whenBody)),
	},
	then: []step{
		on(`(?:it|every one of them) is acknowledged`, does0(thenAcknowledged)),
		on(`(?:it|every one of them) is answered`, does0(thenAnswered)),
		on(`the platform tries as often as its schedule says`, does0(thenTriedAsScheduled)),
		on(`it is answered with the exact success status`, does0(thenExact)),
		on(`none of them is let in`, does0(thenNotLetIn)),
		on(`every one of them is refused`, does0(thenRefused)),
		on(`every one of them is refused with an answer`, does0(thenRefusedWithAnswer)),
		on(`it is answered with the same challenge`, does0(thenChallengeAnswered)),
		on(`it is not answered with the challenge`, does0(thenChallengeNotAnswered)),
		on(`a good delivery after (?:each of )?them is acknowledged`, does0(thenLive)),
	},
}

func givenReceiver(_ context.Context, t *trial, platform string) error {
	if p := t.suite.platform; platform != p.Name && platform != p.String() {
		return fmt.Errorf("the scenario is about a receiver of %s, and the one under test is of %s", platform, p)
	}
	return nil
}

// known makes sure that a step names an event of the platform.
func (t *trial) known(event string) error {
	if _, err := t.suite.platform.Event(event); err != nil {
		return err
	}
	return nil
}
