package mockserver_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver/client"
)

// tribeRevisions are the revisions that the API is tested with.
var tribeRevisions = []string{"tribe@2021-12", "bettermode@2023"}

// A tribeApp asks Tribe's API about the app of a community.
type tribeApp struct {
	*mock
	id, token string
}

func (m *mock) tribe(c *client.Community) tribeApp { return tribeApp{m, c.ID, c.Token} }

type tribeReply struct {
	answer
	Data struct {
		App                  *tribeFields
		UpdateApp            *tribeFields
		GlobalUpdateApp      *tribeFields
		GlobalApp            *tribeFields
		Test                 *struct{ Status string }
		GlobalTestAppWebhook *struct{ Status string }
		GlobalEventTypes     []tribeEvent
	}
	Errors []struct {
		Message    string
		Path       []any
		Extensions struct{ Code string }
	}
	Extensions struct{ Problems []string }
}

type tribeFields struct {
	ID, Name             string
	WebhookURL           *string
	WebhookSubscriptions []string
	WebhookSignSecret    *string
}

type tribeEvent struct {
	Name, Description                           string
	Noun, Verb, ShortDescription, RequiredScope *string
}

const tribeFragment = ` fragment all on App { id name webhookUrl webhookSubscriptions webhookSignSecret }`

// ask sends a document; $id is the app's own unless the variables have another one.
func (a tribeApp) ask(query string, variables map[string]any) tribeReply {
	a.t.Helper()
	all := map[string]any{"id": a.id}
	for name, value := range variables {
		all[name] = value
	}
	if strings.Contains(query, "...all") {
		query += tribeFragment
	}
	body, err := json.Marshal(map[string]any{"query": query, "variables": all, "operationName": nil})
	require.NoError(a.t, err)
	out := tribeReply{answer: a.do("POST", "/graphql", string(body), "Authorization", "Bearer "+a.token, "Content-Type", "application/json")}
	require.NoError(a.t, json.Unmarshal(out.body, &out), "%s", out.body)
	return out
}

// fields asks for the app.
func (a tribeApp) fields() tribeFields {
	a.t.Helper()
	out := a.ask(`query($id: ID!) { app(id: $id) { ...all } }`, nil)
	require.Empty(a.t, out.Errors)
	return *out.Data.App
}

const updateApp = `mutation($id: ID!, $input: UpdateAppInput!) { updateApp(id: $id, input: $input) { ...all } }`

// update changes the app.
func (a tribeApp) update(input map[string]any) tribeFields {
	a.t.Helper()
	out := a.ask(updateApp, map[string]any{"input": input})
	require.Equal(a.t, 200, out.status)
	require.Empty(a.t, out.Errors)
	return *out.Data.UpdateApp
}

// test sends the TEST request.
func (a tribeApp) test(url string) tribeReply {
	a.t.Helper()
	return a.ask(`mutation($id: ID!, $url: String!) { globalTestAppWebhook(appId: $id, input: {webhookUrl: $url}) { status } }`, map[string]any{"url": url})
}

// requireTribeSignature recomputes the signature, with nothing but the standard library.
func requireTribeSignature(t *testing.T, revision, secret string, r received) {
	t.Helper()
	prefix := "X-Tribe"
	if strings.HasPrefix(revision, "bettermode") {
		prefix = "X-Bettermode"
	}
	stamp := r.header.Get(prefix + "-Request-Timestamp")
	_, err := strconv.ParseInt(stamp, 10, 64)
	require.NoError(t, err)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(stamp + ":"))
	mac.Write(r.body)
	require.Equal(t, hex.EncodeToString(mac.Sum(nil)), r.header.Get(prefix+"-Signature"))
}

// echo answers the TEST request as it is documented, and everything else with 200.
func echo(_ int, w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(bytes.ReplaceAll(testAnswer, []byte("CHALLENGE"), []byte(challengeOf(r))))
}

var testAnswer = []byte(`{"type":"TEST","status":"SUCCEEDED","data":{"challenge":"CHALLENGE"}}`)

func challengeOf(r *http.Request) string {
	challenge, _ := contract.Lookup(bodyOf(r), "/data/challenge").(string)
	return challenge
}

// The life of an app: no webhook, one, another address, other events, none; and what is delivered meanwhile.
func TestTribeApp(t *testing.T) {
	t.Parallel()
	for _, revision := range tribeRevisions {
		t.Run(revision, func(t *testing.T) {
			t.Parallel()
			m := newMock(t)
			c := m.community(client.NewCommunity{Platform: revision, Name: "Town", Secret: client.Of("sign-secret")})
			app := m.tribe(c)
			first, second := newReceiver(t, always(200)), newReceiver(t, always(200))
			none := tribeFields{ID: c.ID, Name: "Town", WebhookSubscriptions: []string{}, WebhookSignSecret: client.Of("sign-secret")}
			require.Equal(t, none, app.fields())

			some := none
			some.WebhookURL, some.WebhookSubscriptions = &first.URL, []string{"member.created", "member.updated"}
			require.Equal(t, some, app.update(map[string]any{"webhookUrl": first.URL, "webhookSubscriptions": some.WebhookSubscriptions}))
			require.Equal(t, some, app.fields())
			webhooks, err := m.Webhooks(m.ctx, c.ID)
			require.NoError(t, err)
			require.Len(t, webhooks, 1)
			require.Equal(t, first.URL, webhooks[0].URL)

			created := m.emit(c.ID, "member.created")
			require.Empty(t, m.emit(c.ID, "member.verified").Deliveries, "not subscribed")
			m.settle(c.ID)
			require.Len(t, first.got(), 1)
			require.Equal(t, created.ID, contract.Lookup(first.got()[0].body, "/data/id"))
			requireTribeSignature(t, revision, "sign-secret", first.got()[0])

			some.WebhookURL = &second.URL
			require.Equal(t, some, app.update(map[string]any{"webhookUrl": second.URL}), "the subscriptions stay")
			some.WebhookSubscriptions = []string{"member.verified"}
			require.Equal(t, some, app.update(map[string]any{"webhookSubscriptions": some.WebhookSubscriptions}), "the URL stays")
			m.emit(c.ID, "member.created")
			m.emit(c.ID, "member.verified")
			m.settle(c.ID)
			require.Len(t, first.got(), 1)
			require.Len(t, second.got(), 1)
			require.Equal(t, "member.verified", contract.Lookup(second.got()[0].body, "/data/name"))

			require.Equal(t, none, app.update(map[string]any{"webhookUrl": nil}))
			require.Equal(t, none, app.fields())
			m.emit(c.ID, "member.verified")
			m.settle(c.ID)
			require.Len(t, second.got(), 1)

			require.Equal(t, &second.URL, app.update(map[string]any{"webhookUrl": second.URL, "webhookSubscriptions": []string{"member.created"}}).WebhookURL)
			require.Equal(t, none, app.update(map[string]any{"webhookUrl": ""}), "an empty text is as good as null")
			require.Equal(t, none, app.update(map[string]any{"webhookUrl": ""}), "and removes nothing a second time")
			require.Equal(t, none, app.update(map[string]any{"webhookSubscriptions": []string{}}))
		})
	}
}

// A URL may come before its subscriptions, as the portal saves them.
func TestTribeSubscriptionsComeLater(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	c := m.community(client.NewCommunity{})
	app := m.tribe(c)
	r := newReceiver(t, always(200))
	delivered := func() int {
		m.emit(c.ID, "member.created")
		m.settle(c.ID)
		return len(r.got())
	}
	got := app.update(map[string]any{"webhookUrl": r.URL})
	require.Equal(t, &r.URL, got.WebhookURL)
	require.Equal(t, []string{}, got.WebhookSubscriptions)
	require.Zero(t, delivered())
	require.Equal(t, []string{"member.created"}, app.update(map[string]any{"webhookSubscriptions": []string{"member.created"}}).WebhookSubscriptions)
	require.Equal(t, 1, delivered())
	require.Equal(t, []string{"member.created"}, app.update(map[string]any{"webhookUrl": r.URL, "webhookSubscriptions": nil}).WebhookSubscriptions)
	got = app.update(map[string]any{"webhookSubscriptions": []string{}})
	require.Equal(t, []string{}, got.WebhookSubscriptions)
	require.Equal(t, &r.URL, got.WebhookURL)
	require.Equal(t, 1, delivered())

	// A variable that is not there is a field that is left out, not a null that removes the webhook.
	out := app.ask(`mutation($id: ID!, $url: String, $names: [String!]) {
		updateApp(id: $id, input: {webhookUrl: $url, webhookSubscriptions: $names}) { ...all } }`, map[string]any{"names": []string{"member.created"}})
	require.Empty(t, out.Errors)
	require.Equal(t, &r.URL, out.Data.UpdateApp.WebhookURL)
	out = app.ask(`mutation($id: ID!) { updateApp(id: $id, input: {webhookUrl: null}) { ...all } }`, nil)
	require.Empty(t, out.Errors)
	require.Nil(t, out.Data.UpdateApp.WebhookURL)
}

// The app shows the oldest webhook, also one that the control API made, and leaves the others alone.
func TestTribeBesideTheControlAPI(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	c := m.community(client.NewCommunity{})
	app := m.tribe(c)
	oldest, err := m.CreateWebhook(m.ctx, c.ID, client.NewWebhook{URL: "http://localhost:1/a", Events: []string{"*"}, Secret: client.Of("its own")})
	require.NoError(t, err)
	other := m.webhook(c.ID, "http://localhost:1/b")

	got := app.fields()
	require.Equal(t, &oldest.URL, got.WebhookURL)
	require.Equal(t, client.Of("its own"), got.WebhookSignSecret)
	platform, err := contract.Load("tribe")
	require.NoError(t, err)
	require.Equal(t, platform.EventNames(), got.WebhookSubscriptions, "Tribe has no name for all")

	app.update(map[string]any{"webhookUrl": "http://localhost:1/c"})
	left, err := m.Webhook(m.ctx, c.ID, other.ID)
	require.NoError(t, err)
	other.Secret = "" // shown on creation only
	require.Equal(t, other, left)
	require.Equal(t, &other.URL, app.update(map[string]any{"webhookUrl": nil}).WebhookURL)
}

func TestTribeNames(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	c := m.community(client.NewCommunity{Secret: client.Of("")})
	app := m.tribe(c)
	out := app.ask(`mutation($id: ID!) { globalUpdateApp(id: $id, input: {webhookUrl: "http://localhost:1/", webhookSubscriptions: "member.created"}) { ...all } }`, nil)
	require.Empty(t, out.Errors)
	want := &tribeFields{ID: c.ID, Name: c.Name, WebhookURL: client.Of("http://localhost:1/"), WebhookSubscriptions: []string{"member.created"}}
	require.Equal(t, want, out.Data.GlobalUpdateApp, "an empty secret is null")
	out = app.ask(`query($id: ID!) { globalApp(id: $id) { ...all } }`, nil)
	require.Equal(t, want, out.Data.GlobalApp)
	out = app.ask(`{ globalApp { id } }`, nil)
	require.Equal(t, "invalid_value", out.Errors[0].Extensions.Code)
	out = app.ask(`mutation($id: ID!) { test: testAppWebhook(appId: $id, input: {webhookUrl: "http://127.0.0.1:1/"}) { status } }`, nil)
	require.Equal(t, "failed", out.Data.Test.Status)
}

func TestTribeEventTypes(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	for _, revision := range tribeRevisions {
		platform, err := contract.Load(revision)
		require.NoError(t, err)
		app := m.tribe(m.community(client.NewCommunity{Platform: revision}))
		out := app.ask(`{ globalEventTypes { name noun verb description shortDescription requiredScope } }`, nil)
		require.Empty(t, out.Errors)
		names := []string{}
		for _, e := range out.Data.GlobalEventTypes {
			names = append(names, e.Name)
			require.NotEmpty(t, e.Description)
			require.Nil(t, e.RequiredScope)
			for _, text := range []*string{e.Noun, e.Verb, e.ShortDescription} {
				require.NotNil(t, text, e.Name)
				require.NotEmpty(t, *text, e.Name)
			}
		}
		require.Equal(t, platform.EventNames(), names)
		require.Equal(t, tribeEvent{
			Name: "member.verified", Noun: client.Of("MEMBER"), Verb: client.Of("VERIFIED"), ShortDescription: client.Of("Create Member"),
			Description: "A member verifies the account and becomes active.",
		}, out.Data.GlobalEventTypes[1])
	}
}

// The TEST request goes to the address that is given, is signed, and fails for what is wrong with the answer.
func TestTribeTestWebhook(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	for _, revision := range tribeRevisions {
		c := m.community(client.NewCommunity{Platform: revision, Secret: client.Of("sign-secret"), RateLimit: client.Of(0)})
		app := m.tribe(c)
		good := newReceiver(t, echo)
		out := app.test(good.URL)
		require.Empty(t, out.Errors)
		require.Equal(t, "succeeded", out.Data.GlobalTestAppWebhook.Status)
		require.NotContains(t, string(out.body), "extensions")
		require.Len(t, good.got(), 1)
		require.Equal(t, "TEST", contract.Lookup(good.got()[0].body, "/type"))
		requireTribeSignature(t, revision, "sign-secret", good.got()[0])
		require.Nil(t, app.fields().WebhookURL, "nothing is saved")

		for name, test := range map[string]struct {
			answer  func(int, http.ResponseWriter, *http.Request)
			problem string
		}{
			"wrong challenge": {func(_ int, w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				_, _ = w.Write(testAnswer)
			}, `/data/challenge of the body is "CHALLENGE", want`},
			"500": {func(n int, w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(500)
				echo(n, w, r)
			}, "the status is 500, want 200"},
			"nothing but 200": {always(200), "the body is not JSON"},
		} {
			out := app.test(newReceiver(t, test.answer).URL)
			require.Empty(t, out.Errors)
			require.Equal(t, "failed", out.Data.GlobalTestAppWebhook.Status, name)
			require.Contains(t, strings.Join(out.Extensions.Problems, "\n"), test.problem)
		}
		dead := newReceiver(t, echo)
		dead.Close()
		out = app.test(dead.URL)
		require.Equal(t, "failed", out.Data.GlobalTestAppWebhook.Status)
		require.Len(t, out.Extensions.Problems, 1)
	}

	// A webhook with a secret of its own, which webhookSignSecret then shows.
	c := m.community(client.NewCommunity{})
	_, err := m.CreateWebhook(m.ctx, c.ID, client.NewWebhook{URL: "http://localhost:1/", Events: []string{"*"}, Secret: client.Of("its own")})
	require.NoError(t, err)
	r := newReceiver(t, echo)
	require.Equal(t, "succeeded", m.tribe(c).test(r.URL).Data.GlobalTestAppWebhook.Status)
	requireTribeSignature(t, "tribe", "its own", r.got()[0])
}

// A test ends when its caller goes away, and when its community does.
func TestTribeTestWebhookEnds(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	c := m.community(client.NewCommunity{TimeoutMS: 600_000})
	app := m.tribe(c)
	arrived, gone := make(chan struct{}, 1), make(chan struct{}, 1)
	slow := newReceiver(t, func(_ int, _ http.ResponseWriter, r *http.Request) {
		arrived <- struct{}{}
		<-r.Context().Done()
		gone <- struct{}{}
	})
	ctx, cancel := context.WithCancel(m.ctx)
	go func() {
		<-arrived
		cancel()
	}()
	body := fmt.Sprintf(`{"query":"mutation { testAppWebhook(appId: \"%s\", input: {webhookUrl: \"%s\"}) { status } }"}`, c.ID, slow.URL)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, m.url+"/graphql", strings.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("Authorization", "Bearer "+c.Token)
	response, err := http.DefaultTransport.RoundTrip(r)
	if err == nil {
		response.Body.Close()
	}
	require.ErrorIs(t, err, context.Canceled)
	<-gone

	deleted := make(chan error, 1)
	go func() {
		<-arrived
		deleted <- m.DeleteCommunity(m.ctx, c.ID)
	}()
	out := app.test(slow.URL)
	require.NoError(t, <-deleted)
	require.Len(t, out.Errors, 1)
	require.Equal(t, "community_reset", out.Errors[0].Extensions.Code)
	<-gone
}

// What is refused, with which code, and that nothing is changed by it.
func TestTribeRefuses(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	c := m.community(client.NewCommunity{RateLimit: client.Of(0)})
	other := m.community(client.NewCommunity{})
	app := m.tribe(c)
	fresh := m.tribe(m.community(client.NewCommunity{RateLimit: client.Of(0)}))
	before := app.update(map[string]any{"webhookUrl": "http://localhost:1/", "webhookSubscriptions": []string{"member.created"}})
	empty := fresh.fields()
	names := []string{"member.created"}
	for _, test := range []struct {
		input         map[string]any
		code, message string
	}{
		{map[string]any{}, "invalid_value", "changes nothing"},
		{map[string]any{"webhookUrl": "http://localhost:2/", "webhookSubscriptions": []string{"member.create"}}, "unknown_event", `did you mean "member.created"?`},
		{map[string]any{"webhookUrl": "http://localhost:2/", "webhookSubscriptions": []string{"*"}}, "unknown_event", `unknown event of tribe@2021-12 "*"`},
		{map[string]any{"webhookUrl": "http://localhost:2/", "webhookSubscriptions": []string{"TEST"}}, "unknown_event", `"TEST"`},
		{map[string]any{"webhookUrl": "http://localhost:2/", "webhookSubscriptions": []string{"space.created"}}, "unknown_event", `"space.created"`},
		{map[string]any{"webhookUrl": "http://localhost:2/", "webhookSubscriptions": []string{"member.created", "member.created"}}, "invalid_value", "twice"},
		{map[string]any{"webhookUrl": "http://a:b@localhost/", "webhookSubscriptions": names}, "invalid_value", "user name or password"},
		{map[string]any{"webhookUrl": "ftp://localhost/", "webhookSubscriptions": names}, "invalid_value", `"ftp://localhost/"`},
		{map[string]any{"webhookUrl": "localhost:3000/hooks", "webhookSubscriptions": names}, "invalid_value", "absolute http or https"},
		{map[string]any{"webhookUrl": "http://10.0.0.1/", "webhookSubscriptions": names}, "host_not_allowed", "--allow-host 10.0.0.1"},
		{map[string]any{"webhookUrl": "http://10.0.0.1/"}, "host_not_allowed", "10.0.0.1"},
		{map[string]any{"webhookUrl": nil, "webhookSubscriptions": names}, "invalid_value", "no webhookUrl"},
	} {
		for _, a := range []tribeApp{app, fresh} {
			out := a.ask(updateApp, map[string]any{"input": test.input})
			require.Equal(t, 200, out.status)
			require.Len(t, out.Errors, 1, "%v", test.input)
			require.Equal(t, test.code, out.Errors[0].Extensions.Code, "%v: %s", test.input, out.body)
			require.Contains(t, out.Errors[0].Message, test.message)
			require.Equal(t, []any{"updateApp"}, out.Errors[0].Path)
			require.Nil(t, out.Data.UpdateApp)
		}
	}
	require.Equal(t, "invalid_value", fresh.ask(updateApp, map[string]any{"input": map[string]any{"webhookSubscriptions": names}}).Errors[0].Extensions.Code)
	require.Equal(t, before, app.fields())
	require.Equal(t, empty, fresh.fields())

	for url, code := range map[string]string{"": "invalid_value", "ftp://localhost/": "invalid_value", "http://a:b@localhost/": "invalid_value", "http://10.0.0.1/": "host_not_allowed"} {
		out := app.test(url)
		require.Equal(t, 200, out.status)
		require.Equal(t, code, out.Errors[0].Extensions.Code, url)
	}
	for _, id := range []string{"nope", other.ID} {
		for _, query := range []string{
			`query($id: ID!) { app(id: $id) { id } }`,
			`mutation($id: ID!) { updateApp(id: $id, input: {webhookUrl: null}) { id } }`,
			`mutation($id: ID!) { testAppWebhook(appId: $id, input: {webhookUrl: "http://localhost:1/"}) { status } }`,
		} {
			out := app.ask(query, map[string]any{"id": id})
			require.Equal(t, "unknown_app", out.Errors[0].Extensions.Code)
			require.Equal(t, `there is no app "`+id+`"; the app of this token is "`+c.ID+`"`, out.Errors[0].Message, "nothing is said of whether it is another's")
		}
	}
	deep := "{ __schema { types " + strings.Repeat("{ fields { type ", 30) + "{ name }" + strings.Repeat("} }", 30) + " } }"
	var many strings.Builder
	for i := range 1001 {
		fmt.Fprintf(&many, " x%d: __typename", i)
	}
	for query, message := range map[string]string{
		`{ app(id: "x") { nope } }`:                     "nope",
		`{ app { id } }`:                                "id",
		`{ app(`:                                        "syntax error",
		`{ app(id: "x") }`:                              "subfields",
		`subscription { app(id: "x") { id } }`:          "",
		`fragment f on App { id }`:                      "",
		`query a { __typename } query b { __typename }`: "",
		`mutation { updateApp(id: "x", input: {name: "y"}) { id } }`: "name",
		deep: "depth",
		"{ __typename } #" + strings.Repeat("x", 64<<10):                                             "query length",
		"{" + strings.Repeat(" ...f", 600) + "} fragment f on Query { a: __typename b: __typename }": "pairs",
		"{" + many.String() + "}": "selections",
	} {
		out := app.ask(query, nil)
		require.Equal(t, 200, out.status, "%.60s", query)
		require.NotEmpty(t, out.Errors, "%.60s: %s", query, out.body)
		require.Equal(t, "bad_query", out.Errors[0].Extensions.Code)
		require.Contains(t, out.Errors[0].Message, message, "%.60s", query)
	}
	require.Equal(t, before, app.fields())
}

// Each mutation of a document is done or refused by itself.
func TestTribeSeveralMutations(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	app := m.tribe(m.community(client.NewCommunity{}))
	out := app.ask(`mutation($id: ID!) {
		updateApp(id: $id, input: {webhookUrl: "http://localhost:1/", webhookSubscriptions: ["member.created"]}) { id }
		test: testAppWebhook(appId: $id, input: {webhookUrl: "http://example.com/"}) { status }
	}`, nil)
	require.Len(t, out.Errors, 1)
	require.Equal(t, []any{"test"}, out.Errors[0].Path)
	require.Equal(t, client.Of("http://localhost:1/"), app.fields().WebhookURL)

}

// Requests that are none.
func TestTribeRequests(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	c := m.community(client.NewCommunity{RateLimit: client.Of(0)})
	for _, test := range []struct {
		method, path, body string
		status             int
		code, message      string
	}{
		{"POST", "/graphql", ``, 400, "bad_json", "empty"},
		{"POST", "/graphql", "{\n  \"query\": x}", 400, "bad_json", "line 2, column 12"},
		{"POST", "/graphql", `[{"query":"{__typename}"}]`, 400, "bad_json", "an array"},
		{"POST", "/graphql", `{ __typename }`, 400, "bad_json", "not JSON"},
		{"POST", "/graphql", `{}`, 400, "invalid_value", "query is missing"},
		{"POST", "/graphql", `{"query":null}`, 400, "invalid_value", "query is missing"},
		{"POST", "/graphql", `{"query":7}`, 400, "invalid_value", "query is 7, want a string"},
		{"POST", "/graphql", `{"query":"{__typename}","variables":[]}`, 400, "invalid_value", "variables is [], want an object"},
		{"POST", "/graphql", `{"query":"{__typename}","operationName":1}`, 400, "invalid_value", "operationName is 1"},
		{"POST", "/graphql", `{"querry":"{__typename}"}`, 400, "unknown_field", `did you mean "query"?`},
		{"POST", "/graphql", `{"query":"` + strings.Repeat("x", 1<<20) + `"}`, 413, "body_too_large", "1048576"},
		{"POST", "/graphql", `{"query":"{__typename}","variables":null,"operationName":null,"extensions":{"x":1}}`, 200, "", `{"data":{"__typename":"Query"}}`},
		{"POST", "/graphql", `{"query":"query a {__typename} query b {x:__typename}","operationName":"b"}`, 200, "", `{"data":{"x":"Query"}}`},
		{"GET", "/graphql?query=%7B__typename%7D", ``, 405, "method_not_allowed", "use POST"},
		{"POST", "/graphql/", `{}`, 404, "unknown_route", "/graphql/"},
	} {
		got := m.do(test.method, test.path, test.body, "Authorization", "Bearer "+c.Token)
		require.Equal(t, test.status, got.status, "%.80s: %s", test.body, got.body)
		require.Contains(t, strings.ReplaceAll(string(got.body), `\"`, `"`), test.message)
		if test.code != "" {
			require.Equal(t, test.code, got.errorCode(t))
			require.Contains(t, string(got.body), `{"errors":[{`)
		}
	}
}

func TestTribeTokens(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	c := m.community(client.NewCommunity{})
	tryno := m.community(client.NewCommunity{Platform: "tryno"})
	app := m.tribe(c)
	app.update(map[string]any{"webhookUrl": "http://localhost:1/", "webhookSubscriptions": []string{"member.created"}})
	for _, token := range []string{"", "wrong", c.Token + "x", tryno.Token} {
		app.token = token
		for _, query := range []string{updateApp, `{ __typename }`, `{ nope`} {
			out := app.ask(query, map[string]any{"input": map[string]any{"webhookUrl": nil}})
			require.Equal(t, 200, out.status)
			require.Len(t, out.Errors, 1)
			require.Equal(t, "unauthorized", out.Errors[0].Extensions.Code)
			require.NotContains(t, string(out.body), c.ID)
			require.NotContains(t, string(out.body), `"data"`)
		}
	}
	app.token = c.Token
	require.NotNil(t, app.fields().WebhookURL)
	require.NoError(t, m.DeleteCommunity(m.ctx, c.ID))
	require.Equal(t, "unauthorized", app.ask(`{ __typename }`, nil).Errors[0].Extensions.Code)
}

func TestTribeRateLimit(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	c := m.community(client.NewCommunity{RateLimit: client.Of(2)})
	app := m.tribe(c)
	begun := time.Now()
	for range 2 {
		out := app.ask(`{ __typename }`, nil)
		require.Equal(t, 200, out.status)
		require.Empty(t, out.header.Get("X-Quota-Limit"))
		require.Empty(t, out.header.Get("Retry-After"))
	}
	out := app.ask(updateApp, map[string]any{"input": map[string]any{"webhookUrl": "http://localhost:1/"}})
	require.Equal(t, 429, out.status)
	require.Equal(t, "rate_limited", out.Errors[0].Extensions.Code)
	after, err := strconv.Atoi(out.header.Get("Retry-After"))
	require.NoError(t, err)
	require.LessOrEqual(t, after, 10)
	require.GreaterOrEqual(t, after, 1)
	require.Equal(t, "requests", out.header.Get("X-Quota-Type"))
	require.Equal(t, "10", out.header.Get("X-Quota-Duration"))
	require.Equal(t, "2", out.header.Get("X-Quota-Limit"))
	require.Equal(t, "0", out.header.Get("X-Quota-Remaining"))
	reset, err := time.Parse(time.RFC3339Nano, out.header.Get("X-Quota-Resets-At"))
	require.NoError(t, err)
	require.WithinRange(t, reset, begun.Add(10*time.Second), time.Now().Add(10*time.Second))
	webhooks, err := m.Webhooks(m.ctx, c.ID)
	require.NoError(t, err)
	require.Empty(t, webhooks)
	require.Equal(t, 200, m.tribe(m.community(client.NewCommunity{})).ask(`{ __typename }`, nil).status, "another community's limit is its own")

	free := m.tribe(m.community(client.NewCommunity{RateLimit: client.Of(0)}))
	usual := m.tribe(m.community(client.NewCommunity{}))
	for range 100 {
		require.Equal(t, 200, free.ask(`{ __typename }`, nil).status)
		require.Equal(t, 200, usual.ask(`{ __typename }`, nil).status)
	}
	require.Equal(t, 200, free.ask(`{ __typename }`, nil).status)
}

// The query that graphql-js sends by default, with descriptions.
func TestTribeIntrospection(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	out := m.tribe(m.community(client.NewCommunity{})).ask(`query IntrospectionQuery {
		__schema { queryType { name } mutationType { name } subscriptionType { name } types { ...FullType }
			directives { name description locations args { ...InputValue } } } }
		fragment FullType on __Type { kind name description
			fields(includeDeprecated: true) { name description args { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason }
			inputFields { ...InputValue } interfaces { ...TypeRef }
			enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } possibleTypes { ...TypeRef } }
		fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue }
		fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
			ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } } }`, nil)
	require.Empty(t, out.Errors)
	for _, name := range []string{"App", "EventType", "Action", "ActionStatus", "UpdateAppInput", "globalTestAppWebhook", "webhookSignSecret", "requiredScope"} {
		require.Contains(t, string(out.body), `"name":"`+name+`"`)
	}
	require.Contains(t, string(out.body), "Where deliveries are sent; null if nowhere.")
}
