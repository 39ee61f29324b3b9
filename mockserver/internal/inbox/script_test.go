package inbox_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/mockserver/internal/inbox"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for script, want := range map[string][]inbox.Step{
		"":                       {{Status: 200, Times: 1}},
		"  ":                     {{Status: 200, Times: 1}},
		"200":                    {{Status: 200, Times: 1}},
		"500x3,200":              {{Status: 500, Times: 3}, {Status: 200, Times: 1}},
		" 500x3 , timeout ":      {{Status: 500, Times: 3}, {Word: "timeout", Times: 1}},
		"resetx2,close,empty":    {{Word: "reset", Times: 2}, {Word: "close", Times: 1}, {Word: "empty", Times: 1}},
		"malformed":              {{Word: "malformed", Times: 1}},
		"200:some body":          {{Status: 200, Body: "some body", Times: 1}},
		"200:a:b,204":            {{Status: 200, Body: "a:b", Times: 1}, {Status: 204, Times: 1}},
		`200x2:"a, \"b\"\n" , 1`: nil,
		`200x2:"a, \"b\"\n",201`: {{Status: 200, Body: "a, \"b\"\n", Times: 2}, {Status: 201, Times: 1}},
		`200:{"a":1}`:            {{Status: 200, Body: `{"a":1}`, Times: 1}},
		"200:":                   {{Status: 200, Times: 1}},
		"599,302":                {{Status: 599, Times: 1}, {Status: 302, Times: 1}},
	} {
		got, err := inbox.Parse(script)
		if want == nil {
			require.Error(t, err, script)
			continue
		}
		require.NoError(t, err, script)
		require.Equal(t, want, got.Steps(), script)
	}
}

func TestParseErrorsShowThePlace(t *testing.T) {
	t.Parallel()
	for script, want := range map[string]inbox.ScriptError{
		"500x3,tiemout":  {Step: 2, Position: 7, Nearest: "timeout", Message: `"tiemout" is neither a status nor one of timeout, reset, close, empty, malformed`},
		"700":            {Step: 1, Position: 1, Message: "700 is not a status that ends an exchange; want 200 to 599"},
		"200,100":        {Step: 2, Position: 5, Message: "100 is not a status that ends an exchange; want 200 to 599"},
		"200,,500":       {Step: 2, Position: 5, Message: "there is no step here; want a status or one of timeout, reset, close, empty, malformed"},
		"200,":           {Step: 2, Position: 5, Message: "there is no step here; want a status or one of timeout, reset, close, empty, malformed"},
		"500x0":          {Step: 1, Position: 5, Message: "0 is not how often a step can repeat; want 1 to 1000000"},
		"500x99999999":   {Step: 1, Position: 5, Message: "99999999 is not how often a step can repeat; want 1 to 1000000"},
		"timeout:x":      {Step: 1, Position: 8, Message: "timeout has no body"},
		"204:x":          {Step: 1, Position: 4, Message: "an answer 204 has no body"},
		`200:"x`:         {Step: 1, Position: 5, Message: `the quoted body does not end; it ends with a quote, and \" is a quote inside`},
		`200:"x"y,500`:   {Step: 1, Position: 8, Message: "there is more behind the body; steps are separated by commas"},
		"ü,Reset":        {Step: 1, Position: 1, Message: `"ü" is neither a status nor one of timeout, reset, close, empty, malformed`},
		"200:ü, resett2": {Step: 2, Position: 8, Nearest: "reset", Message: `"resett2" is neither a status nor one of timeout, reset, close, empty, malformed`},
	} {
		_, err := inbox.Parse(script)
		var got *inbox.ScriptError
		require.ErrorAs(t, err, &got, script)
		want.Script = script
		require.Equal(t, want, *got, script)
	}
	_, err := inbox.Parse("500x3,tiemout")
	require.EqualError(t, err, `step 2 of the script, at character 7: "tiemout" is neither a status nor one of timeout, reset, close, empty, malformed
  500x3,tiemout
        ^`)
}

func TestPlayer(t *testing.T) {
	t.Parallel()
	script, err := inbox.Parse("500x2,reset,200")
	require.NoError(t, err)
	require.Equal(t, "500x2,reset,200", script.String())
	play := func() (out []string) {
		p := script.Player()
		for range 6 {
			out = append(out, p.Next().String())
		}
		return out
	}
	require.Equal(t, []string{"500", "500", "reset", "200", "200", "200"}, play())
	require.Equal(t, play(), play(), "each player begins at the start")

	p := script.Player()
	counts := map[string]int{}
	var mu sync.Mutex
	var calls sync.WaitGroup
	for range 100 {
		calls.Go(func() {
			step := p.Next().String()
			mu.Lock()
			defer mu.Unlock()
			counts[step]++
		})
	}
	calls.Wait()
	require.Equal(t, map[string]int{"500": 2, "reset": 1, "200": 97}, counts)
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"500x3,200", `200:"a,b",timeout`, "x", "\"", ":", "5x5x5:,"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		script, err := inbox.Parse(text)
		if err != nil {
			_ = err.Error() // the caret is in the text
			return
		}
		if len(script.Steps()) == 0 {
			t.Fatal("a script has at least one step")
		}
		script.Player().Next()
	})
}
