package export

import (
	"fmt"
	"strings"
	"time"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/contract/signing"
)

// header is a request header that proves where a delivery comes from.
type header struct {
	name        string
	constant    string // what Go calls it
	description string
	pattern     string
}

// headers lists the headers of a signed delivery. A bearer token is a security scheme and not among them.
func (s *source) headers() []header {
	f := s.platform.Rules.Signature
	sig := f.Value
	if !sig.Signed() {
		return nil
	}
	if sig.Scheme == contract.StandardWebhooks {
		return standardHeaders(f)
	}
	content := "the body"
	if sig.TimestampHeader != "" {
		content = "the timestamp, a colon and the body"
	}
	h := header{name: sig.Header, constant: "HeaderSignature", description: fmt.Sprintf("HMAC-SHA256 over %s, in %s", content, sig.Encoding)}
	if sig.Prefix != "" {
		h.description += fmt.Sprintf(" after %q", sig.Prefix)
	}
	if len(sig.Readings) == 0 {
		h.pattern = "^" + escapePattern(sig.Prefix) + map[string]string{"hex": "[0-9a-f]{64}", "base64": "[A-Za-z0-9+/]{43}="}[sig.Encoding] + "$"
	} else {
		h.description += "; the documentation leaves the written form open"
	}
	h.description = sentence(h.description, graded(f.Grade))
	out := []header{h}
	if sig.TimestampHeader != "" {
		description := "When the request was signed, as Unix " + map[string]string{"ms": "milliseconds", "s": "seconds"}[sig.TimestampUnit]
		if sig.Tolerance > 0 {
			description += "; refuse what is older than " + shortDuration(sig.Tolerance)
		}
		out = append(out, header{name: sig.TimestampHeader, constant: "HeaderTimestamp", description: sentence(description), pattern: "^[0-9]+$"})
	}
	return out
}

// standardHeaders lists the headers of Standard Webhooks.
func standardHeaders(f contract.Fact[contract.Signature]) []header {
	const entry = "[^ ,]+,[A-Za-z0-9+/]+={0,2}" // of any version: receivers pass over those that they do not know
	return []header{
		{
			name: f.Value.Header, constant: "HeaderSignature", pattern: "^" + entry + "( " + entry + ")*$",
			description: sentence("Signatures of the id, the timestamp and the body with full stops between, each after its version "+
				"and a comma, with spaces between them: v1 is an HMAC-SHA256 and v1a an ed25519 signature, in base64; one that is right "+
				"is enough (https://www.standardwebhooks.com)", graded(f.Grade)),
		},
		{
			name: signing.HeaderWebhookID, constant: "HeaderID", pattern: "^[^.]+$",
			description: sentence("The id of the delivery, the same at each attempt"),
		},
		{
			name: f.Value.TimestampHeader, constant: "HeaderTimestamp", pattern: "^[0-9]+$",
			description: sentence("When the request was signed, as Unix seconds; refuse what is further than " + shortDuration(f.Value.Tolerance) + " from now"),
		},
	}
}

// bearer describes the token of a platform that proves itself with one, or is empty.
func (s *source) bearer() string {
	f := s.platform.Rules.Signature
	if f.Value.Scheme != contract.BearerKey {
		return ""
	}
	return sentence("The key that the platform and the receiver share; nothing signs the body", graded(f.Grade))
}

// graded is the grade of a fact in a sentence, and empty if the fact is documented.
func graded(g contract.Grade) string {
	if g == contract.Documented {
		return ""
	}
	return strings.ToUpper(string(g[:1])) + string(g[1:]) + ", not documented"
}

// answered says what acknowledges a delivery.
func (s *source) answered() string {
	f := s.platform.Rules.Success
	return sentence("A delivery is acknowledged by "+f.Value.String(), graded(f.Grade))
}

// unanswered says what happens otherwise.
func (s *source) unanswered() string {
	r := s.platform.Rules
	text := ""
	if len(r.Schedule.Value) == 0 {
		text = "The platform does not try again"
	} else {
		delays := make([]string, len(r.Schedule.Value))
		for i, d := range r.Schedule.Value {
			delays[i] = shortDuration(d)
		}
		text = "The platform tries again what is not acknowledged, after " + strings.Join(delays, ", ") + ", each from the attempt before"
	}
	out := []string{text, graded(r.Schedule.Grade)}
	if n := r.DisableAfter.Value; n.Failures > 0 {
		out = append(out, fmt.Sprintf("It disables the webhook after %d failed %s", n.Failures, n.Counts))
	}
	if r.RefusalStatus != nil {
		out = append(out, fmt.Sprintf("An answer with %q at %s refuses too, whatever its status", r.RefusalStatus.Value.Equals, r.RefusalStatus.Value.Pointer))
	}
	return sentence(out...)
}

// statuses are the OpenAPI response keys of the success rule.
func (s *source) statuses() []string {
	switch s.platform.Rules.Success.Value {
	case contract.Exactly200:
		return []string{"200"}
	case contract.Below400:
		return []string{"2XX", "3XX"}
	default:
		return []string{"2XX"}
	}
}

// dedup says how a repeated delivery is recognised.
func (s *source) dedup() string {
	f := s.platform.Rules.DedupKey
	if f.Value == "" {
		return sentence("Nothing in a body tells a repeated delivery from a new one", graded(f.Grade))
	}
	return sentence("Every attempt of a delivery has the same value: the key to recognise a repeated one by", graded(f.Grade))
}

// eventName says how a body names its event.
func (s *source) eventName() string {
	if t := s.platform.Rules.EventName.Value; t != "" {
		return "A body names its event at " + strings.NewReplacer("{", "", "}", "").Replace(t)
	}
	return "Nothing in a body names the event"
}

// shortDuration writes 30m0s as 30m.
func shortDuration(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

func escapePattern(s string) string {
	var out strings.Builder
	for _, r := range s {
		if strings.ContainsRune(`\.+*?()|[]{}^$/`, r) {
			out.WriteByte('\\')
		}
		out.WriteRune(r)
	}
	return out.String()
}
