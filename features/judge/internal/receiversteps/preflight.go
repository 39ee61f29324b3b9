package receiversteps

import (
	"context"
	"fmt"
	"strings"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/contract/signing"
	"github.com/quintain-dev/quintain/features/judge/internal/exchange"
	"github.com/quintain-dev/quintain/features/judge/report"
)

// checkSecret makes sure that the platform can prove with the secret who it is.
func checkSecret(signature contract.Signature, r Receiver) error {
	scheme, picky := signature.SigningScheme().(interface{ CheckSecret(string) error })
	switch {
	case signature.Signed() && r.Secret == "":
		return report.Misused("%s signs its deliveries: the signing secret of the receiver is needed", r.Platform)
	case signature.Scheme == contract.BearerKey && !signing.HeaderSafe(r.Secret):
		return report.Misused("the secret has white space, control characters or letters beyond ASCII, and %s sends it in a header", r.Platform)
	case signature.Several() && len(strings.Fields(r.Secret)) > 1:
		return report.Misused("the secret has several parts; give the one secret that the receiver has: the run adds a second one where it needs it")
	case picky:
		if err := scheme.CheckSecret(r.Secret); err != nil {
			return report.Misused("%s cannot sign with the secret: %s", r.Platform, err)
		}
	}
	return nil
}

// Understand finds out which reading of the signature the receiver has, for a suite of a user's own, where that is
// open.
func (s *Suite) Understand(ctx context.Context) error {
	if len(s.signature.Readings) == 0 {
		return nil
	}
	return s.Preflight(ctx)
}

// Preflight finds out whether somebody answers at the URL, and which reading of the documentation the receiver has
// where that leaves the form of a signature open.
func (s *Suite) Preflight(ctx context.Context) error {
	n, answered := uint64(0), ""
	defer s.client.Waits.Store(0)
	for i, event := range s.probes() {
		if i > 0 && answered == "" { // one has hung as long as we are patient, which is enough of that
			s.client.Waits.Store(exchange.WaitsInVain)
		}
		took, hung, err := s.understood(ctx, event, &n)
		if err != nil || took {
			return err
		}
		if !hung {
			answered = event
		}
	}
	if answered != "" {
		return s.tryDated(ctx, answered, &n)
	}
	return &report.Error{Kind: report.Unreachable, Message: fmt.Sprintf("%s accepts connections but does not answer within %s", exchange.RedactURL(s.Receiver.URL), s.client.Patience)}
}

// understood finds out which reading of the signature the receiver has, and whether it acknowledges an event at all.
func (s *Suite) understood(ctx context.Context, event string, n *uint64) (took, hung bool, err error) {
	readings := s.signature.Readings
	if len(readings) == 0 {
		readings = []contract.Reading{{Encoding: s.signature.Encoding, Prefix: s.signature.Prefix}}
	}
	var last exchange.Answer
	var best *contract.Reading // one that was acknowledged, with a 2xx if any is: a redirect may be a refusal
	was := s.signature
	for _, reading := range readings {
		s.signature = was.Read(reading)
		s.history.Reading()
		d := s.signed(event, "", s.payloads.Generated(event, *n))
		*n++
		last = s.client.Deliver(ctx, d.Header, d.Body)
		if err := ctx.Err(); err != nil {
			return false, false, err
		}
		if err := s.unreachable(last); err != nil {
			return false, false, err
		}
		took := exchange.Acknowledged(s.Platform, last)
		if took && (best == nil || last.Status/100 == 2) {
			best = &reading
		}
		if took && last.Status/100 == 2 || last.Hung {
			break
		}
	}
	s.signature = was
	if best != nil {
		s.signature = was.Read(*best)
		s.noteReading(*best)
	}
	return best != nil, last.Hung, nil
}

// tryDated tries an event that happens now on a receiver that refused one of the world, which may be of last year. No
// platform's documentation names an age at which an event is too old, and none sends old ones.
func (s *Suite) tryDated(ctx context.Context, event string, n *uint64) error {
	was := s.payloads
	if s.Platform.Rules.EventTime.Value == "" {
		return nil
	}
	dated, err := was.Dated(s.Platform)
	if err != nil {
		return err
	}
	s.payloads = dated
	took, _, err := s.understood(ctx, event, n)
	if err != nil {
		return err
	}
	if !took {
		s.payloads = was
		return nil
	}
	s.history.Dated()
	s.notes = append(s.notes, "payloads are dated now, and differ from run to run: the receiver refuses those of the past, whose bytes depend on the seed alone")
	return nil
}

// probes are the events to try: a second one in case that the receiver hangs on the first only, or refuses it.
func (s *Suite) probes() []string {
	if len(s.events) == 1 {
		return s.events
	}
	return []string{s.events[0], s.events[len(s.events)-1]}
}

// unreachable makes the error of a receiver that is not there. One that closes the connection is there.
func (s *Suite) unreachable(a exchange.Answer) error {
	if a.Complete() || a.Reached {
		return nil
	}
	return &report.Error{Kind: report.Unreachable, Message: fmt.Sprintf("%s cannot be reached: %s", exchange.RedactURL(s.Receiver.URL), a.Problem), Err: a.Err}
}

func (s *Suite) noteReading(r contract.Reading) {
	if len(s.signature.Readings) == 0 {
		return
	}
	form := r.Encoding
	if r.Prefix != "" {
		form += fmt.Sprintf(" after %q", r.Prefix)
	}
	s.notes = append(s.notes, fmt.Sprintf("signature encoding: %s (the platform does not document it; any encoding passes)", form))
}
