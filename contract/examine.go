package contract

import (
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"time"

	"github.com/quintain-dev/quintain/contract/signing"
)

// A Finding is what a body that came turned out to be.
type Finding struct {
	Event    string    // the name that the body gives itself, known or not, or that of the only event that it can be of; empty if there is neither
	ID       string    // the platform's dedup key; empty if there is none
	Valid    bool      // the body is what the platform documents, of one event or of several that have one shape
	Problems []Problem // the places where it is not
	Message  string    // why it could not be judged, or which events it may be of; empty if there is no more to say
}

// Examine says what a body is, and whether it is what the platform documents. It reads JSON, and forms where the
// Content-Type says so: a form's values are judged as the types that the contract gives them. A body that would take
// too long is not judged: it is not Valid, and Message says that it was not judged, and why.
func (p *Platform) Examine(contentType string, body []byte) Finding {
	var out Finding
	value, form, err := decodeAs(contentType, body)
	if err != nil {
		out.Message = err.Error()
		return out
	}
	if key := p.Rules.DedupKey.Value; key != "" {
		switch id := At(value, key).(type) {
		case string:
			out.ID = id
		case json.Number:
			out.ID = id.String()
		}
	}
	typed := func(e *EventType) any {
		if form {
			return e.typed(value)
		}
		return value
	}
	event, fits, err := p.identify(value, typed)
	if err != nil {
		out.Event, out.Valid, out.Message = p.NameOf(value), fits, err.Error()
		return out
	}
	out.Event, out.Valid = event.Name, fits
	if fits {
		return out
	}
	v, err := event.compiled()
	if err == nil {
		err = v.validate(event.Name, typed(event))
	}
	var invalid *ValidationError
	switch {
	case err == nil:
		out.Valid = true
	case errors.As(err, &invalid):
		out.Problems = invalid.Problems
	default:
		out.Message = err.Error()
	}
	return out
}

func decodeAs(contentType string, body []byte) (value any, form bool, err error) {
	if media, _, err := mime.ParseMediaType(contentType); err == nil && media == "application/x-www-form-urlencoded" {
		if formParts(body) > maxPlaces {
			return nil, true, tooManyParts
		}
		value, err := DecodeForm(body)
		return value, true, err
	}
	value, err = decodeBounded(body)
	return value, false, err
}

// The words of Check beside those of an error.
const (
	SignatureValid = "valid"
	SignatureNone  = "none" // the request carries none
)

// Check says whether a request carries the proof of one of the secrets: SignatureValid, SignatureNone, or in words what
// is wrong with the proof for the first of them. It is "" if there is nothing to check, because the platform proves
// nothing or no secret is known.
func (s Signature) Check(h http.Header, body []byte, now time.Time, secrets ...string) string {
	scheme := s.SigningScheme()
	if _, unsigned := scheme.(signing.Unsigned); unsigned {
		return ""
	}
	verdict := ""
	for _, secret := range secrets {
		if secret == "" {
			continue
		}
		err := scheme.Verify(h, secret, body, now)
		switch {
		case err == nil:
			return SignatureValid
		case verdict != "":
		case h.Get(scheme.Headers()[0]) == "":
			verdict = SignatureNone
		default:
			verdict = err.Error()
		}
	}
	return verdict
}
