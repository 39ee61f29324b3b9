package judge_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/judge"
	"github.com/quintain-dev/quintain/mockserver"
)

// A senderMutant is a mock server that is wrong on purpose: by its contract, by its transport, or by what stands around
// it.
type senderMutant struct {
	rule     string
	level    string // of what fails; empty: must
	platform string
	wrong    string
	contract func(*contract.Platform)
	line     func(r *http.Request) (*http.Response, error)
	around   func(w http.ResponseWriter, r *http.Request, server http.Handler) // nil: nothing
	drags    []string
	because  string
}

var senderMutants = []senderMutant{
	{rule: "SND-1", platform: "mighty", wrong: "sends once more what was acknowledged", line: twice,
		drags: []string{"SND-10", "SND-4"}, because: "they count the requests that arrive, too"},
	{rule: "SND-1", platform: "tribe", wrong: "calls its deliveries text", line: typed("text/plain")},
	{rule: "SND-1", platform: "ambassify", wrong: "calls JSON a form", line: typed("application/x-www-form-urlencoded; charset=utf-8")},
	{rule: "SND-1", platform: "mighty", wrong: "does not say what it sends", line: typed("")},
	{rule: "SND-2", platform: "tribe", wrong: "waits 20 s where 25 s are in the contract",
		contract: func(p *contract.Platform) { p.Rules.Schedule.Value[1] = 20 * time.Second }},
	{rule: "SND-2", platform: "ambassify", wrong: "retries once less",
		contract: func(p *contract.Platform) { p.Rules.Schedule.Value = p.Rules.Schedule.Value[:4] },
		drags:    []string{"SND-10"}, because: "what fails as often as there are retries is not recovered"},
	{rule: "SND-3", platform: "tribe", wrong: "sends the first attempt's headers again", line: stale()},
	{rule: "SND-3", platform: "tryno", wrong: "writes the body anew at each attempt", line: longer(), drags: []string{"SND-9"}, because: "the signature of test.ping does not hold either"},
	{rule: "SND-4", platform: "mighty", wrong: "takes any 2xx", contract: func(p *contract.Platform) { p.Rules.Success.Value = contract.Any2xx }},
	{rule: "SND-4", platform: "tryno", wrong: "wants 200", contract: func(p *contract.Platform) { p.Rules.Success.Value = contract.Exactly200 }},
	{rule: "SND-4", platform: "tribe", wrong: "follows redirects, to a page that is there", line: func(r *http.Request) (*http.Response, error) {
		resp, err := http.DefaultTransport.RoundTrip(r)
		if err == nil && resp.StatusCode == http.StatusFound {
			resp.StatusCode = http.StatusOK
		}
		return resp, err
	}},
	{rule: "SND-4", platform: "tribe", wrong: "takes a 202 for a failure", line: func(r *http.Request) (*http.Response, error) {
		resp, err := http.DefaultTransport.RoundTrip(r)
		if err == nil && resp.StatusCode == http.StatusAccepted {
			resp.StatusCode = http.StatusServiceUnavailable
		}
		return resp, err
	}},
	{rule: "SND-4", platform: "tryno", wrong: "does not read answers to their end", line: func(r *http.Request) (*http.Response, error) {
		resp, err := http.DefaultTransport.RoundTrip(r)
		if err == nil {
			got, _ := io.ReadAll(resp.Body)
			resp.Body.Close()
			resp.Body = io.NopCloser(bytes.NewReader(got))
		}
		return resp, err
	}},
	{rule: "SND-10", platform: "tribe", wrong: "gives up at the third retry if there was a success before", contract: nil, line: forgetful()},
	{rule: "SND-11", level: "should", platform: "mighty", wrong: "does not look at Retry-After",
		around: onCreating("/communities", func(n map[string]any) { delete(n, "retry_after") })},
	{rule: "SND-11", level: "should", platform: "tribe", wrong: "comes back as soon as it is asked to, and sooner than it would have", around: hasty()},
	{rule: "SND-11", level: "should", platform: "ambassify", wrong: "goes on after a 410",
		around: onCreating("/communities", func(n map[string]any) { delete(n, "gone") })},
	{rule: "SND-11", level: "should", platform: "tryno", wrong: "gives a delivery up after a 410, and leaves the webhook on", around: onCreating("/communities", func(n map[string]any) {
		if n["gone"] == true {
			delete(n, "gone")
			n["schedule"] = []string{}
		}
	})},
	{rule: "SND-5", platform: "tryno", wrong: "says that a webhook is deleted, and leaves it", around: func(w http.ResponseWriter, r *http.Request, server http.Handler) {
		if isCall(r, "DELETE", "") && r.Header.Get("Authorization") != "" && !strings.Contains(r.URL.Path, "00000000") {
			probe := r.Clone(r.Context())
			probe.Method = "PATCH"
			probe.Body, probe.ContentLength = io.NopCloser(strings.NewReader(`{"events":["member.joined"]}`)), 28
			rewrite(w, probe, server, func(status int, body string) (int, string) {
				if status == http.StatusOK {
					return http.StatusNoContent, ""
				}
				return status, body
			})
			return
		}
		server.ServeHTTP(w, r)
	}},
	{rule: "SND-6", platform: "tryno", wrong: "never switches a webhook off", contract: func(p *contract.Platform) { p.Rules.DisableAfter.Value.Failures = 0 }},
	{rule: "SND-6", platform: "tryno", wrong: "counts attempts", contract: func(p *contract.Platform) { p.Rules.DisableAfter.Value.Counts = "attempts" },
		drags: []string{"SND-10", "SND-2"}, because: "it is off before the last retry"},
	{rule: "SND-6", platform: "tryno", wrong: "switches a webhook off after three failures", contract: func(p *contract.Platform) { p.Rules.DisableAfter.Value.Failures = 3 },
		drags: []string{"SND-10", "SND-2"}, because: "it is off before the last retry"},
	{rule: "SND-7", platform: "tryno", wrong: "sends a webhook whatever happens", around: func(w http.ResponseWriter, r *http.Request, server http.Handler) {
		if !isCall(r, "POST", "/webhooks") {
			server.ServeHTTP(w, r)
			return
		}
		var body map[string]any
		raw, _ := io.ReadAll(r.Body)
		if json.Unmarshal(raw, &body) == nil && body["events"] != nil && strings.Contains(string(raw), "payment.completed") {
			body["events"] = []string{"member.joined", "payment.completed", "post.created"}
			raw, _ = json.Marshal(body)
		}
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(raw)), int64(len(raw))
		server.ServeHTTP(w, r)
	}},
	{rule: "SND-8", platform: "tryno", wrong: "logs the oldest first", around: onLogs(func(entries []any) []any {
		slices.Reverse(entries)
		return entries
	})},
	{rule: "SND-8", platform: "tryno", wrong: "does not log failures", around: onLogs(func(entries []any) []any {
		return slices.DeleteFunc(entries, func(e any) bool { return e.(map[string]any)["status_code"] != json.Number("200") })
	})},
	{rule: "SND-9", platform: "tryno", wrong: "reports 200 whatever the endpoint answered", around: func(w http.ResponseWriter, r *http.Request, server http.Handler) {
		if !isCall(r, "POST", "/test") {
			server.ServeHTTP(w, r)
			return
		}
		rewrite(w, r, server, func(status int, body string) (int, string) {
			for _, code := range []string{"404", "503"} {
				body = strings.Replace(body, `"status_code":`+code, `"status_code":200`, 1)
			}
			return status, body
		})
	}},
	{rule: "API-1", platform: "tryno", wrong: "leaves the secret out", around: func(w http.ResponseWriter, r *http.Request, server http.Handler) {
		if !isCall(r, "POST", "/webhooks") || strings.Contains(r.Header.Get("User-Agent"), "none") {
			server.ServeHTTP(w, r)
			return
		}
		rewrite(w, r, server, func(status int, body string) (int, string) {
			return status, strings.Replace(body, `"secret"`, `"key"`, 1)
		})
	}, drags: []string{"SND-9"}, because: "without the secret, the signature of test.ping cannot be checked"},
	{rule: "API-1", platform: "tryno", wrong: "answers 422 to what is not valid", around: func(w http.ResponseWriter, r *http.Request, server http.Handler) {
		if !strings.HasPrefix(r.URL.Path, "/v1/") {
			server.ServeHTTP(w, r)
			return
		}
		rewrite(w, r, server, func(status int, body string) (int, string) {
			if status == http.StatusBadRequest {
				status = http.StatusUnprocessableEntity
			}
			return status, body
		})
	}},
	{rule: "API-1", platform: "tryno", wrong: "has no rate limit headers on errors", around: func(w http.ResponseWriter, r *http.Request, server http.Handler) {
		if !strings.HasPrefix(r.URL.Path, "/v1/") {
			server.ServeHTTP(w, r)
			return
		}
		rec := httptest.NewRecorder()
		server.ServeHTTP(rec, r)
		for name, values := range rec.Header() {
			if rec.Code != http.StatusNotFound || !strings.HasPrefix(name, "X-Ratelimit") {
				w.Header()[name] = values
			}
		}
		w.WriteHeader(rec.Code)
		io.Copy(w, rec.Body)
	}},
	{rule: "API-2", platform: "tryno", wrong: "lets in who has the token of any community", around: anyToken()},
}

// TestEverySenderRuleHasAMutant: each wrong mock is found out by its rule, and by no other than those that it drags
// along.
func TestEverySenderRuleHasAMutant(t *testing.T) {
	t.Parallel()
	killed := map[string]bool{}
	for _, mutant := range senderMutants {
		killed[mutant.rule] = true
	}
	for _, mutant := range some(senderMutants) {
		t.Run(mutant.rule+" "+mutant.platform+" "+mutant.wrong, func(t *testing.T) {
			t.Parallel()
			right, err := contract.Load(mutant.platform)
			require.NoError(t, err)
			played, err := contract.Load(mutant.platform)
			require.NoError(t, err)
			options := []mockserver.Option{mockserver.WithPlatform(played)}
			if mutant.contract != nil {
				mutant.contract(played)
			}
			if mutant.line != nil {
				options = append(options, mockserver.WithTransport(through(mutant.line)))
			}
			var around func(http.Handler) http.Handler
			if mutant.around != nil {
				around = func(server http.Handler) http.Handler {
					return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { mutant.around(w, r, server) })
				}
			}
			report, err := verifySender(t, judge.Sender{URL: mock(t, around, options...), Platform: right})
			require.NoError(t, err)
			want := []string{mutant.rule + " " + cmp.Or(mutant.level, "must")}
			for _, id := range mutant.drags {
				want = append(want, id+" must")
			}
			require.ElementsMatch(t, want, failures(report), text(t, report))
		})
	}
	for _, rule := range built(judge.OfSender) {
		require.True(t, killed[rule.ID], "%s has no mutant", rule.ID)
	}
}
