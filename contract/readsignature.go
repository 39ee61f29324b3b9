package contract

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/quintain-dev/quintain/contract/internal/yamltree"
)

// signatureKeys are what a document may say of each scheme.
var signatureKeys = map[string][]string{
	Unsigned:  {"scheme"},
	BearerKey: {"scheme", "header"},
	HMACSHA256: {
		"scheme", "header", "encoding", "prefix", "content", "timestampHeader", "timestampUnit", "tolerance", "readings",
	},
	StandardWebhooks: {"scheme", "tolerance"},
}

// readSignature reads the value of x-delivery signature.
func readSignature(v *yamltree.Node) (s Signature, err error) {
	if v.Kind != yamltree.Mapping {
		return s, fmt.Errorf("%s is not a mapping; write it as {scheme: none}", said(v))
	}
	if s.Scheme, err = oneOf(text(v.Get("scheme")), SignatureSchemes()...); err != nil {
		return s, err
	}
	if err := ownKeys(v, s.Scheme); err != nil {
		return s, err
	}
	switch s.Scheme {
	case HMACSHA256:
		err = s.readHMAC(v)
	case BearerKey:
		err = s.readBearer(v)
	case StandardWebhooks:
		s = standardWebhooks()
		if v.Get("tolerance") != nil {
			s.Tolerance, err = readTolerance(v)
		}
	}
	return s, err
}

// ownKeys makes sure that a signature has no keys but those of its scheme.
func ownKeys(v *yamltree.Node, scheme string) error {
	for i, key := range v.Keys {
		switch own := signatureKeys[scheme]; {
		case slices.Contains(own, key):
		case scheme == StandardWebhooks && slices.Contains(signatureKeys[HMACSHA256], key):
			return below(v.Items[i], key, fmt.Errorf("standard-webhooks has its own %s; beside scheme there is only tolerance", key))
		case slices.Contains(signatureKeys[HMACSHA256], key):
			return below(v.Items[i], key, fmt.Errorf("the scheme %s has no %s; there is %s", scheme, key, strings.Join(own, ", ")))
		default:
			return below(v.Items[i], key, Unknown(BadDocument, "key of the scheme "+scheme, key, own))
		}
	}
	return nil
}

// readBearer reads what a document says of a bearer key, which is sent in one header only.
func (s *Signature) readBearer(v *yamltree.Node) (err error) {
	if s.Header, err = field(v, "header"); err != nil {
		return err
	}
	if n := v.Get("header"); n != nil && !strings.EqualFold(s.Header, "Authorization") {
		return below(n, "header", fmt.Errorf("a bearer key is sent in Authorization, and not in %q; no scheme sends a key in another header", s.Header))
	}
	return nil
}

func (s *Signature) readHMAC(v *yamltree.Node) (err error) {
	if n := v.Get("header"); n != nil {
		if s.Header, err = readHeader(n); err != nil {
			return below(n, "header", err)
		}
	}
	if n := v.Get("timestampHeader"); n != nil {
		if s.TimestampHeader, err = readHeader(n); err != nil {
			return below(n, "timestampHeader", err)
		}
	}
	choices := map[string]struct {
		to      *string
		allowed []string
	}{
		"encoding":      {&s.Encoding, []string{"hex", "base64"}},
		"content":       {&s.Content, []string{"body", "timestamp:body"}},
		"timestampUnit": {&s.TimestampUnit, []string{"ms", "s"}},
	}
	for _, key := range []string{"encoding", "content", "timestampUnit"} {
		n, choice := v.Get(key), choices[key]
		if n == nil && key != "timestampUnit" {
			return fmt.Errorf("%s is missing: want one of %s", key, strings.Join(choice.allowed, ", "))
		}
		if n == nil {
			continue
		}
		if *choice.to, err = oneOf(text(n), choice.allowed...); err != nil {
			return below(n, key, err)
		}
	}
	if s.Prefix, err = readPrefix(v); err != nil {
		return err
	}
	if n := v.Get("tolerance"); n != nil {
		if s.Tolerance, err = readTolerance(v); err != nil {
			return err
		}
	}
	if n := v.Get("readings"); n != nil {
		if s.Readings, err = each(n, "[{encoding: hex}]", readReading); err != nil {
			return below(n, "readings", err)
		}
	}
	return s.complete(v)
}

// complete makes sure that what belongs together is there, and settles the unit.
func (s *Signature) complete(v *yamltree.Node) error {
	switch {
	case s.Header == "":
		return errors.New("hmac-sha256 needs a header")
	case (s.Content == "timestamp:body") != (s.TimestampHeader != ""):
		return errors.New("the content timestamp:body and a timestampHeader go together")
	case strings.EqualFold(s.Header, s.TimestampHeader):
		return below(v.Get("timestampHeader"), "timestampHeader", fmt.Errorf("%s carries the signature already", s.Header))
	}
	for _, key := range []string{"timestampUnit", "tolerance"} {
		if n := v.Get(key); n != nil && s.TimestampHeader == "" {
			return below(n, key, fmt.Errorf("%s is about a timestamp, and there is no timestampHeader", key))
		}
	}
	if s.TimestampHeader != "" && s.TimestampUnit == "" {
		s.TimestampUnit = "ms"
	}
	return nil
}

// headerName is what RFC 9110 section 5.1 allows.
var headerName = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")
})

// readHeader reads the name of a header that requests have for nothing else.
func readHeader(v *yamltree.Node) (string, error) {
	name, err := plain(v)
	switch {
	case err != nil:
		return "", err
	case !headerName().MatchString(name):
		return "", fmt.Errorf("%q is not the name of a header: want letters, digits and - without spaces between", name)
	case slices.Contains(alwaysSent, strings.ToLower(name)):
		return "", fmt.Errorf("every request has the header %s for something else", name)
	}
	return name, nil
}

// readPrefix reads what stands before a signature.
func readPrefix(v *yamltree.Node) (string, error) {
	prefix, err := field(v, "prefix")
	if err == nil && (strings.ContainsFunc(prefix, outsideHeaders) || strings.HasPrefix(prefix, " ")) {
		err = below(v.Get("prefix"), "prefix", fmt.Errorf("%q cannot begin the value of a header: it has a space before it, control characters or letters beyond ASCII", prefix))
	}
	return prefix, err
}

func readTolerance(v *yamltree.Node) (time.Duration, error) {
	n := v.Get("tolerance")
	tolerance, err := time.ParseDuration(text(n))
	if err != nil || tolerance <= 0 {
		return 0, below(n, "tolerance", fmt.Errorf("tolerance %s is not a time above 0; write it as 5m", said(n)))
	}
	return tolerance, nil
}

func readReading(v *yamltree.Node) (r Reading, err error) {
	if err := onlyKeys(v, "key of a reading", "encoding", "prefix"); err != nil {
		return r, err
	}
	if r.Encoding, err = oneOf(text(v.Get("encoding")), "hex", "base64"); err != nil {
		return r, err
	}
	r.Prefix, err = readPrefix(v)
	return r, err
}
