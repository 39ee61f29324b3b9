package api

import (
	"encoding/base64"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/quintain-dev/quintain/mockserver/internal/community"
	"github.com/quintain-dev/quintain/mockserver/internal/problem"
	"github.com/quintain-dev/quintain/mockserver/internal/rest"
	"github.com/quintain-dev/quintain/mockserver/internal/store"
)

// curl writes an attempt as a command.
func (a *API) curl(w http.ResponseWriter, r *http.Request, c *community.Community) error {
	if err := rest.NewQuery(r).Err(); err != nil {
		return err
	}
	number, err := strconv.Atoi(rest.Var(r, "attempt"))
	if err != nil || number < 1 {
		return problem.Invalid("attempt", "is %q, want the number of an attempt, from 1", rest.Var(r, "attempt"))
	}
	d, _, attempts, err := c.Delivery(rest.Var(r, "delivery"))
	if err != nil {
		return err
	}
	i := slices.IndexFunc(attempts, func(a store.Attempt) bool { return a.Number == number })
	if i < 0 {
		return problem.New(problem.UnknownDelivery, "the delivery %s has no attempt %d", d.ID, number).
			WithHint("%d were made of it; one that is under way is not in the journal yet", len(attempts))
	}
	rest.WriteBytes(w, http.StatusOK, "text/plain; charset=utf-8", []byte(curlCommand(attempts[i].Request)))
	return nil
}

// maxArgument is the longest body that is written as an argument, in bytes: Linux takes 128 KiB for one.
const maxArgument = 100_000

// curlCommand writes a request as a command for a POSIX shell with curl, which sends the same method, headers and body.
// What it cannot know of them, it says in comments.
func curlCommand(r store.Request) string {
	var notes, command strings.Builder
	inline := isText(r.Body) && len(r.Body) <= maxArgument
	switch {
	case inline:
	case isText(r.Body):
		command.WriteString("printf '%s' " + quote(string(r.Body)) + " |\n")
	default:
		command.WriteString("printf '%s' " + quote(base64.StdEncoding.EncodeToString(r.Body)) + " | base64 -d |\n")
	}
	command.WriteString("curl -X " + quote(r.Method))
	if strings.ContainsAny(r.URL, "[]{}") {
		command.WriteString(" --globoff")
	}
	if strings.Contains(r.URL, "/.") {
		command.WriteString(" --path-as-is")
	}
	command.WriteString(" " + quote(r.URL))
	header := func(text string) { command.WriteString(" \\\n  -H " + quote(text)) }
	for _, name := range slices.Sorted(maps.Keys(r.Header)) {
		for _, value := range r.Header[name] {
			if strings.HasSuffix(value, "…redacted") {
				notes.WriteString("# the key is not shown: in " + name + ", put it where it says …redacted\n")
			}
			if value == "" {
				header(name + ";") // with a colon, curl would leave it out
			} else {
				header(name + ": " + value)
			}
		}
	}
	for _, name := range []string{"Accept", "Content-Type", "User-Agent"} { // which curl sends unasked
		if _, there := r.Header[name]; !there {
			header(name + ":")
		}
	}
	if len(r.Body) > 1024 {
		header("Expect:") // nor does curl ask first whether it may send so much
	}
	switch {
	case !inline:
		command.WriteString(" \\\n  --data-binary @-")
	case strings.HasPrefix(string(r.Body), "@"):
		command.WriteString(" \\\n  --data-raw " + quote(string(r.Body))) // not the file of that name
	default:
		command.WriteString(" \\\n  --data-binary " + quote(string(r.Body)))
	}
	if r.Truncated {
		notes.WriteString("# the body is cut at 1 MiB, which is all that was kept: these are not the bytes that were sent\n")
	}
	if r.Wire != nil {
		notes.WriteString("# a fault made other bytes of this request; curl sends it as it was meant\n")
	}
	return notes.String() + command.String() + "\n"
}

// isText reports whether bytes can stand in a command and be copied from a terminal.
func isText(body []byte) bool {
	return utf8.Valid(body) && !strings.ContainsFunc(string(body), func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' })
}

// quote writes a string as one word of a POSIX shell.
func quote(s string) string {
	if s != "" && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
