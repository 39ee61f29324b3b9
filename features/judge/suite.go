package judge

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/contract/signing"
	"github.com/quintain-dev/quintain/features/judge/internal/exchange"
	"github.com/quintain-dev/quintain/features/judge/internal/payload"
	"github.com/quintain-dev/quintain/features/judge/report"
)

// suite is what all scenarios of a run share. Apart from its memory, it is only read.
type suite struct {
	receiver  Receiver // with its defaults
	notes     []string // what is to be known of the run before it begins
	platform  *contract.Platform
	signature contract.Signature // in the reading that the receiver understands
	payloads  *payload.Maker
	events    []string // the selected ones
	numbers   uint64   // how many payload numbers each scenario has for itself
	wire      *exchange.Client
	memory    memory
}

const (
	defaultSeeds       = 25
	maxSeeds           = 1000
	defaultConcurrency = 4
)

// newSuite checks the receiver and prepares a run.
func newSuite(r Receiver) (*suite, error) {
	if r.Platform == nil {
		return nil, report.Misused("there is no platform to play; load one with contract.Load")
	}
	u, err := url.Parse(r.URL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, report.Misused("%q is not the URL of a receiver; write it as http://localhost:3000/hooks", r.URL)
	}
	signature := r.Platform.Rules.Signature.Value
	if err := checkSecret(signature, r); err != nil {
		return nil, err
	}
	if r.FormStyle != "" && !slices.Contains(contract.FormStyles(), r.FormStyle) {
		return nil, report.Misused("%q is not a form style; there is %s", r.FormStyle, contract.FormStyles())
	}
	if r.Seeds < 0 || r.Timeout < 0 || r.Concurrency < 0 {
		return nil, report.Misused("seeds, timeout and concurrency cannot be negative")
	}
	if r.Seeds > maxSeeds {
		return nil, report.Misused("%d generated payloads of each event are more than the %d that there can be", r.Seeds, maxSeeds)
	}
	setDefault(&r.Seeds, defaultSeeds)
	patience := r.Timeout
	if rule := r.Platform.Rules.Timeout; patience == 0 {
		patience = rule.Value
		if rule.Grade != contract.Documented {
			patience = max(rule.Value, exchange.LongestWait)
		}
	}
	setDefault(&r.Timeout, r.Platform.Rules.Timeout.Value)
	setDefault(&r.Concurrency, defaultConcurrency)
	var leftOut []string
	if r.Platform, leftOut, err = makeable(r.Platform, r); err != nil {
		return nil, err
	}
	s := &suite{receiver: r, notes: leftOut, platform: r.Platform, signature: signature, events: r.Platform.EventNames()}
	if err := s.selection().check(receiverRules, r.Platform); err != nil {
		return nil, err
	}
	if len(r.Events) > 0 {
		s.events = r.Events
	}
	if s.payloads, err = payload.NewMaker(r.Platform, r.Seed, time.Now()); err != nil {
		return nil, report.Misused("%s", err)
	}
	s.numbers = s.stride()
	s.wire = exchange.NewClient(r.URL, r.Timeout, patience, r.Transport)
	return s, nil
}

func setDefault[T int | time.Duration](v *T, def T) {
	if *v == 0 {
		*v = def
	}
}

// selection is what the receiver asks for.
func (s *suite) selection() selection {
	sel := selection{events: s.receiver.Events, rules: s.receiver.Rules, skip: s.receiver.Skip, unable: map[string]string{}}
	if s.signature.Scheme == "bearer" && s.receiver.Secret == "" {
		sel.unable["SIG-1"] = "no key was given"
		sel.unable["SIG-8"] = "no key was given"
	}
	return sel
}

// header returns the headers that the platform's sender sets, without its proof.
func (s *suite) header(e contract.Encoding) http.Header {
	h := http.Header{}
	h.Set("Content-Type", s.platform.Rules.ContentTypes.Value[e])
	h.Set("User-Agent", contract.UserAgent)
	h.Set("Accept", "*/*")
	return h
}

// scheme is how the platform signs.
func (s *suite) scheme() signing.Scheme { return s.signature.SigningScheme() }

// signed makes a delivery that is properly signed now.
func (s *suite) signed(event, label string, body []byte) exchange.Delivery {
	return s.signedAs(contract.JSON, event, label, body)
}

func (s *suite) signedAs(e contract.Encoding, event, label string, body []byte) exchange.Delivery {
	d := exchange.Delivery{Event: event, Label: label, Header: s.header(e), Body: body}
	s.sign(&d, time.Now())
	return d
}

// sign signs a delivery as of a time, in place of what proof it has.
func (s *suite) sign(d *exchange.Delivery, at time.Time) {
	d.Header = d.Header.Clone()
	s.scheme().Sign(d.Header, s.receiver.Secret, d.Body, at)
}

// stampUnit is how far two times must be apart to make two stamps.
func (s *suite) stampUnit() time.Duration {
	if s.signature.TimestampUnit == "s" || s.signature.Scheme == contract.StandardWebhooks {
		return time.Second
	}
	return time.Millisecond
}

// signedCopies makes copies of a delivery, each signed anew with a stamp of its own, as a sender that repeats a delivery
// does some time later: a receiver may refuse a signature that it has seen before.
func (s *suite) signedCopies(d exchange.Delivery, n int) []exchange.Delivery {
	out, now := make([]exchange.Delivery, n), time.Now()
	for i := range out {
		out[i] = d
		s.sign(&out[i], now.Add(time.Duration(i)*s.stampUnit()))
	}
	return out
}

// stride is how many payload numbers each scenario has for itself: enough for the widest of them.
func (s *suite) stride() uint64 {
	widest := 0
	for _, source := range s.payloads.Events {
		widest = max(widest, len(payload.Variants(source.Event)))
	}
	return uint64(max(512, 4*(s.receiver.Seeds+tries), 8*tries*len(s.payloads.Events), 3*tries*widest))
}

// levelOf returns the level of a rule about an event, where events that were inferred weigh less.
func (s *suite) levelOf(event string) report.Level {
	if e, err := s.platform.Event(event); err == nil && e.Grade != contract.Documented {
		return report.Should
	}
	return report.Must
}

// again is the command that replays a failure.
func (s *suite) again(rule, event string) string {
	r := s.receiver
	parts := []string{"quintain", "verify", shellWord(redactURL(r.URL))}
	parts = append(parts, platformWords(s.platform)...)
	if r.Secret != "" {
		parts = append(parts, "--secret", `"$QUINTAIN_SECRET"`)
	}
	parts = append(parts, "--rules", rule)
	if slices.Contains(s.platform.EventNames(), event) {
		parts = append(parts, "--events", shellWord(event))
	}
	parts = append(parts, "--seed", fmt.Sprint(r.Seed))
	if r.Seeds != defaultSeeds {
		parts = append(parts, "--seeds", fmt.Sprint(r.Seeds))
	}
	if r.FormStyle != "" {
		parts = append(parts, "--form-style", string(r.FormStyle))
	}
	if s.wire.Patience == r.Timeout && r.Timeout != s.platform.Rules.Timeout.Value {
		parts = append(parts, "--timeout", r.Timeout.String())
	}
	if r.Concurrency != defaultConcurrency {
		parts = append(parts, "--concurrency", fmt.Sprint(r.Concurrency))
	}
	return strings.Join(parts, " ")
}

// platformWords are the flags that choose a platform.
func platformWords(p *contract.Platform) []string {
	var out []string
	switch {
	case !slices.Contains(contract.Names(), p.Name):
		out = append(out, "--contract", shellWord(p.DocumentFile()))
		if p.Revision != p.Revisions[0] || strings.Contains(p.String(), ",") {
			out = append(out, "--platform", p.String())
		}
	case p.Revision == p.Revisions[0] && !strings.Contains(p.String(), ","): // and no option
		out = append(out, "--platform", p.Name)
	default:
		out = append(out, "--platform", p.String())
	}
	if p.Rules.Signature.Value.Scheme == contract.StandardWebhooks {
		out = append(out, "--signature", contract.StandardWebhooks)
	}
	return out
}

// redactURL hides the password of a URL.
func redactURL(raw string) string {
	if u, err := url.Parse(raw); err == nil {
		return u.Redacted()
	}
	return raw
}

// shellWord quotes a word for a shell where it needs that.
func shellWord(s string) string {
	if s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._/:@%+,=") == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
