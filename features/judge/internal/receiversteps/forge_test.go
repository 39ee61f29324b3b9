package receiversteps

import (
	"crypto/ed25519"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/contract/signing"
	"github.com/quintain-dev/quintain/features/judge/internal/exchange"
)

// TestAWrongSecretCanSign: a delivery that is signed with another secret is not one without a signature.
func TestAWrongSecretCanSign(t *testing.T) {
	t.Parallel()
	p, err := platform(t, "tribe").WithSignature(contract.StandardWebhooks)
	require.NoError(t, err)
	private := ed25519.NewKeyFromSeed([]byte("the 32 bytes of an ed25519 seed."))
	for _, secret := range []string{
		"whsec_" + base64.StdEncoding.EncodeToString([]byte("shared")),
		base64.StdEncoding.EncodeToString([]byte("without a prefix")),
		"whsk_" + base64.StdEncoding.EncodeToString(private.Seed()),
		"whsk_" + base64.StdEncoding.EncodeToString(private),
	} {
		s, err := NewSuite(Receiver{URL: "http://receiver", Platform: p, Secret: secret})
		require.NoError(t, err)
		other := s.otherSecret()
		require.NoError(t, signing.StandardWebhooks{}.CheckSecret(other), secret)
		d := s.signed("member.created", "", []byte("{}"))
		otherSecret("a wrong").apply(s, &d)
		require.NotEmpty(t, d.Header.Get(signing.HeaderWebhookSignature))
		require.ErrorIs(t, s.scheme().Verify(d.Header, secret, d.Body, s.payloads.Started), signing.ErrMismatch)
	}
}

// TestNoForgeryIsRight: whatever the platform and its reading, a right receiver takes no spoilt signature for a right one,
// and the case of hexadecimal digits is not what is spoilt.
func TestNoForgeryIsRight(t *testing.T) {
	t.Parallel()
	standard, err := platform(t, "tribe").WithSignature(contract.StandardWebhooks)
	require.NoError(t, err)
	seed := base64.StdEncoding.EncodeToString([]byte("the 32 bytes of an ed25519 seed."))
	body := []byte(`{"type":"SUBSCRIPTION","data":"x"}`)
	for _, c := range []struct {
		platform *contract.Platform
		secret   string
	}{{platform(t, "tribe"), "s"}, {platform(t, "tryno"), "s"}, {standard, "whsec_" + seed}, {standard, "whsk_" + seed}} {
		readings := c.platform.Rules.Signature.Value.Readings
		if len(readings) == 0 {
			readings = []contract.Reading{{Encoding: c.platform.Rules.Signature.Value.Encoding, Prefix: c.platform.Rules.Signature.Value.Prefix}}
		}
		for _, reading := range readings {
			s, err := NewSuite(Receiver{URL: "http://receiver", Platform: c.platform, Secret: c.secret})
			require.NoError(t, err)
			s.signature = s.signature.Read(reading)
			for fault := range signatureFaults {
				forgeries := s.faultySignatures(fault)
				require.NotEmpty(t, forgeries, fault)
				for _, f := range forgeries {
					d := s.signed("member.created", "", body)
					require.NoError(t, s.scheme().Verify(d.Header, c.secret, body, time.Now()))
					right := s.made(&d)
					f.apply(s, &d)
					value := d.Header.Get(s.signature.Header)
					if fault == "under another prefix" {
						require.Contains(t, value, right.digits)
						continue
					}
					require.NotContains(t, []string{right.digits, right.prefix + right.digits}, value, f.label)
					for _, other := range readings {
						scheme := s.signature.Read(other).SigningScheme()
						require.Error(t, scheme.Verify(d.Header, c.secret, body, time.Now()), "%s: %s", fault, f.label)
					}
					if reading.Encoding == "hex" {
						require.False(t, strings.EqualFold(value, right.prefix+right.digits), f.label)
					}
				}
			}
		}
	}
}

// TestNoWrongKeyIsRight: also of a short one.
func TestNoWrongKeyIsRight(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"k", "x", "xx", "xy", "42", "1", "XyXy", "a-longer-key"} {
		s := &Suite{Receiver: Receiver{Secret: key}}
		for how := range wrongKeys {
			f, ok := s.otherKey(how)
			d := exchange.Delivery{Header: http.Header{"Authorization": {"Bearer " + key}}}
			f.apply(s, &d)
			require.NotEqual(t, "Bearer "+key, d.Header.Get("Authorization"), "%s of %s", how, key)
			require.Equal(t, how == "no key", ok && d.Header.Get("Authorization") == "", "%s of %s", how, key)
		}
	}
}
