package community

import (
	"slices"
	"strings"
	"time"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/contract/signing"
	"github.com/quintain-dev/quintain/fakes"
	"github.com/quintain-dev/quintain/mockserver/clock"
	"github.com/quintain-dev/quintain/mockserver/internal/fault"
	"github.com/quintain-dev/quintain/mockserver/internal/problem"
	"github.com/quintain-dev/quintain/mockserver/internal/store"
)

// New is what a community is made of. The zero value of a field is the default; of a pointer, nil.
type New struct {
	Platform string // reference, such as tribe@2021-12
	ID       string // 1 to 64 of A-Z a-z 0-9 . _ -; default: derived from the seed
	Name     string // for people; default: the platform's reference
	Seed     *uint64
	Token    string  // of the platform's admin API; default: made
	Secret   *string // of webhooks that have none of their own; default: made where deliveries are signed, else none
	Secrets  string  // what is made of these: SeededSecrets or RandomSecrets; default: seeded if there is a seed

	Clock ClockSettings

	Timeout      time.Duration
	Schedule     *contract.RetrySchedule
	Jitter       float64 // the share of a delay by which it may be longer, 0 to 1
	RetryAfter   bool    // an answer's Retry-After may make a delay longer
	Gone         bool    // a status of 410 switches the webhook off
	DisableAfter *int
	Success      contract.SuccessRule
	Signature    string // PlatformSignature or StandardWebhooks; default: the platform's
	Stamp        StampMode
	Faults       string // as package fault reads it
	Encoding     contract.Encoding
	FormStyle    contract.FormStyle
	RateLimit    *int // requests a window to the platform's admin API; 0 = never refused
	MaxWebhooks  int  // 0 = as many as there are made

	RevealSecrets bool // in the journal
}

// How the server makes the tokens and secrets of a community.
const (
	SeededSecrets = "seeded" // derived from the seed and the id, the same in every run
	RandomSecrets = "random"
)

// ClockSettings say which clock a community has.
type ClockSettings struct {
	Mode  clock.Mode // default: real
	Start time.Time  // of a scaled or virtual clock; default: now
	Scale float64    // of a scaled clock; default: DefaultScale
}

// DefaultScale makes seconds of hours.
const DefaultScale = 3600

// DefaultRateLimit is how many requests the platform's admin API answers in a window: Tryno documents this for a minute
// of its Pro plan, Bettermode for 10 seconds of Growth.
const DefaultRateLimit = 100

// The bounds of what can be set.
const (
	MaxTimeout  = 10 * time.Minute
	MaxSchedule = 100 // retries
	MaxDelay    = contract.MaxDelay
)

// Settings are a community's settings after defaults. They do not change.
type Settings struct {
	ID        string
	Name      string
	Platform  *contract.Platform
	Seed      uint64
	Token     store.Secret
	Secret    store.Secret
	Clock     ClockSettings
	Timeout   time.Duration
	Policy    contract.Policy
	Disable   contract.DisableAfter
	Stamp     StampMode
	Faults    fault.Plan
	Encoding  contract.Encoding
	FormStyle contract.FormStyle
	RateLimit int
	CreatedAt time.Time // real time

	MaxWebhooks   int
	RevealSecrets bool
	SecretGiven   bool // the secret was not made here, so that nobody is told it

	faultless map[fault.Need]error // needs of faults that cannot be met, and why
}

// world makes the world behind the payloads. It begins when the community's clock does, so that what happens in it is
// neither old nor still to come.
func (s Settings) world() *fakes.World {
	config := fakes.Config{Epoch: s.Clock.Start.UTC()}
	if s.Clock.Start.IsZero() {
		config.Epoch = s.CreatedAt.UTC().Truncate(time.Second)
	}
	return fakes.NewWorld(s.Seed, config)
}

// settings checks n and fills in the defaults, except for what must be unique in the registry.
func (n New) settings(platform *contract.Platform, ownTransport bool) (Settings, error) {
	rules := platform.Rules
	s := Settings{
		ID:        n.ID,
		Name:      n.Name,
		Platform:  platform,
		Token:     store.Secret(n.Token),
		Clock:     n.Clock,
		Timeout:   rules.Timeout.Value,
		Disable:   rules.DisableAfter.Value,
		Encoding:  rules.Encodings.Value[0],
		FormStyle: contract.FormStyles()[0],
		RateLimit: DefaultRateLimit,
		CreatedAt: time.Now(),
	}
	if s.Name == "" {
		s.Name = platform.String()
	}
	if s.Seed = randomSeed(); n.Seed != nil {
		s.Seed = *n.Seed
	}
	if err := n.texts(); err != nil {
		return s, err
	}
	if err := s.Clock.complete(); err != nil {
		return s, err
	}
	if n.Timeout != 0 {
		if err := checkTimeout(n.Timeout); err != nil {
			return s, err
		}
		s.Timeout = n.Timeout
	}
	var err error
	if s.Policy, err = n.policy(rules); err != nil {
		return s, err
	}
	if err := n.sending(&s, ownTransport); err != nil {
		return s, err
	}
	if err := n.limits(&s); err != nil {
		return s, err
	}
	err = n.form(&s)
	return s, err
}

// limits sets after how many failures a webhook is switched off, and how many requests the admin API answers.
func (n New) limits(s *Settings) error {
	if n.DisableAfter != nil {
		if s.Disable.Failures == 0 { // the platform says nothing of what is counted
			s.Disable.Counts = contract.CountAttempts
		}
		if s.Disable.Failures = *n.DisableAfter; s.Disable.Failures < 0 {
			return problem.Invalid("disable_after", "is %d, want 0 (never) or more", s.Disable.Failures)
		}
	}
	if n.RateLimit != nil {
		if s.RateLimit = *n.RateLimit; s.RateLimit < 0 {
			return problem.Invalid("rate_limit", "is %d, want 0 (never refuses) or more", s.RateLimit)
		}
	}
	return nil
}

// form sets how bodies are written.
func (n New) form(s *Settings) error {
	if n.Encoding != "" {
		if s.Encoding = n.Encoding; !slices.Contains(s.Platform.Rules.Encodings.Value, n.Encoding) {
			var known []string
			for _, e := range s.Platform.Rules.Encodings.Value {
				known = append(known, string(e))
			}
			return problem.Unknown(problem.InvalidValue, "encoding of "+s.Platform.String(), string(n.Encoding), known)
		}
	}
	if n.FormStyle != "" {
		style, err := contract.ParseFormStyle(string(n.FormStyle))
		if err != nil {
			return problem.Invalid("form_style", "is %q, want brackets or dots", n.FormStyle)
		}
		s.FormStyle = style
	}
	return nil
}

func (n New) texts() error {
	if n.ID != "" && !validID(n.ID) {
		return problem.Invalid("id", "is %q, want 1 to 64 letters, digits, dots, dashes and underscores", n.ID)
	}
	if known := []string{SeededSecrets, RandomSecrets}; n.Secrets != "" && !slices.Contains(known, n.Secrets) {
		return problem.Unknown(problem.InvalidValue, "secrets", n.Secrets, known)
	}
	if len(n.Name) > 200 {
		return problem.Invalid("name", "has %d bytes, want at most 200", len(n.Name))
	}
	if len(n.Token) > maxSecret || !signing.HeaderSafe(n.Token) {
		return problem.Invalid("token", "has white space, control characters, letters beyond ASCII, or more than %d bytes", maxSecret).WithHint("it is sent in a header")
	}
	return nil
}

// validID reports whether an id can stand in a path and in a shell without quotes.
func validID(id string) bool {
	return id != "" && len(id) <= 64 && id != "." && id != ".." && strings.Trim(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") == ""
}

func (c *ClockSettings) complete() error {
	switch c.Mode {
	case "":
		c.Mode = clock.ModeReal
		fallthrough
	case clock.ModeReal:
		if !c.Start.IsZero() || c.Scale != 0 {
			return problem.Invalid("clock", "is real, and has neither start nor scale").WithHint("set clock.mode to scaled or virtual")
		}
	case clock.ModeScaled:
		if c.Scale == 0 {
			c.Scale = DefaultScale
		}
		if !(c.Scale > 0 && c.Scale <= clock.MaxScale) {
			return problem.Invalid("clock.scale", "is %v, want more than 0 and at most %.0f", c.Scale, clock.MaxScale)
		}
	case clock.ModeVirtual:
		if c.Scale != 0 {
			return problem.Invalid("clock.scale", "is set, and a virtual clock has none").WithHint("set clock.mode to scaled")
		}
	default:
		var known []string
		for _, m := range clock.Modes() {
			known = append(known, string(m))
		}
		return problem.Unknown(problem.InvalidValue, "clock.mode", string(c.Mode), known)
	}
	return nil
}

// startClock makes the clock. It is called again on a reset: the clock is then back where it began.
func (s Settings) startClock() (clock.Clock, error) {
	start := s.Clock.Start
	if start.IsZero() {
		start = s.CreatedAt.Truncate(time.Second) // easier to read
	}
	switch s.Clock.Mode {
	case clock.ModeScaled:
		return clock.NewScaled(start.Round(0), s.Clock.Scale)
	case clock.ModeVirtual:
		return clock.NewVirtual(start.UTC().Round(0)), nil
	default:
		return clock.NewReal(), nil
	}
}
