package judge_test

import (
	"bytes"
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

// TestAttacks: receivers that are broken in the crudest ways get exactly the rules that they break.
func TestAttacks(t *testing.T) {
	t.Parallel()
	always := func(code int) func(*contract.Platform) http.Handler {
		return func(*contract.Platform) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", "/elsewhere")
				w.WriteHeader(code)
			})
		}
	}
	all := []string{"ACK-1 must", "ACK-1 should", "ACK-2 must", "ACK-2 should", "ACK-3 should"}
	mighty := []string{"ACK-1 must", "ACK-2 must", "ACK-3 should"}
	cases := []struct {
		name     string
		platform string
		receiver func(*contract.Platform) http.Handler
		want     []string
		note     string
	}{
		{name: "answers 200 to everything", platform: "tribe", receiver: always(200),
			want: []string{"BAD-1 should", "HSK-1 must", "SIG-1 must", "SIG-2 must", "SIG-3 must", "SIG-4 must", "SIG-5 should", "SIG-6 must"}},
		{name: "answers 200 to everything", platform: "tryno", receiver: always(200), want: []string{"BAD-1 should", "SIG-1 must", "SIG-2 must", "SIG-3 must", "SIG-4 must"}},
		{name: "redirects everyone, which this platform takes for an acknowledgement", platform: "tryno",
			receiver: func(*contract.Platform) http.Handler { return http.RedirectHandler("/login", http.StatusFound) }, want: []string{"SIG-1 must", "SIG-2 must", "SIG-3 must", "SIG-4 must"}},
		{name: "answers 200 to everything", platform: "mighty", receiver: always(200), want: []string{"BAD-1 should", "SIG-1 must", "SIG-8 must", "SIG-8 should"}},
		{name: "answers 200 to everything", platform: "ambassify", receiver: always(200), want: []string{"BAD-1 should"}},
		{name: "answers 404 to everything", platform: "tribe", receiver: always(404), want: append(all, "HSK-1 must"), note: "every good delivery was answered 404"},
		{name: "answers 401 to everything", platform: "tryno", receiver: always(401), want: append(all, "HSK-3 must"), note: "is the secret that was given the receiver's?"},
		{name: "answers 500 to everything", platform: "mighty", receiver: always(500), want: mighty, note: "every good delivery was answered 500"},
		{name: "answers 204 to everything", platform: "mighty", receiver: always(204), want: append(mighty, "ACK-6 must"), note: "every good delivery was answered 204: the platform wants 200 exactly"},
		{name: "answers 302 to everything", platform: "ambassify", receiver: always(302), want: all, note: "every good delivery was answered 302"},
		{name: "answers 302 to everything", platform: "mighty", receiver: always(302), want: mighty, note: "every good delivery was answered 302"},
		{name: "closes every connection", platform: "ambassify", receiver: func(*contract.Platform) http.Handler {
			return http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
		}, want: all, note: "every good delivery was left without a complete answer"},
		{name: "is wrong for one event only", platform: "tribe", receiver: refuses(func(raw []byte) bool { return at(raw, "/data/name") == "member.updated" }),
			want: []string{"ACK-1 must", "ACK-2 must", "ACK-3 should"}},
		{name: "is wrong for an inferred event only", platform: "tribe", receiver: refuses(func(raw []byte) bool { return at(raw, "/data/name") == "member.deleted" }),
			want: []string{"ACK-1 should", "ACK-2 should", "ACK-3 should"}},
		{name: "is wrong at the second delivery of anything", platform: "ambassify", receiver: refusesFrom(2),
			want: []string{"DUP-1 must", "DUP-1 should", "DUP-2 must", "DUP-2 should", "RTY-1 must", "RTY-1 should"}},
		{name: "does not check signatures for one event", platform: "tribe", receiver: func(p *contract.Platform) http.Handler {
			return wrong(p, func(w http.ResponseWriter, _ *http.Request, raw []byte) bool {
				return at(raw, "/data/name") == "member_invitation.accepted" && succeed(w)
			})
		}, want: []string{"SIG-1 must", "SIG-2 must", "SIG-3 must", "SIG-4 must", "SIG-5 should", "SIG-6 must"}},
	}
	for _, c := range some(cases) {
		t.Run(c.platform+" "+c.name, func(t *testing.T) {
			t.Parallel()
			report := judged(t, c.platform, c.receiver(load(t, c.platform)), func(r *judge.Receiver) {
				r.Seeds, r.Events = 5, enough[c.platform]
			})
			require.ElementsMatch(t, c.want, failures(report), text(t, report))
			if c.note != "" {
				require.Contains(t, strings.Join(report.Notes, "\n"), c.note)
			}
		})
	}
}

// TestAReceiverThatTripsOverPayloads: what some payloads do to a receiver is ACK-1's and ACK-2's, whatever else was
// done to them in the scenarios that came upon it.
func TestAReceiverThatTripsOverPayloads(t *testing.T) {
	t.Parallel()
	for _, seed := range some([]uint64{1, 2, 3}) {
		report := judged(t, "tribe", wrong(load(t, "tribe"), func(w http.ResponseWriter, _ *http.Request, raw []byte) bool {
			id := at(raw, "/data/id")
			return id != "" && (id[0] == '7' || id[1] == '7') && refuse(w, http.StatusInternalServerError)
		}), func(r *judge.Receiver) {
			r.Seed, r.Seeds, r.Events = seed, 25, []string{"member.created", "member_invitation.accepted"}
		})
		require.Contains(t, failures(report), "ACK-2 must")
		require.Subset(t, []string{"ACK-1 must", "ACK-2 must"}, failures(report), text(t, report))
	}
	// A story of which one payload fails breaks no must rule.
	for _, seed := range some([]uint64{1, 2, 3}) {
		report := judged(t, "tribe", wrong(load(t, "tribe"), func(w http.ResponseWriter, _ *http.Request, raw []byte) bool {
			id := at(raw, "/data/id")
			return id != "" && (id[0] == '7' || id[1] == '7') && refuse(w, http.StatusInternalServerError)
		}), func(r *judge.Receiver) { r.Seed, r.Seeds, r.Events, r.Rules = seed, 25, nil, []string{"ACK-7"} })
		require.Subset(t, []string{"ACK-2 must", "ACK-2 should", "ACK-7 should"}, failures(report), text(t, report))
	}
}

// TestNotes: the report says what one should know before one reads the failures.
func TestNotes(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	taken := 0
	limited := judged(t, "mighty", wrong(load(t, "mighty"), func(w http.ResponseWriter, _ *http.Request, _ []byte) bool {
		mu.Lock()
		defer mu.Unlock()
		taken++
		w.Header().Set("Retry-After", "3600")
		return taken > 20 && refuse(w, http.StatusTooManyRequests)
	}), func(r *judge.Receiver) { r.Seeds, r.Events = 5, enough["mighty"] })
	require.Contains(t, strings.Join(limited.Notes, "\n"), "deliveries were answered 429 (")

	deaf := judged(t, "tribe", wrong(load(t, "tribe"), func(w http.ResponseWriter, _ *http.Request, raw []byte) bool {
		return at(raw, "/type") != "TEST" && refuse(w, http.StatusNotFound)
	}), func(r *judge.Receiver) { r.Rules = []string{"HSK-1", "HSK-2"} })
	require.Equal(t, []string{"ACK-2 must", "ACK-2 should"}, failures(deaf), "that it takes no event says nothing about HSK-2, or LIVE-1")
	require.Equal(t, []string{"every good delivery was answered 404: the platform wants a 2xx status"}, deaf.Notes)
}

// TestRemarksAreFew: what is remarked upon in many scenarios is said once for each rule.
func TestRemarksAreFew(t *testing.T) {
	t.Parallel()
	report := judged(t, "tribe", answering(reference.New(load(t, "tribe"), secret), status(http.StatusFound)))
	require.Empty(t, failures(report), text(t, report))
	require.Less(t, strings.Count(text(t, report), "remark "), 12, text(t, report))
}

// TestAReceiverThatDiesOfRubbish: what rubbish brought down is found at the rubbish, and at no other rule.
func TestAReceiverThatDiesOfRubbish(t *testing.T) {
	t.Parallel()
	tribe := load(t, "tribe")
	var mu sync.Mutex
	dead := false
	report := judged(t, "tribe", wrong(tribe, func(_ http.ResponseWriter, _ *http.Request, raw []byte) bool {
		mu.Lock()
		defer mu.Unlock()
		if dead = dead || bytes.Contains(raw, []byte(":NaN}")); dead {
			panic(http.ErrAbortHandler)
		}
		return false
	}))
	require.Equal(t, []string{"BAD-1 must", "LIVE-1 must"}, failures(report), text(t, report))
}

// TestAReceiverThatHangs: one that never answers cannot be judged; one that hangs now and then is.
func TestAReceiverThatHangs(t *testing.T) {
	t.Parallel()
	hang := func(_ http.ResponseWriter, r *http.Request, _ []byte) bool {
		<-r.Context().Done()
		return true
	}
	short := func(r *judge.Receiver) { r.Timeout, r.Concurrency, r.Seeds = 2*time.Second, 16, 5 }
	tribe := load(t, "tribe")
	t.Run("on everything", func(t *testing.T) {
		t.Parallel()
		srv := httptest.NewServer(wrong(tribe, hang))
		defer srv.Close()
		_, err := verify(t.Context(), t, judge.Receiver{URL: srv.URL, Platform: tribe, Secret: secret, Timeout: time.Second})
		var e *judge.Error
		require.ErrorAs(t, err, &e)
		require.Equal(t, judge.Unreachable, e.Kind)
		require.Contains(t, e.Error(), "accepts connections but does not answer within 1s")
	})
	t.Run("on the first event", func(t *testing.T) {
		t.Parallel()
		report := judged(t, "tribe", wrong(tribe, func(w http.ResponseWriter, r *http.Request, raw []byte) bool {
			return at(raw, "/data/name") == "member.created" && hang(w, r, raw)
		}), short, func(r *judge.Receiver) { r.Events = enough["tribe"] })
		require.Equal(t, []string{"ACK-1 must", "ACK-2 must", "ACK-3 should"}, failures(report), text(t, report))
	})
	t.Run("on rubbish", func(t *testing.T) {
		t.Parallel()
		report := judged(t, "tribe", wrong(tribe, func(w http.ResponseWriter, r *http.Request, raw []byte) bool {
			return string(raw) == "[]" && hang(w, r, raw)
		}), short)
		require.Equal(t, []string{"BAD-2 must"}, failures(report), text(t, report))
	})
	t.Run("on what is not signed", func(t *testing.T) {
		t.Parallel()
		report := judged(t, "tribe", answering(reference.New(tribe, secret), func(http.ResponseWriter) { panic(http.ErrAbortHandler) }), short)
		require.Equal(t, []string{"BAD-1 must", "BAD-2 must"}, failures(report), text(t, report))
		require.Contains(t, text(t, report), "the connection is closed on every sender without a correct signature")
	})
	t.Run("after the first deliveries", func(t *testing.T) {
		t.Parallel()
		var mu sync.Mutex
		got := 0
		report := judged(t, "mighty", wrong(load(t, "mighty"), func(w http.ResponseWriter, r *http.Request, raw []byte) bool {
			mu.Lock()
			got++
			n := got
			mu.Unlock()
			return n > 1 && hang(w, r, raw)
		}), short, func(r *judge.Receiver) { r.Timeout = time.Second / 4 }) // what is in time is not looked at here
		require.True(t, report.Failed(), text(t, report))
		require.NotZero(t, report.Scenarios.NotRun)
	})
}
