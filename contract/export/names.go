package export

import (
	"go/token"
	"strconv"
	"strings"
	"unicode"

	"github.com/quintain-dev/quintain/contract"
)

// Words that Go style writes in capitals.
var initialisms = map[string]bool{"api": true, "html": true, "http": true, "https": true, "id": true, "ip": true,
	"json": true, "url": true, "uri": true, "uuid": true}

// pascal writes a name as an exported identifier: member.created and member_created become MemberCreated, networkId
// becomes NetworkID. What has no letter in front gets an X.
func pascal(name string) string {
	var out strings.Builder
	for _, word := range contract.Words(name) {
		lower := strings.ToLower(word)
		if initialisms[lower] {
			out.WriteString(strings.ToUpper(word))
			continue
		}
		runes := []rune(lower)
		runes[0] = unicode.ToUpper(runes[0])
		out.WriteString(string(runes))
	}
	s := out.String()
	if s == "" || !unicode.IsUpper([]rune(s)[0]) {
		return "X" + s
	}
	return s
}

// A namer gives each name once.
type namer map[string]bool

// free returns the first of the candidates that nobody has, or the last one with a number.
func (n namer) free(candidates ...string) string {
	last := ""
	for _, last = range candidates {
		if !n[last] {
			n[last] = true
			return last
		}
	}
	for i := 2; ; i++ {
		if name := last + strconv.Itoa(i); !n[name] {
			n[name] = true
			return name
		}
	}
}

// plain keeps letters, digits, dots, dashes and underscores of ASCII, which any file system and document takes.
func plain(name string) string {
	s := strings.Map(func(r rune) rune {
		if r < 128 && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("._-", r)) {
			return r
		}
		return '_'
	}, name)
	if s == "" {
		return "_"
	}
	return s
}

// packageName makes the name of a Go package.
func packageName(name string) string {
	s := strings.Map(func(r rune) rune {
		if r < 128 && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
	switch {
	case s == "" || unicode.IsDigit(rune(s[0])):
		return "hooks" + s
	case s == "main" || token.IsKeyword(s):
		return s + "hooks"
	}
	return s
}

// wrap breaks a text into lines of about the width.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// sentence joins parts to sentences, each with its full stop.
func sentence(parts ...string) string {
	var out []string
	for _, part := range parts {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		if !strings.ContainsAny(part[len(part)-1:], ".!?:") {
			part += "."
		}
		out = append(out, part)
	}
	return strings.Join(out, " ")
}
