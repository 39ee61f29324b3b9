package cli_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Every quintain command that a page shows exists, with the flags that the page gives it.
func TestCommandsOfThePages(t *testing.T) {
	t.Parallel()
	for page, least := range map[string]int{
		"README.md": 14, "mockserver/README.md": 20, "fakes/README.md": 14, "features/README.md": 4, "contract/README.md": 8,
	} {
		t.Run(page, func(t *testing.T) { commandsExist(t, page, least) })
	}
}

func commandsExist(t *testing.T, page string, least int) {
	readme, err := os.ReadFile("../../../" + page)
	require.NoError(t, err)
	word := regexp.MustCompile(`'[^']*'|\S+`)
	found := 0
	for _, block := range regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(string(readme), -1) {
		for _, line := range strings.Split(block[1], "\n") {
			line, _, _ = strings.Cut(line, " #")
			line, _, _ = strings.Cut(line, " >")
			command, ok := strings.CutPrefix(strings.TrimSpace(line), "quintain ")
			if !ok {
				continue
			}
			found++
			args := word.FindAllString(command, -1)
			code, _, stderr := run(t, append(args, "--help")...)
			require.Zero(t, code, "%s: %s", line, stderr)
		}
	}
	require.GreaterOrEqual(t, found, least)
}

// Every topic has a text, and the README names it.
func TestHelpTopics(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../../README.md")
	require.NoError(t, err)
	for _, topic := range []string{"scripts", "faults", "clock", "journal", "stories", "rules", "json", "contracts"} {
		code, out, stderr := run(t, "help", topic)
		require.Zero(t, code, stderr)
		require.Regexp(t, `(?m)^##? .+\n\n`, out, topic)
		require.NotContains(t, out, "<!--", topic)
		require.Contains(t, string(readme), topic)
	}
}
