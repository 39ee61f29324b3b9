package mockserver_test

import (
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/mockserver"
	"github.com/quintain-dev/quintain/mockserver/client"
)

func TestExport(t *testing.T) {
	t.Parallel()
	m, c, w, ids := eventful(t)
	head, entries := m.exported(c.ID, client.DeliveryFilter{})
	require.Equal(t, map[string]any{
		"quintain_export": 1.0, "community": c.ID, "platform": "tribe@2021-12", "seed": 42.0,
		"clock": map[string]any{"mode": "virtual", "now": "2026-03-01T11:00:00Z", "paused": false, "pending": 0.0},
	}, head)
	listed, err := m.Attempts(m.ctx, c.ID, client.AttemptFilter{OldestFirst: true})
	require.NoError(t, err)
	require.Equal(t, listed.Attempts, entries)
	require.JSONEq(t, entries[0].Request.Text, entries[1].Request.Text)

	head, entries = m.exported(c.ID, client.DeliveryFilter{State: client.Acknowledged, Webhook: w.ID})
	require.Equal(t, map[string]any{"state": "acknowledged", "webhook": w.ID}, head["filter"])
	require.Equal(t, []uint64{1, 2, 5}, positions(entries), "all attempts of the deliveries, and no tests")
	_, entries = m.exported(c.ID, client.DeliveryFilter{Since: start.Add(time.Hour), Event: "member.created"})
	require.Equal(t, []uint64{3, 4}, positions(entries))
	require.Equal(t, ids[1], entries[0].DeliveryID)
	_, entries = m.exported(c.ID, client.DeliveryFilter{Until: start.Add(24 * time.Hour)})
	require.Equal(t, []uint64{1, 2, 3, 4, 5}, positions(entries), "a test is of no delivery")
	_, entries = m.exported(c.ID, client.DeliveryFilter{Webhook: "other"})
	require.Empty(t, entries)

	got := m.do("GET", "/__mock/communities/"+c.ID+"/export", "")
	require.Equal(t, "application/x-ndjson", got.header.Get("Content-Type"))
	require.Equal(t, `attachment; filename="`+c.ID+`.ndjson"`, got.header.Get("Content-Disposition"))
	require.True(t, strings.HasPrefix(strings.Split(string(got.body), "\n")[1], `{"position":1,"delivery_id":"`), "the keys have an order")
	for query, code := range map[string]string{"format=csv": "invalid_value", "state=x": "invalid_value", "page=1": "unknown_field"} {
		require.Equal(t, code, m.do("GET", "/__mock/communities/"+c.ID+"/export?"+query, "").errorCode(t))
	}
}

// large is a payload of which what is read at once fits into no buffer on the way.
var large = json.RawMessage(`{"x":"` + strings.Repeat("x", 24<<10) + `"}`)

// begin starts an export and returns the rest of it when it has begun, and cannot go on before that is read.
func (m *mock) begin(community string, f client.DeliveryFilter) (rest io.Reader, ended chan error) {
	m.t.Helper()
	reader, writer := io.Pipe()
	ended = make(chan error, 1)
	go func() {
		err := m.Export(m.ctx, community, client.NDJSON, f, writer)
		writer.CloseWithError(err)
		ended <- err
	}()
	_, err := io.ReadFull(reader, make([]byte, 1))
	require.NoError(m.t, err)
	return reader, ended
}

// An export has what there was when it began, however long it takes: no later attempts, and the deliveries as they
// were.
func TestExportWhileOthersWrite(t *testing.T) {
	t.Parallel()
	for name, filter := range map[string]client.DeliveryFilter{"all": {}, "of a state": {State: client.Waiting}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMock(t)
			c := m.community(client.NewCommunity{Platform: "mighty", Schedule: []string{"5s"}, DisableAfter: client.Of(0)})
			m.webhook(c.ID, newReceiver(t, always(500)).URL)
			_, err := m.Emit(m.ctx, c.ID, client.Emission{Type: "MemberBadgeAdded", Count: 300, Payload: large, Wait: true})
			require.NoError(t, err)
			rest, ended := m.begin(c.ID, filter)
			require.Equal(t, 300, m.settle(c.ID).Attempts)
			text, err := io.ReadAll(rest)
			require.NoError(t, err)
			require.NoError(t, <-ended)
			require.Equal(t, 1+300, strings.Count(string(text), "\n"))
			digest, err := m.Digest(m.ctx, c.ID)
			require.NoError(t, err)
			require.Equal(t, 600, digest.Attempts)
		})
	}
}

// An export of a community that is reset meanwhile breaks off, so that nobody takes a part for the whole.
func TestExportOfWhatIsReset(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	r := newReceiver(t, always(200))
	c := m.community(client.NewCommunity{Platform: "mighty"})
	m.webhook(c.ID, r.URL)
	_, err := m.Emit(m.ctx, c.ID, client.Emission{Type: "MemberBadgeAdded", Count: 300, Payload: large, Wait: true})
	require.NoError(t, err)
	rest, ended := m.begin(c.ID, client.DeliveryFilter{})
	require.NoError(t, m.ResetCommunity(m.ctx, c.ID))
	_, _ = io.Copy(io.Discard, rest)
	require.ErrorContains(t, <-ended, "the answer is not whole")
}

func TestHAR(t *testing.T) {
	t.Parallel()
	m, c, _, ids := eventful(t)
	closed := newReceiver(t, always(200))
	m.webhook(c.ID, closed.URL)
	closed.Close()
	m.emit(c.ID, "member.created")
	m.settle(c.ID)
	var out strings.Builder
	require.NoError(t, m.Export(m.ctx, c.ID, client.HAR, client.DeliveryFilter{}, &out))
	var archive struct {
		Log struct {
			Version string
			Creator struct{ Name, Version string }
			Entries []struct {
				StartedDateTime time.Time
				Request         struct {
					Method, URL string
					PostData    struct{ MimeType, Text string }
				}
				Response struct {
					Status int
					Error  string `json:"_error"`
				}
				Attempt  int       `json:"_attempt"`
				Delivery string    `json:"_delivery"`
				Event    string    `json:"_event"`
				Due      time.Time `json:"_due"`
			}
		}
	}
	require.NoError(t, json.Unmarshal([]byte(out.String()), &archive))
	require.Equal(t, "1.2", archive.Log.Version)
	require.Equal(t, "Quintain", archive.Log.Creator.Name)
	require.NotEmpty(t, archive.Log.Creator.Version)
	_, entries := m.exported(c.ID, client.DeliveryFilter{})
	require.Len(t, archive.Log.Entries, len(entries))
	for i, e := range archive.Log.Entries {
		require.False(t, e.StartedDateTime.Before(entries[i].Stamp), "it began when it was stamped")
		require.False(t, e.StartedDateTime.After(time.Now()))
		require.Equal(t, entries[i].Request.Text, e.Request.PostData.Text)
		require.Equal(t, entries[i].Number, e.Attempt)
		require.Equal(t, entries[i].Due, e.Due)
		require.Equal(t, entries[i].EventType, e.Event)
	}
	require.Equal(t, ids[1], archive.Log.Entries[2].Delivery)
	last := archive.Log.Entries[len(entries)-1]
	require.Zero(t, last.Response.Status)
	require.Contains(t, last.Response.Error, "refused: ")
	if path := os.Getenv("QUINTAIN_HAR"); path != "" { // for the validators of others
		require.NoError(t, os.WriteFile(path, []byte(out.String()), 0o644))
	}
}

func TestDigest(t *testing.T) {
	t.Parallel()
	digest := func(m *mock, community string) client.Digest {
		got, err := m.Digest(m.ctx, community)
		require.NoError(t, err)
		require.Regexp(t, "^sha256:[0-9a-f]{64}$", got.Digest)
		return *got
	}
	// Two runs of the same, at receivers that are at other ports.
	m, c, _, _ := eventful(t)
	other, same, _, ids := eventful(t)
	want := digest(m, c.ID)
	require.Equal(t, 6, want.Attempts)
	require.Equal(t, want, digest(other, same.ID))

	_, err := other.Redeliver(m.ctx, same.ID, ids[0], true)
	require.NoError(t, err)
	require.NotEqual(t, want.Digest, digest(other, same.ID).Digest, "an attempt more")
	require.NoError(t, other.ResetCommunity(m.ctx, same.ID))
	none := digest(other, same.ID)
	require.Equal(t, client.Digest{Digest: "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}, none)

	// What the sender does, and what the receiver answers, are both in it.
	seen := map[string]string{}
	for name, change := range map[string]func(n *client.NewCommunity, event *string, status *int, path *string){
		"as it is":       func(*client.NewCommunity, *string, *int, *string) {},
		"another seed":   func(n *client.NewCommunity, _ *string, _ *int, _ *string) { n.Seed = client.Of(uint64(43)) },
		"another start":  func(n *client.NewCommunity, _ *string, _ *int, _ *string) { n.Clock = client.VirtualFrom(start.Add(1)) },
		"another event":  func(_ *client.NewCommunity, event *string, _ *int, _ *string) { *event = "member.updated" },
		"another answer": func(_ *client.NewCommunity, _ *string, status *int, _ *string) { *status = 204 },
		"another path":   func(_ *client.NewCommunity, _ *string, _ *int, path *string) { *path = "/b" },
	} {
		n, event, status, path := client.NewCommunity{ID: "town", Success: "2xx"}, "member.created", 200, "/a"
		change(&n, &event, &status, &path)
		m := newMock(t)
		c := m.community(n)
		m.webhook(c.ID, newReceiver(t, always(status)).URL+path)
		m.emit(c.ID, event)
		m.settle(c.ID)
		got := digest(m, c.ID)
		require.Empty(t, seen[got.Digest], name)
		seen[got.Digest] = name
	}
}

// The command of an attempt, run by a shell, sends the same request again.
func TestCurlSendsTheSame(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("curl"); err != nil {
		if os.Getenv("QUINTAIN_REQUIRE_ALL") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	bodies := map[string]string{
		"quotes":   `{"a":"it's \"so\" $HOME \u0060id\u0060 \\"}`,
		"newlines": "{\n\t\"a\": 1\n}\n",
		"emoji":    `{"a":"🏆 é"}`,
		"big":      `{"a":"` + strings.Repeat("ä'", 80_000) + `"}`,
		"escapes":  `{"a":"%s %d \\n"}`,
	}
	for name, body := range bodies {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMock(t, mockserver.WithAllowedHosts("localhost"))
			r := newReceiver(t, always(200))
			c := m.community(client.NewCommunity{})
			m.webhook(c.ID, r.URL+"/a/../b?x={1}&y=[2]")
			events, err := m.Emit(m.ctx, c.ID, client.Emission{Type: "member.created", Payload: json.RawMessage(body), Wait: true})
			require.NoError(t, err)
			command, err := m.Curl(m.ctx, c.ID, events[0].Deliveries[0], 1)
			require.NoError(t, err)
			shell := exec.CommandContext(m.ctx, "sh")
			shell.Stdin = strings.NewReader(command)
			out, err := shell.CombinedOutput()
			require.NoError(t, err, "%s\n%s", command, out)
			got := r.got()
			require.Len(t, got, 2)
			require.Equal(t, string(got[0].body), string(got[1].body), command)
			got[0].header.Del("Accept-Encoding") // net/http's own
			got[1].header.Del("Accept-Encoding")
			require.Equal(t, got[0].header, got[1].header)
		})
	}
}

func TestCurlSaysWhatItDoesNotShow(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	r := newReceiver(t, always(200))
	c := m.community(client.NewCommunity{Platform: "mighty", Secret: client.Of("top")})
	m.webhook(c.ID, r.URL)
	events, err := m.Emit(m.ctx, c.ID, client.Emission{Type: "MemberBadgeAdded", Wait: true})
	require.NoError(t, err)
	id := events[0].Deliveries[0]
	command, err := m.Curl(m.ctx, c.ID, id, 1)
	require.NoError(t, err)
	require.Regexp(t, "^# the key is not shown: in Authorization, put it where it says …redacted\ncurl -X POST 'http", command)
	require.NotContains(t, command, "top")
	for path, code := range map[string]string{
		id + "/attempts/2/curl": "unknown_delivery", id + "/attempts/0/curl": "invalid_value", id + "/attempts/x/curl": "invalid_value",
		"nope/attempts/1/curl": "unknown_delivery", id + "/attempts/1/curl?x=1": "unknown_field",
	} {
		require.Equal(t, code, m.do("GET", "/__mock/communities/"+c.ID+"/deliveries/"+path, "").errorCode(t), path)
	}
}
