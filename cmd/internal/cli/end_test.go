package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/cmd/internal/cli"
)

// full is a disk that is full.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

// A command whose output cannot be written has not done what it was for, whatever it found.
func TestOutputThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	body := filepath.Join(t.TempDir(), "body.json")
	require.NoError(t, os.WriteFile(body, []byte("{}"), 0o600))
	for _, args := range []string{
		"version", "version --json", "help", "verify --help", "events", "events --json", "stories", "stories newcomer", "faults",
		"fake tribe member.created", "validate tribe " + body, "sign tryno --secret s " + body, "contract lint tribe",
		"contract export tribe", "verify -p ambassify --rules ACK-1", "verify -p ambassify --rules ACK-1 --json",
	} {
		var errs bytes.Buffer
		code := cli.Main(t.Context(), append([]string{"quintain"}, strings.Fields(args)...), nil, strings.NewReader(""), full{}, &errs)
		require.Equal(t, 3, code, args)
		require.Equal(t, "quintain: the output could not be written: no space left on device\n", errs.String(), args)
	}
}

// signalled is the end that a signal makes: its cause is not context.Canceled.
func signalled(t *testing.T) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(t.Context())
	t.Cleanup(func() { cancel(nil) })
	return ctx, func() { cancel(errors.New("interrupt signal received")) }
}

// interrupts answers statuses and breaks the command off at a request.
func interrupts(t *testing.T, at int, status int, brk func()) string {
	t.Helper()
	requests := make(chan struct{}, 1<<16)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if requests <- struct{}{}; len(requests) == at {
			brk()
		}
		w.WriteHeader(status)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// What verify had found by then is shown, as part of a report.
func TestVerifyBrokenOff(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args   []string
		status int
		want   string
	}{
		"failures":    {nil, 500, `(?s)✗ ACK-1 must.*\nbroken off: this report is not complete: [1-9]\d* of \d+ scenarios were run\n$`},
		"no failures": {nil, 200, `(?s)no must rule failed\nbroken off: this report is not complete: [1-9]\d* of \d+ scenarios were run\n$`},
		"JSON":        {[]string{"--json"}, 200, `(?s)^{\n  "passed": false,\n  "error": {\n    "kind": "broken-off",\n    "message": "broken off",`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, brk := signalled(t)
			report := filepath.Join(t.TempDir(), "report.xml")
			args := append([]string{"quintain", "verify", interrupts(t, 40, c.status, brk), "-p", "ambassify", "--concurrency", "1", "--junit", report}, c.args...)
			var out, errs bytes.Buffer
			code := cli.Main(ctx, args, nil, nil, &out, &errs)
			require.Equal(t, 3, code)
			require.Equal(t, "quintain: broken off\n", errs.String())
			require.Regexp(t, c.want, out.String())
			file, err := os.ReadFile(report)
			require.NoError(t, err)
			require.Contains(t, string(file), `<error message="broken off"`, "it would be taken for a whole one")
		})
	}
	ctx, brk := signalled(t)
	var out, errs bytes.Buffer
	code := cli.Main(ctx, []string{"quintain", "verify", interrupts(t, 1, 200, brk), "-p", "ambassify"}, nil, nil, &out, &errs)
	require.Equal(t, 3, code)
	require.Equal(t, "quintain: broken off\n", errs.String())
	require.Empty(t, out.String(), "nothing was found yet")
}

func TestSendBrokenOff(t *testing.T) {
	t.Parallel()
	for _, more := range [][]string{{"EventCreated", "-n", "50"}, {"EventCreated", "--retries"}, {"--story", "subscriber", "--retries"}} {
		ctx, brk := signalled(t)
		args := append([]string{"quintain", "send", "mighty", "--to", interrupts(t, 2, 500, brk)}, more...)
		var errs bytes.Buffer
		code := cli.Main(ctx, args, nil, nil, io.Discard, &errs)
		require.Equal(t, 3, code, args)
		require.Equal(t, "quintain: broken off\n", errs.String(), args)
	}
}

// breaking is an output at which a command is broken off with its first bytes.
type breaking struct {
	bytes.Buffer
	brk func()
}

func (b *breaking) Write(p []byte) (int, error) {
	b.brk()
	return b.Buffer.Write(p)
}

// A stream that was cut says so, and ends with a whole payload.
func TestFakeBrokenOff(t *testing.T) {
	t.Parallel()
	ctx, brk := signalled(t)
	out := &breaking{brk: brk}
	var errs bytes.Buffer
	code := cli.Main(ctx, []string{"quintain", "fake", "mighty", "EventCreated", "-n", "100000000"}, nil, nil, out, &errs)
	require.Equal(t, 3, code)
	lines := bytes.Split(bytes.TrimSuffix(out.Bytes(), []byte("\n")), []byte("\n"))
	require.True(t, json.Valid(lines[len(lines)-1]))
	require.Regexp(t, `^quintain: broken off after `+regexp.QuoteMeta(plural(len(lines), "payload"))+`\n$`, errs.String())
}

func plural(n int, what string) string {
	text, _ := json.Marshal(n)
	return string(text) + " " + what + "s"
}

// Help is read at terminals of 80 columns. Examples are commands to copy, and as long as they are.
func TestHelpIsNarrow(t *testing.T) {
	t.Parallel()
	var check func(args ...string)
	check = func(args ...string) {
		code, stdout, _ := run(t, append(args, "--help")...)
		require.Zero(t, code, args)
		section := ""
		for _, line := range strings.Split(stdout, "\n") {
			if line != "" && line[0] != ' ' {
				section = line
			}
			if section != "Examples:" {
				require.LessOrEqual(t, utf8.RuneCountInString(line), 80, "%s: %s", args, line)
			}
			if name := regexp.MustCompile(`^  ([a-z]+) {2,}`).FindStringSubmatch(line); section == "Available Commands:" && name != nil && name[1] != "help" {
				check(append(args[:len(args):len(args)], name[1])...)
			}
		}
	}
	check()
}
