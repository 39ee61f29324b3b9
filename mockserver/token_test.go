package mockserver_test

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gorilla/mux"
	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/mockserver"
	"github.com/quintain-dev/quintain/mockserver/client"
	"github.com/quintain-dev/quintain/mockserver/internal/api"
)

// Without its token the control API does nothing, whichever call it is; inboxes and the platforms' own APIs have their
// own.
func TestControlToken(t *testing.T) {
	t.Parallel()
	m := newMock(t, mockserver.WithControlToken("s3same"))
	_, err := m.Communities(m.ctx)
	require.Contains(t, refusal(t, err, "unauthorized").Hint, "Authorization: Bearer")
	_, err = m.WithToken("s3sam").Communities(m.ctx)
	requireCode(t, err, "unauthorized")

	m.Client = m.WithToken("s3same")
	c := m.community(client.NewCommunity{Platform: "tryno", ID: "c"})
	_, err = m.PutInbox(m.ctx, c.ID, "in", "")
	require.NoError(t, err)
	require.NoError(t, m.Export(m.ctx, c.ID, "har", client.DeliveryFilter{}, &bytes.Buffer{}))
	for _, path := range []string{"/", "/livez", "/readyz", "/__mock/in/c/in", "/__mock/in/c/in/below"} {
		require.Equal(t, 200, m.do("GET", path, "").status, path)
	}
	require.Equal(t, 200, m.do("GET", "/v1/communities/c/webhooks", "", "Authorization", "Bearer "+c.Token).status)
	require.Equal(t, 401, m.do("GET", "/v1/communities/c/webhooks", "", "Authorization", "Bearer s3same").status)

	tried := 0
	require.NoError(t, m.server.Router().Walk(func(route *mux.Route, _ *mux.Router, _ []*mux.Route) error {
		template, err := route.GetPathTemplate()
		require.NoError(t, err)
		if !strings.HasPrefix(template, api.Root+"/") || strings.HasPrefix(template, api.Root+"/in/") {
			return nil
		}
		methods, err := route.GetMethods()
		require.NoError(t, err)
		path := strings.NewReplacer("{community}", "c", "{inbox}", "in", "{", "", "}", "").Replace(template)
		for _, header := range []string{"", "Bearer", "Bearer S3SAME", "Basic s3same", "s3same", "Bearer " + c.Token} {
			refused := m.do(methods[0], path, "", "Authorization", header)
			require.Equal(t, 401, refused.status, "%s %s with %q", methods[0], path, header)
			require.Equal(t, "unauthorized", refused.errorCode(t))
			require.Equal(t, "Bearer", refused.header.Get("WWW-Authenticate"))
			require.NotContains(t, string(refused.body), "s3same")
		}
		tried++
		return nil
	}))
	require.Greater(t, tried, 40)
	lower := m.do("GET", "/__mock/communities/c", "", "Authorization", "bearer s3same")
	require.Equal(t, 200, lower.status, "the word in any case")

	_, err = mockserver.New(mockserver.WithControlToken("a\nb"))
	require.ErrorContains(t, err, "the control token has")
}

// The address at which a connection was accepted is the server's own, as its allowed names are; another one is not.
func TestHostCheckKnowsItsAddress(t *testing.T) {
	t.Parallel()
	server, err := mockserver.New(mockserver.WithHostCheck(), mockserver.WithBaseURL("http://mock:7555"))
	require.NoError(t, err)
	closeServer(t, server)
	for host, want := range map[string]int{
		"192.0.2.7:7555": 200, "192.0.2.7": 200, "[::ffff:192.0.2.7]:7555": 200, "mock": 200, "127.0.0.1": 200,
		"192.0.2.8": 403, "evil.example": 403, "": 403,
	} {
		r := httptest.NewRequest("GET", "/livez", http.NoBody)
		r.Host = host
		at := &net.TCPAddr{IP: net.ParseIP("192.0.2.7"), Port: 7555}
		answer := httptest.NewRecorder()
		server.ServeHTTP(answer, r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, at)))
		require.Equal(t, want, answer.Code, "%s: %s", host, answer.Body)
	}
}

// The server tells the secrets that it made, once, and no secret that somebody gave.
func TestGivenSecretsAreNotTold(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	given := m.community(client.NewCommunity{ID: "given", Secret: client.Of("the-users-own")})
	made := m.community(client.NewCommunity{ID: "made"})
	url := "http://127.0.0.1:1/"
	require.NotEmpty(t, made.Secret)
	require.Equal(t, made.Secret, m.webhook("made", url).Secret)

	require.Empty(t, m.webhook("given", url).Secret)
	w, err := m.CreateWebhook(m.ctx, "made", client.NewWebhook{
		URL: url, Events: []string{"*"}, Secret: client.Of("the-users-own"),
	})
	require.NoError(t, err)
	require.Empty(t, w.Secret)
	for _, path := range []string{"/__mock/communities", "/__mock/communities/given", "/__mock/communities/given/webhooks",
		"/__mock/communities/made/webhooks/" + w.ID} {
		require.NotContains(t, string(m.do("GET", path, "").body), "the-users-own", path)
	}

	rotated, err := m.RotateSecret(m.ctx, "made", w.ID, client.NewRotation{Secret: client.Of("another-one")})
	require.NoError(t, err)
	require.Empty(t, rotated.Secret)
	rotated, err = m.RotateSecret(m.ctx, "made", w.ID, client.NewRotation{})
	require.NoError(t, err)
	require.NotEmpty(t, rotated.Secret)
	require.NotContains(t, []string{made.Secret, "another-one"}, rotated.Secret)
	require.Equal(t, "the-users-own", given.Secret, "to the one who gave it, in the answer to that call")
}

// What nobody may guess does not follow from a seed that nobody gave; what a seed was given for follows from it.
func TestSecretsAreRandomUnlessSeeded(t *testing.T) {
	t.Parallel()
	made := func(n client.NewCommunity) (secrets []string) {
		n.Platform, n.ID = "tribe", "c"
		m := newMock(t)
		c, err := m.CreateCommunity(m.ctx, n)
		require.NoError(t, err)
		w := m.webhook("c", "http://127.0.0.1:1/")
		rotated, err := m.RotateSecret(m.ctx, "c", w.ID, client.NewRotation{})
		require.NoError(t, err)
		require.NotEqual(t, c.Secret, rotated.Secret)
		return []string{c.Token, c.Secret, rotated.Secret}
	}
	seed := client.Of(uint64(42))
	seeded := made(client.NewCommunity{Seed: seed})
	require.Equal(t, seeded, made(client.NewCommunity{Seed: seed}))
	require.Equal(t, seeded, made(client.NewCommunity{Seed: seed, Secrets: client.SecretsSeeded}))
	seen := map[string]bool{seeded[0]: true, seeded[1]: true, seeded[2]: true}
	for _, n := range []client.NewCommunity{
		{}, {}, {Secrets: client.SecretsRandom},
		{Seed: seed, Secrets: client.SecretsRandom}, {Seed: seed, Secrets: client.SecretsRandom},
	} {
		for i, secret := range made(n) {
			require.False(t, seen[secret], secret)
			require.Len(t, secret, len(seeded[i]))
			seen[secret] = true
		}
	}
	m, other := newMock(t), newMock(t)
	drawn, err := m.CreateCommunity(m.ctx, client.NewCommunity{Platform: "tribe", ID: "c"})
	require.NoError(t, err)
	again, err := other.CreateCommunity(m.ctx, client.NewCommunity{Platform: "tribe", ID: "c", Seed: &drawn.Seed})
	require.NoError(t, err)
	require.NotEqual(t, drawn.Token, again.Token, "everybody sees the seed that was drawn")
	_, err = m.CreateCommunity(m.ctx, client.NewCommunity{Platform: "tribe", Secrets: "randon"})
	require.Equal(t, `did you mean "random"?`, refusal(t, err, "invalid_value").Hint)
}
