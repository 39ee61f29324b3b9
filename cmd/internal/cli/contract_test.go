package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The lint finds what keeps a contract from working: names that the generator does not know, and examples that are
// none. At which revision, or with which option, does not matter, and it is said once.
func TestLintFindsWhatCannotWork(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]struct{ platform, old, new string }{
		`x-example "tryno/member.lft.json" is not a fixture`:                        {"tryno", "tryno/member.left.json", "tryno/member.lft.json"},
		`"persn" is neither a role nor a relation of occurrence`:                    {"tryno", "member: person", "member: persn"},
		`x-fake: occurrence has no attribute "tiem"; did you mean "time"?`:          {"tryno", "x-fake: occurrence.time,", "x-fake: occurrence.tiem,"},
		`"campain" is neither a role nor a relation of occurrence`:                  {"ambassify", "x-as: campaign}", "x-as: campain}"},
		`x-time is "noon", want one of offset-seconds`:                              {"mighty", "x-time: offset-seconds", "x-time: noon"},
		`x-fake: occurrence has no attribute "uperName"; did you mean "upperName"?`: {"mighty", "occurrence.upperName", "occurrence.uperName"},
	} {
		t.Run(c.new, func(t *testing.T) {
			t.Parallel()
			src, err := os.ReadFile("../../../contract/platforms/" + c.platform + ".yaml")
			require.NoError(t, err)
			require.True(t, strings.Contains(string(src), c.old))
			file := filepath.Join(t.TempDir(), "wrong.yaml")
			require.NoError(t, os.WriteFile(file, []byte(strings.ReplaceAll(string(src), c.old, c.new)), 0o600))
			code, stdout, stderr := run(t, "contract", "lint", "--contract", file)
			require.Equal(t, 1, code, stderr)
			require.Contains(t, stdout, want)
			lines := strings.Split(strings.TrimSpace(stdout), "\n")
			for i, line := range lines {
				require.Contains(t, line, file+":")
				require.NotContains(t, lines[:i], line)
			}
		})
	}
}
