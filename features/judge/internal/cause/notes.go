package cause

import (
	"fmt"
	"strings"
	"time"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/internal/phrase"
)

// Notes says what is true of the whole run, for its report: what all good deliveries came to, whether the receiver was
// gone, and whether it limited rates. secret says whether the run was given one.
func (h *History) Notes(p *contract.Platform, url string, secret bool) []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var notes []string
	if same := h.oneOutcome(); same != "" {
		notes = append(notes, fmt.Sprintf("every good delivery was %s: the platform wants %s%s",
			same, p.Rules.Success.Value, secretHint(p.Rules.Signature.Value, secret, same)))
	}
	if gone := h.Gone(url); gone != "" {
		notes = append(notes, gone)
	}
	if h.ofGood && h.good > 0 {
		why := "the receiver limits how much it takes"
		if h.later {
			why += ", or locks out who forges: there was no 429 before"
		}
		notes = append(notes, fmt.Sprintf("deliveries were answered 429 (%s), for which the run waited %s: %s; what it still does not take counts as not acknowledged",
			phrase.Count(h.limited, "time"), h.waited.Round(time.Second), why))
	}
	if h.good > 0 && h.accepted == 0 {
		notes = append(notes, "every good delivery was answered with a redirect, which the platform takes for a success; is the secret that was given the receiver's?")
	}
	return notes
}

// oneOutcome says what all good deliveries came to, if none was acknowledged and all came to the same.
func (h *History) oneOutcome() string {
	if h.good > 0 || len(h.statuses) != 1 {
		return ""
	}
	for what := range h.statuses {
		return what
	}
	return ""
}

// secretHint guesses at a secret where every good delivery was rejected for its proof.
func secretHint(s contract.Signature, secret bool, outcome string) string {
	switch {
	case !strings.HasSuffix(outcome, " 401") && !strings.HasSuffix(outcome, " 403"):
		return ""
	case s.Signed():
		return "; is the secret that was given the receiver's?"
	case s.Scheme == contract.BearerKey && !secret:
		return "; does the receiver want a key? None was given"
	case s.Scheme == contract.BearerKey:
		return "; is the key that was given the receiver's?"
	}
	return ""
}

// Deaf reports whether good deliveries were sent and not one was acknowledged.
func (h *History) Deaf() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.good == 0 && len(h.statuses) > 0
}
