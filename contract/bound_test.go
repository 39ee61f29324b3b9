package contract_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
)

const tooMany = "the body has more than 50000 places: not judged"

// A body that would take long is not judged, and says so; one that is only long is.
func TestExamineIsBounded(t *testing.T) {
	t.Parallel()
	p, err := contract.Parse("f.yaml", wrapped("{type: object, required: [a], properties: {a: {type: [array, string, number], items: {type: [integer, object, array]}}}}", ""), "")
	require.NoError(t, err)
	list := func(n int, item string) string {
		return `{"a": [ ` + strings.TrimSuffix(strings.Repeat(item+",", n), ",") + " ]}"
	}
	for name, c := range map[string]struct{ contentType, body, want string }{
		"as many as are judged":      {asJSON, list(49_998, "1"), ""},
		"one more":                   {asJSON, list(49_999, "1"), tooMany},
		"objects with space in them": {asJSON, list(49_998, "{ }"), ""},
		"too many objects":           {asJSON, list(49_999, "{ }"), tooMany},
		"lists":                      {asJSON, list(24_999, "[0]"), ""},
		"too many in lists":          {asJSON, list(25_000, "[0]"), tooMany},
		"10 MiB of objects":          {asJSON, list(10<<20/3, "{}"), tooMany},
		"what counts is in a text":   {asJSON, `{"a": "\"` + strings.Repeat("[{,", 60_000) + `\\"}`, ""},
		"a long number":              {asJSON, `{"a": ` + strings.Repeat("1", 1000) + `}`, ""},
		"a longer one":               {asJSON, `{"a": ` + strings.Repeat("1", 1001) + `}`, "the body has a number of more than 1000 digits: not judged"},
		"a longer one in a list":     {asJSON, list(2, "1e+999999"), "the body has a number of more than 1000 digits: not judged"},
		"a great one":                {asJSON, list(2, "1E-0999"), "-"},
		"fields":                     {asForm, strings.Repeat("a[]=1&", 25_000), ""},
		"too many fields":            {asForm, strings.Repeat("a[]=1&", 25_001), "the names of the form have more than 50000 parts: not judged"},
		"escaped":                    {asForm, strings.Repeat("a%5b%5d=1&", 25_001), "the names of the form have more than 50000 parts: not judged"},
		"what counts is in a value":  {asForm, "a=" + strings.Repeat("[.", 60_000), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found := p.Examine(c.contentType, []byte(c.body))
			if c.want == "-" {
				require.False(t, found.Valid)
				require.NotContains(t, found.Message, "not judged")
				return
			}
			require.Equal(t, c.want, found.Message)
			require.Equal(t, c.want == "", found.Valid)
			if c.contentType != asJSON {
				return
			}
			_, err := p.Identify([]byte(c.body))
			if c.want == "" {
				require.NoError(t, err)
				return
			}
			var tooLarge *contract.Error
			require.ErrorAs(t, err, &tooLarge)
			require.Equal(t, contract.TooLarge, tooLarge.Code)
		})
	}
}

// Of very many problems, the first are told.
func TestProblemsAreBounded(t *testing.T) {
	t.Parallel()
	p, err := contract.Parse("f.yaml", wrapped("{type: array, items: {type: integer}}", ""), "")
	require.NoError(t, err)
	problems := func(body string) []contract.Problem {
		var invalid *contract.ValidationError
		require.ErrorAs(t, p.Events()[0].Validate([]byte(body)), &invalid)
		return invalid.Problems
	}
	all := problems("[" + strings.Repeat("{},", 49) + "{}]")
	require.Len(t, all, 50)
	require.Contains(t, all, contract.Problem{Pointer: "/9", Message: "is an object, want an integer"})
	some := problems("[" + strings.Repeat("{},", 50) + "{}]")
	require.Len(t, some, 51)
	require.Equal(t, contract.Problem{Message: "… and more, which are not listed"}, some[50])
	require.Equal(t, "/0", some[0].Pointer)

	p, err = contract.Parse("f.yaml", wrapped("{type: object, additionalProperties: {type: integer}}", ""), "")
	require.NoError(t, err)
	long := strings.Repeat("n", 100_000)
	some = problems(`{"a": {}, "` + long + `": {}, "z": {}}`)
	require.Len(t, some, 3, "nor is very much said of few")
	require.Equal(t, contract.Problem{Message: "… and more, which are not listed"}, some[2])
}
