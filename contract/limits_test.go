package contract_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
)

// wrapped is a foreign document with the schema of a body and others.
func wrapped(schema, components string) []byte {
	return []byte("openapi: 3.1.0\nwebhooks: {e: {post: {requestBody: {content: {application/json: {schema: " + schema + "}}}}}}\ncomponents: {schemas: {" + components + "}}\n")
}

func many(n int, format string) string {
	var out strings.Builder
	for i := range n {
		fmt.Fprintf(&out, format, i, i+1)
	}
	return out.String()
}

func TestGreatDocumentsTakeNoLonger(t *testing.T) {
	t.Parallel()
	names := 300_000
	if testing.Short() {
		names = 50_000
	}
	for name, c := range map[string]struct{ schema, components, want string }{
		"required names": {"{type: object, required: [" + many(names, "n%d, %.0[2]d") + "z]}", "", ""},
		"properties":     {"{type: object, required: [p1], properties: {" + many(60_000, "p%d: {type: string, const: 'c%[2]d'}, ") + "}}", "", "!leads to 60001 others, and at most 20000 are read for one event"},
		"references":     {"{$ref: '#/components/schemas/S0'}", many(50_000, "S%d: {$ref: '#/components/schemas/S%d'}, ") + "S50000: {type: object}", "more than 1000 references"},
		"few references": {"{$ref: '#/components/schemas/S0'}", many(900, "S%d: {$ref: '#/components/schemas/S%d'}, ") + "S900: {type: object}", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := contract.Parse("f.yaml", wrapped(c.schema, c.components), "")
			if want, later := strings.CutPrefix(c.want, "!"); later {
				require.NoError(t, err)
				require.ErrorContains(t, p.Events()[0].Validate([]byte("1")), want)
			} else if c.want != "" {
				var fault *contract.DocumentError
				require.ErrorAs(t, err, &fault)
				require.Contains(t, err.Error(), c.want)
				require.Equal(t, 3, fault.Line)
			} else {
				require.NoError(t, err)
				var invalid *contract.ValidationError
				require.ErrorAs(t, p.Events()[0].Validate([]byte("1")), &invalid)
			}
		})
	}
}

// doubled are n schemas, each of which leads to the next by two ways.
func doubled(n int) string {
	return many(n, "S%d: {oneOf: [{$ref: '#/components/schemas/S%[2]d'}, {allOf: [{$ref: '#/components/schemas/S%[2]d'}, {type: object, required: [q%[1]d]}]}]}, ") + fmt.Sprintf("S%d: {type: object}", n)
}

func TestSchemasThatBranchTooOften(t *testing.T) {
	t.Parallel()
	p, err := contract.Parse("f.yaml", wrapped("{$ref: '#/components/schemas/S0'}", doubled(25)), "")
	require.NoError(t, err)
	err = p.Validate("e", []byte(`{}`))
	var fault *contract.DocumentError
	require.ErrorAs(t, err, &fault)
	require.Contains(t, err.Error(), "f.yaml:2:74: /webhooks/e/post/requestBody/content/application~1json/schema: the schema branches too often")

	p, err = contract.Parse("f.yaml", wrapped("{$ref: '#/components/schemas/S0'}", doubled(8)), "")
	require.NoError(t, err)
	require.NoError(t, p.Validate("e", []byte(`{}`)))

	nested := many(25, "S%d: {anyOf: [{properties: {a: {$ref: '#/components/schemas/S%[2]d'}}}, {properties: {a: {$ref: '#/components/schemas/S%[2]d'}}}]}, ") + "S25: {type: string}"
	p, err = contract.Parse("f.yaml", wrapped("{$ref: '#/components/schemas/S0'}", nested), "")
	require.NoError(t, err)
	require.ErrorContains(t, p.Validate("e", []byte(strings.Repeat(`{"a":`, 25)+"1"+strings.Repeat("}", 25))), "branches too often")
	require.NoError(t, p.Validate("e", []byte(`{"a":{"a":{}}}`)))
}

func TestWhatIsNotSentIsAssumed(t *testing.T) {
	t.Parallel()
	const base = `openapi: 3.1.0
webhooks:
  a:
    parameters: [{$ref: '#/components/parameters/Sign'}, {name: X-Other, in: header, required: false}, {name: q, in: query, required: true}]
    post:
      parameters: [{name: Content-Type, in: header, required: true}]
      requestBody: {content: {application/json: {schema: {type: object}}}}
  b:
    post:
      security: []
      requestBody: {content: {application/json: {schema: {type: object}}}}
components: {parameters: {Sign: {name: X-Signature, in: header, required: true}}}
`
	grades := func(src string) (*contract.Platform, [2]contract.Grade) {
		p, err := contract.Parse("f.yaml", []byte(src), "")
		require.NoError(t, err)
		return p, [2]contract.Grade{p.Events()[0].Grade, p.Events()[1].Grade}
	}
	p, got := grades(base)
	require.Equal(t, [2]contract.Grade{contract.Inferred, contract.Documented}, got)
	require.Contains(t, said(p), "f.yaml:12: /components/parameters/Sign: a: the header X-Signature is required and is not sent; say how in x-delivery signature")
	require.Contains(t, said(p), "f.yaml:6: /webhooks/a/post: a: counts as inferred")
	require.Contains(t, said(p), "/webhooks: no event has an x-grade; what the document says counts as documented")
	require.NotContains(t, said(p), "Content-Type")
	require.NotContains(t, said(p), "X-Other")

	p, got = grades(base + "x-delivery: {signature: {value: {scheme: hmac-sha256, header: x-signature, encoding: hex, content: body}}}\nsecurity: [{key: []}]\n")
	require.Equal(t, [2]contract.Grade{contract.Documented, contract.Documented}, got)
	require.NotContains(t, said(p), "not sent")

	p, got = grades(strings.Replace(base, "security: []", "x-grade: observed", 1) + "security: [{key: []}]\n")
	require.Equal(t, [2]contract.Grade{contract.Inferred, contract.Observed}, got)
	require.Contains(t, said(p), "f.yaml:13: /security: b: security wants key, which is not sent")
	require.NotContains(t, said(p), "no event has an x-grade")

	_, got = grades(base + "security: [{key: []}, {}]\n")
	require.Equal(t, [2]contract.Grade{contract.Inferred, contract.Documented}, got)
}

func TestWithoutLeavesEventsOut(t *testing.T) {
	t.Parallel()
	p, err := contract.Load("tribe")
	require.NoError(t, err)
	names := p.EventNames()
	some := p.Without(names[0], "nobody")
	require.Equal(t, names[1:], some.EventNames())
	require.Equal(t, names, p.EventNames())
	_, err = some.Event(names[0])
	require.Error(t, err)
	event, err := some.Event(names[1])
	require.NoError(t, err)
	require.Same(t, some, event.Platform())
	was, err := p.Event(names[1])
	require.NoError(t, err)
	require.Same(t, was.Schema, event.Schema)
	require.Same(t, p, was.Platform())
	example, err := event.Example()
	require.NoError(t, err)
	require.NoError(t, some.Validate(names[1], example.Body))
}

func TestDiffLooksIntoArrays(t *testing.T) {
	t.Parallel()
	parse := func(schema string) *contract.Platform {
		p, err := contract.Parse("f.yaml", wrapped(schema, ""), "")
		require.NoError(t, err)
		return p
	}
	a := parse("{type: object, properties: {list: {type: array, items: {type: object, properties: {n: {type: integer}, old: {type: string}}}}}}")
	b := parse("{type: object, properties: {list: {type: array, items: {type: object, properties: {n: {type: string}, new: {type: string}}}}}}")
	var lines []string
	for _, d := range contract.Diff(a, b) {
		lines = append(lines, d.String())
	}
	require.Equal(t, []string{
		"~ e /list/*/n: integer, optional → string, optional",
		"+ e /list/*/new: string, optional",
		"- e /list/*/old: string, optional",
	}, lines)
}
