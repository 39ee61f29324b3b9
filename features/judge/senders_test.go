package judge_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// through is a transport that is a function.
type through func(*http.Request) (*http.Response, error)

func (t through) RoundTrip(r *http.Request) (*http.Response, error) { return t(r) }

// rewrite answers with what the server would, changed.
func rewrite(
	w http.ResponseWriter, r *http.Request, server http.Handler, change func(status int, body string) (int, string),
) {
	rec := httptest.NewRecorder()
	server.ServeHTTP(rec, r)
	for name, values := range rec.Header() {
		if name != "Content-Length" {
			w.Header()[name] = values
		}
	}
	status, body := change(rec.Code, rec.Body.String())
	w.WriteHeader(status)
	io.WriteString(w, body)
}

// isCall reports whether a request is a call of Tryno's API.
func isCall(r *http.Request, method, suffix string) bool {
	return strings.HasPrefix(r.URL.Path, "/v1/") && r.Method == method && strings.HasSuffix(r.URL.Path, suffix)
}

// stale sends every later attempt of a body with the headers of the first one.
func stale() func(r *http.Request) (*http.Response, error) {
	var mu sync.Mutex
	first := map[string]http.Header{}
	return func(r *http.Request) (*http.Response, error) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		mu.Lock()
		key := r.URL.String() + string(body)
		if first[key] == nil {
			first[key] = r.Header.Clone()
		}
		header := first[key]
		mu.Unlock()
		again := r.Clone(r.Context())
		again.Header, again.Body = header, io.NopCloser(bytes.NewReader(body))
		return http.DefaultTransport.RoundTrip(again)
	}
}

// typed sends everything with a Content-Type of its own, or with none.
func typed(as string) func(r *http.Request) (*http.Response, error) {
	return func(r *http.Request) (*http.Response, error) {
		other := r.Clone(r.Context())
		other.Header.Del("Content-Type")
		if as != "" {
			other.Header.Set("Content-Type", as)
		}
		return http.DefaultTransport.RoundTrip(other)
	}
}

// twice sends what is acknowledged again.
func twice(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	send := func() (*http.Response, error) {
		one := r.Clone(r.Context())
		one.Body = io.NopCloser(bytes.NewReader(body))
		return http.DefaultTransport.RoundTrip(one)
	}
	first, err := send()
	if err != nil || first.StatusCode != http.StatusOK || !strings.Contains(string(body), "created") && !strings.Contains(string(body), "badge") {
		return first, err
	}
	first.Body.Close()
	return send()
}

// forgetful is a line that loses the answer that would have ended a long row of failures.
func forgetful() func(r *http.Request) (*http.Response, error) {
	var mu sync.Mutex
	failed := map[string]int{}
	return func(r *http.Request) (*http.Response, error) {
		resp, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			return resp, err
		}
		mu.Lock()
		defer mu.Unlock()
		if resp.StatusCode == http.StatusInternalServerError {
			failed[r.URL.String()]++
		}
		if resp.StatusCode == http.StatusOK && failed[r.URL.String()] == 3 {
			resp.StatusCode = http.StatusInternalServerError
		}
		return resp, nil
	}
}

// longer sends each body with more spaces after it than the one before.
func longer() func(*http.Request) (*http.Response, error) {
	var sent atomic.Int64
	return func(r *http.Request) (*http.Response, error) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		again := r.Clone(r.Context())
		again.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), strings.NewReader(strings.Repeat(" ", int(sent.Add(1))))))
		again.ContentLength = -1
		return http.DefaultTransport.RoundTrip(again)
	}
}

// onLogs changes the entries of every page of a log.
func onLogs(change func([]any) []any) func(w http.ResponseWriter, r *http.Request, server http.Handler) {
	return func(w http.ResponseWriter, r *http.Request, server http.Handler) {
		if !isCall(r, "GET", "/logs") {
			server.ServeHTTP(w, r)
			return
		}
		rewrite(w, r, server, func(status int, body string) (int, string) {
			var page struct{ Data []any }
			dec := json.NewDecoder(strings.NewReader(body))
			dec.UseNumber()
			if status != http.StatusOK || dec.Decode(&page) != nil {
				return status, body
			}
			out, _ := json.Marshal(map[string]any{"data": append([]any{}, change(page.Data)...)})
			return status, string(out)
		})
	}
}

// onCreating changes what is created by a call of the control API.
func onCreating(
	what string, change func(map[string]any),
) func(w http.ResponseWriter, r *http.Request, server http.Handler) {
	return func(w http.ResponseWriter, r *http.Request, server http.Handler) {
		if r.Method == http.MethodPost && strings.HasPrefix(r.URL.Path, "/__mock/") && strings.HasSuffix(r.URL.Path, what) {
			var body map[string]any
			if json.NewDecoder(r.Body).Decode(&body) == nil {
				change(body)
			}
			raw, _ := json.Marshal(body)
			r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(raw)), int64(len(raw))
		}
		server.ServeHTTP(w, r)
	}
}

// hasty is a sender that takes a Retry-After of a second for the delay, though it would have waited longer.
func hasty() func(w http.ResponseWriter, r *http.Request, server http.Handler) {
	var mu sync.Mutex
	asked := map[string]bool{} // communities in which an inbox asks for it
	hurry := onCreating("/webhooks", func(n map[string]any) { n["schedule"] = []string{"1s", "1s", "1s", "1s"} })
	return func(w http.ResponseWriter, r *http.Request, server http.Handler) {
		raw, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(raw))
		community, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/__mock/communities/"), "/")
		mu.Lock()
		if strings.Contains(string(raw), `retry-after 1"`) {
			asked[community] = true
		}
		hurries := asked[community]
		mu.Unlock()
		if hurries {
			hurry(w, r, server)
			return
		}
		server.ServeHTTP(w, r)
	}
}

// anyToken remembers the token of each community, and puts the right one in place of another's.
func anyToken() func(w http.ResponseWriter, r *http.Request, server http.Handler) {
	var mu sync.Mutex
	tokens := map[string]string{}
	return func(w http.ResponseWriter, r *http.Request, server http.Handler) {
		if r.Method == http.MethodPost && r.URL.Path == "/__mock/communities" {
			rewrite(w, r, server, func(status int, body string) (int, string) {
				var made struct{ ID, Token string }
				if json.Unmarshal([]byte(body), &made) == nil {
					mu.Lock()
					tokens[made.ID] = made.Token
					mu.Unlock()
				}
				return status, body
			})
			return
		}
		if parts := strings.Split(r.URL.Path, "/"); len(parts) > 3 && parts[1] == "v1" {
			mu.Lock()
			known := slices.Contains(values(tokens), strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
			if token := tokens[parts[3]]; known && token != "" {
				r.Header.Set("Authorization", "Bearer "+token)
			}
			mu.Unlock()
		}
		server.ServeHTTP(w, r)
	}
}

func values(m map[string]string) []string {
	var out []string
	for _, v := range m {
		out = append(out, v)
	}
	return out
}
