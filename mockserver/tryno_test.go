package mockserver_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/contract/signing"
	"github.com/quintain-dev/quintain/mockserver"
	"github.com/quintain-dev/quintain/mockserver/client"
)

// trynoMock is a mock whose calls of Tryno's API are held against Tryno's contract document.
func trynoMock(t *testing.T) (*mock, *inspector) {
	m := newMock(t)
	platform, err := contract.Load("tryno")
	require.NoError(t, err)
	inspected, _ := newInspector(t, platform.Document(), m.url+"/v1")
	return m, inspected
}

// API-1 and SND-8: every call answers as the document says.
func TestTrynoAnswersAsItsDocumentSays(t *testing.T) {
	t.Parallel()
	m, inspected := trynoMock(t)
	ctx := m.ctx
	c := m.community(client.NewCommunity{Platform: "tryno"})
	api := client.New(m.url, &http.Client{Transport: inspected}).Tryno(c.ID, c.Token)
	r := newReceiver(t, always(500))

	none, rate, err := api.List(ctx, client.Page{})
	require.NoError(t, err)
	require.Empty(t, none.Data)
	require.Equal(t, 20, none.Meta.PerPage)
	require.Equal(t, 100, rate.Limit)
	require.Equal(t, 99, rate.Remaining)
	require.WithinRange(t, rate.Reset, time.Now().Add(-time.Minute), time.Now().Add(2*time.Minute))

	w, err := api.Create(ctx, client.TrynoRequest{URL: &r.URL, Events: []string{"member.joined", "payment.completed"}})
	require.NoError(t, err)
	require.True(t, w.IsActive, "active unless told otherwise")
	require.NotEmpty(t, w.Secret)
	require.Equal(t, start, w.CreatedAt)
	off, err := api.Create(ctx, client.TrynoRequest{URL: client.Of("https://127.0.0.1:1/x"), Events: []string{"post.created"}, IsActive: client.Of(false)})
	require.NoError(t, err)
	require.False(t, off.IsActive)
	require.NotEqual(t, w.Secret, off.Secret)

	list, rate, err := api.List(ctx, client.Page{Number: 2, Size: 1})
	require.NoError(t, err)
	require.Equal(t, 2, list.Meta.Total)
	require.Equal(t, off.ID, list.Data[0].ID)
	require.Empty(t, list.Data[0].Secret, "shown on creation only")
	require.Equal(t, 96, rate.Remaining)

	changed, err := api.Update(ctx, w.ID, client.TrynoRequest{Events: []string{"member.joined"}})
	require.NoError(t, err)
	require.Equal(t, []string{"member.joined"}, changed.Events)
	require.Equal(t, r.URL, changed.URL)

	event := m.emit(c.ID, "member.joined")
	m.settle(c.ID)
	require.Len(t, r.got(), 5)
	require.NoError(t, signing.HMAC{Header: "X-Tryno-Signature"}.Verify(r.got()[0].header, w.Secret, r.got()[0].body, time.Now()))
	after, _, err := api.List(ctx, client.Page{Size: 50})
	require.NoError(t, err)
	require.False(t, after.Data[0].IsActive, "disabled by four failed retries")

	tested, err := api.Test(ctx, w.ID)
	require.NoError(t, err)
	require.Equal(t, 500, *tested.StatusCode)
	require.Contains(t, string(r.got()[5].body), `"test.ping"`)
	tested, err = api.Test(ctx, off.ID)
	require.NoError(t, err)
	require.Nil(t, tested.StatusCode)
	require.NotEmpty(t, tested.Error)

	logs, err := api.Logs(ctx, w.ID, client.Page{})
	require.NoError(t, err)
	require.Len(t, logs, 6)
	require.Equal(t, "test.ping", logs[0].Event, "newest first")
	d := m.delivery(c.ID, event)
	for i, l := range logs[1:] {
		a := d.Attempts[4-i]
		require.Equal(t, client.TrynoLog{ID: a.ID, Event: "member.joined", StatusCode: 500, ResponseTimeMS: int(a.DurationMS), CreatedAt: a.Sent}, l)
	}
	logs, err = api.Logs(ctx, w.ID, client.Page{Number: 2, Size: 4})
	require.NoError(t, err)
	require.Len(t, logs, 2)
	logs, err = api.Logs(ctx, off.ID, client.Page{Number: 9})
	require.NoError(t, err)
	require.Empty(t, logs)
	require.Len(t, r.got(), 6)

	again, err := api.Update(ctx, w.ID, client.TrynoRequest{IsActive: client.Of(true)})
	require.NoError(t, err)
	require.True(t, again.IsActive)
	control, err := m.Webhook(ctx, c.ID, w.ID)
	require.NoError(t, err)
	require.Zero(t, control.Failures, "counts anew")

	require.NoError(t, api.Delete(ctx, w.ID))
	err = api.Delete(ctx, w.ID)
	requireCode(t, err, "RESOURCE_NOT_FOUND")
	_, err = api.Logs(ctx, w.ID, client.Page{})
	requireCode(t, err, "RESOURCE_NOT_FOUND")

	// A webhook for everything, made by the control API, is shown in Tryno's words.
	m.webhook(c.ID, r.URL)
	list, _, err = api.List(ctx, client.Page{})
	require.NoError(t, err)
	tryno, err := contract.Load("tryno")
	require.NoError(t, err)
	subscribable := slices.DeleteFunc(tryno.EventNames(), func(name string) bool { return name == "test.ping" })
	require.ElementsMatch(t, subscribable, list.Data[1].Events)
	require.NotContains(t, list.Data[1].Events, "test.ping")

	for _, operation := range []string{"listWebhooks", "createWebhook", "updateWebhook", "deleteWebhook", "testWebhook", "listWebhookLogs"} {
		require.True(t, inspected.seen[operation], operation)
	}
}

// http is taken where the host is the user's own: the loopback, or one that was allowed by name.
func TestTrynoTakesHTTP(t *testing.T) {
	t.Parallel()
	m := newMock(t, mockserver.WithAllowedHosts("app", "10.0.0.0/8", "*"))
	c := m.community(client.NewCommunity{Platform: "tryno"})
	for url, taken := range map[string]bool{
		"http://localhost.:3000/": true,
		"http://LOCALHOST/":       true,
		"http://[::1]:3000/":      true,
		"http://app:3000/":        true,
		"http://10.1.2.3/":        true,
		"http://example.com/":     false, // * allows it, and nobody said that it is theirs
		"https://example.com/":    true,
	} {
		_, err := m.Tryno(c.ID, c.Token).Create(m.ctx, client.TrynoRequest{URL: client.Of(url), Events: []string{"member.joined"}})
		if taken {
			require.NoError(t, err, url)
		} else {
			require.ErrorContains(t, err, "want an https address", url)
		}
	}
}

// API-1: what is refused, with which code.
func TestTrynoRefuses(t *testing.T) {
	t.Parallel()
	m, inspected := trynoMock(t)
	c := m.community(client.NewCommunity{Platform: "tryno", RateLimit: client.Of(0)})
	w, err := m.Tryno(c.ID, c.Token).Create(m.ctx, client.TrynoRequest{URL: client.Of("http://localhost/"), Events: []string{"member.joined"}})
	require.NoError(t, err)
	root := "/v1/communities/" + c.ID + "/webhooks"
	long := `{"url":"` + strings.Repeat("x", 11<<20) + `"}`
	for _, test := range []struct {
		method, path, body string
		status             int
		message            string
	}{
		{"POST", root, ``, 400, "the body is empty"},
		{"POST", root, `[]`, 400, "the body is an array, want a JSON object"},
		{"POST", root, `null`, 400, "the body is null"},
		{"POST", root, "{\n  \"url\": x}", 400, "line 2, column 10"},
		{"POST", root, `{} {}`, 400, "not JSON"},
		{"POST", root, `{"events":["member.joined"]}`, 400, "url is missing"},
		{"POST", root, `{"url":null,"events":["member.joined"]}`, 400, "url is null"},
		{"POST", root, `{"url":7,"events":["member.joined"]}`, 400, "url is a JSON number, want a string"},
		{"POST", root, `{"url":"http://localhost/"}`, 400, "events is missing"},
		{"POST", root, `{"url":"http://localhost/","events":[]}`, 400, "events is empty"},
		{"POST", root, `{"url":"http://localhost/","events":"member.joined"}`, 400, "events is a JSON string, want an array"},
		{"POST", root, `{"url":"http://localhost/","events":["member.join"]}`, 400, `did you mean "member.joined"?`},
		{"POST", root, `{"url":"http://localhost/","events":["*"]}`, 400, `unknown event "*"`},
		{"POST", root, `{"url":"http://localhost/","events":["test.ping"]}`, 400, `unknown event`},
		{"POST", root, `{"url":"http://localhost/","events":["member.joined","member.joined"]}`, 400, `twice`},
		{"POST", root, `{"url":"http://localhost/","events":["member.joined"],"isActive":true}`, 400, `did you mean "is_active"?`},
		{"POST", root, `{"url":"http://localhost/","events":["member.joined"],"is_active":"yes"}`, 400, `want true or false`},
		{"POST", root, `{"url":"http://localhost/","events":["member.joined"],"secret":"mine"}`, 400, `unknown field "secret"`},
		{"POST", root, `{"url":"http://example.com/","events":["member.joined"]}`, 400, `want an https address`},
		{"POST", root, `{"url":"https://example.com/","events":["member.joined"]}`, 400, `not allowed`},
		{"POST", root, `{"url":"/hooks","events":["member.joined"]}`, 400, `url is "/hooks"`},
		{"POST", root, `{"url":"https://a:b@localhost/","events":["member.joined"]}`, 400, `user name`},
		{"POST", root, long, 400, "larger than"},
		{"PATCH", root + "/" + w.ID, `[]`, 400, "want a JSON object"},
		{"PATCH", root + "/" + w.ID, `{"events":[]}`, 400, "events is empty"},
		{"PATCH", root + "/" + w.ID, `{"url":""}`, 400, "url"},
		{"PATCH", root + "/" + w.ID, `{"is_active":null}`, 400, "is_active is null"},
		{"PATCH", root + "/nope", `{}`, 404, `no webhook "nope"`},
		{"DELETE", root + "/nope", ``, 404, `no webhook "nope"`},
		{"POST", root + "/nope/test", ``, 404, `no webhook "nope"`},
		{"GET", root + "/nope/logs", ``, 404, `no webhook "nope"`},
		{"GET", root + "?page=0", ``, 400, "page"},
		{"GET", root + "?page=x", ``, 400, `page is "x"`},
		{"GET", root + "?per_page=51", ``, 400, `want a whole number from 1 to 50`},
		{"GET", root + "/" + w.ID + "/logs?per_page=0", ``, 400, "per_page"},
		{"GET", "/v1/communities/nope/webhooks", ``, 404, "Community not found"},
	} {
		r, err := http.NewRequestWithContext(m.ctx, test.method, m.url+test.path, strings.NewReader(test.body))
		require.NoError(t, err)
		r.Header.Set("Authorization", "bearer "+c.Token)
		if test.body != "" {
			r.Header.Set("Content-Type", "application/json")
		}
		response, err := inspected.RoundTrip(r)
		require.NoError(t, err)
		body, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		about := fmt.Sprintf("%s %s %.80s: %s", test.method, test.path, test.body, body)
		require.Equal(t, test.status, response.StatusCode, about)
		code := map[int]string{400: "VALIDATION_ERROR", 404: "RESOURCE_NOT_FOUND"}[test.status]
		require.Contains(t, string(body), `"code":"`+code+`"`, about)
		require.Contains(t, strings.ReplaceAll(string(body), `\"`, `"`), test.message, about)
		require.NotContains(t, string(body), "__mock", "Tryno knows nothing of the mock's own API")
		require.NotContains(t, string(body), "for all", `"*" is of the mock's own API too`)
	}
}

// API-1: "any subset of the fields" has the empty one among them.
func TestTrynoTakesAChangeOfNothing(t *testing.T) {
	t.Parallel()
	m, inspected := trynoMock(t)
	c := m.community(client.NewCommunity{Platform: "tryno"})
	api := client.New(m.url, &http.Client{Transport: inspected}).Tryno(c.ID, c.Token)
	w, err := api.Create(m.ctx, client.TrynoRequest{URL: client.Of("http://localhost/"), Events: []string{"member.joined"}, IsActive: client.Of(false)})
	require.NoError(t, err)
	_, err = m.Advance(m.ctx, c.ID, time.Hour)
	require.NoError(t, err)
	same, err := api.Update(m.ctx, w.ID, client.TrynoRequest{})
	require.NoError(t, err)
	w.Secret = "" // shown on creation only
	require.Equal(t, w, same)
}

// API-2: no token, a wrong one, another community's.
func TestTrynoTokens(t *testing.T) {
	t.Parallel()
	m, inspected := trynoMock(t)
	api := client.New(m.url, &http.Client{Transport: inspected})
	c := m.community(client.NewCommunity{Platform: "tryno"})
	other := m.community(client.NewCommunity{Platform: "tryno"})
	tribe := m.community(client.NewCommunity{Platform: "tribe"})
	require.NotEqual(t, c.ID, other.ID, "two communities of one seed have nothing in common")
	require.NotEqual(t, c.Token, other.Token)
	w, err := m.Tryno(c.ID, c.Token).Create(m.ctx, client.TrynoRequest{URL: client.Of("http://localhost/"), Events: []string{"member.joined"}})
	require.NoError(t, err)

	for _, test := range []struct{ community, token, code string }{
		{c.ID, "", "UNAUTHORIZED"},
		{c.ID, "wrong", "UNAUTHORIZED"},
		{c.ID, c.Token + " ", ""},
		{c.ID, c.Token + "x", "UNAUTHORIZED"},
		{c.ID, tribe.Token, "UNAUTHORIZED"},
		{"nope", "wrong", "UNAUTHORIZED"},
		{other.ID, c.Token, "FORBIDDEN"},
		{c.ID, other.Token, "FORBIDDEN"},
		{"nope", c.Token, "RESOURCE_NOT_FOUND"},
		{tribe.ID, c.Token, "RESOURCE_NOT_FOUND"},
		{tribe.ID, tribe.Token, "UNAUTHORIZED"},
	} {
		as := api.Tryno(test.community, test.token)
		_, _, listErr := as.List(m.ctx, client.Page{})
		_, testErr := as.Test(m.ctx, w.ID)
		_, logErr := as.Logs(m.ctx, w.ID, client.Page{})
		_, updateErr := as.Update(m.ctx, w.ID, client.TrynoRequest{Events: []string{"post.created"}})
		for _, err := range []error{listErr, testErr, logErr, updateErr} {
			if test.code == "" {
				require.NoError(t, err)
				continue
			}
			e := refusal(t, err, test.code)
			require.NotContains(t, e.Message, w.ID, "nothing is said of webhooks")
		}
		if test.code != "" {
			requireCode(t, as.Delete(m.ctx, w.ID), test.code)
		}
	}
	require.NoError(t, m.DeleteCommunity(m.ctx, other.ID))
	_, _, err = api.Tryno(c.ID, other.Token).List(m.ctx, client.Page{})
	requireCode(t, err, "UNAUTHORIZED")
	_, err = m.Webhook(m.ctx, c.ID, w.ID)
	require.NoError(t, err)
}

func TestTrynoRateLimit(t *testing.T) {
	t.Parallel()
	m, inspected := trynoMock(t)
	c := m.community(client.NewCommunity{Platform: "tryno", RateLimit: client.Of(3)})
	api := client.New(m.url, &http.Client{Transport: inspected}).Tryno(c.ID, c.Token)
	var reset time.Time
	for i := range 3 {
		_, rate, err := api.List(m.ctx, client.Page{})
		require.NoError(t, err)
		require.Equal(t, 3, rate.Limit)
		require.Equal(t, 2-i, rate.Remaining)
		require.True(t, reset.IsZero() || rate.Reset.Equal(reset))
		reset = rate.Reset
	}
	_, rate, err := api.List(m.ctx, client.Page{})
	require.Equal(t, 429, refusal(t, err, "RATE_LIMIT_EXCEEDED").Status)
	require.Zero(t, rate.Remaining)
	require.True(t, rate.Reset.Equal(reset))
	_, err = api.Create(m.ctx, client.TrynoRequest{URL: client.Of("http://localhost/"), Events: []string{"member.joined"}})
	requireCode(t, err, "RATE_LIMIT_EXCEEDED")
	other := m.community(client.NewCommunity{Platform: "tryno"})
	_, _, err = m.Tryno(other.ID, other.Token).List(m.ctx, client.Page{})
	require.NoError(t, err, "another community's limit is its own")

	free := m.community(client.NewCommunity{Platform: "tryno", RateLimit: client.Of(0)})
	for range 101 {
		_, rate, err = m.Tryno(free.ID, free.Token).List(m.ctx, client.Page{})
		require.NoError(t, err, "headers only")
	}
	require.Equal(t, 100, rate.Limit)
	require.Zero(t, rate.Remaining)
}
