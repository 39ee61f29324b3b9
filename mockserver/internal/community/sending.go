package community

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/contract/signing"
	"github.com/quintain-dev/quintain/mockserver/internal/fault"
	"github.com/quintain-dev/quintain/mockserver/internal/problem"
	"github.com/quintain-dev/quintain/mockserver/internal/store"
)

// StampMode says which time goes into timestamp headers and signatures.
type StampMode string

// The stamp modes.
const (
	// the time of the machine, whatever the schedule says: every honest receiver looks at it
	StampReal     StampMode = "real"
	StampSchedule StampMode = "schedule" // the time of the schedule, so that two runs are the same to the byte
)

// The signatures of a community.
const (
	PlatformSignature = "platform"
	StandardWebhooks  = contract.StandardWebhooks // https://www.standardwebhooks.com
)

// signed returns the platform as the community signs.
func (n New) signed(platform *contract.Platform) (*contract.Platform, error) {
	switch n.Signature {
	case "", PlatformSignature:
		return platform, nil
	case StandardWebhooks:
		return platform.WithSignature(contract.StandardWebhooks)
	default:
		return nil, problem.Unknown(problem.InvalidValue, "signature", n.Signature, []string{PlatformSignature, StandardWebhooks})
	}
}

// policy checks and completes how results are taken.
func (n New) policy(rules contract.Rules) (contract.Policy, error) {
	p := contract.Policy{
		Success: rules.Success.Value, Schedule: rules.Schedule.Value, Jitter: n.Jitter, RetryAfter: n.RetryAfter, Gone: n.Gone,
	}
	if n.Schedule != nil {
		if err := checkSchedule(*n.Schedule); err != nil {
			return p, err
		}
		p.Schedule = slices.Clone(*n.Schedule)
	}
	if !(n.Jitter >= 0 && n.Jitter <= 1) {
		return p, problem.Invalid("jitter", "is %v, want 0 (none) to 1 (delays up to twice as long)", n.Jitter)
	}
	if n.Success != "" {
		known := []string{string(contract.Exactly200), string(contract.Any2xx), string(contract.Below400)}
		if p.Success = n.Success; !slices.Contains(known, string(n.Success)) {
			return p, problem.Unknown(problem.InvalidValue, "success rule", string(n.Success), known)
		}
	}
	return p, nil
}

func checkSchedule(schedule contract.RetrySchedule) error {
	if len(schedule) > MaxSchedule {
		return problem.Invalid("schedule", "has %d delays, want at most %d", len(schedule), MaxSchedule)
	}
	for _, delay := range schedule {
		if delay < 0 || delay > MaxDelay {
			return problem.Invalid("schedule", "has the delay %s, want 0s to %s", delay, MaxDelay)
		}
	}
	return nil
}

func checkTimeout(timeout time.Duration) error {
	if timeout < time.Millisecond || timeout > MaxTimeout {
		return problem.Invalid("timeout_ms", "is %d, want 1 to %d", timeout.Milliseconds(), MaxTimeout.Milliseconds())
	}
	return nil
}

// sending checks and completes how deliveries are signed, stamped and spoilt.
func (n New) sending(s *Settings, ownTransport bool) error {
	if n.Secret != nil {
		if err := s.checkSecret(*n.Secret); err != nil {
			return err
		}
	}
	switch s.Stamp = n.Stamp; n.Stamp {
	case "":
		s.Stamp = StampReal
	case StampReal, StampSchedule:
	default:
		return problem.Unknown(problem.InvalidValue, "stamp", string(n.Stamp), []string{string(StampReal), string(StampSchedule)})
	}
	if n.MaxWebhooks < 0 {
		return problem.Invalid("max_webhooks", "is %d, want 0 (as many as there are made) or more", n.MaxWebhooks)
	}
	s.MaxWebhooks, s.RevealSecrets = n.MaxWebhooks, n.RevealSecrets
	s.faultless = s.impossible(ownTransport)
	var err error
	s.Faults, err = s.parseFaults(n.Faults)
	return err
}

// maxSecret is the largest size of a secret or token, in bytes.
const maxSecret = 512

// checkSecret checks a signing secret. One that is sent as it is must fit into a header, and one that has a form must
// have it.
func (s Settings) checkSecret(secret string) error {
	if len(secret) > maxSecret {
		return problem.Invalid("secret", "has %d bytes, want at most %d", len(secret), maxSecret)
	}
	scheme := s.signature().SigningScheme()
	if s.signature().Scheme == contract.BearerKey && !signing.HeaderSafe(secret) {
		return problem.Invalid("secret", "has white space, control characters or letters beyond ASCII").WithHint("%s sends it in a header", s.Platform)
	}
	if checker, ok := scheme.(interface{ CheckSecret(string) error }); ok && secret != "" {
		if err := checker.CheckSecret(secret); err != nil {
			return problem.Invalid("secret", "cannot be used: %v", err)
		}
	}
	return nil
}

// signature says how deliveries are signed.
func (s Settings) signature() contract.Signature { return s.Platform.Rules.Signature.Value }

// parseFaults reads a script of faults, and makes sure that each can do something here.
func (s Settings) parseFaults(text string) (fault.Plan, error) {
	plan, err := fault.Parse(text)
	if err == nil {
		err = plan.Check(s.faultless, s.Platform.EventNames())
	}
	if err != nil {
		sentence, hint := fault.Explain(err)
		return plan, problem.New(problem.BadFaults, "faults: %s", sentence).WithHint("%s", hint)
	}
	return plan, nil
}

// impossible says which needs of faults cannot be met, and why.
func (s Settings) impossible(ownTransport bool) map[fault.Need]error {
	out := map[fault.Need]error{}
	if len(s.signature().SigningScheme().Headers()) == 0 {
		out[fault.Proof] = errors.New(s.Platform.String() + " neither signs its deliveries nor sends a key")
	}
	if s.signature().TimestampHeader == "" {
		out[fault.Stamp] = errors.New("the deliveries of " + s.Platform.String() + " bear no timestamp")
	}
	if !ownTransport {
		out[fault.Wire] = errors.New("deliveries go through a transport of the caller's, and not over a wire of ours")
	}
	return out
}

// Sending is how the deliveries of a webhook are sent, where it differs from the community's. What is nil is as there.
type Sending struct {
	Faults   *string // a script of package fault; empty: the community's
	Schedule *contract.RetrySchedule
	Timeout  *time.Duration // 0: the community's
}

// check says what is wrong.
func (s Sending) check(settings Settings) error {
	if s.Faults != nil {
		if _, err := settings.parseFaults(*s.Faults); err != nil {
			return err
		}
	}
	if s.Schedule != nil {
		if err := checkSchedule(*s.Schedule); err != nil {
			return err
		}
	}
	if s.Timeout != nil && *s.Timeout != 0 {
		return checkTimeout(*s.Timeout)
	}
	return nil
}

// apply changes a webhook.
func (s Sending) apply(w *store.Webhook) {
	if s.Faults != nil {
		w.Faults = *s.Faults
	}
	if s.Schedule != nil {
		schedule := slices.Clone(*s.Schedule)
		w.Schedule = &schedule
	}
	if s.Timeout != nil {
		w.Timeout = *s.Timeout
	}
}

// policy returns how results of a webhook are taken.
func (l *life) policy(w store.Webhook) contract.Policy {
	p := l.settings.Policy
	if w.Schedule != nil {
		p.Schedule = *w.Schedule
	}
	return p
}

// disableRule returns when failures of a webhook switch it off. Where there are no retries to be counted, attempts are.
func (l *life) disableRule(w store.Webhook) contract.DisableAfter {
	rule := l.settings.Disable
	if len(l.policy(w).Schedule) == 0 {
		rule.Counts = contract.CountAttempts
	}
	return rule
}

// faultsOf returns the plan of a delivery: its own, the webhook's, or the community's, whichever is set first. A script
// is read once, and not for each attempt; it was read before, so it can be.
func (l *life) faultsOf(w store.Webhook, own string) fault.Plan {
	text := cmp.Or(own, w.Faults)
	if text == "" {
		return *l.faults.Load()
	}
	plan, ok := l.plans.Load(text)
	if !ok {
		read, _ := fault.Parse(text)
		plan, _ = l.plans.LoadOrStore(text, read)
	}
	return plan.(fault.Plan)
}

// Faults returns the community's script of faults.
func (c *Community) Faults() (string, error) {
	l, err := c.alive()
	if err != nil {
		return "", err
	}
	return l.faults.Load().String(), nil
}

// SetFaults changes the community's script of faults. Attempts that begin from now on go by it.
func (c *Community) SetFaults(text string) error {
	l, err := c.alive()
	if err != nil {
		return err
	}
	plan, err := c.settings.parseFaults(text)
	if err != nil {
		return err
	}
	l.faults.Store(&plan)
	return nil
}
