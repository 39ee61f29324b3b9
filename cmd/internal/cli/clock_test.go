package cli_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/mockserver/client"
)

// upAt finds the address of a server that start starts.
const upAt = `up at (http://[0-9.:]+)$`

func TestClockAsJSON(t *testing.T) {
	t.Parallel()
	server, _ := start(t, upAt, "serve", "--addr", "127.0.0.1:0", "-p", "mighty", "--clock", "virtual", "--to", "http://"+closedPort(t), "--schedule", "1m")
	ask := func(code int, out any, args ...string) {
		t.Helper()
		got, stdout, stderr := run(t, append(append([]string{"clock"}, args...), "--server", server, "--json")...)
		require.Equal(t, code, got, stderr)
		require.NoError(t, json.Unmarshal([]byte(stdout), out), stdout)
	}
	code, _, stderr := run(t, "send", "mighty", "EventCreated", "--count", "3", "--server", server)
	require.Equal(t, 1, code, stderr)

	var state client.Clock
	ask(0, &state)
	require.Equal(t, client.ClockVirtual, state.Mode)
	require.Equal(t, 3, state.Pending)

	var left struct {
		Pending []client.Delivery
		Total   int
	}
	ask(1, &left, "wait", "--timeout", "1ms")
	require.Equal(t, 3, left.Total)
	require.Len(t, left.Pending, 3)
	require.Equal(t, client.Waiting, left.Pending[0].State)
	left.Total = 0
	ask(1, &left, "settle", "--max", "1")
	require.Equal(t, 2, left.Total)

	var moved client.Moved
	ask(0, &moved, "advance", state.Now.Add(time.Hour).Format(time.RFC3339Nano))
	require.Equal(t, 2, moved.Attempts)
	require.True(t, moved.Now.Equal(state.Now.Add(time.Hour)), "%s", moved.Now)
	ask(0, &state, "wait")
	require.Zero(t, state.Pending)
}

// Where no server is, where one is that is none of ours, and where more is pending than is shown.
func TestClockExitCodes(t *testing.T) {
	t.Parallel()
	code, _, stderr := run(t, "clock", "--server", "http://"+closedPort(t))
	require.Equal(t, 3, code)
	require.Regexp(t, `^quintain: no server at http://.* start one with "quintain serve"\n$`, stderr)
	code, _, _ = run(t, "clock", "--server", "localhost")
	require.Equal(t, 2, code)

	server, _ := start(t, upAt, "serve", "--addr", "127.0.0.1:0", "-p", "mighty", "--clock", "virtual", "--to", "http://"+closedPort(t))
	code, _, _ = run(t, "send", "mighty", "EventCreated", "--count", "21", "--server", server)
	require.Equal(t, 1, code)
	code, stdout, _ := run(t, "clock", "wait", "--timeout", "0s", "--server", server)
	require.Equal(t, 1, code)
	require.Contains(t, stdout, "\nand 1 more\n")
	require.Equal(t, 22, strings.Count(stdout, "\n"))

	request, err := http.NewRequestWithContext(t.Context(), http.MethodDelete, server+"/__mock/communities/mighty", nil)
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	response.Body.Close()
	code, _, stderr = run(t, "clock", "--server", server)
	require.Equal(t, 2, code)
	require.Contains(t, stderr, "has no community")
}
