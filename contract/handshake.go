package contract

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// Handshake is how a platform checks an endpoint.
type Handshake string

// The handshakes.
const (
	NoHandshake        Handshake = "none"
	ChallengeHandshake Handshake = "challenge" // a signed TEST message, whose challenge the receiver must send back
	PingHandshake      Handshake = "ping"      // a test event that the receiver must acknowledge
)

const (
	// ChallengeMessage is the name of the message that a ChallengeHandshake sends.
	ChallengeMessage = "TEST"
	// ChallengePointer is where that message, and its answer, have the challenge.
	ChallengePointer = "/data/challenge"
)

// Message returns the name of the request that the handshake sends; empty if there is none.
func (h Handshake) Message() string {
	switch h {
	case ChallengeHandshake:
		return ChallengeMessage
	case PingHandshake:
		return "test.ping"
	default:
		return ""
	}
}

// ChallengeFaults lists what is wrong with an answer to a ChallengeMessage, one sentence each. It is empty for the
// right one: 200, a Content-Type of JSON, the type TEST, the status SUCCEEDED in any case of letters, and the same
// challenge.
func ChallengeFaults(status int, contentType string, body []byte, challenge string) []string {
	faults := []string{}
	if status != http.StatusOK {
		faults = append(faults, fmt.Sprintf("the status is %d, want 200", status))
	}
	if !IsJSONType(contentType) {
		faults = append(faults, fmt.Sprintf("the Content-Type is %q, want application/json", contentType))
	}
	if !json.Valid(body) {
		return append(faults, "the body is not JSON")
	}
	for _, want := range []struct {
		pointer, value string
		same           func(got, want string) bool
	}{
		{"/type", ChallengeMessage, exactly},
		{"/status", "SUCCEEDED", strings.EqualFold},
		{ChallengePointer, challenge, exactly},
	} {
		got := Lookup(body, want.pointer)
		if text, isText := got.(string); isText && want.same(text, want.value) {
			continue
		}
		shown := "missing"
		if b, err := json.Marshal(got); err == nil && got != nil {
			shown = strings.ToValidUTF8(string(b[:min(len(b), 200)]), "")
		}
		faults = append(faults, fmt.Sprintf("%s of the body is %s, want %q", want.pointer, shown, want.value))
	}
	return faults
}

func exactly(a, b string) bool { return a == b }

// IsJSONType reports whether a Content-Type says that the body is JSON: application/json, text/json, or one that ends
// with +json. Its parameters do not matter.
func IsJSONType(contentType string) bool {
	media, _, _ := strings.Cut(strings.ToLower(contentType), ";")
	media = strings.TrimSpace(media)
	return media == "application/json" || media == "text/json" || strings.HasSuffix(media, "+json")
}
