package house_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// How large a room may be, without its tests.
const (
	mostLines   = 400  // of a file
	mostFiles   = 16   // of a package
	mostInTotal = 2600 // lines of a package
)

// larger are the rooms that may be larger, and why. None of them may grow beyond what stands here.
var larger = map[string]struct {
	files, lines int
	why          string
}{
	"/cmd/internal/cli":              {40, 6000, "one file for each command"},
	"/fakes":                         {40, 7600, "one file for each kind of entity, and the inference of payloads, which becomes a room of its own"},
	"/contract":                      {34, 5600, "the reading of documents becomes a room of its own"},
	"/mockserver/internal/community": {23, 3500, "deliveries, journal and inboxes become rooms of their own"},
}

// sources calls a function with every Go file of the project that is no test, by its path from the root.
func sources(t *testing.T, visit func(path string, src []byte)) {
	t.Helper()
	root := filepath.Join("..", "..", "..")
	require.NoError(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || d.Name() == "node_modules" || strings.HasPrefix(d.Name(), ".") && path != root):
			return filepath.SkipDir
		case !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		src, err := os.ReadFile(path)
		if err == nil {
			rel, _ := filepath.Rel(root, path)
			visit("/"+filepath.ToSlash(rel), src)
		}
		return err
	}))
}

func TestRoomsAreSmall(t *testing.T) {
	t.Parallel()
	type size struct{ files, lines int }
	sizes := map[string]size{}
	sources(t, func(path string, src []byte) {
		lines := bytes.Count(src, []byte("\n"))
		dir := path[:strings.LastIndexByte(path, '/')]
		sizes[dir] = size{sizes[dir].files + 1, sizes[dir].lines + lines}
		if path != "/contract/validate.go" { // 434 lines: it is divided with its package
			require.LessOrEqual(t, lines, mostLines, "%s is too long: what in it is a thing of its own?", path)
		}
	})
	for dir, size := range sizes {
		files, lines := mostFiles, mostInTotal
		if l, ok := larger[dir]; ok {
			files, lines = l.files, l.lines
		}
		require.LessOrEqual(t, size.files, files, "%s has too many files", dir)
		require.LessOrEqual(t, size.lines, lines, "%s has too many lines", dir)
	}
	for dir := range larger {
		require.Contains(t, sizes, dir, "there is no such room: delete it here")
	}
}
