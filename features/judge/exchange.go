package judge

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/internal/phrase"
)

// A delivery is a request to be sent.
type delivery struct {
	event  string
	label  string // what is special about it, as in "sent member.created, no X-Tribe-Signature"
	header http.Header
	body   []byte

	base      []byte // the generated JSON body, if something was done to it; nil: nothing was
	challenge string // that a TEST message has
}

// sent says what was sent in one line.
func (d delivery) sent() string {
	switch {
	case d.event == "":
		return d.label
	case d.label == "":
		return d.event
	default:
		return d.event + ", " + d.label
	}
}

// An exchange is a delivery and what came back.
type exchange struct {
	delivery
	answer
}

// got says what came back in one line, without the secret.
func (x exchange) got(clean scrubber) string {
	took := x.took.Round(time.Millisecond)
	if took == 0 {
		took = x.took.Round(10 * time.Microsecond)
	}
	if x.status == 0 {
		return fmt.Sprintf("%s (after %s)", x.problem, took)
	}
	line := fmt.Sprintf("%d %s after %s", x.status, http.StatusText(x.status), took)
	if x.problem != "" {
		line += ", and " + x.problem
	}
	if location := x.answer.header.Get("Location"); location != "" && x.status/100 == 3 {
		line += "  to " + phrase.Excerpt(clean.text(location))
	}
	if text := phrase.Excerpt(clean.text(string(x.answer.body))); text != "" {
		line += "  " + text
	}
	return line
}

// acknowledged reports whether the platform takes the answer for a success.
func acknowledged(p *contract.Platform, a answer) bool {
	return a.complete() && p.Rules.Success.Value.Acknowledges(a.status) && !saysRefused(p, a)
}

// saysRefused reports whether the body of an answer says that the receiver refuses, where the platform reads one.
func saysRefused(p *contract.Platform, a answer) bool {
	rule := p.Rules.RefusalStatus
	if rule == nil {
		return false
	}
	said, _ := contract.Lookup(a.body, rule.Value.Pointer).(string)
	return strings.EqualFold(said, rule.Value.Equals)
}

// wantAcknowledged says what an acknowledgement is.
func wantAcknowledged(p *contract.Platform) string {
	want := "acknowledged (" + p.Rules.Success.Value.String()
	if rule := p.Rules.RefusalStatus; rule != nil {
		want += fmt.Sprintf(", and no %q at %s of the body", rule.Value.Equals, rule.Value.Pointer)
	}
	return want + ")"
}

// entry says whether an answer let a sender in that it should have kept out, and what is to be remarked upon if not.
func entry(p *contract.Platform, a answer) (letIn bool, remark string) {
	switch {
	case a.hung:
		return false, "what was to be refused was left without an answer"
	case !a.complete():
		return false, "what was to be refused got no answer: " + a.problem
	case a.status >= 500:
		return false, fmt.Sprintf("what was to be refused was answered %d, which keeps it out; a refusal is a 4xx", a.status)
	case a.status >= 400:
		return false, ""
	case a.status >= 300:
		return false, fmt.Sprintf("what was to be refused was answered with a redirect (%d), which keeps it out; a refusal is a 4xx", a.status)
	case saysRefused(p, a):
		return false, fmt.Sprintf("a refusal stands in the body of a %d; its status would be a 4xx", a.status)
	}
	return true, ""
}

// answered reports whether a complete answer came that does not say that the receiver broke.
func answered(a answer) bool { return a.complete() && a.status < 500 }

// record makes the parts of an exchange that a report keeps. Nothing in it has the secret.
func (x exchange) record(url string, secret string) (*Request, *Response) {
	clean := scrubber(secret)
	request := &Request{Method: http.MethodPost, URL: url, Headers: clean.headers(x.delivery.header), Body: clean.body(x.delivery.body, false)}
	response := &Response{Status: x.status, Headers: clean.headers(x.answer.header), Body: clean.body(x.answer.body, x.truncated), Problem: x.problem}
	return request, response
}

// A scrubber takes a secret out of what is recorded.
type scrubber string

const redacted = "…redacted"

func (s scrubber) text(t string) string {
	if len(s) < 4 { // a secret so short is in every text
		return t
	}
	return strings.ReplaceAll(t, string(s), redacted)
}

func (s scrubber) headers(h http.Header) http.Header {
	out := http.Header{}
	for name, values := range h {
		for _, v := range values {
			if name == "Authorization" {
				word, key, _ := strings.Cut(v, " ")
				if v = word; key != "" {
					v += " " + redacted
				}
			}
			out.Add(name, s.text(v))
		}
	}
	return out
}

func (s scrubber) body(b []byte, truncated bool) Body {
	b = []byte(s.text(string(b))) // before anything is cut or encoded: a part of the secret is one too
	if len(b) > keepLimit {
		b, truncated = b[:keepLimit], true
	}
	if utf8.Valid(b) {
		return Body{Text: string(b), Truncated: truncated}
	}
	return Body{Text: base64.StdEncoding.EncodeToString(b), Base64: true, Truncated: truncated}
}

// isJSON reports whether an answer calls itself JSON and is.
func isJSON(a answer) bool {
	return contract.IsJSONType(a.header.Get("Content-Type")) && json.Valid(a.body)
}
