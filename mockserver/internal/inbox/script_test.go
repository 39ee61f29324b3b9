package inbox_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/mockserver/internal/inbox"
	"github.com/quintain-dev/quintain/mockserver/internal/script"
)

func status(status int) inbox.Answer { return inbox.Answer{Status: status} }

func word(word string) inbox.Answer { return inbox.Answer{Word: word} }

func step(times int, answer inbox.Answer) inbox.Step {
	return inbox.Step{Choices: []inbox.Choice{{Share: inbox.Whole, Answer: answer}}, Times: times}
}

func TestParse(t *testing.T) {
	t.Parallel()
	redirect := func(place string) inbox.Answer { return inbox.Answer{Word: "redirect", Status: 302, Location: place} }
	for text, want := range map[string][]inbox.Step{
		"":                       {step(1, status(200))},
		" \n ":                   {step(1, status(200))},
		"200":                    {step(1, status(200))},
		"500x3,200":              {step(3, status(500)), step(1, status(200))},
		" 500 x3 ,\n timeout ":   {step(3, status(500)), step(1, word("timeout"))},
		"resetx2,close,empty":    {step(2, word("reset")), step(1, word("close")), step(1, word("empty"))},
		"malformed,500,recover":  {step(1, word("malformed")), step(1, status(500)), step(1, inbox.Answer{Word: "recover", Status: 200})},
		"200:some body":          {step(1, inbox.Answer{Status: 200, Body: "some body"})},
		"200:a:b,204":            {step(1, inbox.Answer{Status: 200, Body: "a:b"}), step(1, status(204))},
		`200x2:"a, \"b\"\n",201`: {step(2, inbox.Answer{Status: 200, Body: "a, \"b\"\n"}), step(1, status(201))},
		`200:{"a":1}`:            {step(1, inbox.Answer{Status: 200, Body: `{"a":1}`})},
		"200:":                   {step(1, status(200))},
		"599,302":                {step(1, status(599)), step(1, status(302))},
		`429 retry-after 120 x2, 410, 200 body "{\"ok\":true}" header "X-A: b" header "x-a:c"`: {
			step(2, inbox.Answer{Status: 429, Headers: []inbox.Header{{Name: "Retry-After", Value: "120"}}}), step(1, status(410)),
			step(1, inbox.Answer{Status: 200, Body: `{"ok":true}`, Headers: []inbox.Header{{Name: "X-A", Value: "b"}, {Name: "X-A", Value: "c"}}}),
		},
		"delay 3s":                         {step(1, inbox.Answer{Status: 200, Delay: 3 * time.Second})},
		"lost x2, reset delay 10m":         {step(2, inbox.Answer{Status: 200, Lost: true}), step(1, inbox.Answer{Word: "reset", Delay: 10 * time.Minute})},
		"dribble, dribble 2s":              {step(1, inbox.Answer{Word: "dribble", Status: 200}), step(1, inbox.Answer{Status: 200, Dribble: 2 * time.Second})},
		"cut x2":                           {step(2, inbox.Answer{Word: "cut", Status: 200})},
		"dribble x2, endless":              {step(2, inbox.Answer{Word: "dribble", Status: 200}), step(1, inbox.Answer{Word: "endless", Status: 200})},
		"503 delay 1m30s dribble 2s":       {step(1, inbox.Answer{Status: 503, Delay: 90 * time.Second, Dribble: 2 * time.Second})},
		`redirect,redirect "/a?b=%20"x2`:   {step(1, redirect("")), step(2, redirect("/a?b=%20"))},
		`redirect "https://x/" delay 20ms`: {step(1, inbox.Answer{Word: "redirect", Status: 302, Location: "https://x/", Delay: 20 * time.Millisecond})},
		"30% 503 | 10% timeout | 200 x2, 410": {
			{Times: 2, Choices: []inbox.Choice{{Share: 300_000, Answer: status(503)}, {Share: 100_000, Answer: word("timeout")}, {Share: 600_000, Answer: status(200)}}},
			step(1, status(410)),
		},
		"0.5% 503":           {{Times: 1, Choices: []inbox.Choice{{Share: 5_000, Answer: status(503)}}}},
		"50% 503 | 50% 410":  {{Times: 1, Choices: []inbox.Choice{{Share: 500_000, Answer: status(503)}, {Share: 500_000, Answer: status(410)}}}},
		"100% 503":           {step(1, status(503))},
		"50% 200:a | 200:b ": {{Times: 1, Choices: []inbox.Choice{{Share: 500_000, Answer: inbox.Answer{Status: 200, Body: "a"}}, {Share: 500_000, Answer: inbox.Answer{Status: 200, Body: "b "}}}}},
	} {
		// What follows an unquoted body up to the bar or comma is body, and so is a space at its end.
		if text == "50% 200:a | 200:b " {
			want[0].Choices[0].Body = "a "
		}
		got, err := inbox.Parse(text)
		require.NoError(t, err, text)
		require.Len(t, got.Rules(), 1, text)
		require.Equal(t, want, got.Rules()[0].Items, text)
	}
}

func TestParseRules(t *testing.T) {
	t.Parallel()
	got, err := inbox.Parse("when event member.* attempt 1-3: 503x2,500; when attempt 4+: recover; 200")
	require.NoError(t, err)
	require.Equal(t, []script.Rule[inbox.Step]{
		{When: script.Condition{Events: []string{"member.*"}, Places: []int{11}, From: 1, To: 3}, Items: []inbox.Step{step(2, status(503)), step(1, status(500))}},
		{When: script.Condition{From: 4}, Items: []inbox.Step{step(1, inbox.Answer{Word: "recover", Status: 200})}},
		{Items: []inbox.Step{step(1, status(200))}},
	}, got.Rules())
}

func TestParseErrorsShowThePlace(t *testing.T) {
	t.Parallel()
	const words = "a status nor one of timeout, reset, close, empty, malformed, cut, redirect, dribble, endless, recover, delay, lost"
	const missing = "here an answer is missing; want a status or one of timeout, reset, close, empty, malformed, cut, redirect, dribble, endless, recover, delay, lost"
	const behind = " is none of delay, retry-after, header, body, dribble, lost, and no count such as x3"
	for text, want := range map[string]script.Error{
		"500x3,tiemout":                  {Position: 7, Nearest: "timeout", Message: `"tiemout" is neither ` + words},
		"700":                            {Position: 1, Message: "700 is not a status that ends an exchange; want 200 to 599"},
		"200,100":                        {Position: 5, Message: "100 is not a status that ends an exchange; want 200 to 599"},
		"200,,500":                       {Position: 5, Message: missing},
		"200,":                           {Position: 5, Message: missing},
		"200;":                           {Position: 5, Message: missing},
		"500x0":                          {Position: 4, Message: "x0 is not how often, want x1 to x1000000"},
		"500x99999999":                   {Position: 4, Message: "x99999999 is not how often, want x1 to x1000000"},
		"500 x2 x3":                      {Position: 8, Message: `"x3"` + behind},
		"timeout:x":                      {Position: 8, Message: "timeout has no body"},
		"204:x":                          {Position: 4, Message: "an answer 204 has no body"},
		`304 body "x"`:                   {Position: 5, Message: "an answer 304 has no body"},
		`200:a,200:"x`:                   {Position: 11, Message: `the body does not end; it ends with a quote, and \" is a quote inside`},
		`200:"x"y,500`:                   {Position: 8, Message: `"y"` + behind},
		`200:"x" body "y"`:               {Position: 9, Message: "the body is said twice"},
		"ü,Reset":                        {Position: 1, Message: `"ü" is neither ` + words},
		"200:ü, resett2":                 {Position: 8, Nearest: "reset", Message: `"resett2" is neither ` + words},
		"500 dealy 3s":                   {Position: 5, Nearest: "delay", Message: `"dealy"` + behind},
		"500 delay":                      {Position: 10, Message: `"" is not a delay, want a duration from 1ms to 10m0s such as 3s`},
		"delay 11m":                      {Position: 7, Message: `"11m" is not a delay, want a duration from 1ms to 10m0s such as 3s`},
		"delay 1s delay 2s":              {Position: 10, Message: "delay is said twice"},
		"retry-after 120":                {Position: 1, Message: "retry-after stands behind a status, as in 503 retry-after 120"},
		"429 retry-after x":              {Position: 17, Message: `"x" is not a number of seconds, want 0 to 1000000`},
		`200 header "x"`:                 {Position: 12, Message: `"x" is no header; want such as "X-Shard: 7"`},
		`200 header "a b: c"`:            {Position: 12, Message: `"a b: c" is no header; want such as "X-Shard: 7"`},
		`200 header "a: \n"`:             {Position: 12, Message: `"a: \n" is no header; want such as "X-Shard: 7"`},
		`200 header "content-length: 7"`: {Position: 12, Message: "Content-Length is written by the server itself"},
		"reset lost":                     {Position: 7, Message: "reset has no lost"},
		"timeout delay 1s":               {Position: 9, Message: "timeout has no delay"},
		"lost dribble 1s":                {Position: 6, Message: "an answer that is lost does not dribble"},
		`redirect "a b"`:                 {Position: 10, Message: `"a b" is no place to redirect to; want a path or URL, escaped`},
		"recover,200":                    {Position: 1, Message: "recover is for all that comes from here on: it has no share, and is the last item of its rule"},
		"30% recover":                    {Position: 1, Message: "recover is for all that comes from here on: it has no share, and is the last item of its rule"},
		"500,recoverx3":                  {Position: 12, Message: "recover is for all that comes from here on, and has no count"},
		"0% 503":                         {Position: 1, Message: `"0%" is no percentage, want more than 0% and at most 100%`},
		"0.00001% 503":                   {Position: 1, Message: "a share is at least 0.0001%"},
		"60% 503 | 50% 200":              {Position: 11, Message: "the shares are more than 100% with this one"},
		"100% 503 | 200":                 {Position: 12, Message: "the shares before it are 100%, so nothing is left for this one"},
		"200 | 30% 503":                  {Position: 1, Message: "only the last alternative can be without a share"},
		"30% 503x2 | 200":                {Position: 8, Message: "how often is said of all alternatives together, behind the last one"},
		"30%":                            {Position: 4, Message: missing},
		"when evnt x: 200":               {Position: 6, Nearest: "event", Message: `"evnt" is neither event nor attempt`},
	} {
		_, err := inbox.Parse(text)
		var got *script.Error
		require.ErrorAs(t, err, &got, text)
		want.Script = text
		require.Equal(t, want, *got, text)
		require.Equal(t, want.Nearest, inbox.Nearest(err))
	}
	_, err := inbox.Parse("500x3,tiemout")
	require.EqualError(t, err, `at character 7: "tiemout" is neither `+words+`
  500x3,tiemout
        ^`)
}

func TestString(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"500 x3":                        "500 x3",
		"200:a b":                       `200:"a b"`,
		`200 body "x" delay 90s`:        `200:"x" delay 1m30s`,
		"lost":                          "200 lost",
		`429 header "retry-after: 007"`: `429 header "Retry-After: 007"`,
		`429 header "retry-after: 7"`:   "429 retry-after 7",
		`redirect body "x"`:             `redirect body "x"`,
		`redirect "/x" dribble 2s`:      `redirect "/x" dribble 2s`,
		"33.3333% 503|5% reset|200:x":   `33.3333% 503 | 5% reset | 61.6667% 200:"x"`,
		"recover":                       "recover",
	} {
		got, err := inbox.Parse(text)
		require.NoError(t, err, text)
		require.Equal(t, text, got.String(), "a script is shown as it was written")
		require.Equal(t, want, got.Rules()[0].Items[0].String(), text)
	}
}

// Whatever is written, reading it does not panic, and what was read can be written and read again.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"500x3,200", `200:"a,b",timeout`, "x", "\"", ":", "5x5x5:,", "30% 503 x2 | 0.07% reset | 200 lost; recover",
		`when event a* attempt 2+: redirect "/x" header "A: b" dribble 2s delay 1.5ms, 429 retry-after 3`, "200 header \"A: \xff\"", "1e2% 200", "200:\xd7\"\"\"\a\xf6,\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		parsed, err := inbox.Parse(text)
		if err != nil {
			_ = err.Error() // the caret is in the text
			return
		}
		for _, rule := range parsed.Rules() {
			for _, step := range rule.Items {
				again, err := inbox.Parse(step.String())
				require.NoError(t, err, "%q became %q", text, step)
				require.Equal(t, []inbox.Step{step}, again.Rules()[0].Items, "%q became %q", text, step)
			}
		}
		again, err := inbox.Parse(parsed.String())
		require.NoError(t, err)
		require.Equal(t, parsed.Rules(), again.Rules())
		require.NotEmpty(t, parsed.Player().Next("", 1, func() float64 { return 0.5 }).String())
	})
}
