package cli_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/cmd/internal/cli"
)

const receivers = "../../../features/judge/testdata/receivers"

// need skips a test whose program is not installed, and each of them in the short run, which is to be the same on every
// machine. Where everything is to run, as in CI, it fails instead.
func need(t *testing.T, there bool, what string) {
	t.Helper()
	if testing.Short() {
		t.Skipf("needs %s; make test-all installs it and runs this test", what)
	}
	if there {
		return
	}
	if os.Getenv("QUINTAIN_REQUIRE_ALL") != "" {
		t.Fatalf("%s is not installed, and QUINTAIN_REQUIRE_ALL is set", what)
	}
	t.Skipf("%s is not installed; make test-all installs it and runs this test", what)
}

var lastPort atomic.Int32

// freePort returns a port that nobody listens at, for a program that has to be told one. It is below the ports that the
// system hands out, or a listener of another test could take it meanwhile.
func freePort(t *testing.T) string {
	t.Helper()
	for range 10_000 {
		port := strconv.Itoa(20_000 + (os.Getpid()%100)*100 + int(lastPort.Add(1)))
		if listener, err := net.Listen("tcp", "127.0.0.1:"+port); err == nil {
			listener.Close()
			return port
		}
	}
	t.Fatal("no port is free")
	return ""
}

// judge runs verify with --json and returns its exit code and the ids of the rules that failed, by level.
func judge(t *testing.T, args ...string) (code int, failed map[string][]string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = cli.Main(t.Context(), append([]string{"quintain", "verify", "--json"}, args...), os.Environ(), nil, &stdout, &stderr)
	t.Log(stderr.String())
	var out struct {
		Passed  bool `json:"passed"`
		Reports []struct {
			Rules []struct{ ID, Level, Verdict string }
		}
	}
	require.NoError(t, json.Unmarshal(stdout.Bytes(), &out), stdout.String())
	require.Equal(t, code == 0, out.Passed)
	failed = map[string][]string{}
	for _, rule := range out.Reports[0].Rules {
		if rule.Verdict == "fail" {
			failed[rule.Level] = append(failed[rule.Level], rule.ID)
		}
	}
	return code, failed
}

// Debian's webhook package is a receiver that nobody here wrote. It lets no forged delivery in; but its answer to a
// wrong signature is 500, which SIG-4 takes for the crash that it looks for, and it reads its JSON after it has
// answered. With the status of a refusal forgotten in its configuration, it answers 200 to whoever does not sign at
// all.
func TestDebianWebhook(t *testing.T) {
	t.Parallel()
	program, err := exec.LookPath("webhook")
	need(t, err == nil, "Debian's package webhook")
	hooks, err := filepath.Abs(filepath.Join(receivers, "webhook", "hooks.json"))
	require.NoError(t, err)
	run := func(port string) string {
		return fmt.Sprintf("exec %s -hooks %s -ip 127.0.0.1 -port %s", program, hooks, port)
	}

	t.Run("Tryno", func(t *testing.T) {
		t.Parallel()
		port := freePort(t)
		code, failed := judge(t, "http://127.0.0.1:"+port+"/hooks/tryno", "-p", "tryno", "--secret", "s3cret", "--exec", run(port))
		require.Equal(t, 1, code)
		require.Equal(t, map[string][]string{"must": {"SIG-4"}, "should": {"BAD-1"}}, failed)
	})
	t.Run("Tryno with a status forgotten", func(t *testing.T) {
		t.Parallel()
		port := freePort(t)
		code, failed := judge(t, "http://127.0.0.1:"+port+"/hooks/tryno-forgotten-status", "-p", "tryno", "--secret", "s3cret", "--exec", run(port))
		require.Equal(t, 1, code)
		require.Equal(t, map[string][]string{"must": {"SIG-1", "SIG-4"}, "should": {"BAD-1"}}, failed)
	})
	t.Run("Ambassify", func(t *testing.T) {
		t.Parallel()
		port := freePort(t)
		code, failed := judge(t, "http://127.0.0.1:"+port+"/hooks/ambassify", "-p", "ambassify", "--exec", run(port))
		require.Zero(t, code, "failed: %v", failed)
	})
}

// An Express app that follows the steps which Tribe publishes.
func TestExpress(t *testing.T) {
	t.Parallel()
	_, err := exec.LookPath("node")
	need(t, err == nil, "node")
	folder, err := filepath.Abs(filepath.Join(receivers, "express"))
	require.NoError(t, err)
	_, err = os.Stat(filepath.Join(folder, "node_modules", "express"))
	need(t, err == nil, "the npm package express in "+folder)

	port := freePort(t)
	url := "http://127.0.0.1:" + port + "/hooks"
	code, failed := judge(t, url, "-p", "tribe", "--secret", "s3cret",
		"--exec", fmt.Sprintf("cd %s && SIGNING_SECRET=s3cret PORT=%s exec node server.js", folder, port))
	require.Zero(t, code, "failed: %v", failed)
	require.Empty(t, failed)
}
