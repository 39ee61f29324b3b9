package har_test

import (
	"encoding/json"
	"errors"
	"iter"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver/internal/har"
	"github.com/quintain-dev/quintain/mockserver/internal/store"
)

var at = time.Date(2026, 3, 1, 9, 0, 0, 123_456_789, time.FixedZone("", 3600))

func answered() store.Entry {
	return store.Entry{
		Position: 7,
		Delivery: store.Delivery{ID: "d", Sequence: 3, EventID: "e"},
		Attempt: store.Attempt{
			ID: "a", DeliveryID: "d", WebhookID: "w", EventType: "member.created", Number: 2, Due: at, Sent: at, Stamp: at.Add(time.Hour), Begun: at, Duration: 5 * time.Millisecond,
			Request: store.Request{
				Method: "POST", URL: "http://[::1]:80/hooks?b=2&a=%C3%A9+x&bad=%zz&&flag",
				Header: http.Header{"X-B": {"1", "2"}, "Content-Type": {"application/json"}}, Body: []byte(`{"a":"é"}`),
			},
			Response: &store.Response{Status: 302, Header: http.Header{
				"Location": {"/there"}, "Content-Type": {"text/plain"}, "Set-Cookie": {"id=1; Path=/; HttpOnly"},
			}, Body: []byte("ok")},
			Outcome: contract.Failed, Faults: []string{"slow"},
			Phases: store.Phases{Wrote: 1, FirstByte: 2 * time.Millisecond, Done: 5 * time.Millisecond, Remote: "[::1]:80"},
		},
	}
}

func TestOf(t *testing.T) {
	t.Parallel()
	got := har.Of(answered())
	require.Equal(t, at.UTC(), got.StartedDateTime)
	require.Equal(t, []har.Pair{{"Content-Type", "application/json"}, {"X-B", "1"}, {"X-B", "2"}}, got.Request.Headers)
	require.Equal(t, []har.Pair{{"b", "2"}, {"a", "é x"}, {"bad", "%zz"}, {"flag", ""}}, got.Request.QueryString)
	require.Equal(t, har.PostData{MimeType: "application/json", Text: `{"a":"é"}`}, got.Request.PostData)
	require.Equal(t, 10, got.Request.BodySize)
	require.Equal(t, 302, got.Response.Status)
	require.Equal(t, "Found", got.Response.StatusText)
	require.Equal(t, "/there", got.Response.RedirectURL)
	require.Equal(t, har.Content{Size: 2, MimeType: "text/plain", Text: "ok"}, got.Response.Content)
	require.Equal(t, []har.Cookie{{Name: "id", Value: "1", Path: "/", HTTPOnly: true}}, got.Response.Cookies)
	require.Equal(t, "::1", got.ServerIPAddress)
	require.Equal(t, []any{"a", 2, "d", uint64(3), "w", "member.created", "e", "failed"},
		[]any{got.ID, got.Attempt, got.Delivery, got.Sequence, got.Webhook, got.Event, got.EventID, got.Outcome})
	require.Equal(t, []string{"slow"}, got.Faults)
}

func TestOfWhatIsNotText(t *testing.T) {
	t.Parallel()
	e := answered()
	e.Attempt.Request.Body = []byte{0xff}
	e.Attempt.Response = &store.Response{Status: 200, Body: []byte{0xfe}}
	got := har.Of(e)
	require.Equal(t, har.PostData{MimeType: "application/json", Text: "/w==", Encoding: "base64"}, got.Request.PostData)
	require.Equal(t, har.Content{Size: 1, MimeType: "x-unknown", Text: "/g==", Encoding: "base64"}, got.Response.Content)
	require.Equal(t, []int{1, 1}, []int{got.Request.BodySize, got.Response.BodySize})
}

// Of a body that was not kept whole, the size is not known.
func TestOfWhatWasCut(t *testing.T) {
	t.Parallel()
	const comment = "there was more, which was not kept"
	e := answered()
	e.Attempt.Request.Truncated, e.Attempt.Response.Truncated = true, true
	got := har.Of(e)
	require.Equal(t, har.PostData{MimeType: "application/json", Text: `{"a":"é"}`, Comment: comment}, got.Request.PostData)
	require.Equal(t, har.Content{Size: 2, MimeType: "text/plain", Text: "ok", Comment: comment}, got.Response.Content)
	require.Equal(t, []int{-1, -1}, []int{got.Request.BodySize, got.Response.BodySize})
	require.Empty(t, har.Of(answered()).Request.PostData.Comment)
}

func TestOfAFailure(t *testing.T) {
	t.Parallel()
	e := answered()
	e.Attempt.Response, e.Attempt.Failure, e.Attempt.Error = nil, contract.Timeout, "no complete answer within 10s"
	got := har.Of(e).Response
	require.Equal(t, har.Response{
		Cookies: []har.Cookie{}, Headers: []har.Pair{}, Content: har.Content{MimeType: "x-unknown"}, HeadersSize: -1, BodySize: -1,
		Error: "timeout: no complete answer within 10s",
	}, got)
}

// The timings add up to the time, whatever was measured.
func TestTimings(t *testing.T) {
	t.Parallel()
	const u = time.Microsecond
	for name, test := range map[string]struct {
		phases store.Phases
		want   har.Timings
	}{
		"nothing was measured": {store.Phases{}, har.Timings{Blocked: -1, DNS: -1, Connect: -1, Wait: 5, SSL: -1}},
		"all":                  {store.Phases{Resolved: 100 * u, Connected: 300 * u, Secured: 600 * u, Wrote: 1000 * u, FirstByte: 1500 * u, Done: 2100 * u}, har.Timings{-1, .1, .5, .4, .5, .6, .3}},
		"kept connection":      {store.Phases{Wrote: 10 * u, FirstByte: 20 * u, Done: 21 * u, Reused: true}, har.Timings{-1, -1, -1, .01, .01, .001, -1}},
		"refused":              {store.Phases{Resolved: 10 * u, Done: 30 * u}, har.Timings{-1, .01, .02, 0, 0, 0, -1}},
		"no answer":            {store.Phases{Connected: 10 * u, Wrote: 20 * u, Done: 99 * u}, har.Timings{-1, -1, .01, .01, .079, 0, -1}},
		"not written":          {store.Phases{Connected: 10 * u, Done: 30 * u}, har.Timings{-1, -1, .01, .02, 0, 0, -1}},
		"answered early":       {store.Phases{Connected: 10 * u, Wrote: 50 * u, FirstByte: 20 * u, Done: 60 * u}, har.Timings{-1, -1, .01, .04, 0, .01, -1}},
		"answered unwritten":   {store.Phases{Connected: 10 * u, FirstByte: 20 * u, Done: 60 * u}, har.Timings{-1, -1, .01, 0, .01, .04, -1}},
		"between microseconds": {store.Phases{Connected: 1999, Wrote: 3999, FirstByte: 5999, Done: 7999}, har.Timings{-1, -1, .001, .002, .002, .002, -1}},
	} {
		e := answered()
		e.Attempt.Phases = test.phases
		got := har.Of(e)
		require.Equal(t, test.want, got.Timings, name)
		sum := 0.0
		for _, part := range []float64{got.Timings.Blocked, got.Timings.DNS, got.Timings.Connect, got.Timings.Send, got.Timings.Wait, got.Timings.Receive} {
			sum += max(0, part)
		}
		require.InDelta(t, got.Time, sum, 1e-9, name)
		if test.phases.Done > 0 {
			require.InDelta(t, float64(test.phases.Done.Microseconds())/1000, got.Time, 1e-9, name)
		}
	}
}

func sequence(n int, last error) iter.Seq2[store.Entry, error] {
	return func(yield func(store.Entry, error) bool) {
		for range n {
			if !yield(answered(), nil) {
				return
			}
		}
		if last != nil {
			yield(store.Entry{}, last)
		}
	}
}

func TestWrite(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 3} {
		var out strings.Builder
		require.NoError(t, har.Write(&out, har.Creator{Name: "Quintain", Version: "1"}, `so "it" is`, sequence(n, nil)))
		var archive struct {
			Log struct {
				Version, Comment string
				Creator          har.Creator
				Entries          []har.Entry
			}
		}
		require.NoError(t, json.Unmarshal([]byte(out.String()), &archive), out.String())
		require.Equal(t, "1.2", archive.Log.Version)
		require.Equal(t, `so "it" is`, archive.Log.Comment)
		require.Equal(t, "Quintain", archive.Log.Creator.Name)
		require.Len(t, archive.Log.Entries, n)
		require.NotNil(t, archive.Log.Entries)
	}
	broken := errors.New("broken")
	var out strings.Builder
	require.ErrorIs(t, har.Write(&out, har.Creator{}, "", sequence(2, broken)), broken)
	require.ErrorIs(t, har.Write(failing{broken}, har.Creator{}, "", sequence(100, nil)), broken)
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }
