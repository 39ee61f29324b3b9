package contract_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
)

func TestValidateNamesPlaceAndReason(t *testing.T) {
	t.Parallel()
	tribe, err := contract.Load("tribe")
	require.NoError(t, err)
	event, err := tribe.Event("member.created")
	require.NoError(t, err)
	example, err := event.Example()
	require.NoError(t, err)

	require.NoError(t, event.Validate(example.Body))
	err = event.Validate([]byte(`{"networkId":1,"context":"TOWN","entityId":"x","currentSettings":[],"type":"TEST","data":null}`))
	require.EqualError(t, err, "member.created breaks its contract:\n"+
		"  /context: is \"TOWN\", want one of \"MEMBER\", \"NETWORK\", \"POST\", \"SPACE\"\n"+
		"  /data: is null, want an object\n"+
		"  /networkId: is a number, want a string\n"+
		"  /type: is \"TEST\", want \"SUBSCRIPTION\"")
	require.EqualError(t, event.Validate([]byte(`{}`)), "member.created breaks its contract:\n"+
		`  (body): lacks "networkId", "context", "entityId", "currentSettings", "type", "data"`)
}

func TestValidateRefusesWhatIsNotJSON(t *testing.T) {
	t.Parallel()
	tribe, err := contract.Load("tribe")
	require.NoError(t, err)
	for body, want := range map[string]string{
		"":                "the body is empty, want JSON",
		"  ":              "the body is empty, want JSON",
		"{\n  \"a\": 1,}": "line 2, column 10",
		"{} {}":           "the body is not JSON",
		`{"a":NaN}`:       "the body is not JSON: line 1, column 6",
	} {
		err := tribe.Validate("member.created", []byte(body))
		var e *contract.Error
		require.ErrorAs(t, err, &e, body)
		require.Equal(t, contract.BadBody, e.Code)
		require.Contains(t, e.Message, want)
	}
}

func TestEncodeForm(t *testing.T) {
	t.Parallel()
	body := []byte(`{"event":{"name":"created"},"n":12345678901234567890,"tags":["a b","c&d"],"on":true,"none":null,"empty":{},"list":[],"deep":[{"x":[1]}],"é":"ü"}`)
	form, err := contract.EncodeForm(body, contract.Brackets)
	require.NoError(t, err)
	require.Equal(t, "event%5Bname%5D=created&n=12345678901234567890&tags%5B0%5D=a+b&tags%5B1%5D=c%26d&on=true&none=&deep%5B0%5D%5Bx%5D%5B0%5D=1&%C3%A9=%C3%BC", string(form))
	values, err := url.ParseQuery(string(form))
	require.NoError(t, err)
	require.Equal(t, "c&d", values.Get("tags[1]"))

	form, err = contract.EncodeForm(body, contract.Dots)
	require.NoError(t, err)
	require.Contains(t, string(form), "event.name=created")
	require.Contains(t, string(form), "deep.0.x.0=1")

	for _, bad := range []string{"", "[]", `"x"`, `{"a":`, `{"a":1`, `{"a":1}{"b":2}`, `{"a":` + strings.Repeat("[", 101) + strings.Repeat("]", 101) + "}"} {
		_, err := contract.EncodeForm([]byte(bad), contract.Brackets)
		require.Error(t, err, bad)
	}
}

// URLs are what RFC 3986 calls so, and what other validators take.
func TestURLFormats(t *testing.T) {
	t.Parallel()
	doc := strings.Replace(small, "Name: {type: string, x-fake: name}", "Name: {type: string, format: FORMAT, x-fake: name}", 1)
	for format, cases := range map[string]map[string]bool{
		"uri":           {"https://example.com/a?b=c#d": true, "urn:x:y": true, "/a": false, "a b": false, "https://example.com/ü": false, "https://example.com/%zz": false, "https://example.com/a b": false},
		"uri-reference": {"/a/b": true, "": true, "?q=1": true, "https://example.com/%20": true, "another text": false, "a|b": false, "é": false},
	} {
		p, err := contract.Parse("small.yaml", []byte(strings.Replace(doc, "FORMAT", format, 1)), "")
		require.NoError(t, err)
		for value, valid := range cases {
			body, err := json.Marshal(map[string]string{"name": value})
			require.NoError(t, err)
			require.Equal(t, valid, p.Validate("thing.made", body) == nil, "%s as %s", value, format)
		}
	}
}

// Problems in one place are sorted, and none is in the validator's own words for unions.
func TestProblemsInOnePlace(t *testing.T) {
	t.Parallel()
	p, err := contract.Parse("a.yaml", wrapped("{type: object, additionalProperties: false, properties: {a: {}, b: {oneOf: [{type: integer}, {minimum: 1}]}, c: {not: {type: integer}}, d: false}, dependentRequired: {a: [p, q], b: [r], c: [s], d: [t]}}", ""), "")
	require.NoError(t, err)
	var invalid *contract.ValidationError
	for range 20 {
		require.ErrorAs(t, p.Validate("e", []byte(`{"a":1,"b":2,"c":3,"d":4,"z":5,"y":6,"x":7}`)), &invalid)
		require.Equal(t, []contract.Problem{
			{"", `additional properties 'x', 'y', 'z' not allowed`},
			{"", `has "a" and lacks "p", "q", which goes with it`},
			{"", `has "b" and lacks "r", which goes with it`},
			{"", `has "c" and lacks "s", which goes with it`},
			{"", `has "d" and lacks "t", which goes with it`},
			{"/b", "meets branches 0 and 1 of oneOf, counted from 0, want one only"},
			{"/c", "meets the schema under not, want a value that does not"},
			{"/d", "is there, want nothing here"},
		}, invalid.Problems)
	}
}

func TestNamesOfEncodings(t *testing.T) {
	t.Parallel()
	_, err := contract.ParseEncoding("jsn")
	require.EqualError(t, err, `unknown encoding "jsn"; did you mean "json"?`)
	_, err = contract.ParseFormStyle("dot")
	require.EqualError(t, err, `unknown form style "dot"; did you mean "dots"?`)
	_, err = contract.ParseFormStyle("commas, no")
	require.EqualError(t, err, `unknown form style "commas, no"; there is brackets, dots`)
}

func TestWords(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][]string{
		"HTTPServerId": {"HTTP", "Server", "Id"}, "created_at": {"created", "at"}, "a--b.C9D": {"a", "b", "C9", "D"}, "": nil, "__": nil,
	} {
		require.Equal(t, want, contract.Words(name), name)
	}
}
