package receiversteps

import (
	"context"
	"errors"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"github.com/cucumber/godog"

	"github.com/quintain-dev/quintain/contract/jsonptr"
	"github.com/quintain-dev/quintain/fakes"
	"github.com/quintain-dev/quintain/features/judge/internal/cause"
	"github.com/quintain-dev/quintain/features/judge/internal/exchange"
	"github.com/quintain-dev/quintain/features/judge/internal/forgery"
	"github.com/quintain-dev/quintain/features/judge/internal/payload"
	"github.com/quintain-dev/quintain/features/judge/internal/rule"
	"github.com/quintain-dev/quintain/features/judge/internal/scenario"
	"github.com/quintain-dev/quintain/features/judge/report"
)

// A Run is one scenario with the receiver: what was sent, and what came of it. It is also the laboratory in which
// package cause makes its experiments.
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
	blamed     bool            // a failure was found that does not come of one payload
	strangers  cause.Strangers // what the receiver does to senders without a signature
	concurrent bool            // other scenarios run at the same time
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
	// rows of an outline may share a name
	h.Write([]byte(sc.Uri + "\n" + sc.Name + "\n" + strings.Join(sc.AstNodeIds, " ")))
	t.next = (1<<14 + h.Sum64()%(1<<15)) * s.numbers
	t.last = t.next + s.numbers
	return t
}

// number returns a payload number that no other delivery of the run has. A scenario that needs more than it has for
// itself, since much is tried again, gets numbers from beyond all scenarios.
func (r *Run) number() uint64 {
	if r.next < r.last {
		r.next++
		return r.next - 1
	}
	r.beyond++
	return beyondAll + r.last/r.suite.numbers%beyondParts*beyondEach + r.beyond
}

// What is beyond all scenarios, in parts for each of them.
const (
	beyondAll   = fakes.MaxN / 2
	beyondParts = 490
	beyondEach  = 100_000
)

// Block says that the scenario cannot judge its rule: for the reason given, or because nobody listens any more.
func (r *Run) Block(format string, args ...any) error {
	if why := r.suite.history.Gone(r.suite.Receiver.URL); why != "" {
		return r.Scenario.Block("%s", why)
	}
	return r.Scenario.Block(format, args...)
}

// send delivers, and gives up when the run is canceled or hopeless. Where the receiver asks to wait, it does.
func (r *Run) send(ctx context.Context, d exchange.Delivery) (exchange.Exchange, error) {
	return r.sendAs(ctx, d, true)
}

func (r *Run) sendAs(ctx context.Context, d exchange.Delivery, good bool) (exchange.Exchange, error) {
	if why := r.suite.history.Hopeless(); why != "" {
		return exchange.Exchange{}, r.Block("%s", why)
	}
	a, err := r.suite.history.Obey(ctx, good, func() exchange.Answer {
		a := r.deliver(ctx, d)
		if ctx.Err() == nil {
			r.suite.history.NoteConnection(r.Name, a)
		}
		return a
	})
	return exchange.Exchange{Delivery: d, Answer: a}, err
}

// deliver sends a delivery, while others are in flight if the scenario runs concurrently.
func (r *Run) deliver(ctx context.Context, d exchange.Delivery) exchange.Answer {
	if r.concurrent {
		r.suite.turn.RLock()
		defer r.suite.turn.RUnlock()
	}
	return r.suite.client.Deliver(ctx, d.Header, d.Body)
}

// good sends a delivery that a correct receiver acknowledges.
func (r *Run) good(ctx context.Context, d exchange.Delivery) (exchange.Exchange, bool, error) {
	x, err := r.send(ctx, d)
	if err != nil {
		return x, false, err
	}
	ok := r.acknowledged(x.Answer)
	if !ok {
		v, err := cause.Excuse(ctx, r, r.suite.history, r.fact(cause.Unacknowledged, x))
		if err != nil {
			return x, false, err
		}
		if x.Answer, x.RuledOut, ok = v.Answer, v.RuledOut, v.Nobody; ok {
			r.Remark("%s", v.Remark)
		}
	}
	r.suite.history.Note(d.Event, ok, x.Answer)
	if ok && d.Base == nil && d.Label == "" {
		r.suite.history.Prove(d)
	}
	if ok && x.Took > r.suite.client.Timeout {
		r.Remark("a good delivery was acknowledged after more than %s, which is as long as many senders wait; %s does not document how long it does",
			r.suite.client.Timeout, r.suite.Platform)
	}
	return x, ok, nil
}

func (r *Run) acknowledged(a exchange.Answer) bool {
	return exchange.Acknowledged(r.suite.Platform, a)
}

// once sends a good delivery that the rule is about. It reports whether it makes sense to send more: a receiver that
// hangs costs the whole time limit each time.
func (r *Run) once(ctx context.Context, d exchange.Delivery) (goOn bool, err error) {
	x, _, err := r.good(ctx, d)
	if err != nil {
		return false, err
	}
	r.subjects = append(r.subjects, x)
	return !x.Hung, nil
}

// bad sends something that no correct receiver accepts, or can read. It does not say what came of it: see judge.
func (r *Run) bad(ctx context.Context, d exchange.Delivery) (exchange.Exchange, error) {
	r.sentBad = true
	r.suite.history.SendsBad()
	return r.sendAs(ctx, d, false)
}

// plain makes a correctly signed delivery of a generated payload that is new to the receiver.
func (r *Run) plain(event, label string) exchange.Delivery {
	return r.suite.signed(event, label, r.suite.payloads.Generated(event, r.number()))
}

// Accepts is for package cause.
func (r *Run) Accepts(ctx context.Context, d exchange.Delivery) (bool, error) {
	_, ok, err := r.good(ctx, d)
	return ok, err
}

// Alone is for package cause.
func (r *Run) Alone(ctx context.Context, fn func(send func(exchange.Delivery) (exchange.Answer, bool))) {
	r.suite.turn.Lock()
	defer r.suite.turn.Unlock()
	fn(func(d exchange.Delivery) (exchange.Answer, bool) {
		a := r.suite.client.Deliver(ctx, d.Header, d.Body)
		return a, r.acknowledged(a)
	})
}

// Resigned is for package cause.
func (r *Run) Resigned(d exchange.Delivery) exchange.Delivery {
	r.suite.sign(&d, time.Now())
	return d
}

// Renewed is for package cause: as if it were another event.
func (r *Run) Renewed(d exchange.Delivery) exchange.Delivery {
	key, source := r.suite.Platform.Rules.DedupKey.Value, r.suite.payloads.Events[d.Event]
	if key == "" || source == nil {
		return r.Resigned(d)
	}
	if _, err := jsonptr.Find(d.Body, key); err != nil { // an id is not added where there was none
		return r.Resigned(d)
	}
	if body, err := jsonptr.Set(d.Body, key, payload.Quote(source.Full.EventID(r.number()))); err == nil {
		d.Body = body
	}
	return r.Resigned(d)
}

// Another is for package cause.
func (r *Run) Another(d exchange.Delivery) exchange.Delivery {
	if d.Base == nil {
		return r.plain(d.Event, d.Label)
	}
	return r.Renewed(d)
}

// Unmodified is for package cause.
func (r *Run) Unmodified(d exchange.Delivery) exchange.Delivery {
	return r.suite.signed(d.Event, "", d.Base)
}

// Stranger is for package cause.
func (r *Run) Stranger(ctx context.Context) (exchange.Exchange, error) {
	headers := r.suite.scheme().Headers()
	if len(r.tried) == 0 || len(headers) == 0 {
		return exchange.Exchange{}, nil
	}
	return r.bad(ctx, r.falsified(r.tried[0], forgery.WithoutHeader(headers[0])))
}

// fact makes the fact of an exchange, for package cause.
func (r *Run) fact(kind cause.Kind, x exchange.Exchange) cause.Fact {
	return cause.Fact{
		Kind: kind, Exchange: x, Rule: r.Rule, Level: r.Level, EventLevel: r.suite.levelOf(x.Event), Concurrent: r.concurrent, Strangers: r.strangers,
	}
}

// explain asks package cause whose fault an exchange is, and makes the finding of it. It is nil if nobody is to blame.
func (r *Run) explain(
	ctx context.Context, kind cause.Kind, x exchange.Exchange, want string,
) (*scenario.Finding, error) {
	v, err := cause.Explain(ctx, r, r.suite.history, r.fact(kind, x))
	if err != nil {
		return nil, err
	}
	if v.Nobody {
		r.Remark("%s", v.Remark)
		return nil, nil
	}
	return r.finding(v, x, want), nil
}

// finding makes the failure of a rule from an exchange.
func (r *Run) finding(v cause.Verdict, x exchange.Exchange, want string) *scenario.Finding {
	replay := v.Rule
	if r.Rule.ID != "" {
		replay = r.Rule // whose scenario came upon it, with the payloads that it has
	}
	about := x.Event
	if replay.Sequence {
		about = "" // one event is no story
	}
	clean := exchange.Redactor(r.suite.Receiver.Secret)
	f := &scenario.Finding{Rule: v.Rule, Level: v.Level, Failure: report.Failure{
		Scenario: r.Name, Event: x.Event, Sent: x.Sent(), Want: want, Got: x.Got(clean), Why: v.Rule.Why,
		Again: r.suite.again(replay.ID, about), Cause: v.Cause, RuledOut: v.RuledOut,
	}}
	f.Request, f.Response = x.Record(exchange.RedactURL(r.suite.Receiver.URL), r.suite.Receiver.Secret)
	return f
}

// judge applies a check to all that the rule is about: the first failure of each event is kept, the others are counted.
// The error is the first failure.
func (r *Run) judge(ctx context.Context, want string, ok func(x exchange.Exchange) bool) error {
	switch {
	case len(r.subjects) == 0 && len(r.Failures) > 0:
		return &scenario.Finding{Rule: r.Rule, Level: r.Level, Failure: r.Failures[0]}
	case len(r.subjects) == 0 && len(r.Others) > 0:
		return r.Block("what it was to be tried with was not acknowledged either")
	case len(r.subjects) == 0:
		return r.Block("nothing was sent")
	}
	if err := r.askStrangers(ctx); err != nil {
		return err
	}
	byEvent := map[string]int{}
	var first *scenario.Finding
	for _, x := range r.subjects {
		if ok(x) || r.strangers == cause.HungUpOn && x.Forged && x.HungUp() {
			continue
		}
		if i, seen := byEvent[x.Event]; seen {
			r.Failures[i].More++
			continue
		}
		f, err := r.explain(ctx, cause.Disallowed, x, want)
		if err != nil {
			return err
		}
		if f == nil {
			continue
		}
		byEvent[x.Event] = len(r.Failures)
		r.Failures = append(r.Failures, f.Failure)
		if first == nil {
			first = f
		}
	}
	if first == nil {
		return nil
	}
	return first
}

// askStrangers finds out once what the receiver does to senders without a signature, if it closed the connection on a
// forged delivery.
func (r *Run) askStrangers(ctx context.Context) error {
	i := slices.IndexFunc(r.subjects, func(x exchange.Exchange) bool { return x.Forged && x.HungUp() })
	if i < 0 || r.strangers != cause.Unasked {
		return nil
	}
	f, err := r.explain(ctx, cause.Disallowed, r.subjects[i], "")
	if err != nil {
		return err
	}
	if r.strangers = cause.Answered; f == nil {
		r.strangers = cause.HungUpOn
	}
	return nil
}

// LiveResult judges survival for the report, if the scenario sent something bad.
func (r *Run) LiveResult() *report.Result {
	if len(r.after) == 0 {
		return nil
	}
	survival := rule.Owner(rule.OwnsSurvival)
	out := &report.Result{Rule: survival.ID, Level: report.Must, Scenario: r.Name + ": and a good delivery after it", Verdict: report.Pass}
	var f *scenario.Finding
	if errors.As(r.judgeAfter(context.Background()), &f) { // which sends nothing any more
		f.Scenario = out.Scenario
		out.Verdict, out.Why = report.Fail, f.Line()
		r.Others = append(r.Others, *f)
	}
	return out
}

// End does nothing: a Run holds nothing of its own.
func (r *Run) End(context.Context) {}

// judgeAfter judges the good deliveries after something bad: the first that was not acknowledged is a failure.
func (r *Run) judgeAfter(ctx context.Context) error {
	for _, x := range r.after {
		if r.acknowledged(x.Answer) {
			continue
		}
		f, err := r.explain(ctx, cause.AfterBad, x, exchange.WantAcknowledged(r.suite.Platform))
		switch {
		case err != nil:
			return err
		case f != nil:
			return f
		}
	}
	return nil
}
