package api

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/mockserver/internal/store"
)

// words takes a command apart as a POSIX shell does, as far as it goes here: single quotes, backslashes outside of
// them, words, pipes as words of their own, comments.
func words(t *testing.T, command string) (out []string) {
	t.Helper()
	var word strings.Builder
	inside, quoted := false, false
	for i := 0; i < len(command); i++ {
		b := command[i]
		switch {
		case quoted && b == '\'':
			quoted = false
		case quoted:
			word.WriteByte(b)
		case b == '\'':
			inside, quoted = true, true
		case b == '\\' && command[i+1] == '\n':
			i++
		case b == '\\':
			i++
			inside = true
			word.WriteByte(command[i])
		case b == '#' && !inside:
			for command[i] != '\n' {
				i++
			}
		case b == ' ' || b == '\n':
			if inside {
				out = append(out, word.String())
			}
			word.Reset()
			inside = false
		default:
			require.NotContains(t, "$`\"&;<>()*?[]{}!~", string(b), "the shell reads this otherwise: %s", command)
			inside = true
			word.WriteByte(b)
		}
	}
	require.False(t, quoted, "a quote is open: %s", command)
	return out
}

// sent is what curl would send.
func sent(t *testing.T, command string) (url string, headers []string, body string) {
	t.Helper()
	all := words(t, command)
	piped := ""
	if all[0] == "printf" {
		require.Equal(t, "%s", all[1])
		piped, all = all[2], all[4:]
		if all[0] == "base64" {
			raw, err := base64.StdEncoding.DecodeString(piped)
			require.NoError(t, err)
			piped, all = string(raw), all[3:]
		}
	}
	require.Equal(t, []string{"curl", "-X", "POST"}, all[:3])
	for i := 3; i < len(all); i++ {
		switch all[i] {
		case "--globoff", "--path-as-is":
		case "-H":
			i++
			headers = append(headers, all[i])
		case "--data-raw":
			i++
			body = all[i]
		case "--data-binary":
			i++
			body = all[i]
			if body == "@-" {
				body = piped
			} else {
				require.False(t, strings.HasPrefix(body, "@"), "curl would send a file")
			}
		default:
			require.Empty(t, url)
			url = all[i]
		}
	}
	return url, headers, body
}

func TestCurlCommand(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"empty":        "",
		"JSON":         `{"a":"it's \"so\" $HOME` + "`id`" + ` \\ !"}`,
		"newlines":     "\na\n\n",
		"emoji":        "🏆 é",
		"leading at":   "@/etc/hosts",
		"an at":        "@",
		"from stdin":   "@-",
		"only quotes":  "'''",
		"a backslash":  `\`,
		"binary":       "\xff\xfe\x01",
		"NUL":          "a\x00b",
		"carriage":     "a\r\nb",
		"escape":       "\x1b[31m",
		"large":        strings.Repeat("x'", 80_000),
		"large at":     "@" + strings.Repeat("x", maxArgument),
		"large binary": strings.Repeat("\xff", maxArgument),
	} {
		command := curlCommand(store.Request{Method: "POST", URL: "http://localhost/it's?a=1&b[]={2}", Header: http.Header{}, Body: []byte(body)})
		url, _, got := sent(t, command)
		require.Equal(t, "http://localhost/it's?a=1&b[]={2}", url, name)
		require.Equal(t, body, got, name)
		require.NotContains(t, command, "\x1b", name)
		require.NotContains(t, command, "\r", name)
		for _, word := range words(t, command) {
			if !strings.HasPrefix(command, "printf") {
				require.Less(t, len(word), 128<<10, "Linux takes no longer argument: %s", name)
			}
		}
	}
}

func TestCurlCommandHeaders(t *testing.T) {
	t.Parallel()
	request := store.Request{Method: "POST", URL: "http://localhost/a/../b", Header: http.Header{
		"X-Two": {"1", "it's"}, "Content-Type": {"application/json"}, "X-Empty": {""}, "Authorization": {"Bearer …redacted"},
	}, Body: []byte("{}")}
	command := curlCommand(request)
	_, headers, _ := sent(t, command)
	require.Equal(t, []string{
		"Authorization: Bearer …redacted", "Content-Type: application/json", "X-Empty;", "X-Two: 1", "X-Two: it's", "Accept:", "User-Agent:",
	}, headers)
	require.True(t, strings.HasPrefix(command, "# the key is not shown: in Authorization, put it where it says …redacted\ncurl "), command)
	require.Contains(t, command, " --path-as-is ")
	require.NotContains(t, command, "globoff")

	request.Header.Set("Authorization", "Bearer secret")
	require.NotContains(t, curlCommand(request), "#", "nothing is hidden")
	request.Wire = []byte{}
	request.Body = make([]byte, 1025)
	command = curlCommand(request)
	require.Contains(t, command, "# a fault made other bytes of this request")
	require.NotContains(t, command, "# the body is cut")
	_, headers, _ = sent(t, command)
	require.Contains(t, headers, "Expect:")
	request.Truncated = true
	require.True(t, strings.HasPrefix(curlCommand(request), "# the body is cut at 1 MiB, which is all that was kept: these are not the bytes that were sent\n"))
}
