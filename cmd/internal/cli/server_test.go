package cli_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/cmd/internal/cli"
)

// start runs a command that stays, until the test ends, and returns what the first group of the pattern finds in its
// output. output returns all that was printed, and is to be called after stop.
func start(t *testing.T, pattern string, args ...string) (found string, stop func() (code int, output string)) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	reader, writer := io.Pipe()
	code := make(chan int, 1)
	go func() {
		code <- cli.Main(ctx, append([]string{"quintain"}, args...), nil, nil, writer, writer)
		writer.Close()
	}()
	var all bytes.Buffer
	scanner := bufio.NewScanner(reader)
	re := regexp.MustCompile(pattern)
	for found == "" && scanner.Scan() {
		all.WriteString(scanner.Text() + "\n")
		if m := re.FindStringSubmatch(scanner.Text()); m != nil {
			found = m[1]
		}
	}
	require.NotEmpty(t, found, "%s is not in %s", pattern, &all)
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		for scanner.Scan() {
			all.WriteString(scanner.Text() + "\n")
		}
	}()
	var once sync.Once
	var status int
	stop = func() (int, string) {
		once.Do(func() {
			cancel()
			status = <-code
			<-drained
		})
		return status, all.String()
	}
	t.Cleanup(func() { stop() })
	return found, stop
}

func run(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = cli.Main(t.Context(), append([]string{"quintain"}, args...), nil, strings.NewReader(""), &out, &errs)
	return code, out.String(), errs.String()
}

func TestServeAndSend(t *testing.T) {
	t.Parallel()
	receiver, stopReceiver := start(t, `at (http://[0-9.:]+) `, "listen", "--addr", "127.0.0.1:0", "-p", "tribe", "--secret", "s3cret", "--json")
	server, stop := start(t, `up at (http://[0-9.:]+)$`, "serve", "--addr", "127.0.0.1:0", "--to", receiver+"/hooks", "--secret", "s3cret", "-p", "tribe")

	code, stdout, stderr := run(t, "send", "tribe", "member.created", "--server", server)
	require.Zero(t, code, stderr)
	require.Regexp(t, `^member.created [0-9a-f]{32}: acknowledged after 1 attempt\n  attempt 1  \+0s +200, `, stdout)

	code, _, stderr = run(t, "send", "tribe", "member.created", "--server", server, "--community", "nowhere")
	require.Equal(t, 2, code)
	require.Contains(t, stderr, "nowhere")

	code, _, stderr = run(t, "send", "mighty", "EventCreated", "--server", server)
	require.Equal(t, 2, code)
	require.Contains(t, stderr, `"mighty"`)

	response, err := http.Get(server + "/readyz")
	require.NoError(t, err)
	require.Equal(t, 200, response.StatusCode)
	response.Body.Close()

	code, output := stop()
	require.Zero(t, code)
	require.Contains(t, output, "quintain send tribe member.created --server "+server)

	_, output = stopReceiver()
	var captured struct {
		Event, Signature string
		Valid            bool
		Status           int
	}
	lines := strings.Split(strings.TrimSpace(output), "\n")
	require.NoError(t, json.Unmarshal([]byte(lines[len(lines)-1]), &captured), output)
	require.Equal(t, "member.created", captured.Event)
	require.Equal(t, "valid", captured.Signature)
	require.True(t, captured.Valid)
	require.Equal(t, 200, captured.Status)
}

func TestSendFollowsTheSchedule(t *testing.T) {
	t.Parallel()
	var statuses = []int{500, 503, 404, 204, 500, 200}
	var mu sync.Mutex
	var bodies []string
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		w.WriteHeader(statuses[len(bodies)%len(statuses)])
		bodies = append(bodies, string(body))
	}))
	defer receiver.Close()

	code, stdout, stderr := run(t, "send", "mighty", "MemberBadgeAdded", "--to", receiver.URL, "--retries")
	require.Zero(t, code, stderr)
	require.Contains(t, stdout, "acknowledged after 6 attempts")
	for _, after := range []string{"+0s ", "+5s ", "+5m5s ", "+35m5s ", "+2h35m5s ", "+7h35m5s "} {
		require.Contains(t, stdout, after)
	}
	require.Len(t, bodies, 6)
	for _, body := range bodies {
		require.Equal(t, bodies[0], body)
	}

	// One attempt, and not acknowledged: a judged failure.
	code, stdout, _ = run(t, "send", "mighty", "MemberBadgeAdded", "--to", receiver.URL)
	require.Equal(t, 1, code)
	require.Contains(t, stdout, "waiting after 1 attempt")
	require.Contains(t, stdout, "the next attempt would be due +5s; --retries makes it")
}

func TestSendMisuse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"tribe", "member.created", "--to", "localhost:3000"}, 2, `"localhost:3000" is not a URL to post to`},
		{[]string{"tribe", "member.created", "--to", "http://127.0.0.1:1/x"}, 2, "--secret is missing: tribe@2021-12 signs"},
		{[]string{"tribe", "member.created", "--secret", "s"}, 2, "--secret goes with --to"},
		{[]string{"mighty", "EventCreated", "--to", "http://127.0.0.1:1/x", "--server", "http://x"}, 2, "exclude each other"},
		{[]string{"mighty", "EventCreated", "--count", "0"}, 2, "--count 0 is out of range"},
		{[]string{"mighty", "EventCreated", "--to", "http://127.0.0.1:1/x", "--encoding", "form"}, 2, "form"},
		{[]string{"mighty", "EventCreated", "--server", "http://" + closedPort(t)}, 3, "no server at http://"},
	} {
		code, _, stderr := run(t, append([]string{"send"}, c.args...)...)
		require.Equal(t, c.code, code, "%v: %s", c.args, stderr)
		require.Contains(t, stderr, c.want)
		require.Equal(t, 1, strings.Count(stderr, "\n"), "one sentence: %s", stderr)
	}
}

func closedPort(t *testing.T) string { return "127.0.0.1:" + freePort(t) }

func TestAPortInUseIsOneSentence(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	for _, command := range [][]string{{"serve"}, {"listen", "-p", "tribe"}} {
		code, _, stderr := run(t, append(command, "--addr", taken.Addr().String())...)
		require.Equal(t, 3, code)
		require.Equal(t, "quintain: "+taken.Addr().String()+" is in use by another program; choose another address with --addr, or port 0 for a free one\n", stderr)
	}
}

func TestServeMisuse(t *testing.T) {
	t.Parallel()
	for want, args := range map[string][]string{
		`unknown platform "tribal"; did you mean "tribe"?`: {"-p", "tribal"},
		`--clock "fast" is none of real, scaled, virtual`:  {"--clock", "fast"},
		"--scale 0 is not a speed":                         {"--clock", "scaled", "--scale", "0"},
		"is not a URL to post to":                          {"--to", "nowhere"},
		"is not a host to allow":                           {"--allow-host", "http://x"},
		"not allowed":                                      {"--addr", "127.0.0.1:0", "--to", "http://192.0.2.1/hooks"},
	} {
		code, _, stderr := run(t, append([]string{"serve"}, args...)...)
		require.Equal(t, 2, code, stderr)
		require.Contains(t, stderr, want)
	}
}

func TestListenSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	address, stop := start(t, `at (http://[0-9.:]+) `, "listen", "--addr", "127.0.0.1:0", "-p", "tribe", "--secret", "s3cret", "--answer", "503", "--log-format", "text")
	response, err := http.Post(address+"/any/path", "application/json", strings.NewReader(`{"data":{"name":"member.created"}}`))
	require.NoError(t, err)
	response.Body.Close()
	require.Equal(t, 503, response.StatusCode)
	code, output := stop()
	require.Zero(t, code)
	require.Contains(t, output, "POST /any/path  member.created: breaks its contract; signature none; answered 503")
	require.Contains(t, output, `lacks "networkId"`)
}

// Where the platform has an admin API of its own, serve says where, and with which token.
func TestServeShowsAdminAPIs(t *testing.T) {
	t.Parallel()
	server, stop := start(t, upAt, "serve", "--addr", "127.0.0.1:0")
	_, output := stop()
	quoted := regexp.QuoteMeta(server)
	require.Len(t, regexp.MustCompile(`admin API`).FindAllString(output, -1), 2, output)
	require.Regexp(t, `(?m)^  community tryno .*\n {25}admin API `+quoted+`/v1/communities/tryno/webhooks  token \S+$`, output)
	require.Regexp(t, `(?m)^  community tribe .*\n {25}admin API `+quoted+`/graphql  token \S+$`, output)
}

func TestServeTribeAdminAPI(t *testing.T) {
	t.Parallel()
	found, _ := start(t, `(?:admin API |^)(http://\S+/graphql  token \S+|End with Ctrl-C\.)$`, "serve", "--addr", "127.0.0.1:0", "-p", "tribe")
	address, token, ok := strings.Cut(found, "  token ")
	require.True(t, ok, "no admin API is shown")
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(`{"query": "{__typename}"}`))
	require.NoError(t, err)
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.JSONEq(t, `{"data": {"__typename": "Query"}}`, string(answer))
}

// TestServeToSeveral: every receiver of serve --to gets every event, and commands find the server by the address that
// it was told to listen at.
func TestServeToSeveral(t *testing.T) {
	t.Parallel()
	first, stopFirst := start(t, `at (http://[0-9.:]+) `, "listen", "--addr", "127.0.0.1:0", "-p", "tribe", "--secret", "s3cret", "--json")
	second, stopSecond := start(t, `at (http://[0-9.:]+) `, "listen", "--addr", "127.0.0.1:0", "-p", "tribe", "--secret", "another", "--log-format", "text")
	server, _ := start(t, `up at (http://[0-9.:]+)$`, "serve", "--addr", "127.0.0.1:0", "--to", first+"/hooks", "--to", second+"/hooks", "--secret", "s3cret", "-p", "tribe")

	var out, errs bytes.Buffer
	env := []string{"QUINTAIN_ADDR=" + strings.TrimPrefix(server, "http://")}
	code := cli.Main(t.Context(), []string{"quintain", "send", "tribe", "member.created"}, env, strings.NewReader(""), &out, &errs)
	require.Equal(t, 1, code, "the second one has another secret: %s", errs.String())
	_, output := stopFirst()
	require.Contains(t, output, `"event":"member.created"`)
	_, output = stopSecond()
	require.Contains(t, output, "member.created: valid; signature does not match: header X-Tribe-Signature; answered 401")
}

// statusOf makes a request with a Host and a token, either of which may be empty, and returns the status.
func statusOf(t *testing.T, url, host, token string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	require.NoError(t, err)
	r.Host = host
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	return response.StatusCode
}

// Beyond the loopback serve makes a control token, shows it once, and says that others can reach the server.
func TestServeBeyondTheLoopback(t *testing.T) {
	t.Parallel()
	first, stopFirst := start(t, `control token (\S+) `, "serve", "--addr", "0.0.0.0:0", "-p", "tribe",
		"--allow-host", "app", "--base-url", "http://mock:7555")
	_, output := stopFirst()
	require.Contains(t, output, "Warning: others can reach this server at ")
	require.Equal(t, 2, strings.Count(output, first), "as itself, and as a variable of the shell")
	second, _ := start(t, `control token (\S+) `, "serve", "--addr", ":0", "-p", "tribe")
	require.NotEqual(t, first, second)
	require.Len(t, second, 26, "130 bits")

	server, stop := start(t, upAt, "serve", "--addr", "0.0.0.0:0", "-p", "tribe", "--token", "mine",
		"--allow-host", "app,*", "--base-url", "http://mock:7555")
	communities := server + "/__mock/communities"
	for host, want := range map[string]int{
		"": 200, "localhost": 200, "app": 200, "mock:7555": 200, "evil.example": 403, "192.0.2.1": 403,
	} {
		require.Equal(t, want, statusOf(t, communities, host, "mine"), host)
	}
	require.Equal(t, 401, statusOf(t, communities, "", ""))
	require.Equal(t, 200, statusOf(t, server+"/livez", "", ""))
	_, output = stop()
	require.Contains(t, output, "Warning: others can reach")
	require.NotContains(t, output, "mine", "the user's own is not shown")
}

// On the loopback there is a token only if one is given.
func TestServeOnTheLoopback(t *testing.T) {
	t.Parallel()
	plain, stop := start(t, upAt, "serve", "--addr", "127.0.0.1:0", "-p", "tribe", "--allow-host", "*")
	require.Equal(t, 200, statusOf(t, plain+"/__mock/communities", "", ""))
	require.Equal(t, 403, statusOf(t, plain+"/__mock/communities", "evil.example", ""), "not ours")
	_, output := stop()
	require.NotContains(t, output, "Warning")
	require.NotContains(t, output, "control token")

	asked, _ := start(t, upAt, "serve", "--addr", "localhost:0", "-p", "tribe", "--token", "mine")
	require.Equal(t, 401, statusOf(t, asked+"/__mock/communities", "", ""))
	require.Equal(t, 200, statusOf(t, asked+"/__mock/communities", "", "mine"))
}

// Tokens of serve cannot be guessed, unless a flag asks for a run that equals another one.
func TestServeMakesSecrets(t *testing.T) {
	t.Parallel()
	token := func(args ...string) string {
		args = append([]string{"serve", "--addr", "127.0.0.1:0", "-p", "tryno"}, args...)
		found, stop := start(t, `  token (\S+)$`, args...)
		stop()
		return found
	}
	require.NotEqual(t, token(), token())
	seeded := token("--seed", "42")
	require.Equal(t, seeded, token("--seed", "42"))
	require.Equal(t, seeded, token("--clock", "virtual", "--start", "2026-03-01T09:00:00Z"))
	require.NotEqual(t, seeded, token())
}
