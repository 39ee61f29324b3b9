// Package house tests what the folders promise: who may import whom. It has no code of its own.
package house_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/quintain-dev/quintain"

// deps returns everything that a package needs, itself included.
func deps(t *testing.T, pkg string) []string {
	t.Helper()
	out, err := exec.Command("go", "list", "-deps", module+pkg).CombinedOutput()
	require.NoError(t, err, string(out))
	return strings.Fields(string(out))
}

func under(path, prefix string) bool { return path == prefix || strings.HasPrefix(path, prefix+"/") }

// Each room, with the rooms of this project that it may need. An import only points down.
var rooms = map[string][]string{
	"/fixtures":                   {},
	"/features":                   {},
	"/contract/signing":           {},
	"/contract/jsonptr":           {},
	"/contract/internal/yamltree": {"/contract/jsonptr"},
	"/contract":                   {"/contract/internal", "/contract/signing", "/contract/jsonptr", "/fixtures"},
	"/contract/export":            {"/contract", "/contract/internal", "/contract/signing", "/contract/jsonptr", "/fixtures"},
	"/fakes/story":                {"/fakes", "/contract", "/contract/internal", "/contract/signing", "/contract/jsonptr", "/fixtures"},
	"/mockserver/clock":           {},
	"/fakes":                      {"/contract", "/contract/internal", "/contract/signing", "/contract/jsonptr", "/fixtures"},
	"/mockserver/client":          {"/contract", "/contract/internal", "/contract/signing", "/contract/jsonptr", "/fixtures"},
	"/mockserver":                 {"/mockserver", "/fakes", "/contract", "/contract/internal", "/contract/signing", "/contract/jsonptr", "/fixtures"},
	"/features/judge/reference":   {"/contract", "/contract/internal", "/contract/signing", "/contract/jsonptr", "/fixtures"},
	"/features/judge":             {"/mockserver", "/fakes", "/features", "/contract", "/fixtures"},
}

func TestImportsPointDown(t *testing.T) {
	t.Parallel()
	for room, below := range rooms {
		for _, dep := range deps(t, room) {
			if !under(dep, module) {
				continue
			}
			path := strings.TrimPrefix(dep, module)
			allowed := path == room || under(path, room+"/internal")
			for _, b := range below {
				allowed = allowed || under(path, b)
			}
			require.True(t, allowed, "%s needs %s", room, path)
		}
	}
}

func TestSigningNeedsTheStandardLibraryAlone(t *testing.T) {
	t.Parallel()
	for _, dep := range deps(t, "/contract/signing") {
		require.False(t, strings.Contains(strings.Split(dep, "/")[0], ".") && dep != module+"/contract/signing", dep)
	}
}

// imports returns every package of the project with what it imports itself.
func imports(t *testing.T) map[string][]string {
	t.Helper()
	out, err := exec.Command("go", "list", "-f", "{{.ImportPath}} {{join .Imports \" \"}}", module+"/...").CombinedOutput()
	require.NoError(t, err, string(out))
	all := map[string][]string{}
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		all[strings.TrimPrefix(words[0], module)] = words[1:]
	}
	require.Contains(t, all, "/contract")
	return all
}

// Who adds a package says where it stands: it has a room, or is inside of one.
func TestEveryPackageHasARoom(t *testing.T) {
	t.Parallel()
	for path := range imports(t) {
		inside := under(path, "/cmd") // which may need anything
		for room := range rooms {
			inside = inside || path == room || under(path, room+"/internal")
		}
		require.True(t, inside, "%s has no room: add it to rooms, with what it may need", path)
	}
}

// Some libraries stay where they belong: who imports one itself is told here, and a receiver that imports signing or fakes
// gets no server, CLI or godog with it.
func TestLibrariesStayInTheirRooms(t *testing.T) {
	t.Parallel()
	type home struct{ imports, needs []string } // the rooms that import it themselves, and those that may need it through others
	homes := map[string]home{
		"github.com/stretchr/testify":     {},
		"github.com/cucumber/godog":       {[]string{"/features/judge"}, []string{"/features/judge", "/cmd"}},
		"github.com/spf13/cobra":          {[]string{"/cmd"}, []string{"/cmd"}},
		"github.com/brianvoe/gofakeit/v7": {[]string{"/fakes"}, []string{"/fakes", "/mockserver", "/features/judge", "/cmd"}},
		"github.com/gorilla/mux":          {[]string{"/mockserver"}, []string{"/mockserver", "/features/judge", "/cmd"}},
		"net/http/httptest":               {},
	}
	in := func(path string, rooms []string) bool {
		return slices.ContainsFunc(rooms, func(room string) bool { return under(path, room) })
	}
	for path, direct := range imports(t) {
		all := deps(t, path)
		if path == "/mockserver/client" {
			require.False(t, slices.Contains(all, "github.com/gorilla/mux"), "the client needs the server's router")
		}
		for library, home := range homes {
			within := func(dep string) bool { return under(dep, library) }
			require.False(t, slices.ContainsFunc(direct, within) && !in(path, home.imports), "%s imports %s", path, library)
			require.False(t, slices.ContainsFunc(all, within) && !in(path, home.needs), "%s needs %s", path, library)
		}
	}
}
