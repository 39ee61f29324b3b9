package judge

import (
	"context"
	"fmt"
	"strings"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/contract/signing"
)

// checkSecret makes sure that the platform can prove with the secret who it is.
func checkSecret(signature contract.Signature, r Receiver) error {
	scheme, picky := signature.SigningScheme().(interface{ CheckSecret(string) error })
	switch {
	case signature.Signed() && r.Secret == "":
		return Misused("%s signs its deliveries: the signing secret of the receiver is needed", r.Platform)
	case signature.Scheme == contract.BearerKey && !signing.HeaderSafe(r.Secret):
		return Misused("the secret has white space, control characters or letters beyond ASCII, and %s sends it in a header", r.Platform)
	case signature.Several() && len(strings.Fields(r.Secret)) > 1:
		return Misused("there are several secrets; give the one that the receiver has, and SIG-9 signs with another beside it")
	case picky:
		if err := scheme.CheckSecret(r.Secret); err != nil {
			return Misused("%s cannot sign with the secret: %s", r.Platform, err)
		}
	}
	return nil
}

// preflight finds out whether somebody answers at the URL, and which reading of the documentation the receiver has where
// that leaves the form of a signature open.
func (s *suite) preflight(ctx context.Context) error {
	n, answered := uint64(0), ""
	defer s.wire.waits.Store(0)
	for i, event := range s.probes() {
		if i > 0 && answered == "" { // one has hung as long as we are patient, which is enough of that
			s.wire.waits.Store(waitsInVain)
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
	return &Error{Kind: Unreachable, Message: fmt.Sprintf("%s accepts connections but does not answer within %s", redactURL(s.receiver.URL), s.wire.patience)}
}

// understood finds out which reading of the signature the receiver has, and whether it acknowledges an event at all.
func (s *suite) understood(ctx context.Context, event string, n *uint64) (took, hung bool, err error) {
	readings := s.signature.Readings
	if len(readings) == 0 {
		readings = []contract.Reading{{Encoding: s.signature.Encoding, Prefix: s.signature.Prefix}}
	}
	var last answer
	var best *contract.Reading // one that was acknowledged, with a 2xx if any is: a redirect may be a refusal
	was := s.signature
	for _, reading := range readings {
		s.signature = was.Read(reading)
		d := s.signed(event, "", s.payloads.generated(event, *n))
		*n++
		last = s.wire.deliver(ctx, d.header, d.body)
		if err := ctx.Err(); err != nil {
			return false, false, err
		}
		if err := s.unreachable(last); err != nil {
			return false, false, err
		}
		took := acknowledged(s.platform, last)
		if took && (best == nil || last.status/100 == 2) {
			best = &reading
		}
		if took && last.status/100 == 2 || last.hung {
			break
		}
	}
	s.signature = was
	if best != nil {
		s.signature = was.Read(*best)
		s.noteReading(*best)
	}
	return best != nil, last.hung, nil
}

// tryDated tries an event that happens now on a receiver that refused one of the world, which may be of last year. No
// platform's documentation names an age at which an event is too old, and none sends old ones.
func (s *suite) tryDated(ctx context.Context, event string, n *uint64) error {
	was := s.payloads
	if s.platform.Rules.EventTime.Value == "" {
		return nil
	}
	dated, err := was.dated(s.platform)
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
	s.notes = append(s.notes, "payloads are dated now, and differ from run to run: the receiver refuses those of the past, whose bytes depend on the seed alone")
	return nil
}

// probes are the events to try: a second one in case that the receiver hangs on the first only, or refuses it.
func (s *suite) probes() []string {
	if len(s.events) == 1 {
		return s.events
	}
	return []string{s.events[0], s.events[len(s.events)-1]}
}

// unreachable makes the error of a receiver that is not there. One that closes the connection is there.
func (s *suite) unreachable(a answer) error {
	if a.complete() || a.reached {
		return nil
	}
	return &Error{Kind: Unreachable, Message: fmt.Sprintf("%s cannot be reached: %s", redactURL(s.receiver.URL), a.problem), Err: a.err}
}

func (s *suite) noteReading(r contract.Reading) {
	if len(s.signature.Readings) == 0 {
		return
	}
	form := r.Encoding
	if r.Prefix != "" {
		form += fmt.Sprintf(" after %q", r.Prefix)
	}
	s.notes = append(s.notes, fmt.Sprintf("the signature is read as %s: the platform does not document its form, and any reading passes", form))
}
