package tryno

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/quintain-dev/quintain/mockserver/internal/community"
	"github.com/quintain-dev/quintain/mockserver/internal/problem"
	"github.com/quintain-dev/quintain/mockserver/internal/rest"
	"github.com/quintain-dev/quintain/mockserver/internal/store"
)

type webhookBody struct {
	URL      *string   `json:"url"`
	Events   *[]string `json:"events"`
	IsActive *bool     `json:"is_active"`
}

// check says what Tryno refuses and the rest of the server does not.
func (b webhookBody) check(c *community.Community) error {
	if b.URL != nil && !strings.HasPrefix(*b.URL, "https:") && !c.Unencrypted(*b.URL) {
		return problem.Invalid("url", "is %q, want an https address", *b.URL).WithHint("http is taken for the loopback, and for hosts that were allowed by name (--allow-host app)")
	}
	if b.Events != nil {
		if len(*b.Events) == 0 { // of which the rest of the server says that "*" is all
			return problem.Invalid("events", "is empty").WithHint("name the events to send")
		}
		for _, name := range *b.Events {
			if name == community.AllEvents {
				return problem.Unknown(problem.UnknownEvent, "event", name, c.Events())
			}
		}
	}
	return nil
}

type webhook struct {
	ID        string    `json:"id"`
	URL       string    `json:"url"`
	Events    []string  `json:"events"`
	IsActive  bool      `json:"is_active"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
	Secret    string    `json:"secret,omitempty"` // on creation only
}

func show(c *community.Community, w store.Webhook) webhook {
	events := w.Events
	if slices.Contains(events, community.AllEvents) { // of the control API; Tryno has no such name
		events = c.Events()
	}
	return webhook{
		ID: w.ID, URL: w.URL, Events: events, IsActive: w.Active,
		CreatedAt: w.CreatedAt.Truncate(time.Millisecond), UpdatedAt: w.UpdatedAt.Truncate(time.Millisecond),
	}
}

type meta struct {
	Page    int `json:"page"`
	PerPage int `json:"per_page"`
	Total   int `json:"total"`
}

// readPage reads page and per_page. Other parameters are ignored: the document does not say that they are refused.
func readPage(r *http.Request) (store.Page, error) {
	q := rest.NewQuery(r)
	page := store.Page{Number: q.Int("page", 1, 1<<30, 1), Size: q.Int("per_page", 1, 50, 20)}
	return page, q.Invalid()
}

func data(w http.ResponseWriter, status int, value any) error {
	return rest.WriteJSON(w, status, map[string]any{"data": value})
}

func (s *surface) list(w http.ResponseWriter, r *http.Request, c *community.Community) error {
	page, err := readPage(r)
	if err != nil {
		return err
	}
	all, err := c.Webhooks()
	if err != nil {
		return err
	}
	low, high := page.Bounds(len(all))
	out := []webhook{}
	for _, one := range all[low:high] {
		out = append(out, show(c, one))
	}
	return rest.WriteJSON(w, http.StatusOK, map[string]any{"data": out, "meta": meta{page.Number, page.Size, len(all)}})
}

func (s *surface) create(w http.ResponseWriter, r *http.Request, c *community.Community) error {
	var body webhookBody
	if err := rest.ReadJSON(w, r, &body); err != nil {
		return err
	}
	if body.URL == nil {
		return problem.Invalid("url", "is missing")
	}
	if body.Events == nil {
		return problem.Invalid("events", "is missing")
	}
	if err := body.check(c); err != nil {
		return err
	}
	secret, err := c.NewSecret()
	if err != nil {
		return err
	}
	made, err := c.CreateWebhook(community.NewWebhook{
		URL: *body.URL, Events: *body.Events, Secret: &secret, Active: body.IsActive == nil || *body.IsActive,
	})
	if err != nil {
		return err
	}
	out := show(c, made)
	out.Secret = secret
	return data(w, http.StatusCreated, out)
}

func (s *surface) update(w http.ResponseWriter, r *http.Request, c *community.Community) error {
	id := rest.Var(r, "id")
	have, err := c.Webhook(id)
	if err != nil {
		return err
	}
	var body webhookBody
	if err := rest.ReadJSON(w, r, &body); err != nil {
		return err
	}
	if body == (webhookBody{}) { // "any subset of the fields": also the empty one, which is no change
		return data(w, http.StatusOK, show(c, have))
	}
	if err := body.check(c); err != nil {
		return err
	}
	change := community.Change{URL: body.URL, Active: body.IsActive}
	if body.Events != nil {
		change.Events = append([]string{}, *body.Events...)
	}
	changed, err := c.ChangeWebhook(id, change)
	if err != nil {
		return err
	}
	return data(w, http.StatusOK, show(c, changed))
}

func (s *surface) delete(w http.ResponseWriter, r *http.Request, c *community.Community) error {
	if err := c.DeleteWebhook(rest.Var(r, "id")); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

type testResult struct {
	StatusCode     *int   `json:"status_code"` // null if there was no answer
	ResponseTimeMS int64  `json:"response_time_ms"`
	Error          string `json:"error,omitempty"`
}

func (s *surface) test(w http.ResponseWriter, r *http.Request, c *community.Community) error {
	tested, err := c.Test(rest.Var(r, "id"))
	if err != nil {
		return err
	}
	out := testResult{ResponseTimeMS: tested.Attempt.Duration.Milliseconds(), Error: tested.Attempt.Error}
	if answer := tested.Attempt.Response; answer != nil {
		out.StatusCode = &answer.Status
	}
	return data(w, http.StatusOK, out)
}

type logEntry struct {
	ID             string    `json:"id"`
	Event          string    `json:"event"`
	StatusCode     int       `json:"status_code"` // 0 if there was no answer
	ResponseTimeMS int64     `json:"response_time_ms"`
	CreatedAt      time.Time `json:"created_at"` // schedule time
}

func (s *surface) logs(w http.ResponseWriter, r *http.Request, c *community.Community) error {
	page, err := readPage(r)
	if err != nil {
		return err
	}
	all, _, err := c.Log(rest.Var(r, "id"), page)
	if err != nil {
		return err
	}
	out := []logEntry{}
	for _, a := range all {
		entry := logEntry{ID: a.ID, Event: a.EventType, ResponseTimeMS: a.Duration.Milliseconds(), CreatedAt: a.Sent.Truncate(time.Millisecond)}
		if a.Response != nil {
			entry.StatusCode = a.Response.Status
		}
		out = append(out, entry)
	}
	return data(w, http.StatusOK, out)
}
