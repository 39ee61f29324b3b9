package judge

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/internal/steps"
	"github.com/quintain-dev/quintain/features/judge/report"
	"github.com/quintain-dev/quintain/mockserver/client"
)

// senderSuite is what all scenarios of a run with a sender share. It is only read.
type senderSuite struct {
	sender   Sender // with its defaults
	platform *contract.Platform
	http     *http.Client
	api      *client.Client
	document *apiDocument
	started  time.Time
}

func newSenderSuite(s Sender) (*senderSuite, error) {
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
	setDefault(&s.Concurrency, defaultConcurrency)
	if s.Client == nil {
		s.Client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 32}, Timeout: callTimeout}
	}
	out := &senderSuite{sender: s, platform: s.Platform, http: s.Client, api: client.New(s.URL, s.Client), started: time.Now()}
	if err := out.selection().check(senderRules, s.Platform); err != nil {
		return nil, err
	}
	if out.document, err = readAPI(s.Platform); err != nil {
		return nil, report.Misused("%s", err)
	}
	return out, nil
}

// callTimeout is for one call of an API of the sender. Moving the clock through a schedule takes the longest.
const callTimeout = time.Minute

func (s *senderSuite) selection() selection {
	return selection{rules: s.sender.Rules, skip: s.sender.Skip}
}

// preflight finds out whether the URL is a mock server that plays the platform.
func (s *senderSuite) preflight(ctx context.Context) error {
	town, err := s.settle(ctx, client.NewCommunity{Platform: s.platform.String()})
	var said *client.Error
	switch {
	case err == nil:
		return s.api.DeleteCommunity(ctx, town.ID)
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &said) && said.Code == "unreadable":
		return &report.Error{Kind: report.Misuse, Message: fmt.Sprintf("%s answers, and not as a mock server does: %s", redactURL(s.sender.URL), said), Err: err}
	case errors.As(err, &said):
		return &report.Error{Kind: report.Misuse, Message: fmt.Sprintf("%s does not play %s: %s", redactURL(s.sender.URL), s.platform, said), Err: err}
	}
	var outer *url.Error
	if errors.As(err, &outer) {
		err = outer.Err
	}
	return &report.Error{Kind: report.Unreachable, Message: fmt.Sprintf("%s cannot be reached: %s", redactURL(s.sender.URL), err), Err: err}
}

// settle makes a community with a name of its own, on a virtual clock.
func (s *senderSuite) settle(ctx context.Context, n client.NewCommunity) (*client.Community, error) {
	id := make([]byte, 8)
	if _, err := rand.Read(id); err != nil {
		return nil, err
	}
	n.ID = "verify-" + hex.EncodeToString(id)
	n.Platform, n.Clock = s.platform.String(), client.Virtual()
	if s.platform.Rules.Signature.Value.Scheme == contract.StandardWebhooks { // which need not be the platform's own
		n.Signature = contract.StandardWebhooks
	}
	return s.api.CreateCommunity(ctx, n)
}

// An exam is a scenario with a sender: a community of its own, with webhooks that lead to inboxes of the same server.
type exam struct {
	scenario
	suite *senderSuite
	town  *client.Community
	other *client.Community // of somebody else
	hooks []*hook

	events   []client.Event
	delivery *client.DeliveryDetail // of the last event
	usual    contract.RetrySchedule // the delays where no answer asks for anything
	asked    time.Duration          // to wait, by the answers of the webhook
	called   *call
	test     *client.TrynoTest
}

// A hook is a webhook of the exam, and the inbox that it leads to.
type hook struct {
	id, name, secret, script string
	events                   []string
}

func (s *senderSuite) newExam(p planned) *exam { return &exam{scenario: p.begin(), suite: s} }

func (e *exam) liveResult() *report.Result { return nil }

// keep makes a failure of an answer of the server under test that says no where it should not.
func (e *exam) Keep(err error) error {
	var said *client.Error
	if errors.As(err, &said) {
		err = e.fail(e.sent(), "no error from its API", "%s", said)
	}
	return e.scenario.Keep(err)
}

// end takes the communities away.
func (e *exam) end(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	for _, town := range []*client.Community{e.town, e.other} {
		if town != nil {
			_ = e.suite.api.DeleteCommunity(ctx, town.ID) // what is left behind disturbs nobody
		}
	}
}

// fail adds a failure, and returns it for the step to return.
func (e *exam) fail(sent, want, got string, args ...any) error {
	f := &finding{rule: e.rule.ID, level: e.level, Failure: report.Failure{
		Scenario: e.name, Sent: sent, Want: want, Got: fmt.Sprintf(got, args...), Why: e.rule.Why, Again: e.suite.again(e.rule.ID),
	}}
	e.failures = append(e.failures, f.Failure)
	return f
}

// again is the command that replays a failure.
func (s *senderSuite) again(rule string) string {
	parts := []string{"quintain", "verify", "--sender"}
	if !s.sender.BuiltIn {
		parts = append(parts, shellWord(redactURL(s.sender.URL)))
	}
	return strings.Join(append(append(parts, platformWords(s.platform)...), "--rules", rule), " ")
}

// throughAPI reports whether the scenario registers its webhooks as a customer of the platform does.
func (e *exam) throughAPI() bool { return e.rule.Group != delivers }

// examSecret can sign by any scheme.
const examSecret = "whsec_dGhlIHNlY3JldCBvZiB0aGUgZXhhbQ=="

// found makes the community of the exam, with settings beside those that every exam has.
func (e *exam) found(ctx context.Context, platform string, n client.NewCommunity) (err error) {
	if p := e.suite.platform; platform != p.Name && platform != p.String() {
		return fmt.Errorf("the scenario is about %s, and the sender under test plays %s", platform, p)
	}
	n.Seed, n.RateLimit, n.Secret = client.Of(uint64(42)), client.Of(0), client.Of(examSecret)
	setDefault(&n.TimeoutMS, longTimeout)
	e.town, err = e.suite.settle(ctx, n)
	return err
}

// The time limits of an attempt, in milliseconds: of one that is to be answered, on however busy a machine, and of one
// that never is, which costs as much.
const (
	longTimeout  = 60_000
	shortTimeout = 1_000
)

// register makes an inbox with a script, and a webhook that leads to it.
func (e *exam) register(ctx context.Context, name, script string, events []string) error {
	h := &hook{name: name, script: script, events: events}
	inbox, err := e.suite.api.PutInbox(ctx, e.town.ID, name, script)
	if err != nil {
		return err
	}
	if e.throughAPI() {
		made, err := e.tryno().Create(ctx, client.TrynoRequest{URL: &inbox.URL, Events: events})
		if err != nil {
			return fmt.Errorf("the webhook could not be registered: %w", err)
		}
		h.id, h.secret = made.ID, made.Secret
	} else {
		secret := e.town.Secret
		made, err := e.suite.api.CreateWebhook(ctx, e.town.ID, client.NewWebhook{URL: inbox.URL, Events: events, Secret: &secret})
		if err != nil {
			return fmt.Errorf("the webhook could not be registered: %w", err)
		}
		h.id, h.secret = made.ID, secret
	}
	e.hooks = append(e.hooks, h)
	return nil
}

func (e *exam) tryno() *client.Tryno { return e.suite.api.Tryno(e.town.ID, e.town.Token) }

// anyEvent is the event type that is emitted where any will do.
func (e *exam) anyEvent() string {
	for _, event := range e.suite.platform.Events() {
		if retried(event) {
			return event.Name
		}
	}
	return e.suite.platform.EventNames()[0]
}

// captures returns all that a webhook was sent, oldest first.
func (e *exam) captures(ctx context.Context, h *hook) ([]client.Capture, error) {
	return steps.Captures(ctx, e.suite.api, e.town.ID, h.name)
}

// sent says what the exam did, for failures.
func (e *exam) sent() string {
	switch {
	case len(e.hooks) == 0:
		return "a webhook"
	case len(e.hooks) == 1:
		return fmt.Sprintf("an event of %s to a webhook that answers %s", e.suite.platform, e.hooks[0].script)
	default:
		return fmt.Sprintf("events of %s to %d webhooks", e.suite.platform, len(e.hooks))
	}
}
