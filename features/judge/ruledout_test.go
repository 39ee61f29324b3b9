package judge_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/cucumber/godog"
	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/features/judge"
	"github.com/quintain-dev/quintain/features/judge/reference"
	"github.com/quintain-dev/quintain/features/judge/report"
	"github.com/quintain-dev/quintain/features/judge/report/render"
)

// TestFailuresSayWhatWasRuledOut: a failure names the explanation that is left, and those that were ruled out with what
// the run saw, as text and as JSON. Rules that nothing judges yet are in the report, and say so; the text counts them.
func TestFailuresSayWhatWasRuledOut(t *testing.T) {
	t.Parallel()
	found := judged(t, "mighty", refuses(strictMember)(load(t, "mighty")), few("MemberBadgeAdded"))
	var failure *judge.Failure
	unbuilt := map[string]string{}
	for _, rule := range found.Rules {
		if rule.ID == "FWD-1" {
			require.NotEmpty(t, rule.Failures)
			failure = &rule.Failures[0]
		}
		if rule.Unbuilt {
			unbuilt[rule.ID] = rule.Why
			require.Equal(t, judge.NotRun, rule.Verdict)
		}
	}
	require.NotNil(t, failure, text(t, found))
	require.Equal(t, "this rule", failure.Cause)
	require.Equal(t, []report.RuledOut{
		{Cause: "this payload", Saw: "unmodified: acknowledged"},
		{Cause: "id seen before", Saw: "unmodified, under its own id: acknowledged"},
	}, failure.RuledOut)
	require.Contains(t, text(t, found), "ruled out  this payload (unmodified: acknowledged), id seen before (unmodified, under its own id: acknowledged)\n")
	require.Equal(t, "not built yet", unbuilt["BAD-7"])
	require.Contains(t, text(t, found), fmt.Sprintf("\n  not built yet: %d of the rules that quintain rules lists\n", len(unbuilt)))
	require.NotContains(t, text(t, found), "BAD-7")

	var out bytes.Buffer
	require.NoError(t, render.JSON(&out, found))
	require.Contains(t, out.String(), `"cause": "this payload"`)
	var decoded map[string]any
	require.NoError(t, json.Unmarshal(out.Bytes(), &decoded))
}

// TestPoisonedIsSaid: a receiver that takes nothing any more after something bad is blamed for that, not for the
// payload.
func TestPoisonedIsSaid(t *testing.T) {
	t.Parallel()
	var poisoned atomic.Bool
	found := judged(t, "tribe", wrong(load(t, "tribe"), func(w http.ResponseWriter, _ *http.Request, raw []byte) bool {
		if string(raw) == "null" {
			poisoned.Store(true)
		}
		return poisoned.Load() && refuse(w, http.StatusServiceUnavailable)
	}), few("member.created"), func(r *judge.Receiver) { r.Rules, r.Concurrency = []string{"ACK-2", "BAD-2", "LIVE-1"}, 1 })
	for _, rule := range found.Rules {
		for _, f := range rule.Failures {
			if rule.ID == "LIVE-1" {
				require.Equal(t, "poisoned by something earlier", f.Cause, text(t, found))
			}
		}
	}
	require.Contains(t, failures(found), "LIVE-1 must", text(t, found))
	require.NotContains(t, failures(found), "ACK-2 must", text(t, found))
}

// own runs a feature of one's own with our steps beside own ones.
func own(t *testing.T, feature string, r judge.Receiver, add func(*godog.ScenarioContext)) (code int, output string) {
	t.Helper()
	var out bytes.Buffer
	code = godog.TestSuite{
		ScenarioInitializer: func(sc *godog.ScenarioContext) {
			judge.Steps(sc, r)
			if add != nil {
				add(sc)
			}
		},
		Options: &godog.Options{
			Format: "pretty", Output: &out, NoColors: true, Strict: true, DefaultContext: t.Context(),
			FeatureContents: []godog.Feature{{Name: "own.feature", Contents: []byte(feature)}},
		},
	}.Run()
	return code, out.String()
}

// TestHangingUpOnStrangersInASuiteOfOnesOwn: a scenario needs no tag for a receiver to be excused that closes the
// connection on every sender without a correct signature.
func TestHangingUpOnStrangersInASuiteOfOnesOwn(t *testing.T) {
	t.Parallel()
	tryno := load(t, "tryno")
	srv := httptest.NewServer(answering(reference.New(tryno, secret), func(http.ResponseWriter) { panic(http.ErrAbortHandler) }))
	t.Cleanup(srv.Close)
	code, out := own(t, `Feature: f
  Scenario: s
    Given a receiver of tryno that acknowledges what is correctly signed
    When every event is delivered with a signature that is empty
    Then every one of them is rejected with an answer
`, judge.Receiver{URL: srv.URL, Platform: tryno, Secret: secret, Events: []string{"member.joined"}}, nil)
	require.Zero(t, code, out)
}

// TestARunInsideOfAScenario: a step may judge another receiver, with the context that it was given.
func TestARunInsideOfAScenario(t *testing.T) {
	t.Parallel()
	tribe := load(t, "tribe")
	srv := httptest.NewServer(reference.New(tribe, secret))
	t.Cleanup(srv.Close)
	r := judge.Receiver{URL: srv.URL, Platform: tribe, Secret: secret, Events: []string{"member.created"}, Rules: []string{"ACK-1", "SIG-1"}}
	code, out := own(t, "Feature: f\n  Scenario: s\n    Given another receiver is judged\n    When member.created is delivered\n    Then it is acknowledged\n", r,
		func(sc *godog.ScenarioContext) {
			sc.Given(`^another receiver is judged$`, func(ctx context.Context) error {
				found, err := judge.Verify(ctx, r)
				if err != nil {
					return err
				}
				require.Zero(t, found.Scenarios.NotRun)
				return nil
			})
		})
	require.Zero(t, code, out)
}
