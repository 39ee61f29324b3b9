package mockserver_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver"
	"github.com/quintain-dev/quintain/mockserver/client"
)

// SND-7: subscribed events only, once for each matching webhook.
func TestOnlySubscribedEventsAreSent(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	r := newReceiver(t, always(200))
	c := m.community(client.NewCommunity{Platform: "tryno"})
	subscribe := func(active bool, events ...string) string {
		w, err := m.CreateWebhook(m.ctx, c.ID, client.NewWebhook{URL: r.URL, Events: events, IsActive: &active})
		require.NoError(t, err)
		return w.ID
	}
	joined := subscribe(true, "member.joined", "post.created")
	all := subscribe(true, "*")
	subscribe(true, "post.created")
	subscribe(false, "*")
	event := m.emit(c.ID, "member.joined")
	m.settle(c.ID)
	require.Len(t, r.got(), 2)
	var webhooks []string
	for _, id := range event.Deliveries {
		d, err := m.Delivery(m.ctx, c.ID, id)
		require.NoError(t, err)
		require.Equal(t, event.ID, d.EventID)
		webhooks = append(webhooks, d.WebhookID)
	}
	require.Equal(t, []string{joined, all}, webhooks)
}

// SND-5: deleting or switching off a webhook stops its schedule, also in the middle.
func TestStopsInTheMiddleOfTheSchedule(t *testing.T) {
	t.Parallel()
	for name, stop := range map[string]func(m *mock, c *client.Community, w string) error{
		"deleted":  func(m *mock, c *client.Community, w string) error { return m.DeleteWebhook(m.ctx, c.ID, w) },
		"inactive": deactivate,
		"deleted by Tryno's API": func(m *mock, c *client.Community, w string) error {
			return m.Tryno(c.ID, c.Token).Delete(m.ctx, w)
		},
		"inactive by Tryno's API": func(m *mock, c *client.Community, w string) error {
			_, err := m.Tryno(c.ID, c.Token).Update(m.ctx, w, client.TrynoRequest{IsActive: client.Of(false)})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMock(t)
			r := newReceiver(t, always(500))
			c := m.community(client.NewCommunity{Platform: "tryno"})
			w := m.webhook(c.ID, r.URL)
			other := newReceiver(t, always(200))
			m.webhook(c.ID, other.URL)
			event := m.emit(c.ID, "member.joined")
			_, err := m.Advance(m.ctx, c.ID, time.Minute)
			require.NoError(t, err)
			require.Len(t, r.got(), 3)
			require.NoError(t, stop(m, c, w.ID))
			require.Zero(t, m.settle(c.ID).Attempts)
			require.Len(t, r.got(), 3)
			require.Len(t, other.got(), 1)
			d, err := m.Delivery(m.ctx, c.ID, event.Deliveries[0])
			require.NoError(t, err)
			require.Equal(t, client.Canceled, d.State)
			require.Len(t, d.Attempts, 3, "the journal stays")
			m.emit(c.ID, "member.joined")
			m.settle(c.ID)
			require.Len(t, r.got(), 3)
			require.Len(t, other.got(), 2)
		})
	}
}

func deactivate(m *mock, c *client.Community, w string) error {
	_, err := m.UpdateWebhook(m.ctx, c.ID, w, client.WebhookChange{IsActive: client.Of(false)})
	return err
}

// SND-6: Tryno disables a webhook when four retries have failed, and counts anew when it is switched on again.
func TestDisablesAfterConsecutiveFailures(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	var status atomic.Int64
	status.Store(500)
	r := newReceiver(t, func(_ int, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(int(status.Load())) })
	c := m.community(client.NewCommunity{Platform: "tryno"})
	w := m.webhook(c.ID, r.URL)
	m.emit(c.ID, "member.joined")
	m.settle(c.ID)
	require.Len(t, r.got(), 5)
	got, err := m.Webhook(m.ctx, c.ID, w.ID)
	require.NoError(t, err)
	require.False(t, got.IsActive)
	require.True(t, got.Disabled)
	require.Equal(t, 4, got.Failures)

	require.Empty(t, m.emit(c.ID, "member.joined").Deliveries, "nothing is owed to a webhook that is off")

	got, err = m.UpdateWebhook(m.ctx, c.ID, w.ID, client.WebhookChange{IsActive: client.Of(true)})
	require.NoError(t, err)
	require.True(t, got.IsActive)
	require.False(t, got.Disabled)
	require.Zero(t, got.Failures)

	// Three failed retries, then a success: the count is back at zero.
	event := m.emit(c.ID, "member.joined")
	for range 3 { // at once, after 0 s, after 1 min
		_, err = m.AdvanceToNext(m.ctx, c.ID)
		require.NoError(t, err)
	}
	status.Store(200)
	m.settle(c.ID)
	require.Equal(t, client.Acknowledged, m.delivery(c.ID, event).State)
	got, err = m.Webhook(m.ctx, c.ID, w.ID)
	require.NoError(t, err)
	require.Zero(t, got.Failures)
	require.True(t, got.IsActive)
}

// However many deliveries are due at once, none is attempted after the failure that disables the webhook.
func TestNothingIsSentAfterTheLastFailure(t *testing.T) {
	t.Parallel()
	for platform, want := range map[string]int{
		"tryno": 20 + 4, // first attempts do not count
		"tribe": 3,      // here they do: see below
	} {
		m := newMock(t)
		r := newReceiver(t, always(500))
		settings := client.NewCommunity{Platform: platform}
		if platform == "tribe" {
			tribe, err := contract.Load("tribe")
			require.NoError(t, err)
			tribe.Rules.DisableAfter.Value = contract.DisableAfter{Failures: 3, Counts: "attempts"}
			m = newMock(t, mockserver.WithPlatform(tribe))
		}
		c := m.community(settings)
		w := m.webhook(c.ID, r.URL)
		good := newReceiver(t, always(200))
		m.webhook(c.ID, good.URL)
		_, err := m.Emit(m.ctx, c.ID, client.Emission{Type: platforms[platform].event, Count: 20})
		require.NoError(t, err)
		m.settle(c.ID)
		require.Len(t, r.got(), want, platform)
		require.Len(t, good.got(), 20)
		got, err := m.Webhook(m.ctx, c.ID, w.ID)
		require.NoError(t, err)
		require.True(t, got.Disabled)
	}
}

func TestDisablingCancelsWhatWaits(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	r := newReceiver(t, always(500))
	c := m.community(client.NewCommunity{Platform: "tribe", DisableAfter: client.Of(2)})
	m.webhook(c.ID, r.URL)
	_, err := m.Emit(m.ctx, c.ID, client.Emission{Type: "member.created", Count: 3})
	require.NoError(t, err)
	m.settle(c.ID)
	all, err := m.Deliveries(m.ctx, c.ID, client.DeliveryFilter{State: client.Canceled})
	require.NoError(t, err)
	require.Equal(t, 3, all.Total)
	clock, err := m.Clock(m.ctx, c.ID)
	require.NoError(t, err)
	require.Zero(t, clock.Pending)
	require.Nil(t, clock.Next)
}

func TestWebhookURLs(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	c := m.community(client.NewCommunity{Platform: "tribe"})
	for url, code := range map[string]string{
		"":                                "invalid_value",
		"/hooks":                          "invalid_value",
		"localhost:3000/hooks":            "invalid_value",
		"ftp://localhost/":                "invalid_value",
		"http://":                         "invalid_value",
		"http://:80/":                     "invalid_value",
		"http://user:pw@localhost/":       "invalid_value",
		"http://localhost/#there":         "invalid_value",
		"http://local host/":              "invalid_value",
		"http://127.0.0.1:99999999999/%z": "invalid_value",
		"http://127.0.0.1:99999/":         "invalid_value",
		"http://127.0.0.1:0/":             "invalid_value",
		"http://localhost/?a=1 2":         "invalid_value",
		"http://ünï.localhost/":           "invalid_value",
		"http://localhost/" + strings.Repeat("a", 3000): "invalid_value",
		"http://example.com/hooks":                      "host_not_allowed",
		"https://10.0.0.1/":                             "host_not_allowed",
		"http://0.0.0.0/":                               "host_not_allowed",
		"http://169.254.169.254/latest/meta-data":       "host_not_allowed",
		"http://[::ffff:10.0.0.1]/":                     "host_not_allowed",
		"http://localhost.example.com/":                 "host_not_allowed",
		"http://2130706433/":                            "host_not_allowed",
		"http://localhost:3000/hooks?a=1":               "",
		"http://LOCALHOST./":                            "",
		"http://app.localhost/":                         "",
		"http://127.9.9.9/":                             "",
		"http://[::1]:80/":                              "",
		"http://[::ffff:127.0.0.1]/":                    "",
	} {
		_, err := m.CreateWebhook(m.ctx, c.ID, client.NewWebhook{URL: url, Events: []string{"*"}})
		if code == "" {
			require.NoError(t, err, url)
			continue
		}
		requireCode(t, err, code)
	}
}

func TestAllowedHosts(t *testing.T) {
	t.Parallel()
	m := newMock(t, mockserver.WithAllowedHosts("hooks.example.com", "10.1.0.0/16"), mockserver.WithAllowedHosts("192.0.2.7"))
	c := m.community(client.NewCommunity{})
	for url, allowed := range map[string]bool{
		"https://hooks.example.com/":       true,
		"https://HOOKS.example.com:444/":   true,
		"https://other.example.com/":       false,
		"https://hooks.example.com.evil./": false,
		"http://10.1.2.3/":                 true,
		"http://10.2.2.3/":                 false,
		"http://192.0.2.7/":                true,
		"http://192.0.2.8/":                false,
		"http://localhost/":                true,
	} {
		_, err := m.CreateWebhook(m.ctx, c.ID, client.NewWebhook{URL: url, Events: []string{"*"}})
		require.Equal(t, allowed, err == nil, url)
	}
	for _, bad := range []string{"http://x", "a b", "", "host:80", "a/b"} {
		_, err := mockserver.New(mockserver.WithAllowedHosts(bad))
		require.ErrorContains(t, err, "is not a host to allow", bad)
	}
}

// With every host allowed, those of metadata services are not.
func TestAllowedHostsLeaveMetadataServicesOut(t *testing.T) {
	t.Parallel()
	all := newMock(t, mockserver.WithAllowedHosts("*"))
	named := newMock(t, mockserver.WithAllowedHosts("*", "169.254.169.254"))
	for url, allowed := range map[string][2]bool{
		"http://169.254.169.254/latest/": {false, true},
		"http://169.254.170.2/":          {false, false},
		"http://[fd00:ec2::254]/":        {false, false},
		"http://[fe80::1]/":              {false, false},
		"http://hooks.example.com/":      {true, true},
	} {
		for i, m := range []*mock{all, named} {
			c := m.community(client.NewCommunity{})
			_, err := m.CreateWebhook(m.ctx, c.ID, client.NewWebhook{URL: url, Events: []string{"*"}})
			if allowed[i] {
				require.NoError(t, err, url)
			} else {
				require.Contains(t, refusal(t, err, "host_not_allowed").Hint, "--allow-host", url)
			}
		}
	}
}

// A name that leads to an address which is not allowed is stopped when it is dialled.
func TestHostsAreCheckedAgainWhenDialled(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	c := m.community(client.NewCommunity{Platform: "mighty", Schedule: []string{}})
	// The name passes by its form, and resolves to nothing, or to the loopback: it must not leave the machine either
	// way.
	m.webhook(c.ID, "http://quintain-test.localhost:1/")
	event := m.emit(c.ID, "EventCreated")
	m.settle(c.ID)
	d := m.delivery(c.ID, event)
	require.Contains(t, []string{"refused", "unresolvable"}, d.Attempts[0].Failure)
}

func TestTribeHandshake(t *testing.T) {
	t.Parallel()
	answer := func(body string) func(int, http.ResponseWriter, *http.Request) {
		return func(_ int, w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json; charset=utf-8")
			_, _ = io.WriteString(w, body)
		}
	}
	for name, test := range map[string]struct {
		answer   func(int, http.ResponseWriter, *http.Request)
		problems []string
	}{
		"empty": {always(200), []string{`the Content-Type is "", want application/json`, "the body is not JSON"}},
		"500":   {always(500), []string{"the status is 500, want 200", `the Content-Type is "", want application/json`, "the body is not JSON"}},
		"wrong": {answer(`{"type":"TEST","status":"FAILED","data":{"challenge":"x"}}`), []string{
			`/status of the body is "FAILED", want "SUCCEEDED"`, `/data/challenge of the body is "x", want "`,
		}},
		"lacking": {answer(`{}`), []string{
			`/type of the body is missing, want "TEST"`, `/status of the body is missing, want "SUCCEEDED"`, `/data/challenge of the body is missing`,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMock(t)
			r := newReceiver(t, test.answer)
			c := m.community(client.NewCommunity{Platform: "tribe"})
			w := m.webhook(c.ID, r.URL)
			tested, err := m.TestWebhook(m.ctx, c.ID, w.ID)
			require.NoError(t, err)
			require.False(t, tested.OK)
			require.Len(t, tested.Problems, len(test.problems), "%q", tested.Problems)
			for i, want := range test.problems {
				require.Contains(t, tested.Problems[i], want)
			}
		})
	}

	t.Run("right", func(t *testing.T) {
		t.Parallel()
		m := newMock(t)
		r := newReceiver(t, echoChallenge)
		c := m.community(client.NewCommunity{Platform: "tribe"})
		w := m.webhook(c.ID, r.URL)
		require.NoError(t, deactivate(m, c, w.ID))
		tested, err := m.TestWebhook(m.ctx, c.ID, w.ID)
		require.NoError(t, err)
		require.Empty(t, tested.Problems, "also to a webhook that is off")
		require.True(t, tested.OK)
		require.NotEmpty(t, r.got()[0].header.Get("X-Tribe-Signature"))
		require.Contains(t, tested.Attempt.Request.Text, `"type":"TEST"`)
		all, err := m.Deliveries(m.ctx, c.ID, client.DeliveryFilter{})
		require.NoError(t, err)
		require.Zero(t, all.Total, "a test is no delivery")
	})

	t.Run("as leniently as HSK-1", func(t *testing.T) {
		t.Parallel()
		m := newMock(t)
		r := newReceiver(t, func(_ int, w http.ResponseWriter, r *http.Request) {
			challenge, _ := contract.Lookup(bodyOf(r), contract.ChallengePointer).(string)
			w.Header().Set("Content-Type", "text/json")
			_, _ = io.WriteString(w, `{"type":"TEST","status":"succeeded","data":{"challenge":"`+challenge+`"}}`)
		})
		c := m.community(client.NewCommunity{Platform: "tribe"})
		tested, err := m.TestWebhook(m.ctx, c.ID, m.webhook(c.ID, r.URL).ID)
		require.NoError(t, err)
		require.Empty(t, tested.Problems)
		require.True(t, tested.OK)
	})

	t.Run("nobody there", func(t *testing.T) {
		t.Parallel()
		m := newMock(t)
		r := newReceiver(t, always(200))
		r.Close()
		c := m.community(client.NewCommunity{Platform: "tribe"})
		w := m.webhook(c.ID, r.URL)
		tested, err := m.TestWebhook(m.ctx, c.ID, w.ID)
		require.NoError(t, err)
		require.False(t, tested.OK)
		require.Equal(t, "refused", tested.Attempt.Failure)
		require.Nil(t, tested.Attempt.Response)
		require.Len(t, tested.Problems, 1)
	})

	t.Run("mighty has none", func(t *testing.T) {
		t.Parallel()
		m := newMock(t)
		c := m.community(client.NewCommunity{Platform: "mighty"})
		w := m.webhook(c.ID, "http://localhost/")
		_, err := m.TestWebhook(m.ctx, c.ID, w.ID)
		requireCode(t, err, "no_handshake")
	})
}

// echoChallenge answers a TEST request as it should be answered.
func echoChallenge(_ int, w http.ResponseWriter, r *http.Request) {
	var request struct {
		Data json.RawMessage `json:"data"`
	}
	if err := json.Unmarshal(bodyOf(r), &request); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `{"type":"TEST","status":"SUCCEEDED","data":`+string(request.Data)+`}`)
}

func TestRedeliver(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	var status atomic.Int64
	status.Store(500)
	r := newReceiver(t, func(_ int, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(int(status.Load())) })
	c := m.community(client.NewCommunity{Platform: "tribe", Schedule: []string{"1m"}})
	w := m.webhook(c.ID, r.URL)
	event := m.emit(c.ID, "member.created")
	id := event.Deliveries[0]
	_, err := m.Redeliver(m.ctx, c.ID, id, false)
	requireCode(t, err, "delivery_unsettled")
	m.settle(c.ID)

	d, err := m.Redeliver(m.ctx, c.ID, id, true)
	require.NoError(t, err)
	require.Equal(t, client.Exhausted, d.State, "one attempt, no schedule")
	require.Equal(t, 3, d.AttemptCount)

	status.Store(200)
	d, err = m.Redeliver(m.ctx, c.ID, id, false)
	require.NoError(t, err)
	require.Equal(t, client.Waiting, d.State)
	require.Equal(t, 1, m.settle(c.ID).Attempts)
	detail := m.delivery(c.ID, event)
	require.Equal(t, client.Acknowledged, detail.State)
	require.Equal(t, []bool{false, false, true, true}, []bool{
		detail.Attempts[0].Manual, detail.Attempts[1].Manual, detail.Attempts[2].Manual, detail.Attempts[3].Manual,
	})
	require.Equal(t, string(r.got()[0].body), string(r.got()[3].body))

	d, err = m.Redeliver(m.ctx, c.ID, id, false)
	require.NoError(t, err)
	require.Equal(t, client.Waiting, d.State)
	require.NoError(t, deactivate(m, c, w.ID))
	require.Equal(t, client.Canceled, m.delivery(c.ID, event).State)
	_, err = m.Redeliver(m.ctx, c.ID, id, false)
	requireCode(t, err, "webhook_inactive")
	require.NoError(t, m.DeleteWebhook(m.ctx, c.ID, w.ID))
	_, err = m.Redeliver(m.ctx, c.ID, id, false)
	requireCode(t, err, "webhook_deleted")
	require.Len(t, r.got(), 4)
}
