package receiversteps

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/contract/signing"
	"github.com/quintain-dev/quintain/features/judge/internal/cause"
	"github.com/quintain-dev/quintain/features/judge/internal/exchange"
	"github.com/quintain-dev/quintain/features/judge/internal/forgery"
	"github.com/quintain-dev/quintain/features/judge/internal/payload"
	"github.com/quintain-dev/quintain/features/judge/internal/rule"
	"github.com/quintain-dev/quintain/features/judge/internal/scenario"
	"github.com/quintain-dev/quintain/features/judge/report"
)

// A Suite is what all scenarios of a run share. Apart from its history, it is only read.
type Suite struct {
	Receiver Receiver // with its defaults
	Platform *contract.Platform

	notes     []string           // what is to be known of the run before it begins
	signature contract.Signature // in the reading that the receiver understands
	payloads  *payload.Maker
	events    []string // the selected ones
	numbers   uint64   // how many payload numbers each scenario has for itself
	client    *exchange.Client
	history   *cause.History
	turn      sync.RWMutex // concurrent deliveries hold it for reading, one that has to be alone for writing
}

const (
	defaultSeeds       = 25
	maxSeeds           = 1000
	defaultConcurrency = 4
)

// NewSuite checks the receiver and prepares a run.
func NewSuite(r Receiver) (*Suite, error) {
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
	r.Seeds = cmp.Or(r.Seeds, defaultSeeds)
	patience := r.Timeout
	if limit := r.Platform.Rules.Timeout; patience == 0 {
		patience = limit.Value
		if limit.Grade != contract.Documented {
			patience = max(limit.Value, exchange.LongestWait)
		}
	}
	r.Timeout = cmp.Or(r.Timeout, r.Platform.Rules.Timeout.Value)
	r.Concurrency = cmp.Or(r.Concurrency, defaultConcurrency)
	var leftOut []string
	if r.Platform, leftOut, err = payload.Makeable(r.Platform, r.Seed, r.Events); err != nil {
		return nil, err
	}
	s := &Suite{Receiver: r, Platform: r.Platform, notes: leftOut, signature: signature, events: r.Platform.EventNames(), history: &cause.History{}}
	if err := s.Selection().Check(rule.Receiver(), r.Platform); err != nil {
		return nil, err
	}
	if len(r.Events) > 0 {
		s.events = r.Events
	}
	if s.payloads, err = payload.NewMaker(r.Platform, r.Seed, time.Now()); err != nil {
		return nil, report.Misused("%s", err)
	}
	s.numbers = s.stride()
	s.client = exchange.NewClient(r.URL, r.Timeout, patience, r.Transport)
	return s, nil
}

// Selection is what the receiver asks for.
func (s *Suite) Selection() rule.Selection {
	r := s.Receiver
	given := rule.Given{Scheme: s.signature.Scheme, Secret: r.Secret != ""}
	return rule.Selection{Events: r.Events, Rules: r.Rules, Skip: r.Skip, Given: given}
}

// header returns the headers that the platform's sender sets, without its proof.
func (s *Suite) header(e contract.Encoding) http.Header {
	h := http.Header{}
	h.Set("Content-Type", s.Platform.Rules.ContentTypes.Value[e])
	h.Set("User-Agent", contract.UserAgent)
	h.Set("Accept", "*/*")
	return h
}

// scheme is how the platform signs.
func (s *Suite) scheme() signing.Scheme { return s.signature.SigningScheme() }

// signed makes a delivery that is correctly signed now.
func (s *Suite) signed(event, label string, body []byte) exchange.Delivery {
	return s.signedAs(contract.JSON, event, label, body)
}

func (s *Suite) signedAs(e contract.Encoding, event, label string, body []byte) exchange.Delivery {
	d := exchange.Delivery{Event: event, Label: label, Header: s.header(e), Body: body}
	s.sign(&d, time.Now())
	return d
}

// sign signs a delivery as of a time, in place of what proof it has.
func (s *Suite) sign(d *exchange.Delivery, at time.Time) {
	d.Header = d.Header.Clone()
	s.scheme().Sign(d.Header, s.Receiver.Secret, d.Body, at)
}

// forger is an attacker who knows how the platform signs.
func (s *Suite) forger() forgery.Forger {
	return forgery.Forger{Signature: s.signature, Secret: s.Receiver.Secret}
}

// stampUnit is how far two times must be apart to make two stamps.
func (s *Suite) stampUnit() time.Duration {
	if s.signature.TimestampUnit == "s" || s.signature.Scheme == contract.StandardWebhooks {
		return time.Second
	}
	return time.Millisecond
}

// signedCopies makes copies of a delivery, each signed anew with a stamp of its own, as a sender that repeats a
// delivery does some time later: a receiver may refuse a signature that it has seen before.
func (s *Suite) signedCopies(d exchange.Delivery, n int) []exchange.Delivery {
	out, now := make([]exchange.Delivery, n), time.Now()
	for i := range out {
		out[i] = d
		s.sign(&out[i], now.Add(time.Duration(i)*s.stampUnit()))
	}
	return out
}

// stride is how many payload numbers each scenario has for itself: enough for the widest of them.
func (s *Suite) stride() uint64 {
	widest := 0
	for _, source := range s.payloads.Events {
		widest = max(widest, len(payload.Variants(source.Event)))
	}
	return uint64(max(512, 4*(s.Receiver.Seeds+tries), 8*tries*len(s.payloads.Events), 3*tries*widest))
}

// levelOf returns the level of a rule about an event, where events that were inferred weigh less.
func (s *Suite) levelOf(event string) report.Level {
	if e, err := s.Platform.Event(event); err == nil && e.Grade != contract.Documented {
		return report.Should
	}
	return report.Must
}

// again is the command that replays a failure.
func (s *Suite) again(ruleID, event string) string {
	r := s.Receiver
	parts := []string{"quintain", "verify", scenario.ShellWord(exchange.RedactURL(r.URL))}
	parts = append(parts, scenario.PlatformWords(s.Platform)...)
	if r.Secret != "" {
		parts = append(parts, "--secret", `"$QUINTAIN_SECRET"`)
	}
	parts = append(parts, "--rules", ruleID)
	if slices.Contains(s.Platform.EventNames(), event) {
		parts = append(parts, "--events", scenario.ShellWord(event))
	}
	parts = append(parts, "--seed", fmt.Sprint(r.Seed))
	if r.Seeds != defaultSeeds {
		parts = append(parts, "--seeds", fmt.Sprint(r.Seeds))
	}
	if r.FormStyle != "" {
		parts = append(parts, "--form-style", string(r.FormStyle))
	}
	if s.client.Patience == r.Timeout && r.Timeout != s.Platform.Rules.Timeout.Value {
		parts = append(parts, "--timeout", r.Timeout.String())
	}
	if r.Concurrency != defaultConcurrency {
		parts = append(parts, "--concurrency", fmt.Sprint(r.Concurrency))
	}
	return strings.Join(parts, " ")
}

// Report begins the report of a run.
func (s *Suite) Report() *report.Report {
	notes := s.history.Notes(s.Platform, s.Receiver.URL, s.Receiver.Secret != "")
	return &report.Report{
		Tool: "quintain", Platform: s.Platform.String(), Target: exchange.RedactURL(s.Receiver.URL), Seed: s.Receiver.Seed,
		Started: s.payloads.Started, Events: len(s.events), Notes: append(append([]string{}, s.notes...), notes...),
	}
}

// Deaf is the failure of a receiver that acknowledged not one good delivery, if no must rule says so: where all that a
// platform sends is inferred, a receiver that acknowledges nothing would pass otherwise. It is nil if there is none.
func (s *Suite) Deaf(out *report.Report) *scenario.Finding {
	survival := rule.Owner(rule.OwnsSurvival)
	if !s.history.Deaf() || out.Failed() || !s.Selection().Wants(survival) {
		return nil
	}
	return &scenario.Finding{Rule: survival, Level: report.Must, Failure: report.Failure{
		Scenario: "any good delivery", Sent: "good deliveries of every event", Want: exchange.WantAcknowledged(s.Platform),
		Got: "none was", Why: survival.Why, Again: s.again(survival.ID, ""),
	}}
}
