package live

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver"
	"github.com/quintain-dev/quintain/mockserver/client"
)

func TestAttemptText(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 19, 34, 21, 0, time.UTC)
	a := func(change func(*mockserver.ObservedAttempt)) mockserver.ObservedAttempt {
		out := mockserver.ObservedAttempt{
			Community: "tribe", Event: "member.created", DeliveryID: "6700e1c0-6a3c-5c8a-9d0f-3f9b9a2f5a11", Number: 1,
			URL: "http://127.0.0.1:3000/hooks", Status: 200, Duration: 4700 * time.Microsecond, Outcome: contract.Accepted,
			State: contract.Acknowledged, Clock: client.ClockReal,
		}
		change(&out)
		return out
	}
	failed := func(change func(*mockserver.ObservedAttempt)) mockserver.ObservedAttempt {
		return a(func(a *mockserver.ObservedAttempt) {
			a.Status, a.Outcome, a.State, a.In, a.Due = 401, contract.Failed, contract.Waiting, 4997*time.Millisecond, now
			change(a)
		})
	}
	for want, a := range map[string]mockserver.ObservedAttempt{
		"19:34:21 tribe member.created #1 → :3000/hooks 200 4.7ms 6700e1c0\n": a(func(*mockserver.ObservedAttempt) {}),
		"19:34:21 tribe member.created #1 → example.com/a%20b 200 4.7ms 6700e1c0 (manual, lost)\n": a(func(a *mockserver.ObservedAttempt) {
			a.URL, a.Manual, a.Faults = "https://me:s3cret@example.com/a%20b?token=t0ken", true, []string{"lost"}
		}),
		"19:34:21 tribe member.created → :3000/hooks 200 4.7ms\n": a(func(a *mockserver.ObservedAttempt) { a.DeliveryID = "" }),
		"19:34:21 tribe member.created #1 → :3000/hooks 401 4.7ms 6700e1c0, retry in 5s\n" +
			"         {\"error\":\"bad\"}\n": failed(func(a *mockserver.ObservedAttempt) { a.Answer = []byte("\n{\"error\":\"bad\"}\nmore") }),
		"19:34:21 tribe member.created #2 → :3000/hooks refused 4.7ms 6700e1c0, retry in 1h30m of its scaled clock\n" +
			"         the connection was refused: nobody listens\n": failed(func(a *mockserver.ObservedAttempt) {
			a.Number, a.Status, a.Failure, a.Reason, a.In = 2, 0, contract.Refused, "dial tcp", 90*time.Minute
			a.Clock = client.ClockScaled
		}),
		"19:34:21 tribe member.created #6 → :3000/hooks 204 4.7ms 6700e1c0, exhausted\n" +
			"         the status is 204, want 200 exactly: hm\n": failed(func(a *mockserver.ObservedAttempt) {
			a.Number, a.Status, a.State, a.Due, a.Answer = 6, 204, contract.Exhausted, time.Time{}, []byte("hm")
			a.Reason = "the status is 204, want 200 exactly"
		}),
		"19:34:21 tribe member.created #1 → :3000/hooks 401 4.7ms 6700e1c0, retry in 5s\n" +
			"         ·[2J·31m·evil· " + strings.Repeat("世", 32) + "…\n": failed(func(a *mockserver.ObservedAttempt) {
			a.Answer = []byte("\x1b[2J\u009b31m\u202eevil\x07\t" + strings.Repeat("世", 90))
		}),
	} {
		require.Equal(t, want, string(attemptText(now, a, 90)))
	}
}

func TestRequestText(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 19, 34, 21, 0, time.UTC)
	r := mockserver.ObservedRequest{
		Community: "tribe", Inbox: "shop", Event: "member.created", Attempt: 2, Valid: true, Signature: "valid", Answered: "503",
	}
	require.Equal(t, "19:34:21 tribe member.created #2 → inbox shop 503, valid, signature valid\n", string(requestText(now, r, 100)))
	r = mockserver.ObservedRequest{
		Community: "tribe", Inbox: "shop", Attempt: 1,
		Problems: []contract.Problem{{Pointer: "/data/\x1b", Message: "lacks \"id\""}, {Pointer: "/x", Message: "y"}},
	}
	require.Equal(t, "19:34:21 tribe unknown event #1 → inbox shop broken off, breaks its contract\n"+
		"         /data/·: lacks \"id\" (and 1 more)\n", string(requestText(now, r, 100)))
}

func TestShortDuration(t *testing.T) {
	t.Parallel()
	for want, d := range map[string]time.Duration{
		"0.3ms": 312 * time.Microsecond, "999.0ms": 999 * time.Millisecond, "1.2s": 1234 * time.Millisecond, "30s": 29_700 * time.Millisecond,
		"5m": 5 * time.Minute, "5m5s": 305 * time.Second, "2h": 2 * time.Hour, "2h30m": 150 * time.Minute, "10s": 10 * time.Second,
		"20m": 20 * time.Minute, "10h0m5s": 10*time.Hour + 5*time.Second, "0s": 0,
	} {
		if d == 0 {
			want = "0.0ms"
		}
		require.Equal(t, want, shortDuration(d))
	}
}
