package reference_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/judge/reference"
	"github.com/quintain-dev/quintain/fixtures"
)

func load(t *testing.T, name string) *contract.Platform {
	t.Helper()
	p, err := contract.Load(name)
	require.NoError(t, err)
	return p
}

func post(h http.Handler, header map[string]string, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/hooks", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	for name, value := range header {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// TestVectors: signatures that openssl made are let in, and no other: the reference does not check itself.
func TestVectors(t *testing.T) {
	t.Parallel()
	for file, platform := range map[string]string{
		"tribe-ascii.json": "tribe", "tryno-hex.json": "tryno", "tryno-hex-prefixed.json": "tryno", "tryno-base64.json": "tryno",
	} {
		raw, err := fixtures.FS.ReadFile("signatures/" + file)
		require.NoError(t, err)
		var v struct {
			Secret, Timestamp, Body string
			Headers                 map[string]string
		}
		require.NoError(t, json.Unmarshal(raw, &v))
		at := time.Now()
		if v.Timestamp != "" {
			ms, err := json.Number(v.Timestamp).Int64()
			require.NoError(t, err)
			at = time.UnixMilli(ms)
		}
		clock := reference.WithClock(func() time.Time { return at.Add(time.Minute) })
		right := post(reference.New(load(t, platform), v.Secret, clock), v.Headers, v.Body)
		require.NotEqual(t, http.StatusUnauthorized, right.Code, "%s: %s", file, right.Body)
		wrong := post(reference.New(load(t, platform), v.Secret+"x", clock), v.Headers, v.Body)
		require.Equal(t, http.StatusUnauthorized, wrong.Code, file)
		altered := post(reference.New(load(t, platform), v.Secret, clock), v.Headers, v.Body+" ")
		require.Equal(t, http.StatusUnauthorized, altered.Code, file)
		if v.Timestamp != "" {
			late := reference.WithClock(func() time.Time { return at.Add(16 * time.Minute) })
			require.Equal(t, http.StatusUnauthorized, post(reference.New(load(t, platform), v.Secret, late), v.Headers, v.Body).Code, file)
		}
	}
}

// TestRefusals: each has the status that fits.
func TestRefusals(t *testing.T) {
	t.Parallel()
	person := `{"event":{"name":"created","resource":"person"},"person_id":"[anonymous]"}`
	h := reference.New(load(t, "ambassify"), "")
	require.Equal(t, 200, post(h, nil, person).Code)
	require.Equal(t, 200, post(h, map[string]string{"Content-Type": "application/json; charset=utf-8"}, person).Code)
	for body, why := range map[string]string{
		"": "the body is not a JSON object", "null": "the body says nothing", "[]": "the body is not a JSON object", "{}": "the body says nothing",
		person + "x": "there is something after the JSON object", `{"a":"` + "\xff" + `"}`: "the body is not UTF-8", `{"a":1}`: "the body does not say what event it is",
	} {
		w := post(h, nil, body)
		require.Equal(t, 400, w.Code, body)
		require.Contains(t, w.Body.String(), why, body)
	}
	require.Equal(t, 415, post(h, map[string]string{"Content-Type": "text/plain"}, person).Code)
	require.Equal(t, 415, post(h, map[string]string{"Content-Type": "a/b/c"}, person).Code)
	require.Equal(t, 413, post(h, nil, strings.Repeat(" ", 5<<20)).Code)
	get := httptest.NewRecorder()
	h.ServeHTTP(get, httptest.NewRequest(http.MethodGet, "/hooks", nil))
	require.Equal(t, 405, get.Code)
	require.Equal(t, "POST", get.Header().Get("Allow"))
	require.Equal(t, 401, post(reference.New(load(t, "tribe"), ""), nil, "{}").Code, "without a secret nobody is let in")
}

// TestForms: both styles are read, and what is none is refused.
func TestForms(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var got []reference.Event
	h := reference.New(load(t, "ambassify"), "", reference.OnEvent(func(e reference.Event) {
		mu.Lock()
		defer mu.Unlock()
		got = append(got, e)
	}))
	form := map[string]string{"Content-Type": "application/x-www-form-urlencoded"}
	for _, style := range contract.FormStyles() {
		body, err := contract.EncodeForm([]byte(`{"event":{"name":"created","resource":"person"},"person":{"groups":["a","b"]}}`), style)
		require.NoError(t, err)
		require.Equal(t, 200, post(h, form, string(body)).Code)
		last := got[len(got)-1]
		require.Equal(t, "person.created", last.Name)
		require.Equal(t, contract.Form, last.Encoding)
		require.Equal(t, map[string]any{"groups": map[string]any{"0": "a", "1": "b"}}, last.Body["person"])
	}
	for _, body := range []string{"", "%zz=1", "a=%zz", "[]=1", "a=1&a[b]=2", strings.Repeat("a.", 100) + "b=1"} {
		require.Equal(t, 400, post(h, form, body).Code, body)
	}
}

// TestEvents: names and ids are read, and repetitions told apart.
func TestEvents(t *testing.T) {
	t.Parallel()
	p := load(t, "mighty")
	event, err := p.Event("EventCreated")
	require.NoError(t, err)
	example, err := event.Example()
	require.NoError(t, err)
	var got []reference.Event
	h := reference.New(p, "", reference.OnEvent(func(e reference.Event) { got = append(got, e) }))
	for range 2 {
		require.Equal(t, 200, post(h, nil, string(example.Body)).Code)
	}
	require.Equal(t, "EventCreated", got[0].Name)
	require.Equal(t, "3c90c3cc-0d44-4b50-8888-8dd25736052a", got[0].ID)
	require.Equal(t, []bool{false, true}, []bool{got[0].Duplicate, got[1].Duplicate})
	require.Equal(t, 200, post(h, nil, `{"event_id":"x","payload":{}}`).Code, "an event of tomorrow is taken")
	require.Empty(t, got[2].Name)
	require.Equal(t, 400, post(h, nil, `{"payload":{}}`).Code)
}

// TestChallenge: a signed one is echoed, unless the handshake is switched off.
func TestChallenge(t *testing.T) {
	t.Parallel()
	p := load(t, "tribe")
	body := `{"type":"TEST","data":{"challenge":"abc"}}`
	sign := func() map[string]string {
		h := http.Header{}
		p.Rules.Signature.Value.SigningScheme().Sign(h, "secret", []byte(body), time.Now())
		out := map[string]string{}
		for name := range h {
			out[name] = h.Get(name)
		}
		return out
	}
	w := post(reference.New(p, "secret"), sign(), body)
	require.Equal(t, 200, w.Code)
	require.JSONEq(t, `{"type":"TEST","status":"SUCCEEDED","data":{"challenge":"abc"}}`, w.Body.String())
	require.Equal(t, 400, post(reference.New(p, "secret", reference.WithoutHandshake()), sign(), body).Code)
}
