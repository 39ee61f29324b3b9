package export_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/contract/export"
	"github.com/quintain-dev/quintain/fakes"
)

// sample is a body that has to come through the Go types as it is.
type sample struct {
	Package string
	Event   string
	Body    json.RawMessage
	Unnamed bool // the body need not name its event
	More    bool // the body has members that the contract does not name, as a printed sample may: those are dropped
}

// roundTrip exports the Go types of the platforms into one module, has go vet read them, and sends samples through
// them.
func roundTrip(
	t *testing.T, platforms []*contract.Platform, samples func(p *contract.Platform, folder string) []sample,
) {
	t.Helper()
	dir := t.TempDir()
	var imports, news, namers strings.Builder
	var in bytes.Buffer
	enc, count := json.NewEncoder(&in), 0
	for i, p := range platforms {
		folder := "p" + strconv.Itoa(i)
		src := only(t, p, export.Go)
		write(t, filepath.Join(dir, folder, "types.go"), src)
		fmt.Fprintf(&imports, "\t%s \"example.test/%s\"\n", folder, folder)
		fmt.Fprintf(&news, "\t%q: %s.New,\n", folder, folder)
		named := bytes.Contains(src, []byte("\nfunc NameOf("))
		require.Equal(t, p.Rules.EventName.Value != "", named, p.String())
		if named {
			fmt.Fprintf(&namers, "\t%q: %s.NameOf,\n", folder, folder)
		}
		for _, s := range samples(p, folder) {
			require.NoError(t, enc.Encode(s))
			count++
		}
	}
	program, err := os.ReadFile("testdata/roundtrip.go.txt")
	require.NoError(t, err)
	write(t, filepath.Join(dir, "go.mod"), []byte("module example.test\n\ngo 1.24\n"))
	write(t, filepath.Join(dir, "main.go"), []byte(strings.NewReplacer("IMPORTS", imports.String(), "NEWS", news.String(), "NAMERS", namers.String()).Replace(string(program))))
	run(t, dir, nil, "vet", "./...")
	require.Equal(t, fmt.Sprintf("%d came through\n", count), run(t, dir, &in, "run", "."), "%s", platforms)
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, content, 0o600))
}

// run runs the go command in a module that needs nothing.
func run(t *testing.T, dir string, in *bytes.Buffer, args ...string) string {
	t.Helper()
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod", "GOPROXY=off", "GOTOOLCHAIN=local")
	if in != nil {
		cmd.Stdin = in
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, "go %s: %s", strings.Join(args, " "), stderr.String())
	return string(out)
}

func TestGoTypesLoseNothing(t *testing.T) {
	t.Parallel()
	perEvent := 200
	if testing.Short() {
		perEvent = 20
	}
	world := fakes.NewWorld(7, fakes.Config{})
	roundTrip(t, revisions(t), func(p *contract.Platform, folder string) []sample {
		var out []sample
		for _, event := range p.Events() {
			full, err := world.Generator(event)
			require.NoError(t, err)
			minimal, err := world.Minimal(event)
			require.NoError(t, err)
			for n := range uint64(perEvent) {
				out = append(out, sample{Package: folder, Event: event.Name, Body: full.Append(nil, n, full.At(n))})
			}
			for n := range uint64(10) {
				out = append(out, sample{Package: folder, Event: event.Name, Body: minimal.Append(nil, n, minimal.At(n)), Unnamed: true})
			}
			if x, err := event.Example(); err == nil && event.Validate(x.Body) == nil {
				out = append(out, sample{Package: folder, Event: event.Name, Body: x.Body, Unnamed: true, More: true})
			}
		}
		return out
	})
}

// testdata/odd.json has bodies of the contract beside it, where absent, null, zero and empty differ.
func oddSamples(t *testing.T) map[string][]json.RawMessage {
	t.Helper()
	src, err := os.ReadFile("testdata/odd.json")
	require.NoError(t, err)
	var out map[string][]json.RawMessage
	require.NoError(t, json.Unmarshal(src, &out))
	return out
}

func TestGoTypesOfAnyContract(t *testing.T) {
	t.Parallel()
	platforms := []*contract.Platform{load(t, "testdata/odd.yaml"), load(t, "testdata/small.yaml"), load(t, "testdata/foreign.yaml")}
	roundTrip(t, platforms, func(p *contract.Platform, folder string) []sample {
		var out []sample
		bodies := bodies(t, p)
		for _, event := range p.Events() {
			for _, body := range bodies[event.Name] {
				require.NoError(t, event.Validate(body), "%s: %s", event.Name, body)
				out = append(out, sample{Package: folder, Event: event.Name, Body: body})
			}
		}
		require.NotEmpty(t, out)
		return out
	})
}
