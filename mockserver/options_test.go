package mockserver_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver"
	"github.com/quintain-dev/quintain/mockserver/client"
)

// The sender's decisions over a transport that is not a network.
func TestWithTransport(t *testing.T) {
	t.Parallel()
	transport := httpmock.NewMockTransport()
	transport.RegisterNoResponder(httpmock.NewNotFoundResponder(t.Error))
	var n atomic.Int64
	transport.RegisterResponder("POST", "https://hooks.example.com/in", func(r *http.Request) (*http.Response, error) {
		if n.Add(1) < 3 {
			return httpmock.NewErrorResponder(http.ErrHandlerTimeout)(r)
		}
		return httpmock.NewStringResponse(200, "ok"), nil
	})
	m := newMock(t, mockserver.WithTransport(transport), mockserver.WithAllowedHosts("hooks.example.com"))
	c := m.community(client.NewCommunity{Platform: "mighty"})
	m.webhook(c.ID, "https://hooks.example.com/in")
	event := m.emit(c.ID, "EventCreated")
	m.settle(c.ID)
	d := m.delivery(c.ID, event)
	require.Equal(t, client.Acknowledged, d.State)
	require.Len(t, d.Attempts, 3)
	require.Equal(t, "network_error", d.Attempts[0].Failure)
	require.Equal(t, 3, transport.GetCallCountInfo()["POST https://hooks.example.com/in"])
}

// A platform of somebody's own, and another version of one that is built in.
func TestWithPlatform(t *testing.T) {
	t.Parallel()
	tribe, err := contract.Load("tribe")
	require.NoError(t, err)
	altered, err := contract.Parse("altered.yaml", []byte(strings.NewReplacer(
		`"X-Tribe-Signature"`, `"X-Altered"`,
	).Replace(string(tribe.Document()))), "")
	require.NoError(t, err)
	own, err := contract.Parse("own.yaml", []byte(strings.NewReplacer(
		`"name":"tribe"`, `"name":"own"`,
	).Replace(string(tribe.Document()))), "")
	require.NoError(t, err)
	require.Equal(t, "own", own.Name)

	m := newMock(t, mockserver.WithPlatform(altered), mockserver.WithPlatform(own))
	r := newReceiver(t, always(200))
	for i, platform := range []string{"tribe", "tribe@2021-12", "own", "own@2021-12"} {
		c := m.community(client.NewCommunity{Platform: platform})
		m.webhook(c.ID, r.URL)
		m.emit(c.ID, "member.created")
		m.settle(c.ID)
		header := r.got()[i].header
		require.Equal(t, i < 2, header.Get("X-Altered") != "", platform)
		require.Equal(t, i >= 2, header.Get("X-Tribe-Signature") != "", platform)
	}
	_, err = m.CreateCommunity(m.ctx, client.NewCommunity{Platform: "owns"})
	require.Equal(t, `did you mean "own"?`, refusal(t, err, "unknown_platform").Hint)
	_, err = m.CreateCommunity(m.ctx, client.NewCommunity{Platform: "own@1"})
	require.Equal(t, `there is 2021-12`, refusal(t, err, "unknown_revision").Hint)
	_, err = mockserver.New(mockserver.WithPlatform(nil))
	require.ErrorContains(t, err, "WithPlatform(nil)")
}

// A page that has its own name lead to this machine is refused, whatever it asks; programs are not.
func TestHostCheck(t *testing.T) {
	t.Parallel()
	m := newMock(t, mockserver.WithHostCheck(), mockserver.WithAllowedHosts("mock", "10.0.0.0/8", "*"))
	for host, want := range map[string]int{
		"": 200, "localhost:7555": 200, "127.0.0.1": 200, "[::1]:7555": 200, "mock:7555": 200, "10.1.2.3:80": 200, "a.localhost": 200,
		"evil.example:7555": 403, "192.0.2.1": 403, "localhost.evil.example": 403,
	} {
		for _, path := range []string{"/__mock/communities", "/", "/v1/communities/x/webhooks"} {
			r := httpRequest(t, "GET", m.url+path, "")
			if host != "" {
				r.Host = host
			}
			response, err := http.DefaultTransport.RoundTrip(r)
			require.NoError(t, err)
			require.NoError(t, response.Body.Close())
			if want == 403 {
				require.Equal(t, 403, response.StatusCode, "%s %s", host, path)
			} else {
				require.NotEqual(t, 403, response.StatusCode, "%s %s", host, path)
			}
		}
	}
}
