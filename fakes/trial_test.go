package fakes_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/fakes"
)

// ownDocument is a document that says where each value comes from, with one event of this schema.
func ownDocument(schema string) []byte {
	return []byte("openapi: 3.1.0\nx-platform: {name: own, revisions: ['1']}\nwebhooks:\n  member.joined:\n    post:\n" +
		"      x-grade: chosen\n      x-source: {page: p, date: 2026-01-01}\n      x-cast: {who: person}\n" +
		"      requestBody: {content: {application/json: {schema: " + schema + "}}}\n")
}

// Nothing is sent that the document itself forbids.
func TestWhatContradictsItselfIsRefused(t *testing.T) {
	t.Parallel()
	const place = "own.yaml:9:58: /webhooks/member.joined/post/requestBody/content/application~1json/schema: "
	for schema, want := range map[string]string{
		"{type: object, required: [name], properties: {name: {type: string, x-fake: who.name}}}":                                  "",
		"{type: object, required: [name, foo], properties: {name: {type: string, x-fake: who.name}}}":                             place + `cannot make member.joined: "foo" is required, and no property says what it is`,
		"{type: object, properties: {name: {type: string, x-fake: who.name, minLength: 10, maxLength: 5}}}":                       `/properties/name: cannot make member.joined: minLength is 10 and maxLength is 5, which nothing meets`,
		"{type: object, properties: {n: {type: integer, x-value: 1, exclusiveMinimum: 1, maximum: 1}}}":                           `cannot make member.joined: exclusiveMinimum is 1 and maximum is 1`,
		"{type: object, properties: {name: {type: string, x-fake: who.name, maxLength: 2}}}":                                      place + `cannot make member.joined: what is made at /name `,
		"{type: object, properties: {name: {type: integer, x-fake: who.name}}}":                                                   `cannot make member.joined: what is made at /name is a string, want an integer`,
		"{type: object, required: [name], minProperties: 2, properties: {name: {type: string, x-fake: who.name}}}":                `cannot make member.joined: what is made at the body `,
		"{type: object, required: [name], properties: {name: {type: string, x-fake: who.name, minLength: 1, maxLength: 100000}}}": "",
	} {
		p, err := contract.Parse("own.yaml", ownDocument(schema), "")
		require.NoError(t, err)
		require.False(t, p.Foreign())
		world := fakes.NewWorld(1, fakes.Config{})
		_, err = world.Generator(p.Events()[0])
		if want == "" {
			require.NoError(t, err, schema)
			continue
		}
		var fault *contract.DocumentError
		require.ErrorAs(t, err, &fault, schema)
		require.ErrorContains(t, err, want)
	}
}
