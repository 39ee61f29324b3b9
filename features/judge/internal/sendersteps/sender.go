// Package sendersteps has the steps that judge a sender: a mock server, or whatever has the mock's control API. A Suite
// is what the scenarios of a run share, a Run is one of them with a community of its own, and Library lists the steps,
// with the functions that do them in one file for each feature.
package sendersteps

import (
	"net/http"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/judge/report"
)

// A Sender is a mock server, or any sender that has the mock's control API.
type Sender struct {
	URL string // the base URL of the server
	// it ends with the run: the commands that replay a failure leave it to quintain to start another
	BuiltIn  bool
	Platform *contract.Platform // that it is asked to play
	Client   *http.Client       // for the control API; nil: one of our own

	Rules []string // only these rules, by id; nil: all
	Skip  []string // not these rules, by id

	Concurrency int                 // scenarios at once; 0: 4
	Progress    func(report.Result) // called after each scenario, one call at a time; may be nil
}
