package signing_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	oracle "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/quintain-dev/quintain/contract/signing"
)

var (
	shared, other = "whsec_" + encoded("a shared secret of 32 bytes, so!"), "whsec_" + encoded("another secret of 32 bytes, that")
	private       = "whsk_" + encoded("a seed for ed25519 of 32 bytes!!")
	longPrivate   = "whsk_" + encoded(string(ed25519.NewKeyFromSeed([]byte("a seed for ed25519 of 32 bytes!!"))))
	public        = "whpk_" + encoded(string(ed25519.NewKeyFromSeed([]byte("a seed for ed25519 of 32 bytes!!"))[32:]))
)

func encoded(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

func standardSigned(secret string) http.Header {
	h := http.Header{signing.HeaderWebhookID: {"msg_1"}}
	signing.StandardWebhooks{}.Sign(h, secret, []byte(`{"a":1}`), now)
	return h
}

func TestStandardRotation(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, sender, receiver string
		want                   error
	}{
		{"the same", shared, shared, nil},
		{"without the prefix", strings.TrimPrefix(shared, "whsec_"), shared, nil},
		{"the sender has both, the receiver the old one", shared + " " + other, other, nil},
		{"the sender has both, the receiver the new one", shared + " " + other, shared, nil},
		{"the receiver has both, the sender the new one", other, "  " + shared + "  " + other + "\n", nil},
		{"the private key and the public one", private, public, nil},
		{"the private key in its long form", longPrivate, public, nil},
		{"the private key can verify", private, longPrivate, nil},
		{"from a shared secret to a key, first half", shared + " " + private, shared, nil},
		{"from a shared secret to a key, second half", shared + " " + private, public, nil},
		{"another", other, shared, signing.ErrMismatch},
		{"neither of two", shared + " " + other, public, signing.ErrMismatch},
		{"the receiver has none", shared, " ", signing.ErrNoSecret},
		{"both have none", "", "", signing.ErrNoSecret},
		{"the sender has none", "", shared, signing.ErrMismatch},
		{"one of the receiver's cannot be read", shared, shared + " whsec_?", signing.ErrNoSecret},
	} {
		require.ErrorIs(t, signing.StandardWebhooks{}.Verify(standardSigned(c.sender), c.receiver, []byte(`{"a":1}`), now), c.want, c.name)
	}
	require.Len(t, strings.Fields(standardSigned(shared+" "+other).Get(signing.HeaderWebhookSignature)), 2)
}

func TestStandardSecrets(t *testing.T) {
	t.Parallel()
	for secret, want := range map[string]string{
		shared: "", strings.TrimPrefix(shared, "whsec_"): "", "whsec_AA==": "", private: "", longPrivate: "", shared + " " + private: "",
		"":                    "the secret is empty",
		"s3cret":              "the secret has none of the prefixes whsec_, whsk_ and whpk_, and is not base64",
		"whsec_s3cret":        "the secret is not base64 after whsec_",
		"whsec_":              "the secret has nothing after whsec_",
		"whsk_AAA":            "the secret is not base64 after whsk_",
		"whsk_AAAA":           "the secret is a private key (whsk_) of 3 bytes, want the 32 of a seed, or 64 with the public key behind it",
		shared + " whpk_AAAA": "secret 2 of 2 is a public key (whpk_) of 3 bytes, want 32",
		shared + " " + public: "the secret is a public key (whpk_), which cannot sign; use the private one (whsk_)",
		"whsk_" + encoded(strings.Repeat("a", 64)): "the secret is a private key (whsk_) whose public half is not that of its seed",
	} {
		err := signing.StandardWebhooks{}.CheckSecret(secret)
		if want == "" {
			require.NoError(t, err, secret)
			require.NotEmpty(t, standardSigned(secret).Get(signing.HeaderWebhookSignature), secret)
			continue
		}
		require.EqualError(t, err, want)
		if secret == "" {
			continue
		}
		h := standardSigned(shared)
		signing.StandardWebhooks{}.Sign(h, secret, []byte(`{"a":1}`), now)
		require.Empty(t, h.Values(signing.HeaderWebhookSignature), "the signature by the secret before is gone")
		require.ErrorIs(t, signing.StandardWebhooks{}.Verify(h, shared, []byte(`{"a":1}`), now), signing.ErrMissing)
	}
}

func TestStandardVerifyRefuses(t *testing.T) {
	t.Parallel()
	right := standardSigned(shared).Get(signing.HeaderWebhookSignature)
	by := func(secret string) string { return standardSigned(secret).Get(signing.HeaderWebhookSignature) }
	full := strings.Repeat(by(other)+" ", 32)
	for name, c := range map[string]struct {
		header, value string
		want          error
	}{
		"no id":                         {signing.HeaderWebhookID, "", signing.ErrMissing},
		"no timestamp":                  {signing.HeaderWebhookTimestamp, "", signing.ErrMissing},
		"no signature":                  {signing.HeaderWebhookSignature, "", signing.ErrMissing},
		"another id":                    {signing.HeaderWebhookID, "msg_2", signing.ErrMismatch},
		"an id with a full stop":        {signing.HeaderWebhookID, "msg.1", signing.ErrMalformed},
		"another timestamp":             {signing.HeaderWebhookTimestamp, strconv.FormatInt(now.Unix()+1, 10), signing.ErrMismatch},
		"the timestamp written longer":  {signing.HeaderWebhookTimestamp, "0" + strconv.FormatInt(now.Unix(), 10), signing.ErrMismatch},
		"milliseconds":                  {signing.HeaderWebhookTimestamp, strconv.FormatInt(now.UnixMilli(), 10), signing.ErrMalformed},
		"a time before 1970":            {signing.HeaderWebhookTimestamp, "-1", signing.ErrMalformed},
		"no number":                     {signing.HeaderWebhookTimestamp, "soon", signing.ErrMalformed},
		"no version":                    {signing.HeaderWebhookSignature, strings.TrimPrefix(right, "v1,"), signing.ErrMalformed},
		"an unknown version":            {signing.HeaderWebhookSignature, "v2" + right[2:], signing.ErrMalformed},
		"an unknown version of nothing": {signing.HeaderWebhookSignature, "v2,", signing.ErrMalformed},
		"a version and nothing":         {signing.HeaderWebhookSignature, "v1,", signing.ErrMalformed},
		"not base64":                    {signing.HeaderWebhookSignature, "v1," + strings.Repeat("!", 44), signing.ErrMalformed},
		"cut":                           {signing.HeaderWebhookSignature, right[:len(right)-4], signing.ErrMalformed},
		"doubled":                       {signing.HeaderWebhookSignature, right + right, signing.ErrMalformed},
		"with bits that base64 ignores": {signing.HeaderWebhookSignature, otherPadding(right), signing.ErrMalformed},
		"another's":                     {signing.HeaderWebhookSignature, by(other), signing.ErrMismatch},
		"of a key that nobody asked":    {signing.HeaderWebhookSignature, by(private), signing.ErrMismatch},
		"behind 32 that are wrong":      {signing.HeaderWebhookSignature, full + right, signing.ErrMismatch},
	} {
		h := standardSigned(shared)
		h.Set(c.header, c.value)
		require.ErrorIs(t, signing.StandardWebhooks{}.Verify(h, shared, []byte(`{"a":1}`), now), c.want, name)
	}
	h := standardSigned(shared)
	require.ErrorIs(t, signing.StandardWebhooks{}.Verify(h, shared, []byte(`{"a":1} `), now), signing.ErrMismatch)
	h.Set(signing.HeaderWebhookSignature, "v2,AAAA v1 v1,? "+full[:2*len(by(other))+2]+right)
	require.NoError(t, signing.StandardWebhooks{}.Verify(h, shared, []byte(`{"a":1}`), now), "what is no signature is passed over")
	require.ErrorIs(t, signing.StandardWebhooks{}.Verify(http.Header{}, shared, nil, now), signing.ErrMissing)
}

// otherPadding writes the last digit before the padding of base64 anew: the same bytes for who is not strict.
func otherPadding(signature string) string {
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	at := len(signature) - 2
	return signature[:at] + string(digits[strings.IndexByte(digits, signature[at])+1]) + "="
}

func TestStandardTolerance(t *testing.T) {
	t.Parallel()
	h, sent := standardSigned(shared), time.Unix(now.Unix(), 0)
	verify := func(tolerance time.Duration, at time.Time) error {
		return signing.StandardWebhooks{Tolerance: tolerance}.Verify(h, shared, []byte(`{"a":1}`), at)
	}
	require.NoError(t, verify(0, sent.Add(5*time.Minute)))
	require.ErrorIs(t, verify(0, sent.Add(5*time.Minute+1)), signing.ErrStale)
	require.NoError(t, verify(0, sent.Add(-5*time.Minute)))
	require.ErrorIs(t, verify(0, sent.Add(-5*time.Minute-1)), signing.ErrFuture)
	require.NoError(t, verify(time.Hour, sent.Add(time.Hour)))
	require.ErrorIs(t, verify(time.Hour, sent.Add(time.Hour+1)), signing.ErrStale)
	require.NoError(t, verify(-1, sent.Add(1000*time.Hour)))
	require.NoError(t, verify(-1, sent.Add(-1000*time.Hour)))
	require.ErrorIs(t, verify(0, time.Time{}), signing.ErrFuture, "further than a Duration reaches")
	h.Set(signing.HeaderWebhookID, "msg_2") // what was never sent is not stale
	require.ErrorIs(t, verify(0, sent.Add(time.Hour)), signing.ErrMismatch)
}

func TestStandardSignMakesAnID(t *testing.T) {
	t.Parallel()
	id := func(body string) string {
		h := http.Header{}
		signing.StandardWebhooks{}.Sign(h, shared, []byte(body), now)
		require.NoError(t, signing.StandardWebhooks{}.Verify(h, shared, []byte(body), now))
		return h.Get(signing.HeaderWebhookID)
	}
	require.Regexp(t, "^msg_[0-9a-f]{32}$", id("{}"))
	require.Equal(t, id("{}"), id("{}"))
	require.NotEqual(t, id("{}"), id("{} "))
}

// The library of the specification takes what we sign, and we take what it signs.
func TestStandardAgreesWithItsLibrary(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var secrets []string
		for _, raw := range rapid.SliceOfN(rapid.SliceOfN(rapid.Byte(), 1, 80), 1, 3).Draw(t, "secrets") {
			prefix := rapid.SampledFrom([]string{"", "whsec_"}).Draw(t, "prefix")
			secrets = append(secrets, prefix+encoded(string(raw)))
		}
		body := rapid.SliceOf(rapid.Byte()).Draw(t, "body")
		id := rapid.StringMatching(`[!-\-/-~]{1,40}`).Draw(t, "id")
		at := time.Unix(rapid.Int64Range(0, 253402300799).Draw(t, "at"), 0)
		scheme, list := signing.StandardWebhooks{}, strings.Join(secrets, " ")

		h := http.Header{signing.HeaderWebhookID: {id}}
		scheme.Sign(h, list, body, at)
		var theirs []string
		for _, secret := range secrets {
			library, err := oracle.NewWebhook(secret)
			require.NoError(t, err)
			require.NoError(t, library.VerifyIgnoringTimestamp(body, h))
			signature, err := library.Sign(id, at, body)
			require.NoError(t, err)
			theirs = append(theirs, signature)

			alone := http.Header{}
			alone.Set(oracle.HeaderWebhookID, id)
			alone.Set(oracle.HeaderWebhookTimestamp, strconv.FormatInt(at.Unix(), 10))
			alone.Set(oracle.HeaderWebhookSignature, signature)
			require.NoError(t, scheme.Verify(alone, list, body, at))
			require.NoError(t, library.VerifyIgnoringTimestamp(body, alone))
			require.ErrorIs(t, scheme.Verify(alone, list, append([]byte("x"), body...), at), signing.ErrMismatch)
		}
		require.Equal(t, strings.Join(theirs, " "), h.Get(oracle.HeaderWebhookSignature))
	})
}

// Nobody gets in without a secret, whatever the headers, and nothing crashes.
func FuzzVerifyStandard(f *testing.F) {
	h := standardSigned(shared + " " + private)
	f.Add(h.Get(signing.HeaderWebhookSignature), "msg_1", h.Get(signing.HeaderWebhookTimestamp), public, []byte("{}"))
	f.Add("v1, v1a, v2,AA== ,", "a.b", "-9223372036854775808", "whsk_AAAA whpk_", []byte(nil))
	f.Fuzz(func(t *testing.T, signature, id, stamp, secret string, body []byte) {
		h := http.Header{signing.HeaderWebhookSignature: {signature}, signing.HeaderWebhookID: {id}, signing.HeaderWebhookTimestamp: {stamp}}
		scheme := signing.StandardWebhooks{Tolerance: -1}
		if err := scheme.Verify(h, "whsec_"+encoded("that the fuzzer does not guess")+" "+public, body, now); err == nil && string(body) != `{"a":1}` {
			t.Fatalf("%q was let in", signature)
		}
		// A secret of the fuzzer's own may fit; it must not crash, and what cannot be read signs and verifies nothing.
		if err := scheme.Verify(h, secret, body, now); err == nil && scheme.CheckSecret(secret) != nil && !strings.Contains(secret, "whpk_") {
			t.Fatalf("%q was let in by %q", signature, secret)
		}
		scheme.Sign(h, secret, body, now)
		signed := h.Get(signing.HeaderWebhookSignature) != ""
		if usable := scheme.CheckSecret(secret) == nil || strings.TrimSpace(secret) == ""; signed != usable {
			t.Fatalf("%q signs: %t, usable: %t", secret, signed, usable)
		}
	})
}

// While a secret is replaced, the sender signs with both, and a receiver needs either.
func ExampleStandardWebhooks_rotation() {
	h := http.Header{signing.HeaderWebhookID: {"msg_5b1f0c9e"}} // the id of the delivery, the same for each attempt
	body, at := []byte(`{"type":"member.joined"}`), time.Unix(1767225600, 0)
	signing.StandardWebhooks{}.Sign(h, "whsec_bmV3IHNlY3JldCBvZiAzMiBieXRlcywgc28gbG9uZyE= whsec_b2xkIHNlY3JldCBvZiAzMiBieXRlcywgc28gbG9uZyE=", body, at)
	fmt.Println(signing.StandardWebhooks{}.Verify(h, "whsec_b2xkIHNlY3JldCBvZiAzMiBieXRlcywgc28gbG9uZyE=", body, at))
	fmt.Println(h.Get(signing.HeaderWebhookSignature))
	// Output:
	// <nil>
	// v1,6JXXf7oTdIt0+A8awvyXfeWhVOrDnJepdZYRb2+lBHI= v1,KlMBJ936/WC4YCaNSC47u6aQ7R9XEfHfHLPkgV370ok=
}
