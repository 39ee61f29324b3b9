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
	"/fixtures":                        {},
	"/features":                        {},
	"/contract/signing":                {},
	"/contract/jsonptr":                {},
	"/contract/internal/yamltree":      {},
	"/contract":                        {"/contract/internal", "/contract/signing", "/fixtures"},
	"/contract/export":                 {"/contract", "/contract/internal", "/contract/signing", "/contract/jsonptr", "/fixtures"},
	"/fakes/story":                     {"/fakes", "/contract", "/contract/internal", "/contract/signing", "/contract/jsonptr", "/fixtures"},
	"/mockserver/clock":                {},
	"/fakes":                           {"/contract", "/contract/internal", "/contract/signing", "/contract/jsonptr", "/fixtures"},
	"/mockserver/client":               {"/contract", "/contract/internal", "/contract/signing", "/fixtures"},
	"/mockserver":                      {"/mockserver", "/fakes", "/contract", "/contract/internal", "/contract/signing", "/contract/jsonptr", "/fixtures"},
	"/contract/contracttest/reference": {"/contract", "/contract/internal", "/contract/signing", "/contract/jsonptr", "/fixtures"},
	"/contract/contracttest":           {"/mockserver", "/fakes", "/features", "/contract", "/fixtures"},
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
				// /contract itself is a room of its own; its suite is not part of what "contract" allows.
				allowed = allowed || path == b || under(path, b) && (b != "/contract" || !under(path, "/contract/contracttest") || under(room, "/contract/contracttest"))
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

// Some libraries stay where they belong: a receiver that imports signing or fakes gets no server, CLI or godog with it.
func TestLibrariesStayInTheirRooms(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("go", "list", module+"/...").CombinedOutput()
	require.NoError(t, err, string(out))
	homes := map[string][]string{
		"github.com/stretchr/testify":     {},
		"github.com/cucumber/godog":       {"/contract/contracttest", "/cmd"},
		"github.com/spf13/cobra":          {"/cmd"},
		"github.com/brianvoe/gofakeit/v7": {"/fakes", "/mockserver", "/contract/contracttest", "/cmd"},
		"github.com/gorilla/mux":          {"/mockserver", "/contract/contracttest", "/cmd"},
		"net/http/httptest":               {},
	}
	for _, pkg := range strings.Fields(string(out)) {
		path := strings.TrimPrefix(pkg, module)
		if path == "/mockserver/client" {
			require.False(t, slices.Contains(deps(t, path), "github.com/gorilla/mux"), "the client needs the server's router")
		}
		for _, dep := range deps(t, path) {
			for library, home := range homes {
				if !under(dep, library) {
					continue
				}
				require.True(t, slices.ContainsFunc(home, func(room string) bool { return under(path, room) }), "%s needs %s", path, dep)
			}
		}
	}
}
