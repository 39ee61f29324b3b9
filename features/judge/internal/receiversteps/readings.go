package receiversteps

import (
	"context"
	"fmt"
	"slices"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/judge/internal/exchange"
)

// preflights is how many payload numbers the preflight has, and all that comes before the first scenario has the rest
// of what one scenario has.
const preflights = 16

// sampled is how many of the deliveries that were refused are tried with each other value of an option.
const sampled = 12

// Read finds out which values of the platform's options the receiver understands, where the platform sends by default
// what is not documented: then every value passes, and a must rule blames nobody for the default. It returns the suite
// to judge by, with a note for each option that is not as by default.
func (s *Suite) Read(ctx context.Context) (*Suite, error) {
	open := slices.DeleteFunc(slices.Clone(s.Platform.Options), func(o contract.Option) bool { return o.Given || o.Value == o.Documented })
	if len(open) == 0 {
		return s, nil
	}
	n := uint64(0)
	refused, err := s.refused(ctx, s.events, &n)
	for _, o := range open {
		if err != nil || len(refused) == 0 {
			break
		}
		best, least, value := s, refused, ""
		for _, v := range o.Values {
			if v == o.Value {
				continue
			}
			other, misread := s.with(o.Name, v)
			if misread != nil {
				return nil, misread
			}
			few := spread(refused, sampled)
			s.history.Reading()
			left, err := other.refused(ctx, few, &n)
			if err != nil {
				return nil, err
			}
			if len(left) == len(few) {
				continue
			}
			if left, err = other.refused(ctx, s.events, &n); err != nil {
				return nil, err
			}
			if len(left) < len(least) {
				best, least, value = other, left, v
			}
		}
		if value != "" {
			s, refused = best, least
			s.notes = append(s.notes, fmt.Sprintf("%s is read as %s: that it is %s, as is sent by default, the platform does not document, and any reading passes", o.Name, value, o.Value))
		}
	}
	return s, err
}

// with makes the suite anew for another value of an option.
func (s *Suite) with(option, value string) (*Suite, error) {
	platform, err := s.Platform.With(option, value)
	if err != nil {
		return nil, err
	}
	r := s.Receiver
	r.Platform = platform
	other, err := NewSuite(r)
	if err != nil {
		return nil, err
	}
	other.signature, other.client, other.history, other.notes = s.signature, s.client, s.history, s.notes
	if s.payloads.Fresh {
		other.payloads, err = s.payloads.Dated(platform)
	}
	return other, err
}

// refused sends a generated payload of each event, and returns the events of which it was not acknowledged. A receiver
// that hangs is not asked any more.
func (s *Suite) refused(ctx context.Context, events []string, n *uint64) ([]string, error) {
	var out []string
	for i, event := range events {
		d := s.signed(event, "", s.payloads.Generated(event, preflights+*n))
		*n++
		a := s.client.Deliver(ctx, d.Header, d.Body)
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if a.Hung {
			return append(out, events[i:]...), nil
		}
		if !exchange.Acknowledged(s.Platform, a) {
			out = append(out, event)
		}
	}
	return out, nil
}

// spread returns as many of a list as n, if it has more, from all over it.
func spread(all []string, n int) []string {
	if len(all) <= n {
		return all
	}
	out := make([]string, n)
	for i := range out {
		out[i] = all[i*len(all)/n]
	}
	return out
}
