package signing

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The headers of [StandardWebhooks], as package net/http writes them. The specification writes them in lower case;
// names of headers have none.
const (
	HeaderWebhookID        = "Webhook-Id"
	HeaderWebhookTimestamp = "Webhook-Timestamp"
	HeaderWebhookSignature = "Webhook-Signature"
)

// DefaultTolerance is how far a timestamp may be from now under [StandardWebhooks]. The specification wants a limit and
// names none; its own libraries have this one.
const DefaultTolerance = 5 * time.Minute

// StandardWebhooks is the scheme of https://www.standardwebhooks.com: a signature over "<id>.<timestamp>.<raw body>",
// where the id is the value of the header Webhook-Id and the timestamp that of Webhook-Timestamp, in Unix seconds. The
// header Webhook-Signature is a list, with spaces between: "v1," and an HMAC-SHA256, or "v1a," and an ed25519
// signature, both in base64.
//
// A secret is base64 after a prefix that says what it is:
//
//	whsec_  a shared secret. The specification asks for 24 to 64 bytes; any length above 0 is taken, as its libraries do.
//	        The prefix may be missing.
//	whsk_   an ed25519 private key: the seed of 32 bytes, or the seed and the public key behind it
//	whpk_   an ed25519 public key of 32 bytes, which can only verify. Without its prefix it would be read as a shared
//	        secret, which everybody knows.
//
// Where a secret is wanted, there may be several with spaces between. That is how a secret is replaced without a gap:
// for a while the sender signs with the old one and the new one, and a receiver accepts either.
type StandardWebhooks struct {
	// Tolerance is how old a timestamp may be for Verify, and how far in the future. 0 is [DefaultTolerance]; below 0,
	// any time will do.
	Tolerance time.Duration
}

// Sign sets the three headers, with one signature for each secret, in their order. The id is the one that h has already
// in Webhook-Id, which a sender sets to the id of the delivery, the same for each attempt; the specification allows no
// full stop in it. If there is none, the id is made from the body: the same for the same body.
//
// An empty secret signs with an empty key, which is what someone would try who hopes that the receiver has none. With a
// secret that [StandardWebhooks.CheckSecret] refuses otherwise, Sign takes the signature away and sets none.
func (StandardWebhooks) Sign(h http.Header, secret string, body []byte, at time.Time) {
	id, stamp := h.Get(HeaderWebhookID), strconv.FormatInt(at.Unix(), 10)
	if id == "" {
		sum := sha256.Sum256(body)
		id = "msg_" + hex.EncodeToString(sum[:16])
		h.Set(HeaderWebhookID, id)
	}
	h.Set(HeaderWebhookTimestamp, stamp)
	h.Del(HeaderWebhookSignature)
	keys, err := signingKeys(secret)
	if strings.TrimSpace(secret) == "" {
		keys, err = []key{{}}, nil
	}
	if err != nil {
		return
	}
	content := signedContent(id, stamp, body)
	signatures := make([]string, len(keys))
	for i, k := range keys {
		signatures[i] = k.version() + "," + base64.StdEncoding.EncodeToString(k.sign(content))
	}
	h.Set(HeaderWebhookSignature, strings.Join(signatures, " "))
}

// CheckSecret says what keeps Sign from signing with a secret, or returns nil. The error does not repeat the secret.
func (StandardWebhooks) CheckSecret(secret string) error {
	_, err := signingKeys(secret)
	return err
}

// Verify accepts if any of the signatures is by any of the secrets. Entries of the list that are malformed or of
// another version are passed over, and so is what follows the first 32 others: a long list must not keep a receiver
// busy. As with [HMAC], [ErrStale] and [ErrFuture] mean that the sender did sign this request, at another time.
func (s StandardWebhooks) Verify(h http.Header, secret string, body []byte, now time.Time) error {
	keys, err := readKeys(secret)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNoSecret, err)
	}
	for _, name := range s.Headers() {
		if h.Get(name) == "" {
			return fmt.Errorf("%w: no header %s", ErrMissing, name)
		}
	}
	id, stamp := h.Get(HeaderWebhookID), h.Get(HeaderWebhookTimestamp)
	// With one, the end of the id could be read as the timestamp, and the timestamp as the body's beginning.
	if strings.Contains(id, ".") {
		return fmt.Errorf("%w: header %s is %q, want an id without a full stop", ErrMalformed, HeaderWebhookID, id)
	}
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || seconds < 0 || seconds > maxSeconds {
		return fmt.Errorf("%w: header %s is %q, want Unix seconds", ErrMalformed, HeaderWebhookTimestamp, stamp)
	}
	given := readSignatures(h.Get(HeaderWebhookSignature))
	if len(given) == 0 {
		return fmt.Errorf("%w: header %s has no signature of the form \"v1,<base64>\" or \"v1a,<base64>\"", ErrMalformed, HeaderWebhookSignature)
	}
	if !anyVerifies(keys, signedContent(id, stamp, body), given) {
		return fmt.Errorf("%w: header %s", ErrMismatch, HeaderWebhookSignature)
	}
	return s.checkTime(time.Unix(seconds, 0), now)
}

func (s StandardWebhooks) checkTime(sent, now time.Time) error {
	tolerance := s.Tolerance
	if tolerance == 0 {
		tolerance = DefaultTolerance
	}
	switch age := now.Sub(sent); {
	case tolerance < 0:
		return nil
	case age > tolerance:
		return fmt.Errorf("%w: header %s is %s old, want at most %s", ErrStale, HeaderWebhookTimestamp, age.Round(time.Second), tolerance)
	case age < -tolerance:
		return fmt.Errorf("%w: header %s is %s ahead, want at most %s", ErrFuture, HeaderWebhookTimestamp, (-age).Round(time.Second), tolerance)
	}
	return nil
}

// Headers returns Webhook-Signature, Webhook-Id and Webhook-Timestamp.
func (StandardWebhooks) Headers() []string {
	return []string{HeaderWebhookSignature, HeaderWebhookID, HeaderWebhookTimestamp}
}

const (
	maxSeconds    = 253402300799 // the end of the year 9999: what is beyond was meant as milliseconds
	maxSignatures = 32           // that Verify looks at
)

// signedContent returns the bytes that are signed.
func signedContent(id, stamp string, body []byte) []byte {
	return slices.Concat([]byte(id), []byte{'.'}, []byte(stamp), []byte{'.'}, body)
}

// A signature is a well-formed entry of the list in a header.
type signature struct {
	version string
	bytes   []byte
}

// readSignatures returns the entries that can be signatures.
func readSignatures(header string) (out []signature) {
	for entry := range strings.FieldsSeq(header) {
		version, encoded, _ := strings.Cut(entry, ",")
		size, known := signatureSizes[version]
		sum, err := base64.StdEncoding.Strict().DecodeString(encoded)
		if !known || err != nil || len(sum) != size {
			continue
		}
		if out = append(out, signature{version, sum}); len(out) == maxSignatures {
			break
		}
	}
	return out
}
