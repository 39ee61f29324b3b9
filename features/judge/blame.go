package judge

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/quintain-dev/quintain/features/judge/internal/exchange"
	"github.com/quintain-dev/quintain/features/judge/report"
)

// Who is to blame for a good delivery that was not acknowledged: what was done to its payload, the payload itself, or
// something bad that was sent before. Nothing is blamed that another explanation fits.

// controlRule is what a good delivery breaks that is not acknowledged: it has a realistic generated payload.
const controlRule = "ACK-2"

// tries is how many deliveries of different payloads must fail before a rule is blamed that is not about the payload.
const tries = 5

// errAbsent: a payload does not have what a delivery is to be made of.
var errAbsent = errors.New("the payload does not have the place")

// culprit says which rule a good delivery breaks that was not acknowledged.
func (t *trial) culprit(ctx context.Context, x exchange.Exchange) (rule string, level report.Level, err error) {
	takes := func(d exchange.Delivery) bool {
		if err != nil {
			return false
		}
		var ok bool
		d.Label = "once more"
		_, ok, err = t.good(ctx, d)
		return ok
	}
	again := func(d exchange.Delivery) exchange.Delivery { // with its own id, of which the receiver may know
		t.suite.sign(&d, time.Now())
		return d
	}
	level = t.suite.levelOf(x.Event)
	if before, ok := t.suite.memory.provenBefore(x.Event); ok && !x.Hung {
		now := x.Base == nil && takes(t.renewed(x.Delivery)) && takes(again(x.Delivery))
		still := false
		for i := 0; i < 2*tries && !still && err == nil; i++ { // not by its own id, which the receiver may know
			still = takes(t.renewed(before))
		}
		if now || !still { // it was not the payload: this one is taken now, or that one no longer
			return liveRule, report.Must, err
		}
	}
	switch {
	case t.rule.ID == storyRule && x.Label != "": // and not a plain delivery before it
		return storyRule, t.level, err
	case x.Base == nil || x.Hung:
		return controlRule, level, err
	}
	base := t.suite.signed(x.Event, "", x.Base)
	if !takes(t.renewed(base)) || !takes(again(base)) {
		return controlRule, level, err
	}
	return t.rule.ID, t.level, err
}

// blame takes down a good delivery that was not acknowledged, and reports whether that breaks the scenario's own rule.
func (t *trial) blame(ctx context.Context, x exchange.Exchange) (own bool, err error) {
	rule, level, err := t.culprit(ctx, x)
	if err != nil {
		return false, err
	}
	f := t.finding(rule, level, x, exchange.WantAcknowledged(t.suite.platform))
	if own = rule == t.rule.ID && level == t.level; own {
		t.failures = append(t.failures, f.Failure)
	} else {
		t.others = append(t.others, *f)
	}
	return own, nil
}

// subject is like once, for a rule about something that is done to a payload. Where the delivery fails, the same is done to
// others: what fails with all of them is the rule's, and what fails with one is the rule's only if that one is acknowledged
// as it was before.
func (t *trial) subject(ctx context.Context, make func() (exchange.Delivery, error)) (goOn bool, err error) {
	x, ok, err := t.insist(ctx, make)
	switch {
	case errors.Is(err, errAbsent):
		return true, nil
	case err != nil:
		return false, err
	case ok:
		t.subjects = append(t.subjects, x)
		return true, nil
	}
	own, err := t.blame(ctx, x)
	t.blamed = t.blamed || own
	return err == nil && !x.Hung, err
}

// insist makes deliveries until one is acknowledged, and returns that; or else the first. Once the rule is to blame, it
// makes no more than one.
func (t *trial) insist(ctx context.Context, make func() (exchange.Delivery, error)) (x exchange.Exchange, ok bool, err error) {
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
			if i > 0 { // others like it are acknowledged, and that one was not
				_, err = t.blame(ctx, x)
			}
			return next, true, err
		}
		if i == 0 {
			x = next
		}
		if next.Hung || t.blamed {
			break
		}
	}
	return x, false, nil
}

// control makes sure that the receiver acknowledges an event at all, without which what it does to others of its kind
// says nothing about the rule. Where it does not, that is a failure of another rule.
func (t *trial) control(ctx context.Context, event string) (bool, error) {
	if t.suite.memory.isSilent(event) {
		return false, nil // which was said when it was found
	}
	x, ok, err := t.insist(ctx, func() (exchange.Delivery, error) { return t.plain(event, ""), nil })
	if err != nil || ok {
		return ok, err
	}
	_, err = t.blame(ctx, x)
	return false, err
}

// live sends a good delivery after something bad. Where it fails, the same is done again: that it was the bad one's doing
// shows in that it happens each time, and that it was not the payload's in that the receiver took that before.
func (t *trial) live(ctx context.Context, event string, spoil func() exchange.Delivery) error {
	good := func() (exchange.Exchange, bool, error) {
		return t.good(ctx, t.plain(event, "a good delivery after it"))
	}
	first, ok, err := good()
	for i := 1; i < tries && err == nil && !ok && !first.Hung && !t.blamed; i++ {
		if _, err = t.bad(ctx, spoil()); err != nil {
			return err
		}
		var next exchange.Exchange
		if next, ok, err = good(); err == nil && ok {
			_, err = t.blame(ctx, first)
			first = next
		}
	}
	switch {
	case err != nil:
		return err
	case ok || t.blamed:
		t.after = append(t.after, first)
		return nil
	}
	rule, level, err := t.culprit(ctx, first)
	if err != nil {
		return err
	}
	if t.blamed = true; rule == liveRule || first.Hung {
		t.after = append(t.after, first)
		return nil
	}
	t.others = append(t.others, *t.finding(rule, level, first, exchange.WantAcknowledged(t.suite.platform)))
	return nil
}

// lastOf is the scenario after all others, if any of them sends something bad: what breaks a receiver for good may show
// only when the next deliveries have come.
func (s *suite) lastOf(plan []planned) (planned, bool) {
	rule, _ := findRule(receiverRules, liveRule)
	bad := slices.ContainsFunc(plan, func(p planned) bool { return p.phase() >= forgedPhase })
	p := planned{rule: rule, level: report.Must, name: "good deliveries are acknowledged after all of it"}
	for _, other := range plan {
		p.index = max(p.index, other.index+1)
	}
	return p, bad && s.selection().wants(liveRule)
}

// stillTakes sends good deliveries of the events that were acknowledged before the first bad one.
func (t *trial) stillTakes(ctx context.Context) error {
	rounds := 0
	for range tries {
		for _, event := range spread(t.suite.events, sampled) {
			if _, ok := t.suite.memory.provenBefore(event); !ok {
				continue
			}
			x, ok, err := t.good(ctx, t.plain(event, "a good delivery at the end"))
			if err != nil {
				return err
			}
			if rounds++; ok {
				t.subjects = append(t.subjects, x)
				continue
			}
			if _, err := t.blame(ctx, x); err != nil || x.Hung {
				return err
			}
		}
		if rounds >= sampled {
			break
		}
	}
	if rounds == 0 {
		return t.block("no good delivery was acknowledged before the first bad one")
	}
	return nil
}
