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

func givenAcknowledges(ctx context.Context, t *Run, platform, event string) error {
	if err := givenReceiver(ctx, t, platform); err != nil {
		return err
	}
	if err := t.known(event); err != nil {
		return err
	}
	ok, err := t.control(ctx, event)
	if err != nil || ok {
		return err
	}
	return t.Block("a plain %s was not acknowledged", event)
}

func whenExample(ctx context.Context, t *Run, event string) error {
	if err := t.known(event); err != nil {
		return err
	}
	body, err := t.suite.payloads.Documented(event, t.number())
	if err != nil {
		return err
	}
	label := "the documented example"
	if g := t.suite.payloads.Events[event].Example.Grade; g == contract.Inferred || g == contract.Chosen {
		label = "an example in the documented shape" // no page prints one
	}
	_, err = t.once(ctx, t.suite.signed(event, label, body))
	return err
}

func whenGenerated(ctx context.Context, t *Run, event string) error {
	if err := t.known(event); err != nil {
		return err
	}
	seeds := t.suite.Receiver.Seeds
	for i := range seeds {
		goOn, err := t.once(ctx, t.plain(event, fmt.Sprintf("generated payload %d of %d", i+1, seeds)))
		if err != nil || !goOn {
			return err
		}
	}
	return nil
}

func whenDelivered(ctx context.Context, t *Run, event string) error {
	if err := t.known(event); err != nil {
		return err
	}
	return t.delivered(ctx, event, "")
}

func whenFull(ctx context.Context, t *Run, event string) error {
	if err := t.known(event); err != nil {
		return err
	}
	return t.delivered(ctx, event, "with every field")
}

// delivered delivers a generated payload, and others if it is not acknowledged.
func (t *Run) delivered(ctx context.Context, event, label string) error {
	x, _, err := t.insist(ctx, func() (exchange.Delivery, error) { return t.plain(event, label), nil })
	if err == nil {
		t.subjects = append(t.subjects, x)
	}
	return err
}

func whenMinimal(ctx context.Context, t *Run, event string) error {
	if err := t.known(event); err != nil {
		return err
	}
	_, err := t.subject(ctx, func() (exchange.Delivery, error) {
		n := t.number()
		d := t.suite.signed(event, "with only the required fields", t.suite.payloads.Minimal(event, n))
		d.Base = t.suite.payloads.Generated(event, n)
		return d, nil
	})
	return err
}

func whenVariants(ctx context.Context, t *Run, event, not string) error {
	if err := t.known(event); err != nil {
		return err
	}
	for _, v := range payload.Variants(t.suite.payloads.Events[event].Event) {
		if v.Documented != (not == "") {
			continue
		}
		goOn, err := t.subject(ctx, func() (exchange.Delivery, error) {
			base := t.suite.payloads.Generated(event, t.number())
			body, err := jsonptr.Set(base, v.Pointer, v.Value)
			if err != nil {
				return exchange.Delivery{}, errAbsent // such as an item of an empty list
			}
			d := t.suite.signed(event, fmt.Sprintf("with %s at %s", v.Value, v.Pointer), body)
			d.Base = base
			return d, nil
		})
		if err != nil || !goOn {
			return err
		}
	}
	return nil
}

func whenJSON(ctx context.Context, t *Run, event string) error {
	return givenAcknowledges(ctx, t, t.suite.Platform.Name, event)
}

func whenTexts(ctx context.Context, t *Run, event string) error {
	if err := t.known(event); err != nil {
		return err
	}
	places := payload.FreeTexts(t.suite.payloads.Events[event].Event)
	for _, h := range payload.DifficultTexts {
		sets := [][]string{places}
		if h.One {
			sets = slices.Collect(slices.Chunk(places, 1))
		}
		for _, into := range sets {
			goOn, err := t.subject(ctx, func() (exchange.Delivery, error) {
				base := t.suite.payloads.Generated(event, t.number())
				body, err := payload.WithTexts(base, into, h.Text)
				if err == nil && t.suite.payloads.Events[event].Event.Validate(body) != nil {
					err = errAbsent // the contract allows no such text
				}
				d := t.suite.signed(event, "with "+h.Name+" in its texts", body)
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

func whenUnknownFields(ctx context.Context, t *Run, event string) error {
	if err := t.known(event); err != nil {
		return err
	}
	levels, err := payload.Objects(t.suite.payloads.Generated(event, t.number()))
	if err != nil {
		return err
	}
	deliver := func(label string, pick func(body []byte) ([]string, error)) (bool, error) {
		return t.subject(ctx, func() (exchange.Delivery, error) {
			base := t.suite.payloads.Generated(event, t.number())
			pointers, err := pick(base)
			if err != nil {
				return exchange.Delivery{}, err
			}
			body, err := payload.WithUnknownField(base, pointers)
			if err != nil {
				return exchange.Delivery{}, errAbsent
			}
			d := t.suite.signed(event, label, body)
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

func thenAcknowledged(ctx context.Context, t *Run) error {
	p := t.suite.Platform
	return t.judge(ctx, exchange.WantAcknowledged(p), func(x exchange.Exchange) bool { return exchange.Acknowledged(p, x.Answer) })
}

// thenExact judges the status of a success only: an answer that is none at all breaks other rules.
func thenExact(ctx context.Context, t *Run) error {
	for _, x := range t.subjects {
		if !x.Complete() || x.Status/100 != 2 {
			return t.Block("there was no 2xx to judge")
		}
	}
	success := t.suite.Platform.Rules.Success.Value
	return t.judge(ctx, success.String(), func(x exchange.Exchange) bool { return success.Acknowledges(x.Status) })
}
