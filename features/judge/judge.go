package judge

import (
	"context"

	"github.com/quintain-dev/quintain/features/judge/internal/plan"
	"github.com/quintain-dev/quintain/features/judge/internal/receiversteps"
	"github.com/quintain-dev/quintain/features/judge/internal/rule"
	"github.com/quintain-dev/quintain/features/judge/internal/sendersteps"
)

// A Receiver is the endpoint under test, and what of it is to be judged.
type Receiver = receiversteps.Receiver

// A Sender is a mock server, or any sender that has the mock's control API.
type Sender = sendersteps.Sender

// Verify judges a receiver by every rule that applies to its platform. What it finds is in the report. The error is an
// *Error if the run could not be made, or the context's error if it was canceled.
func Verify(ctx context.Context, r Receiver) (*Report, error) {
	return plan.VerifyReceiver(ctx, r)
}

// VerifySender judges a sender by every rule that applies to its platform. What it finds is in the report. The error is
// an *Error if the run could not be made, or the context's error if it was canceled.
func VerifySender(ctx context.Context, s Sender) (*Report, error) {
	return plan.VerifySender(ctx, s)
}

// A Rule is one numbered requirement, with its level for each platform.
type Rule = rule.Rule

// A Side is who a Rule is about.
type Side = rule.Side

// The sides that a Rule may be about.
const (
	OfReceiver = rule.OfReceiver
	OfSender   = rule.OfSender
)

// Rules returns every rule, in the order of reports, also those that are not built yet.
func Rules() []Rule { return rule.All() }
