package cli_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/mockserver/client"
)

// refusing is a receiver that answers 401 with a body that means harm to a terminal.
func refusing(t *testing.T) *httptest.Server {
	t.Helper()
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(401)
		_, _ = w.Write([]byte("\n{\"error\":\"bad \x1b[2J\u202ekey " + r.Header.Get("Authorization") + "\"}\nsecond line"))
	}))
	t.Cleanup(receiver.Close)
	return receiver
}

// serve prints a line for each attempt and each request to an inbox; a failure says why, how the answer begins, and
// when the retry is due.
func TestServePrintsLines(t *testing.T) {
	t.Parallel()
	receiver := refusing(t)
	server, stop := start(t, upAt, "serve", "--addr", "127.0.0.1:0", "-p", "tryno", "--clock", "virtual", "--log-format", "text",
		"--secret", "s3cretkey", "--to", receiver.URL+"/hooks?token=t0ken")
	c := client.New(server, nil)
	box, err := c.PutInbox(t.Context(), "tryno", "shop", "200")
	require.NoError(t, err)
	_, err = c.CreateWebhook(t.Context(), "tryno", client.NewWebhook{URL: box.URL, Events: []string{"*"}})
	require.NoError(t, err)
	code, stdout, _ := run(t, "send", "tryno", "member.joined", "--server", server)
	require.Equal(t, 1, code)
	require.Contains(t, stdout, "\n             {\"error\":\"bad ·[2J·key ")
	_, output := stop()
	port := receiver.URL[strings.LastIndex(receiver.URL, ":"):]
	require.Regexp(t, `(?m)^\d\d:\d\d:\d\d tryno member\.joined #1 → `+port+
		`/hooks 401 [0-9.]+ms [0-9a-f]{8}, retry at once\n {9}\{"error":"bad ·\[2J·key .*"\}$`, output)
	require.Regexp(t, `(?m)^\d\d:\d\d:\d\d tryno member\.joined #1 → inbox shop 200, valid`, output)
	_, happened, _ := strings.Cut(output, "End with Ctrl-C.\n") // the greeting repeats the command line
	for _, never := range []string{"t0ken", "s3cretkey", "second line", "\x1b", "\u202e"} {
		require.NotContains(t, happened, never)
	}
}

// Elsewhere than in a terminal the lines are JSON; the greeting says what is not kept.
func TestServePrintsJSONLines(t *testing.T) {
	t.Parallel()
	receiver := refusing(t)
	server, stop := start(t, upAt, "serve", "--addr", "127.0.0.1:0", "-p", "mighty", "--clock", "virtual", "--secret", "s3cretkey",
		"--to", receiver.URL+"?token=t0ken")
	code, _, stderr := run(t, "send", "mighty", "EventCreated", "--server", server)
	require.Equal(t, 1, code, stderr)
	_, output := stop()
	require.Contains(t, output, "\nEverything is kept in memory, and gone when this process ends.\n")
	var line map[string]any
	for text := range strings.Lines(output) {
		if strings.HasPrefix(text, "{") {
			require.Nil(t, line, "one line for one attempt: %s", output)
			require.NoError(t, json.Unmarshal([]byte(text), &line))
		}
	}
	require.Equal(t, "attempt", line["kind"])
	require.Equal(t, receiver.URL, line["url"])
	require.Equal(t, []any{"mighty", "EventCreated", 1.0, 401.0, "waiting"},
		[]any{line["community"], line["event"], line["attempt"], line["status"], line["state"]})
	require.Equal(t, `{"error":"bad ·[2J·key Bearer …redacted"}`, line["answer"])
	require.NotEmpty(t, line["next_due"])
	require.Regexp(t, "^[0-9a-f]{8}-", line["delivery"])
}

func TestQuiet(t *testing.T) {
	t.Parallel()
	address, stopListening := start(t, `at (http://[0-9.:]+) `, "listen", "--addr", "127.0.0.1:0", "-p", "mighty", "--quiet", "-n", "2")
	server, stop := start(t, upAt, "serve", "--addr", "127.0.0.1:0", "-p", "mighty", "-q", "--to", address)
	code, _, stderr := run(t, "send", "mighty", "EventCreated", "--server", server)
	require.Zero(t, code, stderr)
	_, output := stop()
	require.NotContains(t, output, `"kind"`)
	require.NotContains(t, output, "#1")
	_, output = stopListening()
	require.Equal(t, 1, strings.Count(output, "\n"), output)
}

func TestLogFormat(t *testing.T) {
	t.Parallel()
	for _, command := range [][]string{{"serve"}, {"listen", "-p", "tribe"}} {
		code, _, stderr := run(t, append(command, "--log-format", "xml")...)
		require.Equal(t, 2, code)
		require.Equal(t, "quintain: --log-format \"xml\" is none of auto, text, json\n", stderr)
	}
	code, _, stderr := run(t, "listen", "-p", "tribe", "--json", "--log-format", "text")
	require.Equal(t, 2, code)
	require.Contains(t, stderr, "--json and --log-format text exclude each other")
	address, stop := start(t, `at (http://[0-9.:]+) `, "listen", "--addr", "127.0.0.1:0", "-p", "mighty")
	response, err := http.Post(address, "application/json", strings.NewReader("{}"))
	require.NoError(t, err)
	response.Body.Close()
	_, output := stop()
	require.Contains(t, output, `{"at":"`, "no terminal, so JSON")
}
