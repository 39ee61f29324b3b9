package receiversteps

import (
	"context"
	"errors"

	"github.com/quintain-dev/quintain/features/judge/internal/cause"
	"github.com/quintain-dev/quintain/features/judge/internal/exchange"
	"github.com/quintain-dev/quintain/features/judge/internal/rule"
)

// How scenarios make sure that a failure is not the doing of one payload: they try others before they report it.

// tries is how many deliveries of different payloads must fail before a rule is blamed that is not about the payload.
const tries = cause.Tries

// errAbsent: a payload does not have what a delivery is to be made of.
var errAbsent = errors.New("the payload does not have the place")

// blame reports a good delivery that was not acknowledged, and keeps the failure. It reports whether it is one of the
// scenario's own rule.
func (r *Run) blame(ctx context.Context, x exchange.Exchange) (own bool, err error) {
	f, err := r.explain(ctx, cause.Unacknowledged, x, exchange.WantAcknowledged(r.suite.Platform))
	if err != nil || f == nil {
		return false, err
	}
	if own = f.Rule.ID == r.Rule.ID && f.Level == r.Level; own {
		r.Failures = append(r.Failures, f.Failure)
	} else {
		r.Others = append(r.Others, *f)
	}
	return own, nil
}

// subject is like once, for a rule about something that is done to a payload. Where the delivery fails, the same is
// done to others: what fails with all of them is the rule's, and what fails with one is the rule's only if that one is
// acknowledged as it was before.
func (r *Run) subject(ctx context.Context, make func() (exchange.Delivery, error)) (goOn bool, err error) {
	x, ok, err := r.insist(ctx, make)
	switch {
	case errors.Is(err, errAbsent):
		return true, nil
	case err != nil:
		return false, err
	case ok:
		r.subjects = append(r.subjects, x)
		return true, nil
	}
	own, err := r.blame(ctx, x)
	r.blamed = r.blamed || own
	return err == nil && !x.Hung, err
}

// insist makes deliveries until one is acknowledged, and returns that; or else the first. Once the rule is to blame, it
// makes no more than one.
func (r *Run) insist(
	ctx context.Context, make func() (exchange.Delivery, error),
) (x exchange.Exchange, ok bool, err error) {
	for i := range tries {
		d, err := make()
		if err != nil {
			return x, false, err
		}
		next, ok, err := r.good(ctx, d)
		if err != nil {
			return x, false, err
		}
		if ok {
			if i > 0 { // others like it are acknowledged, and that one was not
				_, err = r.blame(ctx, x)
			}
			return next, true, err
		}
		if i == 0 {
			x = next
		}
		if next.Hung || r.blamed {
			break
		}
	}
	return x, false, nil
}

// control makes sure that the receiver acknowledges an event at all, without which what it does to others of its kind
// says nothing about the rule. Where it does not, that is a failure of another rule.
func (r *Run) control(ctx context.Context, event string) (bool, error) {
	if r.suite.history.IsSilent(event) {
		return false, nil // which was reported when it was found
	}
	x, ok, err := r.insist(ctx, func() (exchange.Delivery, error) { return r.plain(event, ""), nil })
	if err != nil || ok {
		return ok, err
	}
	_, err = r.blame(ctx, x)
	return false, err
}

// live sends a good delivery after something bad. If it is not acknowledged, live repeats the pair: the bad delivery is
// to blame only if that happens each time.
func (r *Run) live(ctx context.Context, event string, spoil func() exchange.Delivery) error {
	good := func() (exchange.Exchange, bool, error) {
		return r.good(ctx, r.plain(event, "a good delivery after it"))
	}
	first, ok, err := good()
	for i := 1; i < tries && err == nil && !ok && !first.Hung && !r.blamed; i++ {
		if _, err = r.bad(ctx, spoil()); err != nil {
			return err
		}
		var next exchange.Exchange
		if next, ok, err = good(); err == nil && ok {
			_, err = r.blame(ctx, first)
			first = next
		}
	}
	switch {
	case err != nil:
		return err
	case ok || r.blamed:
		r.after = append(r.after, first)
		return nil
	}
	f, err := r.explain(ctx, cause.Unacknowledged, first, exchange.WantAcknowledged(r.suite.Platform))
	if err != nil || f == nil {
		return err
	}
	if r.blamed = true; f.Rule.Owns == rule.OwnsSurvival || first.Hung {
		r.after = append(r.after, first)
		return nil
	}
	r.Others = append(r.Others, *f)
	return nil
}

// StillAccepts sends good deliveries of the events that were acknowledged before the first bad one.
func (r *Run) StillAccepts(ctx context.Context) error {
	rounds := 0
	for range tries {
		for _, event := range spread(r.suite.events, sampled) {
			if _, ok := r.suite.history.Proven(event); !ok {
				continue
			}
			x, ok, err := r.good(ctx, r.plain(event, "a good delivery at the end"))
			if err != nil {
				return err
			}
			if rounds++; ok {
				r.subjects = append(r.subjects, x)
				continue
			}
			if _, err := r.blame(ctx, x); err != nil || x.Hung {
				return err
			}
		}
		if rounds >= sampled {
			break
		}
	}
	if rounds == 0 {
		return r.Block("no good delivery was acknowledged before the first bad one")
	}
	return nil
}
