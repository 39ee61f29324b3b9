package signing

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"hash"
	"strconv"
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
		s.stamp = append(strconv.AppendInt(s.stamp[:0], at.UnixMilli(), 10), ':')
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
