package mockserver_test

import (
	"bytes"
	"crypto/sha256"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/mockserver"
	"github.com/quintain-dev/quintain/mockserver/client"
)

// whim answers by the bytes that it gets, so that the order of requests does not matter.
func whim(body []byte) int { return []int{200, 500, 503, 429}[sha256.Sum256(body)[0]%4] }

// With the same seed, start and stamps of the schedule, two runs have the same journal to the byte, however many attempts
// are under way at once, and with faults and jitter; and the same digest, which is another with another seed.
func TestRunsRepeatToTheByte(t *testing.T) {
	t.Parallel()
	receiver := roundTripper(func(r *http.Request) (*http.Response, error) {
		var body bytes.Buffer
		_, err := body.ReadFrom(r.Body)
		return httpmock.NewStringResponse(whim(body.Bytes()), "noted"), err
	})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body bytes.Buffer
		_, _ = body.ReadFrom(r.Body)
		w.WriteHeader(whim(body.Bytes()))
	}))
	t.Cleanup(server.Close)
	run := func(url string, seed uint64, options ...mockserver.Option) ([]byte, *client.Digest) {
		m := newMock(t, options...)
		c := m.community(client.NewCommunity{
			ID: "same", Seed: &seed, Stamp: "schedule", Jitter: 0.3, Faults: "10% lost, 10% drop, 5% tamper, 5% duplicate concurrent x3",
		})
		m.webhook(c.ID, url)
		_, err := m.Emit(m.ctx, c.ID, client.Emission{Type: "member.created", Count: 500})
		require.NoError(t, err)
		require.Greater(t, m.settle(c.ID).Attempts, 1000)
		var out bytes.Buffer
		require.NoError(t, m.Export(m.ctx, c.ID, "ndjson", client.DeliveryFilter{}, &out))
		digest, err := m.Digest(m.ctx, c.ID)
		require.NoError(t, err)
		return out.Bytes(), digest
	}
	first, digest := run("http://localhost/hooks", 42, mockserver.WithTransport(receiver))
	second, again := run("http://localhost/hooks", 42, mockserver.WithTransport(receiver))
	require.True(t, bytes.Equal(first, second), "in process")
	require.Equal(t, digest, again)
	_, other := run("http://localhost/hooks", 43, mockserver.WithTransport(receiver))
	require.NotEqual(t, digest.Digest, other.Digest)

	first, digest = run(server.URL, 42)
	second, again = run(server.URL, 42)
	require.True(t, bytes.Equal(first, second), "over the loopback")
	require.Equal(t, digest, again)
}
