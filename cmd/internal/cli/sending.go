package cli

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver/client"
)

// sending is how deliveries are sent, as flags say it. What is not said is as the platform documents it.
type sending struct {
	faults                          string
	jitter                          share
	schedule                        []string
	timeout                         time.Duration
	retryAfter, gone, revealSecrets bool
	disableAfter                    int
	success, signature, stamp       string
	start                           string // of a clock that does not show the time of the machine

	changed func(flag string) bool
}

// sendingFlags are the names of the flags.
var sendingFlags = []string{
	"faults", "jitter", "schedule", "timeout", "retry-after", "gone", "disable-after", "success", "signature", "stamp", "start", "reveal-secrets",
}

func (s *sending) flags(cmd *cobra.Command) {
	s.changed = cmd.Flags().Changed
	f := cmd.Flags()
	f.StringVar(&s.faults, "faults", "", `how the sender misbehaves, such as "30% lost, duplicate x2"; "quintain faults" lists what there is`)
	f.Var(&s.jitter, "jitter", "make each delay longer by up to this share of it, such as 10% or 0.1, drawn from the seed")
	f.StringSliceVar(&s.schedule, "schedule", nil, "the delays before the retries, such as 5s,5m,30m; empty for no retries (default: the platform's)")
	f.DurationVar(&s.timeout, "timeout", 0, "of an attempt, in real time, 1ms to 10m (default: the platform's)")
	f.BoolVar(&s.retryAfter, "retry-after", false, "let an answer's Retry-After make a delay longer")
	f.BoolVar(&s.gone, "gone", false, "switch the webhook off when 410 is answered")
	f.IntVar(&s.disableAfter, "disable-after", 0, "switch the webhook off after so many failures in a row, as the platform counts them; 0 for never (default: the platform's)")
	f.StringVar(&s.success, "success", "", "which statuses acknowledge: exactly-200, 2xx or below-400 (default: the platform's)")
	f.StringVar(&s.signature, "signature", "", "how deliveries are signed: platform or standard-webhooks (default: platform)")
	f.StringVar(&s.stamp, "stamp", "", "what timestamps and signatures are made with: real time, or the time of the schedule (default: real)")
	f.StringVar(&s.start, "start", "", "when a scaled or virtual clock begins, such as 2026-03-01T09:00:00Z: with the same seed and start, two runs are equal (default: now)")
	f.BoolVar(&s.revealSecrets, "reveal-secrets", false, "show keys in the journal as they were sent")
	for flag, values := range map[string][]string{
		"success":   {string(contract.Exactly200), string(contract.Any2xx), string(contract.Below400)},
		"signature": {platformSignature, contract.StandardWebhooks},
		"stamp":     {"real", "schedule"},
	} {
		// the flag is there
		_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
	}
}

// The bounds of --timeout: of what the server takes in milliseconds.
const (
	minTimeout = time.Millisecond
	maxTimeout = 10 * time.Minute
)

// into puts what was said into a community that is about to be made.
func (s *sending) into(n *client.NewCommunity) error {
	if s.changed("timeout") && (s.timeout < minTimeout || s.timeout > maxTimeout || s.timeout%time.Millisecond != 0) {
		return misuse("--timeout %s is no timeout, want whole milliseconds from %s to %s", s.timeout, minTimeout, maxTimeout)
	}
	n.Faults, n.Jitter, n.TimeoutMS = s.faults, float64(s.jitter), int(s.timeout.Milliseconds())
	n.RetryAfter, n.Gone, n.RevealSecrets = s.retryAfter, s.gone, s.revealSecrets
	n.Success, n.Signature, n.Stamp = s.success, s.signature, s.stamp
	if s.changed("schedule") {
		n.Schedule = []string{} // not nil: an empty one has no retries
		for _, delay := range s.schedule {
			n.Schedule = append(n.Schedule, strings.TrimSpace(delay))
		}
	}
	if s.changed("disable-after") {
		n.DisableAfter = &s.disableAfter
	}
	if s.start == "" {
		return nil
	}
	if n.Clock == nil || n.Clock.Mode == client.ClockReal {
		return misuse("--start goes with a clock that is scaled or virtual, and this one shows the time of the machine")
	}
	start, err := s.begins(time.Time{})
	clock := *n.Clock // which others have, too
	clock.Start = &start
	n.Clock = &clock
	return err
}

// begins returns when the clock begins: at the time given, if nothing else was said.
func (s *sending) begins(otherwise time.Time) (time.Time, error) {
	if s.start == "" {
		return otherwise, nil
	}
	start, err := time.Parse(time.RFC3339, s.start)
	if err != nil {
		return start, misuse("--start %q is not a time; write it as 2026-03-01T09:00:00Z", s.start)
	}
	return start, nil
}

// A share is the value of a flag that is a percentage, or a number from 0 to 1.
type share float64

// Set reads the value, as 10% or 0.1.
func (s *share) Set(text string) error {
	digits, percent := strings.CutSuffix(text, "%")
	value, err := strconv.ParseFloat(digits, 64)
	if percent {
		value /= 100
	}
	if err != nil || !(value >= 0 && value <= 1) { // not a number is not in between
		return errors.New("want 0% to 100%, such as 10%, or 0 to 1, such as 0.1")
	}
	*s = share(value)
	return nil
}

// String writes the value as a number.
func (s *share) String() string { return strconv.FormatFloat(float64(*s), 'f', -1, 64) }

// Type names the kind of value in help texts.
func (s *share) Type() string { return "share" }
