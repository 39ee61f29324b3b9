package signing

import (
	"bytes"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// The versions of signatures under Standard Webhooks.
const (
	symmetric  = "v1"  // HMAC-SHA256
	asymmetric = "v1a" // ed25519
)

// signatureSizes are the sizes of signatures in bytes, by their version.
var signatureSizes = map[string]int{symmetric: sha256.Size, asymmetric: ed25519.SignatureSize}

// A key is one secret of Standard Webhooks: a shared one, or an ed25519 key, of which the private half may be missing.
type key struct {
	shared  []byte
	private ed25519.PrivateKey
	public  ed25519.PublicKey // nil if the secret is shared
}

func (k key) version() string {
	if k.public == nil {
		return symmetric
	}
	return asymmetric
}

// sign returns the signature of the content. A key without its private half cannot.
func (k key) sign(content []byte) []byte {
	if k.public != nil {
		return ed25519.Sign(k.private, content)
	}
	mac := hmac.New(sha256.New, k.shared)
	mac.Write(content)
	return mac.Sum(nil)
}

// anyVerifies reports whether any of the signatures is by any of the keys.
func anyVerifies(keys []key, content []byte, given []signature) bool {
	for _, k := range keys {
		verifies := func(s []byte) bool { return ed25519.Verify(k.public, content, s) }
		if k.public == nil {
			sum := k.sign(content)
			verifies = func(s []byte) bool { return hmac.Equal(s, sum) }
		}
		for _, s := range given {
			if s.version == k.version() && verifies(s.bytes) {
				return true
			}
		}
	}
	return false
}

// signingKeys reads a list of secrets, each of which can sign.
func signingKeys(secret string) ([]key, error) {
	keys, err := readKeys(secret)
	if err == nil && slices.ContainsFunc(keys, func(k key) bool { return k.public != nil && k.private == nil }) {
		return nil, errors.New("the secret is a public key (whpk_), which cannot sign; use the private one (whsk_)")
	}
	return keys, err
}

// readKeys reads a list of secrets with spaces between. Its errors do not repeat what is secret.
func readKeys(secret string) ([]key, error) {
	secrets := strings.Fields(secret)
	if len(secrets) == 0 {
		return nil, errors.New("the secret is empty")
	}
	keys := make([]key, len(secrets))
	for i, text := range secrets {
		var err error
		if keys[i], err = readKey(text); err != nil {
			which := "the secret"
			if len(secrets) > 1 {
				which = fmt.Sprintf("secret %d of %d", i+1, len(secrets))
			}
			return nil, fmt.Errorf("%s %w", which, err)
		}
	}
	return keys, nil
}

func readKey(text string) (key, error) {
	kind := ""
	for _, prefix := range []string{"whsec_", "whsk_", "whpk_"} {
		if strings.HasPrefix(text, prefix) {
			kind = prefix
		}
	}
	raw, err := base64.StdEncoding.DecodeString(text[len(kind):])
	switch {
	case err != nil && kind == "":
		return key{}, errors.New("has none of the prefixes whsec_, whsk_ and whpk_, and is not base64")
	case err != nil:
		return key{}, fmt.Errorf("is not base64 after %s", kind)
	case kind == "whsk_":
		return readPrivate(raw)
	case kind == "whpk_":
		return readPublic(raw)
	case len(raw) == 0:
		return key{}, errors.New("has nothing after whsec_")
	}
	return key{shared: raw}, nil
}

func readPrivate(raw []byte) (key, error) {
	if len(raw) != ed25519.SeedSize && len(raw) != ed25519.PrivateKeySize {
		return key{}, fmt.Errorf("is a private key (whsk_) of %d bytes, want the %d of a seed, or %d with the public key behind it",
			len(raw), ed25519.SeedSize, ed25519.PrivateKeySize)
	}
	private := ed25519.NewKeyFromSeed(raw[:ed25519.SeedSize])
	// A slip in copying; and who signs with another public half than the seed's gives the private key away.
	if len(raw) == ed25519.PrivateKeySize && !bytes.Equal(raw, private) {
		return key{}, errors.New("is a private key (whsk_) whose public half is not that of its seed")
	}
	return key{private: private, public: private.Public().(ed25519.PublicKey)}, nil
}

func readPublic(raw []byte) (key, error) {
	if len(raw) != ed25519.PublicKeySize {
		return key{}, fmt.Errorf("is a public key (whpk_) of %d bytes, want %d", len(raw), ed25519.PublicKeySize)
	}
	return key{public: raw}, nil
}
