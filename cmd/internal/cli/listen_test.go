package cli_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// --answer takes the script of an inbox: the answers by turn, by event and attempt, and those that are none.
func TestListenAnswersByScript(t *testing.T) {
	t.Parallel()
	script := `when event member.*: 500 header "X-Shard: 7", reset; when attempt 2+: 410; 200:ok`
	address, stop := start(t, `at (http://[0-9.:]+) `, "listen", "--addr", "127.0.0.1:0", "-p", "tribe", "--json", "--answer", script)
	post := func(body string) (string, error) {
		response, err := http.Post(address, "application/json", strings.NewReader(body))
		if err != nil {
			return "", err
		}
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		return fmt.Sprint(response.StatusCode, " ", response.Header.Get("X-Shard"), " ", string(text)), err
	}
	const member, other = `{"data":{"name":"member.created"}}`, `{"data":{"name":"post.published"}}`
	for _, want := range []struct{ body, answer string }{{member, "500 7 "}, {other, "200  ok"}, {other, "410  "}} {
		got, err := post(want.body)
		require.NoError(t, err)
		require.Equal(t, want.answer, got)
	}
	_, err := post(member)
	require.ErrorIs(t, err, syscall.ECONNRESET)
	code, output := stop()
	require.Zero(t, code)
	var answered []string
	var statuses []int
	for line := range strings.Lines(output) {
		var c struct {
			Status   int
			Answered string
		}
		if json.Unmarshal([]byte(line), &c) == nil {
			answered, statuses = append(answered, c.Answered), append(statuses, c.Status)
		}
	}
	require.Equal(t, []string{`500 header "X-Shard: 7"`, `200:"ok"`, "410", "reset"}, answered)
	require.Equal(t, []int{500, 200, 410, 0}, statuses)
}

// An answer that has begun and has no end ends with the command.
func TestListenLetsGo(t *testing.T) {
	t.Parallel()
	address, stop := start(t, `at (http://[0-9.:]+) `, "listen", "--addr", "127.0.0.1:0", "-p", "mighty", "--answer", "dribble")
	posted := make(chan error)
	began := make(chan struct{})
	go func() {
		request, err := http.NewRequest(http.MethodPost, address, strings.NewReader("x"))
		if err == nil {
			request = request.WithContext(httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{GotFirstResponseByte: func() { close(began) }}))
			var response *http.Response
			if response, err = http.DefaultClient.Do(request); err == nil {
				response.Body.Close()
			}
		}
		posted <- err
	}()
	<-began
	code, _ := stop()
	require.Zero(t, code)
	require.Error(t, <-posted)
}

func TestListenMisuse(t *testing.T) {
	t.Parallel()
	code, _, stderr := run(t, "listen", "-p", "mighty", "--answer", "500x3,tiemout")
	require.Equal(t, 2, code)
	require.Contains(t, stderr, "quintain: --answer: did you mean \"timeout\"? at character 7: \"tiemout\" is neither a status nor one of timeout, ")
	require.Contains(t, stderr, "\n  500x3,tiemout\n        ^\n")
	code, _, stderr = run(t, "listen", "-p", "mighty", "--answer", "100")
	require.Equal(t, 2, code)
	require.Contains(t, stderr, "100 is not a status that ends an exchange; want 200 to 599")
}

// What comes from outside does not paint the terminal.
func TestListenPrintsNoEscapes(t *testing.T) {
	t.Parallel()
	address, stop := start(t, `at (http://[0-9.:]+) `, "listen", "--addr", "127.0.0.1:0", "-p", "mighty", "--bodies", "--log-format", "text")
	response, err := http.Post(address+"/%1b%5b2J", "application/json", strings.NewReader("{\"event_type\": \"\x1b[2J\",\n\t\"x\": \"\u009b2J\rgone\"}"))
	require.NoError(t, err)
	response.Body.Close()
	code, output := stop()
	require.Zero(t, code)
	require.Contains(t, output, "POST /·[2J")
	require.Contains(t, output, "\n        \"x\": \"·2J·gone\"}\n")
	require.NotRegexp(t, `[\x00-\x09\x0b-\x1f\x7f\x{80}-\x{9f}]`, output)
}
