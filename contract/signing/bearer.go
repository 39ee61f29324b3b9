package signing

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Bearer is a static key in an Authorization header: "Authorization: Bearer <key>". It proves who sends, and nothing
// about the body or the time. Mighty Networks delivers so (https://docs.mightynetworks.com/api-reference/webhooks,
// documented from 2025-12-29 on).
type Bearer struct{}

// Sign sets the Authorization header. An empty secret sets nothing: no key is configured.
func (Bearer) Sign(h http.Header, secret string, _ []byte, _ time.Time) {
	if secret != "" {
		h.Set("Authorization", "Bearer "+secret)
	}
}

// Verify compares the key in constant time. The word Bearer is read in any case, as RFC 9110 section 11.1 says. Without
// a key it lets nobody in: who has configured none decides that before.
func (Bearer) Verify(h http.Header, secret string, _ []byte, _ time.Time) error {
	if secret == "" {
		return fmt.Errorf("%w: no key is configured", ErrNoSecret)
	}
	value := h.Get("Authorization")
	if value == "" {
		return fmt.Errorf("%w: no header Authorization", ErrMissing)
	}
	word, key, found := strings.Cut(value, " ")
	if !found || !strings.EqualFold(word, "Bearer") {
		return fmt.Errorf("%w: header Authorization is not of the form \"Bearer <key>\"", ErrMalformed)
	}
	// Sums of one length: a comparison of the keys themselves would tell their length by its time.
	got, want := sha256.Sum256([]byte(strings.TrimLeft(key, " "))), sha256.Sum256([]byte(secret))
	if subtle.ConstantTimeCompare(got[:], want[:]) != 1 {
		return fmt.Errorf("%w: header Authorization", ErrMismatch)
	}
	return nil
}

// Headers returns Authorization.
func (Bearer) Headers() []string { return []string{"Authorization"} }
