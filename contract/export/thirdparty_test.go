package export_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/contract/export"
)

// Contracts of users are read by tools of others, as .ci/exports does with the platforms that are built in.
func TestToolsOfOthersReadAnyContract(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("needs tools from npm; make test-all installs them and runs this test")
	}
	npm, err := filepath.Abs("../../.ci/npm")
	require.NoError(t, err)
	if _, err := os.Stat(filepath.Join(npm, "node_modules", "@asyncapi")); err != nil {
		if os.Getenv("QUINTAIN_REQUIRE_ALL") != "" {
			t.Fatal("run npm ci --prefix .ci/npm")
		}
		t.Skip("needs npm ci --prefix .ci/npm; make test-all runs it")
	}
	dir := t.TempDir()
	for _, name := range []string{"small", "odd", "foreign"} {
		p := load(t, "testdata/"+name+".yaml")
		for _, format := range export.Formats() {
			files, err := export.Files(p, export.Format(format))
			require.NoError(t, err)
			for _, f := range files {
				write(t, filepath.Join(dir, name, format, filepath.FromSlash(f.Name)), f.Content)
			}
		}
		payloads, err := json.Marshal(bodies(t, p))
		require.NoError(t, err)
		write(t, filepath.Join(dir, name, "payloads.json"), payloads)
	}
	cmd := exec.Command("node", filepath.Join(npm, "exports.mjs"), dir)
	cmd.Env = append(os.Environ(), "REDOCLY_TELEMETRY=off")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
}

func bodies(t *testing.T, p *contract.Platform) map[string][]json.RawMessage {
	t.Helper()
	if p.Name == "2-odd" {
		return oddSamples(t)
	}
	if p.Foreign() {
		order := json.RawMessage(`{"id":"6ba7b810-9dad-11d1-80b4-00c04fd430c8","lines":[{"sku":"a","count":1},{"code":"b"}],"note":null}`)
		return map[string][]json.RawMessage{"orderPlaced": {order}, "orderShipped": {order}}
	}
	out := map[string][]json.RawMessage{}
	for _, event := range p.Events() {
		out[event.Name] = []json.RawMessage{}
		if x, err := event.Example(); err == nil {
			out[event.Name] = append(out[event.Name], x.Body)
		}
	}
	return out
}
