// Package judge judges webhook receivers, and webhook senders, by numbered rules. It plays a community platform
// (package contract says what each one sends), does to the receiver what the platform and the internet do to it, and
// says which rules it broke: what was sent, what came back, why that matters, and the command that tries it again.
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
// Everywhere else, Verify returns a Report; package report/render writes it as text, JSON or JUnit XML. The receiver
// may be in any language: all that is needed is its URL. VerifySender and RunSender do the same for a mock server, or
// for any sender that has the mock's control API.
//
// # What it checks
//
// Rules lists the rules; they are written as Gherkin in the folder features. A rule has a level for each platform: must
// decides whether the report has failed, should and may are reported. A must rests on what the platform documents, or
// on what anyone on the internet can do. Whatever we inferred or chose is a should at most.
//
// A rule fails only for the behaviour that it tests. Before a scenario spoils a delivery, it makes sure that the
// receiver acknowledges an unspoilt one. Before a rule is blamed, other causes are ruled out: the delivery is re-sent
// alone, its payload unmodified, and one that was accepted earlier is sent again. The run sends first what the platform
// sends, many scenarios at once. Then come, one at a time, the same delivery many times at once, forged deliveries, and
// malformed bodies, so that what these do to a receiver is not taken for something else.
//
// # What a failure looks like
//
//	✗ FWD-1 must (documented)  acknowledges unknown extra fields at every level
//	    sent   EventCreated, with an unknown field at /payload
//	    want   acknowledged (200 exactly)
//	    got    400 Bad Request after 2ms  {"status":"FAILED"}
//	    why    a field added tomorrow would stop every delivery
//	    ruled out  this payload (unmodified: acknowledged), id seen before (unmodified, under its own id: acknowledged)
//	    again  quintain verify http://localhost:3000/hooks --platform mighty --rules FWD-1 --events EventCreated --seed 42
//
// # Your own features
//
// Steps registers the same steps beside yours:
//
//	Given a receiver of tribe that acknowledges member.created
//	When member.created is delivered 10 times at once
//	Then every one of them is acknowledged
//
// StepList, and "quintain steps", list what there is to say. The steps keep their state for each scenario, so scenarios
// may run at once. An event is a name of the platform's catalogue, or whatever looks like one: a step of yours such as
// "checkout happens" is not ambiguous next to these. An undefined step that is near one of these is logged with that
// one.
//
// SenderSteps registers the steps about senders. WriteFeatures, and "quintain features", write the features of this
// project with the rows of another revision or of a document of your own.
//
// Package mocksteps has steps that play the platform themselves, for features over the mock server.
//
// # What it is not
//
// It is no load test, it does not look inside the receiver (whether it processed an event once is between you and your
// database), and it follows no redirects: the platforms' senders are not known to. Payloads and their ids are a
// function of the seed; their signatures are made with the real clock, since a correct receiver rejects stale ones.
package judge
