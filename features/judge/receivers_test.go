package judge_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/judge/reference"
)

// hook sees each request with its raw body before the right receiver does. It reports whether it answered.
type hook func(w http.ResponseWriter, r *http.Request, raw []byte) bool

// wrong is the reference receiver with something wrong in front of it.
func wrong(p *contract.Platform, h hook) http.Handler {
	right := reference.New(p, secret)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		if h(w, r, raw) {
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(raw))
		right.ServeHTTP(w, r)
	})
}

// refuse answers with a status, and reports true for a hook to return.
func refuse(w http.ResponseWriter, status int) bool {
	http.Error(w, `{"status":"FAILED"}`, status)
	return true
}

// succeed acknowledges whatever it is.
func succeed(w http.ResponseWriter) bool {
	w.Header().Set("Content-Type", "application/json")
	io.WriteString(w, `{"status":"SUCCEEDED"}`)
	return true
}

// at returns the string at a JSON pointer of a body.
func at(raw []byte, pointer string) string {
	s, _ := contract.Lookup(raw, pointer).(string)
	return s
}

// sum is the signature of a body, written by hand.
func sum(key, content string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(content))
	return hex.EncodeToString(mac.Sum(nil))
}

// resign signs a request that is to get past the reference receiver, with the timestamp that it has.
func resign(r *http.Request, p *contract.Platform, raw []byte) {
	at := time.Now()
	if ms, err := strconv.ParseInt(r.Header.Get("X-Tribe-Request-Timestamp"), 10, 64); err == nil {
		at = time.UnixMilli(ms)
	}
	p.Rules.Signature.Value.SigningScheme().Sign(r.Header, secret, raw, at)
}

// ids remembers what was delivered before, by the id of the platform or by the body.
type ids struct {
	mu   sync.Mutex
	seen map[string]int
}

func newIDs() *ids { return &ids{seen: map[string]int{}} }

func (s *ids) add(p *contract.Platform, raw []byte) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := idOf(p, raw)
	s.seen[key]++
	return s.seen[key]
}

// idOf names a delivery. What is no event has no id, and is never seen twice.
func idOf(p *contract.Platform, raw []byte) string {
	if key := p.Rules.DedupKey.Value; key != "" {
		return at(raw, key)
	}
	return string(raw)
}

// byHand is a Tribe receiver that shares no code with the project: what a careful developer would write after reading
// the documentation. The answer to what it refuses is the caller's.
func byHand(key string, refuse http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
		stamp := r.Header.Get("X-Tribe-Request-Timestamp")
		given, badHex := hex.DecodeString(r.Header.Get("X-Tribe-Signature"))
		mac := hmac.New(sha256.New, []byte(key))
		io.WriteString(mac, stamp+":"+string(body))
		ms, _ := strconv.ParseInt(stamp, 10, 64)
		if err != nil || badHex != nil || !hmac.Equal(given, mac.Sum(nil)) || time.Since(time.UnixMilli(ms)) > 15*time.Minute {
			refuse(w, r)
			return
		}
		var delivery struct {
			Type string
			Data struct{ Challenge, ID, Name string }
		}
		if json.Unmarshal(body, &delivery) != nil || !strings.HasPrefix(strings.TrimSpace(string(body)), "{") {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		if delivery.Type == "TEST" {
			json.NewEncoder(w).Encode(map[string]any{"type": "TEST", "status": "SUCCEEDED", "data": map[string]string{"challenge": delivery.Data.Challenge}})
			return
		}
		json.NewEncoder(w).Encode(map[string]string{"type": delivery.Type, "status": "SUCCEEDED"})
	})
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
