package main

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const root = "../../../.."

// TestGeneratedPartsAreCurrent: what is committed is what go generate writes.
func TestGeneratedPartsAreCurrent(t *testing.T) {
	t.Parallel()
	files, err := generate(root)
	require.NoError(t, err)
	for _, file := range []string{"features/README.md", "contract/README.md", "contract/platforms/tryno.yaml", "features/receiver/retries.feature"} {
		require.Contains(t, files, file)
	}
	for _, file := range slices.Sorted(maps.Keys(files)) {
		committed, err := os.ReadFile(filepath.Join(root, file))
		require.NoError(t, err)
		if line := firstDifference(string(committed), files[file]); line > 0 {
			t.Errorf("%s:%d: this generated part is out of date: run go generate ./...", file, line)
		}
	}
}

// firstDifference returns the number of the first line in which two texts differ, or 0.
func firstDifference(a, b string) int {
	if a == b {
		return 0
	}
	before, after := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range before {
		if i >= len(after) || before[i] != after[i] {
			return i + 1
		}
	}
	return len(before)
}

// TestManualsHaveTheirParts: a mark that somebody deletes is missed.
func TestManualsHaveTheirParts(t *testing.T) {
	t.Parallel()
	for file, names := range map[string][]string{
		"features/README.md": {"rules", "explanations"},
		"contract/README.md": {"platforms", "attributes"},
	} {
		text, err := os.ReadFile(filepath.Join(root, file))
		require.NoError(t, err)
		for _, name := range names {
			require.Contains(t, string(text), "<!-- generated: "+name+" -->\n", file)
		}
	}
}

// copied returns a folder with what go generate reads, in which one file is changed.
func copied(t *testing.T, file, from, to string) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(filepath.Join(dir, "contract/platforms"), os.DirFS(root+"/contract/platforms")))
	path := filepath.Join(dir, file)
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Contains(t, string(text), from)
	require.NoError(t, os.WriteFile(path, []byte(strings.Replace(string(text), from, to, 1)), 0o644))
	return dir
}

func TestListsOfEventsInDocumentsAreMended(t *testing.T) {
	t.Parallel()
	const document = "contract/platforms/tryno.yaml"
	fresh, err := generate(root)
	require.NoError(t, err)
	dir := copied(t, document, "        - member.left\n", "")
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "features", "receiver"), 0o755))
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "features", "sender"), 0o755))
	require.NoError(t, write(dir))
	got, err := os.ReadFile(filepath.Join(dir, document))
	require.NoError(t, err)
	require.Zero(t, firstDifference(fresh[document], string(got)))
	require.Contains(t, string(got), "      # generated: events\n      enum:\n        - member.joined\n")
	require.NotContains(t, string(got), "        - test.ping\n", "nobody subscribes to the event of the test call")
}

func TestMarks(t *testing.T) {
	t.Parallel()
	parts := map[string]string{"fruits": "\napples\n"}
	got, err := fill("a.md", "a\n<!-- generated: fruits -->\nold\n<!-- end -->\nb", parts)
	require.NoError(t, err)
	require.Equal(t, "a\n<!-- generated: fruits -->\n\napples\n<!-- end -->\nb", got)
	got, err = fill("a.yaml", "a:\n  # generated: fruits\n  # end\n", parts)
	require.NoError(t, err)
	require.Equal(t, "a:\n  # generated: fruits\n\n  apples\n  # end\n", got)
	for text, want := range map[string]string{
		"\n<!-- generated: fruit -->\n<!-- end -->":                            `a.md:2: unknown part "fruit"; there is fruits`,
		"<!-- generated: fruits -->\n":                                         `a.md:1: the part "fruits" has no end: close it with a comment that says end`,
		"<!-- generated: fruits -->\n<!-- generated: fruits -->\n<!-- end -->": `a.md:1: the part "fruits" has no end before line 2`,
	} {
		_, err := fill("a.md", text, parts)
		require.ErrorContains(t, err, want)
	}
}
