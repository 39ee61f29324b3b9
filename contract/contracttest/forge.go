package contracttest

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"hash"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/contract/signing"
)

// A forgery is a way to spoil the proof of a delivery that was properly signed.
type forgery struct {
	label string
	apply func(s *suite, d *delivery)
}

// withoutHeader takes a header away.
func withoutHeader(name string) forgery {
	return forgery{"no " + name, func(_ *suite, d *delivery) { d.header.Del(name) }}
}

// altered changes the body after signing.
func altered(how string) forgery {
	change := alterations[how]
	return forgery{how + " after signing", func(_ *suite, d *delivery) { d.body = change(d.body) }}
}

// otherSecret signs with another secret than the receiver's.
func otherSecret(which string) forgery {
	return forgery{"signed with " + which + " secret", func(s *suite, d *delivery) {
		secret := ""
		if which == "a wrong" {
			secret = s.otherSecret()
		}
		s.scheme().Sign(d.header, secret, d.body, time.Now())
	}}
}

// stale signs rightly, with a timestamp that is older than the platform tells receivers to accept.
func stale() forgery {
	return forgery{"signed with a stale timestamp", func(s *suite, d *delivery) {
		s.scheme().Sign(d.header, s.receiver.Secret, d.body, time.Now().Add(-s.signature.Tolerance-staleBy))
	}}
}

// otherTimestamp makes the timestamp another one, a second later and as fresh as before, under the same signature.
func otherTimestamp() forgery {
	return forgery{"its timestamp altered after signing", func(s *suite, d *delivery) {
		stamp, err := strconv.ParseInt(d.header.Get(s.signature.TimestampHeader), 10, 64)
		if err != nil {
			panic("contracttest: the signing scheme writes no number as timestamp")
		}
		second := int64(1000)
		if s.signature.TimestampUnit == "s" {
			second = 1
		}
		d.header.Set(s.signature.TimestampHeader, strconv.FormatInt(stamp+second, 10))
	}}
}

// signatureFaults are the ways to spoil the value of a signature header, by the names that the features use.
var signatureFaults = map[string]func(s *suite, d *delivery, value string) string{
	// By four characters: the last one of base64 is padding, without which the signature is the same.
	"cut short": func(_ *suite, _ *delivery, value string) string { return value[:len(value)-4] },
	// Where a comparison of the first characters does not look.
	"with one character altered": func(_ *suite, _ *delivery, value string) string {
		at := len(value) * 3 / 4
		other := byte('0')
		if value[at] == other {
			other = '1'
		}
		return value[:at] + string(other) + value[at+1:]
	},
	"that is not in its encoding": func(s *suite, _ *delivery, value string) string {
		digits := len(value) - len(s.signature.Prefix)
		if s.signature.Encoding == signing.Base64.String() {
			return s.signature.Prefix + strings.Repeat("!", digits)
		}
		return s.signature.Prefix + strings.Repeat("z", digits)
	},
	"that is empty": func(*suite, *delivery, string) string { return "" },
	"written twice": func(_ *suite, _ *delivery, value string) string { return value + value },
	"made with SHA-1": func(s *suite, d *delivery, _ string) string {
		return s.sum(sha1.New, d)
	},
	"made with SHA-512": func(s *suite, d *delivery, _ string) string {
		return s.sum(sha512.New, d)
	},
}

func faultySignature(fault string) forgery {
	spoil := signatureFaults[fault]
	return forgery{"its signature " + strings.TrimPrefix(fault, "that is "), func(s *suite, d *delivery) {
		name := http.CanonicalHeaderKey(s.signature.Header)
		d.header[name] = []string{spoil(s, d, d.header.Get(name))}
	}}
}

// sum is the signature with the right secret over the right content, by another algorithm.
func (s *suite) sum(algorithm func() hash.Hash, d *delivery) string {
	key := []byte(s.receiver.Secret)
	stamp := d.header.Get(s.signature.TimestampHeader)
	var before string
	switch s.signature.Content {
	case "timestamp:body":
		before = stamp + ":"
	case "id.timestamp.body":
		before = d.header.Get(signing.HeaderWebhookID) + "." + stamp + "."
		_, key = splitSecret(s.receiver.Secret)
	}
	mac := hmac.New(algorithm, key)
	mac.Write([]byte(before))
	mac.Write(d.body)
	if s.signature.Encoding == signing.Base64.String() {
		return s.signature.Prefix + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	}
	return s.signature.Prefix + hex.EncodeToString(mac.Sum(nil))
}

// otherKey spoils a bearer key.
func otherKey(how string) forgery {
	return forgery{how, func(s *suite, d *delivery) {
		switch how {
		case "no key":
			d.header.Del("Authorization")
		case "an empty key":
			d.header.Set("Authorization", "Bearer ")
		case "a key that ends otherwise":
			secret := s.receiver.Secret
			d.header.Set("Authorization", "Bearer "+secret[:len(secret)-1]+otherThan(secret[len(secret)-1:]))
		case "the right key and one character more":
			d.header.Set("Authorization", "Bearer "+s.receiver.Secret+"x")
		case "one character and the right key":
			d.header.Set("Authorization", "Bearer x"+s.receiver.Secret)
		case "a wrong key of the same length":
			d.header.Set("Authorization", "Bearer "+otherThan(s.receiver.Secret))
		case "the right key under the scheme Basic":
			d.header.Set("Authorization", "Basic "+s.receiver.Secret)
		}
	}}
}

// otherSecret returns a secret of the form of the receiver's that is another one. It can sign, as it must to be wrong for
// no other reason.
func (s *suite) otherSecret() string {
	if s.signature.Scheme != contract.StandardWebhooks {
		return otherThan(s.receiver.Secret)
	}
	prefix, key := splitSecret(s.receiver.Secret)
	if prefix == "whsk_" {
		key = key[:ed25519.SeedSize] // the public half behind it would not be that of another seed
	}
	for i := range key {
		key[i] = ^key[i]
	}
	return prefix + base64.StdEncoding.EncodeToString(key)
}

// splitSecret takes apart a secret of Standard Webhooks that newSuite has checked.
func splitSecret(secret string) (prefix string, key []byte) {
	at := strings.IndexByte(secret, '_') + 1 // which base64 does not have
	key, err := base64.StdEncoding.DecodeString(secret[at:])
	if err != nil {
		panic("contracttest: the secret was not checked: " + err.Error())
	}
	return secret[:at], key
}

// otherThan returns a secret of the same length that differs in every character.
func otherThan(secret string) string {
	return strings.Map(func(r rune) rune {
		if r == 'x' {
			return 'y'
		}
		return 'x'
	}, secret)
}
