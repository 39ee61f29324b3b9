package contract_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/contract/signing"
)

// What is misspelt, or of another kind than it must be, is refused where it stands.
func TestDeliveryRulesAreReadStrictly(t *testing.T) {
	t.Parallel()
	const hmac = "scheme: hmac-sha256, header: X-Sig, encoding: hex"
	const stamped = hmac + ", content: 'timestamp:body', timestampHeader: X-Time"
	cases := map[string]struct{ rule, want string }{
		"key of a rule":        {"timeout: {value: 10s, vlaue: 1s}", `f.yaml:4:43: /x-delivery/timeout/vlaue: unknown key of timeout "vlaue"; did you mean "value"?`},
		"spelling elsewhere":   {"dedupKey: {value: '', spelling: hook}", `/x-delivery/dedupKey/spelling: unknown key of dedupKey "spelling"`},
		"key of a source":      {"timeout: {value: 10s, source: {page: p, dat: x}}", `source: unknown key "dat"; did you mean "date"?`},
		"note":                 {"timeout: {value: 10s, note: [a]}", `/x-delivery/timeout/note: a list is not a text`},
		"key of a signature":   {"signature: {value: {" + hmac + ", content: body, prefx: a}}", `/x-delivery/signature/value/prefx: unknown key of the scheme hmac-sha256 "prefx"; did you mean "prefix"?`},
		"foreign to none":      {"signature: {value: {scheme: none, header: X-Sig}}", `/x-delivery/signature/value/header: the scheme none has no header; there is scheme`},
		"signature":            {"signature: {value: none}", `/x-delivery/signature/value: "none" is not a mapping; write it as {scheme: none}`},
		"unit":                 {"signature: {value: {" + stamped + ", timestampUnit: sec}}", `/x-delivery/signature/value/timestampUnit: "sec" is not one of ms, s`},
		"unit of nothing":      {"signature: {value: {" + hmac + ", content: body, timestampUnit: s}}", `timestampUnit is about a timestamp, and there is no timestampHeader`},
		"negative tolerance":   {"signature: {value: {" + stamped + ", tolerance: -5m}}", `/x-delivery/signature/value/tolerance: tolerance "-5m" is not a time above 0; write it as 5m`},
		"bare tolerance":       {"signature: {value: {" + stamped + ", tolerance: 15}}", `tolerance "15" is not a time above 0`},
		"readings":             {"signature: {value: {" + hmac + ", content: body, readings: hex}}", `/x-delivery/signature/value/readings: "hex" is not a list`},
		"key of a reading":     {"signature: {value: {" + hmac + ", content: body, readings: [{encoding: hex, prefx: a}]}}", `/x-delivery/signature/value/readings/0/prefx: unknown key of a reading "prefx"; did you mean "prefix"?`},
		"prefix":               {"signature: {value: {" + hmac + `, content: body, prefix: "a\n"}}`, `cannot begin the value of a header`},
		"prefix as a list":     {"signature: {value: {" + hmac + ", content: body, prefix: [a]}}", `/x-delivery/signature/value/prefix: a list is not a text`},
		"header with a space":  {"signature: {value: {scheme: hmac-sha256, header: X Sig, encoding: hex, content: body}}", `/x-delivery/signature/value/header: "X Sig" is not the name of a header`},
		"header with a break":  {`signature: {value: {scheme: hmac-sha256, header: "X\r\nSig", encoding: hex, content: body}}`, `"X\r\nSig" is not the name of a header`},
		"header in use":        {"signature: {value: {scheme: hmac-sha256, header: Content-Type, encoding: hex, content: body}}", `every request has the header Content-Type for something else`},
		"one header for both":  {"signature: {value: {" + hmac + ", content: 'timestamp:body', timestampHeader: x-sig}}", `/x-delivery/signature/value/timestampHeader: X-Sig carries the signature already`},
		"stamp with a space":   {"signature: {value: {" + hmac + ", content: 'timestamp:body', timestampHeader: X Time}}", `/x-delivery/signature/value/timestampHeader: "X Time" is not the name`},
		"key in another place": {"signature: {value: {scheme: bearer, header: X-Api-Key}}", `/x-delivery/signature/value/header: a bearer key is sent in Authorization, and not in "X-Api-Key"`},
		"content type":         {"contentTypes: {value: {json: \"application/json\\nX: y\"}}", `/x-delivery/contentTypes/value/json: "application/json\nX: y" is not a content type`},
		"no content type":      {"contentTypes: {value: {json: json}}", `"json" is not a content type; write it as application/json`},
		"unknown encoding":     {"contentTypes: {value: {jsno: application/json}}", `/x-delivery/contentTypes/value/jsno: unknown encoding "jsno"; did you mean "json"?`},
		"encodings":            {"encodings: {value: json}", `/x-delivery/encodings/value: "json" is not a list; write it as [json]`},
		"schedule":             {"schedule: {value: 5m}", `/x-delivery/schedule/value: "5m" is not a list; write it as [5s, 30m, 2h], or [] if nothing is sent again`},
		"no schedule":          {"schedule: {value: ''}", `/x-delivery/schedule/value: "" is not a list`},
		"schedule of null":     {"schedule: {value: null}", `/x-delivery/schedule/value: null is not a list`},
		"schedule as mapping":  {"schedule: {value: {a: 5m}}", `/x-delivery/schedule/value: a mapping is not a list`},
		"refusal":              {"refusalStatus: {value: {pointer: /a, equal: b}}", `/x-delivery/refusalStatus/value/equal: unknown key of a refusal "equal"; did you mean "equals"?`},
		"empty refusal":        {"refusalStatus: {value: {pointer: /a}}", `/x-delivery/refusalStatus/value: want the pointer to a place`},
		"template":             {"eventName: {value: /event}", `/x-delivery/eventName/value: "/event" is not a template of JSON pointers; write it as {/event}`},
		"open template":        {"eventName: {value: '{/event'}", `is not a template`},
		"eventName as list":    {"eventName: {value: [a]}", `/x-delivery/eventName/value: a list is not a text`},
		"no such name":         {"eventName: {value: '{/evnt}'}", `f.yaml:4:33: /x-delivery/eventName/value: no body of an event has the place /evnt; did you mean "/event"?`},
		"no such key":          {"dedupKey: {value: /data/idd}", `/x-delivery/dedupKey/value: no body of an event has the place /data/idd; did you mean "/data/id"?`},
		"pointer":              {"dedupKey: {value: data.id}", `"data.id" is not a JSON pointer; write it as /data/id`},
		"time in a leaf":       {"eventTime: {value: /event/at}", `no body of an event has the place /event/at`},
		"flag":                 {"atLeastOnce: {value: 'yes'}", `"yes" is neither true nor false`},
		"counts":               {"disableAfter: {value: 3, counts: tries}", `/x-delivery/disableAfter/counts: "tries" is not one of retries, attempts`},
	}
	const body = "{type: object, properties: {event: {type: string}, data: {type: object, properties: {id: {type: string}}}}}"
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := contract.Parse("f.yaml", append(wrapped(body, ""), "x-delivery: {"+c.rule+"}\n"...), "")
			var fault *contract.DocumentError
			require.ErrorAs(t, err, &fault)
			require.Equal(t, 4, fault.Line)
			require.ErrorContains(t, err, c.want)
		})
	}
}

// A schema that lists no properties may have any, and so may one that says what others are like.
func TestPlacesOfOpenBodiesAreNotRefused(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		"{type: object}", "{}", "{type: object, additionalProperties: {type: string}}", "{properties: {other: {}}, patternProperties: {'^e': {}}}",
		"{oneOf: [{type: object, properties: {a: {}}}, {type: object, properties: {event: {}}}]}",
		"{allOf: [{type: object, properties: {a: {}}}, {properties: {event: {}}}]}",
	} {
		_, err := contract.Parse("f.yaml", append(wrapped(body, ""), "x-delivery: {eventName: {value: '{/event}'}}\n"...), "")
		require.NoError(t, err, body)
	}
}

func TestTimestampsAreInTheUnitThatTheDocumentSays(t *testing.T) {
	t.Parallel()
	at := time.UnixMilli(1_700_000_000_500)
	for unit, want := range map[string]string{"": "1700000000500", ", timestampUnit: ms": "1700000000500", ", timestampUnit: s": "1700000000"} {
		p, err := contract.Parse("f.yaml", signedDocument("{scheme: hmac-sha256, header: X-Sig, encoding: hex, content: 'timestamp:body', timestampHeader: X-Time, tolerance: 5m"+unit+"}"), "")
		require.NoError(t, err)
		scheme := p.Rules.Signature.Value.SigningScheme()
		h := http.Header{}
		scheme.Sign(h, "k", []byte("{}"), at)
		require.Equal(t, want, h.Get("X-Time"), unit)
		require.NoError(t, scheme.Verify(h, "k", []byte("{}"), at.Add(time.Minute)), unit)
		require.ErrorIs(t, scheme.Verify(h, "k", []byte("{}"), at.Add(10*time.Minute)), signing.ErrStale, unit)
		require.NotEmpty(t, p.Rules.Signature.Value.TimestampUnit)
	}
}

func TestPlatformsAreNamedPlainly(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ from, to, want string }{
		{"name: small", "name: my platform", `small.yaml:4:9: /x-platform/name: the name "my platform": want letters, digits, - _ and full stops`},
		{"name: small", "name: no/../x", `the name "no/../x": want letters`},
		{"name: small", "name: ..", `the name "..": want letters`},
		{"name: small", "name: [a]", `/x-platform/name: the name "": want letters`},
		{"['1', '2']", "['2', 'a,b']", `/x-platform/revisions/1: the revision "a,b": want letters`},
		{"['1', '2']", "['2', '2']", `/x-platform/revisions/1: the revision "2" is there twice`},
		{"name: small", "name: small\n  alaises: {a: '2'}", `/x-platform/alaises: unknown key of x-platform "alaises"; did you mean "aliases"?`},
		{"name: small", "name: small\n  aliases: {a: '3'}", `/x-platform/aliases/a: unknown revision "3"`},
		{"name: small", "name: small\n  aliases: {'a b': '2'}", `/x-platform/aliases/a b: the alias "a b": want letters`},
	} {
		require.Contains(t, small, c.from)
		_, err := contract.Parse("small.yaml", []byte(strings.Replace(small, c.from, c.to, 1)), "")
		var fault *contract.DocumentError
		require.ErrorAs(t, err, &fault, c.to)
		require.ErrorContains(t, err, c.want)
	}
}

func TestAPostThatIsLeftOutIsNotMissing(t *testing.T) {
	t.Parallel()
	parse := func(since string) error {
		_, err := contract.Parse("small.yaml", []byte(strings.Replace(small, "    post:\n", "    post:\n      x-since: '"+since+"'\n", 1)), "1")
		return err
	}
	require.EqualError(t, parse("2030"), `small.yaml:23:16: /webhooks/thing.made/post/x-since: x-since: unknown revision "2030"; there is 1, 2`)
	require.EqualError(t, parse("2"), `small.yaml:23:7: /webhooks/thing.made/post: the webhook thing.made has no post operation at small@1; put x-since, x-until or x-option beside post, to leave the event out`)
	require.NoError(t, parse("1"))
}

// A document needs none of our extensions, and so not all of them if it has one.
func TestMissingRulesAreAssumedBesideAPlatform(t *testing.T) {
	t.Parallel()
	const body = "{type: object, required: [id, type], properties: {id: {type: string}, type: {const: e}}}"
	src := append(wrapped(body, ""), "x-platform: {name: acme, revisions: ['1', '2']}\n"...)
	p, err := contract.Parse("f.yaml", src, "1")
	require.NoError(t, err)
	require.Equal(t, "acme@1", p.String())
	require.Contains(t, said(p), "/x-delivery/timeout: not said; chosen: 10s")
	require.Contains(t, said(p), "/webhooks: no event has an x-grade")
	require.NotContains(t, said(p), "/x-platform")
	require.Equal(t, "/id", p.Rules.DedupKey.Value)
	require.True(t, p.Foreign())

	// One that says of its events where they are known from is read strictly, but for the rules that it lacks.
	lacking := strings.Replace(small, "  timeout: {value: 10s, grade: chosen, source: {page: p, date: 2026-01-01}}\n", "", 1)
	require.NotEqual(t, small, lacking)
	p, err = contract.Parse("small.yaml", []byte(lacking), "")
	require.NoError(t, err)
	require.False(t, p.Foreign())
	require.Equal(t, "small.yaml:7: /x-delivery/timeout: not said; chosen: 10s: a common time to wait", said(p))
	require.Equal(t, 10*time.Second, p.Rules.Timeout.Value)

	before, rest, _ := strings.Cut(small, "x-delivery:\n")
	_, after, _ := strings.Cut(rest, "webhooks:")
	p, err = contract.Parse("small.yaml", []byte(before+"webhooks:"+after), "")
	require.NoError(t, err)
	require.Len(t, p.Assumptions(), 13)
	require.Equal(t, contract.Chosen, p.Rules.EventName.Grade)

	whole, err := contract.Load("mighty")
	require.NoError(t, err)
	require.Empty(t, whole.Assumptions())
	require.True(t, whole.BuiltIn())
	require.False(t, p.BuiltIn())
}

func TestLintFindsEventsOfOneName(t *testing.T) {
	t.Parallel()
	event := func(name, constant string) string {
		return "  " + name + ": {post: {x-grade: chosen, x-source: {page: p, date: 2026-01-01}, requestBody: {content: {application/json: {example: {}, schema: " +
			"{type: object, required: [event], properties: {event: {const: " + constant + "}}}}}}}}\n"
	}
	lint := func(constant string) (out []string) {
		src := "openapi: 3.1.0\nx-platform: {name: a, revisions: ['1']}\nx-delivery: {eventName: {value: '{/event}', grade: chosen, source: {page: p, date: 2026-01-01}}}\nwebhooks:\n"
		p, err := contract.Parse("a.yaml", []byte(src+event("made", "made")+event("lost", constant)), "")
		require.NoError(t, err)
		for _, finding := range contract.Lint(p) {
			out = append(out, finding.Error())
		}
		return out
	}
	require.Empty(t, lint("lost"))
	require.Equal(t, []string{`a.yaml:6:1: /webhooks/lost: a body of lost names its event "made" at {/event}, as one of made does, so that nobody can tell them apart`}, lint("made"))
}

// What bodies call an event need not be its webhook's name, also where the document says itself where they do.
func TestNamesOfEventsFollowTheStatedPlace(t *testing.T) {
	t.Parallel()
	src := "openapi: 3.1.0\nx-delivery: {eventName: {value: '{/data/what}'}}\nwebhooks:\n"
	for _, name := range []string{"made", "lost"} {
		src += "  " + name + ": {post: {requestBody: {content: {application/json: {schema: {type: object, required: [type, data], properties: " +
			"{type: {const: t-" + name + "}, data: {type: object, required: [what], properties: {what: {const: was-" + name + "}}}}}}}}}}\n"
	}
	p, err := contract.Parse("f.yaml", []byte(src), "")
	require.NoError(t, err)
	event, err := p.Identify([]byte(`{"type":"t-lost","data":{"what":"was-lost"}}`))
	require.NoError(t, err)
	require.Equal(t, "lost", event.Name)
}
