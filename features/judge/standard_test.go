package judge_test

import (
	"crypto/hmac"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	oracle "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/judge"
	"github.com/quintain-dev/quintain/features/judge/reference"
)

var standardKey = []byte("a key of 24 bytes or more")

var standardSecret = "whsec_" + base64.StdEncoding.EncodeToString(standardKey)

// A check says whether a delivery is let in.
type check func(lib *oracle.Webhook, h http.Header, body []byte) error

func verifies(lib *oracle.Webhook, h http.Header, body []byte) error { return lib.Verify(body, h) }

// standardReceiver is a receiver of Tribe's events that are signed by Standard Webhooks: what a developer writes with
// the library of that specification.
func standardReceiver(t testing.TB, let check) http.Handler {
	t.Helper()
	lib, err := oracle.NewWebhook(standardSecret)
	require.NoError(t, err)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
		if err != nil || let(lib, r.Header, body) != nil {
			refuse(w, http.StatusUnauthorized)
			return
		}
		var event struct {
			Type string
			Data map[string]any
		}
		if !utf8.Valid(body) || json.Unmarshal(body, &event) != nil || event.Type == "" {
			refuse(w, http.StatusBadRequest)
			return
		}
		if event.Type != "TEST" {
			succeed(w)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{"type": "TEST", "status": "SUCCEEDED", "data": map[string]any{"challenge": event.Data["challenge"]}})
	})
}

// standardTribe is Tribe, with Standard Webhooks in place of its own signature.
func standardTribe(t testing.TB) *contract.Platform {
	t.Helper()
	p, err := load(t, "tribe").WithSignature(contract.StandardWebhooks)
	require.NoError(t, err)
	return p
}

func judgeStandard(t testing.TB, receiver http.Handler) *judge.Report {
	t.Helper()
	srv := httptest.NewServer(receiver)
	defer srv.Close()
	report, err := verify(t.Context(), t, judge.Receiver{
		URL: srv.URL, Platform: standardTribe(t), Secret: standardSecret, Seed: 42, Seeds: 3, Events: enough["tribe"],
	})
	require.NoError(t, err)
	return report
}

// TestStandardWebhooks: a receiver that uses the library of Standard Webhooks is right, and one that uses it wrongly is
// found out by the rule that it breaks.
func TestStandardWebhooks(t *testing.T) {
	t.Parallel()
	errOut := errors.New("not let in")
	cases := map[string]struct {
		let  check
		want []string
	}{
		"right": {verifies, nil},
		"ignores the age": {func(lib *oracle.Webhook, h http.Header, body []byte) error {
			return lib.VerifyIgnoringTimestamp(body, h)
		}, []string{"SIG-5 should"}},
		"looks at how the first signature begins": {func(_ *oracle.Webhook, h http.Header, _ []byte) error {
			if h.Get("Webhook-Id") != "" && h.Get("Webhook-Timestamp") != "" && strings.HasPrefix(h.Get("Webhook-Signature"), "v1,") {
				return nil
			}
			return errOut
		}, []string{"HSK-2 must", "SIG-2 must", "SIG-3 must", "SIG-4 must", "SIG-5 should", "SIG-6 must"}},
		"does not verify": {func(*oracle.Webhook, http.Header, []byte) error { return nil },
			[]string{"HSK-2 must", "SIG-1 must", "SIG-2 must", "SIG-3 must", "SIG-4 must", "SIG-5 should", "SIG-6 must"}},
		"verifies the signature if there is one": {func(lib *oracle.Webhook, h http.Header, body []byte) error {
			if len(h.Values("Webhook-Signature")) == 0 {
				return nil
			}
			return lib.Verify(body, h)
		}, []string{"HSK-2 must", "SIG-1 must"}},
		"verifies the first signature only": {func(lib *oracle.Webhook, h http.Header, body []byte) error {
			first, _, _ := strings.Cut(h.Get("Webhook-Signature"), " ")
			h.Set("Webhook-Signature", first)
			return lib.Verify(body, h)
		}, []string{"SIG-9 should"}},
		"wants one signature": {func(lib *oracle.Webhook, h http.Header, body []byte) error {
			if strings.Contains(h.Get("Webhook-Signature"), " ") {
				return errOut
			}
			return lib.Verify(body, h)
		}, []string{"SIG-9 should"}},
		"forgives a second, in the signature": {func(lib *oracle.Webhook, h http.Header, body []byte) error {
			if seconds, err := strconv.ParseInt(h.Get("Webhook-Timestamp"), 10, 64); lib.Verify(body, h) != nil && err == nil {
				h.Set("Webhook-Timestamp", itoa(seconds-1))
			}
			return lib.Verify(body, h)
		}, []string{"SIG-6 must"}},
		"takes SHA-512 too": {func(lib *oracle.Webhook, h http.Header, body []byte) error {
			mac := hmac.New(sha512.New, standardKey)
			io.WriteString(mac, h.Get("Webhook-Id")+"."+h.Get("Webhook-Timestamp")+"."+string(body))
			if h.Get("Webhook-Signature") == "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)) {
				return nil
			}
			return lib.Verify(body, h)
		}, []string{"SIG-4 must"}},
		"takes v0 for no signature at all": {func(lib *oracle.Webhook, h http.Header, body []byte) error {
			if strings.HasPrefix(h.Get("Webhook-Signature"), "v0,") {
				return nil
			}
			return lib.Verify(body, h)
		}, []string{"SIG-4 must"}},
		"compares without regard to case": {func(lib *oracle.Webhook, h http.Header, body []byte) error {
			seconds, _ := strconv.ParseInt(h.Get("Webhook-Timestamp"), 10, 64)
			right, _ := lib.Sign(h.Get("Webhook-Id"), time.Unix(seconds, 0), body)
			if strings.EqualFold(right, h.Get("Webhook-Signature")) {
				h.Set("Webhook-Signature", right)
			}
			return lib.Verify(body, h)
		}, []string{"SIG-3 must"}},
		"compares how the signature ends": {func(lib *oracle.Webhook, h http.Header, body []byte) error {
			seconds, _ := strconv.ParseInt(h.Get("Webhook-Timestamp"), 10, 64)
			right, _ := lib.Sign(h.Get("Webhook-Id"), time.Unix(seconds, 0), body)
			if given := h.Get("Webhook-Signature"); given != "" && strings.HasSuffix(right, given) {
				h.Set("Webhook-Signature", right)
			}
			return lib.Verify(body, h)
		}, []string{"SIG-4 must"}},
		"breaks at a signature without a comma": {func(lib *oracle.Webhook, h http.Header, body []byte) error {
			if given := h.Get("Webhook-Signature"); given != "" && !strings.Contains(given, ",") {
				panic(http.ErrAbortHandler)
			}
			return lib.Verify(body, h)
		}, []string{"SIG-4 must"}},
		"right, and does not look at the version": {func(lib *oracle.Webhook, h http.Header, body []byte) error {
			_, digits, _ := strings.Cut(h.Get("Webhook-Signature"), ",")
			if first, _, several := strings.Cut(digits, " "); !several && len(h.Values("Webhook-Signature")) > 0 {
				h.Set("Webhook-Signature", "v1,"+first)
			}
			return lib.Verify(body, h)
		}, nil},
	}
	for _, name := range some(slices.Sorted(maps.Keys(cases))) {
		c := cases[name]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			report := judgeStandard(t, standardReceiver(t, c.let))
			got := failures(report)
			want := append([]string{}, c.want...)
			slices.Sort(want)
			require.Equal(t, want, got, text(t, report))
		})
	}
}

// TestStandardWebhooksIsJudgedWhole: every rule about signatures has its scenarios, on platforms that sign, that have a
// key, and that have nothing; and the project's own receiver passes them.
func TestStandardWebhooksIsJudgedWhole(t *testing.T) {
	t.Parallel()
	want := map[string]int{"SIG-1 must": 6, "SIG-2 must": 10, "SIG-3 must": 5, "SIG-4 must": 18, "SIG-5 should": 1, "SIG-6 must": 1, "SIG-9 should": 2}
	for _, name := range some(contract.Names()) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := load(t, name).WithSignature(contract.StandardWebhooks)
			require.NoError(t, err)
			srv := httptest.NewServer(reference.New(p, standardSecret))
			defer srv.Close()
			report, err := verify(t.Context(), t, judge.Receiver{
				URL: srv.URL, Platform: p, Secret: standardSecret, Seeds: 2, Events: enough[name], Skip: []string{"ACK-3", "ACK-4", "TXT-1", "FWD-1", "ENC-1"},
			})
			require.NoError(t, err)
			require.Empty(t, failures(report), text(t, report))
			got := map[string]int{}
			for _, rule := range report.Rules {
				if strings.HasPrefix(rule.ID, "SIG-") && rule.Verdict == judge.Pass {
					got[rule.ID+" "+string(rule.Level)] = len(rule.Scenarios)
				}
			}
			require.Equal(t, want, got)
		})
	}
}

// TestStandardSecrets: a secret that cannot sign is said before anything is sent; a private key can, and is forged by
// another one.
func TestStandardSecrets(t *testing.T) {
	t.Parallel()
	seed := base64.StdEncoding.EncodeToString([]byte("the 32 bytes of an ed25519 seed."))
	for secret, want := range map[string]string{
		"no-base64!":                     "tribe@2021-12 cannot sign with the secret: the secret has none of the prefixes",
		"whsec_!":                        "is not base64 after whsec_",
		"whpk_" + seed:                   "the secret is a public key (whpk_), which cannot sign",
		standardSecret + " whsk_" + seed: "the secret has several parts",
		"":                               "the signing secret of the receiver is needed",
		"   ":                            "the secret is empty",
	} {
		_, err := verify(t.Context(), t, judge.Receiver{URL: "http://127.0.0.1:1", Platform: standardTribe(t), Secret: secret})
		var e *judge.Error
		require.ErrorAs(t, err, &e, secret)
		require.Equal(t, judge.Misuse, e.Kind)
		require.ErrorContains(t, e, want)
	}
	srv := httptest.NewServer(reference.New(standardTribe(t), "whsk_"+seed))
	defer srv.Close()
	report, err := verify(t.Context(), t, judge.Receiver{
		URL: srv.URL, Platform: standardTribe(t), Secret: "whsk_" + seed, Events: []string{"member.created"}, Rules: []string{"SIG-1", "SIG-3", "SIG-4", "SIG-9"},
	})
	require.NoError(t, err)
	require.Empty(t, failures(report), text(t, report))
	require.Equal(t, 6+5+18+2, report.Scenarios.Passed)
}

// TestAnInferredProof: where a document only infers how the platform signs, the rules about it are judged, as a should.
func TestAnInferredProof(t *testing.T) {
	t.Parallel()
	text := strings.ReplaceAll(acme, "*s", "{page: acme, date: '2026-01-01'}")
	p, err := contract.Parse("acme.yaml", []byte(strings.Replace(text, "content: body}, grade: documented", "content: body}, grade: inferred", 1)), "")
	require.NoError(t, err)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { succeed(w) }))
	defer srv.Close()
	report, err := verify(t.Context(), t, judge.Receiver{URL: srv.URL, Platform: p, Secret: secret, Skip: []string{"BAD-1"}})
	require.NoError(t, err)
	require.Equal(t, []string{"SIG-1 should", "SIG-2 should", "SIG-3 should", "SIG-4 should"}, failures(report))
}
