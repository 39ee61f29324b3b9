package contract_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
)

func TestBuiltInDocumentsAreClean(t *testing.T) {
	t.Parallel()
	for _, name := range contract.Names() {
		p, err := contract.Load(name)
		require.NoError(t, err)
		for _, finding := range contract.Lint(p) {
			t.Error(finding)
		}
	}
}

func TestLintFindings(t *testing.T) {
	t.Parallel()
	p, err := contract.Parse("small.yaml", []byte(small), "")
	require.NoError(t, err)
	require.Empty(t, contract.Lint(p))
	cases := map[string]struct{ from, to, want string }{
		"leaf":             {"type: string, x-fake: name", "type: string", "/components/schemas/Name: nothing fills this leaf; want one of x-fake, x-value, enum, const, $ref"},
		"older leaf":       {"x-until: '2', x-value: 1", "x-until: '2'", "/properties/old: nothing fills this leaf"},
		"extension":        {"x-value: 2", "x-value: 2, x-fkae: name", `/properties/new/x-fkae: unknown extension "x-fkae"; did you mean "x-fake"?`},
		"leaf of items":    {"type: integer, x-since: '2', x-value: 2", "x-since: '2', type: array, items: {type: object, properties: {deep: {type: string}}}", "/properties/new/items/properties/deep: nothing fills this leaf"},
		"called example":   {"type: integer, x-since: '2', x-value: 2", "x-since: '2', type: object, properties: {default: {type: integer, x-value: 2, x-fkae: 1}}", `/properties/default/x-fkae: unknown extension "x-fkae"`},
		"unlike any":       {"x-value: 2", "x-value: 2, x-acme-team: a", `small.yaml:36:77: /webhooks/thing.made/post/requestBody/content/application~1json/schema/properties/new/x-acme-team: unknown extension "x-acme-team"; there is x-platform, `},
		"grade":            {"x-value: 2", "x-value: 2, x-grade: certain", `/properties/new/x-grade: x-grade: "certain" is not one of documented, observed, inferred, chosen`},
		"inside a default": {"x-since: '2', x-value: 2", "x-since: '2', default: {x-fkae: 1}", "nothing fills this leaf"},
		"no example":       {"            example: {name: A, old: 1}\n", "", "/webhooks/thing.made/post: the event has no example; write one beside its schema"},
		"other revision":   {"x-since: '2', x-value: 2", "x-since: '2', $ref: '#/components/schemas/Nothing', x-value: 2", ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Contains(t, small, c.from)
			p, err := contract.Parse("small.yaml", []byte(strings.Replace(small, c.from, c.to, 1)), "1")
			require.NoError(t, err)
			found := contract.Lint(p)
			require.NotEmpty(t, found)
			require.Contains(t, found[0].Error(), c.want)
			require.Positive(t, found[0].Line)
		})
	}
}
