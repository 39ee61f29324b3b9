package api

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver/internal/community"
	"github.com/quintain-dev/quintain/mockserver/internal/store"
)

func entry() store.Entry {
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	return store.Entry{
		Position: 7,
		Delivery: store.Delivery{ID: "d", Sequence: 3, EventID: "e"},
		Attempt: store.Attempt{
			ID: "a", DeliveryID: "d", WebhookID: "w", EventType: "x", Number: 1, Due: at, Sent: at, Stamp: at.Add(time.Second), Duration: 1500 * time.Microsecond,
			Request: store.Request{
				Method: "POST", URL: "http://localhost:3000/hooks?a=1", Header: http.Header{"X-Tribe-Signature": {"s"}, "X-Tribe-Request-Timestamp": {"t"}, "A": {"b"}},
				Body: []byte("<\xff>"), Wire: []byte("POST"),
			},
			Response: &store.Response{Status: 200, Header: http.Header{"Date": {"today"}, "B": {"c"}}, Body: []byte("<ok>")},
			Failure:  contract.OtherFailure, Error: "port 54321", Outcome: contract.Failed, Faults: []string{"cut"},
			Phases: store.Phases{Wrote: 1500 * time.Microsecond, Done: 2 * time.Millisecond, Reused: true, Remote: "127.0.0.1:3000"},
		},
	}
}

func TestEntryAsJSON(t *testing.T) {
	t.Parallel()
	got, err := json.Marshal(showEntry(entry()))
	require.NoError(t, err)
	require.JSONEq(t, `{"position":7,"delivery_id":"d","sequence":3,"webhook_id":"w","event_id":"e","event_type":"x","id":"a","number":1,"manual":false,
		"due":"2026-03-01T09:00:00Z","sent":"2026-03-01T09:00:00Z","stamp":"2026-03-01T09:00:01Z","duration_ms":1.5,
		"request":{"method":"POST","url":"http://localhost:3000/hooks?a=1","headers":{"A":["b"],"X-Tribe-Request-Timestamp":["t"],"X-Tribe-Signature":["s"]},
			"body":"PP8+","body_encoding":"base64","wire":"UE9TVA=="},
		"response":{"status":200,"headers":{"B":["c"],"Date":["today"]},"body":"<ok>","body_encoding":"utf-8","truncated":false},
		"failure":"network_error","error":"port 54321","outcome":"failed","faults":["cut"],
		"phases":{"wrote_ms":1.5,"done_ms":2,"reused":true,"remote":"127.0.0.1:3000"}}`, string(got))

	e := entry()
	e.Attempt.Request.Wire, e.Attempt.Phases, e.Attempt.Faults = []byte{}, store.Phases{}, nil
	got, err = json.Marshal(showEntry(e))
	require.NoError(t, err)
	require.Contains(t, string(got), `"wire":""`, "nothing was sent, which is not the same as what was meant")
	require.NotContains(t, string(got), "phases")
	require.NotContains(t, string(got), "faults")
}

// What differs between two runs of the same is left out, and nothing else.
func TestOmissions(t *testing.T) {
	t.Parallel()
	tribe, err := contract.Load("tribe")
	require.NoError(t, err)
	e := entry()
	got, err := json.Marshal(canonical(community.Settings{Platform: tribe}).show(e))
	require.NoError(t, err)
	require.JSONEq(t, `{"position":7,"delivery_id":"d","sequence":3,"webhook_id":"w","event_id":"e","event_type":"x","id":"a","number":1,"manual":false,
		"due":"2026-03-01T09:00:00Z","sent":"2026-03-01T09:00:00Z",
		"request":{"method":"POST","url":"/hooks?a=1","headers":{"A":["b"]},"body":"PP8+","body_encoding":"base64"},
		"response":{"status":200,"headers":{"B":["c"]},"body":"<ok>","body_encoding":"utf-8","truncated":false},
		"failure":"network_error","outcome":"failed","faults":["cut"]}`, string(got))
	require.Equal(t, entry(), e, "the journal's headers are its own")
	require.Equal(t, showEntry(e), omissions{}.show(e))

	stable := omissions{measured: true}.show(e) // of a run whose stamps are schedule time
	require.Equal(t, e.Attempt.Stamp, stable.Stamp)
	require.Equal(t, e.Attempt.Request.URL, stable.Request.URL)
	require.Equal(t, e.Attempt.Request.Header, stable.Request.Headers)
	require.NotNil(t, stable.Request.Wire)

	mighty, err := contract.Load("mighty") // whose key says nothing of the time
	require.NoError(t, err)
	require.Empty(t, canonical(community.Settings{Platform: mighty}).headers)
}
