package cli_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/mockserver/client"
)

const standardSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

// What the flags of serve say is what the communities have.
func TestServeSendsAsItIsTold(t *testing.T) {
	t.Parallel()
	server, _ := start(t, upAt, "serve", "--addr", "127.0.0.1:0", "-p", "tribe,mighty", "--secret", standardSecret,
		"--faults", "30% lost, duplicate x2", "--jitter", "10%", "--schedule", "5s, 5m", "--timeout", "1500ms", "--retry-after", "--gone",
		"--disable-after", "7", "--success", "below-400", "--signature", "standard-webhooks", "--stamp", "schedule", "--reveal-secrets",
		"--max-webhooks", "3", "--rate-limit", "0")
	plain, _ := start(t, upAt, "serve", "--addr", "127.0.0.1:0", "-p", "tribe", "--schedule", "", "--jitter", "1")
	for _, platform := range []string{"tribe", "mighty"} {
		got, err := client.New(server, nil).Community(t.Context(), platform)
		require.NoError(t, err)
		want := client.Community{
			Faults: "30% lost, duplicate x2", Jitter: 0.1, Schedule: []string{"5s", "5m0s"}, TimeoutMS: 1500, RetryAfter: true, Gone: true,
			DisableAfter: 7, Success: "below-400", Signature: "standard-webhooks", Stamp: "schedule", Reveals: true, MaxWebhooks: 3,
			ID: platform, Name: got.Name, Platform: platform, Revision: got.Revision, Seed: 42, Clock: got.Clock, Bounds: got.Bounds,
			Encoding: "json", FormStyle: "brackets", CreatedAt: got.CreatedAt,
		}
		require.Equal(t, want, *got)
	}
	got, err := client.New(plain, nil).Community(t.Context(), "tribe")
	require.NoError(t, err)
	require.Empty(t, got.Schedule)
	require.Equal(t, 1.0, got.Jitter)
	require.Equal(t, 100, got.RateLimit)
	require.Equal(t, "hmac-sha256", got.Signature)
}

func TestSendSendsAsItIsTold(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status   int
		args     []string
		requests int
		want     string
	}{
		"no retries":         {500, []string{"--schedule", ""}, 1, "exhausted after 1 attempt\n"},
		"a schedule":         {500, []string{"--schedule", "1m,1h"}, 3, "attempt 3  +1h1m0s "},
		"success":            {302, []string{"--success", "below-400"}, 1, "acknowledged after 1 attempt\n"},
		"gone":               {410, []string{"--gone"}, 1, "canceled after 1 attempt\n"},
		"disable":            {500, []string{"--disable-after", "2"}, 2, "canceled after 2 attempts\n"},
		"retry after":        {503, []string{"--schedule", "1s", "--retry-after"}, 2, "attempt 2  +1m30s "},
		"lost at first":      {200, []string{"--faults", "when attempt 1: lost"}, 2, " ms (lost)\n  attempt 2  +5s         200, 0 bytes after "},
		"dropped for ever":   {200, []string{"--faults", "drop", "--schedule", "1s"}, 0, "exhausted after 2 attempts\n"},
		"duplicate":          {200, []string{"--faults", "duplicate x3"}, 3, "acknowledged after 1 attempt\n  attempt 1  +0s         200, "},
		"a copy":             {200, []string{"--faults", "duplicate"}, 2, " ms (duplicate)\n  a copy     +0s         200, 0 bytes after "},
		"delay":              {200, []string{"--faults", "delay 5m"}, 1, "attempt 1  +5m0s "},
		"standard-webhooks":  {200, []string{"--signature", "standard-webhooks", "--secret", standardSecret}, 1, "attempt 1  +0s         200, "},
		"the secret as sent": {200, []string{"--reveal-secrets", "--json"}, 1, "s3cret"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var requests, signed atomic.Int64
			receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				requests.Add(1)
				if r.Header.Get("webhook-signature") != "" {
					signed.Add(1)
				}
				w.Header().Set("Retry-After", "90")
				w.WriteHeader(c.status)
			}))
			defer receiver.Close()
			_, stdout, stderr := run(t, append([]string{"send", "mighty", "EventCreated", "--to", receiver.URL, "--retries", "--secret", "s3cret"}, c.args...)...)
			require.Contains(t, stdout, c.want, stderr)
			require.EqualValues(t, c.requests, requests.Load())
			require.Equal(t, name == "standard-webhooks", signed.Load() > 0)
		})
	}
	// A delivery that a fault puts off is not lost sight of.
	code, stdout, _ := run(t, "send", "mighty", "EventCreated", "--to", "http://127.0.0.1:1/", "--faults", "delay 5m")
	require.Equal(t, 1, code)
	require.Regexp(t, `pending after 0 attempts\n  the next attempt would be due \+5m0s; --retries makes it\n$`, stdout)
}

// The faults of one event go with it to a running server; what else is said about sending is that server's.
func TestSendByServerWithFaults(t *testing.T) {
	t.Parallel()
	var requests atomic.Int64
	receiver := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { requests.Add(1) }))
	defer receiver.Close()
	server, _ := start(t, upAt, "serve", "--addr", "127.0.0.1:0", "-p", "tribe", "--secret", "s3cret", "--clock", "virtual", "--to", receiver.URL)
	code, stdout, stderr := run(t, "send", "tribe", "member.created", "--faults", "drop", "--server", server)
	require.Equal(t, 1, code, stderr)
	require.Contains(t, stdout, "waiting after 1 attempt")
	require.Zero(t, requests.Load())
	code, _, stderr = run(t, "send", "tribe", "member.created", "--server", server)
	require.Zero(t, code, stderr)
	require.EqualValues(t, 1, requests.Load())

	for flag, value := range map[string]string{
		"jitter": "10%", "schedule": "5s", "timeout": "1s", "retry-after": "true", "gone": "true", "disable-after": "1", "success": "2xx",
		"signature": "platform", "stamp": "real", "reveal-secrets": "true",
	} {
		code, _, stderr := run(t, "send", "tribe", "member.created", "--server", server, "--"+flag+"="+value)
		require.Equal(t, 2, code)
		require.Contains(t, stderr, "--"+flag+" goes with --to; a running server has its own")
		code, _, _ = run(t, "send", "tribe", "--story", "newcomer", "--at-once", "--server", server, "--"+flag+"="+value)
		require.Equal(t, 2, code)
	}
	code, _, stderr = run(t, "send", "tribe", "--story", "newcomer", "--at-once", "--server", server, "--faults", "drop")
	require.Equal(t, 2, code)
	require.Contains(t, stderr, "--faults goes with --to")
}

// A server that cannot be as it is told does not listen for a moment: its address may even be taken.
func TestServeStartsWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	code, stdout, stderr := run(t, "serve", "--addr", taken.Addr().String(), "--faults", "tamper")
	require.Equal(t, 2, code)
	require.Empty(t, stdout)
	require.Contains(t, stderr, "ambassify@undated neither signs")
}

func TestBadShares(t *testing.T) {
	t.Parallel()
	for _, jitter := range []string{"200%", "1.5", "-1%", "NaN", "", "ten%"} {
		code, _, stderr := run(t, "serve", "--addr", "nowhere", "--jitter", jitter)
		require.Equal(t, 2, code)
		require.Contains(t, stderr, "want 0% to 100%, such as 10%, or 0 to 1, such as 0.1")
		require.Equal(t, 1, strings.Count(stderr, "\n"))
	}
	for _, timeout := range []string{"0", "-1s", "500us", "11m", "1500us"} {
		code, _, stderr := run(t, "send", "mighty", "EventCreated", "--to", "http://127.0.0.1:1/", "--timeout", timeout)
		require.Equal(t, 2, code)
		require.Contains(t, stderr, "want whole milliseconds from 1ms to 10m0s")
	}
}
