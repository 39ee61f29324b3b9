// Package contract knows what community platforms say about their webhooks: which events there are, what their payloads
// look like, what counts as an acknowledgement, when a failed delivery is tried again, and how it is signed. Everything
// stands in one OpenAPI 3.1 document for each platform, under platforms/, each fact with its grade and source.
//
// Start with Load:
//
//	tribe, err := contract.Load("tribe")            // the default revision
//	event, err := tribe.Event("member.created")
//	err = event.Validate(body)                      // a *ValidationError lists every problem with its JSON pointer
//	rules := tribe.Rules                            // success rule, retry schedule, signature …
//
// Parse reads any OpenAPI 3.1 document with webhooks, also one that knows nothing of our extensions: what it does not
// say is settled in its place, and Assumptions lists it. Lint finds what the author of a document of our own kind
// forgot.
//
// The decisions about time are pure functions: NewDelivery, Begin, Next and Cancel say what becomes of a delivery, and
// leave it to others to carry that out.
//
// It does not send, receive, generate or judge anything: fakes makes payloads, mockserver sends them, judge judges
// a receiver.
package contract
