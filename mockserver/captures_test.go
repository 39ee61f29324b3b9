package mockserver_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/mockserver/client"
)

// What the mock sends is what the platform documents, signed as it is: the inbox finds both, whatever the platform and
// the encoding, and counts the attempts of a delivery.
func TestCapturesAreJudged(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	for _, test := range []struct {
		community client.NewCommunity
		event     string
		named     string
		signature string
	}{
		{client.NewCommunity{Platform: "tribe"}, "member.created", "member.created", "valid"},
		{client.NewCommunity{Platform: "tryno"}, "member.joined", "member.joined", "valid"},
		{client.NewCommunity{Platform: "mighty", Secret: client.Of("key")}, "EventCreated", "EventCreated", "valid"},
		{client.NewCommunity{Platform: "mighty@2026-07"}, "EventCreated", "EventCreated", ""},
		{client.NewCommunity{Platform: "mighty"}, "MemberSubscriptionCanceled", "", ""}, // which has the shape of another one
		{client.NewCommunity{Platform: "ambassify"}, "person.created", "person.created", ""},
		{client.NewCommunity{Platform: "ambassify", Encoding: "form"}, "campaign.created", "campaign.created", ""},
		{client.NewCommunity{Platform: "ambassify", Encoding: "form", FormStyle: "dots"}, "interaction.created", "interaction.created", ""},
	} {
		c := m.community(test.community)
		in := m.inbox(c.ID, "500x2,200")
		w, err := m.CreateWebhook(m.ctx, c.ID, client.NewWebhook{URL: in.URL + "/deep", Events: []string{"*"}})
		require.NoError(t, err)
		if test.signature != "" { // of one webhook alone
			_, err = m.UpdateWebhook(m.ctx, c.ID, w.ID, client.WebhookChange{Secret: client.Of("of-the-webhook")})
			require.NoError(t, err)
		}
		m.emit(c.ID, test.event)
		m.emit(c.ID, test.event)
		m.settle(c.ID)
		attempts := map[int]int{}
		for _, one := range m.captures(c.ID) {
			require.Equal(t, test.named, one.Event, one.Text)
			require.True(t, one.Valid, "%s: %v", one.Text, one.Problems)
			require.Empty(t, one.Problems)
			require.Equal(t, test.signature, one.Signature, c.Platform)
			attempts[one.Attempt]++
		}
		require.Equal(t, 2, attempts[1], "%s: each delivery comes a first time", c.Platform)
		require.Equal(t, 4, attempts[1]+attempts[2]+attempts[3])
	}
}

func TestCapturesSayWhatIsWrong(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	c := m.community(client.NewCommunity{ID: "c"})
	m.inbox(c.ID, "")
	for _, test := range []struct {
		body, event string
		problem     client.Problem
		header      []string
		signature   string
	}{
		{`{"data":{"name":"member.created","id":7}}`, "member.created", client.Problem{Pointer: "/data/id", Message: "is a number, want a string"}, nil, "none"},
		{`{"data":{"name":"member.creatd"}}`, "member.creatd", client.Problem{Message: `unknown event of tribe@2021-12 "member.creatd"; did you mean "member.created"?`},
			[]string{"X-Tribe-Signature", "x", "X-Tribe-Request-Timestamp", "1"}, "signature malformed: header X-Tribe-Signature is not 32 bytes in hex"},
		{"rubbish", "", client.Problem{Message: "the body is not JSON: line 1, column 1: invalid character 'r' looking for beginning of value"}, nil, "none"},
		{"a=1", "", client.Problem{Message: "the body does not name its event: there is no string at {/data/name}"}, []string{"Content-Type", "application/x-www-form-urlencoded"}, "none"},
		{"", "", client.Problem{Message: "the body is empty, want JSON"}, nil, "none"},
	} {
		require.NoError(t, m.DeleteCaptures(m.ctx, c.ID, "in"))
		m.do("POST", "/__mock/in/c/in", test.body, test.header...)
		got := m.captures(c.ID)[0]
		require.False(t, got.Valid)
		require.Equal(t, test.event, got.Event)
		require.Contains(t, got.Problems, test.problem)
		require.Equal(t, test.signature, got.Signature)
	}
}

// Rules go by the event and by how often the delivery has come, not by the order of requests.
func TestInboxRules(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	c := m.community(client.NewCommunity{ID: "c", Platform: "tribe", Schedule: []string{"1s", "1s", "1s"}})
	in := m.inbox(c.ID, "when event member.* attempt 1-2: 503; when event member.created attempt 3: 410; recover")
	m.webhook(c.ID, in.URL)
	for _, event := range []string{"member.created", "member_invitation.created", "member.updated"} {
		m.emit(c.ID, event)
	}
	m.settle(c.ID)
	got, bodies := map[string][]string{}, map[string]string{}
	for _, one := range m.captures(c.ID) {
		bodies[one.Event] = one.Text
		require.Equal(t, len(got[one.Event])+1, one.Attempt)
		got[one.Event] = append(got[one.Event], one.Answered)
	}
	require.Equal(t, map[string][]string{
		"member.created":            {"503", "503", "410", "recover"},
		"member_invitation.created": {"recover"},
		"member.updated":            {"503", "503", "recover"},
	}, got)

	// A new script begins anew; how often a delivery has come does not.
	m.inbox(c.ID, "when attempt 1: 501; 502")
	m.do("POST", "/__mock/in/c/in", bodies["member.created"])
	m.do("POST", "/__mock/in/c/in", "new")
	m.do("POST", "/__mock/in/c/in", bodies["member.created"]+" ")
	last := m.captures(c.ID)[8:]
	require.Equal(t, []string{"502", "501", "502"}, []string{last[0].Answered, last[1].Answered, last[2].Answered})
	require.Equal(t, []int{5, 1, 6}, []int{last[0].Attempt, last[1].Attempt, last[2].Attempt}, "a delivery is known by its id")
}

// Shares are drawn by what comes, and how often: whoever comes first, each gets the same answer.
func TestInboxShares(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	answers := func(seed uint64, order func(i int) int) map[string]string {
		c := m.community(client.NewCommunity{Seed: client.Of(seed)})
		in := m.inbox(c.ID, "30% 503 | 20% lost | 200")
		for i := range 300 {
			n := order(i)
			_ = post(in.URL, strings.Repeat("x", n/2)) // each twice
		}
		out := map[string]string{}
		for _, one := range m.captures(c.ID) {
			out[one.Text+string(rune('0'+one.Attempt))] = one.Answered
		}
		require.NoError(t, m.DeleteCommunity(m.ctx, c.ID))
		return out
	}
	forth := answers(42, func(i int) int { return i })
	require.Equal(t, forth, answers(42, func(i int) int { return 299 - i }))
	require.NotEqual(t, forth, answers(43, func(i int) int { return i }))
	counts := map[string]int{}
	for _, answer := range forth {
		counts[answer]++
	}
	require.InDelta(t, 90, counts["503"], 30)
	require.InDelta(t, 60, counts["200 lost"], 30)
	require.Equal(t, 300, counts["503"]+counts["200 lost"]+counts["200"])
}

func TestInboxFiltersCaptures(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	c := m.community(client.NewCommunity{ID: "c"})
	m.inbox(c.ID, "")
	m.do("POST", "/__mock/in/c/in/a", `{"data":{"name":"member.created"}}`)
	m.do("GET", "/__mock/in/c/in/b", "")
	m.do("POST", "/__mock/in/c/in", `{"data":{"name":"member.updated"}}`)
	for _, test := range []struct {
		filter client.CaptureFilter
		want   []uint64
	}{
		{client.CaptureFilter{}, []uint64{1, 2, 3}},
		{client.CaptureFilter{Event: "member.updated"}, []uint64{3}},
		{client.CaptureFilter{Valid: client.Of(false), Method: "POST"}, []uint64{1, 3}},
		{client.CaptureFilter{Valid: client.Of(true)}, nil},
		{client.CaptureFilter{Path: "/b"}, []uint64{2}},
	} {
		page, err := m.FindCaptures(m.ctx, c.ID, "in", test.filter, client.Page{})
		require.NoError(t, err)
		require.Equal(t, len(test.want), page.Total)
		var got []uint64
		for _, one := range page.Captures {
			got = append(got, one.Number)
		}
		require.Equal(t, test.want, got, "%+v", test.filter)
	}
	got := m.do("GET", "/__mock/communities/c/inboxes/in/captures?valid=maybe", "")
	require.Equal(t, "invalid_value", got.errorCode(t))
	got = m.do("GET", "/__mock/communities/c/inboxes/in/captures?evnt=x", "")
	require.Contains(t, string(got.body), `did you mean \"event\"?`)
	got = m.do("GET", "/__mock/communities/c/inboxes/in/captures/one", "")
	require.Equal(t, "invalid_value", got.errorCode(t))
	got = m.do("GET", "/__mock/communities/c/inboxes/in/captures/1/body", "")
	require.Equal(t, "application/octet-stream", got.header.Get("Content-Type"))
	require.Equal(t, `{"data":{"name":"member.created"}}`, string(got.body))
}

func TestInboxDropsTheOldest(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	c := m.community(client.NewCommunity{ID: "c"})
	m.inbox(c.ID, "")
	for range 8 {
		require.Equal(t, 200, m.do("POST", "/__mock/in/c/in", strings.Repeat("x", 9<<20)).status)
	}
	in, err := m.Inbox(m.ctx, c.ID, "in")
	require.NoError(t, err)
	require.Equal(t, uint64(1), in.Dropped)
	_, err = m.Capture(m.ctx, c.ID, "in", 1)
	require.Contains(t, refusal(t, err, "unknown_capture").Hint, "dropped")
	page, err := m.Captures(m.ctx, c.ID, "in", client.Page{Size: 1})
	require.NoError(t, err)
	require.Equal(t, 7, page.Total)
	require.Equal(t, uint64(2), page.Captures[0].Number)
}

// A wait ends with the capture that makes the number full, whenever that comes.
func TestWaitForCaptures(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	c := m.community(client.NewCommunity{ID: "c"})
	m.inbox(c.ID, "")
	waited := make(chan *client.Captures)
	go func() {
		got, err := m.WaitForCaptures(m.ctx, c.ID, "in", client.CaptureFilter{Event: "member.updated"}, 3, time.Minute)
		if err != nil {
			t.Error(err)
		}
		waited <- got
	}()
	for range 3 {
		m.do("POST", "/__mock/in/c/in", `{"data":{"name":"member.created"}}`)
		m.do("POST", "/__mock/in/c/in", `{"data":{"name":"member.updated"}}`)
	}
	got := <-waited
	require.Equal(t, 3, got.Total)
	require.Equal(t, []uint64{2, 4, 6}, []uint64{got.Captures[0].Number, got.Captures[1].Number, got.Captures[2].Number})
}

type nearJSON struct {
	Near []struct {
		Number  uint64
		Differs []string
	}
}

// What did not arrive is said with what came in its place, the nearest first, and with what may keep it away.
func TestWaitSaysWhatCame(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	c := m.community(client.NewCommunity{ID: "c"})
	in := m.inbox(c.ID, "")
	wait := func(f client.CaptureFilter, count int, timeout time.Duration) (*client.Error, nearJSON) {
		_, err := m.WaitForCaptures(m.ctx, c.ID, "in", f, count, timeout)
		e := refusal(t, err, "not_arrived")
		require.Equal(t, 409, e.Status)
		var details nearJSON
		require.NoError(t, json.Unmarshal(e.Details, &details))
		require.NotNil(t, details.Near)
		return e, details
	}
	e, near := wait(client.CaptureFilter{}, 1, 0)
	require.Equal(t, "0 of 1 came within 0s", e.Message)
	require.Equal(t, "no webhook of the community leads to this inbox", e.Hint)
	require.Empty(t, near.Near)

	other, err := m.PutInbox(m.ctx, c.ID, "inn", "")
	require.NoError(t, err)
	m.webhook(c.ID, other.URL)
	e, _ = wait(client.CaptureFilter{}, 1, 0)
	require.Equal(t, "no webhook of the community leads to this inbox", e.Hint, "another inbox begins with the same letters")
	w := m.webhook(c.ID, in.URL+"/x")
	for range 2 {
		m.emit(c.ID, "member.created")
	}
	e, _ = wait(client.CaptureFilter{}, 3, 20*time.Millisecond)
	require.Equal(t, "0 of 3 came within 20ms", e.Message)
	require.Equal(t, "4 deliveries are pending; move the clock", e.Hint)
	m.settle(c.ID)
	e, near = wait(client.CaptureFilter{}, 3, 0)
	require.Equal(t, "2 of 3 came within 0s", e.Message)
	require.Empty(t, e.Hint)
	require.Empty(t, near.Near, "both are what was waited for")
	require.NoError(t, m.DeleteCaptures(m.ctx, c.ID, "in"))
	_, err = m.UpdateWebhook(m.ctx, c.ID, w.ID, client.WebhookChange{IsActive: client.Of(false)})
	require.NoError(t, err)
	e, _ = wait(client.CaptureFilter{}, 1, 0)
	require.Equal(t, "no webhook that leads to this inbox is switched on", e.Hint)

	m.do("POST", "/__mock/in/c/in/x", `{"data":{"name":"member.created"}}`)
	m.do("POST", "/__mock/in/c/in/x", `{"data":{"name":"member.updated"}}`)
	for range 5 {
		m.do("GET", "/__mock/in/c/in", "")
	}
	e, near = wait(client.CaptureFilter{Event: "member.created", Method: "POST", Path: "/y"}, 1, 0)
	require.Equal(t, "0 of 1 came within 0s", e.Message)
	require.Len(t, near.Near, 5)
	require.Equal(t, uint64(3), near.Near[0].Number)
	require.Equal(t, []string{"path is /x, want /y"}, near.Near[0].Differs)
	require.Equal(t, []string{"event is member.updated, want member.created", "path is /x, want /y"}, near.Near[1].Differs)
	require.Equal(t, []string{"event is not known, want member.created", "method is GET, want POST", "path is empty, want /y"}, near.Near[2].Differs)
	_, near = wait(client.CaptureFilter{Event: "member.updated", Valid: client.Of(true)}, 1, 0)
	require.Equal(t, uint64(4), near.Near[0].Number)
	require.Equal(t, []string{`valid is false, want true: lacks "networkId", "context", "entityId", "currentSettings", "type"`}, near.Near[0].Differs)
}

// A wait ends with its inbox, its community, and the patience of who waits.
func TestWaitLetsGo(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	for code, end := range map[string]func(community string, cancel func()) error{
		"unknown_inbox":   func(community string, _ func()) error { return m.DeleteInbox(m.ctx, community, "in") },
		"community_reset": func(community string, _ func()) error { return m.ResetCommunity(m.ctx, community) },
		"":                func(_ string, cancel func()) error { cancel(); return nil },
	} {
		c := m.community(client.NewCommunity{})
		m.inbox(c.ID, "")
		ctx, cancel := context.WithCancel(m.ctx)
		waited := make(chan error)
		go func() {
			_, err := m.WaitForCaptures(ctx, c.ID, "in", client.CaptureFilter{}, 1, time.Minute)
			waited <- err
		}()
		require.NoError(t, end(c.ID, cancel))
		err := <-waited
		cancel()
		if code == "" {
			require.ErrorIs(t, err, context.Canceled)
			continue
		}
		var e *client.Error
		require.ErrorAs(t, err, &e)
		require.Contains(t, []string{code, "unknown_inbox"}, e.Code, "unknown_inbox: the wait began after the end")
	}
}

// An inbox that is deleted while a request is in it does not come back to life, nor does another one of its name get
// the request.
func TestInboxDeletedDuringARequest(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	c := m.community(client.NewCommunity{ID: "c"})
	for _, again := range []bool{false, true} {
		m.inbox(c.ID, "200")
		body, write := io.Pipe()
		r, err := http.NewRequestWithContext(m.ctx, http.MethodPost, m.url+"/__mock/in/c/in", body)
		require.NoError(t, err)
		r.Header.Set("Expect", "100-continue") // the server asks for the body when the request is in the inbox
		asked := make(chan struct{})
		r = r.WithContext(continued(r.Context(), asked))
		answered := make(chan int)
		go func() {
			transport := &http.Transport{ExpectContinueTimeout: time.Minute}
			defer transport.CloseIdleConnections()
			response, err := transport.RoundTrip(r)
			if err != nil {
				t.Error(err)
				answered <- 0
				return
			}
			_ = response.Body.Close()
			answered <- response.StatusCode
		}()
		<-asked
		require.NoError(t, m.DeleteInbox(m.ctx, c.ID, "in"))
		if again {
			m.inbox(c.ID, "200")
		}
		_, err = write.Write([]byte("late"))
		require.NoError(t, err)
		require.NoError(t, write.Close())
		require.Equal(t, 404, <-answered)
		m.inbox(c.ID, "200")
		require.Empty(t, m.captures(c.ID))
		require.NoError(t, m.DeleteInbox(m.ctx, c.ID, "in"))
	}
}

// What an inbox holds is let go when the inbox is deleted or the community ends.
func TestInboxLetsGoOfEveryAnswer(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	for _, script := range []string{"timeout", "200 delay 10m", "dribble", "200 dribble 10m", "endless"} {
		for name, end := range map[string]func(community string) error{
			"delete": func(community string) error { return m.DeleteInbox(m.ctx, community, "in") },
			"reset":  func(community string) error { return m.ResetCommunity(m.ctx, community) },
		} {
			c := m.community(client.NewCommunity{})
			in := m.inbox(c.ID, script)
			var calls sync.WaitGroup
			calls.Go(func() {
				response, err := http.Post(in.URL, "text/plain", strings.NewReader("x"))
				if err == nil {
					_, err = io.Copy(io.Discard, response.Body)
					_ = response.Body.Close()
				}
				if err == nil && script != "dribble" { // which has no end but that of its connection
					t.Errorf("%s ended as if it were whole, after %s", script, name)
				}
			})
			_, err := m.WaitForCaptures(m.ctx, c.ID, "in", client.CaptureFilter{}, 1, time.Minute)
			require.NoError(t, err)
			require.NoError(t, end(c.ID))
			calls.Wait()
		}
	}
}
