package mockserver_test

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/quintain-dev/quintain/mockserver"
	"github.com/quintain-dev/quintain/mockserver/client"
)

// whim answers by the bytes that it gets, so that the order of requests does not matter.
func whim(body []byte) int { return []int{200, 500, 503, 429}[sha256.Sum256(body)[0]%4] }

// With the same seed, start and stamps of the schedule, two runs have the same journal to the byte, however many
// attempts are under way at once, and with faults and jitter; and the same digest, which is another with another seed.
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

// moving is a community and what happens in it.
type moving struct {
	client.NewCommunity
	own     []string // the schedule of the second webhook; nil: the community's
	overlap string   // of a rotation of secrets; empty: none
	events  int
}

// How far a virtual clock is moved at once makes no difference: not to what is sent and in which order, not to when a
// webhook is switched off, nor to which secret signs. Each community is moved to its end at once, by an hour, and
// second by second.
func TestMovesMakeNoDifference(t *testing.T) {
	t.Parallel()
	receiver := roundTripper(func(r *http.Request) (*http.Response, error) {
		var body bytes.Buffer
		_, err := body.ReadFrom(r.Body)
		return httpmock.NewStringResponse([]int{200, 500, 410, 503}[sha256.Sum256(body.Bytes())[1]%4], "noted"), err
	})
	m := newMock(t, mockserver.WithTransport(receiver))
	for name, c := range map[string]moving{
		"retries that are due with others":   {client.NewCommunity{Schedule: []string{"3s", "3s"}, Faults: "50% delay 3s"}, nil, "", 12},
		"another secret from 2 s on":         {client.NewCommunity{Schedule: []string{}, Faults: "50% delay 3s"}, nil, "2s", 12},
		"gone, with much time to look ahead": {client.NewCommunity{Schedule: []string{}, Faults: "50% delay 3s", Gone: true}, nil, "", 12},
		"gone, while others to it are due":   {client.NewCommunity{Platform: "tryno", Seed: client.Of(uint64(30)), Schedule: []string{}, Faults: "50% delay 3s", Gone: true}, nil, "", 3},
		"off after three":                    {client.NewCommunity{Schedule: []string{"1s", "1s"}, DisableAfter: client.Of(3)}, []string{"5s"}, "", 30},
		"another order":                      {client.NewCommunity{Schedule: []string{"4s"}, Faults: "reorder 5 shuffle within 2s"}, []string{"1s"}, "3s", 13},
	} {
		t.Run(name, func(t *testing.T) { m.moves(t, c) })
	}
	for events := range size(12, 3) { // of which some are retried when, or before, others are sent first
		for _, delay := range []string{"2s", "3s"} {
			m.moves(t, moving{client.NewCommunity{
				Platform: "tryno", Schedule: []string{"2s"}, Faults: "60% delay " + delay, DisableAfter: client.Of(1 + events%2),
			}, nil, "", events + 1})
		}
	}
	schedules := [][]string{{}, {"1s"}, {"3s", "3s", "5s"}, {"5s", "0s", "4s"}, {"2s", "2s", "2s", "2s"}}
	faults := []string{"", "50% delay 3s", "30% delay 2s, 20% lost", "30% drop, duplicate x2", "reorder 3 shuffle within 4s"}
	rapid.Check(t, func(t *rapid.T) {
		m.moves(t, moving{
			client.NewCommunity{
				Platform: rapid.SampledFrom([]string{"tribe", "tryno"}).Draw(t, "platform"),
				Seed:     client.Of(rapid.Uint64Range(0, 1000).Draw(t, "seed")),
				Schedule: rapid.SampledFrom(schedules).Draw(t, "schedule"), Faults: rapid.SampledFrom(faults).Draw(t, "faults"),
				Gone: rapid.Bool().Draw(t, "gone"), DisableAfter: client.Of(rapid.IntRange(0, 4).Draw(t, "disable")),
				Jitter: rapid.SampledFrom([]float64{0, 0.5}).Draw(t, "jitter"),
			},
			rapid.SampledFrom(append([][]string{nil}, schedules...)).Draw(t, "own schedule"),
			rapid.SampledFrom([]string{"", "0s", "2s", "6s"}).Draw(t, "overlap"),
			rapid.IntRange(1, 12).Draw(t, "events"),
		})
	})
}

// moves moves a community in three ways, and requires the same of all.
func (m *mock) moves(t require.TestingT, c moving) {
	c.Platform = cmp.Or(c.Platform, "tribe")
	c.ID, c.Clock, c.Stamp = "moves-"+c.Platform, client.VirtualFrom(start), "schedule"
	if c.Seed == nil {
		c.Seed = client.Of(uint64(5))
	}
	run := func(move func() error) (journal string, hooks []client.Webhook) {
		_, err := m.CreateCommunity(m.ctx, c.NewCommunity)
		require.NoError(t, err)
		defer func() { require.NoError(t, m.DeleteCommunity(m.ctx, c.ID)) }()
		for i := range 2 {
			hook := client.NewWebhook{URL: fmt.Sprintf("http://localhost/%d", i), Events: []string{"*"}}
			if i == 1 && c.own != nil {
				hook.Schedule = &c.own
			}
			w, err := m.CreateWebhook(m.ctx, c.ID, hook)
			require.NoError(t, err)
			if c.overlap != "" {
				_, err := m.RotateSecret(m.ctx, c.ID, w.ID, client.NewRotation{Overlap: c.overlap})
				require.NoError(t, err)
			}
		}
		event := map[string]string{"tribe": "member.created", "tryno": "member.joined"}[c.Platform]
		_, err = m.Emit(m.ctx, c.ID, client.Emission{Type: event, Count: c.events})
		require.NoError(t, err)
		require.NoError(t, move())
		_, err = m.Settle(m.ctx, c.ID, 0)
		require.NoError(t, err)
		var out bytes.Buffer
		require.NoError(t, m.Export(m.ctx, c.ID, "ndjson", client.DeliveryFilter{}, &out))
		_, lines, _ := strings.Cut(out.String(), "\n") // the head has the clock
		hooks, err = m.Webhooks(m.ctx, c.ID)
		require.NoError(t, err)
		return lines, hooks
	}
	once, hooksOnce := run(func() error { return nil })
	wide, hooksWide := run(func() error {
		_, err := m.Advance(m.ctx, c.ID, time.Hour)
		return err
	})
	narrow, hooksNarrow := run(func() error {
		for range 60 {
			if _, err := m.Advance(m.ctx, c.ID, time.Second/2); err != nil {
				return err
			}
		}
		return nil
	})
	require.Equal(t, narrow, once)
	require.Equal(t, narrow, wide)
	require.Equal(t, hooksNarrow, hooksOnce)
	require.Equal(t, hooksNarrow, hooksWide)
}
