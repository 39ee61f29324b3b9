package cli_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/mockserver/client"
)

func TestInbox(t *testing.T) {
	t.Parallel()
	server, _ := start(t, upAt, "serve", "--addr", "127.0.0.1:0", "-p", "mighty", "--clock", "virtual")
	inbox := func(code int, args ...string) (stdout, stderr string) {
		t.Helper()
		got, stdout, stderr := run(t, append(append([]string{"inbox"}, args...), "--server", server)...)
		require.Equal(t, code, got, stderr)
		return stdout, stderr
	}
	stdout, _ := inbox(0, "put", "flaky", "503, 204")
	require.Equal(t, server+"/__mock/in/mighty/flaky\n", stdout)
	for _, want := range []int{503, 204, 204} {
		response, err := http.Post(strings.TrimSpace(stdout)+"/a%2Fb?x=1", "text/plain", strings.NewReader("hello"))
		require.NoError(t, err)
		response.Body.Close()
		require.Equal(t, want, response.StatusCode)
	}
	stdout, _ = inbox(0, "put", "plain", "--json")
	require.Contains(t, stdout, `"name": "plain"`)

	stdout, _ = inbox(0, "list")
	require.Regexp(t, `^INBOX +ANSWERS +URL\nflaky +503, 204 +http://.*/flaky\nplain +200 +http://.*/plain\n$`, stdout)
	stdout, _ = inbox(0, "captures", "flaky")
	require.Regexp(t, `^NUMBER +AT +REQUEST +BYTES +EVENT +TRY +BODY +SIGNATURE +ANSWERED\n1 +20\S+ +POST /a%2Fb\?x=1 +5 +- +1 +invalid +- +503\n2 .*204\n3 .*204\n$`, stdout)
	stdout, _ = inbox(0, "captures", "flaky", "--valid")
	require.Equal(t, 1, strings.Count(stdout, "\n"))
	stdout, _ = inbox(0, "wait", "flaky", "-n", "2", "--invalid", "--path", "/a%2Fb")
	require.Regexp(t, `(?s)\n1 .*\n2 `, stdout)
	_, stderr := inbox(1, "wait", "flaky", "--method", "PUT", "--timeout", "0s")
	require.Regexp(t, `(?s)^quintain: 0 of 1 came within 0s.*\n  request 1: method is POST, want PUT\n`, stderr)
	_, stderr = inbox(2, "wait", "flaky", "--timeout", "2m")
	require.Contains(t, stderr, `--timeout is "2m0s", want a duration from 0s to 1m0s`)
	_, stderr = inbox(2, "wait", "flaky", "--valid", "--invalid")
	require.Contains(t, stderr, "valid")
	stdout, _ = inbox(0, "captures", "flaky", "--json")
	var captures []client.Capture
	require.NoError(t, json.Unmarshal([]byte(stdout), &captures), stdout)
	require.Len(t, captures, 3)
	require.Equal(t, "hello", captures[2].Text)

	stdout, _ = inbox(0, "delete", "flaky")
	require.Empty(t, stdout)
	_, stderr = inbox(2, "captures", "flaky")
	require.Contains(t, stderr, `there is no inbox "flaky"; "quintain inbox list" lists those that there are`)
	_, stderr = inbox(2, "put", "flaky", "200, 500xx3")
	require.Regexp(t, `"500x" is neither a status nor one of .*such as 500x3, timeout, 200.*\n  200, 500xx3\n       \^\n$`, stderr)
	_, stderr = inbox(2)
	require.Contains(t, stderr, "want put, list, captures, wait or delete")
	_, stderr = inbox(2, "lst")
	require.Contains(t, stderr, `did you mean "list"?`)
}

// More captures than a page of the API has are listed too, each once.
func TestInboxWithMoreThanAPage(t *testing.T) {
	t.Parallel()
	server, _ := start(t, upAt, "serve", "--addr", "127.0.0.1:0", "-p", "mighty", "--clock", "virtual")
	_, url, _ := run(t, "inbox", "put", "many", "--server", server)
	for range 501 {
		response, err := http.Post(strings.TrimSpace(url), "text/plain", nil)
		require.NoError(t, err)
		response.Body.Close()
	}
	code, stdout, stderr := run(t, "inbox", "captures", "many", "--server", server)
	require.Zero(t, code, stderr)
	require.Equal(t, 502, strings.Count(stdout, "\n"))
	require.Equal(t, 1, strings.Count(stdout, "\n501 "))
}

// What a server says does not paint the terminal.
func TestInboxPrintsNoEscapes(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if !strings.HasSuffix(r.URL.Path, "/captures") {
			_, _ = io.WriteString(w, `{"communities": [{"id": "c"}]}`)
			return
		}
		_, _ = io.WriteString(w, `{"captures": [{"number": 1, "method": "POST", "path": "/\u001b[2J", "event": "\u001b[3J", "answered": "200:\u001b[4J"}], "total": 1}`)
	}))
	defer server.Close()
	code, stdout, stderr := run(t, "inbox", "captures", "in", "--server", server.URL)
	require.Zero(t, code, stderr)
	require.NotContains(t, stdout, "\x1b")
	for _, want := range []string{"POST /·[2J", "·[3J", "200:·[4J"} {
		require.Contains(t, stdout, want)
	}
}
