package reference

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/contract/signing"
)

// An Event is a delivery that was acknowledged.
type Event struct {
	// as the body names it; on a platform whose bodies do not, the type whose schema it meets; may be empty
	Name string
	ID   string // the platform's dedup key; empty if it has none
	// as encoding/json decodes it, with numbers as json.Number; of a form, all values are strings
	Body      map[string]any
	Encoding  contract.Encoding // how it came
	Duplicate bool              // the id was seen before
}

// An Option changes a receiver that New makes.
type Option func(*receiver)

// OnEvent calls fn for every delivery that is acknowledged, before it is. Calls may come at once.
func OnEvent(fn func(Event)) Option { return func(r *receiver) { r.onEvent = fn } }

// WithClock gives the receiver another clock than the real one, to tell stale deliveries by.
func WithClock(now func() time.Time) Option { return func(r *receiver) { r.now = now } }

// WithoutHandshake makes the receiver leave the platform's handshake unanswered: a TEST message is refused.
func WithoutHandshake() Option { return func(r *receiver) { r.handshake = false } }

// New returns a receiver of a platform's deliveries. The secret is the signing secret or the bearer key; with an empty
// one a bearer platform's deliveries are all accepted, and none of a signing platform.
func New(platform *contract.Platform, secret string, options ...Option) http.Handler {
	r := &receiver{
		platform: platform, secret: secret, schemes: schemes(platform), now: time.Now, onEvent: func(Event) {}, handshake: true,
		seen: map[string]bool{},
	}
	for _, option := range options {
		option(r)
	}
	return r
}

// schemes returns every form of the signature that the platform's documentation admits.
func schemes(p *contract.Platform) []signing.Scheme {
	signature := p.Rules.Signature.Value
	if len(signature.Readings) == 0 {
		return []signing.Scheme{signature.SigningScheme()}
	}
	var out []signing.Scheme
	for _, reading := range signature.Readings {
		out = append(out, signature.Read(reading).SigningScheme())
	}
	return out
}

// maxBody is more than any platform sends.
const maxBody = 4 << 20

// maxSeen bounds the ids that are remembered.
const maxSeen = 100_000

type receiver struct {
	platform  *contract.Platform
	secret    string
	schemes   []signing.Scheme
	now       func() time.Time
	onEvent   func(Event)
	handshake bool

	mu   sync.Mutex
	seen map[string]bool // ids that were acknowledged
}

// refusal is why a request is not taken.
type refusal struct {
	status  int
	message string
}

func (e *refusal) Error() string { return e.message }

func (rc *receiver) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	answer, err := rc.receive(w, r)
	status := http.StatusOK
	if err != nil {
		var why *refusal
		if !errors.As(err, &why) {
			why = &refusal{http.StatusBadRequest, err.Error()}
		}
		if status = why.status; status == http.StatusMethodNotAllowed {
			w.Header().Set("Allow", http.MethodPost)
		}
		answer = rc.reply("", "FAILED", map[string]any{"error": why.message})
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer) // a sender that went away does not need it
}

// receive takes a request in the only safe order: limits, the raw body, its proof, and only then what it says.
func (rc *receiver) receive(w http.ResponseWriter, r *http.Request) (answer any, err error) {
	if r.Method != http.MethodPost {
		return nil, &refusal{http.StatusMethodNotAllowed, "deliveries are POST requests"}
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return nil, &refusal{http.StatusRequestEntityTooLarge, "the body is too large"}
		}
		return nil, &refusal{http.StatusBadRequest, "the body broke off"}
	}
	if err := rc.prove(r.Header, raw); err != nil {
		return nil, &refusal{http.StatusUnauthorized, err.Error()}
	}
	body, encoding, err := rc.read(r.Header.Get("Content-Type"), raw)
	if err != nil {
		return nil, err
	}
	if answer, err := rc.challenge(body); answer != nil || err != nil {
		return answer, err
	}
	return rc.take(raw, body, encoding)
}

// prove reports whether any form of the signature that the documentation admits is right.
func (rc *receiver) prove(h http.Header, raw []byte) (err error) {
	if rc.secret == "" {
		if rc.platform.Rules.Signature.Value.Signed() {
			return errors.New("this receiver has no secret to check signatures with")
		}
		return nil // no key is configured
	}
	for _, scheme := range rc.schemes {
		if err = scheme.Verify(h, rc.secret, raw, rc.now()); err == nil {
			return nil
		}
	}
	return err
}

// read decodes a body by its content type.
func (rc *receiver) read(contentType string, raw []byte) (map[string]any, contract.Encoding, error) {
	kind, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		return nil, "", &refusal{http.StatusUnsupportedMediaType, "the Content-Type cannot be read"}
	}
	rules := rc.platform.Rules
	for _, encoding := range rules.Encodings.Value {
		if kind != rules.ContentTypes.Value[encoding] {
			continue
		}
		if encoding == contract.Form {
			body, err := contract.DecodeForm(raw)
			return body, encoding, err
		}
		body, err := readJSON(raw)
		return body, encoding, err
	}
	return nil, "", &refusal{http.StatusUnsupportedMediaType, "the platform does not send " + kind}
}

func readJSON(raw []byte) (map[string]any, error) {
	if !utf8.Valid(raw) {
		return nil, errors.New("the body is not UTF-8")
	}
	var body map[string]any
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	if err := dec.Decode(&body); err != nil {
		return nil, errors.New("the body is not a JSON object")
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, errors.New("there is something after the JSON object")
	}
	if len(body) == 0 {
		return nil, errors.New("the body says nothing")
	}
	return body, nil
}

// challenge answers the platform's handshake, and returns nil for anything else.
func (rc *receiver) challenge(body map[string]any) (any, error) {
	if rc.platform.Rules.Handshake.Value != contract.ChallengeHandshake || body["type"] != contract.ChallengeMessage {
		return nil, nil
	}
	data, _ := body["data"].(map[string]any)
	challenge, ok := data["challenge"].(string)
	if !ok || !rc.handshake {
		return nil, errors.New("a TEST message needs a challenge")
	}
	return rc.reply(contract.ChallengeMessage, "SUCCEEDED", map[string]any{"challenge": challenge}), nil
}

// take acknowledges an event. One that this receiver does not know is acknowledged too: the platform may send more
// tomorrow than its documentation says today.
func (rc *receiver) take(raw []byte, body map[string]any, encoding contract.Encoding) (any, error) {
	event := Event{Body: body, Encoding: encoding, Name: rc.name(raw, body, encoding)}
	if key := rc.platform.Rules.DedupKey.Value; key != "" {
		id, ok := contract.At(body, key).(string)
		if !ok || id == "" {
			return nil, errors.New("there is no id at " + key)
		}
		event.ID, event.Duplicate = id, rc.repeated(id)
	}
	if rule := rc.platform.Rules.EventName; rule.Value != "" && rule.Grade == contract.Documented && event.Name == "" {
		return nil, errors.New("the body does not say what event it is")
	}
	rc.onEvent(event)
	kind, _ := body["type"].(string)
	return rc.reply(kind, "SUCCEEDED", nil), nil
}

// repeated remembers an id, and reports whether it was known.
func (rc *receiver) repeated(id string) bool {
	rc.mu.Lock()
	defer rc.mu.Unlock()
	if rc.seen[id] {
		return true
	}
	if len(rc.seen) >= maxSeen {
		clear(rc.seen)
	}
	rc.seen[id] = true
	return false
}

// reply is what the platform expects to read: an object with a status where it reads one, else our own.
func (rc *receiver) reply(kind, status string, data map[string]any) any {
	if rc.platform.Rules.RefusalStatus == nil {
		if data != nil {
			return data
		}
		return map[string]any{"received": true}
	}
	out := map[string]any{"status": status}
	if kind != "" {
		out["type"] = kind
	}
	if data != nil {
		out["data"] = data
	}
	return out
}

// name says which event a body is of.
func (rc *receiver) name(raw []byte, body map[string]any, encoding contract.Encoding) string {
	if name := rc.platform.NameOf(body); name != "" {
		return name
	}
	if encoding == contract.JSON {
		if event, err := rc.platform.Identify(raw); err == nil {
			return event.Name
		}
	}
	return ""
}
