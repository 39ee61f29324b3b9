package mockserver_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/quintain-dev/quintain/mockserver"
)

// Whatever is asked, the server neither fails nor answers an error that is not JSON.
func FuzzRequests(f *testing.F) {
	for _, seed := range [][3]string{
		{"GET", "/", ""},
		{"POST", "/__mock/communities", `{"platform":"tryno","seed":1}`},
		{"POST", "/__mock/communities/c/webhooks", `{"url":"http://localhost/","events":["*"]}`},
		{"POST", "/__mock/communities/c/events?wait=true", `{"type":"member.joined","count":2,"n":18446744073709551615}`},
		{"POST", "/__mock/communities/c/events", `{"type":"member.joined","payload":{"a":[null]}}`},
		{"POST", "/__mock/communities/c/clock/advance", `{"by":"1h"}`},
		{"POST", "/__mock/communities/c/clock/settle", `{"max":3}`},
		{"PUT", "/__mock/communities/c/inboxes/in", `{"script":"200:\"x\""}`},
		{"POST", "/__mock/in/c/in//a%2Fb?x=%zz", "\xff"},
		{"GET", "/__mock/communities/c/deliveries?page=2&per_page=3&state=waiting", ""},
		{"POST", "/v1/communities/c/webhooks", `{"url":"https://localhost/","events":["member.joined"]}`},
		{"PATCH", "/v1/communities/c/webhooks/x", `{"is_active":true}`},
		{"DELETE", "/__mock/communities/%63", ""},
	} {
		f.Add(seed[0], seed[1], seed[2])
	}
	transport := httpmock.NewMockTransport()
	transport.RegisterNoResponder(httpmock.NewStringResponder(500, ""))
	f.Fuzz(func(t *testing.T, method, target, body string) {
		if _, err := url.ParseRequestURI(target); err != nil || !strings.HasPrefix(target, "/") || len(body) > 1<<16 {
			t.Skip()
		}
		probe, err := http.NewRequest(method, "http://mock"+target, strings.NewReader(body))
		if err != nil {
			t.Skip()
		}
		server, err := mockserver.New(mockserver.WithTransport(transport))
		if err != nil {
			t.Fatal(err)
		}
		closeServer(t, server)
		for _, r := range []*http.Request{
			httptest.NewRequest(http.MethodPost, "/__mock/communities", strings.NewReader(`{"platform":"tryno","id":"c","token":"t","clock":{"mode":"virtual"}}`)),
			httptest.NewRequest(http.MethodPut, "/__mock/communities/c/inboxes/in", strings.NewReader(`{}`)),
			httptest.NewRequest(http.MethodPost, "/__mock/communities/c/webhooks", strings.NewReader(`{"url":"http://localhost/","events":["*"]}`)),
			httptest.NewRequest(http.MethodPost, "/__mock/communities/c/events", strings.NewReader(`{"type":"member.joined"}`)),
		} {
			w := httptest.NewRecorder()
			server.ServeHTTP(w, r)
			if w.Code >= 300 {
				t.Fatal(w.Body)
			}
		}
		probe.Header.Set("Authorization", "Bearer t")
		w := httptest.NewRecorder()
		server.ServeHTTP(w, probe)
		if w.Code >= 500 {
			t.Fatalf("%s %s %q: %d %s", method, target, body, w.Code, w.Body)
		}
		if w.Code >= 400 && !json.Valid(w.Body.Bytes()) {
			t.Fatalf("%s %s %q: %d %s", method, target, body, w.Code, w.Body)
		}
	})
}
