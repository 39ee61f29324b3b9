// Package exchange sends one request to the receiver under test, and keeps what came back. A Client delivers a
// Delivery; together with its Answer that is an Exchange. It says whether an answer acknowledges a delivery, and of
// what was exchanged it shows only what may be shown. It knows no rule and blames nobody.
package exchange

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/internal/phrase"
	"github.com/quintain-dev/quintain/features/judge/report"
)

// A Delivery is a request to be sent.
type Delivery struct {
	Event  string
	Label  string // what is special about it, as in "sent member.created, no X-Tribe-Signature"
	Header http.Header
	Body   []byte

	Base      []byte // the generated JSON body, if something was done to it; nil: nothing was
	Challenge string // that a TEST message has
	Forged    bool   // its proof was spoilt
}

// Sent says what was sent in one line.
func (d Delivery) Sent() string {
	switch {
	case d.Event == "":
		return d.Label
	case d.Label == "":
		return d.Event
	default:
		return d.Event + ", " + d.Label
	}
}

// An Exchange is a delivery and what came back.
type Exchange struct {
	Delivery
	Answer

	RuledOut []report.RuledOut // as reasons why it was not acknowledged
}

// Got says what came back in one line, without the secret.
func (x Exchange) Got(clean Redactor) string {
	took := x.Took.Round(time.Millisecond)
	if took == 0 {
		took = x.Took.Round(10 * time.Microsecond)
	}
	if x.Status == 0 {
		return fmt.Sprintf("%s (after %s)", x.Problem, took)
	}
	line := fmt.Sprintf("%d %s after %s", x.Status, http.StatusText(x.Status), took)
	if x.Problem != "" {
		line += ", and " + x.Problem
	}
	if location := x.Answer.Header.Get("Location"); location != "" && x.Status/100 == 3 {
		line += "  to " + phrase.Excerpt(clean.Text(location))
	}
	if text := phrase.Excerpt(clean.Text(string(x.Answer.Body))); text != "" {
		line += "  " + text
	}
	return line
}

// Acknowledged reports whether the platform takes the answer for a success.
func Acknowledged(p *contract.Platform, a Answer) bool {
	return a.Complete() && p.Rules.Success.Value.Acknowledges(a.Status) && !saysRefused(p, a)
}

// saysRefused reports whether the body of an answer says that the receiver refuses, where the platform reads one.
func saysRefused(p *contract.Platform, a Answer) bool {
	rule := p.Rules.RefusalStatus
	if rule == nil {
		return false
	}
	said, _ := contract.Lookup(a.Body, rule.Value.Pointer).(string)
	return strings.EqualFold(said, rule.Value.Equals)
}

// WantAcknowledged says what an acknowledgement is.
func WantAcknowledged(p *contract.Platform) string {
	want := "acknowledged (" + p.Rules.Success.Value.String()
	if rule := p.Rules.RefusalStatus; rule != nil {
		want += fmt.Sprintf(", and no %q at %s of the body", rule.Value.Equals, rule.Value.Pointer)
	}
	return want + ")"
}

// Accepts says whether an answer let a sender in that it should have kept out, and what is to be remarked upon if not.
func Accepts(p *contract.Platform, a Answer) (accepted bool, remark string) {
	switch {
	case a.Hung:
		return false, "a request that should be rejected was left without an answer"
	case !a.Complete():
		return false, "a request that should be rejected got no answer: " + a.Problem
	case a.Status >= 500:
		return false, fmt.Sprintf("invalid requests got %d: they are kept out, but should get a 4xx", a.Status)
	case a.Status >= 400:
		return false, ""
	case a.Status >= 300:
		return false, fmt.Sprintf("invalid requests were redirected (%d): they are kept out, but should get a 4xx", a.Status)
	case saysRefused(p, a):
		return false, fmt.Sprintf("invalid requests got %d with a refusal in the body: the status should be a 4xx", a.Status)
	}
	return true, ""
}

// Answered reports whether a complete answer came that does not say that the receiver broke.
func Answered(a Answer) bool { return a.Complete() && a.Status < 500 }

// Record makes the parts of an exchange that a report keeps. Nothing in it has the secret.
func (x Exchange) Record(url string, secret string) (*report.Request, *report.Response) {
	clean := Redactor(secret)
	request := &report.Request{Method: http.MethodPost, URL: url, Headers: clean.Headers(x.Delivery.Header), Body: clean.Body(x.Delivery.Body, false)}
	response := &report.Response{Status: x.Status, Headers: clean.Headers(x.Answer.Header), Body: clean.Body(x.Answer.Body, x.truncated), Problem: x.Problem}
	return request, response
}

// A Redactor takes a secret out of what is recorded.
type Redactor string

const redacted = "…redacted"

// Text replaces the secret in a text.
func (s Redactor) Text(t string) string {
	if len(s) < 4 { // a secret so short is in every text
		return t
	}
	return strings.ReplaceAll(t, string(s), redacted)
}

// Headers copies headers without the secret, and without the credential of an Authorization header.
func (s Redactor) Headers(h http.Header) http.Header {
	out := http.Header{}
	for name, values := range h {
		for _, v := range values {
			if name == "Authorization" {
				word, key, _ := strings.Cut(v, " ")
				if v = word; key != "" {
					v += " " + redacted
				}
			}
			out.Add(name, s.Text(v))
		}
	}
	return out
}

// Body makes the body of a recorded message: at most 64 KiB of it, in base64 if it is not UTF-8.
func (s Redactor) Body(b []byte, truncated bool) report.Body {
	b = []byte(s.Text(string(b))) // before anything is cut or encoded: a part of the secret is one too
	if len(b) > keepLimit {
		b, truncated = b[:keepLimit], true
	}
	if utf8.Valid(b) {
		return report.Body{Text: string(b), Truncated: truncated}
	}
	return report.Body{Text: base64.StdEncoding.EncodeToString(b), Base64: true, Truncated: truncated}
}

// IsJSON reports whether an answer calls itself JSON and is.
func IsJSON(a Answer) bool {
	return contract.IsJSONType(a.Header.Get("Content-Type")) && json.Valid(a.Body)
}

// RedactURL hides the password of a URL.
func RedactURL(raw string) string {
	if u, err := url.Parse(raw); err == nil {
		return u.Redacted()
	}
	return raw
}
