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

// Keeping returns a scheme that does what s does, and keeps what it makes of secrets, for a sender that signs many bodies
// with few secrets. It may be used by several goroutines at once, and must not be copied.
func Keeping(s Scheme) Scheme {
	if h, ok := s.(HMAC); ok {
		return &keeping{HMAC: h}
	}
	return s
}

type keeping struct {
	HMAC
	signers sync.Map // by secret: *sync.Pool of *Signer
}

// Sign sets the headers as HMAC.Sign does.
func (k *keeping) Sign(h http.Header, secret string, body []byte, at time.Time) {
	pool, ok := k.signers.Load(secret)
	if !ok {
		pool, _ = k.signers.LoadOrStore(secret, &sync.Pool{New: func() any { return k.Signer(secret) }})
	}
	signers := pool.(*sync.Pool)
	signer := signers.Get().(*Signer)
	if k.TimestampHeader != "" {
		h.Set(k.TimestampHeader, strconv.FormatInt(k.TimestampUnit.count(at), 10))
	}
	var room [96]byte
	h.Set(k.Header, string(signer.Append(room[:0], body, at)))
	signers.Put(signer)
}
