package judge_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/features/judge"
	"github.com/quintain-dev/quintain/features/judge/report/render"
)

// A receiver that ends in the middle of a run is said to have ended, and what cannot be judged for that says so.
func TestAReceiverThatEnds(t *testing.T) {
	t.Parallel()
	var seen atomic.Int64
	var server *httptest.Server
	server = httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		if seen.Add(1) == 30 {
			_ = server.Listener.Close()
		}
	}))
	defer server.Close()
	report, err := verify(t.Context(), t, judge.Receiver{
		URL: server.URL, Platform: load(t, "ambassify"), Rules: []string{"ACK-2", "BAD-2"}, Seeds: 3, Concurrency: 1,
	})
	require.NoError(t, err)
	require.Contains(t, failures(report), "ACK-2 must")
	require.Len(t, report.Notes, 1)
	require.Regexp(t, `^from scenario "ambassify .+" on nobody listened at http://127.0.0.1:\d+ any more$`, report.Notes[0])
	var out strings.Builder
	require.NoError(t, render.JUnit(&out, report))
	require.Contains(t, out.String(), `<property name="note" value="from scenario `)
	for _, rule := range report.Rules {
		if rule.ID == "BAD-2" {
			require.Equal(t, judge.NotRun, rule.Verdict)
			require.Equal(t, report.Notes[0], rule.Why)
		}
	}
}
