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
// The rules are those of Rules, and stand as Gherkin in the folder features. A rule has a level
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
// Package mocksteps has steps that play the platform themselves, for features over the mock server.
//
// # What it is not
//
// It is no load test, it does not look inside the receiver (whether it processed an event once is between you and your
// database), and it follows no redirects: the platforms' senders are not known to. Payloads and their ids are a function
// of the seed; their signatures are made with the real clock, since a right receiver refuses stale ones.
package judge
