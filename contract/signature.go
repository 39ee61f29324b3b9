package contract

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"github.com/quintain-dev/quintain/contract/signing"
)

// The schemes of a [Signature], as documents name them.
const (
	Unsigned         = "none"
	BearerKey        = "bearer"            // a key in the header Authorization, and in no other: signing.Bearer
	HMACSHA256       = "hmac-sha256"       // a header that the document names: signing.HMAC
	StandardWebhooks = "standard-webhooks" // https://www.standardwebhooks.com: signing.StandardWebhooks
)

// SignatureSchemes returns the names of the schemes.
func SignatureSchemes() []string { return []string{Unsigned, BearerKey, HMACSHA256, StandardWebhooks} }

// Signature is how a platform proves that a request is its own.
type Signature struct {
	Scheme          string `json:"scheme"` // none, bearer, hmac-sha256 or standard-webhooks
	Header          string `json:"header,omitempty"`
	Encoding        string `json:"encoding,omitempty"` // hex or base64
	Prefix          string `json:"prefix,omitempty"`
	Content         string `json:"content,omitempty"` // body, timestamp:body or id.timestamp.body
	TimestampHeader string `json:"timestampHeader,omitempty"`
	TimestampUnit   string `json:"timestampUnit,omitempty"` // ms or s
	// how old a delivery the platform tells receivers to accept
	Tolerance time.Duration `json:"tolerance,omitempty"`
	// where the documentation leaves the form open: all that a right receiver may expect
	Readings []Reading `json:"readings,omitempty"`
}

// A Reading is one way to read documentation that leaves the written form of a signature open.
type Reading struct {
	Encoding string `json:"encoding"`
	Prefix   string `json:"prefix,omitempty"`
}

// Signed reports whether the scheme proves that the body is the platform's.
func (s Signature) Signed() bool {
	return s.Scheme == HMACSHA256 || s.Scheme == StandardWebhooks
}

// Several reports whether a delivery carries a signature for each of several secrets, which Sign takes with spaces
// between them.
func (s Signature) Several() bool { return s.Scheme == StandardWebhooks }

// IDHeader names the header that carries the delivery's id and is signed with the body; empty if there is none.
func (s Signature) IDHeader() string {
	if s.Scheme == StandardWebhooks {
		return signing.HeaderWebhookID
	}
	return ""
}

// NewSecret makes a secret in the form that the scheme wants, of 32 bytes that nobody else has.
func (s Signature) NewSecret(key [32]byte) string {
	if s.Scheme == StandardWebhooks {
		return "whsec_" + base64.StdEncoding.EncodeToString(key[:])
	}
	return hex.EncodeToString(key[:])
}

// SigningScheme returns the scheme as code.
func (s Signature) SigningScheme() signing.Scheme {
	switch s.Scheme {
	case HMACSHA256:
		h := signing.HMAC{Header: s.Header, Prefix: s.Prefix, TimestampHeader: s.TimestampHeader, Tolerance: s.Tolerance}
		if s.Encoding == signing.Base64.String() {
			h.Encoding = signing.Base64
		}
		if s.TimestampUnit == "s" {
			h.TimestampUnit = signing.Seconds
		}
		return h
	case BearerKey:
		return signing.Bearer{}
	case StandardWebhooks:
		return signing.StandardWebhooks{Tolerance: s.Tolerance}
	default:
		return signing.Unsigned{}
	}
}

// Read returns the signature written as the reading says.
func (s Signature) Read(r Reading) Signature {
	s.Encoding, s.Prefix = r.Encoding, r.Prefix
	return s
}

// standardWebhooks returns the signature of Standard Webhooks with what its specification says.
func standardWebhooks() Signature {
	return Signature{
		Scheme:          StandardWebhooks,
		Header:          signing.HeaderWebhookSignature,
		Encoding:        signing.Base64.String(),
		Prefix:          "v1,",
		Content:         "id.timestamp.body",
		TimestampHeader: signing.HeaderWebhookTimestamp,
		TimestampUnit:   "s",
		Tolerance:       signing.DefaultTolerance,
	}
}

// Resigned reports whether WithSignature chose how the platform's deliveries are proved.
func (p *Platform) Resigned() bool { return p.resigned }

// WithSignature returns a copy of the platform whose deliveries are proved by another scheme: none, bearer or
// standard-webhooks. Its grade is chosen. With the scheme that the platform has already, it returns p. What takes long
// to make the copy shares with p, and Document still has what the file says. The error is an *Error with the code
// BadValue: the scheme is unknown, or is hmac-sha256, whose headers only a document can say.
func (p *Platform) WithSignature(scheme string) (*Platform, error) {
	own := p.Rules.Signature.Value.Scheme
	s := Signature{Scheme: scheme}
	switch {
	case scheme == own:
		return p, nil
	case !slices.Contains(SignatureSchemes(), scheme):
		return nil, Unknown(BadValue, "signature scheme", scheme, SignatureSchemes())
	case scheme == HMACSHA256:
		return nil, &Error{Code: BadValue, Message: fmt.Sprintf("%s does not sign with %s", p, scheme), Hint: "only a contract document can say the headers of that scheme"}
	case scheme == StandardWebhooks:
		s = standardWebhooks()
	}
	out := p.Without()
	out.resigned = true
	out.Rules.Signature = Fact[Signature]{Value: s, Grade: Chosen, Note: fmt.Sprintf("Asked for; the platform's own scheme is %s.", own)}
	return out, nil
}
