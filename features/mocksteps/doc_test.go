package mocksteps

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/features/internal/steps"
	"github.com/quintain-dev/quintain/features/judge"
)

// documentedSteps reads the lines of the package documentation that list the steps of Register: the role, and the
// phrase.
func documentedSteps(t *testing.T) (out [][2]string) {
	src, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	_, section, found := strings.Cut(string(src), "// These are all of them.")
	require.True(t, found)
	section, _, _ = strings.Cut(section, "\n// # ")
	for line := range strings.Lines(section) {
		line, indented := strings.CutPrefix(strings.TrimRight(line, "\n"), "//\t")
		if !indented {
			continue
		}
		phrase, _, _ := strings.Cut(line, "  ")
		role, phrase, _ := strings.Cut(phrase, " ")
		out = append(out, [2]string{role, phrase})
	}
	return out
}

var (
	optional    = regexp.MustCompile(`\[([^\]]*)\]`)
	alternative = regexp.MustCompile(`\w+(?:\|\w+)+`)
	filled      = strings.NewReplacer(
		"<platform>", "tribe@2021-12", "<n>", "3", "<time>", "2025-11-07T12:00:00Z", "<duration>", "5m", "<durations>", "5s, 5m", "<secret>", "s3",
		"<name>", "shop", "<script>", `200:"ok", 503`, "<events>", "member.created, member.updated", "<address>", "http://localhost:1/hooks",
		"<faults>", `content-type "x"`, "<event>", "member.created", "<action>", "join", "<story>", "newcomer", "<status>", "503",
	)
)

// said writes all that a documented phrase stands for.
func said(phrase string) []string {
	if at := optional.FindStringSubmatchIndex(phrase); at != nil {
		with := phrase[:at[0]] + phrase[at[2]:at[3]] + phrase[at[1]:]
		return append(said(with), said(phrase[:at[0]]+phrase[at[1]:])...)
	}
	if at := alternative.FindStringIndex(phrase); at != nil {
		var out []string
		for word := range strings.SplitSeq(phrase[at[0]:at[1]], "|") {
			out = append(out, said(phrase[:at[0]]+word+phrase[at[1]:])...)
		}
		return out
	}
	return []string{filled.Replace(phrase)}
}

// expressions are those of a list of steps, by role.
func expressions(list []steps.Entry) map[string][]*regexp.Regexp {
	out := map[string][]*regexp.Regexp{}
	for _, e := range list {
		out[e.Keyword] = append(out[e.Keyword], regexp.MustCompile(e.Expression))
	}
	return out
}

// TestStepsAreDocumented: each phrase of the documentation is one step, whichever way it is said, and each step is
// documented. None of them is also one of Steps, which may be registered beside them.
func TestStepsAreDocumented(t *testing.T) {
	t.Parallel()
	own, others := expressions(StepList()), expressions(judge.StepList())
	used := map[string]bool{}
	for _, documented := range documentedSteps(t) {
		role, phrase := documented[0], documented[1]
		for _, text := range said(phrase) {
			require.NotContains(t, text, "<", "a placeholder is not known")
			both := []string{text}
			if !strings.HasPrefix(text, "the request") { // of which only an inbox knows
				both = append(both, strings.ReplaceAll(text, `to the inbox "shop"`, `to "http://localhost:1/hooks"`))
			}
			for _, text := range both {
				matching := 0
				for _, s := range own[role] {
					if s.MatchString(text) {
						used[role+s.String()] = true
						matching++
					}
				}
				require.Equal(t, 1, matching, "%s %s", role, text)
				for _, s := range others[role] {
					require.False(t, s.MatchString(text), "%s %s is also %s", role, text, s)
				}
			}
		}
	}
	for role, all := range own {
		for _, s := range all {
			require.True(t, used[role+s.String()], "not documented: %s %s", role, s)
		}
	}
}
