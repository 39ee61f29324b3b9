package judge

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/cucumber/godog"

	"github.com/quintain-dev/quintain/contract/jsonptr"
	"github.com/quintain-dev/quintain/fakes"
	"github.com/quintain-dev/quintain/features/judge/internal/exchange"
	"github.com/quintain-dev/quintain/features/judge/internal/payload"
	"github.com/quintain-dev/quintain/features/judge/report"
)

// A scenario is one scenario of the features under way, whoever is under test.
type scenario struct {
	name    string
	rule    Rule
	level   report.Level
	event   string
	started time.Time

	blocked  string // why the rule cannot be judged
	failures []report.Failure
	remarks  []report.Remark
	others   []finding // failures of other rules
	broken   error     // what stopped the scenario that is no finding
}

// base is for the recorder, which takes down scenarios of receivers and of senders.
func (s *scenario) base() *scenario { return s }

// block says that the scenario cannot judge its rule.
func (s *scenario) block(format string, args ...any) error {
	s.blocked = fmt.Sprintf(format, args...)
	return &errBlocked{s.blocked}
}

// keep remembers an error that is no finding: the scenario could not be carried out.
func (s *scenario) Keep(err error) error {
	var found *finding
	var blocked *errBlocked
	if err != nil && !errors.As(err, &found) && !errors.As(err, &blocked) {
		s.broken = err
	}
	return err
}

// A trial is a scenario with a receiver: what was sent, and what it came to.
type trial struct {
	scenario
	suite *suite
	next  uint64 // the number of the next payload
	last  uint64

	beyond uint64 // how many numbers were taken from beyond all scenarios

	tried    []string            // the events of which a good delivery was acknowledged
	repeated exchange.Delivery   // what is delivered again
	attempts int                 // that a mock of the platform made
	subjects []exchange.Exchange // what the rule is about
	after    []exchange.Exchange // good deliveries after something bad
	sentBad  bool
	blamed   bool // a failure was found that does not come of one payload
	hangsUp  bool // the receiver closes the connection on whoever does not sign
	beside   bool // other scenarios run at the same time
}

// A finding is a failure of a rule. It is also the error that a step returns.
type finding struct {
	rule  string
	level report.Level
	report.Failure
}

func (f *finding) Error() string {
	if f.rule == "" {
		return f.Line()
	}
	return f.rule + ": " + f.Line()
}

// errBlocked: the scenario cannot say anything about its rule.
type errBlocked struct{ why string }

func (e *errBlocked) Error() string { return "nothing can be said: " + e.why }

// newTrial begins a scenario of a run.
func (s *suite) newTrial(p planned) *trial {
	t := &trial{scenario: p.begin(), suite: s, beside: p.phase() == goodPhase && s.receiver.Concurrency > 1}
	t.next = uint64(p.index+1) * s.numbers
	t.last = t.next + s.numbers
	return t
}

// newOwnTrial begins a scenario of a user's own suite, whose rule is what its tags say.
func (s *suite) newOwnTrial(sc *godog.Scenario) *trial {
	t := &trial{scenario: scenario{name: sc.Name, level: report.Must, started: time.Now()}, suite: s}
	for _, tag := range sc.Tags {
		if rule, ok := findRule(receiverRules, tag.Name[1:]); ok {
			t.rule = rule
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
func (t *trial) number() uint64 {
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

// send delivers, and gives up when the run is canceled or hopeless. Where the receiver asks to wait, it does.
func (t *trial) send(ctx context.Context, d exchange.Delivery) (exchange.Exchange, error) {
	return t.sendAs(ctx, d, true)
}

func (t *trial) sendAs(ctx context.Context, d exchange.Delivery, good bool) (exchange.Exchange, error) {
	if t.suite.memory.hopeless() {
		return exchange.Exchange{}, t.block("the receiver left %d good deliveries in a row without an answer, and the run gave up", maxHung)
	}
	for {
		if err := t.suite.memory.wait(ctx); err != nil {
			return exchange.Exchange{}, err
		}
		x := exchange.Exchange{Delivery: d, Answer: t.deliver(ctx, d)}
		if ctx.Err() == nil {
			t.suite.memory.noteConnection(t.name, x.Answer)
		}
		if x.Status == http.StatusTooManyRequests && t.suite.memory.slowDown(x.Answer, good) {
			continue
		}
		return x, ctx.Err()
	}
}

// deliver sends a delivery, beside others if the scenario runs beside others.
func (t *trial) deliver(ctx context.Context, d exchange.Delivery) exchange.Answer {
	if t.beside {
		t.suite.memory.turn.RLock()
		defer t.suite.memory.turn.RUnlock()
	}
	return t.suite.wire.Deliver(ctx, d.Header, d.Body)
}

// deliverAlone sends a delivery while nothing else is under way.
func (t *trial) deliverAlone(ctx context.Context, d exchange.Delivery) exchange.Answer {
	t.suite.memory.turn.Lock()
	defer t.suite.memory.turn.Unlock()
	return t.suite.wire.Deliver(ctx, d.Header, d.Body)
}

// good sends a delivery that a right receiver acknowledges.
func (t *trial) good(ctx context.Context, d exchange.Delivery) (exchange.Exchange, bool, error) {
	x, err := t.send(ctx, d)
	if err != nil {
		return x, false, err
	}
	ok := exchange.Acknowledged(t.suite.platform, x.Answer)
	if !ok && t.beside && strained(x.Answer) {
		a, alone := t.alone(ctx, d)
		if err := ctx.Err(); err != nil {
			return x, false, err
		}
		if alone {
			t.remark("a good delivery beside others was %s; alone it was acknowledged", became(x.Answer))
			x.Answer, ok = a, true
		}
	}
	t.suite.memory.note(d.Event, ok, x.Answer)
	if ok && d.Base == nil && d.Label == "" {
		t.suite.memory.prove(d)
	}
	if ok && x.Took > t.suite.wire.Timeout {
		t.remark("a good delivery was acknowledged after more than %s, which is as long as many senders wait; %s does not document how long it does", t.suite.wire.Timeout, t.suite.platform)
	}
	return x, ok, nil
}

// became says what became of a delivery.
func became(a exchange.Answer) string {
	if a.Status == 0 {
		return "left without a complete answer"
	}
	return fmt.Sprintf("answered %d", a.Status)
}

// alone finds out whether a delivery that failed beside others is acknowledged when nothing else is under way, as it was,
// and others of its kind. That it came beside others is why it failed only if that is so each time; the first time, it is
// tried often.
func (t *trial) alone(ctx context.Context, d exchange.Delivery) (a exchange.Answer, ok bool) {
	m := &t.suite.memory
	m.turn.Lock()
	defer m.turn.Unlock()
	times := 1
	switch {
	case m.crowded == crowdingNotWhy, m.crowded == crowdingUnknown && d.Base != nil: // what was done to it may be why
		return a, false
	case m.crowded == crowdingUnknown:
		times = 10
	}
	for i := range 1 + times {
		switch { // a receiver may know it by now, whatever it did with it
		case i > 0 && d.Base == nil:
			d = t.plain(d.Event, d.Label)
		case i > 0:
			d = t.renewed(d)
		}
		if a = t.suite.wire.Deliver(ctx, d.Header, d.Body); !exchange.Acknowledged(t.suite.platform, a) {
			if times > 1 {
				m.crowded = crowdingNotWhy
			}
			return a, false
		}
	}
	m.crowded = crowdingHurts
	return a, true
}

// renewed is the same delivery once more, as if it were another event: with an id of its own, and signed anew.
func (t *trial) renewed(d exchange.Delivery) exchange.Delivery {
	if key := t.suite.platform.Rules.DedupKey.Value; key != "" {
		if source := t.suite.payloads.Events[d.Event]; source != nil {
			if _, err := jsonptr.Find(d.Body, key); err == nil {
				if body, err := jsonptr.Set(d.Body, key, payload.Quote(source.Full.EventID(t.number()))); err == nil {
					d.Body = body
				}
			}
		}
	}
	t.suite.sign(&d, time.Now())
	return d
}

// once sends a good delivery that the rule is about. It reports whether it makes sense to send more: a receiver that hangs
// costs the whole time limit each time.
func (t *trial) once(ctx context.Context, d exchange.Delivery) (goOn bool, err error) {
	x, _, err := t.good(ctx, d)
	if err != nil {
		return false, err
	}
	t.subjects = append(t.subjects, x)
	return !x.Hung, nil
}

// bad sends something that no right receiver lets in, or can read. It does not say what came of it: see judge.
func (t *trial) bad(ctx context.Context, d exchange.Delivery) (exchange.Exchange, error) {
	t.sentBad = true
	t.suite.memory.sendsBad()
	return t.sendAs(ctx, d, false)
}

// plain makes a properly signed delivery of a generated payload that is new to the receiver.
func (t *trial) plain(event, label string) exchange.Delivery {
	return t.suite.signed(event, label, t.suite.payloads.Generated(event, t.number()))
}

// remark adds something worth knowing of the scenario's deliveries, once.
func (s *scenario) remark(format string, args ...any) {
	r := report.Remark{Scenario: s.name, Message: fmt.Sprintf(format, args...)}
	if !slices.Contains(s.remarks, r) {
		s.remarks = append(s.remarks, r)
	}
}

// finding makes the failure of a rule from an exchange.
func (t *trial) finding(ruleID string, level report.Level, x exchange.Exchange, want string) *finding {
	rule, _ := findRule(receiverRules, ruleID)
	replay := ruleID
	if t.rule.ID != "" {
		replay = t.rule.ID // whose scenario came upon it, with the payloads that it has
	}
	about := x.Event
	if replay == storyRule {
		about = "" // one event is no story
	}
	f := &finding{rule: ruleID, level: level, Failure: report.Failure{
		Scenario: t.name, Event: x.Event, Sent: x.Sent(), Want: want, Got: x.Got(exchange.Redactor(t.suite.receiver.Secret)), Why: rule.Why, Again: t.suite.again(replay, about),
	}}
	f.Request, f.Response = x.Record(redactURL(t.suite.receiver.URL), t.suite.receiver.Secret)
	return f
}

// judge applies a check to all that the rule is about: the first failure of each event is kept, the others are counted.
// The error is the first failure.
func (t *trial) judge(want string, ok func(x exchange.Exchange) bool) error {
	switch {
	case len(t.subjects) == 0 && len(t.failures) > 0:
		return &finding{rule: t.rule.ID, level: t.level, Failure: t.failures[0]}
	case len(t.subjects) == 0 && len(t.others) > 0:
		return t.block("what it was to be tried with was not acknowledged either")
	case len(t.subjects) == 0:
		return t.block("nothing was sent")
	}
	byEvent := map[string]int{}
	var first *finding
	for _, x := range t.subjects {
		if ok(x) {
			continue
		}
		if i, seen := byEvent[x.Event]; seen {
			t.failures[i].More++
			continue
		}
		byEvent[x.Event] = len(t.failures)
		f := t.finding(t.rule.ID, t.level, x, want)
		t.failures = append(t.failures, f.Failure)
		if first == nil {
			first = f
		}
	}
	if first == nil {
		return nil
	}
	return first
}

// liveResult judges LIVE-1 for the recorder, if the scenario sent something bad.
func (t *trial) liveResult() *report.Result {
	if len(t.after) == 0 {
		return nil
	}
	out := &report.Result{Rule: liveRule, Level: report.Must, Scenario: t.name + ": and a good delivery after it", Verdict: report.Pass}
	var f *finding
	if errors.As(t.judgeAfter(), &f) {
		f.Scenario = out.Scenario
		out.Verdict, out.Why = report.Fail, f.Line()
		t.others = append(t.others, *f)
	}
	return out
}

// end does nothing: a trial holds nothing of its own.
func (t *trial) end(context.Context) {}

// judgeAfter judges the good deliveries after something bad: the first that was not acknowledged breaks LIVE-1.
func (t *trial) judgeAfter() error {
	for _, x := range t.after {
		if !exchange.Acknowledged(t.suite.platform, x.Answer) {
			return t.finding(liveRule, report.Must, x, exchange.WantAcknowledged(t.suite.platform))
		}
	}
	return nil
}
