package export_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/contract/export"
	"github.com/quintain-dev/quintain/contract/jsonptr"
	"github.com/quintain-dev/quintain/fakes"
)

// only exports a format of one file.
func only(t *testing.T, p *contract.Platform, f export.Format) []byte {
	t.Helper()
	files, err := export.Files(p, f)
	require.NoError(t, err)
	require.Len(t, files, 1)
	return files[0].Content
}

func platform(t *testing.T, reference string) *contract.Platform {
	t.Helper()
	p, err := contract.Load(reference)
	require.NoError(t, err)
	return p
}

// decoded exports a format of one file that is JSON.
func decoded(t *testing.T, p *contract.Platform, f export.Format) any {
	t.Helper()
	var v any
	require.NoError(t, json.Unmarshal(only(t, p, f), &v))
	return v
}

func TestOpenAPIIsValid(t *testing.T) {
	t.Parallel()
	for _, p := range append(revisions(t), load(t, "testdata/small.yaml")) {
		loader := openapi3.NewLoader()
		doc, err := loader.LoadFromData(only(t, p, export.OpenAPI))
		require.NoError(t, err, p.String())
		require.NoError(t, doc.Validate(loader.Context), p.String())
	}
}

func TestOpenAPISaysWhatDeliveriesCarry(t *testing.T) {
	t.Parallel()
	tribe := decoded(t, platform(t, "tribe"), export.OpenAPI)
	created := "/webhooks/member.created/post"
	require.Equal(t, "X-Tribe-Signature", contract.At(tribe, created+"/parameters/0/name"))
	require.Equal(t, "X-Tribe-Request-Timestamp", contract.At(tribe, created+"/parameters/1/name"))
	require.Equal(t, "member.created", contract.At(tribe, created+"/requestBody/content/application~1json/example/data/name"))
	require.Contains(t, contract.At(tribe, created+"/responses/2XX/description"), "a 2xx status")
	require.Contains(t, contract.At(tribe, created+"/responses/default/description"), "5s, 25s, 2m5s, 10m25s")

	mighty := decoded(t, platform(t, "mighty@2025-11-07"), export.OpenAPI)
	added := "/webhooks/MemberBadgeAdded/post"
	require.Equal(t, []any{map[string]any{"delivery": []any{}}}, contract.At(mighty, added+"/security"))
	require.Equal(t, "bearer", contract.At(mighty, "/components/securitySchemes/delivery/scheme"))
	require.Contains(t, contract.At(mighty, added+"/responses/200/description"), "200 exactly")
	require.Nil(t, contract.At(mighty, added+"/responses/2XX"))
}

func TestHeadersOfStandardWebhooks(t *testing.T) {
	t.Parallel()
	p, err := platform(t, "tribe").WithSignature(contract.StandardWebhooks)
	require.NoError(t, err)
	doc := decoded(t, p, export.OpenAPI)
	sent := http.Header{}
	p.Rules.Signature.Value.SigningScheme().Sign(sent, "whsec_AAAA whsk_"+strings.Repeat("A", 43)+"=", nil, time.Now())
	for i, name := range p.Rules.Signature.Value.SigningScheme().Headers() {
		parameter := "/webhooks/member.created/post/parameters/" + strconv.Itoa(i)
		require.Equal(t, name, contract.At(doc, parameter+"/name"))
		pattern, _ := contract.At(doc, parameter+"/schema/pattern").(string)
		require.Regexp(t, pattern, sent.Get(name))
		require.NotRegexp(t, pattern, ".,!")
	}
	require.Regexp(t, `HeaderID\s+= "Webhook-Id"`, string(only(t, p, export.Go)))
}

func TestAsyncAPIHasEveryEvent(t *testing.T) {
	t.Parallel()
	for _, p := range append(revisions(t), load(t, "testdata/foreign.yaml")) {
		doc := decoded(t, p, export.AsyncAPI)
		for _, event := range p.EventNames() {
			name := jsonptr.Escape(event)
			require.Equal(t, "send", contract.At(doc, "/operations/"+name+"/action"))
			require.Equal(t, "POST", contract.At(doc, "/operations/"+name+"/bindings/http/method"))
			ref, _ := contract.At(doc, "/channels/webhook/messages/"+name+"/$ref").(string)
			require.NotNil(t, contract.At(doc, strings.TrimPrefix(ref, "#")+"/payload"))
		}
	}
	tribe := decoded(t, platform(t, "tribe"), export.AsyncAPI)
	require.Equal(t, "$message.payload#/data/id", contract.At(tribe, "/components/messages/member.created/correlationId/location"))
}

// Each schema stands alone, and gives the verdicts of the contract.
func TestJSONSchemasJudgeAsTheContract(t *testing.T) {
	t.Parallel()
	world := fakes.NewWorld(3, fakes.Config{})
	for _, p := range revisions(t) {
		files, err := export.Files(p, export.JSONSchema)
		require.NoError(t, err)
		files = slices.DeleteFunc(files, func(f export.File) bool { return !strings.HasPrefix(f.Name, "events/") })
		require.Len(t, files, len(p.Events()))
		for i, event := range p.Events() {
			require.Equal(t, "events/"+event.Name+".schema.json", files[i].Name)
			compiler := jsonschema.NewCompiler()
			compiler.AssertFormat()
			doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(files[i].Content))
			require.NoError(t, err)
			require.NoError(t, compiler.AddResource("schema.json", doc))
			schema, err := compiler.Compile("schema.json")
			require.NoError(t, err)

			generator, err := world.Generator(event)
			require.NoError(t, err)
			body := generator.Append(nil, 1, generator.At(1))
			for _, body := range append(broken(t, body), body) {
				v, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
				require.NoError(t, err)
				require.Equal(t, event.Validate(body) == nil, schema.Validate(v) == nil, "%s of %s: %s", event.Name, p, body)
			}
		}
	}
}

// broken returns copies of a body with one value each removed or replaced.
func broken(t *testing.T, body []byte) [][]byte {
	t.Helper()
	var out [][]byte
	require.NoError(t, jsonptr.Walk(body, func(p jsonptr.Place) error {
		if p.Pointer == "" || len(out) >= 30 {
			return nil
		}
		for _, value := range []string{"", "null", `{"unexpected":true}`, `"another text"`} {
			changed, err := jsonptr.Remove(body, p.Pointer)
			if value != "" {
				changed, err = jsonptr.Set(body, p.Pointer, []byte(value))
			}
			if err != nil {
				return err
			}
			out = append(out, changed)
		}
		return nil
	}))
	return out
}

// What nobody knows the body of is listed and has no type.
func TestEventsKnownByNameOnly(t *testing.T) {
	t.Parallel()
	found := false
	for _, p := range revisions(t) {
		if len(p.NameOnly()) == 0 {
			continue
		}
		found = true
		texts, api := map[export.Format]string{}, decoded(t, p, export.AsyncAPI)
		for _, format := range []export.Format{export.OpenAPI, export.AsyncAPI, export.Go, export.TypeScript} {
			texts[format] = string(only(t, p, format))
		}
		for _, event := range p.NameOnly() {
			for format, text := range texts {
				head, _, _ := strings.Cut(strings.NewReplacer("\n// ", " ").Replace(text), "webhooks\":")
				require.Contains(t, head, event.Name, "%s as %s", p, format)
			}
			require.Nil(t, contract.At(api, "/operations/"+jsonptr.Escape(event.Name)))
			require.NotContains(t, texts[export.Go], `= "`+event.Name+`"`)
			require.NotContains(t, texts[export.TypeScript], `"`+event.Name+`": `)
		}
	}
	require.True(t, found)
}

func TestTypeScriptTellsEventsApart(t *testing.T) {
	t.Parallel()
	// The schema names the event; bodies spell the name in another way, in a member that may be absent; nothing does.
	require.Contains(t, string(only(t, platform(t, "tribe"), export.TypeScript)), `  "member.created": MemberCreated`+"\n")
	hook := string(only(t, platform(t, "mighty@2026-07,event_type=hook"), export.TypeScript))
	require.Contains(t, hook, `  "MemberJoined": MemberJoined & { event_type?: "MemberJoinedHook" }`+"\n")
	require.Contains(t, string(only(t, platform(t, "mighty@2025-11-07"), export.TypeScript)), "Nothing in a body names the event")
}
