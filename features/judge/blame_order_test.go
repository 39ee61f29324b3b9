package judge_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/judge"
	"github.com/quintain-dev/quintain/features/judge/reference"
)

// TestWhoIsToBlame: what a receiver fails for is said by the rule that it is about, and what several explanations fit
// is not taken for the worst of them.
func TestWhoIsToBlame(t *testing.T) {
	t.Parallel()
	tribe, mighty, tryno := load(t, "tribe"), load(t, "mighty"), load(t, "tryno")
	events := map[string][]string{
		"tribe": {"member.created", "member.updated", "member.deleted"}, "mighty": {"EventCreated", "PostCreated"}, "tryno": {"member.joined", "payment.refunded"},
	}
	cases := []struct {
		name     string
		platform string
		receiver http.Handler
		must     []string // the must rules that fail: these and no others
		should   []string // the should rules that fail
		change   func(*judge.Receiver)
	}{
		{name: "takes six at once, and answers 503 to more", platform: "tribe", receiver: atMost(6, http.StatusServiceUnavailable, reference.New(tribe, secret))},
		{name: "takes one at a time, and answers 503 to more", platform: "tribe", receiver: atMost(1, http.StatusServiceUnavailable, reference.New(tribe, secret)),
			must: []string{"DUP-2"}, should: []string{"DUP-2"}},
		{name: "takes 300 at a time, and asks to come again later", platform: "tribe", receiver: limited(300, reference.New(tribe, secret)), change: few("member.created")},
		{name: "takes one copy, and asks the others to come again later", platform: "tribe", receiver: postpones(tribe)},
		{name: "refuses a signature that it has seen", platform: "tribe", receiver: remembersSignatures(tribe, tribe.Rules.Signature.Value.Header)},
		{name: "fails every seventh request", platform: "mighty", receiver: everySeventh(mighty),
			must: []string{"ACK-1", "ACK-2", "ACK-6", "BAD-1", "BAD-2", "DUP-1", "DUP-2", "LIVE-1", "RTY-1", "SIG-4", "TXT-1", "FWD-1"}, should: []string{"ACK-3", "ACK-7", "SIG-8"}},
		{name: "refuses some by their content, of an event that is inferred", platform: "tribe", receiver: refuses(func(raw []byte) bool {
			return at(raw, "/data/name") == "member.deleted" && strings.Contains("0123456789a", at(raw, "/data/id")[:1])
		})(tribe), should: []string{"ACK-1", "ACK-2", "ACK-3", "ACK-4", "DUP-1", "DUP-2", "FWD-1", "RTY-1", "TXT-1"}},
		{name: "cannot store letters of four bytes", platform: "mighty", receiver: refuses(func(raw []byte) bool {
			return strings.ContainsFunc(string(raw), func(r rune) bool { return r > 0xffff })
		})(mighty), must: []string{"ACK-2", "TXT-1"}, should: []string{"ACK-3", "ACK-7"}},
		{name: "redirects each to a place of its own, and checks nothing", platform: "tryno", receiver: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, fmt.Sprintf("/events/%x?from=hook", time.Now().UnixNano()), http.StatusSeeOther)
		}), must: []string{"SIG-1", "SIG-2", "SIG-3", "SIG-4"}},
		{name: "redirects what is not signed to a login page, each time another", platform: "tryno", receiver: answering(readingOnly(t, contract.Reading{Encoding: "base64"}), func(w http.ResponseWriter) {
			w.Header().Set("Location", fmt.Sprintf("/login?state=%x", time.Now().UnixNano()))
			w.WriteHeader(http.StatusSeeOther)
		})},
		{name: "answers its first challenge for ever", platform: "tribe", receiver: firstChallenge(tribe), must: []string{"HSK-1"}},
		{name: "takes one more after an empty object, and then none", platform: "tryno", receiver: oneMoreAfter([]byte(`{}`), tryno), must: []string{"LIVE-1"}},
	}
	for _, c := range some(cases) {
		t.Run(c.platform+" "+c.name, func(t *testing.T) {
			t.Parallel()
			report := judged(t, c.platform, c.receiver, func(r *judge.Receiver) {
				r.Seeds, r.Events = 5, events[c.platform]
				if c.change != nil {
					c.change(r)
				}
			})
			var must, should []string
			for _, rule := range report.Rules {
				switch {
				case rule.Verdict != judge.Fail || rule.ID == "BAD-1" && rule.Level == judge.Should:
				case rule.Level == judge.Must:
					must = append(must, rule.ID)
				default:
					should = append(should, rule.ID)
				}
			}
			if c.must == nil {
				require.Empty(t, must, text(t, report))
			} else {
				require.Subset(t, c.must, must, text(t, report))
				require.NotEmpty(t, must, text(t, report))
			}
			require.Subset(t, append(c.should, "none"), append(should, "none"), text(t, report))
		})
	}
}

// TestTheSameRunTwice: ids and bodies belong together over runs too, so a receiver that compares them is not blamed the
// second time.
func TestTheSameRunTwice(t *testing.T) {
	t.Parallel()
	for _, name := range some([]string{"tribe", "mighty"}) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := load(t, name)
			var mu sync.Mutex
			bodies := map[string][32]byte{}
			srv := httptest.NewServer(wrong(p, func(w http.ResponseWriter, r *http.Request, raw []byte) bool {
				id := idOf(p, raw)
				if id == "" || p.Rules.Signature.Value.SigningScheme().Verify(r.Header, secret, raw, time.Now()) != nil {
					return false
				}
				mu.Lock()
				defer mu.Unlock()
				sum := sha256.Sum256(raw)
				if was, seen := bodies[id]; seen && was != sum {
					return refuse(w, http.StatusUnprocessableEntity)
				}
				bodies[id] = sum
				return false
			}))
			defer srv.Close()
			for range 2 {
				report, err := verify(t.Context(), t, judge.Receiver{
					URL: srv.URL, Platform: p, Secret: secret, Seed: 42, Seeds: 3, Rules: []string{"ACK-1", "ACK-2", "ACK-3", "ACK-4", "ACK-7", "TXT-1", "FWD-1", "DUP-1", "RTY-1"},
				})
				require.NoError(t, err)
				require.Empty(t, failures(report), text(t, report))
			}
		})
	}
}

// TestReadingsOfOptions: what a platform sends by default and does not document is left out for a receiver that wants
// it left out, with a note; and not if it was asked for by name.
func TestReadingsOfOptions(t *testing.T) {
	t.Parallel()
	p := load(t, "mighty@2026-07")
	strict := wrong(p, func(w http.ResponseWriter, _ *http.Request, raw []byte) bool {
		return bytes.Contains(raw, []byte(`"event_type"`)) && refuse(w, http.StatusUnprocessableEntity)
	})
	few := func(r *judge.Receiver) {
		r.Seeds, r.Events, r.Rules = 2, []string{"PostCreated", "MemberJoined"}, []string{"ACK-1", "ACK-2", "SIG-1"}
	}
	report := judged(t, "mighty@2026-07", strict, few)
	require.Empty(t, failures(report), text(t, report))
	require.Equal(t, "mighty@2026-07,event_type=off", report.Platform)
	require.Contains(t, strings.Join(report.Notes, "\n"), "event_type is read as off")

	report = judged(t, "mighty@2026-07,event_type=upper", strict, few)
	require.True(t, report.Failed(), text(t, report))
	require.Equal(t, "mighty@2026-07,event_type=upper", report.Platform)

	report = judged(t, "mighty@2026-07", reference.New(p, secret), few)
	require.Equal(t, "mighty@2026-07", report.Platform)
	require.Empty(t, report.Notes)
}

// TestReceiversThatRefuseThePast: some take the time in the body for that of the delivery, and refuse what is a day
// old.
func TestReceiversThatRefuseThePast(t *testing.T) {
	t.Parallel()
	for name, pointer := range map[string]string{"tryno": "/timestamp", "mighty": "/event_timestamp", "mighty@2026-07": "/event_timestamp"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			report := judged(t, name, refuses(func(raw []byte) bool {
				at, err := time.Parse(time.RFC3339, at(raw, pointer))
				return err == nil && time.Since(at).Abs() > 24*time.Hour
			})(load(t, name)), func(r *judge.Receiver) {
				r.Seeds = 3
				r.Events = map[string][]string{"tryno": {"member.joined", "test.ping"}, "mighty": {"EventCreated"}, "mighty@2026-07": {"EventCreated", "MemberLeft"}}[name]
			})
			require.Empty(t, failures(report), text(t, report))
			require.Contains(t, strings.Join(report.Notes, "\n"), "payloads are dated now")
		})
	}
}

// TestNobodyHome: a receiver that acknowledges nothing does not pass where all that could be sent is inferred.
func TestNobodyHome(t *testing.T) {
	t.Parallel()
	report := judged(t, "tribe", http.NotFoundHandler(), func(r *judge.Receiver) {
		r.Events, r.Seeds = []string{"member.deleted"}, 2
		r.Skip = []string{"HSK-1", "HSK-2"}
	})
	require.True(t, report.Failed(), text(t, report))
	require.Contains(t, failures(report), "LIVE-1 must")
}

// atMost answers with a status to whatever comes while so many are under way.
func atMost(n int, status int, to http.Handler) http.Handler {
	slots := make(chan struct{}, n)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case slots <- struct{}{}:
			defer func() { <-slots }()
			linger(r, time.Millisecond)
			to.ServeHTTP(w, r)
		default:
			w.WriteHeader(status)
		}
	})
}

// linger takes a while, so that requests overlap.
func linger(r *http.Request, d time.Duration) {
	select {
	case <-time.After(d):
	case <-r.Context().Done():
	}
}

// limited answers 429 to five requests after every n, as a receiver does that allows so many in a time.
func limited(n int, to http.Handler) http.Handler {
	var mu sync.Mutex
	var seen int
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		over := seen%(n+5) >= n
		seen++
		mu.Unlock()
		if over {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		to.ServeHTTP(w, r)
	})
}

// postpones answers 409 and Retry-After while it is at the same delivery.
func postpones(p *contract.Platform) http.Handler {
	var mu sync.Mutex
	busy := map[string]bool{}
	right := reference.New(p, secret)
	return wrong(p, func(w http.ResponseWriter, r *http.Request, raw []byte) bool {
		id := idOf(p, raw)
		if id == "" {
			return false
		}
		mu.Lock()
		was := busy[id]
		busy[id] = true
		mu.Unlock()
		if was {
			w.Header().Set("Retry-After", "1")
			return refuse(w, http.StatusConflict)
		}
		defer func() {
			mu.Lock()
			defer mu.Unlock()
			delete(busy, id)
		}()
		linger(r, 5*time.Millisecond)
		r.Body = io.NopCloser(bytes.NewReader(raw))
		right.ServeHTTP(w, r)
		return true
	})
}

// remembersSignatures refuses a delivery with a signature that came before.
func remembersSignatures(p *contract.Platform, header string) http.Handler {
	var seen sync.Map
	return wrong(p, func(w http.ResponseWriter, r *http.Request, raw []byte) bool {
		if p.Rules.Signature.Value.SigningScheme().Verify(r.Header, secret, raw, time.Now()) != nil {
			return false
		}
		_, again := seen.LoadOrStore(r.Header.Get(header), true)
		return again && refuse(w, http.StatusUnauthorized)
	})
}

// everySeventh answers 503 to every seventh request.
func everySeventh(p *contract.Platform) http.Handler {
	var n atomic.Int64
	return wrong(p, func(w http.ResponseWriter, _ *http.Request, _ []byte) bool {
		return n.Add(1)%7 == 0 && refuse(w, http.StatusServiceUnavailable)
	})
}

// firstChallenge answers every challenge with the first one.
func firstChallenge(p *contract.Platform) http.Handler {
	var first atomic.Pointer[string]
	return wrong(p, func(w http.ResponseWriter, r *http.Request, raw []byte) bool {
		challenge := at(raw, "/data/challenge")
		if challenge == "" || p.Rules.Signature.Value.SigningScheme().Verify(r.Header, secret, raw, time.Now()) != nil {
			return false
		}
		first.CompareAndSwap(nil, &challenge)
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"type":"TEST","status":"SUCCEEDED","data":{"challenge":%q}}`, *first.Load())
		return true
	})
}

// oneMoreAfter takes one more request after a body, and then answers 503 for ever.
func oneMoreAfter(body []byte, p *contract.Platform) http.Handler {
	var left atomic.Int64
	left.Store(-1)
	return wrong(p, func(w http.ResponseWriter, _ *http.Request, raw []byte) bool {
		if bytes.Equal(raw, body) {
			left.CompareAndSwap(-1, 2)
		}
		switch {
		case left.Load() == 0:
			return refuse(w, http.StatusServiceUnavailable)
		case left.Load() > 0 && !bytes.Equal(raw, body):
			left.Add(-1)
		}
		return false
	})
}
