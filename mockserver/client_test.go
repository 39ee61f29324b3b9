package mockserver_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/mockserver"
	"github.com/quintain-dev/quintain/mockserver/client"
	"github.com/quintain-dev/quintain/mockserver/internal/api"
)

// Every method of the client against the server, and every exchange against the document. The client is an
// implementation of the document as the server is.
func TestClientServerAndDocumentAgree(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	inspected, doc := newInspector(t, api.Description, m.url)
	m.Client = client.New(m.url+"/", &http.Client{Transport: inspected})
	ctx := m.ctx

	c, err := m.CreateCommunity(ctx, client.NewCommunity{
		Platform: "tribe@2021-12", ID: "town", Name: "Town", Seed: client.Of(uint64(7)), Token: "token", Secret: client.Of("secret"),
		Clock: client.VirtualFrom(start), TimeoutMS: 1000, Schedule: []string{"5s", "1m"}, DisableAfter: client.Of(3),
		Success: "2xx", Encoding: "json", FormStyle: "dots", RateLimit: client.Of(5),
		Jitter: 0.5, RetryAfter: true, Gone: true, Stamp: "schedule", Faults: "10% lost", MaxWebhooks: 7, RevealSecrets: true,
	})
	require.NoError(t, err)
	require.Equal(t, client.Community{
		ID: "town", Name: "Town", Platform: "tribe", Revision: "2021-12", Seed: 7, Token: "token", Secret: "secret",
		Clock: client.Clock{Mode: "virtual", Now: start}, TimeoutMS: 1000, Schedule: []string{"5s", "1m0s"}, DisableAfter: 3,
		Success: "2xx", Encoding: "json", FormStyle: "dots", RateLimit: 5, CreatedAt: c.CreatedAt,
		Jitter: 0.5, Bounds: []client.Bounds{{Min: "5s", Max: "7.5s"}, {Min: "1m0s", Max: "1m30s"}}, RetryAfter: true, Gone: true,
		Signature: "hmac-sha256", Stamp: "schedule", Faults: "10% lost", MaxWebhooks: 7, Reveals: true,
	}, *c)
	_, err = m.CreateCommunity(ctx, client.NewCommunity{Platform: "tribe", ID: "town"})
	requireCode(t, err, "id_taken")
	_, err = m.CreateCommunity(ctx, client.NewCommunity{Platform: "tribe", Token: "token"})
	requireCode(t, err, "token_taken")
	_, err = m.CreateCommunity(ctx, client.NewCommunity{Platform: "trib"})
	require.Equal(t, `did you mean "tribe"?`, refusal(t, err, "unknown_platform").Hint)
	_, err = m.CreateCommunity(ctx, client.NewCommunity{Platform: "tribe@2020"})
	requireCode(t, err, "unknown_revision")

	other, err := m.CreateCommunity(ctx, client.NewCommunity{Platform: "mighty", Clock: client.Scaled(2)})
	require.NoError(t, err)
	all, err := m.Communities(ctx)
	require.NoError(t, err)
	require.Equal(t, []string{"town", other.ID}, []string{all[0].ID, all[1].ID})
	got, err := m.Community(ctx, "town")
	require.NoError(t, err)
	require.Empty(t, got.Token, "shown on creation only")
	require.Empty(t, got.Secret, "shown on creation only")
	got.Token, got.Secret = c.Token, c.Secret
	require.Equal(t, c, got)

	kinds, err := m.FaultKinds(ctx)
	require.NoError(t, err)
	require.NotEmpty(t, kinds)
	require.NoError(t, m.SetFaults(ctx, c.ID, "none"))
	script, err := m.Faults(ctx, c.ID)
	require.NoError(t, err)
	require.Equal(t, "none", script)
	requireCode(t, m.SetFaults(ctx, c.ID, "tampr"), "bad_faults")
	_, err = m.Pause(ctx, other.ID)
	require.NoError(t, err)
	_, err = m.Resume(ctx, other.ID)
	require.NoError(t, err)
	_, err = m.Settled(ctx, other.ID, time.Second)
	require.NoError(t, err)

	in, err := m.PutInbox(ctx, c.ID, "hooks", "500x2,200:ok")
	require.NoError(t, err)
	require.Equal(t, client.Inbox{Name: "hooks", URL: m.url + "/__mock/in/town/hooks", Script: "500x2,200:ok"}, *in)
	w, err := m.CreateWebhook(ctx, c.ID, client.NewWebhook{URL: in.URL, Events: []string{"member.created"}, Secret: client.Of("other")})
	require.NoError(t, err)
	require.Empty(t, w.Secret, "who gave it knows it")
	_, err = m.CreateWebhook(ctx, c.ID, client.NewWebhook{URL: in.URL, Events: []string{"member.create"}})
	require.Equal(t, `did you mean "member.created"?`, refusal(t, err, "unknown_event").Hint)
	webhooks, err := m.Webhooks(ctx, c.ID)
	require.NoError(t, err)
	require.Len(t, webhooks, 1)
	require.Empty(t, webhooks[0].Secret, "shown on creation only")
	one, err := m.Webhook(ctx, c.ID, w.ID)
	require.NoError(t, err)
	require.Equal(t, webhooks[0], *one)
	one, err = m.UpdateWebhook(ctx, c.ID, w.ID, client.WebhookChange{
		URL: client.Of(in.URL + "/deep"), Events: []string{"*"}, Secret: client.Of("new"), IsActive: client.Of(true),
	})
	require.NoError(t, err)
	require.Equal(t, in.URL+"/deep", one.URL)
	require.Equal(t, []string{"*"}, one.Events)
	_, err = m.UpdateWebhook(ctx, c.ID, w.ID, client.WebhookChange{})
	requireCode(t, err, "invalid_value")

	rotated, err := m.RotateSecret(ctx, c.ID, w.ID, client.NewRotation{Secret: client.Of("newer"), Overlap: "1h", SignWith: "new"})
	require.NoError(t, err)
	require.Empty(t, rotated.Secret)
	require.Equal(t, client.Rotation{Until: start.Add(time.Hour), SignWith: "new"}, *rotated.Rotation)
	one, err = m.UpdateWebhook(ctx, c.ID, w.ID, client.WebhookChange{DeliverySettings: client.DeliverySettings{
		Faults: client.Of("when attempt 9: drop"), Schedule: client.Of([]string{"5s"}), TimeoutMS: client.Of(int64(500)),
	}})
	require.NoError(t, err)
	require.Equal(t, []any{"when attempt 9: drop", []string{"5s"}, int64(500)}, []any{*one.Faults, *one.Schedule, *one.TimeoutMS})

	events, err := m.Emit(ctx, c.ID, client.Emission{Type: "member.created", Count: 2, N: client.Of(uint64(4))})
	require.NoError(t, err)
	require.Len(t, events, 2)
	require.Equal(t, uint64(5), events[1].N)
	clock, err := m.Clock(ctx, c.ID)
	require.NoError(t, err)
	require.Equal(t, client.Clock{Mode: "virtual", Now: start, Pending: 2, Next: &start}, *clock)
	_, err = m.AdvanceToNext(ctx, c.ID)
	require.NoError(t, err)
	_, err = m.Advance(ctx, c.ID, time.Second)
	require.NoError(t, err)
	moved, err := m.AdvanceTo(ctx, c.ID, start.Add(2*time.Second))
	require.NoError(t, err)
	require.Equal(t, client.Moved{Now: start.Add(2 * time.Second)}, *moved)
	moved, err = m.Settle(ctx, c.ID, 100)
	require.NoError(t, err)
	require.Equal(t, 2, moved.Attempts)
	page, err := m.Deliveries(ctx, c.ID, client.DeliveryFilter{
		State: client.Acknowledged, Event: "member.created", Webhook: w.ID, Page: client.Page{Number: 2, Size: 1},
	})
	require.NoError(t, err)
	require.Equal(t, 2, page.Total)
	require.Equal(t, events[0].Deliveries[0], page.Deliveries[0].ID, "the older one is on the second page")
	d, err := m.Delivery(ctx, c.ID, page.Deliveries[0].ID)
	require.NoError(t, err)
	require.Equal(t, page.Deliveries[0], d.Delivery)
	require.Equal(t, uint64(4), d.N)
	require.Len(t, d.Attempts, 2)
	require.Equal(t, "ok", d.Attempts[1].Response.Text)
	require.Equal(t, in.URL+"/deep", d.Attempts[1].Request.URL)
	again, err := m.Redeliver(ctx, c.ID, d.ID, true)
	require.NoError(t, err)
	require.Equal(t, 3, again.AttemptCount)
	selected, err := m.RedeliverAll(ctx, c.ID, client.Selection{Filter: &client.DeliveryFilter{Since: start.Add(time.Hour)}}, true)
	require.NoError(t, err)
	require.Equal(t, client.Redelivered{Redelivered: []client.Delivery{}, Skipped: []client.Skipped{}}, *selected)
	attempts, err := m.Attempts(ctx, c.ID, client.AttemptFilter{
		Event: "member.created", Webhook: w.ID, Outcome: "failed", Since: start, Until: start.Add(time.Hour), OldestFirst: true, Page: client.Page{Size: 1},
	})
	require.NoError(t, err)
	require.Equal(t, 2, attempts.Total)
	require.Equal(t, d.ID, attempts.Attempts[0].DeliveryID)
	require.Equal(t, d.Attempts[0], attempts.Attempts[0].Attempt)
	var exported strings.Builder
	require.NoError(t, m.Export(ctx, c.ID, "", client.DeliveryFilter{}, &exported))
	require.Equal(t, 6, strings.Count(exported.String(), "\n"))
	exported.Reset()
	require.NoError(t, m.Export(ctx, c.ID, client.HAR, client.DeliveryFilter{State: client.Acknowledged}, &exported))
	require.Contains(t, exported.String(), `{"log":{"version":"1.2"`)
	digest, err := m.Digest(ctx, c.ID)
	require.NoError(t, err)
	require.Equal(t, 5, digest.Attempts)
	command, err := m.Curl(ctx, c.ID, d.ID, 1)
	require.NoError(t, err)
	require.Contains(t, command, "curl -X POST '"+in.URL+"/deep'")
	tested, err := m.TestWebhook(ctx, c.ID, w.ID)
	require.NoError(t, err)
	require.False(t, tested.OK)

	captures, err := m.Captures(ctx, c.ID, "hooks", client.Page{Size: 500})
	require.NoError(t, err)
	require.Equal(t, 6, captures.Total)
	require.Contains(t, []string{captures.Captures[0].Text, captures.Captures[1].Text}, d.Attempts[0].Request.Text)
	require.Equal(t, "/deep", captures.Captures[0].Path)
	require.Equal(t, []string{"500", "500", `200:"ok"`}, []string{
		captures.Captures[0].Answered, captures.Captures[1].Answered, captures.Captures[2].Answered,
	})
	first, err := m.Capture(ctx, c.ID, "hooks", 1)
	require.NoError(t, err)
	require.Equal(t, captures.Captures[0], *first)
	body, err := m.CaptureBody(ctx, c.ID, "hooks", 1)
	require.NoError(t, err)
	require.Equal(t, first.Bytes(), body)
	_, err = m.Capture(ctx, c.ID, "hooks", 7)
	require.Equal(t, `the inbox "hooks" has no capture 7`, refusal(t, err, "unknown_capture").Message)
	_, err = m.CaptureBody(ctx, c.ID, "hooks", 0)
	requireCode(t, err, "unknown_capture")
	found, err := m.FindCaptures(ctx, c.ID, "hooks", client.CaptureFilter{
		Event: "member.created", Valid: client.Of(true), Method: "POST", Path: "/deep",
	}, client.Page{Number: 2, Size: 2})
	require.NoError(t, err)
	require.Equal(t, 5, found.Total, "all but the test")
	require.Len(t, found.Captures, 2)
	waited, err := m.WaitForCaptures(ctx, c.ID, "hooks", client.CaptureFilter{Event: "member.created"}, 2, 0)
	require.NoError(t, err)
	require.Equal(t, client.Captures{Captures: captures.Captures[:2], Page: 1, PerPage: 2, Total: 5}, *waited)
	_, err = m.WaitForCaptures(ctx, c.ID, "hooks", client.CaptureFilter{Event: "post.published"}, 1, 0)
	requireCode(t, err, "not_arrived")
	_, err = m.WaitForCaptures(ctx, c.ID, "hooks", client.CaptureFilter{}, 501, 0)
	requireCode(t, err, "invalid_value")
	_, err = m.WaitForCaptures(ctx, c.ID, "hooks", client.CaptureFilter{}, 1, time.Hour)
	requireCode(t, err, "invalid_value")
	require.NoError(t, m.DeleteCaptures(ctx, c.ID, "hooks"))
	captures, err = m.Captures(ctx, c.ID, "hooks", client.Page{})
	require.NoError(t, err)
	require.Empty(t, captures.Captures)
	in, err = m.PutInbox(ctx, c.ID, "hooks", "")
	require.NoError(t, err)
	require.Equal(t, "200", in.Script)
	same, err := m.Inbox(ctx, c.ID, "hooks")
	require.NoError(t, err)
	require.Equal(t, in, same)
	inboxes, err := m.Inboxes(ctx, c.ID)
	require.NoError(t, err)
	require.Equal(t, []client.Inbox{*in}, inboxes)
	_, err = m.PutInbox(ctx, c.ID, "hooks", "20")
	requireCode(t, err, "bad_script")
	require.NoError(t, m.DeleteInbox(ctx, c.ID, "hooks"))
	_, err = m.Inbox(ctx, c.ID, "hooks")
	requireCode(t, err, "unknown_inbox")

	actions, err := m.Actions(ctx, c.ID)
	require.NoError(t, err)
	require.Contains(t, actions, client.Action{
		Name: "verify", Summary: "A member confirms the email address.", Events: []string{"member.verified"},
	})
	stories, err := m.Stories(ctx, c.ID)
	require.NoError(t, err)
	require.NotEmpty(t, stories)
	done, err := m.Act(ctx, c.ID, client.Deed{Action: "join", Set: map[string]any{"person.points": 5}, Wait: true})
	require.NoError(t, err)
	require.Len(t, done.Events, 1)
	told, err := m.Tell(ctx, c.ID, client.Telling{Story: "newcomer", AtOnce: true})
	require.NoError(t, err)
	require.Greater(t, told.Subject, done.Subject)

	require.NoError(t, m.DeleteWebhook(ctx, c.ID, w.ID))
	_, err = m.Webhook(ctx, c.ID, w.ID)
	requireCode(t, err, "unknown_webhook")
	require.NoError(t, m.ResetCommunity(ctx, c.ID))
	_, err = m.Delivery(ctx, c.ID, d.ID)
	requireCode(t, err, "unknown_delivery")
	require.NoError(t, m.Reset(ctx))
	require.NoError(t, m.DeleteCommunity(ctx, c.ID))
	_, err = m.Community(ctx, c.ID)
	requireCode(t, err, "unknown_community")

	// What the client has no method for.
	for path, want := range map[string]string{
		"/": "Quintain plays", "/livez": `"ok"`, "/readyz": `"ok"`, "/__mock/openapi.yaml": "openapi: 3.1.0", "/__mock/openapi.json": `"openapi": "3.1.0"`,
	} {
		response, err := (&http.Client{Transport: inspected}).Get(m.url + path)
		require.NoError(t, err)
		body, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Contains(t, string(body), want)
		if strings.HasSuffix(path, ".json") {
			require.True(t, json.Valid(body))
		}
	}
	for _, item := range doc.Paths.Map() {
		for _, operation := range item.Operations() {
			require.True(t, inspected.seen[operation.OperationID], "%s was not tried", operation.OperationID)
		}
	}
}

func TestClientReadsWhateverAnswers(t *testing.T) {
	t.Parallel()
	r := newReceiver(t, func(_ int, w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/teapot") {
			w.WriteHeader(http.StatusTeapot)
			return
		}
		_, _ = io.WriteString(w, "<html>")
	})
	c := client.New(r.URL, nil)
	_, err := c.Community(t.Context(), "teapot")
	e := refusal(t, err, "unreadable")
	require.Equal(t, 418, e.Status)
	_, err = c.Community(t.Context(), "x")
	require.ErrorContains(t, err, "the answer cannot be read")
	r.Close()
	_, err = c.Community(t.Context(), "x")
	require.Error(t, err)
}

func TestIDsAreEscapedOnTheirWay(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	for _, id := range []string{"a/b", "..", "%2F", "?x", "#", "ü", " "} {
		_, err := m.Community(m.ctx, id)
		e := refusal(t, err, "unknown_community")
		if id != ".." {
			require.Contains(t, e.Message, id)
		}
	}
}

func TestBaseURL(t *testing.T) {
	t.Parallel()
	m := newMock(t, mockserver.WithBaseURL("http://mock.internal:7555/"))
	c := m.community(client.NewCommunity{})
	in, err := m.PutInbox(m.ctx, c.ID, "in", "")
	require.NoError(t, err)
	require.Equal(t, "http://mock.internal:7555/__mock/in/"+c.ID+"/in", in.URL)
	m.webhook(c.ID, in.URL) // its own host is allowed
	for _, bad := range []string{"mock:7555", "http://", "http://x/?y", "ftp://x", "::"} {
		_, err := mockserver.New(mockserver.WithBaseURL(bad))
		require.ErrorContains(t, err, "base URL", bad)
	}
}
