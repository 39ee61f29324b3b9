package mockserver_test

import (
	"strings"
	"testing"

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
		// which has the shape of another one
		{client.NewCommunity{Platform: "mighty"}, "MemberSubscriptionCanceled", "", ""},
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

// During a rotation a request that either secret signs is rightly signed, and with stamps of the schedule its age does
// not count; what net/http takes out of a request is shown.
func TestCapturesKnowRotationsAndStamps(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	for _, stamp := range []string{"real", "schedule"} {
		for _, signature := range []string{"platform", "standard-webhooks"} {
			c := m.community(client.NewCommunity{Stamp: stamp, Signature: signature})
			in, err := m.PutInbox(m.ctx, c.ID, "in", "200")
			require.NoError(t, err)
			w := m.webhook(c.ID, in.URL)
			_, err = m.RotateSecret(m.ctx, c.ID, w.ID, client.NewRotation{Overlap: "5h", SignWith: "old"})
			require.NoError(t, err)
			_, err = m.Emit(m.ctx, c.ID, client.Emission{Type: "member.created", Wait: true, Faults: "chunked"})
			require.NoError(t, err)
			_, err = m.Emit(m.ctx, c.ID, client.Emission{Type: "member.created", Wait: true, Faults: "invalid-utf8"})
			require.NoError(t, err)
			captures, err := m.Captures(m.ctx, c.ID, "in", client.Page{})
			require.NoError(t, err)
			require.Equal(t, "valid", captures.Captures[0].Signature, "%s %s", stamp, signature)
			require.Equal(t, []string{"chunked"}, captures.Captures[0].Headers["Transfer-Encoding"])
			require.True(t, captures.Captures[0].Valid)
			require.False(t, captures.Captures[1].Valid)
			require.Contains(t, captures.Captures[1].Problems[0].Message, "is not UTF-8")
		}
	}
}
