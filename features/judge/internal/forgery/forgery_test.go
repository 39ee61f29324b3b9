package forgery

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

func platform(t testing.TB, name string) *contract.Platform {
	t.Helper()
	p, err := contract.Load(name)
	require.NoError(t, err)
	return p
}

// signed is a delivery with the proof that the platform's sender writes.
func signed(f Forger, body []byte) exchange.Delivery {
	d := exchange.Delivery{Header: http.Header{}, Body: body}
	f.scheme().Sign(d.Header, f.Secret, body, time.Now())
	return d
}

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
		f := Forger{Signature: p.Rules.Signature.Value, Secret: secret}
		other := f.OtherSecret()
		require.NoError(t, signing.StandardWebhooks{}.CheckSecret(other), secret)
		d := signed(f, []byte("{}"))
		f.WrongSecret("a wrong").Apply(&d)
		require.NotEmpty(t, d.Header.Get(signing.HeaderWebhookSignature))
		require.ErrorIs(t, f.scheme().Verify(d.Header, secret, d.Body, time.Now()), signing.ErrMismatch)
	}
}

// TestNoForgeryIsRight: whatever the platform and its reading, a right receiver takes no spoilt signature for a right
// one, and the case of hexadecimal digits is not what is spoilt.
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
			f := Forger{Signature: c.platform.Rules.Signature.Value.Read(reading), Secret: c.secret}
			for fault := range signatureFaults() {
				forgeries := f.FaultySignatures(fault)
				require.NotEmpty(t, forgeries, fault)
				for _, forgery := range forgeries {
					d := signed(f, body)
					require.NoError(t, f.scheme().Verify(d.Header, c.secret, body, time.Now()))
					right := f.made(&d)
					forgery.Apply(&d)
					value := d.Header.Get(f.Signature.Header)
					if fault == "under another prefix" {
						require.Contains(t, value, right.digits)
						continue
					}
					require.NotContains(t, []string{right.digits, right.prefix + right.digits}, value, forgery.Label)
					for _, other := range readings {
						scheme := f.Signature.Read(other).SigningScheme()
						require.Error(t, scheme.Verify(d.Header, c.secret, body, time.Now()), "%s: %s", fault, forgery.Label)
					}
					if reading.Encoding == "hex" {
						require.False(t, strings.EqualFold(value, right.prefix+right.digits), forgery.Label)
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
		forger := Forger{Secret: key}
		for how := range wrongKeys() {
			f, ok := forger.OtherKey(how)
			d := exchange.Delivery{Header: http.Header{"Authorization": {"Bearer " + key}}}
			f.Apply(&d)
			require.NotEqual(t, "Bearer "+key, d.Header.Get("Authorization"), "%s of %s", how, key)
			require.Equal(t, how == "no key", ok && d.Header.Get("Authorization") == "", "%s of %s", how, key)
		}
	}
}
