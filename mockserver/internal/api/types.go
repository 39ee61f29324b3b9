package api

import (
	"time"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/fakes"
	"github.com/quintain-dev/quintain/mockserver/internal/community"
	"github.com/quintain-dev/quintain/mockserver/internal/store"
)

// The shapes of answers. Those of requests stand with their handlers.

type communityJSON struct {
	ID           string    `json:"id"`
	Name         string    `json:"name"`
	Platform     string    `json:"platform"`
	Revision     string    `json:"revision"`
	Seed         uint64    `json:"seed"`
	Clock        clockJSON `json:"clock"`
	TimeoutMS    int64     `json:"timeout_ms"`
	Schedule     []string  `json:"schedule"`
	Jitter       float64   `json:"jitter"`
	Bounds       []bounds  `json:"bounds"`
	RetryAfter   bool      `json:"retry_after"`
	Gone         bool      `json:"gone"`
	DisableAfter int       `json:"disable_after"`
	Success      string    `json:"success"`
	Signature    string    `json:"signature"`
	Stamp        string    `json:"stamp"`
	Faults       string    `json:"faults"`
	Encoding     string    `json:"encoding"`
	FormStyle    string    `json:"form_style"`
	RateLimit    int       `json:"rate_limit"`
	MaxWebhooks  int       `json:"max_webhooks"`
	Reveals      bool      `json:"reveal_secrets"`
	CreatedAt    time.Time `json:"created_at"`
	Token        *string   `json:"token,omitempty"`  // on creation only
	Secret       *string   `json:"secret,omitempty"` // on creation only
}

// bounds are the shortest and the longest delay before a retry.
type bounds struct {
	Min string `json:"min"`
	Max string `json:"max"`
}

func showCommunity(c *community.Community) (communityJSON, error) {
	s := c.Settings()
	clock, err := c.Clock()
	if err != nil {
		return communityJSON{}, err
	}
	faults, err := c.Faults()
	out := communityJSON{
		ID:           s.ID,
		Name:         s.Name,
		Platform:     s.Platform.Name,
		Revision:     s.Platform.Revision,
		Seed:         s.Seed,
		Clock:        showClock(clock),
		TimeoutMS:    s.Timeout.Milliseconds(),
		Schedule:     showSchedule(s.Policy.Schedule),
		Jitter:       s.Policy.Jitter,
		Bounds:       make([]bounds, len(s.Policy.Schedule)),
		RetryAfter:   s.Policy.RetryAfter,
		Gone:         s.Policy.Gone,
		DisableAfter: s.Disable.Failures,
		Success:      string(s.Policy.Success),
		Signature:    s.Platform.Rules.Signature.Value.Scheme,
		Stamp:        string(s.Stamp),
		Faults:       faults,
		Encoding:     string(s.Encoding),
		FormStyle:    string(s.FormStyle),
		RateLimit:    s.RateLimit,
		MaxWebhooks:  s.MaxWebhooks,
		Reveals:      s.RevealSecrets,
		CreatedAt:    s.CreatedAt.UTC(),
	}
	for i := range s.Policy.Schedule {
		low, high := s.Policy.Bounds(i)
		out.Bounds[i] = bounds{low.String(), high.String()}
	}
	return out, err
}

func showSchedule(schedule contract.RetrySchedule) []string {
	out := make([]string, len(schedule))
	for i, delay := range schedule {
		out[i] = delay.String()
	}
	return out
}

type clockJSON struct {
	Mode    string     `json:"mode"`
	Now     time.Time  `json:"now"`
	Scale   float64    `json:"scale,omitempty"`
	Paused  bool       `json:"paused"`
	Pending int        `json:"pending"`
	Next    *time.Time `json:"next,omitempty"`
}

func showClock(s community.ClockState) clockJSON {
	out := clockJSON{Mode: string(s.Mode), Now: s.Now, Scale: s.Scale, Paused: s.Pause, Pending: s.Waiting + s.Underway}
	if !s.Next.IsZero() {
		next := s.Next.UTC()
		out.Next = &next
	}
	return out
}

type webhookJSON struct {
	ID        string    `json:"id"`
	URL       string    `json:"url"`
	Events    []string  `json:"events"`
	IsActive  bool      `json:"is_active"`
	Disabled  bool      `json:"disabled"`
	Failures  int       `json:"failures"`
	Faults    string    `json:"faults"`
	Schedule  *[]string `json:"schedule,omitempty"`
	TimeoutMS int64     `json:"timeout_ms,omitempty"`
	Rotation  *rotation `json:"rotation,omitempty"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
	Secret    *string   `json:"secret,omitempty"` // on creation and rotation only, if the server made it
}

// rotation is a change of the secret while the one before is valid too.
type rotation struct {
	Until    time.Time      `json:"until"`
	SignWith store.SignWith `json:"sign_with"`
}

func showWebhook(w store.Webhook) webhookJSON {
	out := webhookJSON{
		ID: w.ID, URL: w.URL, Events: w.Events, IsActive: w.Active, Disabled: w.Disabled, Failures: int(w.Streak),
		Faults: w.Faults, TimeoutMS: w.Timeout.Milliseconds(), CreatedAt: w.CreatedAt, UpdatedAt: w.UpdatedAt,
	}
	if w.Schedule != nil {
		schedule := showSchedule(*w.Schedule)
		out.Schedule = &schedule
	}
	if w.Rotation != (store.Rotation{}) {
		out.Rotation = &rotation{w.Rotation.Until.UTC(), w.Rotation.SignWith}
	}
	return out
}

type eventJSON struct {
	ID         string    `json:"id"`
	Type       string    `json:"type"`
	N          uint64    `json:"n"`
	Subject    uint64    `json:"subject"`
	Time       time.Time `json:"time"`
	Deliveries []string  `json:"deliveries"`
}

func showEvent(e community.Emitted) eventJSON {
	return eventJSON{e.ID, e.Type, e.N, e.Subject, e.Time, e.Deliveries}
}

// deedEventJSON is an event that came of an action, with who is in it.
type deedEventJSON struct {
	eventJSON
	Cast map[string]fakes.Entity `json:"cast"`
}

func showDeedEvents(events []community.Emitted) []deedEventJSON {
	out := make([]deedEventJSON, len(events))
	for i, e := range events {
		out[i] = deedEventJSON{showEvent(e), e.Cast}
	}
	return out
}

type deliveryJSON struct {
	ID           string         `json:"id"`
	Sequence     uint64         `json:"sequence"`
	WebhookID    string         `json:"webhook_id"`
	EventID      string         `json:"event_id"`
	EventType    string         `json:"event_type"`
	State        contract.State `json:"state"`
	AttemptCount int            `json:"attempt_count"`
	Due          time.Time      `json:"due"`
	CreatedAt    time.Time      `json:"created_at"`
}

func showDelivery(d store.Delivery) deliveryJSON {
	return deliveryJSON{
		ID: d.ID, Sequence: d.Sequence, WebhookID: d.WebhookID, EventID: d.EventID, EventType: d.EventType,
		State: d.State, AttemptCount: d.Attempts, Due: d.Due, CreatedAt: d.CreatedAt,
	}
}

type pageJSON struct {
	Page    int `json:"page"`
	PerPage int `json:"per_page"`
	Total   int `json:"total"`
}
