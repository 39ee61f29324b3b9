package sendersteps

import "github.com/quintain-dev/quintain/features/internal/steps"

// Library has the steps of features/sender.
var Library = &steps.Library{
	Given: []steps.Step{
		steps.On(`a webhook of (\S+) that answers (\S+)`, steps.Does2(givenAnswers)),
		steps.On(`a webhook of (\S+) that answers (\S+) and then 200`, steps.Does2(givenAnswersThen)),
		steps.On(`a webhook of (\S+) that fails (\d+) times and then answers 200`, steps.Does2(givenFails)),
		steps.On(`a webhook of (\S+) that fails one time short of being disabled, and then answers 200`, steps.Does1(givenAlmostDead)),
		steps.On(`a webhook of (\S+) that asks to wait (longer|no longer) than the schedule does, with Retry-After honoured`, steps.Does2(givenRetriesAfter)),
		steps.On(`a webhook of (\S+) that answers 410, which means gone`, steps.Does1(givenAnswersGone)),
		steps.On(`webhooks of (\S+) for member\.joined, for payment\.completed, and for both`, steps.Does1(givenThree)),
	},
	When: []steps.Step{
		steps.On(`an event happens and its schedule runs out`, steps.Does0(whenRunsOut)),
		steps.On(`an event happens and its attempts are made one by one`, steps.Does0(whenOneByOne)),
		steps.On(`an event happens and its first attempt fails`, steps.Does0(whenFirstFails)),
		steps.On(`the webhook is (deleted|deactivated)`, steps.Does1(whenGone)),
		steps.On(`member\.joined, payment\.completed and post\.created happen`, steps.Does0(whenThreeHappen)),
		steps.On(`(\d+) events happen`, steps.Does1(whenMany)),
		steps.On(`the test call is made`, steps.Does0(whenTested)),
		steps.On(`(\w+) is called`, steps.Does1(whenCalled)),
		steps.On(`(\w+) is called with (no token|a wrong token|the token of another community)`, steps.Does2(whenCalledWith)),
		steps.On(`(\w+) is called (without a url|without events|with a url that is no address|with an unknown event|with a body that is not JSON|with a page of 0|of a community that is not there|of a webhook that is not there|more often than the limit)`, steps.Does2(whenMisused)),
	},
	Then: []steps.Step{
		steps.On(`it is acknowledged at attempt (\d+)`, steps.Does1(thenAcknowledgedAt)),
		steps.On(`it is sent with the content type of its contract`, steps.Does0(thenTyped)),
		steps.On(`no other attempt follows`, steps.Does0(thenNoOther)),
		steps.On(`every attempt has the same id and body`, steps.Does0(thenSameBody)),
		steps.On(`every attempt is signed for itself`, steps.Does0(thenSigned)),
		steps.On(`the first attempt counts as (an acknowledgement|a failure)`, steps.Does1(thenCountsAs)),
		steps.On(`the attempts are as many and as far apart as the schedule says`, steps.Does0(thenScheduled)),
		steps.On(`the attempts are as far apart as the schedule and the answers say`, steps.Does0(thenWaited)),
		steps.On(`it is given up at attempt (\d+)`, steps.Does1(thenGivenUpAt)),
		steps.On(`the webhook is (switched off|still on)`, steps.Does1(thenSwitched)),
		steps.On(`it is not sent the next event`, steps.Does0(thenNotSent)),
		steps.On(`each webhook was sent its events, each once`, steps.Does0(thenSubscribed)),
		steps.On(`the log has (\d+) attempts, newest first, with the status codes (.+)`, steps.Does2(thenLogged)),
		steps.On(`the pages of the log have (\d+) and (\d+) attempts, newest first, each once`, steps.Does2(thenPaged)),
		steps.On(`a page of the log never has more than (\d+) attempts`, steps.Does1(thenPageBound)),
		steps.On(`it reports the status (\d+) and a response time`, steps.Does1(thenReported)),
		steps.On(`the webhook was sent a signed test\.ping`, steps.Does0(thenPinged)),
		steps.On(`it succeeds, as the contract says`, steps.Does0(thenSucceeds)),
		steps.On(`it is answered ([A-Z_]+), as the contract says`, steps.Does1(thenAnsweredCode)),
		steps.On(`it is refused, as the contract says`, steps.Does0(thenRefusedCall)),
		steps.On(`the webhook is as it was`, steps.Does0(thenAsItWas)),
	},
}
