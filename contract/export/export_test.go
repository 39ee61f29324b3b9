package export_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/contract/export"
)

var update = flag.Bool("update", false, "write the golden files under testdata")

// revisions returns each platform at its default and at its latest revision.
func revisions(t *testing.T) []*contract.Platform {
	t.Helper()
	var out []*contract.Platform
	for _, name := range contract.Names() {
		p, err := contract.Load(name)
		require.NoError(t, err)
		out = append(out, p)
		latest, err := contract.Load(name + "@" + slices.Max(p.Revisions))
		require.NoError(t, err)
		switch {
		case latest.Revision == p.Revision:
		case testing.Short() && len(latest.NameOnly()) == 0: // large, and with nothing that the others have not
		default:
			out = append(out, latest)
		}
	}
	return out
}

func load(t *testing.T, file string) *contract.Platform {
	t.Helper()
	src, err := os.ReadFile(file)
	require.NoError(t, err)
	p, err := contract.Parse(file, src, "")
	require.NoError(t, err)
	return p
}

func TestParseFormat(t *testing.T) {
	t.Parallel()
	for _, name := range export.Formats() {
		f, err := export.ParseFormat(name)
		require.NoError(t, err)
		require.Equal(t, name, string(f))
	}
	_, err := export.ParseFormat("typscript")
	require.EqualError(t, err, `unknown export format "typscript"; did you mean "typescript"?`)
	_, err = export.ParseFormat("xml")
	require.EqualError(t, err, `unknown export format "xml"; there is openapi, asyncapi, jsonschema, go, typescript`)
	_, err = export.Files(load(t, "testdata/small.yaml"), "xml")
	require.ErrorContains(t, err, "unknown export format")
}

func TestSmallContract(t *testing.T) {
	t.Parallel()
	p := load(t, "testdata/small.yaml")
	for _, format := range export.Formats() {
		files, err := export.Files(p, export.Format(format))
		require.NoError(t, err)
		for _, f := range files {
			golden := filepath.Join("testdata", "golden", format, filepath.FromSlash(f.Name)+".golden")
			if *update {
				require.NoError(t, os.MkdirAll(filepath.Dir(golden), 0o755))
				require.NoError(t, os.WriteFile(golden, f.Content, 0o644))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			require.Equal(t, string(want), string(f.Content), golden)
		}
	}
}

func TestSameBytesEachTime(t *testing.T) {
	t.Parallel()
	for _, p := range revisions(t) {
		again, err := contract.Load(p.String())
		require.NoError(t, err)
		for _, format := range export.Formats() {
			one, err := export.Files(p, export.Format(format))
			require.NoError(t, err)
			two, err := export.Files(again, export.Format(format))
			require.NoError(t, err)
			require.Equal(t, one, two, "%s as %s", p, format)
			for _, f := range one {
				head := f.Content[:min(len(f.Content), 2000)]
				require.True(t, bytes.Contains(head, []byte("enerated by quintain from "+p.String())), "%s of %s", f.Name, p)
			}
		}
	}
}

// What a schema has in front of JSON Schema is gone, and the extensions of the document are not.
func TestWhichExportsKeepExtensions(t *testing.T) {
	t.Parallel()
	for _, p := range revisions(t) {
		for format, want := range map[export.Format]bool{export.OpenAPI: true, export.JSONSchema: false} {
			files, err := export.Files(p, format)
			require.NoError(t, err)
			for _, f := range files {
				require.True(t, json.Valid(f.Content))
				require.Equal(t, want, bytes.Contains(f.Content, []byte(`"x-fake"`)), "%s of %s", f.Name, p)
			}
		}
	}
}

func TestTheUnitOfTimestampsIsSaid(t *testing.T) {
	t.Parallel()
	src, err := os.ReadFile("testdata/small.yaml")
	require.NoError(t, err)
	for unit, want := range map[string]string{"ms": "as Unix milliseconds", "s": "as Unix seconds"} {
		p, err := contract.Parse("small.yaml", []byte(strings.Replace(string(src), "tolerance: 5m", "timestampUnit: "+unit+", tolerance: 5m", 1)), "")
		require.NoError(t, err)
		files, err := export.Files(p, export.OpenAPI)
		require.NoError(t, err)
		require.Contains(t, string(files[0].Content), want)
	}
}
