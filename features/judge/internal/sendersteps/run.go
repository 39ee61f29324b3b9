package sendersteps

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/cucumber/godog"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/internal/steps"
	"github.com/quintain-dev/quintain/features/judge/internal/exchange"
	"github.com/quintain-dev/quintain/features/judge/internal/rule"
	"github.com/quintain-dev/quintain/features/judge/internal/scenario"
	"github.com/quintain-dev/quintain/features/judge/report"
	"github.com/quintain-dev/quintain/mockserver/client"
)

// A Suite is what all scenarios of a run with a sender share. It is only read.
type Suite struct {
	Sender   Sender // with its defaults
	Platform *contract.Platform

	http     *http.Client
	own      bool // http is not the caller's
	api      *client.Client
	document *apiDocument
	started  time.Time
}

// NewSuite checks the sender and prepares a run.
func NewSuite(s Sender) (*Suite, error) {
	if s.Platform == nil {
		return nil, report.Misused("there is no platform for the sender to play; load one with contract.Load")
	}
	u, err := url.Parse(s.URL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, report.Misused("%q is not the URL of a mock server; write it as http://127.0.0.1:7555", s.URL)
	}
	if s.Concurrency < 0 {
		return nil, report.Misused("concurrency cannot be negative")
	}
	s.Concurrency = cmp.Or(s.Concurrency, defaultConcurrency)
	own := s.Client == nil
	if own {
		s.Client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 32}, Timeout: callTimeout}
	}
	out := &Suite{Sender: s, Platform: s.Platform, http: s.Client, own: own, api: client.New(s.URL, s.Client), started: time.Now()}
	if err := out.Selection().Check(rule.Sender(), s.Platform); err != nil {
		return nil, err
	}
	if out.document, err = readAPI(s.Platform); err != nil {
		return nil, report.Misused("%s", err)
	}
	return out, nil
}

// callTimeout is for one call of an API of the sender. Moving the clock through a schedule takes the longest.
const callTimeout = time.Minute

// defaultConcurrency is how many scenarios are run at once.
const defaultConcurrency = 4

// Close gives back the connections of a client of our own.
func (s *Suite) Close() {
	if s.own {
		s.http.CloseIdleConnections()
	}
}

// Selection is what the sender asks for.
func (s *Suite) Selection() rule.Selection {
	return rule.Selection{Rules: s.Sender.Rules, Skip: s.Sender.Skip}
}

// Report begins the report of a run.
func (s *Suite) Report() *report.Report {
	return &report.Report{
		Tool: "quintain", Platform: s.Platform.String(), Target: exchange.RedactURL(s.Sender.URL), Seed: seed,
		Started: s.started, Events: 1, Notes: []string{},
	}
}

// seed is that of every community of a run.
const seed = 42

// Preflight finds out whether the URL is a mock server that plays the platform.
func (s *Suite) Preflight(ctx context.Context) error {
	community, err := s.newCommunity(ctx, client.NewCommunity{Platform: s.Platform.String()})
	var said *client.Error
	switch {
	case err == nil:
		return s.api.DeleteCommunity(ctx, community.ID)
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &said) && said.Code == "unreadable":
		return &report.Error{Kind: report.Misuse, Message: fmt.Sprintf("%s answers, and not as a mock server does: %s", exchange.RedactURL(s.Sender.URL), said), Err: err}
	case errors.As(err, &said):
		return &report.Error{Kind: report.Misuse, Message: fmt.Sprintf("%s does not play %s: %s", exchange.RedactURL(s.Sender.URL), s.Platform, said), Err: err}
	}
	var outer *url.Error
	if errors.As(err, &outer) {
		err = outer.Err
	}
	return &report.Error{Kind: report.Unreachable, Message: fmt.Sprintf("%s cannot be reached: %s", exchange.RedactURL(s.Sender.URL), err), Err: err}
}

// newCommunity makes a community with a name of its own, on a virtual clock.
func (s *Suite) newCommunity(ctx context.Context, n client.NewCommunity) (*client.Community, error) {
	id := make([]byte, 8)
	if _, err := rand.Read(id); err != nil {
		return nil, err
	}
	n.ID = "verify-" + hex.EncodeToString(id)
	n.Platform, n.Clock = s.Platform.String(), client.Virtual()
	if s.Platform.Rules.Signature.Value.Scheme == contract.StandardWebhooks { // which need not be the platform's own
		n.Signature = contract.StandardWebhooks
	}
	return s.api.CreateCommunity(ctx, n)
}

// A Run is a scenario with a sender: a community of its own, with webhooks that lead to inboxes of the same server.
type Run struct {
	scenario.Scenario
	suite     *Suite
	community *client.Community
	other     *client.Community // of somebody else
	hooks     []*hook

	events   []client.Event
	delivery *client.DeliveryDetail // of the last event
	usual    contract.RetrySchedule // the delays where no answer asks for anything
	asked    time.Duration          // to wait, by the answers of the webhook
	called   *call
	test     *client.TrynoTest
}

// A hook is a webhook of the scenario, and the inbox that it leads to.
type hook struct {
	id, name, secret, script string
	events                   []string
}

// NewRun begins a scenario of a run.
func (s *Suite) NewRun(sc scenario.Scenario) *Run { return &Run{Scenario: sc, suite: s} }

// NewOwnRun begins a scenario of a user's own suite, whose rule is what its tags say.
func (s *Suite) NewOwnRun(sc *godog.Scenario) *Run {
	r := &Run{Scenario: scenario.Scenario{Name: sc.Name, Level: report.Must, Started: time.Now()}, suite: s}
	for _, tag := range sc.Tags {
		if found, ok := rule.Find(rule.Sender(), tag.Name[1:]); ok {
			r.Rule = found
		}
	}
	return r
}

// LiveResult is nil: nothing bad is sent.
func (r *Run) LiveResult() *report.Result { return nil }

// Keep makes a failure of an answer of the server under test that says no where it should not.
func (r *Run) Keep(err error) error {
	var said *client.Error
	if errors.As(err, &said) {
		err = r.fail(r.sent(), "no error from its API", "%s", said)
	}
	return r.Scenario.Keep(err)
}

// End deletes the communities.
func (r *Run) End(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	for _, community := range []*client.Community{r.community, r.other} {
		if community != nil {
			_ = r.suite.api.DeleteCommunity(ctx, community.ID) // what is left behind disturbs nobody
		}
	}
}

// fail adds a failure, and returns it for the step to return.
func (r *Run) fail(sent, want, got string, args ...any) error {
	f := &scenario.Finding{Rule: r.Rule, Level: r.Level, Failure: report.Failure{
		Scenario: r.Name, Sent: sent, Want: want, Got: fmt.Sprintf(got, args...), Why: r.Rule.Why, Again: r.suite.again(r.Rule.ID),
	}}
	r.Failures = append(r.Failures, f.Failure)
	return f
}

// again is the command that replays a failure.
func (s *Suite) again(ruleID string) string {
	parts := []string{"quintain", "verify", "--sender"}
	if !s.Sender.BuiltIn {
		parts = append(parts, scenario.ShellWord(exchange.RedactURL(s.Sender.URL)))
	}
	return strings.Join(append(append(parts, scenario.PlatformWords(s.Platform)...), "--rules", ruleID), " ")
}

// throughAPI reports whether the scenario registers its webhooks as a customer of the platform does.
func (r *Run) throughAPI() bool { return r.Rule.API }

// secret can sign by any scheme.
const secret = "whsec_dGhlIHNlY3JldCBvZiB0aGUgZXhhbQ=="

// create makes the community of the scenario, with settings in addition to those that every scenario has.
func (r *Run) create(ctx context.Context, platform string, n client.NewCommunity) (err error) {
	if p := r.suite.Platform; platform != p.Name && platform != p.String() {
		return fmt.Errorf("the scenario is about %s, and the sender under test plays %s", platform, p)
	}
	n.Seed, n.RateLimit, n.Secret = client.Of(uint64(seed)), client.Of(0), client.Of(secret)
	n.TimeoutMS = cmp.Or(n.TimeoutMS, longTimeout)
	r.community, err = r.suite.newCommunity(ctx, n)
	return err
}

// The time limits of an attempt, in milliseconds: of one that is to be answered, on however busy a machine, and of one
// that never is, which costs as much.
const (
	longTimeout  = 60_000
	shortTimeout = 1_000
)

// register makes an inbox with a script, and a webhook that leads to it.
func (r *Run) register(ctx context.Context, name, script string, events []string) error {
	h := &hook{name: name, script: script, events: events}
	inbox, err := r.suite.api.PutInbox(ctx, r.community.ID, name, script)
	if err != nil {
		return err
	}
	if r.throughAPI() {
		made, err := r.tryno().Create(ctx, client.TrynoRequest{URL: &inbox.URL, Events: events})
		if err != nil {
			return fmt.Errorf("the webhook could not be registered: %w", err)
		}
		h.id, h.secret = made.ID, made.Secret
	} else {
		secret := r.community.Secret
		made, err := r.suite.api.CreateWebhook(ctx, r.community.ID, client.NewWebhook{URL: inbox.URL, Events: events, Secret: &secret})
		if err != nil {
			return fmt.Errorf("the webhook could not be registered: %w", err)
		}
		h.id, h.secret = made.ID, secret
	}
	r.hooks = append(r.hooks, h)
	return nil
}

func (r *Run) tryno() *client.Tryno { return r.suite.api.Tryno(r.community.ID, r.community.Token) }

// anyEvent is the event type that is emitted where any will do.
func (r *Run) anyEvent() string {
	for _, event := range r.suite.Platform.Events() {
		if !event.TestCall() {
			return event.Name
		}
	}
	return r.suite.Platform.EventNames()[0]
}

// captures returns all that a webhook was sent, oldest first.
func (r *Run) captures(ctx context.Context, h *hook) ([]client.Capture, error) {
	return steps.Captures(ctx, r.suite.api, r.community.ID, h.name)
}

// sent says what the scenario did, for failures.
func (r *Run) sent() string {
	switch {
	case len(r.hooks) == 0:
		return "a webhook"
	case len(r.hooks) == 1:
		return fmt.Sprintf("an event of %s to a webhook that answers %s", r.suite.Platform, r.hooks[0].script)
	default:
		return fmt.Sprintf("events of %s to %d webhooks", r.suite.Platform, len(r.hooks))
	}
}
