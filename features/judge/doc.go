// Package judge judges webhook receivers, and webhook senders, by numbered rules. It plays a community platform
// (package contract says what each one sends), does to the receiver what the platform and the internet do to it, and says
// which rules it broke: what was sent, what came back, why that matters, and the command that tries it again.
//
// # How to run it
//
// In a test of your own, Run makes a subtest of every scenario:
//
//	func TestWebhooks(t *testing.T) {
//		srv := httptest.NewServer(myapp.Handler())
//		defer srv.Close()
//		tribe, err := contract.Load("tribe")
//		if err != nil {
//			t.Fatal(err)
//		}
//		judge.Run(t, judge.Receiver{URL: srv.URL + "/hooks", Platform: tribe, Secret: "…"})
//	}
//
// Everywhere else, Verify returns a Report, which writes itself as text, JSON or JUnit XML. The receiver may be in any
// language: all that is needed is its URL. VerifySender and RunSender do the same for a mock server, or for any sender
// that has the mock's control API.
//
// # What it checks
//
// The rules are those of ReceiverRules and SenderRules, and stand as Gherkin in the folder features. A rule has a level
// for each platform: must decides whether the report has failed, should and may are reported. A must rule rests on what
// the platform documents, or on what anyone on the internet can do; whatever we inferred or chose is a should at most.
//
// No rule blames a receiver for what another one is about. Before a scenario spoils a delivery, it makes sure that the
// receiver acknowledges an unspoilt one; where it does not, the scenario is not run, and the delivery that was not
// acknowledged is a failure of ACK-2 (or of LIVE-1, if the receiver took the same before it was given something bad).
// A failure that one payload may have caused is tried with others: what fails with all of them is the rule's, and what
// fails with one is ACK-2's. What comes first is what the platform sends, scenarios at once. Then come, one scenario at a
// time, the same delivery many times at once, forged deliveries, and rubbish, so that what rubbish does to a receiver is
// not taken for something else. After everything bad a good delivery must still be acknowledged: LIVE-1.
//
// # What a failure looks like
//
//	✗ SIG-1 must (documented)  refuses a delivery without the signature header / credential
//	    sent   member.created, no X-Tribe-Signature
//	    want   refused (a 4xx)
//	    got    200 OK after 3ms  {"status":"SUCCEEDED","type":"SUBSCRIPTION"}
//	    why    anyone can post to this URL as if they were the platform
//	    again  quintain verify http://localhost:3000/hooks --platform tribe --secret "$QUINTAIN_SECRET" --rules SIG-1 --events member.created --seed 42
//
// # Your own features
//
// Steps registers the same steps beside yours:
//
//	Given a receiver of tribe that acknowledges member.created
//	When member.created is delivered 10 times at once
//	Then every one of them is acknowledged
//
// The features of this project are the list of what there is to say. The steps keep their state for each scenario, so
// scenarios may run at once.
//
// # Your own features over the mock
//
// MockSteps registers steps that play the platform themselves: a community for each scenario, endpoints that fail by
// script, a sender that misbehaves, and a clock that is moved by hand. They judge by no rule; what is right is up to the
// feature:
//
//	Scenario: a shop that is down for a while gets its events all the same
//	  Given a community of tribe
//	  And an inbox "shop" that answers "503x2, 200"
//	  And a webhook to the inbox "shop" for member.created
//	  When member.created happens
//	  And everything settles
//	  Then the attempts came at "0s, 5s, 30s"
//	  And the delivery is acknowledged after 3 attempts
//
// These are all of them. What stands in brackets may be left out; of words with strokes between them, one is said.
// Durations are written as 500ms, 5s or 1h30m. Scripts of inboxes and of faults are those of the mock's control API.
//
// The community. Its clock stands still until it is moved, and its seed is 42, if nothing else is said. Its settings come
// before its first webhook:
//
//	Given a community of <platform>[ with the seed <n>][ from "<time>"]
//	Given a community of <platform>[ with the seed <n>] on a real clock
//	Given a time limit of <duration>                                   for an answer, in real time
//	Given the retry schedule "<durations>"                             such as "5s, 5m"; "" for no retries
//	Given jitter of <n>%                                               by which delays are longer, at most
//	Given Retry-After is honoured
//	Given a 410 means gone                                             and switches the webhook off
//	Given deliveries are signed as Standard Webhooks
//	Given the secret "<secret>"
//
// Where deliveries go, and what they go through. A webhook is for all events if none is named; its address is an inbox, a
// receiver by its name in Mock.Receivers, or a URL:
//
//	Given an inbox "<name>" that answers "<script>"                    such as "503x2, timeout, 200"
//	Given a webhook to the inbox "<name>"[ for <events>]
//	Given a webhook to "<address>"[ for <events>]
//	Given the faults "<faults>"                                        such as "30% lost", of the whole community
//	Given the webhook[ to the inbox "<name>"] has the faults "<faults>"
//
// What happens. On a virtual clock, the first attempts have been made when the step is over, and the retries when the
// clock was moved that far:
//
//	When <event> happens[ <n> times][ with the faults "<faults>"]
//	When <event> happens with the payload:                             a doc string, sent as it is
//	When the action <action> is done
//	When the story <story> is told in the community
//	When the clock moves by <duration>
//	When the clock moves to the next attempt
//	When everything settles                                            no attempt is due any more
//	When the clock is paused|resumed                                   if it is a real one
//	When the delivery[ of <event>][ to the inbox "<name>"] is redelivered
//	When the webhook[ to the inbox "<name>"] is switched off|on
//	When the webhook[ to the inbox "<name>"] is deleted
//	When the secret[ of the webhook to the inbox "<name>"] is rotated[ to "<secret>"][ with an overlap of <duration>]
//
// What came of it. The delivery, the webhook and the requests are the only ones there are; where there are more, the step
// has to say which:
//
//	Then the inbox "<name>" got <n> requests[ of <event>]
//	Then the inbox "<name>" got 1 request[ of <event>]
//	Then the inbox "<name>" got nothing
//	Then the requests[ to the inbox "<name>"] have the same body, byte for byte
//	Then the requests[ to the inbox "<name>"] are rightly signed
//	Then the attempts[ of <event>][ to the inbox "<name>"] came at "<durations>"   after the event: "0s, 5s, 30s"
//	Then the delivery[ of <event>][ to the inbox "<name>"] is acknowledged|exhausted|canceled|waiting|pending[ after <n> attempts]
//	Then every delivery[ of <event>][ to the inbox "<name>"] is acknowledged|exhausted|canceled|waiting|pending[ after <n> attempts]
//	Then attempt <n>[ of <event>][ to the inbox "<name>"] failed with timeout|refused|reset|malformed|unresolvable|network_error
//	Then attempt <n>[ of <event>][ to the inbox "<name>"] was answered <status>
//	Then the webhook[ to the inbox "<name>"] is switched off
//	Then the webhook[ to the inbox "<name>"] is still on
//
// A webhook or delivery that leads to no inbox is the one to "<address>". Steps of your own get at the community by MockOf.
//
// # What it is not
//
// It is no load test, it does not look inside the receiver (whether it processed an event once is between you and your
// database), and it follows no redirects: the platforms' senders are not known to. Payloads and their ids are a function
// of the seed; their signatures are made with the real clock, since a right receiver refuses stale ones.
package judge
