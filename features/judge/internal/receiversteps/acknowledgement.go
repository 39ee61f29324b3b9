package receiversteps

import (
	"context"
	"fmt"
	"slices"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/contract/jsonptr"
	"github.com/quintain-dev/quintain/features/judge/internal/exchange"
	"github.com/quintain-dev/quintain/features/judge/internal/payload"
)

// The steps of acknowledgement.feature, encoding.feature, text.feature and change.feature.

func givenAcknowledges(ctx context.Context, r *Run, platform, event string) error {
	if err := givenReceiver(ctx, r, platform); err != nil {
		return err
	}
	if err := r.known(event); err != nil {
		return err
	}
	ok, err := r.control(ctx, event)
	if err != nil || ok {
		return err
	}
	return r.Block("a plain %s was not acknowledged", event)
}

func whenExample(ctx context.Context, r *Run, event string) error {
	if err := r.known(event); err != nil {
		return err
	}
	body, err := r.suite.payloads.Documented(event, r.number())
	if err != nil {
		return err
	}
	label := "the documented example"
	if g := r.suite.payloads.Events[event].Example.Grade; g == contract.Inferred || g == contract.Chosen {
		label = "an example in the documented shape" // no page prints one
	}
	_, err = r.once(ctx, r.suite.signed(event, label, body))
	return err
}

func whenGenerated(ctx context.Context, r *Run, event string) error {
	if err := r.known(event); err != nil {
		return err
	}
	seeds := r.suite.Receiver.Seeds
	for i := range seeds {
		goOn, err := r.once(ctx, r.plain(event, fmt.Sprintf("generated payload %d of %d", i+1, seeds)))
		if err != nil || !goOn {
			return err
		}
	}
	return nil
}

func whenDelivered(ctx context.Context, r *Run, event string) error {
	if err := r.known(event); err != nil {
		return err
	}
	return r.delivered(ctx, event, "")
}

func whenFull(ctx context.Context, r *Run, event string) error {
	if err := r.known(event); err != nil {
		return err
	}
	return r.delivered(ctx, event, "with every field")
}

// delivered delivers a generated payload, and others if it is not acknowledged.
func (r *Run) delivered(ctx context.Context, event, label string) error {
	x, _, err := r.insist(ctx, func() (exchange.Delivery, error) { return r.plain(event, label), nil })
	if err == nil {
		r.subjects = append(r.subjects, x)
	}
	return err
}

func whenMinimal(ctx context.Context, r *Run, event string) error {
	if err := r.known(event); err != nil {
		return err
	}
	_, err := r.subject(ctx, func() (exchange.Delivery, error) {
		n := r.number()
		d := r.suite.signed(event, "with only the required fields", r.suite.payloads.Minimal(event, n))
		d.Base = r.suite.payloads.Generated(event, n)
		return d, nil
	})
	return err
}

func whenVariants(ctx context.Context, r *Run, event, not string) error {
	if err := r.known(event); err != nil {
		return err
	}
	for _, v := range payload.Variants(r.suite.payloads.Events[event].Event) {
		if v.Documented != (not == "") {
			continue
		}
		goOn, err := r.subject(ctx, func() (exchange.Delivery, error) {
			base := r.suite.payloads.Generated(event, r.number())
			body, err := jsonptr.Set(base, v.Pointer, v.Value)
			if err != nil {
				return exchange.Delivery{}, errAbsent // such as an item of an empty list
			}
			d := r.suite.signed(event, fmt.Sprintf("with %s at %s", v.Value, v.Pointer), body)
			d.Base = base
			return d, nil
		})
		if err != nil || !goOn {
			return err
		}
	}
	return nil
}

func whenJSON(ctx context.Context, r *Run, event string) error {
	return givenAcknowledges(ctx, r, r.suite.Platform.Name, event)
}

func whenTexts(ctx context.Context, r *Run, event string) error {
	if err := r.known(event); err != nil {
		return err
	}
	places := payload.FreeTexts(r.suite.payloads.Events[event].Event)
	for _, h := range payload.DifficultTexts() {
		sets := [][]string{places}
		if h.One {
			sets = slices.Collect(slices.Chunk(places, 1))
		}
		for _, into := range sets {
			goOn, err := r.subject(ctx, func() (exchange.Delivery, error) {
				base := r.suite.payloads.Generated(event, r.number())
				body, err := payload.WithTexts(base, into, h.Text)
				if err == nil && r.suite.payloads.Events[event].Event.Validate(body) != nil {
					err = errAbsent // the contract allows no such text
				}
				d := r.suite.signed(event, "with "+h.Name+" in its texts", body)
				d.Base = base
				return d, err
			})
			if err != nil || !goOn {
				return err
			}
		}
	}
	return nil
}

func whenUnknownFields(ctx context.Context, r *Run, event string) error {
	if err := r.known(event); err != nil {
		return err
	}
	levels, err := payload.Objects(r.suite.payloads.Generated(event, r.number()))
	if err != nil {
		return err
	}
	deliver := func(label string, pick func(body []byte) ([]string, error)) (bool, error) {
		return r.subject(ctx, func() (exchange.Delivery, error) {
			base := r.suite.payloads.Generated(event, r.number())
			pointers, err := pick(base)
			if err != nil {
				return exchange.Delivery{}, err
			}
			body, err := payload.WithUnknownField(base, pointers)
			if err != nil {
				return exchange.Delivery{}, errAbsent
			}
			d := r.suite.signed(event, label, body)
			d.Base = base
			return d, nil
		})
	}
	for _, pointer := range levels {
		at := pointer
		if at == "" {
			at = "the top"
		}
		goOn, err := deliver("with an unknown field at "+at, func([]byte) ([]string, error) { return []string{pointer}, nil })
		if err != nil || !goOn {
			return err
		}
	}
	_, err = deliver("with an unknown field at every level", payload.Objects)
	return err
}

func thenAcknowledged(ctx context.Context, r *Run) error {
	p := r.suite.Platform
	return r.judge(ctx, exchange.WantAcknowledged(p), func(x exchange.Exchange) bool { return exchange.Acknowledged(p, x.Answer) })
}

// thenExact judges the status of a success only: an answer that is none at all breaks other rules.
func thenExact(ctx context.Context, r *Run) error {
	for _, x := range r.subjects {
		if !x.Complete() || x.Status/100 != 2 {
			return r.Block("there was no 2xx to judge")
		}
	}
	success := r.suite.Platform.Rules.Success.Value
	return r.judge(ctx, success.String(), func(x exchange.Exchange) bool { return success.Acknowledges(x.Status) })
}
