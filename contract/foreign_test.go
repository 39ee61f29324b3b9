package contract_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
)

func parseForeign(t testing.TB, name string) *contract.Platform {
	file := "testdata/foreign/" + name
	src, err := os.ReadFile(file)
	require.NoError(t, err)
	p, err := contract.Parse(file, src, "")
	require.NoError(t, err)
	return p
}

func said(p *contract.Platform) string {
	var lines []string
	for _, a := range p.Assumptions() {
		lines = append(lines, a.String())
	}
	return strings.Join(lines, "\n")
}

func TestForeignDocumentIsNamedAndRuled(t *testing.T) {
	t.Parallel()
	p := parseForeign(t, "pets.yaml")
	require.True(t, p.Foreign())
	require.Equal(t, "pets@1.0.0", p.String())
	require.Equal(t, "Pets", p.Title)
	require.Equal(t, []string{"petArrived"}, p.EventNames())
	require.Equal(t, contract.RetrySchedule{5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour}, p.Rules.Schedule.Value)
	require.Equal(t, contract.Any2xx, p.Rules.Success.Value)
	require.Equal(t, contract.Chosen, p.Rules.Success.Grade)
	require.Equal(t, contract.Source{Page: "quintain", Date: "2026-11-22"}, p.Rules.Success.Source)
	require.NotEmpty(t, p.Rules.Success.Note)
	require.True(t, p.Rules.AtLeastOnce.Value)
	require.Zero(t, p.Rules.DisableAfter.Value.Failures)
	require.Equal(t, "none", p.Rules.Signature.Value.Scheme)
	require.Empty(t, p.Rules.EventName.Value)
	require.Empty(t, p.Rules.DedupKey.Value)
	event := p.Events()[0]
	require.Equal(t, contract.Documented, event.Grade)
	require.Equal(t, contract.Source{Page: "pets.yaml"}, event.Source)
	require.Contains(t, said(p), "testdata/foreign/pets.yaml:1: /x-delivery/success: not said; chosen: 2xx")
	require.Contains(t, said(p), "/x-platform: not said; the platform is called pets")
	require.NoError(t, event.Validate([]byte(`{"id":1,"name":"Rex"}`)))
	require.Error(t, event.Validate([]byte(`{"id":"1","name":"Rex"}`)))

	for _, name := range contract.Names() {
		own, err := contract.Load(name)
		require.NoError(t, err)
		require.Empty(t, own.Assumptions())
		require.False(t, own.Foreign())
	}
}

func TestForeignDocumentGivesItsRulesAway(t *testing.T) {
	t.Parallel()
	p := parseForeign(t, "shop.yaml")
	require.Equal(t, "shop@2026-03-01", p.String())
	require.Equal(t, contract.Source{Page: "shop.yaml", Date: "2026-03-01"}, p.Events()[0].Source)
	require.Equal(t, []string{"order.placed", "order.refunded", "customer.joined"}, p.EventNames())
	require.Equal(t, "application/vnd.shop+json", p.Rules.ContentTypes.Value[contract.JSON])
	require.Equal(t, "{/type}", p.Rules.EventName.Value)
	require.Equal(t, contract.Inferred, p.Rules.EventName.Grade)
	require.Equal(t, "/id", p.Rules.DedupKey.Value)
	for _, want := range []string{
		"/webhooks/shop.asked: skipped: the webhook has no post operation",
		"/webhooks/shop.closed: skipped: the webhook has no request body",
		"/webhooks/shop.pictured: skipped: the request body has no JSON schema",
		"/components/schemas/Order/properties/coupon/pattern: the pattern is more than can be checked here",
	} {
		require.Contains(t, said(p), want)
	}
	example, err := p.Events()[2].Example()
	require.NoError(t, err)
	require.JSONEq(t, `{"id":"evt_1","created_at":"2026-01-01T00:00:00Z","type":"customer.joined"}`, string(example.Body))
	event, err := p.Identify(example.Body)
	require.NoError(t, err)
	require.Equal(t, "customer.joined", event.Name)
}

func TestStatedRulesAreKeptAndNamesAreMapped(t *testing.T) {
	t.Parallel()
	p := parseForeign(t, "stated.yaml")
	require.Equal(t, contract.Exactly200, p.Rules.Success.Value)
	require.Equal(t, contract.Documented, p.Rules.Success.Grade)
	require.Equal(t, "stated.yaml", p.Rules.Success.Source.Page)
	require.Equal(t, "hmac-sha256", p.Rules.Signature.Value.Scheme)
	require.Equal(t, contract.DisableAfter{Failures: 3, Counts: "retries"}, p.Rules.DisableAfter.Value)
	require.NotContains(t, said(p), "/x-delivery/success")
	require.Equal(t, "/event_id", p.Rules.DedupKey.Value)
	require.Equal(t, "{/kind}", p.Rules.EventName.Value)
	event, err := p.Identify([]byte(`{"event_id":"1","kind":"member_has_left"}`))
	require.NoError(t, err)
	require.Equal(t, "left", event.Name)
}

func TestNamesOfForeignPlatforms(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{
		"acme.yaml": "acme", "/a/b/Acme hooks.v2.json": "Acme-hooks.v2", `c:\docs\x_y.yml`: "x_y", "": "contract", "ü.yaml": "contract", "-": "contract",
	} {
		p, err := contract.Parse(file, []byte(foreignSmall), "")
		require.NoError(t, err)
		require.Equal(t, want+"@7", p.String(), file)
	}
	_, err := contract.Parse("acme.yaml", []byte(foreignSmall), "8")
	require.EqualError(t, err, `unknown revision of acme "8"; there is 7`)
	_, err = contract.Parse("acme.yaml", []byte(foreignSmall), "a=b")
	require.EqualError(t, err, `unknown option "a"; acme has no options`)
}

const foreignSmall = `openapi: 3.1.0
info: {title: Small, version: '7'}
webhooks:
  made:
    post:
      requestBody:
        content:
          application/json:
            schema:
              type: object
              required: [name]
              properties:
                name: {type: string}
                more: {$ref: '#/components/schemas/More'}
components:
  schemas:
    More: {type: object, properties: {a: {type: integer}}}
    A: {allOf: [{$ref: '#/components/schemas/B'}]}
    B: {anyOf: [{type: string}, {$ref: '#/components/schemas/A'}]}
`

func TestForeignFaultsNameTheirPlace(t *testing.T) {
	t.Parallel()
	const name, more = "name: {type: string}", "'#/components/schemas/More'"
	cases := map[string]struct{ from, to, want string }{
		"3.0":                 {"openapi: 3.1.0", "openapi: 3.0.3", `f.yaml:1:10: /openapi: openapi is "3.0.3", want 3.1.x: webhooks came with 3.1`},
		"3.0 of Redoc":        {"openapi: 3.1.0", "openapi: 3.0.3\nx-webhooks: {}", `x-webhooks is an extension of older tools: convert the document to 3.1`},
		"3.2":                 {"openapi: 3.1.0", "openapi: 3.2.0", "if the document uses nothing that is new in 3.2, write 3.1.1"},
		"Swagger":             {"openapi: 3.1.0", "swagger: '2.0'", "f.yaml:1:10: /swagger: this is a Swagger document"},
		"no webhooks":         {"webhooks:", "x-other:", "/webhooks: there are no webhooks"},
		"nothing to send":     {"    post:", "    put:", "/webhooks: no webhook can be sent: none has a post operation with a JSON body (skipped: the webhook has no post operation)"},
		"type":                {name, "name: {type: strng}", `f.yaml:13:30: /webhooks/made/post/requestBody/content/application~1json/schema/properties/name/type: type: "strng" is not one of string, integer, number, boolean, object, array, null; did you mean "string"?`},
		"type null":           {name, "name: {type: null}", `type: want the name of a type; the type null is written in quotes: "null"`},
		"types twice":         {name, "name: {type: [string, string]}", `type: "string" is there twice`},
		"properties":          {"properties: {a: {type: integer}}", "properties: 5", "f.yaml:17:38: /components/schemas/More/properties: properties: want a mapping"},
		"property":            {"properties: {a: {type: integer}}", "properties: {a: 5}", "f.yaml:17:42: /components/schemas/More/properties/a: there is no schema here; a schema is a mapping, true or false"},
		"pattern":             {name, "name: {pattern: '['}", "/properties/name/pattern: pattern: [ is not a regular expression that can be checked here: error parsing regexp: missing closing ]"},
		"required":            {"required: [name]", "required: name", "f.yaml:11:25: /webhooks/made/post/requestBody/content/application~1json/schema/required: required: want a list of names"},
		"required by itself":  {name, "name: {type: string, required: true}", "/properties/name/required: required: want a list of names"},
		"enum":                {name, "name: {enum: []}", "/properties/name/enum: enum: want a list of at least one value"},
		"items":               {name, "name: {items: [{type: string}]}", "/properties/name/items: items: want a schema; a list of them is called prefixItems"},
		"allOf":               {name, "name: {allOf: []}", "allOf: want a list of at least one schema"},
		"minLength":           {name, "name: {minLength: -1}", "minLength: want a whole number of 0 or more"},
		"exclusiveMinimum":    {name, "name: {exclusiveMinimum: true}", "exclusiveMinimum: want a number; since OpenAPI 3.1 it is the limit itself"},
		"multipleOf":          {name, "name: {multipleOf: 0}", "multipleOf: want a number above 0"},
		"uniqueItems":         {name, "name: {uniqueItems: 1}", "uniqueItems: want true or false"},
		"format":              {name, "name: {format: [a]}", "format: want a string"},
		"reference":           {more, "'#/components/schemas/Mroe'", `f.yaml:14:30: /webhooks/made/post/requestBody/content/application~1json/schema/properties/more/$ref: $ref "#/components/schemas/Mroe" points to nothing`},
		"another file":        {more, "'other.yaml#/More'", `$ref "other.yaml#/More" leaves this document`},
		"an anchor":           {more, "'#more'", `$ref "#more" names an anchor, or the whole document`},
		"dynamic":             {"{$ref: '#/components/schemas/More'}", "{$dynamicRef: '#more'}", "$dynamicRef: it is not read"},
		"defined by itself":   {more, "'#/components/schemas/A'", "the schema is defined by itself: /components/schemas/A → /components/schemas/A/allOf/0 → /components/schemas/B → /components/schemas/B/anyOf/1 → /components/schemas/A"},
		"webhook to itself":   {"  made:\n    post:", "  made: {$ref: '#/webhooks/made'}\nx-old:\n  made:\n    post:", "the $ref leads to itself"},
		"webhook to nothing":  {"  made:\n    post:", "  made: {$ref: '#/components/pathItems/X'}\nx-old:\n  made:\n    post:", `f.yaml:4:16: /webhooks/made/$ref: $ref "#/components/pathItems/X" points to nothing`},
		"unknown rule":        {"webhooks:", "x-delivery: {timeuot: 1}\nwebhooks:", `unknown delivery rule "timeuot"; did you mean "timeout"?`},
		"wrong rule":          {"webhooks:", "x-delivery: {success: {value: 2xy}}\nwebhooks:", `f.yaml:3:31: /x-delivery/success/value: "2xy" is not one of`},
		"rule without value":  {"webhooks:", "x-delivery: {success: 200}\nwebhooks:", "f.yaml:3:23: /x-delivery/success: the delivery rule has no value"},
		"rules of other kind": {"webhooks:", "x-delivery: [1]\nwebhooks:", "/x-delivery: x-delivery is a mapping of rules"},
		"billion laughs":      {"webhooks:", laughs + "webhooks:", "values when its aliases are written out"},
		"alias of nothing":    {"webhooks:", "x-a: *nobody\nwebhooks:", "f.yaml:3:6: the alias *nobody has no anchor"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Contains(t, foreignSmall, c.from)
			_, err := contract.Parse("f.yaml", []byte(strings.Replace(foreignSmall, c.from, c.to, 1)), "")
			var fault *contract.DocumentError
			require.ErrorAs(t, err, &fault)
			require.Contains(t, err.Error(), c.want)
			require.Positive(t, fault.Line)
		})
	}
}

// laughs is a document of 10 lines that would be one of ten billion values.
var laughs = func() string {
	out := "x-laughs:\n  l0: &l0 [ha, ha, ha, ha, ha, ha, ha, ha, ha, ha]\n"
	for i := range 9 {
		out += fmt.Sprintf("  l%d: &l%d [%s*l%d]\n", i+1, i+1, strings.Repeat(fmt.Sprintf("*l%d, ", i), 9), i)
	}
	return out
}()

func TestFaultsInNotesAreAssumed(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ from, to, want string }{
		"examples as a mapping": {"name: {type: string}", "name: {type: string, examples: {a: {value: b}}}", "/properties/name/examples: examples: want a list: it is not read"},
		"description":           {"name: {type: string}", "name: {type: string, description: [a]}", "/properties/name/description: description: want a string: it is not read"},
		"an id":                 {"More: {", "More: {$id: https://example.com/more, ", "/components/schemas/More/$id: $id is not read"},
		"looking ahead":         {"name: {type: string}", "name: {pattern: '^(?=a)'}", "/properties/name/pattern: the pattern is more than can be checked here"},
		"a long pattern":        {"name: {type: string}", "name: {pattern: '^.{1,5000}$'}", "/properties/name/pattern: the pattern is more than can be checked here"},
		"names twice":           {"required: [name]", "required: [name, name]", ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := contract.Parse("f.yaml", []byte(strings.Replace(foreignSmall, c.from, c.to, 1)), "")
			require.NoError(t, err)
			require.Contains(t, said(p), c.want)
			require.NoError(t, p.Events()[0].Validate([]byte(`{"name":"a"}`)))
		})
	}
}

func TestOwnDocumentsStayStrict(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ from, to, want string }{
		"pattern":       {"type: string, x-fake: name", "type: string, pattern: '[', x-fake: name", "small.yaml:39:35: /components/schemas/Name/pattern: pattern: [ is not"},
		"looking ahead": {"type: string, x-fake: name", "type: string, pattern: '(?!a)', x-fake: name", "/components/schemas/Name/pattern"},
		"type":          {"type: integer, x-since", "type: intger, x-since", `did you mean "integer"?`},
		"examples":      {"type: integer, x-since", "type: integer, examples: {}, x-since", "examples: want a list"},
		"anchor":        {"  name: small", "  name: &a small", "an anchor (&) is not read here"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Contains(t, small, c.from)
			_, err := contract.Parse("small.yaml", []byte(strings.Replace(small, c.from, c.to, 1)), "2")
			var fault *contract.DocumentError
			require.ErrorAs(t, err, &fault)
			require.Contains(t, err.Error(), c.want)
		})
	}
}
