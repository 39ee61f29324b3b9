package contract_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/contract/internal/yamltree"
)

// The platforms are the files of the folder, and a platform's catalogue is what stands under webhooks of its document.
func TestBuiltInPlatforms(t *testing.T) {
	t.Parallel()
	entries, err := fs.ReadDir(os.DirFS("platforms"), ".")
	require.NoError(t, err)
	require.Len(t, contract.Names(), len(entries))
	for _, entry := range entries {
		name := strings.TrimSuffix(entry.Name(), ".yaml")
		first, err := contract.Load(name)
		require.NoError(t, err)
		require.Equal(t, name, first.Name, "the name in x-platform is that of the file")
		require.Equal(t, name+"@"+first.Revisions[0], first.String(), "the first revision is the default")
		for _, revision := range first.Revisions {
			p, err := contract.Load(name + "@" + revision)
			require.NoError(t, err)
			var document struct {
				Webhooks map[string]struct {
					Post struct {
						Handshake bool `json:"x-handshake"`
						NameOnly  bool `json:"x-name-only"`
					}
				}
			}
			require.NoError(t, json.Unmarshal(p.Document(), &document))
			var events, nameOnly []string
			for event, webhook := range document.Webhooks {
				switch {
				case webhook.Post.NameOnly:
					nameOnly = append(nameOnly, event)
				case webhook.Post.Handshake:
					require.NotNil(t, p.Message(event), "%s %s", p, event)
				default:
					events = append(events, event)
				}
			}
			require.NotEmpty(t, events, p)
			require.ElementsMatch(t, events, p.EventNames(), p)
			require.Len(t, p.NameOnly(), len(nameOnly), p)
		}
	}
	bettermode, err := contract.Load("bettermode")
	require.NoError(t, err)
	require.Equal(t, "tribe@2023", bettermode.String())
}

// A second reader, which shares no code with ours, takes the documents for OpenAPI 3.1.
func TestDocumentsAreOpenAPI(t *testing.T) {
	t.Parallel()
	for _, name := range contract.Names() {
		src, err := os.ReadFile("platforms/" + name + ".yaml")
		require.NoError(t, err)
		loader := openapi3.NewLoader()
		doc, err := loader.LoadFromData(src)
		require.NoError(t, err, name)
		require.NoError(t, doc.Validate(loader.Context, openapi3.EnableSchemaFormatValidation()), name)
	}
}

// Every x- key is known, so that a typo in one is not taken for a missing one.
func TestDocumentsUseKnownExtensions(t *testing.T) {
	t.Parallel()
	extension := regexp.MustCompile(`^x-`)
	entries, err := fs.ReadDir(os.DirFS("platforms"), ".")
	require.NoError(t, err)
	for _, entry := range entries {
		src, err := os.ReadFile("platforms/" + entry.Name())
		require.NoError(t, err)
		root, err := yamltree.Parse(src)
		require.NoError(t, err)
		var visit func(n *yamltree.Node)
		visit = func(n *yamltree.Node) {
			for i, child := range n.Items {
				if n.Kind == yamltree.Mapping && extension.MatchString(n.Keys[i]) {
					require.True(t, slices.Contains(contract.Extensions, n.Keys[i]), "%s:%d: %s", entry.Name(), child.Line, n.Keys[i])
				}
				visit(child)
			}
		}
		visit(root)
	}
}

const small = `openapi: 3.1.0
info: {title: Small, version: '1'}
x-platform:
  name: small
  revisions: ['1', '2']
x-delivery:
  encodings: {value: [json], grade: chosen, source: {page: p, date: 2026-01-01}}
  contentTypes: {value: {json: application/json}, grade: chosen, source: {page: p, date: 2026-01-01}}
  success: {value: 2xx, grade: chosen, source: {page: p, date: 2026-01-01}}
  schedule: {value: [1s, 2s], grade: chosen, source: {page: p, date: 2026-01-01}}
  disableAfter: {value: 0, counts: retries, grade: chosen, source: {page: p, date: 2026-01-01}}
  timeout: {value: 10s, grade: chosen, source: {page: p, date: 2026-01-01}}
  signature: {value: {scheme: none}, grade: chosen, source: {page: p, date: 2026-01-01}}
  handshake: {value: none, grade: chosen, source: {page: p, date: 2026-01-01}}
  eventName: {value: '', grade: chosen, source: {page: p, date: 2026-01-01}}
  dedupKey: {value: '', grade: chosen, source: {page: p, date: 2026-01-01}}
  eventTime: {value: '', grade: chosen, source: {page: p, date: 2026-01-01}}
  atLeastOnce: {value: false, grade: chosen, source: {page: p, date: 2026-01-01}}
  unstable: {value: false, grade: chosen, source: {page: p, date: 2026-01-01}}
webhooks:
  thing.made:
    post:
      x-grade: chosen
      x-source: {page: p, date: 2026-01-01}
      x-cast: {member: person}
      requestBody:
        content:
          application/json:
            example: {name: A, old: 1}
            schema:
              type: object
              required: [name]
              properties:
                name: {$ref: '#/components/schemas/Name', x-as: member}
                old: {type: integer, x-until: '2', x-value: 1}
                new: {type: integer, x-since: '2', x-value: 2}
components:
  schemas:
    Name: {type: string, x-fake: name}
`

func TestRevisionsFilterTheDocument(t *testing.T) {
	t.Parallel()
	names := func(revision string) (out []string) {
		p, err := contract.Parse("small.yaml", []byte(small), revision)
		require.NoError(t, err)
		for _, property := range p.Events()[0].Schema.Properties {
			out = append(out, property.Name)
		}
		return out
	}
	require.Equal(t, []string{"name", "new"}, names("2"))
	require.Equal(t, []string{"name", "old"}, names("1"))

	_, err := contract.Parse("small.yaml", []byte(small), "3")
	require.EqualError(t, err, `unknown revision of small "3"; there is 1, 2`)
}

func TestDocumentFaultsNameTheirPlace(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ from, to, want string }{
		"not YAML":              {"openapi: 3.1.0", "openapi: [3.1.0", "small.yaml:1:10: while parsing a flow sequence: did not find expected ',' or ']'"},
		"not 3.1":               {"openapi: 3.1.0", "openapi: 3.0.3", `small.yaml:1:10: /openapi: openapi is "3.0.3", want 3.1.x`},
		"a key twice":           {"  name: small", "  name: small\n  name: small", `small.yaml:5:3: mapping key "name" already defined at [4:3]`},
		"merge key":             {"  name: small", "  <<: {}\n  name: small", "small.yaml:4:3: merge keys"},
		"no name":               {"  name: small\n", "", "/x-platform: x-platform needs a name"},
		"unknown delivery rule": {"  timeout:", "  timeouts:", `/x-delivery/timeouts: unknown delivery rule "timeouts"; did you mean "timeout"?`},
		"wrong success rule":    {"value: 2xx", "value: 2xy", `small.yaml:9:20: /x-delivery/success/value: "2xy" is not one of exactly-200, 2xx, below-400; did you mean "2xx"?`},
		"wrong delay":           {"[1s, 2s]", "[1s, soon]", `/x-delivery/schedule/value/1: "soon" is not a delay; write it as 5s, 30m or 2h`},
		"no timeout":            {"{value: 10s,", "{value: -10s,", `/x-delivery/timeout/value: "-10s" is not a time to wait`},
		"no number":             {"disableAfter: {value: 0,", "disableAfter: {value: 5.9a,", `"5.9a" is not a number`},
		"no grade":              {"handshake: {value: none, grade: chosen", "handshake: {value: none, grade: certain", `/x-delivery/handshake/grade: grade: "certain" is not one of documented, observed, inferred, chosen`},
		"no webhooks":           {"webhooks:\n  thing.made:", "webhooks: {}\nx-old:\n  thing.made:", "/webhooks: there are no webhooks"},
		"no source":             {"      x-source: {page: p, date: 2026-01-01}\n", "", "/webhooks/thing.made/post/x-source: the fact has no x-source"},
		"reference to nothing":  {"schemas/Name'", "schemas/Nmae'", `small.yaml:34:30: /webhooks/thing.made/post/requestBody/content/application~1json/schema/properties/name/$ref: $ref "#/components/schemas/Nmae" points to nothing`},
		"reference outside":     {"'#/components/schemas/Name'", "'other.yaml#/Name'", "leaves this document"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Contains(t, small, c.from)
			_, err := contract.Parse("small.yaml", []byte(strings.Replace(small, c.from, c.to, 1)), "")
			var fault *contract.DocumentError
			require.ErrorAs(t, err, &fault)
			require.Contains(t, err.Error(), c.want)
			require.Positive(t, fault.Line)
		})
	}
}

func TestUnknownNamesComeWithTheNearest(t *testing.T) {
	t.Parallel()
	_, err := contract.Load("tribee")
	require.EqualError(t, err, `unknown platform "tribee"; did you mean "tribe"?`)
	_, err = contract.Load("slack-and-other-things")
	require.EqualError(t, err, `unknown platform "slack-and-other-things"; there is `+strings.Join(contract.Names(), ", ")+", bettermode")
	_, err = contract.Load("mighty@2025-11-08")
	require.EqualError(t, err, `unknown revision of mighty "2025-11-08"; did you mean "2025-11-07"?`)
	mighty, err := contract.Load("mighty")
	require.NoError(t, err)
	_, err = mighty.Event("memberbadgeadd")
	require.EqualError(t, err, `unknown event of mighty@2025-11-07 "memberbadgeadd"; did you mean "MemberBadgeAdded"?`)
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(small))
	f.Add([]byte("openapi: 3.1.0\nwebhooks: {a: {post: {$ref: '#/webhooks/a/post'}}}"))
	f.Add([]byte(foreignSmall))
	f.Add([]byte(laughs))
	f.Add([]byte("openapi: 3.1.0\nwebhooks: {a: {post: {requestBody: {content: {application/json: {schema: {$ref: '#/webhooks/a/post/requestBody/content'}}}}}}}"))
	f.Add([]byte(`{"openapi":"3.1.0","webhooks":{"a":{"post":{"requestBody":{"content":{"a/b+json":{"schema":{"allOf":[{"type":"object"},{"properties":{"x":{"$ref":"#/webhooks/a"}}}]}}}}}}}}`))
	files, err := filepath.Glob("testdata/foreign/*.yaml")
	require.NoError(f, err)
	for _, file := range files {
		src, err := os.ReadFile(file)
		require.NoError(f, err)
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		p, err := contract.Parse("fuzz.yaml", src, "")
		if (p == nil) == (err == nil) {
			t.Fatalf("Parse = %v, %v: want exactly one of them", p, err)
		}
	})
}
