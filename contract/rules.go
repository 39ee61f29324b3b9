package contract

import (
	"strings"
	"time"
	"unicode"
)

// Grade says where a fact comes from.
type Grade string

// The grades, from the firmest.
const (
	Documented Grade = "documented" // the platform's own documentation says so
	Observed   Grade = "observed"   // the vendor's code or real deliveries show it
	Inferred   Grade = "inferred"   // follows from what is documented or observed
	Chosen     Grade = "chosen"     // the platform is silent; we chose
)

// Source is the page a fact was read on.
type Source struct {
	Page string `json:"page"` // a URL, or the name of a seed document
	Date string `json:"date"` // YYYY-MM-DD: of the page's samples, else of the reading
}

// A Fact is a value with its grade and source.
type Fact[T any] struct {
	Value  T      `json:"value"`
	Grade  Grade  `json:"grade"`
	Source Source `json:"source"`
	Note   string `json:"note,omitempty"` // what else there is to know: what is silent, what was chosen
}

// Rules are a platform's delivery rules at one revision: the x-delivery part of its document.
type Rules struct {
	Encodings     Fact[[]Encoding]          `json:"encodings"`    // the first is the default
	ContentTypes  Fact[map[Encoding]string] `json:"contentTypes"` // the Content-Type of each encoding
	Success       Fact[SuccessRule]         `json:"success"`
	RefusalStatus *Fact[RefusalStatus]      `json:"refusalStatus,omitempty"` // nil if the platform has none
	Schedule      Fact[RetrySchedule]       `json:"schedule"`
	DisableAfter  Fact[DisableAfter]        `json:"disableAfter"`
	Timeout       Fact[time.Duration]       `json:"timeout"` // for one attempt, until the answer is complete
	Signature     Fact[Signature]           `json:"signature"`
	Handshake     Fact[Handshake]           `json:"handshake"`
	// template of JSON pointers, such as {/event/resource}.{/event/name}; empty if a body does not say
	EventName Fact[string] `json:"eventName"`
	// how the name that a body gives is spelled; empty: as in the catalogue
	Spelling Spelling `json:"spelling,omitempty"`
	// JSON pointer into a body; empty if there is none
	DedupKey Fact[string] `json:"dedupKey"`
	// JSON pointer into a body; empty if there is none
	EventTime   Fact[string] `json:"eventTime"`
	AtLeastOnce Fact[bool]   `json:"atLeastOnce"` // a delivery may arrive more than once
	Unstable    Fact[bool]   `json:"unstable"`    // payloads may change without notice
}

// Spelling is how a platform's bodies spell the names of its catalogue.
type Spelling string

// The spellings.
const (
	AsNamed    Spelling = "name"  // MemberJoined
	WithHook   Spelling = "hook"  // MemberJoinedHook
	UpperSnake Spelling = "upper" // MEMBER_JOINED
)

// Of returns the name of an event as it is spelled.
func (s Spelling) Of(event string) string {
	switch s {
	case WithHook:
		return event + "Hook"
	case UpperSnake:
		var out strings.Builder
		runes := []rune(event)
		for i, r := range runes {
			if isHump(runes, i) {
				out.WriteByte('_')
			}
			out.WriteRune(unicode.ToUpper(r))
		}
		return out.String()
	default:
		return event
	}
}

// Words splits a name at what is neither letter nor digit, and at the humps of camelCase: HTTPServerId is HTTP, Server,
// Id.
func Words(name string) []string {
	runes := []rune(name)
	var out []string
	start := -1
	flush := func(end int) {
		if start >= 0 && start < end {
			out = append(out, string(runes[start:end]))
		}
		start = -1
	}
	for i, r := range runes {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			flush(i)
			continue
		}
		if isHump(runes, i) {
			flush(i)
		}
		if start < 0 {
			start = i
		}
	}
	flush(len(runes))
	return out
}

// isHump reports whether a word of camelCase begins inside a name: the S and the I of HTTPServerId.
func isHump(name []rune, i int) bool {
	if i == 0 || !unicode.IsUpper(name[i]) || !unicode.IsLetter(name[i-1]) && !unicode.IsDigit(name[i-1]) {
		return false
	}
	return !unicode.IsUpper(name[i-1]) || i+1 < len(name) && unicode.IsLower(name[i+1])
}

// Encoding is how a body is written.
type Encoding string

// The encodings.
const (
	JSON Encoding = "json"
	Form Encoding = "form"
)

// SuccessRule is what a platform takes for an acknowledgement.
type SuccessRule string

// The success rules.
const (
	Exactly200 SuccessRule = "exactly-200" // 200 and nothing else
	Any2xx     SuccessRule = "2xx"         // 200 to 299
	Below400   SuccessRule = "below-400"   // a failure is a status of 400 or more
)

// Acknowledges reports whether an answer with this status acknowledges a delivery. Status 0, no answer, never does.
func (r SuccessRule) Acknowledges(status int) bool {
	switch r {
	case Exactly200:
		return status == 200
	case Below400:
		return status >= 200 && status < 400
	default:
		return status >= 200 && status < 300
	}
}

// String says the rule in words, as in "want 200 exactly".
func (r SuccessRule) String() string {
	switch r {
	case Exactly200:
		return "200 exactly"
	case Below400:
		return "a status below 400"
	default:
		return "a 2xx status"
	}
}

// RefusalStatus is a place in the body of an answer where a platform's receivers say that they refuse, whatever the
// HTTP status.
type RefusalStatus struct {
	Pointer string `json:"pointer"` // JSON pointer into the answer's body
	Equals  string `json:"equals"`  // the string that refuses
}

// RetrySchedule is the ordered delays before each retry, each 0 to MaxDelay; its length is the number of retries. A
// delay counts from the start of the attempt before it.
type RetrySchedule []time.Duration

// MaxDelay is the longest delay before a retry: 8760 hours.
const MaxDelay = 365 * 24 * time.Hour

// Total returns the time from the first attempt to the last retry.
func (s RetrySchedule) Total() time.Duration {
	var sum time.Duration
	for _, d := range s {
		sum += d
	}
	return sum
}

// Shortest returns the shortest delay, or 0 for an empty schedule: no attempt can cause another one sooner.
func (s RetrySchedule) Shortest() time.Duration {
	var shortest time.Duration
	for i, d := range s {
		if i == 0 || d < shortest {
			shortest = d
		}
	}
	return shortest
}

// DisableAfter is when a platform switches a webhook off.
type DisableAfter struct {
	Failures int    `json:"failures"` // consecutive failures; 0 = never
	Counts   string `json:"counts"`   // CountRetries or CountAttempts
}

// RetriesOfOne returns the delays of a delivery that fails until its end, if it is the only one of a new webhook: the schedule,
// or its beginning where the webhook is disabled before.
func (r Rules) RetriesOfOne() RetrySchedule {
	schedule, disable := r.Schedule.Value, r.DisableAfter.Value
	if disable.Failures == 0 {
		return schedule
	}
	retries := disable.Failures
	if disable.Counts == CountAttempts {
		retries--
	}
	return schedule[:min(retries, len(schedule))]
}

// What DisableAfter counts.
const (
	CountRetries  = "retries"  // failed retries; a first attempt does not count
	CountAttempts = "attempts" // every failed attempt
)
