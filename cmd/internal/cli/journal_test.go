package cli_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/cmd/internal/cli"
	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver/client"
)

// served is a running server with one community, tribe, on a virtual clock, whose receiver answers with a status that
// can be changed. Two events were sent once, and not acknowledged.
func served(t *testing.T) (server string, status *atomic.Int64, ids []string) {
	t.Helper()
	status = &atomic.Int64{}
	status.Store(500)
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(int(status.Load())) }))
	t.Cleanup(receiver.Close)
	server, _ = start(t, `up at (http://[0-9.:]+)$`, "serve", "--addr", "127.0.0.1:0", "--to", receiver.URL+"/hooks", "--secret", "s3cret", "-p", "tribe", "--clock", "virtual")
	for _, event := range []string{"member.created", "member.updated"} {
		code, stdout, _ := run(t, "send", "tribe", event, "--server", server, "--json")
		require.Equal(t, 1, code)
		var sent []client.DeliveryDetail
		require.NoError(t, json.Unmarshal([]byte(stdout), &sent))
		ids = append(ids, sent[0].ID)
	}
	return server, status, ids
}

func TestJournalCommands(t *testing.T) {
	t.Parallel()
	server, status, ids := served(t)
	ok := func(args ...string) string {
		t.Helper()
		code, stdout, stderr := run(t, append(args, "--server", server)...)
		require.Zero(t, code, stderr)
		return stdout
	}
	lines := strings.Split(ok("deliveries"), "\n")
	require.Regexp(t, `^DELIVERY +MADE +EVENT +STATE +ATTEMPTS +NEXT$`, lines[0])
	require.Regexp(t, "^"+ids[1]+`  \S+Z  member.updated  waiting  1 +\S+Z$`, lines[1], "newest first")
	require.Regexp(t, "^"+ids[0]+`  \S+Z  member.created  waiting  1 +\S+Z$`, lines[2])
	require.Equal(t, []string{""}, lines[3:])
	require.Contains(t, ok("deliveries", "--event", "member.created"), ids[0])
	require.NotContains(t, ok("deliveries", "--event", "member.created"), ids[1])
	require.JSONEq(t, "[]", ok("deliveries", "--state", "exhausted", "--json"))
	require.NotContains(t, ok("deliveries", "--until", "1971-01-01T00:00:00Z"), ids[0])
	code, stdout, stderr := run(t, "deliveries", "--server", server, "--limit", "1", "--json")
	require.Zero(t, code)
	var listed []client.Delivery
	require.NoError(t, json.Unmarshal([]byte(stdout), &listed))
	require.Len(t, listed, 1)
	require.Equal(t, ids[1], listed[0].ID)
	require.Equal(t, "1 of 2; --limit 0 lists all\n", stderr)

	// What has retries to come is skipped; with a filter that is no failure.
	require.Contains(t, ok("redeliver", "--event", "member.created"), "redelivered: 0, skipped: 1")
	code, stdout, _ = run(t, "redeliver", ids[0], "--server", server)
	require.Equal(t, 1, code)
	require.Contains(t, stdout, ids[0]+"  skipped: the delivery "+ids[0]+" is waiting")
	c := client.New(server, nil)
	_, err := c.Settle(t.Context(), "tribe", 0)
	require.NoError(t, err)
	require.Contains(t, ok("deliveries"), "exhausted")
	code, stdout, _ = run(t, "redeliver", ids[0], "--wait", "--server", server)
	require.Equal(t, 1, code, "not acknowledged")
	require.Contains(t, stdout, ids[0]+"  member.created: exhausted")
	status.Store(200)
	require.Contains(t, ok("redeliver", "--state", "exhausted"), "redelivered: 2, skipped: 0")
	_, err = c.Advance(t.Context(), "tribe", 0)
	require.NoError(t, err)
	var done client.Redelivered
	require.NoError(t, json.Unmarshal([]byte(ok("redeliver", "--all", "--wait", "--json")), &done))
	require.Len(t, done.Redelivered, 2)
	require.Equal(t, client.Acknowledged, done.Redelivered[0].State)

	require.Regexp(t, `^curl -X POST 'http://\S+/hooks' \\\n  -H 'Accept: `, ok("curl", ids[0]))
	first, last := ok("curl", ids[0], "1"), ok("curl", ids[0])
	require.NotEqual(t, first, last, "the last one, with another timestamp")

	all, err := c.Attempts(t.Context(), "tribe", client.AttemptFilter{})
	require.NoError(t, err)
	require.Equal(t, all.Total+1, strings.Count(ok("export"), "\n"))
	require.Regexp(t, fmt.Sprintf(`^sha256:[0-9a-f]{64}  %d attempts\n$`, all.Total), ok("export", "--digest"))
	created, err := c.Attempts(t.Context(), "tribe", client.AttemptFilter{Event: "member.created"})
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "out.har")
	require.Empty(t, ok("export", "--format", "har", "--out", file, "--event", "member.created"))
	written, err := os.ReadFile(file)
	require.NoError(t, err)
	var archive struct {
		Log struct {
			Entries []struct {
				Event string `json:"_event"`
			}
		}
	}
	require.NoError(t, json.Unmarshal(written, &archive))
	require.Len(t, archive.Log.Entries, created.Total)
	for _, e := range archive.Log.Entries {
		require.Equal(t, "member.created", e.Event)
	}
	require.NoFileExists(t, file+".part")
}

func TestJournalMisuse(t *testing.T) {
	t.Parallel()
	server, _, ids := served(t)
	several, _ := start(t, `up at (http://[0-9.:]+)$`, "serve", "--addr", "127.0.0.1:0")
	file := filepath.Join(t.TempDir(), "kept.ndjson")
	require.NoError(t, os.WriteFile(file, []byte("before"), 0o600))
	gone := "http://" + closedPort(t)
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"deliveries", "--server", gone}, 3, "no server at " + gone},
		{[]string{"deliveries", "--server", gone, "--community", "x"}, 3, "no server at " + gone},
		{[]string{"redeliver", "x", "--server", gone, "--community", "x"}, 3, "no server at " + gone},
		{[]string{"export", "--server", gone, "--community", "x", "--out", file}, 3, "no server at " + gone},
		{[]string{"curl", "x", "--server", gone, "--community", "x"}, 3, "no server at " + gone},
		{[]string{"deliveries", "--server", "nowhere"}, 2, "is not a URL"},
		{[]string{"deliveries", "--server", several}, 2, "choose one with --community: " + strings.Join(contract.Names(), ", ")},
		{[]string{"deliveries", "--server", server, "--community", "nope"}, 2, `"nope"`},
		{[]string{"deliveries", "--server", server, "--state", "gone"}, 2, `unknown state "gone"`},
		{[]string{"deliveries", "--since", "noon"}, 2, `--since "noon" is not a time; write it as 2026-03-01T09:00:00Z`},
		{[]string{"deliveries", "--limit", "-1"}, 2, "--limit -1 is out of range"},
		{[]string{"redeliver", "--server", server}, 2, "name deliveries, or select them"},
		{[]string{"redeliver", ids[0], "--all", "--server", server}, 2, "not both"},
		{[]string{"redeliver", "nope", "--server", server}, 2, `there is no delivery "nope"`},
		{[]string{"export", "--digest", "--out", file}, 2, "--digest is of the whole journal"},
		{[]string{"export", "--format", "csv"}, 2, `--format "csv" is none of ndjson, har`},
		{[]string{"export", "--server", server, "--event", "nope", "--out", file}, 2, `unknown event of tribe@2021-12 "nope"`},
		{[]string{"export", "--server", server, "--out", filepath.Join(file, "x")}, 2, "--out: "},
		{[]string{"curl"}, 2, "the delivery is missing"},
		{[]string{"curl", ids[0], "first"}, 2, `the attempt is "first", want its number`},
		{[]string{"curl", ids[0], "9", "--server", server}, 2, "has no attempt 9"},
	} {
		code, _, stderr := run(t, c.args...)
		require.Equal(t, c.code, code, "%v: %s", c.args, stderr)
		require.Contains(t, stderr, c.want, "%v", c.args)
		require.Equal(t, 1, strings.Count(stderr, "\n"), "one sentence: %s", stderr)
	}
	kept, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, "before", string(kept), "a failed export leaves the file as it was")
	require.NoFileExists(t, file+".part")
}

// The server may be named in the environment.
func TestJournalServerOfTheEnvironment(t *testing.T) {
	t.Parallel()
	server, _, ids := served(t)
	var out, errs strings.Builder
	code := cli.Main(t.Context(), []string{"quintain", "deliveries"}, []string{"QUINTAIN_SERVER=" + server}, strings.NewReader(""), &out, &errs)
	require.Zero(t, code, errs.String())
	require.Contains(t, out.String(), ids[0])
}

// Two servers with the same seed and start have equal runs, and send sends the same bytes twice.
func TestStartMakesRunsEqual(t *testing.T) {
	t.Parallel()
	const begins = "2026-03-01T09:00:00Z"
	digest := func(from string) string {
		server, _ := start(t, upAt, "serve", "--addr", "127.0.0.1:0", "-p", "tribe", "--clock", "virtual", "--start", from, "--jitter", "20%", "--secret", "s3cret")
		_, url, _ := run(t, "inbox", "put", "in", "when attempt 1: 50% 503 | 500; 200", "--server", server)
		c := client.New(server, nil)
		_, err := c.CreateWebhook(t.Context(), "tribe", client.NewWebhook{URL: strings.TrimSpace(url), Events: []string{"*"}})
		require.NoError(t, err)
		code, _, stderr := run(t, "send", "tribe", "member.created", "-n", "5", "--server", server)
		require.Equal(t, 1, code, stderr)
		code, _, stderr = run(t, "clock", "settle", "--server", server)
		require.Zero(t, code, stderr)
		_, stdout, _ := run(t, "export", "--digest", "--server", server)
		return stdout
	}
	first := digest(begins)
	require.Equal(t, first, digest(begins))
	require.NotEqual(t, first, digest("2026-03-02T09:00:00Z"))

	var bodies []string
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		bodies = append(bodies, string(body)+r.Header.Get("X-Tribe-Signature"))
	}))
	t.Cleanup(receiver.Close)
	for range 2 {
		code, _, stderr := run(t, "send", "tribe", "member.created", "--to", receiver.URL, "--secret", "s", "--stamp", "schedule", "--start", begins)
		require.Zero(t, code, stderr)
	}
	require.Equal(t, bodies[0], bodies[1])

	for _, misused := range []struct {
		args []string
		says string
	}{
		{[]string{"serve", "--start", begins}, "--start goes with a clock that is scaled or virtual"},
		{[]string{"serve", "--clock", "virtual", "--start", "today"}, `--start "today" is not a time`},
		{[]string{"serve", "--scale", "5"}, "--scale goes with --clock scaled"},
		{[]string{"serve", "--addr", "nope"}, `--addr "nope" is no address to listen at`},
		{[]string{"serve", "--addr", "127.0.0.1:99999"}, `--addr "127.0.0.1:99999" is no address to listen at`},
		{[]string{"listen", "-p", "mighty", "-n", "-1"}, "--count -1 is less than 0"},
	} {
		code, _, stderr := run(t, misused.args...)
		require.Equal(t, 2, code, misused.args)
		require.Contains(t, stderr, misused.says)
	}
}
