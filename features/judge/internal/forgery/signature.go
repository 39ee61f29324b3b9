package forgery

import (
	"cmp"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"hash"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/contract/signing"
	"github.com/quintain-dev/quintain/features/judge/internal/exchange"
)

// A writing is the value of a signature header that a forger writes.
type writing struct {
	how   string // follows "its signature"
	value string
	picky bool // not every transport sends such a header
}

// A made signature is one as the platform made it, for forgers to start from.
type made struct {
	f              Forger
	d              *exchange.Delivery
	prefix, digits string // what the header's value is made of
}

func (f Forger) made(d *exchange.Delivery) made {
	m := made{f: f, d: d, prefix: f.Signature.Prefix}
	value := d.Header.Get(f.Signature.Header)
	if f.Signature.Scheme == contract.StandardWebhooks { // whose prefix goes by the kind of the secret
		m.prefix = value[:strings.IndexByte(value, ',')+1]
	}
	m.digits = strings.TrimPrefix(value, m.prefix)
	return m
}

// signatureFaults are the ways to spoil the value of a signature header, by the names that the features use. How many
// writings there are of one depends on how the platform signs, and on nothing else.
var signatureFaults = sync.OnceValue(func() map[string]func(m made) []writing {
	return map[string]func(m made) []writing{
		"with its first character altered": one(func(m made) string { return m.flipped(0, 0x80) }),
		// By its last bit: in base64, the last character has bits that mean nothing.
		"with its last character altered": one(func(m made) string { return m.flipped(-1, 0x01) }),
		"with one character altered": func(m made) []writing {
			out := []writing{
				// where a comparison of the first characters does not look
				{how: "with one character altered", value: m.flipped(m.size()*3/4, 0x10)},
				{how: "with a character in its middle altered", value: m.flipped(m.size()/2, 0x10)},
			}
			if at := strings.IndexFunc(m.digits, func(r rune) bool { return otherCase(string(r)) != string(r) }); m.base64() && 0 <= at && at < 40 {
				out = append(out, writing{how: "with a letter in the other case", value: m.prefix + m.digits[:at] + otherCase(m.digits[at:at+1]) + m.digits[at+1:]})
			}
			return out
		},

		// By four characters: the last one of base64 is padding, without which the signature is the same.
		"cut short": one(func(m made) string { return m.prefix + m.digits[:len(m.digits)-4] }),
		"cut by one character": one(func(m made) string {
			data := strings.TrimRight(m.digits, "=")
			return m.prefix + data[:len(data)-1]
		}),
		"cut to its first half": one(func(m made) string { return m.prefix + m.digits[:len(m.digits)/2] }),
		"cut at the front": func(m made) []writing {
			out := []writing{
				{how: "cut at the front by one character", value: m.prefix + m.digits[1:]},
				{how: "cut to its last half", value: m.prefix + m.digits[len(m.digits)/2:]},
			}
			if m.prefix != "" {
				out = append(out, writing{how: "cut at the front, behind its prefix", value: m.digits[1:]})
			}
			return out
		},
		"that is only its first character": func(m made) []writing {
			return m.twice("only its first character", m.digits[:1], (m.prefix + m.digits)[:1])
		},
		"that is only its last character": func(m made) []writing {
			last := m.digits[len(m.digits)-1:]
			return m.twice("only its last character", last, last)
		},
		"that is only its prefix": func(m made) []writing {
			prefix := cmp.Or(m.prefix, usualPrefix)
			return []writing{{how: "only " + prefix, value: prefix}, {how: "only " + prefix[:len(prefix)-1], value: prefix[:len(prefix)-1]}}
		},

		"that is empty": one(func(made) string { return "" }),
		// without the padding, at which a lenient decoder stops: no harm in that
		"written twice": one(func(m made) string {
			return m.prefix + strings.TrimRight(m.digits, "=") + m.prefix + m.digits
		}),
		"that is very long": one(func(m made) string { return m.prefix + strings.Repeat(m.digits, long/len(m.digits)) }),
		"that is not in its encoding": one(func(m made) string {
			if m.base64() {
				return m.prefix + strings.Repeat("!", len(m.digits))
			}
			return m.prefix + strings.Repeat("z", len(m.digits))
		}),
		"with a character beyond ASCII": func(m made) []writing {
			zeros := strings.Repeat("0", len(m.digits)-2) // of the right length, and nothing of it right
			return []writing{
				{how: "with é in UTF-8", value: m.prefix + "\u00e9" + zeros, picky: true},
				{how: "with é in Latin-1", value: m.prefix + "\xe90" + zeros, picky: true},
			}
		},

		"made with MD5":     one(func(m made) string { return m.prefix + m.sum(md5.New) }),
		"made with SHA-1":   one(func(m made) string { return m.prefix + m.sum(sha1.New) }),
		"made with SHA-512": one(func(m made) string { return m.prefix + m.sum(sha512.New) }),
		"made without a key": func(m made) []writing {
			content, body := sha256.Sum256(m.content()), sha256.Sum256(m.d.Body)
			out := m.twice("made without a key", m.encoded(content[:]), m.encoded(content[:]))
			if m.prefix == "" {
				out = append(out, writing{how: "made without a key, behind " + usualPrefix, value: usualPrefix + m.encoded(content[:])})
			}
			if content != body {
				out = append(out, writing{how: "made without a key, of the body alone", value: m.prefix + m.encoded(body[:])})
			}
			return out
		},
		// A receiver that lets the sender choose the algorithm accepts "none".
		"under the name of another algorithm": func(m made) []writing {
			if m.f.Signature.Scheme == contract.StandardWebhooks {
				wrong := strings.TrimPrefix(m.flipped(0, 0x80), m.prefix)
				return []writing{{how: "under v0, and wrong", value: "v0," + wrong}, {how: "under v2, and wrong", value: "v2," + wrong}, {how: "none,x", value: "none,x"}}
			}
			out := []writing{
				{how: "none=x", value: "none=x"}, {how: "none=", value: "none="},
				{how: "an MD5 under md5=", value: "md5=" + m.sum(md5.New)},
				{how: "a SHA-1 under sha1=", value: "sha1=" + m.sum(sha1.New)},
				{how: "a SHA-512 under sha512=", value: "sha512=" + m.sum(sha512.New)},
			}
			if m.prefix == "" {
				out = append(out, writing{how: "a SHA-1 under " + usualPrefix, value: usualPrefix + m.sum(sha1.New)})
			}
			return out
		},

		// The signature is right. Whether what stands before it matters may be argued; that it does no harm may not.
		"under another prefix": func(m made) []writing {
			prefixes := []string{"", usualPrefix, "sha1="}
			if m.f.Signature.Scheme == contract.StandardWebhooks {
				prefixes = []string{"", "v0,", "v2,"}
			}
			var out []writing
			for _, prefix := range prefixes {
				switch prefix {
				case m.prefix:
				case "":
					out = append(out, writing{how: "without its prefix", value: m.digits})
				default:
					out = append(out, writing{how: "under " + prefix, value: prefix + m.digits})
				}
			}
			return out
		},
	}
})

const (
	usualPrefix = "sha256=" // where a platform has one, it is mostly this
	// characters: servers take headers of 8 kB, and what is longer never comes to their receiver
	long = 7000
)

// one makes a fault of which there is one writing. Its name says how.
func one(write func(m made) string) func(m made) []writing {
	return func(m made) []writing { return []writing{{value: write(m)}} }
}

// twice writes something behind the prefix, and where there is one, something without it as well.
func (m made) twice(how, behind, without string) []writing {
	out := []writing{{how: how, value: m.prefix + behind}}
	if m.prefix != "" {
		out = append(out, writing{how: how + ", without its prefix", value: without})
	}
	return out
}

func (m made) base64() bool { return m.f.Signature.Encoding == signing.Base64.String() }

func (m made) encoded(sum []byte) string {
	if m.base64() {
		return base64.StdEncoding.EncodeToString(sum)
	}
	return hex.EncodeToString(sum)
}

func (m made) decoded() []byte {
	decode := hex.DecodeString
	if m.base64() {
		decode = base64.StdEncoding.DecodeString
	}
	sum, err := decode(m.digits)
	if err != nil {
		panic("judge: the platform's own signature cannot be read: " + err.Error())
	}
	return sum
}

// size is how many bytes the signature has.
func (m made) size() int { return len(m.decoded()) }

// flipped is the signature with a bit of one byte flipped, which is another character, and one that is not the same in
// the other case. At -1 is the last byte.
func (m made) flipped(at int, bit byte) string {
	sum := m.decoded()
	if at < 0 {
		at += len(sum)
	}
	sum[at] ^= bit
	return m.prefix + m.encoded(sum)
}

// content is what is signed.
func (m made) content() []byte {
	stamp := m.d.Header.Get(m.f.Signature.TimestampHeader)
	before := ""
	switch m.f.Signature.Content {
	case "timestamp:body":
		before = stamp + ":"
	case "id.timestamp.body":
		before = m.d.Header.Get(signing.HeaderWebhookID) + "." + stamp + "."
	}
	return append([]byte(before), m.d.Body...)
}

// sum is the signature with the right secret over the right content, by another algorithm.
func (m made) sum(algorithm func() hash.Hash) string {
	key := []byte(m.f.Secret)
	if m.f.Signature.Scheme == contract.StandardWebhooks {
		_, key = splitSecret(m.f.Secret)
	}
	mac := hmac.New(algorithm, key)
	mac.Write(m.content())
	return m.encoded(mac.Sum(nil))
}

// HasFault reports whether there is a way to spoil a signature of that name.
func HasFault(fault string) bool { return signatureFaults()[fault] != nil }

// FaultySignatures are the forgeries of a fault.
func (f Forger) FaultySignatures(fault string) []Forgery {
	probe := exchange.Delivery{Header: http.Header{}, Body: []byte("{}")}
	f.scheme().Sign(probe.Header, f.Secret, probe.Body, time.Now())
	var out []Forgery
	for i, w := range signatureFaults()[fault](f.made(&probe)) {
		how := cmp.Or(w.how, strings.TrimPrefix(fault, "that is "))
		out = append(out, Forgery{Label: "its signature " + how, Picky: w.picky, Apply: func(d *exchange.Delivery) {
			all := signatureFaults()[fault](f.made(d))
			d.Header[http.CanonicalHeaderKey(f.Signature.Header)] = []string{all[min(i, len(all)-1)].value}
		}})
	}
	return out
}
