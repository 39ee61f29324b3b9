package cli_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Every quintain command that the README shows is one that there is, with flags that there are.
func TestReadmeCommands(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../../README.md")
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
	require.Greater(t, found, 10)
}
