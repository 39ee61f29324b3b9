package judge_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/judge"
	"github.com/quintain-dev/quintain/mockserver"
)

// mock serves a mock server, with something around it.
func mock(t testing.TB, around func(http.Handler) http.Handler, options ...mockserver.Option) (url string) {
	t.Helper()
	server, err := mockserver.New(options...)
	require.NoError(t, err)
	var handler http.Handler = server
	if around != nil {
		handler = around(server)
	}
	srv := httptest.NewServer(handler)
	t.Cleanup(func() {
		require.NoError(t, server.Close())
		srv.Close()
	})
	return srv.URL
}

// TestTheMockPasses: the mock server breaks no rule of any platform.
func TestTheMockPasses(t *testing.T) {
	t.Parallel()
	for _, name := range some(contract.Names()) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			report, err := verifySender(t, judge.Sender{URL: mock(t, nil), Platform: load(t, name)})
			require.NoError(t, err)
			require.Empty(t, failures(report), text(t, report))
			require.Zero(t, report.Scenarios.NotRun)
			t.Log("\n" + text(t, report))
		})
	}
}

// TestTheMockPassesAtEveryRevision: a revision that the features do not know is compared with its own contract.
func TestTheMockPassesAtEveryRevision(t *testing.T) {
	t.Parallel()
	for _, name := range some(contract.Names()) {
		for _, revision := range some(load(t, name).Revisions[1:]) {
			p := load(t, name+"@"+revision)
			report, err := verifySender(t, judge.Sender{URL: mock(t, nil), Platform: p, Rules: []string{"SND-1", "SND-4"}})
			require.NoError(t, err)
			require.Empty(t, failures(report), text(t, report))
			require.Zero(t, report.Scenarios.NotRun)
		}
	}
}

// TestTheMockPassesWithStandardWebhooks: also where deliveries are proved by that in place of the platform's own
// scheme.
func TestTheMockPassesWithStandardWebhooks(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"mighty", "tribe"} {
		p, err := load(t, name).WithSignature(contract.StandardWebhooks)
		require.NoError(t, err)
		report, err := verifySender(t, judge.Sender{URL: mock(t, nil), Platform: p, Rules: []string{"SND-3"}})
		require.NoError(t, err)
		require.Empty(t, failures(report), text(t, report))
		require.Equal(t, 1, report.Scenarios.Passed)

		deaf := onCreating("/communities", func(n map[string]any) { delete(n, "signature") })
		url := mock(t, func(server http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { deaf(w, r, server) })
		})
		report, err = verifySender(t, judge.Sender{URL: url, Platform: p, Rules: []string{"SND-3"}})
		require.NoError(t, err)
		require.Equal(t, []string{"SND-3 must"}, failures(report))
	}
}
