package mockserver_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver/client"
)

// Every platform with its documented or chosen delays, written out: a change of a contract document shows here.
var platforms = map[string]struct {
	event  string
	delays []time.Duration
}{
	"mighty":    {"MemberBadgeAdded", []time.Duration{5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour}},
	"tryno":     {"member.joined", []time.Duration{0, time.Minute, 5 * time.Minute, 30 * time.Minute}},
	"ambassify": {"campaign.created", []time.Duration{5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour}},
	"tribe":     {"member.created", []time.Duration{5 * time.Second, 25 * time.Second, 125 * time.Second, 625 * time.Second}},
}

func TestRetriesFollowThePlatformsSchedule(t *testing.T) {
	t.Parallel()
	for name, platform := range platforms {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMock(t)
			r := newReceiver(t, always(500))
			c := m.community(client.NewCommunity{Platform: name})
			m.webhook(c.ID, r.URL)
			event := m.emit(c.ID, platform.event)
			require.Empty(t, r.got(), "nothing is sent before the virtual clock is moved")
			moved := m.settle(c.ID)

			d := m.delivery(c.ID, event)
			require.Equal(t, client.Exhausted, d.State)
			require.Len(t, d.Attempts, len(platform.delays)+1)
			require.Equal(t, len(d.Attempts), moved.Attempts)
			require.Len(t, r.got(), len(d.Attempts))
			due := start
			for i, a := range d.Attempts {
				if i > 0 {
					due = due.Add(platform.delays[i-1])
				}
				require.Equal(t, i+1, a.Number)
				require.Equal(t, due, a.Due, "attempt %d", a.Number)
				require.Equal(t, due, a.Sent)
				require.Equal(t, 500, a.Response.Status)
				require.Equal(t, "failed", a.Outcome)
				require.False(t, a.Manual)
			}
			require.Equal(t, due, moved.Now, "the clock stands at the last attempt")
			require.Zero(t, m.settle(c.ID).Attempts, "nothing is left")
		})
	}
}

// SND-10 and SND-1: after n failures the next attempt is acknowledged, and is the last.
func TestRecoversAfterAnyNumberOfFailures(t *testing.T) {
	t.Parallel()
	for failures := range 6 {
		t.Run(fmt.Sprint(failures), func(t *testing.T) {
			t.Parallel()
			m := newMock(t)
			r := newReceiver(t, func(n int, w http.ResponseWriter, _ *http.Request) {
				if n <= failures {
					w.WriteHeader(http.StatusServiceUnavailable)
				}
			})
			c := m.community(client.NewCommunity{Platform: "mighty"})
			m.webhook(c.ID, r.URL)
			event := m.emit(c.ID, "EventCreated")
			m.settle(c.ID)
			d := m.delivery(c.ID, event)
			require.Equal(t, client.Acknowledged, d.State)
			require.Len(t, d.Attempts, failures+1)
			require.Len(t, r.got(), failures+1)
			require.Equal(t, "acknowledged", d.Attempts[failures].Outcome)
		})
	}
}

// SND-3: the body stays, the signature is made anew with the real time.
func TestRetriesKeepTheBodyAndAreSignedAnew(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	before := time.Now()
	r := newReceiver(t, always(500))
	c := m.community(client.NewCommunity{Platform: "tribe"})
	m.webhook(c.ID, r.URL)
	event := m.emit(c.ID, "member.created")
	m.settle(c.ID)

	tribe, err := contract.Load("tribe")
	require.NoError(t, err)
	scheme := tribe.Rules.Signature.Value.SigningScheme()
	got := r.got()
	require.Len(t, got, 5)
	var last string
	for _, one := range got {
		require.Equal(t, string(got[0].body), string(one.body))
		require.NoError(t, scheme.Verify(one.header, c.Secret, one.body, time.Now()))
		require.Error(t, scheme.Verify(one.header, c.Secret+"x", one.body, time.Now()))
		stamp := one.header.Get("X-Tribe-Request-Timestamp")
		require.GreaterOrEqual(t, stamp, last)
		require.GreaterOrEqual(t, stamp, fmt.Sprint(before.UnixMilli()), "stamped with real time, not with the schedule's")
		last = stamp
		require.Equal(t, "application/json", one.header.Get("Content-Type"))
		require.Equal(t, "Quintain/0.1", one.header.Get("User-Agent"))
		require.Equal(t, "*/*", one.header.Get("Accept"))
	}
	require.NoError(t, tribe.Validate("member.created", got[0].body))
	require.Equal(t, event.ID, contract.Lookup(got[0].body, "/data/id"))

	for name := range got[0].header {
		switch name {
		case "Content-Type", "Content-Length", "User-Agent", "Accept", "X-Tribe-Signature", "X-Tribe-Request-Timestamp":
		default:
			t.Errorf("the header %s was invented", name)
		}
	}
}

// SND-4: what is a failure, by the platform's rule.
func TestSuccessRules(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		platform string
		status   int
		want     string
	}{
		{"mighty", 200, client.Acknowledged},
		{"mighty", 201, client.Exhausted},
		{"mighty", 204, client.Exhausted},
		{"mighty", 302, client.Exhausted},
		{"mighty", 404, client.Exhausted},
		{"tribe", 204, client.Acknowledged},
		{"tribe", 302, client.Exhausted},
		{"tryno", 302, client.Acknowledged},
		{"tryno", 400, client.Exhausted},
		{"ambassify", 299, client.Acknowledged},
		{"ambassify", 500, client.Exhausted},
	} {
		t.Run(fmt.Sprintf("%s %d", test.platform, test.status), func(t *testing.T) {
			t.Parallel()
			m := newMock(t)
			r := newReceiver(t, always(test.status))
			c := m.community(client.NewCommunity{Platform: test.platform, Schedule: []string{"1s"}})
			m.webhook(c.ID, r.URL)
			event := m.emit(c.ID, platforms[test.platform].event)
			m.settle(c.ID)
			require.Equal(t, test.want, m.delivery(c.ID, event).State)
		})
	}
}

func TestSettingsOverrideThePlatform(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	r := newReceiver(t, always(202))
	c := m.community(client.NewCommunity{
		Platform: "tribe", Schedule: []string{"1h", "30m"}, Success: "exactly-200", Secret: client.Of("geheim, mit Ümläuten"),
	})
	require.Equal(t, []string{"1h0m0s", "30m0s"}, c.Schedule)
	m.webhook(c.ID, r.URL)
	event := m.emit(c.ID, "member.created")
	require.Equal(t, start.Add(90*time.Minute), m.settle(c.ID).Now)
	require.Equal(t, client.Exhausted, m.delivery(c.ID, event).State)
	tribe, err := contract.Load("tribe")
	require.NoError(t, err)
	got := r.got()
	require.Len(t, got, 3)
	require.NoError(t, tribe.Rules.Signature.Value.SigningScheme().Verify(got[0].header, "geheim, mit Ümläuten", got[0].body, time.Now()))

	none := m.community(client.NewCommunity{Platform: "mighty", Schedule: []string{}})
	require.Empty(t, none.Schedule)
	m.webhook(none.ID, r.URL)
	event = m.emit(none.ID, "EventCreated")
	require.Equal(t, 1, m.settle(none.ID).Attempts)
	require.Equal(t, client.Exhausted, m.delivery(none.ID, event).State)
}

func TestFormEncoding(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	for style, field := range map[string]string{"brackets": "event%5Bname%5D=created", "dots": "event.name=created"} {
		r := newReceiver(t, always(200))
		c := m.community(client.NewCommunity{Platform: "ambassify", Encoding: "form", FormStyle: style})
		m.webhook(c.ID, r.URL)
		m.emit(c.ID, "campaign.created")
		m.settle(c.ID)
		require.Len(t, r.got(), 1)
		require.Equal(t, "application/x-www-form-urlencoded", r.got()[0].header.Get("Content-Type"))
		require.Contains(t, string(r.got()[0].body), field)
	}
}

func TestMightySendsItsKeyOnlyIfThereIsOne(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	r := newReceiver(t, always(200))
	c := m.community(client.NewCommunity{Platform: "mighty"})
	require.Empty(t, c.Secret)
	m.webhook(c.ID, r.URL)
	_, err := m.CreateWebhook(m.ctx, c.ID, client.NewWebhook{URL: r.URL, Events: []string{"EventCreated"}, Secret: client.Of("key-1")})
	require.NoError(t, err)
	event := m.emit(c.ID, "EventCreated")
	m.settle(c.ID)
	var keys []string
	for _, one := range r.got() {
		keys = append(keys, one.header.Get("Authorization"))
	}
	require.ElementsMatch(t, []string{"", "Bearer key-1"}, keys)
	d, err := m.Delivery(m.ctx, c.ID, event.Deliveries[1])
	require.NoError(t, err)
	require.Equal(t, "Bearer …redacted", d.Attempts[0].Request.Headers.Get("Authorization"))
}

func TestPayloadGivenIsSentByteForByte(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	r := newReceiver(t, always(200))
	c := m.community(client.NewCommunity{Platform: "tribe"})
	m.webhook(c.ID, r.URL)
	for _, payload := range []string{
		"{ \"data\" : {\"id\": \"mine\", \"name\":\"<&>\\u0041\"},\n \"a\":1.00}", "null", "[]", `"x"`, "42",
	} {
		events, err := m.Emit(m.ctx, c.ID, client.Emission{Type: "member.created", Payload: []byte(payload), Wait: true})
		require.NoError(t, err)
		got := r.got()
		require.Equal(t, payload, string(got[len(got)-1].body))
		if payload[0] == '{' {
			require.Equal(t, "mine", events[0].ID)
		} else {
			require.NotEmpty(t, events[0].ID)
		}
	}
	_, err := m.Emit(m.ctx, c.ID, client.Emission{Type: "member.created", Payload: []byte("{")})
	requireCode(t, err, "bad_json")
}

func TestPayloadNumbers(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	c := m.community(client.NewCommunity{Platform: "tribe"})
	numbers := func(e client.Emission) (out []uint64, ids []string) {
		events, err := m.Emit(m.ctx, c.ID, e)
		require.NoError(t, err)
		for _, one := range events {
			out, ids = append(out, one.N), append(ids, one.ID)
			require.Empty(t, one.Deliveries)
		}
		return out, ids
	}
	n, first := numbers(client.Emission{Type: "member.created", Count: 3})
	require.Equal(t, []uint64{0, 1, 2}, n)
	n, _ = numbers(client.Emission{Type: "member.updated"})
	require.Equal(t, []uint64{3}, n)
	n, again := numbers(client.Emission{Type: "member.created", N: client.Of(uint64(1))})
	require.Equal(t, []uint64{1}, n)
	require.Equal(t, first[1], again[0], "the same number is the same event")
	n, _ = numbers(client.Emission{Type: "member.created", N: client.Of(uint64(10)), Count: 2})
	require.Equal(t, []uint64{10, 11}, n)
	n, _ = numbers(client.Emission{Type: "member.created"})
	require.Equal(t, []uint64{12}, n, "goes on after the highest")
	_, err := m.Emit(m.ctx, c.ID, client.Emission{Type: "member.created", N: client.Of(^uint64(0)), Count: 2})
	requireCode(t, err, "invalid_value")
}

// The same seed and start give the same ids, bodies and order.
func TestRunsRepeat(t *testing.T) {
	t.Parallel()
	run := func() string {
		m := newMock(t)
		r := newReceiver(t, always(500))
		c := m.community(client.NewCommunity{Platform: "tryno", DisableAfter: client.Of(0)})
		for range 3 {
			m.webhook(c.ID, r.URL)
		}
		_, err := m.Emit(m.ctx, c.ID, client.Emission{Type: "member.joined", Count: 20})
		require.NoError(t, err)
		m.settle(c.ID)
		out := []string{c.ID, c.Token, c.Secret}
		webhooks, err := m.Webhooks(m.ctx, c.ID)
		require.NoError(t, err)
		for _, w := range webhooks {
			logs, err := m.Tryno(c.ID, c.Token).Logs(m.ctx, w.ID, client.Page{Size: 50})
			require.NoError(t, err)
			for _, l := range logs {
				out = append(out, l.ID, l.Event, l.CreatedAt.String())
			}
		}
		all, err := m.Deliveries(m.ctx, c.ID, client.DeliveryFilter{Page: client.Page{Size: 500}})
		require.NoError(t, err)
		require.Equal(t, 60, all.Total)
		for _, d := range all.Deliveries {
			detail, err := m.Delivery(m.ctx, c.ID, d.ID)
			require.NoError(t, err)
			require.Len(t, detail.Attempts, 5)
			for _, a := range detail.Attempts {
				out = append(out, a.ID, a.Due.String(), a.Request.Text, a.Request.Headers.Get("X-Tryno-Signature"))
			}
		}
		encoded, err := json.Marshal(out)
		require.NoError(t, err)
		return string(encoded)
	}
	require.Equal(t, run(), run())
}
