package judge

import (
	"context"
	"net/http"
	"time"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/judge/report"
)

// A Receiver is the endpoint under test, and what of it is to be judged.
type Receiver struct {
	// URL is the hook: where the platform would post.
	URL string
	// Platform is whose deliveries the receiver takes, as from contract.Load("tribe").
	Platform *contract.Platform
	// Secret is the signing secret, or the bearer key. A platform that signs needs it. For mighty it may be empty, and the
	// rules about the key are then not run; ambassify has none.
	Secret string

	Events []string // only these event types; nil: all
	Rules  []string // only these rules, by id; nil: all
	Skip   []string // not these rules, by id

	Seed      uint64             // of the generated payloads: the same seed sends the same bodies
	Seeds     int                // generated payloads of each event for ACK-2; 0: 25
	FormStyle contract.FormStyle // the nesting style of forms that the receiver declares; empty: either passes ENC-1
	Timeout   time.Duration      // for one answer; 0: the platform's

	Transport   http.RoundTripper   // nil: one of our own, without proxy
	Concurrency int                 // scenarios of good deliveries at once, the others come one at a time; 0: 4
	Progress    func(report.Result) // called after each scenario, one call at a time; may be nil
}

// A Sender is a mock server, or any sender that has the mock's control API.
type Sender struct {
	URL      string             // the base URL of the server
	BuiltIn  bool               // it ends with the run: the commands that replay a failure leave it to quintain to start another
	Platform *contract.Platform // that it is asked to play
	Client   *http.Client       // for the control API; nil: one of our own

	Rules []string // only these rules, by id; nil: all
	Skip  []string // not these rules, by id

	Concurrency int                 // scenarios at once; 0: 4
	Progress    func(report.Result) // called after each scenario, one call at a time; may be nil
}

// Verify judges a receiver by every rule that applies to its platform. What it finds is in the report. The error is an
// *Error if the run could not be made, or the context's error if it was canceled.
func Verify(ctx context.Context, r Receiver) (*report.Report, error) {
	return verify(ctx, r)
}

// VerifySender judges a sender by every rule that applies to its platform. What it finds is in the report. The error is
// an *Error if the run could not be made, or the context's error if it was canceled.
func VerifySender(ctx context.Context, s Sender) (*report.Report, error) {
	return verifySender(ctx, s)
}
