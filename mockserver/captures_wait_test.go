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
