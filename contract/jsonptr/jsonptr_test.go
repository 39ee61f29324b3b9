package jsonptr_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract/jsonptr"
)

const body = ` { "a" : [ 1 , {"b/c":"x\"}]"} , [ ] ] , "d~":{ }, "e":null,"":-1.50e3 } `

func TestWalkFindsEveryPlace(t *testing.T) {
	t.Parallel()
	var got []string
	require.NoError(t, jsonptr.Walk([]byte(body), func(p jsonptr.Place) error {
		got = append(got, p.Pointer+" "+body[p.Start:p.End])
		return nil
	}))
	require.Equal(t, []string{
		" " + `{ "a" : [ 1 , {"b/c":"x\"}]"} , [ ] ] , "d~":{ }, "e":null,"":-1.50e3 }`,
		`/a [ 1 , {"b/c":"x\"}]"} , [ ] ]`, "/a/0 1", `/a/1 {"b/c":"x\"}]"}`, `/a/1/b~1c "x\"}]"`, "/a/2 [ ]",
		"/d~0 { }", "/e null", "/ -1.50e3",
	}, got)
}

func TestEditsLeaveTheRestAlone(t *testing.T) {
	t.Parallel()
	edit := func(out []byte, err error) string {
		require.NoError(t, err)
		require.True(t, json.Valid(out), string(out))
		return string(out)
	}
	b := []byte(`{"a":1, "b":[1,2,3], "c":{}}`)
	require.Equal(t, `{"a":"x", "b":[1,2,3], "c":{}}`, edit(jsonptr.Set(b, "/a", []byte(`"x"`))))
	require.Equal(t, `null`, edit(jsonptr.Set(b, "", []byte(`null`))))
	require.Equal(t, `{"b":[1,2,3], "c":{}}`, edit(jsonptr.Remove(b, "/a")))
	require.Equal(t, `{"a":1, "b":[1,2,3]}`, edit(jsonptr.Remove(b, "/c")))
	require.Equal(t, `{"a":1, "b":[1,3], "c":{}}`, edit(jsonptr.Remove(b, "/b/1")))
	require.Equal(t, `{"a":1, "b":[1,2], "c":{}}`, edit(jsonptr.Remove(b, "/b/2")))
	require.Equal(t, `{ }`, edit(jsonptr.Remove([]byte(`{"a":1 }`), "/a")))
	require.Equal(t, `{"a":1, "b":[1,2,3], "c":{"x\"":true}}`, edit(jsonptr.Insert(b, "/c", `x"`, []byte(`true`))))
	require.Equal(t, `{"a":1, "b":[1,2,3], "c":{},"d":0}`, edit(jsonptr.Insert(b, "", "d", []byte(`0`))))
	require.Equal(t, `{"a":1, "b":[1,2,3], "c":{}}`, string(b), "the input is not written to")
}

func TestEditsThatCannotBe(t *testing.T) {
	t.Parallel()
	b := []byte(`{"a":[1]}`)
	_, err := jsonptr.Set(b, "/b", []byte("1"))
	require.ErrorIs(t, err, jsonptr.ErrNotFound)
	_, err = jsonptr.Remove(b, "/a/1")
	require.ErrorIs(t, err, jsonptr.ErrNotFound)
	_, err = jsonptr.Remove(b, "")
	require.Error(t, err)
	_, err = jsonptr.Insert(b, "/a", "x", []byte("1"))
	require.ErrorContains(t, err, "only be added to an object")
	_, err = jsonptr.Find([]byte(`{"a":`), "/a")
	require.ErrorContains(t, err, "not JSON")
}

// Whatever is JSON: each place holds a value, and setting it to itself changes nothing.
func FuzzWalk(f *testing.F) {
	for _, seed := range []string{body, `[]`, `"\\"`, `[[[0]]]`, `{"a":{"a":{"a":"\""}}}`, ` 1 `} {
		f.Add([]byte(seed))
	}
	stop := errors.New("enough")
	f.Fuzz(func(t *testing.T, b []byte) {
		places := 0
		err := jsonptr.Walk(b, func(p jsonptr.Place) error {
			if !json.Valid(b[p.Start:p.End]) {
				t.Fatalf("%q at %q is no value", b[p.Start:p.End], p.Pointer)
			}
			if places++; places > 1000 {
				return stop
			}
			return nil
		})
		if json.Valid(b) != (err == nil || errors.Is(err, stop)) {
			t.Fatalf("Walk(%q) = %v", b, err)
		}
	})
}

func TestABodyThatIsOneValue(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"5", " -1.5e3 ", "true", "null", `"a"`} {
		place, err := jsonptr.Find([]byte(body), "")
		require.NoError(t, err, body)
		require.Equal(t, strings.TrimSpace(body), body[place.Start:place.End])
		set, err := jsonptr.Set([]byte(body), "", []byte("{}"))
		require.NoError(t, err)
		require.Equal(t, "{}", strings.TrimSpace(string(set)))
	}
}

func TestInsertRefusesASecondMember(t *testing.T) {
	t.Parallel()
	_, err := jsonptr.Insert([]byte(`{"c":{"a/b":1}}`), "/c", "a/b", []byte("2"))
	require.EqualError(t, err, "/c/a~1b: the object has this member already")
}
