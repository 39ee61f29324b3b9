// Package receiversteps has the steps that judge a receiver: what each step sends, what it makes of the answers, and
// which facts it reports to package cause. A Suite is what the scenarios of a run share, a Run is one of them, and
// Library lists the steps, with the functions that do them in one file for each feature.
//
// It does not decide which scenarios are run (package plan does), nor whose fault a failure is (package cause does).
package receiversteps

import (
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
	// Secret is the signing secret, or the bearer key. A platform that signs needs it. For mighty it may be empty, and
	// the rules about the key are then not run; ambassify has none.
	Secret string

	Events []string // only these event types; nil: all
	Rules  []string // only these rules, by id; nil: all
	Skip   []string // not these rules, by id

	Seed      uint64             // of the generated payloads: the same seed sends the same bodies
	Seeds     int                // generated payloads of each event; 0: 25
	FormStyle contract.FormStyle // the nesting style of forms that the receiver declares; empty: either passes
	Timeout   time.Duration      // for one answer; 0: the platform's

	Transport   http.RoundTripper   // nil: one of our own, without proxy
	Concurrency int                 // scenarios of good deliveries at once, the others come one at a time; 0: 4
	Progress    func(report.Result) // called after each scenario, one call at a time; may be nil
}
