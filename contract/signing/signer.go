package signing

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"hash"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// A Signer signs many bodies with one secret, and allocates nothing for each: the key is hashed once. It is for one
// goroutine at a time. Make it with [HMAC.Signer].
type Signer struct {
	scheme HMAC
	mac    hash.Hash
	stamp  []byte
	sum    []byte
}

// Signer returns a Signer of the scheme.
func (s HMAC) Signer(secret string) *Signer {
	return &Signer{scheme: s, mac: hmac.New(sha256.New, []byte(secret))}
}

// Append appends the value of the signature header, as [HMAC.Signature] returns it for the timestamp of the time given.
func (s *Signer) Append(dst, body []byte, at time.Time) []byte {
	s.mac.Reset()
	if s.scheme.TimestampHeader != "" {
		s.stamp = append(strconv.AppendInt(s.stamp[:0], s.scheme.TimestampUnit.count(at), 10), ':')
		s.mac.Write(s.stamp)
	}
	s.mac.Write(body)
	s.sum = s.mac.Sum(s.sum[:0])
	dst = append(dst, s.scheme.Prefix...)
	if s.scheme.Encoding == Base64 {
		return base64.StdEncoding.AppendEncode(dst, s.sum)
	}
	return hex.AppendEncode(dst, s.sum)
}

// Keeping returns a scheme that does what s does, and keeps what it makes of secrets, of at most 64 at once, for a
// sender that signs many bodies with few secrets.
func Keeping(s Scheme) Scheme {
	if h, ok := s.(HMAC); ok {
		return &keeping{HMAC: h}
	}
	return s
}

type keeping struct {
	HMAC
	mu      sync.RWMutex
	signers map[string]*sync.Pool // of *Signer, by secret
}

const maxKept = 64

// of returns the signers of a secret. All are forgotten when there are too many: few senders have as many secrets, and
// most of those are no longer in use.
func (k *keeping) of(secret string) *sync.Pool {
	k.mu.RLock()
	pool := k.signers[secret]
	k.mu.RUnlock()
	if pool != nil {
		return pool
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if pool = k.signers[secret]; pool != nil {
		return pool
	}
	if len(k.signers) >= maxKept || k.signers == nil {
		k.signers = map[string]*sync.Pool{}
	}
	pool = &sync.Pool{New: func() any { return k.Signer(secret) }}
	k.signers[secret] = pool
	return pool
}

// Sign sets the headers as HMAC.Sign does.
func (k *keeping) Sign(h http.Header, secret string, body []byte, at time.Time) {
	signers := k.of(secret)
	signer := signers.Get().(*Signer)
	if k.TimestampHeader != "" {
		h.Set(k.TimestampHeader, strconv.FormatInt(k.TimestampUnit.count(at), 10))
	}
	var room [96]byte
	h.Set(k.Header, string(signer.Append(room[:0], body, at)))
	signers.Put(signer)
}
