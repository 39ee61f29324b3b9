package mockserver_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/mockserver"
	"github.com/quintain-dev/quintain/mockserver/client"
)

// One delivery with its five retries: six signed requests over the loopback to a receiver that always fails, 7 h 35 min
// of schedule. The call of the control API is part of it.
func BenchmarkFiveRetriesVirtual(b *testing.B) {
	m := newMock(b)
	r := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }))
	defer r.Close()
	c := m.community(client.NewCommunity{
		Platform: "tribe", Schedule: []string{"5s", "5m", "30m", "2h", "5h"},
	})
	m.webhook(c.ID, r.URL)
	m.emit(c.ID, "member.created")
	m.settle(c.ID) // the world is made when it is first needed
	b.ReportAllocs()
	var spent time.Duration
	for b.Loop() {
		m.emit(c.ID, "member.created")
		begun := time.Now()
		require.Equal(b, 6, m.settle(c.ID).Attempts)
		spent += time.Since(begun)
	}
	b.ReportMetric(float64(spent.Microseconds())/1000/float64(b.N), "ms/schedule")
}

// A thousand deliveries at once, each with five retries: 6000 requests a schedule.
func BenchmarkThousandSchedulesVirtual(b *testing.B) {
	m := newMock(b)
	r := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }))
	defer r.Close()
	c := m.community(client.NewCommunity{
		Platform: "tribe", Schedule: []string{"5s", "5m", "30m", "2h", "5h"},
	})
	m.webhook(c.ID, r.URL)
	begun := time.Now()
	for b.Loop() {
		_, err := m.Emit(m.ctx, c.ID, client.Emission{Type: "member.created", Count: 1000})
		require.NoError(b, err)
		require.Equal(b, 6000, m.settle(c.ID).Attempts)
		require.NoError(b, m.ResetCommunity(m.ctx, c.ID))
		m.webhook(c.ID, r.URL)
	}
	b.ReportMetric(float64(b.N)*6000/time.Since(begun).Seconds(), "requests/s")
}

// A server, a community, a webhook, an event, its attempt, and the end: what a test of a receiver pays.
func BenchmarkCommunityOfItsOwn(b *testing.B) {
	r := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer r.Close()
	for b.Loop() {
		server, err := mockserver.New()
		require.NoError(b, err)
		listener := httptest.NewServer(server)
		m := &mock{client.New(listener.URL, listener.Client()), b, server, listener.URL, b.Context()}
		c := m.community(client.NewCommunity{Platform: "tribe"})
		m.webhook(c.ID, r.URL)
		m.emit(c.ID, "member.created")
		require.Equal(b, 1, m.settle(c.ID).Attempts)
		require.NoError(b, server.Close())
		listener.Close()
	}
}

// failing answers 500 without a network.
type failing struct{}

func (failing) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: 500, ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{}, Body: http.NoBody, Request: r}, nil
}

// Ten thousand deliveries that fail for ever: 60,000 signed attempts over 7.6 hours, each in the journal.
func BenchmarkTenThousandFailing(b *testing.B) {
	run := func(b *testing.B, m *mock, url string) {
		var spent time.Duration
		for b.Loop() {
			c := m.community(client.NewCommunity{Platform: "tribe", Schedule: []string{"5s", "5m", "30m", "2h", "5h"}, Jitter: 0.1})
			m.webhook(c.ID, url)
			_, err := m.Emit(m.ctx, c.ID, client.Emission{Type: "member.created", Count: 10_000})
			require.NoError(b, err)
			begun := time.Now()
			require.Equal(b, 60_000, m.settle(c.ID).Attempts)
			spent += time.Since(begun)
			require.NoError(b, m.DeleteCommunity(m.ctx, c.ID))
		}
		b.ReportMetric(spent.Seconds()/float64(b.N), "s/60000-attempts")
	}
	b.Run("in-process", func(b *testing.B) {
		run(b, newMock(b, mockserver.WithTransport(failing{})), "http://localhost/hooks")
	})
	b.Run("loopback", func(b *testing.B) {
		r := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }))
		defer r.Close()
		run(b, newMock(b), r.URL)
	})
}
