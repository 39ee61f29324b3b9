package contracttest

import (
	"crypto/ed25519"
	"encoding/base64"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/contract/signing"
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
		s, err := newSuite(Receiver{URL: "http://receiver", Platform: p, Secret: secret})
		require.NoError(t, err)
		other := s.otherSecret()
		require.NoError(t, signing.StandardWebhooks{}.CheckSecret(other), secret)
		d := s.signed("member.created", "", []byte("{}"))
		otherSecret("a wrong").apply(s, &d)
		require.NotEmpty(t, d.header.Get(signing.HeaderWebhookSignature))
		require.ErrorIs(t, s.scheme().Verify(d.header, secret, d.body, s.payloads.started), signing.ErrMismatch)
	}
}
