package receiversteps

import (
	"context"
	"fmt"

	"github.com/quintain-dev/quintain/features/internal/steps"
)

// Library has the steps of features/receiver.
var Library = &steps.Library{
	Given: []steps.Step{
		steps.On(`a receiver of (\S+)`, steps.Does1(givenReceiver)),
		steps.On(`a receiver of (\S+) that acknowledges (\S+)`, steps.Does2(givenAcknowledges)),
		steps.On(`a receiver of (\S+) that acknowledges what is correctly signed`, steps.Does1(givenAcknowledgesSigned)),
		steps.On(`a receiver of (\S+) that acknowledges good deliveries`, steps.Does1(givenAcknowledgesGood)),
		steps.On(`a receiver of (\S+) that answers a signed TEST challenge`, steps.Does1(givenAnswersChallenge)),
	},
	When: []steps.Step{
		steps.On(`the story (\S+) is told`, steps.Does1(whenStory)),
		steps.On(`the documented example of (\S+) is delivered`, steps.Does1(whenExample)),
		steps.On(`generated payloads of (\S+) are delivered`, steps.Does1(whenGenerated)),
		steps.On(`(\S+) is delivered`, steps.Does1(whenDelivered)),
		steps.On(`(\S+) is delivered with only the required fields`, steps.Does1(whenMinimal)),
		steps.On(`(\S+) is delivered with every field`, steps.Does1(whenFull)),
		steps.On(`(\S+) is delivered with each null and enum value that is (not )?documented`, steps.Does2(whenVariants)),
		steps.On(`(\S+) is delivered as JSON`, steps.Does1(whenJSON)),
		steps.On(`(\S+) is delivered as a form`, steps.Does1(whenForm)),
		steps.On(`forms are delivered with each difficult text`, steps.Does0(whenFormTexts)),
		steps.On(`forms are delivered three times`, steps.Does0(whenFormsThrice)),
		steps.On(`(\S+) is delivered with each difficult text`, steps.Does1(whenTexts)),
		steps.On(`(\S+) is delivered with an unknown field at each level`, steps.Does1(whenUnknownFields)),
		steps.On(`(\S+) is delivered and acknowledged`, steps.Does1(whenAcknowledged)),
		steps.On(`the same delivery arrives twice more`, steps.Does0(whenTwiceMore)),
		steps.On(`(\S+) is delivered (\d+) times at once`, steps.Does2(whenAtOnce)),
		steps.On(`(\S+) is delivered and every answer to it is lost`, steps.Does1(whenAnswersAreLost)),
		steps.On(`every event is delivered without the (\S+) header`, steps.Does1(whenWithoutHeader)),
		steps.On(`every event is delivered without its proof, (as text/plain|as application/x-www-form-urlencoded|without a Content-Type)`, steps.Does1(whenUnproved)),
		steps.On(`every event is delivered with (its first byte altered|its last byte altered|one space added|`+
			`one space added at its end|one space added in front|a newline added at its end|a NUL added at its end|`+
			`a byte added that is not UTF-8|one letter of a value altered|its JSON re-serialised with indentation) after signing`,
			steps.Does1(whenAltered)),
		steps.On(`every event is delivered signed with (a wrong|an empty) secret`, steps.Does1(whenOtherSecret)),
		steps.On(`every event is delivered with a signature (.+)`, steps.Does1(whenFaultySignature)),
		steps.On(`every event is delivered with two signatures, (another and then the right one|the right one and then another)`, steps.Does1(whenSignedTwice)),
		steps.On(`every event is delivered signed with a stale timestamp`, steps.Does0(whenStale)),
		steps.On(`every event is delivered with its timestamp altered after signing`, steps.Does0(whenOtherTimestamp)),
		steps.On(`every event is delivered with (no key|an empty key|a wrong key of the same length|a key that begins otherwise|`+
			`a key that is another in its middle|a key that ends otherwise|the first character of the key|`+
			`the first half of the key|the last characters of the key|the key without its last character|`+
			`the key in the other letter case|the right key inside another text|the right key and one character more|`+
			`one character and the right key|the right key under the scheme Basic)`,
			steps.Does1(whenOtherKey)),
		steps.On(`every event is delivered with the right key after the word (\S+)`, steps.Does1(whenWord)),
		steps.On(`a TEST challenge is delivered`, steps.Does0(whenChallenged)),
		steps.On(`a TEST challenge is delivered (without its signature|signed with a wrong secret)`, steps.Does1(whenForgedChallenge)),
		steps.On(`malformed JSON is delivered, (.+)`, steps.Does1(whenMalformed)),
		steps.On(`a broken form is delivered, (.+)`, steps.Does1(whenBrokenForm)),
		steps.On(`the body (.+) is delivered`, steps.Does1(whenBody)),
	},
	Then: []steps.Step{
		steps.On(`(?:it|every one of them) is acknowledged`, steps.Does0(thenAcknowledged)),
		steps.On(`(?:it|every one of them) is answered`, steps.Does0(thenAnswered)),
		steps.On(`the platform tries as often as its schedule says`, steps.Does0(thenTriedAsScheduled)),
		steps.On(`it is answered with the exact success status`, steps.Does0(thenExact)),
		steps.On(`none of them is accepted`, steps.Does0(thenNoneAccepted)),
		steps.On(`every one of them is rejected`, steps.Does0(thenRejected)),
		steps.On(`every one of them is rejected with an answer`, steps.Does0(thenRejectedWithAnswer)),
		steps.On(`it is answered with the same challenge`, steps.Does0(thenChallengeAnswered)),
		steps.On(`it is not answered with the challenge`, steps.Does0(thenChallengeNotAnswered)),
		steps.On(`a good delivery after (?:each of )?them is acknowledged`, steps.Does0(thenLive)),
	},
}

func givenReceiver(_ context.Context, r *Run, platform string) error {
	if p := r.suite.Platform; platform != p.Name && platform != p.String() {
		return fmt.Errorf("the scenario is about a receiver of %s, and the one under test is of %s", platform, p)
	}
	return nil
}

// known makes sure that a step names an event of the platform.
func (r *Run) known(event string) error {
	if _, err := r.suite.Platform.Event(event); err != nil {
		return err
	}
	return nil
}
