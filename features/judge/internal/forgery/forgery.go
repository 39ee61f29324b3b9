// Package forgery spoils the proof of a delivery that was correctly signed, as an attacker would: a Forger has what the
// platform signs with, and its methods return Forgeries, each of which changes a delivery. It stands alone because it
// is one thing with tables of its own: the requests that only the platform may send. It sends nothing, and judges
// nothing.
package forgery

import (
	"crypto/ed25519"
	"encoding/base64"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/contract/signing"
	"github.com/quintain-dev/quintain/features/judge/internal/exchange"
	"github.com/quintain-dev/quintain/features/judge/internal/payload"
)

// A Forger knows how the platform proves its deliveries, and the secret of the receiver under test.
type Forger struct {
	Signature contract.Signature // in the reading that the receiver understands
	Secret    string
}

// A Forgery is a way to spoil the proof of a delivery that was correctly signed.
type Forgery struct {
	Label string                     // as in "sent member.created, no X-Tribe-Signature"
	Picky bool                       // not every transport sends such a header
	Apply func(d *exchange.Delivery) // to a delivery whose header is its own
}

func forge(label string, apply func(d *exchange.Delivery)) Forgery {
	return Forgery{Label: label, Apply: apply}
}

func (f Forger) scheme() signing.Scheme { return f.Signature.SigningScheme() }

// WithoutHeader deletes a header.
func WithoutHeader(name string) Forgery {
	return forge("no "+name, func(d *exchange.Delivery) { d.Header.Del(name) })
}

// Unproved takes the proof away, and says of the body that it is something else than JSON: a receiver may check only
// what its parser of JSON has seen. What comes as a form is tried as one, too.
func (f Forger) Unproved(kind string) []Forgery {
	proof := f.scheme().Headers()[0]
	as := func(label, contentType string, write func([]byte) ([]byte, error)) Forgery {
		return forge("no "+proof+", "+label, func(d *exchange.Delivery) {
			d.Header.Del(proof)
			d.Header.Set("Content-Type", contentType)
			if contentType == "" {
				d.Header.Del("Content-Type")
			}
			if body, err := write(d.Body); err == nil { // what is no JSON object has no form
				d.Body = body
			}
		})
	}
	asItIs := func(body []byte) ([]byte, error) { return body, nil }
	switch kind {
	case "without a Content-Type":
		return []Forgery{as(kind, "", asItIs)}
	case "as " + formType:
		brackets := func(body []byte) ([]byte, error) { return contract.EncodeForm(body, contract.Brackets) }
		return []Forgery{as("JSON "+kind, formType, asItIs), as("a form "+kind, formType, brackets)}
	}
	return []Forgery{as(kind, strings.TrimPrefix(kind, "as "), asItIs)}
}

const formType = "application/x-www-form-urlencoded"

// Altered changes the body after signing.
func Altered(how string) Forgery {
	change := payload.Alterations()[how]
	return forge(how+" after signing", func(d *exchange.Delivery) { d.Body = change(d.Body) })
}

// WrongSecret signs with another secret than the receiver's.
func (f Forger) WrongSecret(which string) Forgery {
	return forge("signed with "+which+" secret", func(d *exchange.Delivery) {
		secret := ""
		if which == "a wrong" {
			secret = f.OtherSecret()
		}
		f.scheme().Sign(d.Header, secret, d.Body, time.Now())
	})
}

// staleBy is how far beyond the tolerance a stale delivery is.
const staleBy = time.Minute

// Stale signs correctly, with a timestamp that is older than the platform tells receivers to accept.
func (f Forger) Stale() Forgery {
	return forge("signed with a stale timestamp", func(d *exchange.Delivery) {
		f.scheme().Sign(d.Header, f.Secret, d.Body, time.Now().Add(-f.Signature.Tolerance-staleBy))
	})
}

// OtherTimestamp makes the timestamp another one, a second later and as fresh as before, under the same signature.
func (f Forger) OtherTimestamp() Forgery {
	return forge("its timestamp altered after signing", func(d *exchange.Delivery) {
		stamp, err := strconv.ParseInt(d.Header.Get(f.Signature.TimestampHeader), 10, 64)
		if err != nil {
			panic("judge: the signing scheme writes no number as timestamp")
		}
		second := int64(1000)
		if f.Signature.TimestampUnit == "s" {
			second = 1
		}
		d.Header.Set(f.Signature.TimestampHeader, strconv.FormatInt(stamp+second, 10))
	})
}

// wrongKeys are what a receiver with a bearer key may be sent in place of it, by the names that the features use: the
// value of the header Authorization. It is empty where the key has no such wrong one: part of a short key may be all of
// it.
var wrongKeys = sync.OnceValue(func() map[string]func(key string) string {
	return map[string]func(key string) string{
		"no key":                               nil, // no header at all
		"an empty key":                         func(string) string { return "Bearer " },
		"a wrong key of the same length":       func(key string) string { return "Bearer " + payload.OtherThan(key) },
		"a key that begins otherwise":          func(key string) string { return "Bearer " + otherAt(key, 0) },
		"a key that is another in its middle":  func(key string) string { return "Bearer " + otherAt(key, len(key)/2) },
		"a key that ends otherwise":            func(key string) string { return "Bearer " + otherAt(key, len(key)-1) },
		"the first character of the key":       func(key string) string { return part(key, 0, 1) },
		"the first half of the key":            func(key string) string { return part(key, 0, len(key)/2) },
		"the last characters of the key":       func(key string) string { return part(key, max(1, len(key)-8), len(key)) },
		"the key without its last character":   func(key string) string { return part(key, 0, len(key)-1) },
		"the right key and one character more": func(key string) string { return "Bearer " + key + "x" },
		"one character and the right key":      func(key string) string { return "Bearer x" + key },
		"the right key inside another text":    func(key string) string { return "Bearer x" + key + "x" },
		"the key in the other letter case": func(key string) string {
			if other := otherCase(key); other != key {
				return "Bearer " + other
			}
			return ""
		},
		"the right key under the scheme Basic": func(key string) string { return "Basic " + key },
	}
})

// part is a header with a part of a key, if that is a part.
func part(key string, from, to int) string {
	if from >= to || to-from == len(key) {
		return ""
	}
	return "Bearer " + key[from:to]
}

// OtherKey spoils a bearer key. It reports false where the key cannot be spoilt so.
func (f Forger) OtherKey(how string) (Forgery, bool) {
	if how == "no key" {
		return forge(how, func(d *exchange.Delivery) { d.Header.Del("Authorization") }), true
	}
	value := wrongKeys()[how](f.Secret)
	return forge(how, func(d *exchange.Delivery) { d.Header.Set("Authorization", value) }), value != ""
}

// OtherSecret returns a secret of the form of the receiver's that is another one. It can sign, as it must to be wrong
// for no other reason.
func (f Forger) OtherSecret() string {
	if f.Signature.Scheme != contract.StandardWebhooks {
		return payload.OtherThan(f.Secret)
	}
	prefix, key := splitSecret(f.Secret)
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
		panic("judge: the secret was not checked: " + err.Error())
	}
	return secret[:at], key
}

// otherAt returns a text that differs in one character.
func otherAt(text string, at int) string {
	return text[:at] + payload.OtherThan(text[at:at+1]) + text[at+1:]
}

// otherCase makes small letters of capitals, and the other way round.
func otherCase(text string) string {
	return strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' {
			return r ^ 0x20
		}
		return r
	}, text)
}
