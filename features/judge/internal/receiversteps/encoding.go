package receiversteps

import (
	"context"
	"fmt"
	"slices"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/judge/internal/exchange"
	"github.com/quintain-dev/quintain/features/judge/internal/payload"
)

// The steps about forms, of encoding.feature, text.feature and duplicates.feature.

// whenForm delivers a form in the style that the receiver declares, or, if it declares none, in one style after another
// until one is acknowledged.
func whenForm(ctx context.Context, r *Run, event string) error {
	if err := r.known(event); err != nil {
		return err
	}
	for _, style := range r.suite.formStyles() {
		x, ok, err := r.insist(ctx, func() (exchange.Delivery, error) {
			return r.suite.asForm(event, "", r.suite.payloads.Generated(event, r.number()), style)
		})
		switch {
		case err != nil:
			return err
		case ok:
			r.subjects = []exchange.Exchange{x}
			return nil
		}
		r.subjects = append(r.subjects, x)
	}
	return nil
}

// form delivers a plain form of one of the events that the receiver acknowledges as JSON, in the style that it declares
// or in one after another, and returns the first that is acknowledged. If none is acknowledged, nothing can be judged
// of forms, and the rule about forms themselves reports that.
func (r *Run) form(ctx context.Context, events []string) (exchange.Exchange, contract.FormStyle, error) {
	if !slices.Contains(r.suite.Platform.Rules.Encodings.Value, contract.Form) {
		return exchange.Exchange{}, "", r.Block("%s sends JSON only", r.suite.Platform)
	}
	if len(events) == 0 {
		return exchange.Exchange{}, "", r.Block("none of the selected events is one for it")
	}
	for _, event := range events[:min(2, len(events))] { // one of them may trip the receiver for another reason
		ok, err := r.control(ctx, event)
		if err != nil {
			return exchange.Exchange{}, "", err
		}
		if !ok {
			continue
		}
		for _, style := range r.suite.formStyles() {
			x, ok, err := r.deliverForm(ctx, event, style)
			if err != nil || ok {
				return x, style, err
			}
			if x.Hung {
				return x, "", r.Block("a plain form was left without an answer")
			}
		}
	}
	return exchange.Exchange{}, "", r.Block("no plain form was acknowledged")
}

// formStyles are the styles that forms are to be tried in.
func (s *Suite) formStyles() []contract.FormStyle {
	if declared := s.Receiver.FormStyle; declared != "" {
		return []contract.FormStyle{declared}
	}
	return contract.FormStyles()
}

// deliverForm delivers a plain form.
func (r *Run) deliverForm(
	ctx context.Context, event string, style contract.FormStyle,
) (exchange.Exchange, bool, error) {
	d, err := r.suite.asForm(event, "", r.suite.payloads.Generated(event, r.number()), style)
	if err != nil {
		return exchange.Exchange{}, false, err
	}
	return r.good(ctx, d)
}

// asForm makes a correctly signed delivery of a body as a form.
func (s *Suite) asForm(event, label string, body []byte, style contract.FormStyle) (exchange.Delivery, error) {
	form, err := contract.EncodeForm(body, style)
	if label != "" {
		label = ", " + label
	}
	d := s.signedAs(contract.Form, event, fmt.Sprintf("as a form (%s)%s", style, label), form)
	d.Base = body
	return d, err
}

// weighty are the selected events that weigh as much as the scenario.
func (r *Run) weighty() []string {
	return slices.DeleteFunc(slices.Clone(r.suite.events), func(event string) bool { return r.suite.levelOf(event) != r.Level })
}

// whenFormTexts delivers a form with each difficult text, of one event: how a receiver reads forms does not depend on
// what they are about.
func whenFormTexts(ctx context.Context, r *Run) error {
	events := slices.DeleteFunc(r.weighty(), func(event string) bool { return len(payload.FreeTexts(r.suite.payloads.Events[event].Event)) == 0 })
	x, style, err := r.form(ctx, events)
	if err != nil {
		return err
	}
	places := payload.FreeTexts(r.suite.payloads.Events[x.Event].Event)
	for _, h := range payload.DifficultTexts() {
		into := places
		if h.One {
			into = places[:1]
		}
		goOn, err := r.subject(ctx, func() (exchange.Delivery, error) {
			base := r.suite.payloads.Generated(x.Event, r.number())
			body, err := payload.WithTexts(base, into, h.Text)
			if err != nil {
				return exchange.Delivery{}, err
			}
			d, err := r.suite.asForm(x.Event, "with "+h.Name+" in its texts", body, style)
			d.Base = base
			return d, err
		})
		if err != nil || !goOn {
			return err
		}
	}
	return nil
}

// whenFormsThrice delivers a form of every event, and each that is acknowledged twice more.
func whenFormsThrice(ctx context.Context, r *Run) error {
	events := r.weighty()
	first, style, err := r.form(ctx, events)
	if err != nil {
		return err
	}
	for _, event := range events {
		x, ok := first, true
		if event != first.Event {
			if x, ok, err = r.deliverForm(ctx, event, style); err != nil {
				return err
			}
		}
		for _, nth := range []string{"second", "third"} {
			if !ok {
				break // which the rule about forms themselves reports
			}
			d := r.suite.signedAs(contract.Form, event, x.Label+", for the "+nth+" time", x.Delivery.Body)
			goOn, err := r.once(ctx, d)
			if err != nil || !goOn {
				return err
			}
		}
	}
	return nil
}
