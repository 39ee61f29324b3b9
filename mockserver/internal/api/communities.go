package api

import (
	"net/http"
	"time"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver/clock"
	"github.com/quintain-dev/quintain/mockserver/internal/community"
	"github.com/quintain-dev/quintain/mockserver/internal/problem"
	"github.com/quintain-dev/quintain/mockserver/internal/rest"
)

type newCommunity struct {
	Platform     string    `json:"platform"`
	ID           *string   `json:"id"`
	Name         string    `json:"name"`
	Seed         *uint64   `json:"seed"`
	Token        string    `json:"token"`
	Secret       *string   `json:"secret"`
	Secrets      string    `json:"secrets"`
	Clock        newClock  `json:"clock"`
	TimeoutMS    *int64    `json:"timeout_ms"`
	Schedule     *[]string `json:"schedule"`
	Jitter       float64   `json:"jitter"`
	RetryAfter   bool      `json:"retry_after"`
	Gone         bool      `json:"gone"`
	DisableAfter *int      `json:"disable_after"`
	Success      string    `json:"success"`
	Signature    string    `json:"signature"`
	Stamp        string    `json:"stamp"`
	Faults       string    `json:"faults"`
	Encoding     string    `json:"encoding"`
	FormStyle    string    `json:"form_style"`
	RateLimit    *int      `json:"rate_limit"`
	MaxWebhooks  int       `json:"max_webhooks"`

	RevealSecrets bool `json:"reveal_secrets"`
}

type newClock struct {
	Mode  string   `json:"mode"`
	Start string   `json:"start"`
	Scale *float64 `json:"scale"`
}

func (n newCommunity) read() (community.New, error) {
	out := community.New{
		Platform:     n.Platform,
		Name:         n.Name,
		Seed:         n.Seed,
		Token:        n.Token,
		Secret:       n.Secret,
		Secrets:      n.Secrets,
		Clock:        community.ClockSettings{Mode: clock.Mode(n.Clock.Mode)},
		Jitter:       n.Jitter,
		RetryAfter:   n.RetryAfter,
		Gone:         n.Gone,
		DisableAfter: n.DisableAfter,
		Success:      contract.SuccessRule(n.Success),
		Signature:    n.Signature,
		Stamp:        community.StampMode(n.Stamp),
		Faults:       n.Faults,
		Encoding:     contract.Encoding(n.Encoding),
		FormStyle:    contract.FormStyle(n.FormStyle),
		RateLimit:    n.RateLimit,
		MaxWebhooks:  n.MaxWebhooks,

		RevealSecrets: n.RevealSecrets,
	}
	if n.ID != nil {
		if out.ID = *n.ID; out.ID == "" {
			return out, problem.Invalid("id", "is empty").WithHint("leave it out, and one is made")
		}
	}
	if n.Clock.Scale != nil {
		if out.Clock.Scale = *n.Clock.Scale; out.Clock.Scale == 0 {
			return out, problem.Invalid("clock.scale", "is 0, want more")
		}
	}
	var err error
	if n.Clock.Start != "" {
		if out.Clock.Start, err = parseTime("clock.start", n.Clock.Start); err != nil {
			return out, err
		}
	}
	if n.TimeoutMS != nil {
		if *n.TimeoutMS < 1 {
			return out, badTimeout(*n.TimeoutMS)
		}
		if out.Timeout, err = parseTimeout(*n.TimeoutMS); err != nil {
			return out, err
		}
	}
	out.Schedule, err = parseSchedule(n.Schedule)
	return out, err
}

// parseTimeout reads a timeout, 0 for none.
func parseTimeout(ms int64) (time.Duration, error) {
	if ms < 0 || ms > community.MaxTimeout.Milliseconds() {
		return 0, badTimeout(ms)
	}
	return time.Duration(ms) * time.Millisecond, nil
}

func badTimeout(ms int64) error {
	return problem.Invalid("timeout_ms", "is %d, want 1 to %d", ms, community.MaxTimeout.Milliseconds())
}

// parseSchedule reads the delays of a schedule; nil if there is none.
func parseSchedule(texts *[]string) (*contract.RetrySchedule, error) {
	if texts == nil {
		return nil, nil
	}
	schedule := contract.RetrySchedule{}
	for _, text := range *texts {
		delay, err := parseDuration("schedule", text)
		if err != nil {
			return nil, err
		}
		schedule = append(schedule, delay)
	}
	return &schedule, nil
}

func parseTime(field, text string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil || t.Year() < 1970 || t.After(community.EndOfTime) {
		return t, problem.Invalid(field, "is %q, want a time from 1970 to 8999 such as 2025-11-07T12:00:00Z", text)
	}
	return t, nil
}

func parseDuration(field, text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if err != nil {
		return 0, problem.Invalid(field, "is %q, want a duration such as 5s, 30m or 2h35m", text)
	}
	return d, nil
}

func (a *API) createCommunity(w http.ResponseWriter, r *http.Request) error {
	var n newCommunity
	if err := rest.ReadJSON(w, r, &n); err != nil {
		return err
	}
	spec, err := n.read()
	if err != nil {
		return err
	}
	c, err := a.registry.Create(spec)
	if err != nil {
		return err
	}
	out, err := showCommunity(c)
	if err != nil {
		return err
	}
	token, secret := c.Settings().Token.Reveal(), c.Settings().Secret.Reveal()
	out.Token, out.Secret = &token, &secret
	w.Header().Set("Location", Root+"/communities/"+out.ID)
	return rest.WriteJSON(w, http.StatusCreated, out)
}

func (a *API) listCommunities(w http.ResponseWriter, _ *http.Request) error {
	out := []communityJSON{}
	for _, c := range a.registry.All() {
		if one, err := showCommunity(c); err == nil { // else it was deleted just now
			out = append(out, one)
		}
	}
	return rest.WriteJSON(w, http.StatusOK, map[string]any{"communities": out})
}

func (a *API) getCommunity(w http.ResponseWriter, _ *http.Request, c *community.Community) error {
	out, err := showCommunity(c)
	if err != nil {
		return err
	}
	return rest.WriteJSON(w, http.StatusOK, out)
}

func (a *API) deleteCommunity(w http.ResponseWriter, r *http.Request) error {
	if err := a.registry.Delete(rest.Var(r, "community")); err != nil {
		return err
	}
	return noContent(w)
}

func (a *API) resetCommunity(w http.ResponseWriter, _ *http.Request, c *community.Community) error {
	if err := c.Reset(); err != nil {
		return err
	}
	return noContent(w)
}

func (a *API) resetAll(w http.ResponseWriter, _ *http.Request) error {
	if err := a.registry.Reset(); err != nil {
		return err
	}
	return noContent(w)
}
