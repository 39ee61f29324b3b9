package judge_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/judge"
	"github.com/quintain-dev/quintain/features/judge/reference"
)

// TestMisuse: what cannot be run is an error that says what is wrong, never a pass.
func TestMisuse(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*judge.Receiver)
		want   string
	}{
		"no platform":         {func(r *judge.Receiver) { r.Platform = nil }, "there is no platform to play"},
		"no URL":              {func(r *judge.Receiver) { r.URL = "localhost:3000" }, `"localhost:3000" is not the URL of a receiver`},
		"no secret":           {func(r *judge.Receiver) { r.Secret = "" }, "tribe@2021-12 signs its deliveries: the signing secret of the receiver is needed"},
		"unknown rule":        {func(r *judge.Receiver) { r.Rules = []string{"SIG1"} }, `unknown rule "SIG1"; did you mean "SIG-1"?`},
		"unknown rule skip":   {func(r *judge.Receiver) { r.Skip = []string{"nonsense-of-mine"} }, `unknown rule "nonsense-of-mine"; there is ACK-1`},
		"rule not built":      {func(r *judge.Receiver) { r.Rules = []string{"ACK-5"} }, "ACK-5 is not built yet"},
		"unknown event":       {func(r *judge.Receiver) { r.Events = []string{"member.create"} }, `did you mean "member.created"?`},
		"form style":          {func(r *judge.Receiver) { r.FormStyle = "slashes" }, `"slashes" is not a form style`},
		"too many seeds":      {func(r *judge.Receiver) { r.Seeds = 100_000 }, "100000 generated payloads"},
		"rule does not apply": {func(r *judge.Receiver) { r.Rules = []string{"SIG-8"} }, "SIG-8 does not apply to tribe@2021-12: the platform sends no bearer key"},
		"nothing left":        {func(r *judge.Receiver) { r.Rules, r.Skip = []string{"SIG-1"}, []string{"SIG-1"} }, "nothing is left to judge"},
		"no key": {func(r *judge.Receiver) {
			r.Platform, r.Secret, r.Rules = load(t, "mighty"), "", []string{"SIG-8"}
		}, "SIG-8 is the rule to judge, and cannot be run: no key was given"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := judge.Receiver{URL: "http://127.0.0.1:1", Platform: load(t, "tribe"), Secret: secret}
			c.change(&r)
			_, err := verify(t.Context(), t, r)
			var e *judge.Error
			require.ErrorAs(t, err, &e)
			require.Equal(t, judge.Misuse, e.Kind)
			require.Contains(t, e.Error(), c.want)
		})
	}
}

// TestUnreachable: a receiver that is not there is no receiver that is wrong.
func TestUnreachable(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	nobody := "http://" + listener.Addr().String()
	listener.Close()
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	tls := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(tls.Close)
	for name, c := range map[string]struct{ url, want string }{
		"nobody listens":      {nobody, "cannot be reached: the connection was refused: nobody listens"},
		"no such host":        {"http://no-such-host.invalid/hooks", "cannot be reached: "},
		"not TLS":             {"https" + plain.URL[len("http"):], "cannot be reached: "},
		"unknown certificate": {tls.URL, "cannot be reached: "},
		"with a password":     {"http://me:hidden@" + nobody[len("http://"):], "http://me:xxxxx@127.0.0.1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := verify(t.Context(), t, judge.Receiver{URL: c.url, Platform: load(t, "ambassify")})
			var e *judge.Error
			require.ErrorAs(t, err, &e)
			require.Equal(t, judge.Unreachable, e.Kind)
			require.Contains(t, e.Error(), c.want)
			require.NotContains(t, e.Error(), "hidden")
		})
	}
}

// TestSenderMisuse: what is no mock server, or does not play the platform, is not judged.
func TestSenderMisuse(t *testing.T) {
	t.Parallel()
	other := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(other.Close)
	acmePlatform, err := contract.Parse("acme.yaml", []byte(strings.ReplaceAll(acme, "*s", "{page: acme, date: '2026-01-01'}")), "")
	require.NoError(t, err)
	for name, c := range map[string]struct {
		sender judge.Sender
		kind   judge.Kind
		want   string
	}{
		"no platform":      {judge.Sender{URL: other.URL}, judge.Misuse, "there is no platform"},
		"no URL":           {judge.Sender{URL: "mock", Platform: load(t, "tryno")}, judge.Misuse, "not the URL of a mock server"},
		"unknown rule":     {judge.Sender{URL: other.URL, Platform: load(t, "tryno"), Rules: []string{"SND-99"}}, judge.Misuse, `unknown rule "SND-99"`},
		"does not apply":   {judge.Sender{URL: other.URL, Platform: load(t, "tribe"), Rules: []string{"API-1"}}, judge.Misuse, "API-1 does not apply to tribe@2021-12: the platform documents no webhook API"},
		"not a mock":       {judge.Sender{URL: other.URL, Platform: load(t, "tryno")}, judge.Misuse, "answers, and not as a mock server does"},
		"another platform": {judge.Sender{URL: mock(t, nil), Platform: acmePlatform}, judge.Misuse, "does not play acme@1"},
		"nobody":           {judge.Sender{URL: "http://127.0.0.1:1", Platform: load(t, "tryno")}, judge.Unreachable, "cannot be reached"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := verifySender(t, c.sender)
			var e *judge.Error
			require.ErrorAs(t, err, &e)
			require.Equal(t, c.kind, e.Kind, e.Error())
			require.Contains(t, e.Error(), c.want)
		})
	}
}

// TestASelection: rules, events and what is skipped are what is run, and nothing else.
func TestASelection(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var progress []judge.Result
	report := judged(t, "tribe", reference.New(load(t, "tribe"), secret), func(r *judge.Receiver) {
		r.Rules, r.Skip, r.Events = []string{"ACK-1", "SIG-3", "DUP-1"}, []string{"DUP-1"}, []string{"member.created", "member.deleted"}
		r.Progress = func(result judge.Result) {
			mu.Lock()
			defer mu.Unlock()
			progress = append(progress, result)
		}
	})
	run := map[string]int{}
	for _, rule := range report.Rules {
		if rule.Verdict != judge.NotRun {
			run[rule.ID+" "+string(rule.Level)] = len(rule.Scenarios)
		} else {
			require.Contains(t, rule.Why, map[bool]string{true: "not selected"}[rule.ID == "DUP-1"])
		}
	}
	require.Equal(t, map[string]int{"ACK-1 must": 1, "ACK-1 should": 1, "SIG-3 must": 5, "LIVE-1 must": 5}, run)
	require.Equal(t, judge.Counts{Planned: 7, Passed: 7}, report.Scenarios)
	require.Len(t, progress, 7)
}

// TestLiveAlone: LIVE-1 has no scenario of its own; asked for alone, it is judged after those of the others.
func TestLiveAlone(t *testing.T) {
	t.Parallel()
	report := judged(t, "tryno", reference.New(load(t, "tryno"), secret), func(r *judge.Receiver) { r.Rules = []string{"LIVE-1"} })
	for _, rule := range report.Rules {
		require.Equal(t, rule.ID == "LIVE-1", rule.Verdict == judge.Pass, rule.ID)
	}
}

// TestNothingJudgedIsNoPass: where the wrong secret makes every scenario of the selection say nothing, the run fails.
func TestNothingJudgedIsNoPass(t *testing.T) {
	t.Parallel()
	report := judged(t, "tribe", reference.New(load(t, "tribe"), "another secret"), func(r *judge.Receiver) { r.Rules = []string{"SIG-1"} })
	require.True(t, report.Failed())
	require.Equal(t, []string{"ACK-2 must", "ACK-2 should"}, failures(report))
	require.Contains(t, report.Notes[0], "is the secret that was given the receiver's?")

	srv := httptest.NewServer(reference.New(load(t, "tribe"), "another secret"))
	defer srv.Close()
	_, err := verify(t.Context(), t, judge.Receiver{URL: srv.URL, Platform: load(t, "tribe"), Secret: secret, Rules: []string{"SIG-1"}, Skip: []string{"ACK-2"}})
	require.ErrorContains(t, err, "nothing could be judged")
}

// TestCanceled: a run that is canceled says so, and what it has.
func TestCanceled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	srv := httptest.NewServer(reference.New(load(t, "tribe"), secret))
	defer srv.Close()
	report, err := verify(ctx, t, judge.Receiver{
		URL: srv.URL, Platform: load(t, "tribe"), Secret: secret, Concurrency: 1, Progress: func(judge.Result) { cancel() },
	})
	require.ErrorIs(t, err, context.Canceled)
	require.False(t, report.Failed())
	require.NotZero(t, report.Scenarios.NotRun)
}

// TestTheSameSeedSendsTheSame: the payloads are a function of the seed, whatever else is selected.
func TestTheSameSeedSendsTheSame(t *testing.T) {
	t.Parallel()
	tribe := load(t, "tribe")
	bodies := func(seed uint64, rules ...string) []string {
		var mu sync.Mutex
		out := []string{}
		judged(t, "tribe", wrong(tribe, func(_ http.ResponseWriter, _ *http.Request, raw []byte) bool {
			mu.Lock()
			defer mu.Unlock()
			out = append(out, string(raw))
			return false
		}), func(r *judge.Receiver) { r.Seed, r.Rules, r.Skip = seed, rules, []string{"HSK-1"} })
		return out
	}
	first := bodies(7, "ACK-2", "DUP-1")
	require.ElementsMatch(t, first, bodies(7, "ACK-2", "DUP-1"))
	require.Subset(t, first, bodies(7, "ACK-2"))
	require.NotSubset(t, first, bodies(8, "ACK-2"))
}

// TestAContractOfOnesOwn: a platform that is not built in is judged by the rules that its document calls for.
func TestAContractOfOnesOwn(t *testing.T) {
	t.Parallel()
	p, err := contract.Parse("acme.yaml", []byte(strings.ReplaceAll(acme, "*s", "{page: acme, date: '2026-01-01'}")), "")
	require.NoError(t, err)
	verify := func(handler http.Handler) *judge.Report {
		srv := httptest.NewServer(handler)
		defer srv.Close()
		report, err := verify(t.Context(), t, judge.Receiver{URL: srv.URL, Platform: p, Secret: secret, Seed: 1, Timeout: 5 * time.Second})
		require.NoError(t, err)
		return report
	}
	right := verify(reference.New(p, secret))
	require.Empty(t, failures(right), text(t, right))
	passed := []string{}
	for _, rule := range right.Rules {
		if rule.Verdict == judge.Pass {
			passed = append(passed, rule.ID+" "+string(rule.Level))
		}
	}
	require.Equal(t, []string{
		"ACK-1 must", "ACK-1 should", "ACK-2 must", "ACK-2 should", "ACK-3 should", "ACK-4 must", "ACK-4 should", "TXT-1 must", "TXT-1 should", "FWD-1 should",
		"DUP-1 must", "DUP-1 should", "DUP-2 must", "DUP-2 should", "RTY-1 must", "RTY-1 should", "SIG-1 must", "SIG-2 must", "SIG-3 must", "SIG-4 must",
		"BAD-1 must", "BAD-1 should", "BAD-2 must", "LIVE-1 must",
	}, passed)

	open := verify(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { succeed(w) }))
	require.Equal(t, []string{"BAD-1 should", "SIG-1 must", "SIG-2 must", "SIG-3 must", "SIG-4 must"}, failures(open))
	require.Contains(t, text(t, open), "--contract acme.yaml")
}

const acme = `
openapi: 3.1.0
info: {title: Acme webhooks, version: '1'}
x-platform: {name: acme, revisions: ['1']}
x-delivery:
  encodings: {value: [json], grade: documented, source: *s}
  contentTypes: {value: {json: application/json}, grade: documented, source: *s}
  success: {value: 2xx, grade: documented, source: *s}
  schedule: {value: [1s, 2s], grade: documented, source: *s}
  disableAfter: {value: 0, counts: retries, grade: documented, source: *s}
  timeout: {value: 5s, grade: documented, source: *s}
  signature: {value: {scheme: hmac-sha256, header: X-Acme, encoding: base64, content: body}, grade: documented, source: *s}
  handshake: {value: none, grade: documented, source: *s}
  eventName: {value: '{/kind}', grade: documented, source: *s}
  dedupKey: {value: /id, grade: documented, source: *s}
  eventTime: {value: '', grade: documented, source: *s}
  atLeastOnce: {value: true, grade: documented, source: *s}
  unstable: {value: false, grade: chosen, source: *s}
webhooks:
  thing.made:
    post:
      x-grade: documented
      x-source: *s
      x-cast: {member: person}
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Made'}, example: {id: a1, kind: thing.made, who: Ada, state: new}}}}
  thing.lost:
    post:
      x-grade: inferred
      x-source: *s
      x-cast: {member: person}
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Lost'}, example: {id: a2, kind: thing.lost, who: Ada, state: old}}}}
components:
  schemas:
    Made:
      type: object
      required: [id, kind]
      properties:
        id: {type: string, x-fake: occurrence.uuid}
        kind: {type: string, const: thing.made}
        who: {type: [string, 'null'], x-fake: member.name}
        state: {type: string, enum: [new, old]}
    Lost:
      type: object
      required: [id, kind]
      properties:
        id: {type: string, x-fake: occurrence.uuid}
        kind: {type: string, const: thing.lost}
        who: {type: [string, 'null'], x-fake: member.name}
        state: {type: string, enum: [new, old]}
`
