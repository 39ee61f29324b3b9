package cli_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A verdict stands though its file cannot be written; without one that failed, the run could not be made as it was
// asked for.
func TestTheVerdictWinsOverAFileThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]int{500: 1, 200: 3} {
		report := filepath.Join(t.TempDir(), "folder", "report.xml")
		require.NoError(t, os.Mkdir(filepath.Dir(report), 0o700))
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_ = os.RemoveAll(filepath.Dir(report)) // after the flag was looked at
			w.WriteHeader(status)
		}))
		defer server.Close()
		code, stdout, stderr := run(t, "verify", server.URL, "-p", "ambassify", "--rules", "ACK-1", "--junit", report)
		require.Equal(t, want, code, stderr)
		require.Contains(t, stdout, "ambassify")
		require.Regexp(t, `^quintain: open .*report.xml: no such file or directory\n$`, stderr)
	}
}

func TestVerifyExitCodes(t *testing.T) {
	t.Parallel()
	answer := func(status int) string {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
		t.Cleanup(server.Close)
		return server.URL
	}
	for _, c := range []struct {
		args string
		code int
	}{
		{answer(200) + " -p ambassify --rules ACK-1 --events person.created", 0},
		{answer(200) + " -p tribe --secret s --rules SIG-1 --events member.created", 1},
		{answer(500) + " -p ambassify --rules ACK-1", 1},
		// a should rule does not decide
		{answer(200) + " -p tribe --secret s --rules SIG-5 --events member.created", 0},
		{answer(200) + " -p tribe", 2},
		{answer(200) + " -p tribe --secret s --rules NO-1", 2},
		{"http://" + closedPort(t) + " -p ambassify", 3},
		{"http://nobody.invalid/ -p ambassify", 3},
	} {
		code, stdout, stderr := run(t, append([]string{"verify"}, strings.Fields(c.args)...)...)
		require.Equal(t, c.code, code, "%s\n%s%s", c.args, stdout, stderr)
		require.Equal(t, c.code > 1, stderr != "", "%s\n%s", c.args, stderr)
		require.Equal(t, c.code > 1, stdout == "", "%s\n%s", c.args, stdout)
	}
}
