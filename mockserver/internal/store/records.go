package store

import (
	"net/http"
	"time"

	"github.com/quintain-dev/quintain/contract"
)

// A Webhook is a registered endpoint.
type Webhook struct {
	ID        string
	URL       string
	Events    []string // names, or "*" for all
	Secret    Secret
	Rotation  Rotation
	Faults    string                  // of its deliveries, as package fault reads it; empty: the community's
	Schedule  *contract.RetrySchedule // nil: the community's
	Timeout   time.Duration           // 0: the community's
	Active    bool
	Disabled  bool            // switched off by failures, not by hand
	Streak    contract.Streak // consecutive failures
	CreatedAt time.Time       // schedule time, as all times here but Capture.Received and, most often, Attempt.Stamp
	UpdatedAt time.Time
}

// A Rotation is the change of a webhook's secret while both are valid. The zero value is no change.
type Rotation struct {
	Previous Secret    // the secret before
	Until    time.Time // when it ends to be valid
	SignWith SignWith
}

// SignWith says which of two valid secrets signs, where a signature is of one secret.
type SignWith string

// The ways to sign during a rotation.
const (
	SignBoth SignWith = "both" // in turn; both at once where the scheme carries several signatures
	SignNew  SignWith = "new"
	SignOld  SignWith = "old"
)

// An Event is one occurrence. Its body is stored once, however many deliveries and attempts carry it.
type Event struct {
	Number      uint64 // in the community, from 1
	ID          string // the id in the body, or one of ours on platforms that have none
	Type        string
	N           uint64 // the number of its payload
	Time        time.Time
	Body        []byte
	ContentType string
}

// A Delivery is one event owed to one webhook.
type Delivery struct {
	contract.Delivery
	ID        string
	Sequence  uint64 // in the community, from 1; deliveries that are due at the same time go in this order
	WebhookID string
	Event     uint64 // its number
	EventID   string
	EventType string
	Faults    string   // of its attempts; empty: the webhook's
	Turn      uint64   // among deliveries that are due at the same time; mostly its sequence
	InTurn    bool     // it is sent when the one before it is final
	PutOff    []string // the faults that changed when it is sent, as package fault writes them
	CreatedAt time.Time
}

// An Attempt is one HTTP request of a delivery, or of a test.
type Attempt struct {
	ID         string
	DeliveryID string // empty for a test
	WebhookID  string
	EventType  string
	Number     int  // of the delivery, from 1
	Copy       int  // of a fault that sends the same again, from 1; 0 for the request that counts
	Manual     bool // asked for by hand, outside the schedule
	Due        time.Time
	Sent       time.Time     // when it began, in schedule time
	Stamp      time.Time     // what headers and signatures are stamped with: real time, or schedule time in a community that stamps so; a fault may set it off
	Begun      time.Time     // in real time; zero where that is left out
	Duration   time.Duration // in real time
	Request    Request
	Response   *Response // nil if there was no complete answer
	Failure    contract.Failure
	Error      string // the failure in words
	Outcome    contract.Outcome
	Faults     []string // how the sender misbehaved, as package fault writes it
	Phases     Phases
}

// An Entry is an attempt in its place in the journal, and its delivery.
type Entry struct {
	Position uint64 // in the journal, from 1, in the order in which the attempts were added
	Attempt  Attempt
	Delivery Delivery // as it is now; the zero value for a test
}

// Phases says when the parts of an exchange were done, in real time since it began. A part that there was not, as
// connecting on a connection that was kept, is 0.
type Phases struct {
	Resolved  time.Duration // the name had an address
	Connected time.Duration
	Secured   time.Duration // the TLS handshake was done
	Wrote     time.Duration // the request was written
	FirstByte time.Duration // of the answer
	Done      time.Duration // the answer was read, or given up
	Reused    bool          // the connection was kept from an exchange before
	Remote    string        // the address that was sent to; empty if unknown
}

// A Request is what was sent. Credentials are blotted out of its headers.
type Request struct {
	Method string
	URL    string
	Header http.Header
	Body   []byte
	// the bytes as they were sent, where a fault made others of them, the first 64 kB; nil: as header and body say
	Wire []byte

	Truncated bool // there was more than Body has
}

// A Response is what came back.
type Response struct {
	Status    int
	Header    http.Header
	Body      []byte
	Truncated bool // there was more than Body has
}

// A Capture is a request that an inbox got.
type Capture struct {
	Number    uint64 // in the inbox, from 1
	Inbox     string
	Method    string
	Path      string // behind the inbox's own address, as it was sent; empty, or begins with a slash
	Query     string // as it was sent
	Header    http.Header
	Body      []byte
	Truncated bool      // the body was longer than what is kept
	At        time.Time // schedule time
	Received  time.Time // real time
	Answered  string    // the answer of the script, as it stands there; empty if the sender broke off
	Event     string    // as the body says it; empty if it does not
	Attempt   int       // how often this delivery has come to the inbox, from 1
	Valid     bool      // the body is what the platform documents; false, too, of one that was not judged
	Problems  []contract.Problem
	Signature string // as contract.Signature.Check says it; empty, too, if the body is not there whole
}
