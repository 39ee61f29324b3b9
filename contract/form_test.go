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

// Each keyword that says of what type a value is.
func TestExamineTypesOfForms(t *testing.T) {
	t.Parallel()
	for schema, forms := range map[string]struct{ right, wrong []string }{
		"{enum: [1, a, true, null]}":              {[]string{"x=1", "x=a", "x=true", "x="}, []string{"x=2", "x=false"}},
		"{enum: [1, '1'], type: string}":          {[]string{"x=1"}, []string{"x=2"}},
		"{enum: [1, a], type: [string, integer]}": {[]string{"x=1", "x=a"}, []string{"x=2"}},
		"{const: 5}": {[]string{"x=5", "x=5.0"}, []string{"x=6"}},
		"{anyOf: [{type: integer}, {type: 'null'}]}":              {[]string{"x=1", "x="}, []string{"x=a"}},
		"{oneOf: [{type: boolean}, {type: integer, minimum: 9}]}": {[]string{"x=true", "x=9"}, []string{"x=8"}},
		"{type: [string, integer], minLength: 3, maximum: 9}":     {[]string{"x=1", "x=abc", "x=123"}, []string{"x=12", "x=a"}},
		"{type: array, prefixItems: [{type: integer}, {type: boolean}], items: {type: 'null'}}": {
			[]string{"x[0]=1&x[1]=true&x[2]="}, []string{"x[0]=a", "x[0]=1&x[1]=2", "x[0]=1&x[1]=true&x[2]=3"},
		},
		"{type: object, additionalProperties: {type: integer}}": {[]string{"x[a]=1"}, []string{"x[a]=b"}},
		"{type: object, properties: {a.b: {type: integer}, a: {type: object, properties: {c: {type: integer}}}}}": {
			[]string{"x[a.b]=1", "x[a.b]=1&x[a.c]=2", "x.a.b=1&x.a.c=2"}, []string{"x[a.b]=y"},
		},
		"{allOf: [{type: array}, {items: {type: integer}}]}": {[]string{"x[]=1&x[]=2"}, []string{"x[]=a"}},
		"{$ref: '#/components/schemas/Any', type: integer}":  {[]string{"x=1"}, []string{"x=a"}},
		"{$ref: '#/components/schemas/N', enum: [1, 2]}":     {[]string{"x=1"}, []string{"x=3"}},
		"{oneOf: [{type: object, required: [t, n], properties: {t: {const: a}, n: {type: integer}}}, {type: object, required: [t, n], properties: {t: {const: b}, n: {type: string}}}]}": {
			[]string{"x[t]=a&x[n]=1", "x[t]=b&x[n]=1"}, []string{"x[t]=a&x[n]=y", "x[t]=c&x[n]=1"},
		},
		"{anyOf: [{type: array, items: {type: integer}}, {type: integer}]}": {[]string{"x=1", "x[]=1", "y=1"}, []string{"x[a]=1"}},
	} {
		p, err := contract.Parse("f.yaml", wrapped("{type: object, required: [x], properties: {x: "+schema+"}}", "Any: {}, N: {type: integer}"), "")
		require.NoError(t, err)
		for _, form := range forms.right {
			found := p.Examine(asForm, []byte(form))
			require.True(t, found.Valid, "%s: %s: %+v", schema, form, found)
		}
		for _, form := range forms.wrong {
			require.False(t, p.Examine(asForm, []byte(form)).Valid, "%s: %s", schema, form)
		}
	}
}
