package receiversteps

import (
	"context"
	"fmt"

	"github.com/quintain-dev/quintain/features/internal/steps"
)

// Library has the steps of features/receiver.
var Library = &steps.Library{
	Given: []steps.Step{
		steps.On(`a receiver of {platform}`, steps.Does1(givenReceiver),
			"Checks that the receiver under test is one of this platform."),
		steps.On(`a receiver of {platform} that acknowledges {event}`, steps.Does2(givenAcknowledges),
			"Delivers the event once, and goes on if the receiver acknowledges it."),
		steps.On(`a receiver of {platform} that acknowledges what is correctly signed`, steps.Does1(givenAcknowledgesSigned),
			"Delivers every event once, correctly signed, and goes on with those that the receiver acknowledges."),
		steps.On(`a receiver of {platform} that acknowledges good deliveries`, steps.Does1(givenAcknowledgesGood),
			"Looks for an event that the receiver acknowledges, and goes on with it."),
		steps.On(`a receiver of {platform} that answers a signed TEST challenge`, steps.Does1(givenAnswersChallenge),
			"Delivers a correctly signed TEST challenge, and goes on if the receiver answers it."),
	},
	When: []steps.Step{
		steps.On(`the story {story} is told to the receiver`, steps.Does1(whenStory),
			"Delivers the events of a story in their order, each when the receiver has answered the one before."),
		steps.On(`the documented example of {event} is delivered`, steps.Does1(whenExample),
			"Delivers the example that the platform's documentation prints."),
		steps.On(`generated payloads of {event} are delivered`, steps.Does1(whenGenerated),
			"Delivers generated payloads of the event: 25, or as many as Receiver.Seeds says."),
		steps.On(`{event} is delivered`, steps.Does1(whenDelivered),
			"Delivers one generated payload of the event."),
		steps.On(`{event} is delivered with only the required fields`, steps.Does1(whenMinimal),
			"Delivers a payload without any optional field."),
		steps.On(`{event} is delivered with every field`, steps.Does1(whenFull),
			"Delivers a payload with all optional fields."),
		steps.On(`{event} is delivered with each null and enum value that is (not )?documented`, steps.Does2(whenVariants),
			"Delivers a payload for each null and each enum value that the contract allows."),
		steps.On(`{event} is delivered as JSON`, steps.Does1(whenJSON),
			"Delivers the event as JSON."),
		steps.On(`{event} is delivered as a form`, steps.Does1(whenForm),
			"Delivers the event as a form, in the nesting style that the receiver declares, or else in each style."),
		steps.On(`forms are delivered with each difficult text`, steps.Does0(whenFormTexts),
			"Delivers forms of one event with emoji, right-to-left text, HTML and other difficult texts."),
		steps.On(`forms are delivered three times`, steps.Does0(whenFormsThrice),
			"Delivers a form of every event three times, with the same id and body."),
		steps.On(`{event} is delivered with each difficult text`, steps.Does1(whenTexts),
			"Delivers the event with emoji, right-to-left text, HTML and other difficult texts."),
		steps.On(`{event} is delivered with an unknown field at each level`, steps.Does1(whenUnknownFields),
			"Delivers the event with a field that no contract has, in one object after another."),
		steps.On(`{event} is delivered and acknowledged`, steps.Does1(whenAcknowledged),
			"Delivers the event once, and goes on if the receiver acknowledges it."),
		steps.On(`the same delivery arrives twice more`, steps.Does0(whenTwiceMore),
			"Repeats the delivery two times, with the same id and body and a new signature."),
		steps.On(`{event} is delivered {n} times at once`, steps.Does2(whenAtOnce),
			"Sends the same delivery many times concurrently."),
		steps.On(`{event} is delivered and every answer to it is lost`, steps.Does1(whenAnswersAreLost),
			"Has a mock of the platform deliver the event by its whole retry schedule, as if no answer arrived."),
		steps.On(`every event is delivered without the {header} header`, steps.Does1(whenWithoutHeader),
			"Delivers every event without one header of its signature."),
		steps.On(`every event is delivered without its proof, `+
			`(as text/plain|as application/x-www-form-urlencoded|without a Content-Type)`, steps.Does1(whenUnproved),
			"Delivers every event unsigned, as something other than JSON."),
		steps.On(`every event is delivered with (its first byte altered|its last byte altered|one space added|`+
			`one space added at its end|one space added in front|a newline added at its end|a NUL added at its end|`+
			`a byte added that is not UTF-8|one letter of a value altered|its JSON re-serialised with indentation) after signing`,
			steps.Does1(whenAltered), "Changes the body of every event after signing it."),
		steps.On(`every event is delivered signed with (a wrong|an empty) secret`, steps.Does1(whenOtherSecret),
			"Signs every event with another secret than the receiver's."),
		steps.On(`every event is delivered with a signature {fault}`, steps.Does1(whenFaultySignature),
			"Spoils the signature of every event. The features in features/receiver show the faults."),
		steps.On(`every event is delivered with two signatures, `+
			`(another and then the right one|the right one and then another)`, steps.Does1(whenSignedTwice),
			"Delivers every event with two signatures, as a sender does while its secret is replaced."),
		steps.On(`every event is delivered signed with a stale timestamp`, steps.Does0(whenStale),
			"Signs every event correctly, as of a time that is long past."),
		steps.On(`every event is delivered with its timestamp altered after signing`, steps.Does0(whenOtherTimestamp),
			"Changes the timestamp header of every event after signing it."),
		steps.On(`every event is delivered with (no key|an empty key|a wrong key of the same length|a key that begins otherwise|`+
			`a key that is another in its middle|a key that ends otherwise|the first character of the key|`+
			`the first half of the key|the last characters of the key|the key without its last character|`+
			`the key in the other letter case|the right key inside another text|the right key and one character more|`+
			`one character and the right key|the right key under the scheme Basic)`,
			steps.Does1(whenOtherKey), "Delivers every event without the bearer key, or with a wrong one."),
		steps.On(`every event is delivered with the right key after the word {word}`, steps.Does1(whenWord),
			"Delivers every event with the bearer key after another spelling of Bearer."),
		steps.On(`a TEST challenge is delivered`, steps.Does0(whenChallenged),
			"Delivers the TEST challenge of the handshake."),
		steps.On(`a TEST challenge is delivered (without its signature|signed with a wrong secret)`, steps.Does1(whenForgedChallenge),
			"Delivers a forged TEST challenge."),
		steps.On(`malformed JSON is delivered, {fault}`, steps.Does1(whenMalformed),
			"Delivers JSON that cannot be parsed, correctly signed. The features in features/receiver show the faults."),
		steps.On(`a broken form is delivered, {fault}`, steps.Does1(whenBrokenForm),
			"Delivers a form that cannot be parsed. The features in features/receiver show the faults."),
		steps.On(`the body {body} is delivered`, steps.Does1(whenBody),
			"Delivers a body that is no event, correctly signed. The features in features/receiver show the bodies."),
	},
	Then: []steps.Step{
		steps.On(`(?:it|every one of them) is acknowledged`, steps.Does0(thenAcknowledged),
			"Fails unless the receiver acknowledged all that the steps before delivered."),
		steps.On(`(?:it|every one of them) is answered`, steps.Does0(thenAnswered),
			"Fails unless the receiver answered each delivery, with whatever status."),
		steps.On(`the platform tries as often as its schedule says`, steps.Does0(thenTriedAsScheduled),
			"Checks that the mock made every attempt of the retry schedule."),
		steps.On(`it is answered with the exact success status`, steps.Does0(thenExact),
			"Fails if the receiver answered with another success status than the documented one."),
		steps.On(`none of them is accepted`, steps.Does0(thenNoneAccepted),
			"Fails if the receiver accepted any of the forged deliveries."),
		steps.On(`every one of them is rejected`, steps.Does0(thenRejected),
			"Fails if the receiver acknowledged any of the deliveries."),
		steps.On(`every one of them is rejected with an answer`, steps.Does0(thenRejectedWithAnswer),
			"Fails unless the receiver answered each delivery with a status that rejects it."),
		steps.On(`it is answered with the same challenge`, steps.Does0(thenChallengeAnswered),
			"Fails unless the answer has the challenge that was delivered."),
		steps.On(`it is not answered with the challenge`, steps.Does0(thenChallengeNotAnswered),
			"Fails if the receiver answered the forged challenge."),
		steps.On(`a good delivery after (?:each of )?them is acknowledged`, steps.Does0(thenLive),
			"Fails if the receiver no longer acknowledges good deliveries after the bad ones."),
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
