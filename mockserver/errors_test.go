package mockserver_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/gorilla/mux"
	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver"
	"github.com/quintain-dev/quintain/mockserver/client"
)

// An answer is a response with its body read.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// do makes a raw request. It follows no redirect.
func (m *mock) do(method, path, body string, header ...string) answer {
	m.t.Helper()
	r, err := http.NewRequestWithContext(m.ctx, method, m.url+path, strings.NewReader(body))
	require.NoError(m.t, err)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	response, err := http.DefaultTransport.RoundTrip(r)
	require.NoError(m.t, err)
	defer response.Body.Close()
	got, err := io.ReadAll(response.Body)
	require.NoError(m.t, err)
	return answer{response.StatusCode, response.Header, got}
}

// errorCode requires an error in the shape of the API that answered, with the status of the answer, and returns its
// code.
func (a answer) errorCode(t *testing.T) string {
	t.Helper()
	require.Equal(t, "application/json; charset=utf-8", a.header.Get("Content-Type"), "%s", a.body)
	var envelope struct {
		Error struct {
			Code, Message string
			Status        int
		}
		Errors []struct { // of GraphQL
			Message    string
			Extensions struct{ Code string }
		}
	}
	require.NoError(t, json.Unmarshal(a.body, &envelope), "%s", a.body)
	if len(envelope.Errors) == 1 {
		envelope.Error.Message, envelope.Error.Code = envelope.Errors[0].Message, envelope.Errors[0].Extensions.Code
		envelope.Error.Status = a.status
	}
	require.Equal(t, a.status, envelope.Error.Status)
	require.NotEmpty(t, envelope.Error.Code)
	require.NotEmpty(t, envelope.Error.Message)
	require.NotContains(t, string(a.body), "goroutine")
	return envelope.Error.Code
}

// paths returns every route with its parameters filled in, and its methods.
func (m *mock) paths(c *client.Community, webhook, delivery string) map[string][]string {
	out := map[string][]string{}
	values := strings.NewReplacer("{community}", c.ID, "{community_id}", c.ID, "{webhook}", webhook, "{id}", webhook,
		"{delivery}", delivery, "{inbox}", "in", "{number}", "1")
	require.NoError(m.t, m.server.Router().Walk(func(route *mux.Route, _ *mux.Router, _ []*mux.Route) error {
		template, err := route.GetPathTemplate()
		require.NoError(m.t, err)
		if methods, err := route.GetMethods(); err == nil {
			path := values.Replace(template)
			out[path] = append(out[path], methods...)
		}
		return nil
	}))
	return out
}

// Every route refuses every other method with 405, JSON and Allow, and every path that is a bit off with 404 and JSON.
func TestWrongMethodsAndPaths(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	c := m.community(client.NewCommunity{Platform: "tryno", RateLimit: client.Of(0)})
	paths := m.paths(c, "w", "d")
	require.Greater(t, len(paths), 20)
	for path, allowed := range paths {
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"} {
			is := false
			for _, a := range allowed {
				is = is || a == method
			}
			if is {
				continue
			}
			got := m.do(method, path, "")
			require.Equal(t, 405, got.status, "%s %s", method, path)
			require.ElementsMatch(t, allowed, strings.Split(got.header.Get("Allow"), ", "), "%s %s", method, path)
			if method != http.MethodHead {
				got.errorCode(t)
			}
		}
		if path == "/" {
			continue
		}
		for _, off := range []string{path + "/", "/" + path, path + "/x/y/z/more", strings.Replace(path, "/", "//", 2)} {
			got := m.do("GET", off, "")
			require.Equal(t, 404, got.status, "GET %s is not redirected, nor anything else", off)
			got.errorCode(t)
		}
	}
	require.Equal(t, "RESOURCE_NOT_FOUND", m.do("GET", "/v1/nothing", "").errorCode(t))
	require.Equal(t, "unknown_route", m.do("GET", "/__mock/nothing", "").errorCode(t))
}

// HEAD answers as GET does, without the body.
func TestHead(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	c := m.community(client.NewCommunity{})
	for _, path := range []string{"/", "/livez", "/__mock/communities", "/__mock/communities/" + c.ID, "/__mock/openapi.yaml", "/__mock/communities/nope"} {
		get, head := m.do("GET", path, ""), m.do("HEAD", path, "")
		require.Equal(t, get.status, head.status, path)
		require.Equal(t, get.header.Get("Content-Length"), head.header.Get("Content-Length"), path)
		require.NotEmpty(t, get.body)
		require.Empty(t, head.body)
	}
}

// Whatever is sent to whichever route, the answer is JSON, quick, and below 500.
func TestRubbishToEveryRoute(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	c := m.community(client.NewCommunity{Platform: "tryno", RateLimit: client.Of(0), ID: "c"})
	m.webhook(c.ID, "http://localhost:1/")
	oversize := `{"x":"` + strings.Repeat("y", 10<<20) + `"}`
	takesNoBody := map[string]bool{"POST /__mock/reset": true, "POST /__mock/communities/c/reset": true, "POST /v1/communities/c/webhooks/w/test": true}
	for path, methods := range m.paths(c, "w", "d") {
		for _, method := range methods {
			if method == "GET" || method == "HEAD" || method == "DELETE" {
				continue
			}
			for name, body := range map[string]string{
				"cut": `{"type": "x"`, "array": `[1]`, "string": `"x"`, "number": `1`, "null": `null`, "true": `true`, "two": `{}{}`,
				"oversize": oversize, "deep": strings.Repeat("[", 100_000), "field": `{"nope": 1}`, "binary": "\xff\xfe\x00",
				"wrong types": `{"type":1,"url":1,"platform":1,"script":1,"by":1,"max":"x","events":1}`,
				"case":        `{"URL":"http://localhost/","TYPE":"x","PLATFORM":"tribe","BY":"1s","MAX":1,"SCRIPT":"200"}`,
				"bom":         "\xef\xbb\xbf{}",
			} {
				got := m.do(method, path, body, "Content-Type", "application/json", "Authorization", "Bearer "+c.Token)
				require.Less(t, got.status, 500, "%s %s with %s: %s", method, path, name, got.body)
				switch {
				case path == "/graphql": // what is wrong with the token comes first, and as GraphQL has it
					require.Equal(t, 200, got.status)
					require.Equal(t, "unauthorized", got.errorCode(t))
				case !takesNoBody[method+" "+path]:
					require.GreaterOrEqual(t, got.status, 400, "%s %s with %s: %s", method, path, name, got.body)
					got.errorCode(t)
				}
			}
		}
	}
}

func TestErrorsSayWhatToDo(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	c := m.community(client.NewCommunity{Platform: "tribe", ID: "c"})
	for _, test := range []struct {
		method, path, body string
		status             int
		code, message      string
		hint               string
	}{
		{"POST", "/__mock/communities", `{"platform":"tribe","clok":{}}`, 400, "unknown_field", `unknown field "clok"`, `did you mean "clock"?`},
		{"POST", "/__mock/communities", `{"platform":"tribe","clock":{"mod":"real"}}`, 400, "unknown_field", `unknown field "clock.mod"`, `did you mean "clock.mode"?`},
		{"POST", "/__mock/communities", `{"platform":"tribe","clock":"virtual"}`, 400, "invalid_value", `clock is a string, want an object`, ``},
		{"POST", "/__mock/communities", `{"platform":"tribe","clock":{"mode":"virtal"}}`, 400, "invalid_value", `unknown clock.mode "virtal"`, `did you mean "virtual"?`},
		{"POST", "/__mock/communities", `{"platform":"tribe","clock":{"mode":"virtual","start":"today"}}`, 400, "invalid_value", `clock.start is "today", want a time`, ``},
		{"POST", "/__mock/communities", `{}`, 400, "invalid_value", `platform is missing`, `there is ` + strings.Join(contract.Names(), ", ")},
		{"POST", "/__mock/communities", `{"platform":"slack"}`, 404, "unknown_platform", `unknown platform "slack"`, `there is ` + strings.Join(contract.Names(), ", ")},
		{"POST", "/__mock/communities", `{"platform":"tribe@2021"}`, 404, "unknown_revision", `unknown revision of tribe "2021"`, `did you mean "2021-12"?`},
		{"POST", "/__mock/communities", `{"platform":"tribe","id":"a b"}`, 400, "invalid_value", `id is "a b"`, ``},
		{"POST", "/__mock/communities", `{"platform":"tribe","id":""}`, 400, "invalid_value", `id is empty`, ``},
		{"POST", "/__mock/communities", `{"platform":"tribe","clock":{"mode":"scaled","scale":0}}`, 400, "invalid_value", `clock.scale is 0`, ``},
		{"POST", "/__mock/communities", `{"platform":"tribe","jitter":2}`, 400, "invalid_value", `jitter is 2, want 0`, ``},
		{"POST", "/__mock/communities", `{"platform":"tribe","stamp":"reel"}`, 400, "invalid_value", `unknown stamp "reel"`, `did you mean "real"?`},
		{"POST", "/__mock/communities/c/webhooks", `{"url":"http://localhost/","events":["*"],"timeout_ms":1.5}`, 400, "invalid_value", `timeout_ms is a JSON number 1.5`, ``},
		{"POST", "/__mock/communities", `{"platform":"tribe","seed":-1}`, 400, "invalid_value", `seed is a JSON number -1, want a whole number of 0 or more`, `line 1, column 29`},
		{"POST", "/__mock/communities", `{"platform":"tribe","token":"a b"}`, 400, "invalid_value", `token has white space`, `header`},
		{"POST", "/__mock/communities", `{"platform":"mighty","secret":"a b"}`, 400, "invalid_value", `secret has white space`, `header`},
		{"POST", "/__mock/communities", `{"platform":"tribe","timeout_ms":0}`, 400, "invalid_value", `timeout_ms is 0, want 1 to 600000`, ``},
		{"POST", "/__mock/communities", `{"platform":"tribe","schedule":["5"]}`, 400, "invalid_value", `schedule is "5", want a duration`, ``},
		{"POST", "/__mock/communities", `{"platform":"tribe","schedule":["-5s"]}`, 400, "invalid_value", `schedule has the delay -5s`, ``},
		{"POST", "/__mock/communities", `{"platform":"tribe","encoding":"form"}`, 400, "invalid_value", `unknown encoding of tribe@2021-12 "form"`, `json`},
		{"POST", "/__mock/communities", `{"platform":"tribe","form_style":"x"}`, 400, "invalid_value", `form_style is "x"`, ``},
		{"POST", "/__mock/communities", `{"platform":"tribe","success":"200"}`, 400, "invalid_value", `unknown success rule "200"`, `exactly-200`},
		{"POST", "/__mock/communities", `{"platform":"tribe","disable_after":-1}`, 400, "invalid_value", `disable_after is -1`, ``},
		{"POST", "/__mock/communities", `{"platform":"tribe","rate_limit":-1}`, 400, "invalid_value", `rate_limit is -1`, ``},
		{"GET", "/__mock/communities/nope", ``, 404, "unknown_community", `there is no community "nope"`, `GET /__mock/communities`},
		{"POST", "/__mock/communities/c/events", `{"type":"member.create"}`, 404, "unknown_event", `unknown event of tribe@2021-12 "member.create"`, `did you mean "member.created"?`},
		{"POST", "/__mock/communities/c/events", `{}`, 400, "invalid_value", `type is missing`, `member.created`},
		{"POST", "/__mock/communities/c/events", `{"type":"member.created","count":0}`, 400, "invalid_value", `count is 0, want 1 to 10000`, ``},
		{"POST", "/__mock/communities/c/events", `{"type":"member.created","count":10001}`, 400, "invalid_value", `count is 10001`, ``},
		{"POST", "/__mock/communities/c/events?wait=maybe", `{"type":"member.created"}`, 400, "invalid_value", `wait is "maybe"`, ``},
		{"POST", "/__mock/communities/c/events?wat=1", `{"type":"member.created"}`, 400, "unknown_field", `unknown query parameter "wat"`, `did you mean "wait"?`},
		{"POST", "/__mock/communities/c/clock/advance", `{}`, 400, "invalid_value", `either by or to`, `{"by": "5m"}`},
		{"POST", "/__mock/communities/c/clock/advance", `{"by":"1s","to":"next"}`, 400, "invalid_value", `either by or to`, ``},
		{"POST", "/__mock/communities/c/clock/advance", `{"by":"soon"}`, 400, "invalid_value", `by is "soon"`, ``},
		{"POST", "/__mock/communities/c/clock/advance", `{"to":"2020-01-01T00:00:00Z"}`, 400, "clock_backwards", `does not go back to 2020-01-01T00:00:00Z`, `reset`},
		{"GET", "/__mock/communities/c/deliveries?state=done", ``, 400, "invalid_value", `unknown state "done"`, `pending`},
		{"GET", "/__mock/communities/c/deliveries?event=x", ``, 404, "unknown_event", `"x"`, ``},
		{"GET", "/__mock/communities/c/deliveries?per_page=501", ``, 400, "invalid_value", `1 to 500`, ``},
		{"PUT", "/__mock/communities/c/inboxes/a%20b", ``, 400, "invalid_value", `the name of the inbox is "a b"`, ``},
		{"PUT", "/__mock/communities/c/inboxes/in", `{"script":"500x3,tiemout"}`, 400, "bad_script", "at character 7: \"tiemout\" is neither a status nor one of", `did you mean "timeout"?`},
		{"GET", "/__mock/communities/c/inboxes/in", ``, 404, "unknown_inbox", `there is no inbox "in"`, `PUT /__mock/communities/c/inboxes/in`},
		{"GET", "/__mock/in/c/in", ``, 404, "unknown_inbox", `there is no inbox "in"`, `PUT`},
		{"GET", "/__mock/in/x/in", ``, 404, "unknown_community", `there is no community "x"`, ``},
	} {
		got := m.do(test.method, test.path, test.body)
		about := test.method + " " + test.path + " " + test.body + ": " + string(got.body)
		require.Equal(t, test.status, got.status, about)
		require.Equal(t, test.code, got.errorCode(t), about)
		var envelope struct {
			Error struct{ Message, Hint string }
		}
		require.NoError(t, json.Unmarshal(got.body, &envelope))
		require.Contains(t, envelope.Error.Message, test.message, about)
		require.Contains(t, envelope.Error.Hint, test.hint, about)
	}
	require.Equal(t, "c", c.ID)
}

// A page of another origin cannot use somebody's browser to command the mock. Inboxes take whatever comes.
func TestOtherOriginsAreRefused(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	c := m.community(client.NewCommunity{ID: "c"})
	_, err := m.PutInbox(m.ctx, c.ID, "in", "")
	require.NoError(t, err)
	for _, header := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://evil.example"}} {
		refused := m.do("POST", "/__mock/reset", "", header...)
		require.Equal(t, 403, refused.status)
		require.Equal(t, "cross_origin", refused.errorCode(t))
		require.Equal(t, 200, m.do("GET", "/__mock/communities", "", header...).status, "reading changes nothing, and the browser keeps it from the page")
		require.Equal(t, 200, m.do("POST", "/__mock/in/c/in", "{}", header...).status)
	}
	require.Equal(t, 204, m.do("POST", "/__mock/reset", "", "Origin", m.url).status)
}

// Secrets, tokens and bodies are never logged.
func TestLogsHaveNoSecrets(t *testing.T) {
	t.Parallel()
	log := &buffer{}
	m := newMock(t, mockserver.WithLogger(slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))))
	r := newReceiver(t, always(500))
	for _, platform := range []string{"tryno", "mighty"} {
		c := m.community(client.NewCommunity{Platform: platform, Secret: client.Of("hush-hush"), Token: "token-" + platform})
		m.webhook(c.ID, r.URL)
		m.emit(c.ID, platforms[platform].event)
		m.settle(c.ID)
	}
	text := log.String()
	require.Contains(t, text, "msg=attempt")
	require.Contains(t, text, "webhook disabled")
	for _, secret := range []string{"hush", "token-", "event_id", "metadata", "X-Tryno"} {
		require.NotContains(t, text, secret)
	}
}

type buffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.String()
}
