package judge_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/cucumber/godog"
	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/judge"
	"github.com/quintain-dev/quintain/features/judge/reference"
)

// TestRun is how a project tests its receiver: every scenario is a subtest.
func TestRun(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(reference.New(load(t, "tribe"), secret))
	t.Cleanup(srv.Close)
	judge.Run(t, judge.Receiver{URL: srv.URL, Platform: load(t, "tribe"), Secret: secret, Events: []string{"member.created"}})
}

// TestRunSender is how a mock server is tested.
func TestRunSender(t *testing.T) {
	t.Parallel()
	judge.RunSender(t, judge.Sender{URL: mock(t, nil), Platform: load(t, "tryno"), Rules: []string{"SND-1", "SND-2"}})
}

const ownFeature = `Feature: our receiver
  Scenario: it takes a member
    Given our receiver is up
    And a receiver of %PLATFORM% that acknowledges %EVENT%
    When %EVENT% is delivered 5 times at once
    Then every one of them is acknowledged

  @SIG-1
  Scenario: it refuses strangers
    Given a receiver of %PLATFORM% that acknowledges what is correctly signed
    When every event is delivered without the %HEADER% header
    Then none of them is accepted
    And a good delivery after them is acknowledged

  Scenario: it is deaf to rubbish
    Given a receiver of %PLATFORM% that acknowledges good deliveries
    When malformed JSON is delivered, with a trailing comma
    Then every one of them is rejected
    And a good delivery after each of them is acknowledged
`

// ownSuite runs a suite of one's own, with our steps beside one of its own.
func ownSuite(t *testing.T, platform, event, header string, receiver http.Handler) (code int, output string) {
	t.Helper()
	srv := httptest.NewServer(receiver)
	t.Cleanup(srv.Close)
	var out bytes.Buffer
	text := strings.NewReplacer("%PLATFORM%", platform, "%EVENT%", event, "%HEADER%", header).Replace(ownFeature)
	code = godog.TestSuite{
		ScenarioInitializer: func(sc *godog.ScenarioContext) {
			sc.Given(`^our receiver is up$`, func() error { return nil })
			judge.Steps(sc, judge.Receiver{URL: srv.URL, Platform: load(t, platform), Secret: secret})
		},
		Options: &godog.Options{
			Format: "pretty", Output: &out, NoColors: true, Strict: true, Concurrency: 4, DefaultContext: t.Context(),
			FeatureContents: []godog.Feature{{Name: "own.feature", Contents: []byte(text)}},
		},
	}.Run()
	return code, out.String()
}

// TestStepsInASuiteOfOnesOwn: the steps find there what they find here, and say it in the words of the report.
func TestStepsInASuiteOfOnesOwn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ platform, event, header string }{
		{"tribe", "member.created", "X-Tribe-Signature"}, {"tryno", "member.joined", "X-Tryno-Signature"},
	} {
		code, out := ownSuite(t, c.platform, c.event, c.header, reference.New(load(t, c.platform), secret))
		require.Zero(t, code, out)
		require.Contains(t, out, "3 scenarios (3 passed)")

		code, out = ownSuite(t, c.platform, c.event, c.header, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { succeed(w) }))
		require.Equal(t, 1, code, out)
		require.Contains(t, out, "3 scenarios (1 passed, 2 failed)")
		require.Contains(t, out, "SIG-1: sent "+c.event+", no "+c.header+"; want refused (a 4xx); got 200 OK after")
	}
}

// TestStepsDoNotHide: a good delivery that fails on the way fails the scenario, though it is not what the step is
// about.
func TestStepsDoNotHide(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	got := 0
	code, out := ownSuite(t, "tribe", "member.created", "X-Tribe-Signature", wrong(load(t, "tribe"), func(w http.ResponseWriter, _ *http.Request, _ []byte) bool {
		mu.Lock()
		defer mu.Unlock()
		got++
		return got == 1 && refuse(w, http.StatusInternalServerError)
	}))
	require.Equal(t, 1, code, out)
	require.Contains(t, out, "1 failed")
	require.Contains(t, out, "ACK-2: sent member")
}

// TestStepsDoNotPassWhatCannotBeSaid: where a scenario can say nothing, it fails in a suite of one's own.
func TestStepsDoNotPassWhatCannotBeSaid(t *testing.T) {
	t.Parallel()
	code, out := ownSuite(t, "tribe", "member.created", "X-Tribe-Signature", http.NotFoundHandler())
	require.Equal(t, 1, code, out)
	require.Contains(t, out, "3 scenarios (3 failed)")
	require.Contains(t, out, "nothing can be said: a plain member.created was not acknowledged")
}

// TestAStepAboutAnExampleThatIsNotThere: an event without example is an error of the step, in a sentence.
func TestAStepAboutAnExampleThatIsNotThere(t *testing.T) {
	t.Parallel()
	src, err := os.ReadFile("../../contract/testdata/foreign/shop.yaml")
	require.NoError(t, err)
	shop, err := contract.Parse("shop.yaml", src, "")
	require.NoError(t, err)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { succeed(w) }))
	t.Cleanup(srv.Close)
	var out bytes.Buffer
	code := godog.TestSuite{
		ScenarioInitializer: func(sc *godog.ScenarioContext) {
			judge.Steps(sc, judge.Receiver{URL: srv.URL, Platform: shop, Secret: "whsec_c2VjcmV0"})
		},
		Options: &godog.Options{
			Format: "pretty", Output: &out, NoColors: true, Strict: true, DefaultContext: t.Context(),
			FeatureContents: []godog.Feature{{Name: "own.feature", Contents: []byte(
				"Feature: f\n  Scenario: s\n    When the documented example of order.refunded is delivered\n")}},
		},
	}.Run()
	require.Equal(t, 1, code)
	require.Contains(t, out.String(), "has no example of order.refunded")
	require.NotContains(t, out.String(), "panic")
}
