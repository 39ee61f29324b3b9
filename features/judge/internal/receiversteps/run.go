package receiversteps

import (
	"context"
	"errors"
	"hash/fnv"
	"strings"
	"time"

	"github.com/cucumber/godog"

	"github.com/quintain-dev/quintain/contract/jsonptr"
	"github.com/quintain-dev/quintain/fakes"
	"github.com/quintain-dev/quintain/features/judge/internal/cause"
	"github.com/quintain-dev/quintain/features/judge/internal/exchange"
	"github.com/quintain-dev/quintain/features/judge/internal/payload"
	"github.com/quintain-dev/quintain/features/judge/internal/rule"
	"github.com/quintain-dev/quintain/features/judge/internal/scenario"
	"github.com/quintain-dev/quintain/features/judge/report"
)

// A Run is one scenario with the receiver: what was sent, and what came of it. It is also the laboratory in which package
// cause makes its experiments.
type Run struct {
	scenario.Scenario
	suite *Suite
	next  uint64 // the number of the next payload
	last  uint64

	beyond uint64 // how many numbers were taken from beyond all scenarios

	tried      []string            // the events of which a good delivery was acknowledged
	repeated   exchange.Delivery   // what is delivered again
	attempts   int                 // that a mock of the platform made
	subjects   []exchange.Exchange // what the rule is about
	after      []exchange.Exchange // good deliveries after something bad
	sentBad    bool
	blamed     bool // a failure was found that does not come of one payload
	hangsUp    bool // the receiver closes the connection on whoever does not sign
	concurrent bool // other scenarios run at the same time
}

// NewRun begins a scenario of a run. index is its number among all scenarios of the platform, selected or not, so that
// it has the same payloads in every run.
func (s *Suite) NewRun(sc scenario.Scenario, index int) *Run {
	t := &Run{Scenario: sc, suite: s, concurrent: sc.Rule.Phase == rule.Good && s.Receiver.Concurrency > 1}
	t.next = uint64(index+1) * s.numbers
	t.last = t.next + s.numbers
	return t
}

// NewOwnRun begins a scenario of a user's own suite, whose rule is what its tags say.
func (s *Suite) NewOwnRun(sc *godog.Scenario) *Run {
	t := &Run{Scenario: scenario.Scenario{Name: sc.Name, Level: report.Must, Started: time.Now()}, suite: s}
	for _, tag := range sc.Tags {
		if r, ok := rule.Find(rule.Receiver(), tag.Name[1:]); ok {
			t.Rule = r
		}
	}
	h := fnv.New64a()
	h.Write([]byte(sc.Uri + "\n" + sc.Name + "\n" + strings.Join(sc.AstNodeIds, " "))) // rows of an outline may share a name
	t.next = (1<<14 + h.Sum64()%(1<<15)) * s.numbers
	t.last = t.next + s.numbers
	return t
}

// number returns a payload number that no other delivery of the run has. A scenario that needs more than it has for itself,
// since much is tried again, gets numbers from beyond all scenarios.
func (t *Run) number() uint64 {
	if t.next < t.last {
		t.next++
		return t.next - 1
	}
	t.beyond++
	return beyondAll + t.last/t.suite.numbers%beyondParts*beyondEach + t.beyond
}

// What is beyond all scenarios, in parts for each of them.
const (
	beyondAll   = fakes.MaxN / 2
	beyondParts = 490
	beyondEach  = 100_000
)

// Block says that the scenario cannot judge its rule: for the reason given, or because nobody listens any more.
func (t *Run) Block(format string, args ...any) error {
	if why := t.suite.history.Gone(t.suite.Receiver.URL); why != "" {
		return t.Scenario.Block("%s", why)
	}
	return t.Scenario.Block(format, args...)
}

// send delivers, and gives up when the run is canceled or hopeless. Where the receiver asks to wait, it does.
func (t *Run) send(ctx context.Context, d exchange.Delivery) (exchange.Exchange, error) {
	return t.sendAs(ctx, d, true)
}

func (t *Run) sendAs(ctx context.Context, d exchange.Delivery, good bool) (exchange.Exchange, error) {
	if why := t.suite.history.Hopeless(); why != "" {
		return exchange.Exchange{}, t.Block("%s", why)
	}
	a, err := t.suite.history.Obey(ctx, good, func() exchange.Answer {
		a := t.deliver(ctx, d)
		if ctx.Err() == nil {
			t.suite.history.NoteConnection(t.Name, a)
		}
		return a
	})
	return exchange.Exchange{Delivery: d, Answer: a}, err
}

// deliver sends a delivery, while others are in flight if the scenario runs concurrently.
func (t *Run) deliver(ctx context.Context, d exchange.Delivery) exchange.Answer {
	if t.concurrent {
		t.suite.turn.RLock()
		defer t.suite.turn.RUnlock()
	}
	return t.suite.client.Deliver(ctx, d.Header, d.Body)
}

// good sends a delivery that a correct receiver acknowledges.
func (t *Run) good(ctx context.Context, d exchange.Delivery) (exchange.Exchange, bool, error) {
	x, err := t.send(ctx, d)
	if err != nil {
		return x, false, err
	}
	ok := t.acknowledged(x.Answer)
	if !ok {
		v, err := cause.Excuse(ctx, t, t.suite.history, t.fact(cause.Unacknowledged, x))
		if err != nil {
			return x, false, err
		}
		if x.Answer, x.RuledOut, ok = v.Answer, v.RuledOut, v.Nobody; ok {
			t.Remark("%s", v.Remark)
		}
	}
	t.suite.history.Note(d.Event, ok, x.Answer)
	if ok && d.Base == nil && d.Label == "" {
		t.suite.history.Prove(d)
	}
	if ok && x.Took > t.suite.client.Timeout {
		t.Remark("a good delivery was acknowledged after more than %s, which is as long as many senders wait; %s does not document how long it does",
			t.suite.client.Timeout, t.suite.Platform)
	}
	return x, ok, nil
}

func (t *Run) acknowledged(a exchange.Answer) bool {
	return exchange.Acknowledged(t.suite.Platform, a)
}

// once sends a good delivery that the rule is about. It reports whether it makes sense to send more: a receiver that hangs
// costs the whole time limit each time.
func (t *Run) once(ctx context.Context, d exchange.Delivery) (goOn bool, err error) {
	x, _, err := t.good(ctx, d)
	if err != nil {
		return false, err
	}
	t.subjects = append(t.subjects, x)
	return !x.Hung, nil
}

// bad sends something that no correct receiver accepts, or can read. It does not say what came of it: see judge.
func (t *Run) bad(ctx context.Context, d exchange.Delivery) (exchange.Exchange, error) {
	t.sentBad = true
	t.suite.history.SendsBad()
	return t.sendAs(ctx, d, false)
}

// plain makes a correctly signed delivery of a generated payload that is new to the receiver.
func (t *Run) plain(event, label string) exchange.Delivery {
	return t.suite.signed(event, label, t.suite.payloads.Generated(event, t.number()))
}

// Accepts is for package cause.
func (t *Run) Accepts(ctx context.Context, d exchange.Delivery) (bool, error) {
	_, ok, err := t.good(ctx, d)
	return ok, err
}

// Alone is for package cause.
func (t *Run) Alone(ctx context.Context, fn func(send func(exchange.Delivery) (exchange.Answer, bool))) {
	t.suite.turn.Lock()
	defer t.suite.turn.Unlock()
	fn(func(d exchange.Delivery) (exchange.Answer, bool) {
		a := t.suite.client.Deliver(ctx, d.Header, d.Body)
		return a, t.acknowledged(a)
	})
}

// Resigned is for package cause.
func (t *Run) Resigned(d exchange.Delivery) exchange.Delivery {
	t.suite.sign(&d, time.Now())
	return d
}

// Renewed is for package cause: as if it were another event.
func (t *Run) Renewed(d exchange.Delivery) exchange.Delivery {
	if key := t.suite.Platform.Rules.DedupKey.Value; key != "" {
		if source := t.suite.payloads.Events[d.Event]; source != nil {
			if _, err := jsonptr.Find(d.Body, key); err == nil {
				if body, err := jsonptr.Set(d.Body, key, payload.Quote(source.Full.EventID(t.number()))); err == nil {
					d.Body = body
				}
			}
		}
	}
	return t.Resigned(d)
}

// Another is for package cause.
func (t *Run) Another(d exchange.Delivery) exchange.Delivery {
	if d.Base == nil {
		return t.plain(d.Event, d.Label)
	}
	return t.Renewed(d)
}

// Unmodified is for package cause.
func (t *Run) Unmodified(d exchange.Delivery) exchange.Delivery {
	return t.suite.signed(d.Event, "", d.Base)
}

// Stranger is for package cause.
func (t *Run) Stranger(ctx context.Context) (exchange.Exchange, error) {
	if len(t.tried) == 0 {
		return exchange.Exchange{}, nil
	}
	return t.bad(ctx, t.falsified(t.tried[0], withoutHeader(t.suite.scheme().Headers()[0])))
}

// fact makes the fact of an exchange, for package cause.
func (t *Run) fact(kind cause.Kind, x exchange.Exchange) cause.Fact {
	return cause.Fact{
		Kind: kind, Exchange: x, Rule: t.Rule, Level: t.Level, EventLevel: t.suite.levelOf(x.Event), Concurrent: t.concurrent,
	}
}

// explain asks package cause whose fault an exchange is, and makes the finding of it. It is nil if nobody is to blame.
func (t *Run) explain(ctx context.Context, kind cause.Kind, x exchange.Exchange, want string) (*scenario.Finding, error) {
	v, err := cause.Explain(ctx, t, t.suite.history, t.fact(kind, x))
	if err != nil {
		return nil, err
	}
	if v.Nobody {
		t.Remark("%s", v.Remark)
		return nil, nil
	}
	return t.finding(v, x, want), nil
}

// finding makes the failure of a rule from an exchange.
func (t *Run) finding(v cause.Verdict, x exchange.Exchange, want string) *scenario.Finding {
	replay := v.Rule
	if t.Rule.ID != "" {
		replay = t.Rule // whose scenario came upon it, with the payloads that it has
	}
	about := x.Event
	if replay.Sequence {
		about = "" // one event is no story
	}
	clean := exchange.Redactor(t.suite.Receiver.Secret)
	f := &scenario.Finding{Rule: v.Rule, Level: v.Level, Failure: report.Failure{
		Scenario: t.Name, Event: x.Event, Sent: x.Sent(), Want: want, Got: x.Got(clean), Why: v.Rule.Why,
		Again: t.suite.again(replay.ID, about), RuledOut: v.RuledOut,
	}}
	f.Request, f.Response = x.Record(exchange.RedactURL(t.suite.Receiver.URL), t.suite.Receiver.Secret)
	return f
}

// judge applies a check to all that the rule is about: the first failure of each event is kept, the others are counted.
// The error is the first failure.
func (t *Run) judge(ctx context.Context, want string, ok func(x exchange.Exchange) bool) error {
	switch {
	case len(t.subjects) == 0 && len(t.Failures) > 0:
		return &scenario.Finding{Rule: t.Rule, Level: t.Level, Failure: t.Failures[0]}
	case len(t.subjects) == 0 && len(t.Others) > 0:
		return t.Block("what it was to be tried with was not acknowledged either")
	case len(t.subjects) == 0:
		return t.Block("nothing was sent")
	}
	byEvent := map[string]int{}
	var first *scenario.Finding
	for _, x := range t.subjects {
		if ok(x) || t.hangsUp && x.HungUp() {
			continue
		}
		if i, seen := byEvent[x.Event]; seen {
			t.Failures[i].More++
			continue
		}
		f, err := t.explain(ctx, cause.Disallowed, x, want)
		if err != nil {
			return err
		}
		if f == nil { // what excuses one excuses all of its kind
			t.hangsUp = true
			continue
		}
		byEvent[x.Event] = len(t.Failures)
		t.Failures = append(t.Failures, f.Failure)
		if first == nil {
			first = f
		}
	}
	if first == nil {
		return nil
	}
	return first
}

// LiveResult judges survival for the report, if the scenario sent something bad.
func (t *Run) LiveResult() *report.Result {
	if len(t.after) == 0 {
		return nil
	}
	survival := rule.Owner(rule.OwnsSurvival)
	out := &report.Result{Rule: survival.ID, Level: report.Must, Scenario: t.Name + ": and a good delivery after it", Verdict: report.Pass}
	var f *scenario.Finding
	if errors.As(t.judgeAfter(context.Background()), &f) { // which sends nothing any more
		f.Scenario = out.Scenario
		out.Verdict, out.Why = report.Fail, f.Line()
		t.Others = append(t.Others, *f)
	}
	return out
}

// End does nothing: a Run holds nothing of its own.
func (t *Run) End(context.Context) {}

// judgeAfter judges the good deliveries after something bad: the first that was not acknowledged is a failure.
func (t *Run) judgeAfter(ctx context.Context) error {
	for _, x := range t.after {
		if t.acknowledged(x.Answer) {
			continue
		}
		f, err := t.explain(ctx, cause.AfterBad, x, exchange.WantAcknowledged(t.suite.Platform))
		if err != nil {
			return err
		}
		return f
	}
	return nil
}
