// Package mocksteps has Gherkin steps that play a community platform, for features of your own: a community for each
// scenario, webhooks, inboxes that fail by script, a sender that misbehaves, and a clock that is moved manually.
// Register adds them to a godog suite; they may stand beside those of package judge and your own:
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
// An event is a name of the catalogue, or whatever looks like one (with a dot, an underscore or in camel case), so that
// a step of your own such as "checkout happens" is not ambiguous. Durations are written as 500ms, 5s or 1h30m. Scripts
// of inboxes and of faults are those of the mock's control API.
//
// The community. Its clock stands still until it is moved, and its seed is 42, if nothing else is said. Its settings
// come before its first webhook:
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
// Where deliveries go, and what they go through. A webhook is for all events if none is named; its address is an inbox,
// a receiver by its name in Mock.Receivers, or a URL:
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
//	When the webhook[ to the inbox "<name>"] is turned off|on
//	When the webhook[ to the inbox "<name>"] is deleted
//	When the secret[ of the webhook to the inbox "<name>"] is rotated[ to "<secret>"][ with an overlap of <duration>]
//
// What came of it. The delivery, the webhook and the requests are the only ones there are; where there are more, the
// step has to say which:
//
//	Then the inbox "<name>" got <n> requests[ of <event>]
//	Then the inbox "<name>" got 1 request[ of <event>]
//	Then the inbox "<name>" got nothing
//	Then the requests[ to the inbox "<name>"] have the same body, byte for byte
//	Then the request[ to the inbox "<name>"] carries:   a table of JSON pointers and what is there: see features/events
//	Then the requests[ to the inbox "<name>"] are correctly signed
//	Then the attempts[ of <event>][ to the inbox "<name>"] came at "<durations>"   after the event: "0s, 5s, 30s"
//	Then the delivery[ of <event>][ to the inbox "<name>"] is acknowledged|exhausted|canceled|waiting|pending[ after <n> attempts]
//	Then every delivery[ of <event>][ to the inbox "<name>"] is acknowledged|exhausted|canceled|waiting|pending[ after <n> attempts]
//	Then attempt <n>[ of <event>][ to the inbox "<name>"] failed with timeout|refused|reset|malformed|unresolvable|network_error
//	Then attempt <n>[ of <event>][ to the inbox "<name>"] was answered <status>
//	Then the webhook[ to the inbox "<name>"] is switched off
//	Then the webhook[ to the inbox "<name>"] is still on
//
// A webhook or delivery that leads to no inbox is the one to "<address>". Steps of your own get at the community by Of.
//
// # What it is not
//
// The steps judge by no rule: what is right is up to the feature. Package judge has the rules.
package mocksteps
