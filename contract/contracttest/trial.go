package contracttest

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"time"

	"github.com/cucumber/godog"
)

// A scenario is one scenario of the features under way, whoever is under test.
type scenario struct {
	name    string
	rule    Rule
	level   Level
	event   string
	started time.Time

	blocked  string // why the rule cannot be judged
	failures []Failure
	remarks  []Remark
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
func (s *scenario) keep(err error) error {
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

	tried     []string   // the events of which a good delivery was acknowledged
	repeated  delivery   // what is delivered again
	challenge string     // that was sent
	attempts  int        // that a mock of the platform made
	subjects  []exchange // what the rule is about
	after     []exchange // good deliveries after something bad
	sentBad   bool
	blamed    bool // a failure was found that does not come of one payload
}

// A finding is a failure of a rule. It is also the error that a step returns.
type finding struct {
	rule  string
	level Level
	Failure
}

func (f *finding) Error() string {
	if f.rule == "" {
		return f.line()
	}
	return f.rule + ": " + f.line()
}

// line says a failure in one line.
func (f Failure) line() string { return fmt.Sprintf("sent %s; want %s; got %s", f.Sent, f.Want, f.Got) }

// errBlocked: the scenario cannot say anything about its rule.
type errBlocked struct{ why string }

func (e *errBlocked) Error() string { return "nothing can be said: " + e.why }

// scenarioKey is where a context has its *trial or *exam.
type scenarioKey struct{}

// under returns the scenario that a step belongs to.
func under[T any](ctx context.Context) (T, error) {
	for _, key := range []any{scenarioKey{}, stageKey{}} {
		if t, ok := ctx.Value(key).(T); ok {
			return t, nil
		}
	}
	var none T
	return none, errors.New("no scenario was begun: register the steps with contracttest.Steps or MockSteps")
}

// newTrial begins a scenario of a run.
func (s *suite) newTrial(p planned) *trial {
	t := &trial{scenario: p.begin(), suite: s}
	t.next = uint64(p.index+1) * s.numbers
	t.last = t.next + s.numbers
	return t
}

// newOwnTrial begins a scenario of a user's own suite, whose rule is what its tags say.
func (s *suite) newOwnTrial(sc *godog.Scenario) *trial {
	t := &trial{scenario: scenario{name: sc.Name, level: Must, started: time.Now()}, suite: s}
	for _, tag := range sc.Tags {
		if rule, ok := findRule(receiverRules, tag.Name[1:]); ok {
			t.rule = rule
		}
	}
	h := fnv.New64a()
	h.Write([]byte(sc.Uri + "\n" + sc.Name))
	t.next = (1<<14 + h.Sum64()%(1<<15)) * s.numbers
	t.last = t.next + s.numbers
	return t
}

// number returns a payload number that no other delivery of the run has.
func (t *trial) number() uint64 {
	n := t.next
	if t.next++; t.next > t.last {
		panic(fmt.Sprintf("contracttest: %q needs more payloads than there are numbers for it", t.name))
	}
	return n
}

// send delivers, and gives up when the run is canceled or hopeless.
func (t *trial) send(ctx context.Context, d delivery) (exchange, error) {
	if err := ctx.Err(); err != nil {
		return exchange{}, err
	}
	if t.suite.memory.hopeless() {
		return exchange{}, t.block("the receiver left %d good deliveries in a row without an answer, and the run gave up", maxHung)
	}
	x := exchange{d, t.suite.wire.deliver(ctx, d.header, d.body)}
	return x, ctx.Err()
}

// good sends a delivery that a right receiver acknowledges.
func (t *trial) good(ctx context.Context, d delivery) (exchange, bool, error) {
	x, err := t.send(ctx, d)
	if err != nil {
		return x, false, err
	}
	ok := acknowledged(t.suite.platform, x.answer)
	t.suite.memory.note(d.event, ok, x.answer)
	if ok && x.took > t.suite.wire.timeout {
		t.remark("a good delivery was acknowledged after more than %s, which is as long as many senders wait; %s does not document how long it does", t.suite.wire.timeout, t.suite.platform)
	}
	return x, ok, nil
}

// once sends a good delivery that the rule is about. It reports whether it makes sense to send more: a receiver that hangs
// costs the whole time limit each time.
func (t *trial) once(ctx context.Context, d delivery) (goOn bool, err error) {
	x, _, err := t.good(ctx, d)
	if err != nil {
		return false, err
	}
	t.subjects = append(t.subjects, x)
	return !x.hung, nil
}

// tries is how many deliveries of different payloads must fail before a rule is blamed that is not about the payload.
const tries = 5

// errAbsent: a payload does not have what a delivery is to be made of.
var errAbsent = errors.New("the payload does not have the place")

// subject is like once, for a rule about something that is done to a payload. Where the delivery fails, the same is done to
// others: what fails with all of them is the rule's, and what fails with one is not.
func (t *trial) subject(ctx context.Context, make func() (delivery, error)) (goOn bool, err error) {
	x, ok, err := t.insist(ctx, make)
	if errors.Is(err, errAbsent) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	t.blamed = t.blamed || !ok
	t.subjects = append(t.subjects, x)
	return !x.hung, nil
}

// insist makes deliveries until one is acknowledged, and returns that; or else the first. Once the rule is to blame, it
// makes no more than one.
func (t *trial) insist(ctx context.Context, make func() (delivery, error)) (x exchange, ok bool, err error) {
	for i := range tries {
		d, err := make()
		if err != nil {
			return x, false, err
		}
		next, ok, err := t.good(ctx, d)
		if err != nil {
			return x, false, err
		}
		if ok {
			if i > 0 {
				err = t.unsteady(ctx, x)
			}
			return next, true, err
		}
		if i == 0 {
			x = next
		}
		if next.hung || t.blamed {
			break
		}
	}
	return x, false, nil
}

// unsteady takes down a good delivery that was not acknowledged though others like it are. It is delivered again: if it
// fails again, its payload is what was wrong for the receiver, and otherwise something bad that was sent before.
func (t *trial) unsteady(ctx context.Context, x exchange) error {
	rule, level := controlRule, t.suite.levelOf(x.event)
	if x.label != "" && t.rule.Group != letsIn && t.rule.Group != rubbish {
		rule, level = t.rule.ID, t.level // something was done to the payload, and that is what the rule is about
	}
	if t.suite.memory.broke(x.event) {
		d := t.suite.signed(x.event, x.label, x.delivery.body)
		d.header.Set("Content-Type", x.delivery.header.Get("Content-Type"))
		_, ok, err := t.good(ctx, d)
		if err != nil {
			return err
		}
		if ok {
			rule, level = liveRule, Must
		}
	}
	t.others = append(t.others, *t.finding(rule, level, x, wantAcknowledged(t.suite.platform)))
	return nil
}

// bad sends something that no right receiver lets in, or can read. It does not say what came of it: see judge.
func (t *trial) bad(ctx context.Context, d delivery) (exchange, error) {
	t.sentBad = true
	t.suite.memory.sendsBad()
	return t.send(ctx, d)
}

// plain makes a properly signed delivery of a generated payload that is new to the receiver.
func (t *trial) plain(event, label string) delivery {
	return t.suite.signed(event, label, t.suite.payloads.generated(event, t.number()))
}

// control makes sure that the receiver acknowledges an event at all, without which what it does to others of its kind
// says nothing about the rule. Where it does not, that is a failure of another rule.
func (t *trial) control(ctx context.Context, event string) (bool, error) {
	if t.suite.memory.isSilent(event) {
		return false, nil // which was said when it was found
	}
	x, ok, err := t.insist(ctx, func() (delivery, error) { return t.plain(event, ""), nil })
	if err != nil || ok {
		return ok, err
	}
	if t.suite.memory.broke(event) {
		t.others = append(t.others, *t.finding(liveRule, Must, x, wantAcknowledged(t.suite.platform)))
		return false, nil
	}
	t.blameControl(x)
	return false, nil
}

// blameControl takes down a plain good delivery that was not acknowledged.
func (t *trial) blameControl(x exchange) {
	t.others = append(t.others, *t.finding(controlRule, t.suite.levelOf(x.event), x, wantAcknowledged(t.suite.platform)))
}

// controlRule is what a good delivery breaks that is not acknowledged: it has a realistic generated payload.
const controlRule = "ACK-2"

// live sends a good delivery after something bad. Where it fails, the same is done again: that it was the bad one's doing
// shows in that it happens each time.
func (t *trial) live(ctx context.Context, event string, spoil func() delivery) error {
	good := func() (exchange, bool, error) { return t.good(ctx, t.plain(event, "a good delivery after it")) }
	first, ok, err := good()
	for i := 1; i < tries && err == nil && !ok && !first.hung && !t.blamed; i++ {
		if _, err = t.bad(ctx, spoil()); err != nil {
			return err
		}
		var next exchange
		if next, ok, err = good(); err == nil && ok {
			err = t.unsteady(ctx, first)
			first = next
		}
	}
	if err != nil {
		return err
	}
	t.blamed = t.blamed || !ok
	t.after = append(t.after, first)
	return nil
}

// remark adds something worth knowing of the scenario's deliveries, once.
func (s *scenario) remark(format string, args ...any) {
	r := Remark{Scenario: s.name, Message: fmt.Sprintf(format, args...)}
	if !slices.Contains(s.remarks, r) {
		s.remarks = append(s.remarks, r)
	}
}

// finding makes the failure of a rule from an exchange.
func (t *trial) finding(ruleID string, level Level, x exchange, want string) *finding {
	rule, _ := findRule(receiverRules, ruleID)
	replay := ruleID
	if replay == liveRule && t.rule.ID != "" {
		replay = t.rule.ID // whose scenario it came after
	}
	about := x.event
	if replay == storyRule {
		about = "" // one event is no story
	}
	f := &finding{rule: ruleID, level: level, Failure: Failure{
		Scenario: t.name, Event: x.event, Sent: x.sent(), Want: want, Got: x.got(), Why: rule.Why, Again: t.suite.again(replay, about),
	}}
	f.Got = scrubber(t.suite.receiver.Secret).text(f.Got)
	f.Request, f.Response = x.record(redactURL(t.suite.receiver.URL), t.suite.receiver.Secret)
	return f
}

// judge applies a check to all that the rule is about: the first failure of each event is kept, the others are counted.
// The error is the first failure.
func (t *trial) judge(want string, ok func(x exchange) bool) error {
	if len(t.subjects) == 0 {
		return t.block("nothing was sent")
	}
	byEvent := map[string]int{}
	var first *finding
	for _, x := range t.subjects {
		if ok(x) {
			continue
		}
		if i, seen := byEvent[x.event]; seen {
			t.failures[i].More++
			continue
		}
		byEvent[x.event] = len(t.failures)
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
func (t *trial) liveResult() *Result {
	if len(t.after) == 0 {
		return nil
	}
	out := &Result{Rule: liveRule, Level: Must, Scenario: t.name + ": and a good delivery after it", Verdict: Pass}
	var f *finding
	if errors.As(t.judgeAfter(), &f) {
		f.Scenario = out.Scenario
		out.Verdict, out.Why = Fail, f.line()
		t.others = append(t.others, *f)
	}
	return out
}

// end does nothing: a trial holds nothing of its own.
func (t *trial) end(context.Context) {}

// judgeAfter judges the good deliveries after something bad: the first that was not acknowledged breaks LIVE-1.
func (t *trial) judgeAfter() error {
	for _, x := range t.after {
		if !acknowledged(t.suite.platform, x.answer) {
			return t.finding(liveRule, Must, x, wantAcknowledged(t.suite.platform))
		}
	}
	return nil
}
