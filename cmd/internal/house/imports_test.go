// Package house tests what the folders promise: who may import whom, how large a room may be, and where the rules are.
// It has no code of its own.
package house_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/quintain-dev/quintain"

// A room is a package, and the packages of this project that it may import.
type room struct {
	path    string
	imports string
}

// rooms lists every package from the ground up: a room may import only rooms that stand above it in this list, and of
// those only the ones that it names. Whoever adds a package says here where it stands.
var rooms = []room{
	{"/fixtures", ""},
	{"/features", ""},
	{"/contract/jsonptr", ""},
	{"/contract/signing", ""},
	{"/contract/internal/yamltree", "/contract/jsonptr"},
	{"/contract", "/contract/internal/yamltree /contract/jsonptr /contract/signing /fixtures"},
	{"/contract/export", "/contract /contract/internal/yamltree /contract/jsonptr /contract/signing"},
	{"/fakes/internal/alphabet", ""},
	{"/fakes", "/contract /contract/jsonptr /fakes/internal/alphabet"},
	{"/fakes/story", "/contract /fakes"},

	{"/mockserver/client", ""},
	{"/mockserver/clock", ""},
	{"/mockserver/internal/wire", ""},
	{"/mockserver/internal/problem", "/contract"},
	{"/mockserver/internal/rest", "/mockserver/internal/problem"},
	{"/mockserver/internal/admin", "/mockserver/internal/rest"},
	{"/mockserver/internal/script", "/contract"},
	{"/mockserver/internal/store", "/contract"},
	{"/mockserver/internal/store/storetest", "/contract /mockserver/internal/store"},
	{"/mockserver/internal/observe", "/contract /mockserver/clock /mockserver/internal/store"},
	{"/mockserver/internal/har", "/mockserver/internal/store"},
	{"/mockserver/internal/fault", "/contract /contract/signing /mockserver/internal/script /mockserver/internal/wire"},
	{"/mockserver/internal/inbox", "/contract /mockserver/internal/script /mockserver/internal/wire"},
	{"/mockserver/internal/sender", "/contract /mockserver/clock /mockserver/internal/store /mockserver/internal/wire"},
	{"/mockserver/internal/community", "/contract /contract/signing /fakes /fakes/story /mockserver/clock " +
		"/mockserver/internal/fault /mockserver/internal/inbox /mockserver/internal/observe /mockserver/internal/problem " +
		"/mockserver/internal/script /mockserver/internal/sender /mockserver/internal/store /mockserver/internal/wire"},
	{"/mockserver/internal/tryno", "/mockserver/internal/admin /mockserver/internal/community /mockserver/internal/problem " +
		"/mockserver/internal/rest /mockserver/internal/store"},
	{"/mockserver/internal/tribe", "/contract /mockserver/internal/admin /mockserver/internal/community " +
		"/mockserver/internal/problem /mockserver/internal/rest /mockserver/internal/store"},
	{"/mockserver/internal/api", "/contract /fakes /fakes/story /mockserver/clock /mockserver/internal/community " +
		"/mockserver/internal/fault /mockserver/internal/har /mockserver/internal/problem /mockserver/internal/rest " +
		"/mockserver/internal/store"},
	{"/mockserver", "/contract /contract/signing /mockserver/internal/admin /mockserver/internal/api " +
		"/mockserver/internal/community /mockserver/internal/inbox /mockserver/internal/observe /mockserver/internal/problem " +
		"/mockserver/internal/rest /mockserver/internal/sender /mockserver/internal/store /mockserver/internal/tribe " +
		"/mockserver/internal/tryno /mockserver/internal/wire"},

	{"/features/internal/phrase", ""},
	{"/features/internal/steps", "/mockserver/client"},
	{"/features/mocksteps", "/contract /features/internal/phrase /features/internal/steps /mockserver /mockserver/client"},
	{"/features/judge/reference", "/contract /contract/signing"},
	{"/features/judge/report", "/contract"},
	{"/features/judge/report/render", "/features/internal/phrase /features/judge/report"},
	{"/features/judge/internal/exchange", "/contract /features/internal/phrase /features/judge/report"},
	{"/features/judge/internal/payload", "/contract /contract/jsonptr /fakes /features/judge/report"},
	{"/features/judge/internal/forgery", "/contract /contract/signing /features/judge/internal/exchange " +
		"/features/judge/internal/payload"},
	{"/features/judge/internal/rule", "/contract /fakes/story /features/judge/internal/payload /features/judge/report"},
	{"/features/judge/internal/scenario", "/contract /features/judge/internal/rule /features/judge/report"},
	{"/features/judge/internal/cause", "/contract /features/internal/phrase /features/judge/internal/exchange " +
		"/features/judge/internal/rule /features/judge/report"},
	{"/features/judge/internal/receiversteps", "/contract /contract/jsonptr /contract/signing /fakes /fakes/story " +
		"/features/internal/steps /features/judge/internal/cause /features/judge/internal/exchange " +
		"/features/judge/internal/forgery /features/judge/internal/payload /features/judge/internal/rule " +
		"/features/judge/internal/scenario /features/judge/report /mockserver /mockserver/client"},
	{"/features/judge/internal/sendersteps", "/contract /contract/jsonptr /features/internal/phrase /features/internal/steps " +
		"/features/judge/internal/exchange /features/judge/internal/payload /features/judge/internal/rule " +
		"/features/judge/internal/scenario /features/judge/report /mockserver/client"},
	{"/features/judge/internal/plan", "/contract /fakes/story /features /features/internal/phrase /features/internal/steps " +
		"/features/judge/internal/receiversteps /features/judge/internal/rule /features/judge/internal/scenario " +
		"/features/judge/internal/sendersteps /features/judge/report"},
	{"/features/judge/internal/gen", "/contract /fakes /features/judge/internal/cause /features/judge/internal/plan " +
		"/features/judge/internal/rule /features/judge/report"},
	{"/features/judge", "/contract /features/internal/steps /features/judge/internal/plan /features/judge/internal/receiversteps " +
		"/features/judge/internal/rule /features/judge/internal/sendersteps /features/judge/report /features/judge/report/render"},

	{"/cmd/internal/cli/term", "/features/judge/report/render"},
	{"/cmd/internal/cli/live", "/cmd/internal/cli/term /contract /features/judge/report/render /mockserver /mockserver/client"},
	{"/cmd/internal/cli", "/cmd/internal/cli/live /cmd/internal/cli/term /contract /contract/export /contract/jsonptr " +
		"/contract/signing /fakes /fakes/story /features /features/judge /features/judge/reference " +
		"/features/judge/report/render /features/mocksteps /mockserver /mockserver/client"},
	{"/cmd/internal/house", ""},
	{"/cmd/quintain", "/cmd/internal/cli"},
}

func under(path, prefix string) bool { return path == prefix || strings.HasPrefix(path, prefix+"/") }

// list runs go list.
func list(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.Command("go", append([]string{"list"}, args...)...).CombinedOutput()
	require.NoError(t, err, string(out))
	return string(out)
}

// imports returns every package of the project with what it imports itself, and everything that it needs.
func imports(t *testing.T) (direct, all map[string][]string) {
	t.Helper()
	direct, all = map[string][]string{}, map[string][]string{}
	const format = "{{.ImportPath}}\t{{join .Imports \" \"}}\t{{join .Deps \" \"}}"
	for line := range strings.Lines(list(t, "-f", format, module+"/...")) {
		parts := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		path := strings.TrimPrefix(parts[0], module)
		direct[path], all[path] = strings.Fields(parts[1]), strings.Fields(parts[2])
	}
	require.Contains(t, direct, "/contract")
	return direct, all
}

func TestImportsPointDown(t *testing.T) {
	t.Parallel()
	direct, _ := imports(t)
	floors := map[string]int{}
	for floor, r := range rooms {
		for _, path := range strings.Fields(r.imports) {
			below, known := floors[path]
			require.True(t, known && below < floor, "%s may not import %s: that stands below it in rooms, and so higher up", r.path, path)
		}
		floors[r.path] = floor
	}
	for path, imported := range direct {
		floor, known := floors[path]
		require.True(t, known, "%s has no room: add it to rooms, with what it may import", path)
		for _, dep := range imported {
			if dep, ours := strings.CutPrefix(dep, module); ours {
				require.Contains(t, strings.Fields(rooms[floor].imports), dep, "%s imports %s", path, dep)
			}
		}
	}
	require.Len(t, direct, len(rooms), "a room is no package any more")
}

func TestSigningNeedsTheStandardLibraryAlone(t *testing.T) {
	t.Parallel()
	_, all := imports(t)
	for _, dep := range all["/contract/signing"] {
		require.NotContains(t, strings.Split(dep, "/")[0], ".", dep)
	}
}

// TestLowerHalfKnowsNothingOfTheUpper: a receiver that imports signing, contract or fakes gets no server, command line
// or godog with it.
func TestLowerHalfKnowsNothingOfTheUpper(t *testing.T) {
	t.Parallel()
	_, all := imports(t)
	for path, deps := range all {
		for _, dep := range deps {
			dep, ours := strings.CutPrefix(dep, module)
			switch {
			case !ours:
			case under(path, "/contract"):
				require.False(t, under(dep, "/fakes") || under(dep, "/mockserver") || under(dep, "/features"), "%s needs %s", path, dep)
			case under(path, "/fakes"):
				require.False(t, under(dep, "/mockserver") || under(dep, "/features"), "%s needs %s", path, dep)
			case under(path, "/mockserver"):
				require.False(t, under(dep, "/features"), "%s needs %s", path, dep)
			}
		}
	}
}

// TestLibrariesStayInTheirRooms: a library is imported only where it belongs, and needed only by what stands above
// that.
func TestLibrariesStayInTheirRooms(t *testing.T) {
	t.Parallel()
	homes := map[string]struct{ imports, needs []string }{
		"github.com/stretchr/testify":     {},
		"github.com/cucumber/godog":       {[]string{"/features"}, []string{"/features", "/cmd"}},
		"github.com/spf13/cobra":          {[]string{"/cmd"}, []string{"/cmd"}},
		"github.com/brianvoe/gofakeit/v7": {[]string{"/fakes"}, []string{"/fakes", "/mockserver", "/features", "/cmd"}},
		"github.com/gorilla/mux":          {[]string{"/mockserver"}, []string{"/mockserver", "/features", "/cmd"}},
		"net/http/httptest":               {},
	}
	in := func(path string, rooms []string) bool {
		return slices.ContainsFunc(rooms, func(room string) bool { return under(path, room) })
	}
	direct, all := imports(t)
	for path := range direct {
		if path == "/mockserver/client" || path == "/features" || path == "/features/judge/report" || path == "/features/judge/report/render" {
			require.NotContains(t, all[path], "github.com/gorilla/mux", "%s needs the server's router", path)
			require.NotContains(t, all[path], "github.com/cucumber/godog", "%s needs godog", path)
		}
		for library, home := range homes {
			within := func(dep string) bool { return under(dep, library) }
			require.False(t, slices.ContainsFunc(direct[path], within) && !in(path, home.imports), "%s imports %s", path, library)
			require.False(t, slices.ContainsFunc(all[path], within) && !in(path, home.needs), "%s needs %s", path, library)
		}
	}
}
