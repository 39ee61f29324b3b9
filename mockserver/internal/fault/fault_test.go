package fault_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract/signing"
	"github.com/quintain-dev/quintain/mockserver/internal/fault"
	"github.com/quintain-dev/quintain/mockserver/internal/script"
	"github.com/quintain-dev/quintain/mockserver/internal/wire"
)

var (
	scheme = signing.HMAC{Header: "X-Sig", TimestampHeader: "X-Time", Tolerance: 15 * time.Minute}
	now    = time.UnixMilli(1_700_000_000_000)
)

const body = `{"event":"member.created","data":{"name":"Zoë"}}`

// apply parses a script and sends the body through it.
func apply(t *testing.T, text string) *fault.Message {
	t.Helper()
	plan, err := fault.Parse(text)
	require.NoError(t, err)
	m := &fault.Message{Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(body), Stamp: now, Secret: "s3cret", Scheme: scheme, Roll: 0.5}
	fault.Apply(m, plan.Draw("member.created", 1, 1, 1))
	return m
}

func verify(m *fault.Message) error { return scheme.Verify(m.Header, "s3cret", m.Body, now) }

func TestWithoutFaultsTheMessageIsRight(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", " ", "none", "when event other: tamper"} {
		m := apply(t, text)
		require.NoError(t, verify(m))
		require.Equal(t, body, string(m.Body))
		require.Zero(t, m.Wire)
	}
}

// Each fault does what its row says, and nothing else.
func TestEachFault(t *testing.T) {
	t.Parallel()
	type check func(t *testing.T, m *fault.Message)
	wired := func(want wire.Plan) check {
		return func(t *testing.T, m *fault.Message) {
			require.NoError(t, verify(m))
			require.Equal(t, want, m.Wire)
			require.Equal(t, body, string(m.Body))
		}
	}
	refused := func(why error) check {
		return func(t *testing.T, m *fault.Message) { require.ErrorIs(t, verify(m), why) }
	}
	signed := func(same func(m *fault.Message) bool) check {
		return func(t *testing.T, m *fault.Message) {
			require.NoError(t, verify(m))
			require.True(t, same(m))
		}
	}
	checks := map[string]check{
		"delay 3s":                         signed(func(m *fault.Message) bool { return string(m.Body) == body }),
		"reorder 3 shuffle within 1h":      signed(func(m *fault.Message) bool { return string(m.Body) == body }),
		"drop":                             signed(func(m *fault.Message) bool { return m.Dropped }),
		"lost":                             signed(func(m *fault.Message) bool { return m.Lost }),
		"duplicate":                        signed(func(m *fault.Message) bool { return m.Copies == 1 && !m.AtOnce }),
		"duplicate concurrent x5":          signed(func(m *fault.Message) bool { return m.Copies == 4 && m.AtOnce }),
		"stale":                            refused(signing.ErrStale),
		"stale 10m":                        signed(func(m *fault.Message) bool { return m.Header.Get("X-Time") == "1699999400000" }),
		"future 20m":                       signed(func(m *fault.Message) bool { return m.Header.Get("X-Time") == "1700001200000" }),
		"bom":                              signed(func(m *fault.Message) bool { return bytes.HasPrefix(m.Body, []byte("\xef\xbb\xbf{")) }),
		"invalid-utf8":                     signed(func(m *fault.Message) bool { return !utf8.Valid(m.Body) && json.Valid(m.Body) }),
		"oversize 2kB":                     signed(func(m *fault.Message) bool { return len(m.Body) == 2000 && json.Valid(m.Body) }),
		"oversize 1":                       signed(func(m *fault.Message) bool { return string(m.Body) == body }),
		"tamper":                           refused(signing.ErrMismatch),
		"reserialise":                      refused(signing.ErrMismatch),
		"wrong-signature":                  refused(signing.ErrMismatch),
		"no-signature":                     refused(signing.ErrMissing),
		"content-type":                     signed(func(m *fault.Message) bool { return m.Header.Get("Content-Type") == "text/plain" }),
		`content-type "text/html; q=1, 2"`: signed(func(m *fault.Message) bool { return m.Header.Get("Content-Type") == "text/html; q=1, 2" }),
		"no-content-type":                  signed(func(m *fault.Message) bool { return m.Header["Content-Type"] == nil }),
		"gzip": func(t *testing.T, m *fault.Message) {
			require.Equal(t, "gzip", m.Header.Get("Content-Encoding"))
			r, err := gzip.NewReader(bytes.NewReader(m.Body))
			require.NoError(t, err)
			m.Body, err = io.ReadAll(r)
			require.NoError(t, err)
			require.NoError(t, verify(m), "the signature is of what was compressed")
		},
		"truncate":              wired(wire.Plan{Truncate: 0.5}),
		"truncate 10%":          wired(wire.Plan{Truncate: 0.1}),
		"overstate-length 7":    wired(wire.Plan{LengthDelta: 7}),
		"understate-length":     wired(wire.Plan{LengthDelta: -10}),
		"chunked":               wired(wire.Plan{Chunking: wire.Chunked}),
		"broken-chunking":       wired(wire.Plan{Chunking: wire.BrokenSize}),
		"unfinished-chunking":   wired(wire.Plan{Chunking: wire.Unfinished}),
		"slow-headers 1s":       wired(wire.Plan{SlowHeaders: time.Second}),
		"slow-body":             wired(wire.Plan{SlowBody: 2 * time.Second}),
		"duplicate-headers":     wired(wire.Plan{DuplicateHeaders: true}),
		"connections":           wired(wire.Plan{Connections: 100}),
		"slow-body, drop, lost": signed(func(m *fault.Message) bool { return m.Dropped && m.Lost && m.Wire.SlowBody > 0 }),
	}
	tried := map[string]bool{}
	for text, check := range checks {
		name, _, _ := strings.Cut(strings.ReplaceAll(text, ",", " "), " ")
		tried[name] = true
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			check(t, apply(t, text))
		})
	}
	for _, name := range fault.Names() {
		require.True(t, tried[name], "%s is tried by nothing", name)
	}
}

func TestReserialisedKeepsTheValues(t *testing.T) {
	t.Parallel()
	for _, text := range []string{body, "{\n \"a\": 1\n}", "42", "not JSON"} {
		plan, err := fault.Parse("reserialise")
		require.NoError(t, err)
		m := &fault.Message{Header: http.Header{}, Body: []byte(text), Scheme: signing.Unsigned{}}
		fault.Apply(m, plan.Draw("e", 1, 1, 1))
		require.NotEqual(t, text, string(m.Body))
		if json.Valid([]byte(text)) {
			require.JSONEq(t, text, string(m.Body))
		}
	}
	m := &fault.Message{Header: http.Header{}, Body: []byte("a=1&b=2"), Form: true, Scheme: signing.Unsigned{}}
	plan, err := fault.Parse("reserialise, oversize 20")
	require.NoError(t, err)
	fault.Apply(m, plan.Draw("e", 1, 1, 1))
	require.Equal(t, "padding=xxxx&a=1&b=2", string(m.Body))
}

// Which attempts a share strikes depends on seed, delivery and attempt alone, and is about the share.
func TestSharesAreSeeded(t *testing.T) {
	t.Parallel()
	plan, err := fault.Parse("30% drop")
	require.NoError(t, err)
	struck := func(seed, sequence uint64, attempt int) bool { return len(plan.Draw("e", attempt, seed, sequence)) > 0 }
	n, differ := 0, false
	for sequence := range uint64(10_000) {
		if struck(1, sequence, 1) {
			n++
		}
		require.Equal(t, struck(1, sequence, 2), struck(1, sequence, 2))
		differ = differ || struck(1, sequence, 1) != struck(2, sequence, 1)
	}
	require.InDelta(t, 3000, n, 200)
	require.True(t, differ, "another seed strikes others")
}

func TestConditions(t *testing.T) {
	t.Parallel()
	plan, err := fault.Parse("when event member.* attempt 1-2: drop; when attempt 3+: lost; bom")
	require.NoError(t, err)
	for _, c := range []struct {
		event   string
		attempt int
		want    string
	}{{"member.created", 2, "drop"}, {"member.created", 3, "lost"}, {"post.created", 1, "bom"}, {"post.created", 9, "lost"}} {
		got := plan.Draw(c.event, c.attempt, 1, 1)
		require.Len(t, got, 1)
		require.Equal(t, c.want, got[0].String())
	}
	plan, err = fault.Parse("delay 1m, 10%  truncate   20%")
	require.NoError(t, err)
	require.Empty(t, plan.Draw("e", 2, 1, 3))
	require.Equal(t, "delay 1m", plan.DrawTimed("e", 1, 3)[0].String())
}

func TestBadScripts(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"tampr":                        "at character 1: there is no fault \"tampr\"\n  tampr\n  ^",
		"30% drop, 200% lost":          "at character 11: \"200%\" is no percentage, want more than 0% and at most 100%\n  30% drop, 200% lost\n            ^",
		"drop lost":                    "at character 6: there is more here than an item has",
		"drop,":                        "at character 6: here a fault is missing",
		"when attempt 1: drop; none":   "at character 23: none stands alone",
		"delay soon":                   `at character 7: "soon" is not how long, want a duration from 0s to 8760h0m0s`,
		"duplicate x1":                 "comes twice or more often",
		"duplicate 3":                  "comes twice or more often",
		"oversize 1GB":                 `"1GB" is not a size`,
		"truncate 100%":                "want a percentage below 100%",
		"content-type \"a\nb\"":        "does not end",
		`content-type "a\nb"`:          "cannot stand in a header",
		"reorder 1":                    `"1" is not a number of deliveries, want 2 to 1000`,
		"when attempt 2: delay 3s":     "at character 17: delay happens before the first attempt",
		"connections 100000":           "want 1 to 1000",
		"chunked, 5% overstate-length": "at character 13: chunked and overstate-length do not go together in one rule",
	} {
		_, err := fault.Parse(text)
		var bad *script.Error
		require.True(t, errors.As(err, &bad), "%q", text)
		require.ErrorContains(t, err, want, "%q", text)
	}
	_, err := fault.Parse("tampr")
	_, hint := fault.Explain(err)
	require.Equal(t, `did you mean "tamper"?`, hint)
}

func TestWhatCanDoNothingIsRefused(t *testing.T) {
	t.Parallel()
	plan, err := fault.Parse("drop, 5% stale")
	require.NoError(t, err)
	require.NoError(t, plan.Check(map[fault.Need]error{fault.Proof: errors.New("nothing is signed")}, nil))
	err = plan.Check(map[fault.Need]error{fault.Stamp: errors.New("deliveries bear no timestamp")}, nil)
	require.ErrorContains(t, err, "at character 10: stale can do nothing here: deliveries bear no timestamp\n  drop, 5% stale\n           ^")

	events := []string{"member.created", "post.created"}
	for text, want := range map[string]string{
		"when event member.*: drop":                         "",
		"when event e: drop":                                `at character 12: there is no event "e" here`,
		"when event member.create: drop":                    `at character 12: there is no event "member.create" here`,
		"when event member.created badge.* attempt 2: drop": `at character 27: there is no event "badge.*" here`,
	} {
		plan, err := fault.Parse(text)
		require.NoError(t, err)
		if err = plan.Check(nil, events); want == "" {
			require.NoError(t, err)
		} else {
			require.ErrorContains(t, err, want)
		}
	}
}

// What would undo or replace another fault of the rule is refused, so that what the journal says happened did.
func TestFaultsThatDoNotGoTogether(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"tamper, tamper", "50% tamper, 50% tamper", "reserialise, reserialise", "stale, future", "stale 1h, stale 30m", "delay 5m, reorder",
		"overstate-length, understate-length", "broken-chunking, unfinished-chunking", "content-type, no-content-type",
		"wrong-signature, no-signature", "duplicate x2, duplicate x3", "drop, drop",
	} {
		_, err := fault.Parse(text)
		require.ErrorContains(t, err, "do not go together in one rule", "%q", text)
	}
	_, err := fault.Parse("duplicate concurrent x100, oversize 20MB")
	require.ErrorContains(t, err, "at character 28: 100 bodies of 20000000 bytes at once are too many")
	for _, text := range []string{"duplicate x100, oversize 20MB", "when attempt 1: tamper; tamper", "tamper, reserialise, gzip, truncate, slow-body"} {
		_, err := fault.Parse(text)
		require.NoError(t, err, "%q", text)
	}
}

// Only what changed something has struck.
func TestWhatStrikes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"tamper, stale":        {"stale", "tamper"},
		"oversize 10, bom":     {"bom"},
		"drop, tamper, lost":   {"drop"},
		"no-content-type, bom": {"bom"},
		"invalid-utf8, lost":   {"lost"},
	} {
		plan, err := fault.Parse(text)
		require.NoError(t, err)
		m := &fault.Message{Header: http.Header{}, Body: []byte(`{"only":{"names":[1,true]}}`), Stamp: now, Scheme: scheme, Secret: "s"}
		var got []string
		for _, f := range fault.Apply(m, plan.Draw("e", 1, 1, 1)) {
			got = append(got, f.String())
		}
		require.Equal(t, want, got, text)
	}
	plan, err := fault.Parse("no-signature, wrong-signature x")
	require.Error(t, err)
	require.True(t, plan.Empty())
}

func TestInvalidUTF8StrikesAText(t *testing.T) {
	t.Parallel()
	plan, err := fault.Parse("invalid-utf8")
	require.NoError(t, err)
	for body, want := range map[string]string{
		`{"a":"b","metadata":{}}`:     "{\"a\":\"b\xff\",\"metadata\":{}}",
		`{"a":["b\\\"" , 1]}`:         "{\"a\":[\"b\\\\\\\"\xff\" , 1]}",
		`{"a":"x\",\"y","b":{"c":1}}`: "{\"a\":\"x\\\",\\\"y\xff\",\"b\":{\"c\":1}}",
		`{"a":1}`:                     `{"a":1}`,
		`{"a":1,",b":2}`:              `{"a":1,",b":2}`, // what opens a text ends none
		`42`:                          `42`,
	} {
		m := &fault.Message{Header: http.Header{}, Body: []byte(body), Scheme: signing.Unsigned{}}
		fault.Apply(m, plan.Draw("e", 1, 1, 1))
		require.Equal(t, want, string(m.Body))
	}
}

func FuzzParse(f *testing.F) {
	for _, kind := range fault.Kinds() {
		f.Add(kind.Name + " " + kind.Arguments)
	}
	f.Add("when event a.* attempt 1-3: 30% drop, duplicate x2; none")
	f.Fuzz(func(t *testing.T, text string) {
		plan, err := fault.Parse(text)
		if err != nil {
			_ = err.Error()
			return
		}
		for _, one := range plan.Draw("e", 1, 1, 1) {
			again, err := fault.Parse(one.String())
			require.NoError(t, err, "%q", one)
			require.False(t, again.Empty())
		}
	})
}
