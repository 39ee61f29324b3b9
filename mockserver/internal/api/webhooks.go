package api

import (
	"net/http"

	"github.com/quintain-dev/quintain/mockserver/internal/community"
	"github.com/quintain-dev/quintain/mockserver/internal/problem"
	"github.com/quintain-dev/quintain/mockserver/internal/rest"
	"github.com/quintain-dev/quintain/mockserver/internal/store"
)

type webhookBody struct {
	URL      *string   `json:"url"`
	Events   *[]string `json:"events"`
	Secret   *string   `json:"secret"`
	IsActive *bool     `json:"is_active"`
	sending
}

// sending is how deliveries are sent, where it differs from the community's.
type sending struct {
	Faults    *string   `json:"faults"`
	Schedule  *[]string `json:"schedule"`
	TimeoutMS *int64    `json:"timeout_ms"`
}

func (s sending) read() (out community.Sending, err error) {
	out.Faults = s.Faults
	if s.TimeoutMS != nil {
		timeout, err := parseTimeout(*s.TimeoutMS)
		if err != nil {
			return out, err
		}
		out.Timeout = &timeout
	}
	out.Schedule, err = parseSchedule(s.Schedule)
	return out, err
}

func (b webhookBody) create() (community.NewWebhook, error) {
	n := community.NewWebhook{Secret: b.Secret, Active: b.IsActive == nil || *b.IsActive}
	if b.URL != nil {
		n.URL = *b.URL
	}
	if b.Events != nil {
		n.Events = *b.Events
	}
	var err error
	n.Sending, err = b.read()
	return n, err
}

func (b webhookBody) change() (community.Change, error) {
	if b == (webhookBody{}) {
		return community.Change{}, problem.New(problem.InvalidValue, "the body changes nothing").WithHint("give url, events, secret, is_active, faults, schedule or timeout_ms")
	}
	c := community.Change{URL: b.URL, Secret: b.Secret, Active: b.IsActive}
	if b.Events != nil {
		c.Events = append([]string{}, *b.Events...) // not nil, though it may be empty
	}
	var err error
	c.Sending, err = b.read()
	return c, err
}

func (a *API) createWebhook(w http.ResponseWriter, _ *http.Request, c *community.Community, body webhookBody) error {
	n, err := body.create()
	if err != nil {
		return err
	}
	made, err := c.CreateWebhook(n)
	if err != nil {
		return err
	}
	out := showWebhook(made)
	if body.Secret == nil && !c.Settings().SecretGiven { // who gave one knows it
		secret := made.Secret.Reveal()
		out.Secret = &secret
	}
	w.Header().Set("Location", Root+"/communities/"+c.Settings().ID+"/webhooks/"+made.ID)
	return rest.WriteJSON(w, http.StatusCreated, out)
}

func (a *API) listWebhooks(w http.ResponseWriter, _ *http.Request, c *community.Community) error {
	all, err := c.Webhooks()
	if err != nil {
		return err
	}
	out := make([]webhookJSON, len(all))
	for i, one := range all {
		out[i] = showWebhook(one)
	}
	return rest.WriteJSON(w, http.StatusOK, map[string]any{"webhooks": out})
}

func (a *API) getWebhook(w http.ResponseWriter, r *http.Request, c *community.Community) error {
	one, err := c.Webhook(rest.Var(r, "webhook"))
	if err != nil {
		return err
	}
	return rest.WriteJSON(w, http.StatusOK, showWebhook(one))
}

func (a *API) updateWebhook(w http.ResponseWriter, r *http.Request, c *community.Community, body webhookBody) error {
	change, err := body.change()
	if err != nil {
		return err
	}
	one, err := c.ChangeWebhook(rest.Var(r, "webhook"), change)
	if err != nil {
		return err
	}
	return rest.WriteJSON(w, http.StatusOK, showWebhook(one))
}

func (a *API) deleteWebhook(w http.ResponseWriter, r *http.Request, c *community.Community) error {
	if err := c.DeleteWebhook(rest.Var(r, "webhook")); err != nil {
		return err
	}
	return noContent(w)
}

func (a *API) testWebhook(w http.ResponseWriter, r *http.Request, c *community.Community) error {
	tested, err := c.Test(rest.Var(r, "webhook"))
	if err != nil {
		return err
	}
	return rest.WriteJSON(w, http.StatusOK, map[string]any{
		"ok": tested.OK, "problems": tested.Problems, "attempt": showAttempt(tested.Attempt),
	})
}

type rotationBody struct {
	Secret   *string        `json:"secret"`
	Overlap  string         `json:"overlap"`
	SignWith store.SignWith `json:"sign_with"`
}

func (a *API) rotateSecret(w http.ResponseWriter, r *http.Request, c *community.Community, body rotationBody) error {
	change := community.Rotation{Secret: body.Secret, SignWith: body.SignWith}
	if body.Overlap != "" {
		var err error
		if change.Overlap, err = parseDuration("overlap", body.Overlap); err != nil {
			return err
		}
	}
	one, err := c.RotateSecret(rest.Var(r, "webhook"), change)
	if err != nil {
		return err
	}
	out := showWebhook(one)
	if body.Secret == nil {
		secret := one.Secret.Reveal()
		out.Secret = &secret
	}
	return rest.WriteJSON(w, http.StatusOK, out)
}
