package mockserver_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/mockserver/client"
)

// exported returns the lines of an NDJSON export: the head, and the entries.
func (m *mock) exported(community string, f client.DeliveryFilter) (head map[string]any, entries []client.Entry) {
	m.t.Helper()
	var out strings.Builder
	require.NoError(m.t, m.Export(m.ctx, community, client.NDJSON, f, &out))
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	require.NoError(m.t, json.Unmarshal([]byte(lines[0]), &head))
	for _, line := range lines[1:] {
		var e client.Entry
		require.NoError(m.t, json.Unmarshal([]byte(line), &e))
		entries = append(entries, e)
	}
	return head, entries
}

func positions(entries []client.Entry) (out []uint64) {
	for _, e := range entries {
		out = append(out, e.Position)
	}
	return out
}

// eventful is a community in which this happened: at 9:00 a joins (acknowledged at the second attempt), at 10:00 b
// joins (exhausted after two), at 11:00 an update (acknowledged) and a test of the webhook.
func eventful(t *testing.T) (m *mock, c *client.Community, w *client.Webhook, ids []string) {
	m = newMock(t)
	r := newReceiver(t, func(n int, w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader([]int{500, 200, 500, 500, 200, 200}[(n-1)%6])
	})
	c = m.community(client.NewCommunity{Platform: "tribe", Schedule: []string{"5s"}})
	w = m.webhook(c.ID, r.URL+"/hooks?a=1")
	for i, event := range []string{"member.created", "member.created", "member.updated"} {
		_, err := m.AdvanceTo(m.ctx, c.ID, start.Add(time.Duration(i)*time.Hour))
		require.NoError(t, err)
		ids = append(ids, m.emit(c.ID, event).Deliveries...)
	}
	m.settle(c.ID)
	_, err := m.TestWebhook(m.ctx, c.ID, w.ID)
	require.NoError(t, err)
	return m, c, w, ids
}

func TestDeliveriesByTime(t *testing.T) {
	t.Parallel()
	m, c, w, ids := eventful(t)
	list := func(f client.DeliveryFilter) (out []string) {
		got, err := m.Deliveries(m.ctx, c.ID, f)
		require.NoError(t, err)
		require.Equal(t, len(got.Deliveries), got.Total)
		for _, d := range got.Deliveries {
			out = append(out, d.ID)
		}
		return out
	}
	require.Equal(t, []string{ids[2], ids[1]}, list(client.DeliveryFilter{Since: start.Add(time.Hour)}), "inclusive")
	require.Equal(t, []string{ids[0]}, list(client.DeliveryFilter{Until: start.Add(time.Hour)}), "exclusive")
	require.Equal(t, []string{ids[1]}, list(client.DeliveryFilter{
		Since: start.Add(time.Hour).In(time.FixedZone("", 3600)), Until: start.Add(time.Hour + 1), State: client.Exhausted, Event: "member.created", Webhook: w.ID,
	}))
	path := "/__mock/communities/" + c.ID + "/deliveries"
	for query, want := range map[string]string{
		"since=yesterday": `since is "yesterday", want a time`,
		"until=2026":      `until is "2026", want a time`,
		"since=2026-03-01T09:00:00Z&until=2026-03-01T09:00:00Z": "until is 2026-03-01T09:00:00Z, and since is not before it",
		"state=acknowledge": `unknown state "acknowledge"; did you mean "acknowledged"?`,
	} {
		got := m.do("GET", path+"?"+query, "")
		require.Equal(t, "invalid_value", got.errorCode(t), query)
		require.Contains(t, strings.ReplaceAll(string(got.body), `","hint":"`, "; "), strings.ReplaceAll(want, `"`, `\"`), query)
	}
}

func TestAttempts(t *testing.T) {
	t.Parallel()
	m, c, w, ids := eventful(t)
	list := func(f client.AttemptFilter) []client.Entry {
		got, err := m.Attempts(m.ctx, c.ID, f)
		require.NoError(t, err)
		return got.Attempts
	}
	all := list(client.AttemptFilter{OldestFirst: true})
	require.Equal(t, []uint64{1, 2, 3, 4, 5, 6}, positions(all))
	var who []string
	for _, e := range all {
		who = append(who, fmt.Sprint(e.DeliveryID, " ", e.Sequence, " ", e.EventType, " ", e.Number, " ", e.Outcome))
		require.Equal(t, w.ID, e.WebhookID)
	}
	require.Equal(t, []string{
		ids[0] + " 1 member.created 1 failed", ids[0] + " 1 member.created 2 acknowledged",
		ids[1] + " 2 member.created 1 failed", ids[1] + " 2 member.created 2 failed",
		ids[2] + " 3 member.updated 1 acknowledged", " 0 TEST 1 acknowledged",
	}, who)
	d, err := m.Delivery(m.ctx, c.ID, ids[1])
	require.NoError(t, err)
	require.Equal(t, d.Attempts, []client.Attempt{all[2].Attempt, all[3].Attempt})
	require.Equal(t, d.EventID, all[2].EventID)

	require.Equal(t, []uint64{6, 5, 4, 3, 2, 1}, positions(list(client.AttemptFilter{})))
	require.Equal(t, []uint64{3, 4}, positions(list(client.AttemptFilter{OldestFirst: true, Page: client.Page{Number: 2, Size: 2}})))
	require.Equal(t, []uint64{4, 3, 1}, positions(list(client.AttemptFilter{Outcome: "failed"})))
	require.Equal(t, []uint64{5}, positions(list(client.AttemptFilter{Event: "member.updated", Webhook: w.ID})))
	require.Equal(t, []uint64{6}, positions(list(client.AttemptFilter{Event: "TEST"})))
	require.Equal(t, []uint64{3, 2}, positions(list(client.AttemptFilter{Since: start.Add(5 * time.Second), Until: start.Add(time.Hour + 5*time.Second)})))
	require.Empty(t, list(client.AttemptFilter{Failure: "timeout"}))
	require.Empty(t, list(client.AttemptFilter{Webhook: "other"}))
	path := "/__mock/communities/" + c.ID + "/attempts?"
	for query, code := range map[string]string{
		"outcome=good": "invalid_value", "failure=late": "invalid_value", "order=up": "invalid_value", "since=x": "invalid_value",
		"event=nothing": "unknown_event", "state=exhausted": "unknown_field", "page=0": "invalid_value",
	} {
		require.Equal(t, code, m.do("GET", path+query, "").errorCode(t), query)
	}
}

func TestRedeliverAll(t *testing.T) {
	t.Parallel()
	m, c, w, ids := eventful(t)
	waiting := m.emit(c.ID, "member.created").Deliveries[0]

	done, err := m.RedeliverAll(m.ctx, c.ID, client.Selection{Deliveries: []string{waiting, ids[2], ids[0]}}, true)
	require.NoError(t, err)
	require.Len(t, done.Redelivered, 2)
	require.Equal(t, []string{ids[0], ids[2]}, []string{done.Redelivered[0].ID, done.Redelivered[1].ID}, "oldest first")
	require.Equal(t, []int{3, 2}, []int{done.Redelivered[0].AttemptCount, done.Redelivered[1].AttemptCount}, "it waited")
	require.Len(t, done.Skipped, 1)
	require.Equal(t, []string{waiting, "delivery_unsettled"}, []string{done.Skipped[0].ID, done.Skipped[0].Code})
	require.Contains(t, done.Skipped[0].Message, waiting)

	// Without waiting they are due, and made when the clock is moved.
	done, err = m.RedeliverAll(m.ctx, c.ID, client.Selection{Filter: &client.DeliveryFilter{Until: start.Add(3 * time.Hour), Event: "member.updated"}}, false)
	require.NoError(t, err)
	require.Len(t, done.Redelivered, 1)
	require.Equal(t, client.Waiting, done.Redelivered[0].State)
	moved, err := m.Advance(m.ctx, c.ID, 0)
	require.NoError(t, err)
	require.Equal(t, 2, moved.Attempts, "the redelivery, and what was pending")
	m.settle(c.ID)

	nothing := client.Redelivered{Redelivered: []client.Delivery{}, Skipped: []client.Skipped{}}
	for _, s := range []client.Selection{{}, {Filter: &client.DeliveryFilter{State: client.Canceled}}} {
		done, err = m.RedeliverAll(m.ctx, c.ID, s, true)
		require.NoError(t, err)
		require.Equal(t, nothing, *done)
	}

	before, err := m.Attempts(m.ctx, c.ID, client.AttemptFilter{})
	require.NoError(t, err)
	_, err = m.RedeliverAll(m.ctx, c.ID, client.Selection{Deliveries: []string{ids[0], "nope"}}, true)
	requireCode(t, err, "unknown_delivery")
	_, err = m.RedeliverAll(m.ctx, c.ID, client.Selection{Deliveries: []string{ids[0], ids[0]}}, true)
	requireCode(t, err, "invalid_value")
	_, err = m.RedeliverAll(m.ctx, c.ID, client.Selection{Deliveries: ids, Filter: &client.DeliveryFilter{}}, true)
	requireCode(t, err, "invalid_value")
	_, err = m.RedeliverAll(m.ctx, c.ID, client.Selection{Deliveries: make([]string, 10_001)}, true)
	require.Contains(t, refusal(t, err, "invalid_value").Message, "10001 deliveries are selected, want at most 10000")
	path := "/__mock/communities/" + c.ID + "/redeliver"
	for body, code := range map[string]string{
		`{}`: "invalid_value", ``: "bad_json", `{"filter":{"stat":"x"}}`: "unknown_field", `{"filter":{"state":"x"}}`: "invalid_value",
		`{"filter":{"since":"x"}}`: "invalid_value", `{"filter":{"event":"x"}}`: "unknown_event",
	} {
		require.Equal(t, code, m.do("POST", path, body).errorCode(t), body)
	}
	after, err := m.Attempts(m.ctx, c.ID, client.AttemptFilter{})
	require.NoError(t, err)
	require.Equal(t, before.Total, after.Total, "a refused selection does nothing")

	_, err = m.UpdateWebhook(m.ctx, c.ID, w.ID, client.WebhookChange{IsActive: client.Of(false)})
	require.NoError(t, err)
	done, err = m.RedeliverAll(m.ctx, c.ID, client.Selection{Filter: &client.DeliveryFilter{}}, true)
	require.NoError(t, err)
	require.Empty(t, done.Redelivered)
	require.Len(t, done.Skipped, 4)
	for i, id := range append(ids, waiting) {
		require.Equal(t, []string{id, "webhook_inactive"}, []string{done.Skipped[i].ID, done.Skipped[i].Code})
	}
	require.NoError(t, m.DeleteWebhook(m.ctx, c.ID, w.ID))
	done, err = m.RedeliverAll(m.ctx, c.ID, client.Selection{Deliveries: ids[:1]}, true)
	require.NoError(t, err)
	require.Equal(t, "webhook_deleted", done.Skipped[0].Code)
}

// More deliveries than one selection may have are refused, and none is sent.
func TestRedeliverTooMany(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	c := m.community(client.NewCommunity{Platform: "mighty", Schedule: []string{}})
	w := m.webhook(c.ID, "http://127.0.0.1:1/")
	for _, count := range []int{10_000, 1} {
		_, err := m.Emit(m.ctx, c.ID, client.Emission{Type: "MemberBadgeAdded", Count: count})
		require.NoError(t, err)
	}
	require.NoError(t, m.DeleteWebhook(m.ctx, c.ID, w.ID)) // cancels them all
	_, err := m.RedeliverAll(m.ctx, c.ID, client.Selection{Filter: &client.DeliveryFilter{}}, false)
	require.Contains(t, refusal(t, err, "invalid_value").Message, "10001 deliveries are selected")
	clock, err := m.Clock(m.ctx, c.ID)
	require.NoError(t, err)
	require.Zero(t, clock.Pending)
}
