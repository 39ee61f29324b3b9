package rest_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/mockserver/internal/problem"
	"github.com/quintain-dev/quintain/mockserver/internal/rest"
)

type inner struct {
	Depth int `json:"depth"`
}

type sample struct {
	Name   string          `json:"name"`
	Count  *uint           `json:"count,omitempty"`
	Inner  inner           `json:"inner"`
	Pinner *inner          `json:"pinner"`
	Ratio  float64         `json:"ratio"`
	On     bool            `json:"on"`
	List   []string        `json:"list"`
	Raw    json.RawMessage `json:"raw"`
}

func TestDecode(t *testing.T) {
	t.Parallel()
	var got sample
	require.NoError(t, rest.Decode([]byte(` {"name":"x","count":3,"inner":{"depth":1},"pinner":{"depth":2},"ratio":0.5,"on":true,"list":["a"],"raw": null} `), &got))
	require.Equal(t, "x", got.Name)
	require.Equal(t, uint(3), *got.Count)
	require.Equal(t, 2, got.Pinner.Depth)
	require.Equal(t, "null", string(got.Raw), "a raw field takes null, which is not the same as nothing")
	require.NoError(t, rest.Decode([]byte(`{}`), &got))
}

func TestDecodeSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]problem.Error{
		"":                           {Code: problem.BadJSON, Message: "the body is empty, want a JSON object"},
		" \n":                        {Code: problem.BadJSON, Message: "the body is empty, want a JSON object"},
		"[]":                         {Code: problem.BadJSON, Message: "the body is an array, want a JSON object"},
		"7":                          {Code: problem.BadJSON, Message: "the body is a number, want a JSON object"},
		"null":                       {Code: problem.BadJSON, Message: "the body is null, want a JSON object"},
		"{\n \"name\": 'x'}":         {Code: problem.BadJSON, Message: `the body is not JSON: line 2, column 10: invalid character '\'' looking for beginning of value`},
		`{"name":"x",}`:              {Code: problem.BadJSON, Message: `the body is not JSON: line 1, column 13: invalid character '}' looking for beginning of object key string`},
		`{"name":`:                   {Code: problem.BadJSON, Message: `the body is not JSON: line 1, column 8: unexpected end of JSON input`},
		`{"nam":"x"}`:                {Code: problem.UnknownField, Message: `unknown field "nam"`, Hint: `did you mean "name"?`},
		`{"NAME":"x"}`:               {Code: problem.UnknownField, Message: `unknown field "NAME"`, Hint: `did you mean "name"?`},
		`{"inner":{"dpth":1}}`:       {Code: problem.UnknownField, Message: `unknown field "inner.dpth"`, Hint: `did you mean "inner.depth"?`},
		`{"pinner":{"zzzzzzzzz":1}}`: {Code: problem.UnknownField, Message: `unknown field "pinner.zzzzzzzzz"`, Hint: `there is pinner.depth`},
		`{"inner":7}`:                {Code: problem.InvalidValue, Message: `inner is a number, want an object`},
		`{"pinner":null}`:            {Code: problem.InvalidValue, Message: `pinner is null`, Hint: "leave the field out"},
		`{"name":true}`:              {Code: problem.InvalidValue, Message: `name is a JSON bool, want a string`, Hint: "see line 1, column 12 of the body"},
		`{"count":-1}`:               {Code: problem.InvalidValue, Message: `count is a JSON number -1, want a whole number of 0 or more`, Hint: "see line 1, column 11 of the body"},
		`{"inner":{"depth":1.5}}`:    {Code: problem.InvalidValue, Message: `inner.depth is a JSON number 1.5, want a whole number`, Hint: "see line 1, column 21 of the body"},
		`{"ratio":"x"}`:              {Code: problem.InvalidValue, Message: `ratio is a JSON string, want a number`, Hint: "see line 1, column 12 of the body"},
		`{"on":"yes"}`:               {Code: problem.InvalidValue, Message: `on is a JSON string, want true or false`, Hint: "see line 1, column 11 of the body"},
		`{"list":{}}`:                {Code: problem.InvalidValue, Message: `list is a JSON object, want an array`, Hint: "see line 1, column 9 of the body"},
		`{"list":[1]}`:               {Code: problem.InvalidValue, Message: `list is a JSON number, want a string`, Hint: "see line 1, column 10 of the body"},
	} {
		var got *problem.Error
		require.ErrorAs(t, rest.Decode([]byte(body), &sample{}), &got, body)
		require.Equal(t, want, *got, body)
	}
}

// The fields of an embedded struct are the body's own, also where they are wrong.
func TestDecodeNamesFieldsOfEmbeddedStructs(t *testing.T) {
	t.Parallel()
	var got struct {
		sample
		More int `json:"more"`
	}
	require.NoError(t, rest.Decode([]byte(`{"name":"x","more":1}`), &got))
	require.Equal(t, "x", got.Name)
	for body, want := range map[string]string{
		`{"name":7}`:              "name is a JSON number, want a string",
		`{"inner":{"depth":"x"}}`: "inner.depth is a JSON string, want a whole number",
		`{"more":"x"}`:            "more is a JSON string, want a whole number",
	} {
		err := rest.Decode([]byte(body), &got)
		require.Error(t, err)
		require.True(t, strings.HasPrefix(err.Error(), want), "%s", err)
	}
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{`{"name":"x"}`, `{"inner":{"depth":1}}`, `{"raw":[1,{"a":null}]}`, `{`, `{"list":[`, "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		err := rest.Decode([]byte(body), &sample{})
		if err != nil {
			if _, expected := problem.From(err); !expected {
				t.Fatalf("%q is not the client's error: %v", body, err)
			}
		}
	})
}

func TestQuery(t *testing.T) {
	t.Parallel()
	read := func(raw string) (string, int, bool, error, error) {
		q := rest.NewQuery(httptest.NewRequest(http.MethodGet, "/?"+raw, nil))
		s, n, b := q.String("name"), q.Int("page", 1, 9, 1), q.Bool("wait")
		return s, n, b, q.Invalid(), q.Err()
	}
	s, n, b, invalid, err := read("name=x&page=9&wait=true")
	require.NoError(t, invalid)
	require.NoError(t, err)
	require.Equal(t, "x", s)
	require.Equal(t, 9, n)
	require.True(t, b)
	_, n, b, _, err = read("")
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.False(t, b)
	for raw, want := range map[string]string{
		"page=0": `page is "0", want a whole number from 1 to 9`, "page=": `page is ""`, "page=1.0": `page is "1.0"`,
		"wait=": `wait is ""`, "wait=si": `wait is "si", want true or false`, "%zz=1": "the query cannot be read",
	} {
		_, _, _, invalid, err := read(raw)
		require.ErrorContains(t, invalid, want, raw)
		require.ErrorContains(t, err, want, raw)
	}
	_, _, _, invalid, err = read("pge=2")
	require.NoError(t, invalid)
	require.ErrorContains(t, err, `unknown query parameter "pge"; did you mean "page"?`)
}

func TestHandler(t *testing.T) {
	t.Parallel()
	fail := func(prefix string) func(http.ResponseWriter, *http.Request, *problem.Error) {
		return func(w http.ResponseWriter, _ *http.Request, e *problem.Error) {
			_ = rest.WriteJSON(w, problem.Status(e.Code), prefix+string(e.Code))
		}
	}
	ok := func(w http.ResponseWriter, r *http.Request) error {
		return rest.WriteJSON(w, 200, rest.Name(r)+" "+rest.Var(r, "id"))
	}
	var log strings.Builder
	handler, _ := rest.NewHandler(slog.New(slog.NewTextHandler(&log, nil)),
		rest.Group{Prefix: "/", Fail: fail("outer "), Routes: []rest.Route{
			{Method: "GET", Template: "/a/{id}", Name: "a", Handle: ok},
			{Method: "PUT", Template: "/a/{id}", Name: "putA", Handle: ok},
			{Method: "GET", Template: "/panic", Name: "panic", Handle: func(http.ResponseWriter, *http.Request) error { panic("secret reason") }},
			{Method: "GET", Template: "/late", Name: "late", Handle: func(w http.ResponseWriter, _ *http.Request) error {
				_, _ = w.Write([]byte("half"))
				panic("too late")
			}},
			{Method: "GET", Template: "/broken", Name: "broken", Handle: func(http.ResponseWriter, *http.Request) error { return http.ErrBodyNotAllowed }},
			{Method: "GET", Template: "/unwritable", Name: "unwritable", Handle: func(w http.ResponseWriter, _ *http.Request) error {
				return rest.WriteJSON(w, 200, func() {})
			}},
		}},
		rest.Group{Prefix: "/in/", Fail: fail("inner "), Routes: []rest.Route{{Template: "/in/{id}", Name: "in", Handle: ok}},
			Guard: func(r *http.Request) error {
				if r.Method == http.MethodDelete {
					return problem.New(problem.CrossOrigin, "no")
				}
				return nil
			}},
	)
	for _, test := range []struct {
		method, path string
		status       int
		body, allow  string
	}{
		{"GET", "/a/x%2Fy", 200, `"a x/y"`, ""},
		{"POST", "/a/x", 405, `"outer method_not_allowed"`, "GET, HEAD, PUT"},
		{"GET", "/b", 404, `"outer unknown_route"`, ""},
		{"GET", "/in", 404, `"outer unknown_route"`, ""},
		{"GET", "/in/", 404, `"inner unknown_route"`, ""},
		{"PURGE", "/in/x", 200, `"in x"`, ""},
		{"DELETE", "/in/x", 403, `"inner cross_origin"`, ""},
		{"GET", "/panic", 500, `"outer internal"`, ""},
		{"GET", "/broken", 500, `"outer internal"`, ""},
		{"GET", "/unwritable", 500, `"outer internal"`, ""},
	} {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(test.method, test.path, nil))
		require.Equal(t, test.status, w.Code, test.path)
		require.Contains(t, w.Body.String(), test.body, test.path)
		require.Equal(t, test.allow, w.Header().Get("Allow"), test.path)
		require.NotContains(t, w.Body.String(), "secret reason")
	}
	require.Contains(t, log.String(), "secret reason", "the operator is told")
	require.PanicsWithValue(t, http.ErrAbortHandler, func() {
		handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/late", nil))
	}, "an answer that began cannot be taken back")
}
