package judge_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/features/judge"
	"github.com/quintain-dev/quintain/features/judge/report/render"
)

// leaky is a receiver that lets everybody in and sends back what must not be in a report: control characters, and the
// secret.
func leaky() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Key", secret)
		io.WriteString(w, "\x1b[31m\x00<&>\"' key="+secret+" "+r.Header.Get("Authorization"))
	})
}

// TestAReportInEveryForm: each form says which rule failed, what was sent and what came back, and none says the secret.
func TestAReportInEveryForm(t *testing.T) {
	t.Parallel()
	for _, name := range some([]string{"tribe", "mighty"}) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			report := judged(t, name, leaky(), func(r *judge.Receiver) { r.Seeds = 5 })
			require.True(t, report.Failed())
			var plain, colored, asJSON, junit bytes.Buffer
			require.NoError(t, render.Text(&plain, report, false))
			require.NoError(t, render.Text(&colored, report, true))
			require.NoError(t, render.JSON(&asJSON, report))
			require.NoError(t, render.JUnit(&junit, report))
			for form, out := range map[string]string{"text": plain.String(), "color": colored.String(), "JSON": asJSON.String(), "JUnit": junit.String()} {
				require.NotContains(t, out, secret, form)
				require.Contains(t, out, "SIG-1", form)
				require.Contains(t, out, "--platform "+name, form)
				require.Contains(t, out, "$QUINTAIN_SECRET", form)
				require.Contains(t, out, "200 OK after", form)
			}
			require.NotContains(t, plain.String(), "\x1b")
			require.Contains(t, colored.String(), "\x1b[31m✗ SIG-1\x1b[0m")
			require.NotContains(t, colored.String(), "\x1b[31m·")
		})
	}
}

// TestJSONListsEveryRule: also those that do not apply, and why.
func TestJSONListsEveryRule(t *testing.T) {
	t.Parallel()
	report := judged(t, "mighty", leaky(), few("EventCreated"))
	var out bytes.Buffer
	require.NoError(t, render.JSON(&out, report))
	require.False(t, strings.Contains(out.String(), ": null"), "an empty list is [], not null")
	var decoded struct {
		Tool, Platform, Target string
		Failed                 bool
		Seed                   uint64
		DurationMS             float64 `json:"duration_ms"`
		Scenarios              map[string]int
		Rules                  []struct {
			ID, Level, Verdict, Why string
			Scenarios               []struct {
				Scenario, Verdict string
				DurationMS        float64 `json:"duration_ms"`
			}
			Failures []judge.Failure
		}
	}
	require.NoError(t, json.Unmarshal(out.Bytes(), &decoded))
	require.Equal(t, "quintain", decoded.Tool)
	require.Equal(t, "mighty@2025-11-07", decoded.Platform)
	require.True(t, decoded.Failed)
	require.Positive(t, decoded.DurationMS)
	require.Equal(t, decoded.Scenarios["planned"], decoded.Scenarios["passed"]+decoded.Scenarios["failed"]+decoded.Scenarios["not_run"])
	listed := map[string]bool{}
	for _, rule := range decoded.Rules {
		listed[rule.ID] = true
		if rule.Verdict == "not-run" {
			require.NotEmpty(t, rule.Why, rule.ID)
		}
		if rule.ID == "SIG-1" {
			require.NotEmpty(t, rule.Failures)
			f := rule.Failures[0]
			require.Equal(t, "EventCreated, no Authorization", f.Sent)
			require.NotEmpty(t, f.Why)
			require.Equal(t, http.MethodPost, f.Request.Method)
			require.Contains(t, f.Request.Text, "event_id")
			require.Equal(t, http.StatusOK, f.Response.Status)
		}
	}
	for _, rule := range rulesOf(judge.OfReceiver) {
		require.True(t, listed[rule.ID], "%s is not listed", rule.ID)
	}
}

// TestJUnitCounts: what the attributes count is there, only a must rule fails, and the XML is well formed.
func TestJUnitCounts(t *testing.T) {
	t.Parallel()
	report := judged(t, "tribe", leaky(), func(r *judge.Receiver) { r.Seeds = 5 })
	var out bytes.Buffer
	require.NoError(t, render.JUnit(&out, report))
	type testcase struct {
		ClassName string `xml:"classname,attr"`
		Name      string `xml:"name,attr"`
		Failure   *struct {
			Message string `xml:"message,attr"`
		} `xml:"failure"`
		Skipped *struct {
			Message string `xml:"message,attr"`
		} `xml:"skipped"`
	}
	var suites struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Skipped  int `xml:"skipped,attr"`
		Suites   []struct {
			Name     string     `xml:"name,attr"`
			Tests    int        `xml:"tests,attr"`
			Failures int        `xml:"failures,attr"`
			Skipped  int        `xml:"skipped,attr"`
			Cases    []testcase `xml:"testcase"`
		} `xml:"testsuite"`
	}
	require.NoError(t, xml.Unmarshal(out.Bytes(), &suites))
	names := map[string]bool{}
	tests, failed, skipped := 0, 0, 0
	for _, s := range suites.Suites {
		var f, k int
		for _, c := range s.Cases {
			id := c.ClassName + " " + c.Name
			require.False(t, names[id], "%q is there twice", id)
			names[id] = true
			if c.Failure != nil {
				require.True(t, strings.HasSuffix(s.Name, " must"), s.Name)
				require.NotEmpty(t, c.Failure.Message)
				f++
			}
			if c.Skipped != nil {
				require.NotEmpty(t, c.Skipped.Message)
				k++
			}
		}
		require.Equal(t, []int{len(s.Cases), f, k}, []int{s.Tests, s.Failures, s.Skipped}, s.Name)
		tests, failed, skipped = tests+s.Tests, failed+f, skipped+k
	}
	require.Equal(t, []int{tests, failed, skipped}, []int{suites.Tests, suites.Failures, suites.Skipped})
	require.NotZero(t, failed)
	require.Equal(t, strings.Count(out.String(), "<testsuite "), strings.Count(out.String(), "</testsuite>"))
}

// TestManyFailuresAreShort: the text shows three failures of a rule at most, each of another kind, and counts the
// others.
func TestManyFailuresAreShort(t *testing.T) {
	t.Parallel()
	out := text(t, judged(t, "ambassify", refusesFrom(1)(load(t, "ambassify")), func(r *judge.Receiver) { r.Seeds, r.Events = 5, nil }))
	require.Contains(t, out, "and 11 more like it: ")
	require.Contains(t, out, "every good delivery was answered 409: the platform wants a 2xx status")
	require.Less(t, strings.Count(out, "\n"), 120, out)
}
