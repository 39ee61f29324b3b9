package contract_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/contract/signing"
)

func signedDocument(value string) []byte {
	return append(wrapped("{type: object}", ""), "x-delivery: {signature: {value: "+value+", grade: documented, source: {page: p, date: '2026-01-01'}}}\n"...)
}

func TestDocumentsMaySignByStandardWebhooks(t *testing.T) {
	t.Parallel()
	p, err := contract.Parse("f.yaml", signedDocument("{scheme: standard-webhooks}"), "")
	require.NoError(t, err)
	require.Equal(t, contract.Signature{
		Scheme: contract.StandardWebhooks, Header: "Webhook-Signature", Encoding: "base64", Prefix: "v1,", Content: "id.timestamp.body",
		TimestampHeader: "Webhook-Timestamp", TimestampUnit: "s", Tolerance: 5 * time.Minute,
	}, p.Rules.Signature.Value)
	require.True(t, p.Rules.Signature.Value.Signed())
	require.Equal(t, signing.StandardWebhooks{Tolerance: 5 * time.Minute}, p.Rules.Signature.Value.SigningScheme())

	p, err = contract.Parse("f.yaml", signedDocument("{scheme: standard-webhooks, tolerance: 90s}"), "")
	require.NoError(t, err)
	require.Equal(t, signing.StandardWebhooks{Tolerance: 90 * time.Second}, p.Rules.Signature.Value.SigningScheme())

	for value, want := range map[string]string{
		"{scheme: standard-webhooks, header: X-Sign}":  "f.yaml:4:69: /x-delivery/signature/value/header: standard-webhooks has its own header; beside scheme there is only tolerance",
		"{scheme: standard-webhooks, tolerance: 0s}":   `tolerance "0s" is not a time above 0`,
		"{scheme: standard-webhooks, tolerance: soon}": `tolerance "soon" is not a time above 0`,
		"{scheme: standard-webhook}":                   `"standard-webhook" is not one of none, bearer, hmac-sha256, standard-webhooks; did you mean "standard-webhooks"?`,
	} {
		_, err := contract.Parse("f.yaml", signedDocument(value), "")
		require.ErrorContains(t, err, want)
	}
}

func TestHeadersOfStandardWebhooksAreSent(t *testing.T) {
	t.Parallel()
	const parameters = "{name: webhook-id, in: header, required: true}, {name: WEBHOOK-TIMESTAMP, in: header, required: true}, {name: webhook-signature, in: header, required: true}"
	src := "openapi: 3.1.0\nwebhooks: {e: {post: {parameters: [" + parameters + "], requestBody: {content: {application/json: {schema: {type: object}}}}}}}\n"
	p, err := contract.Parse("f.yaml", []byte(src), "")
	require.NoError(t, err)
	require.Contains(t, said(p), "the header webhook-id is required and is not sent")
	p, err = contract.Parse("f.yaml", []byte(src+"x-delivery: {signature: {value: {scheme: standard-webhooks}}}\n"), "")
	require.NoError(t, err)
	require.NotContains(t, said(p), "not sent")
}

func TestWithSignature(t *testing.T) {
	t.Parallel()
	p, err := contract.Load("tribe")
	require.NoError(t, err)
	own := p.Rules.Signature

	same, err := p.WithSignature(contract.HMACSHA256)
	require.NoError(t, err)
	require.Same(t, p, same)

	standard, err := p.WithSignature(contract.StandardWebhooks)
	require.NoError(t, err)
	require.Equal(t, own, p.Rules.Signature, "the platform is as before")
	require.Equal(t, contract.Chosen, standard.Rules.Signature.Grade)
	require.Contains(t, standard.Rules.Signature.Note, own.Value.Scheme)
	require.Equal(t, 5*time.Minute, standard.Rules.Signature.Value.Tolerance)
	require.Equal(t, p.EventNames(), standard.EventNames())
	require.Same(t, standard, standard.Events()[0].Platform())
	require.Same(t, standard, standard.Message("TEST").Platform(), "the challenge is signed in the same way")
	h := http.Header{}
	standard.Rules.Signature.Value.SigningScheme().Sign(h, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", []byte("{}"), time.Now())
	require.Len(t, h, 3)

	for _, scheme := range []string{contract.Unsigned, contract.BearerKey} {
		other, err := p.WithSignature(scheme)
		require.NoError(t, err)
		require.Equal(t, contract.Signature{Scheme: scheme}, other.Rules.Signature.Value)
		require.False(t, other.Rules.Signature.Value.Signed())
	}

	for scheme, want := range map[string]string{
		"standard":          `unknown signature scheme "standard"; did you mean "standard-webhooks"?`,
		"":                  `unknown signature scheme ""; there is none, bearer, hmac-sha256, standard-webhooks`,
		contract.HMACSHA256: "ambassify@undated does not sign with hmac-sha256; only a contract document can say the headers of that scheme",
	} {
		p, err := contract.Load("ambassify")
		require.NoError(t, err)
		_, err = p.WithSignature(scheme)
		var coded *contract.Error
		require.ErrorAs(t, err, &coded)
		require.Equal(t, contract.BadValue, coded.Code)
		require.EqualError(t, err, want)
	}
}
