package contract_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
)

func TestDecodeForm(t *testing.T) {
	t.Parallel()
	type object = map[string]any
	for form, want := range map[string]object{
		"a=1&b=2":                     {"a": "1", "b": "2"},
		"a[b]=1&a[c][d]=2":            {"a": object{"b": "1", "c": object{"d": "2"}}},
		"a.b=1&a.c.d=2":               {"a": object{"b": "1", "c": object{"d": "2"}}},
		"a[0]=x&a[1]=y":               {"a": object{"0": "x", "1": "y"}},
		"a[]=1&a[]=2":                 {"a": object{"0": "1", "1": "2"}},
		"a%5B%5D=1&b=x&a%5B%5D=2":     {"a": object{"0": "1", "1": "2"}, "b": "x"},
		"a[b][]=1&a[b][]=2&a[c][]=3&": {"a": object{"b": object{"0": "1", "1": "2"}, "c": object{"0": "3"}}},
		"a[0]=x&a[]=y":                {"a": object{"0": "x", "1": "y"}},
	} {
		got, err := contract.DecodeForm([]byte(form))
		require.NoError(t, err, form)
		require.Equal(t, want, got, form)
	}
	// In whichever order they come.
	for _, form := range []string{"a=1&a[b]=2", "a[b]=2&a=1", "a=1&a=2", "a=1&a=1", "a=&a=", "a=1&a[]=2", "a[]=2&a=1", "a[1]=x&a[]=y", "a.b=1&a[b]=2"} {
		_, err := contract.DecodeForm([]byte(form))
		var bad *contract.Error
		require.ErrorAs(t, err, &bad, form)
		require.Equal(t, contract.Error{Code: contract.BadBody, Message: "the form has two values in one place"}, *bad, form)
	}
}

// A list is read whether its items are numbered or not.
func TestExamineListsInForms(t *testing.T) {
	t.Parallel()
	p, err := contract.Parse("f.yaml", wrapped("{type: object, required: [a], properties: {a: {type: array, minItems: 2, items: {type: integer}}}}", ""), "")
	require.NoError(t, err)
	for _, form := range []string{"a[0]=1&a[1]=2", "a[]=1&a[]=2"} {
		require.True(t, p.Examine(asForm, []byte(form)).Valid, form)
	}
	require.False(t, p.Examine(asForm, []byte("a[]=1&a[]=x")).Valid)
}

// What a form has no field for ends, even if it wants itself inside.
func TestExamineFormsOfWhatContainsItself(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		node    string
		pointer string // of the only problem
		message string // if it is not judged
	}{
		"or null":        {"{type: [object, 'null'], required: [name, parent], properties: {name: {type: string}, parent: {$ref: '#/components/schemas/Node'}}}", "/parent", ""},
		"without an end": {"{type: object, required: [parent], properties: {name: {type: string}, parent: {$ref: '#/components/schemas/Node'}}}", strings.Repeat("/parent", 100), ""},
		"doubled":        {"{type: object, required: [l, r], properties: {name: {type: string}, l: {$ref: '#/components/schemas/Node'}, r: {$ref: '#/components/schemas/Node'}}}", "", "the schema branches too often"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			document := string(wrapped("{$ref: '#/components/schemas/Node'}", "Node: "+c.node)) + "x-delivery: {eventName: {value: '{/name}'}}\n"
			p, err := contract.Parse("f.yaml", []byte(document), "")
			require.NoError(t, err)
			found := p.Examine(asForm, []byte("name=e"))
			require.False(t, found.Valid)
			require.Contains(t, found.Message, c.message)
			if c.message == "" {
				require.Len(t, found.Problems, 1)
				require.Equal(t, c.pointer, found.Problems[0].Pointer)
			}
			require.Equal(t, name == "or null", p.Examine(asForm, []byte("name=e&parent[name]=y&parent[parent]=")).Valid)
		})
	}
	p, err := contract.Parse("f.yaml", wrapped("{type: object, required: [a, b], properties: {a: {type: object, required: [c], properties: {c: {type: array}}}, b: {type: string}}}", ""), "")
	require.NoError(t, err)
	require.True(t, p.Examine(asForm, []byte("b=x")).Valid, "an object with nothing but an empty list has no field")
	p, err = contract.Parse("f.yaml", wrapped("{type: object, required: [a, b], properties: {a: {type: [object, 'null']}, b: {type: string}}}", ""), "")
	require.NoError(t, err)
	require.True(t, p.Examine(asForm, []byte("b=x")).Valid, "nor has an empty object, where null may be too")
}
