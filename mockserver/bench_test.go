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
