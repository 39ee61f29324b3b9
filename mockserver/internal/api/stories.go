package api

import (
	"bytes"
	"encoding/json"
	"net/http"
	"time"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/fakes/story"
	"github.com/quintain-dev/quintain/mockserver/internal/community"
	"github.com/quintain-dev/quintain/mockserver/internal/problem"
	"github.com/quintain-dev/quintain/mockserver/internal/rest"
)

type actionJSON struct {
	Name    string   `json:"name"`
	Summary string   `json:"summary"`
	Begins  bool     `json:"begins"`
	Events  []string `json:"events"`
}

func (a *API) listActions(w http.ResponseWriter, _ *http.Request, c *community.Community) error {
	out := []actionJSON{}
	for _, action := range story.Actions() {
		if events := eventNames(action.EventsOn(c.Settings().Platform)); len(events) > 0 {
			out = append(out, actionJSON{action.Name, action.Summary, action.Begins, events})
		}
	}
	return rest.WriteJSON(w, http.StatusOK, map[string]any{"actions": out})
}

func eventNames(events []*contract.EventType) []string {
	names := make([]string, len(events))
	for i, e := range events {
		names[i] = e.Name
	}
	return names
}

type deed struct {
	Action  string           `json:"action"`
	Subject *uint64          `json:"subject"`
	Cast    map[string]int64 `json:"cast"`
	Set     json.RawMessage  `json:"set"`
	Relate  []string         `json:"relate"`
}

func (a *API) act(w http.ResponseWriter, r *http.Request, c *community.Community, body deed) error {
	wait, err := readWait(r)
	if err != nil {
		return err
	}
	if body.Action == "" {
		return problem.Invalid("action", "is missing").WithHint("GET %s lists them", r.URL.Path)
	}
	set, err := settings(body.Set)
	if err != nil {
		return err
	}
	done, err := c.Act(r.Context(), community.Deed{
		Step:    story.Step{Action: body.Action, Cast: body.Cast, Set: set, Relate: body.Relate},
		Subject: body.Subject, Wait: wait,
	})
	if err != nil {
		return err
	}
	return rest.WriteJSON(w, http.StatusAccepted, map[string]any{"subject": done.Subject, "events": showDeedEvents(done.Events)})
}

// settings reads an object whose numbers are to stay as they are written.
func settings(raw json.RawMessage) (map[string]any, error) {
	if raw == nil {
		return nil, nil
	}
	var out map[string]any
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&out); err != nil || out == nil {
		return nil, problem.Invalid("set", `is no object, want one such as {"person.lastName": "Doe"}`)
	}
	return out, nil
}

type storyJSON struct {
	Name    string          `json:"name"`
	Summary string          `json:"summary"`
	Takes   string          `json:"takes"`
	Steps   []storyStepJSON `json:"steps"`
}

type storyStepJSON struct {
	Does   string   `json:"does"`
	After  string   `json:"after"`
	Events []string `json:"events"`
}

func (a *API) listStories(w http.ResponseWriter, _ *http.Request, c *community.Community) error {
	out := []storyJSON{}
	for _, name := range story.Names() {
		s, err := story.Load(name)
		if err != nil {
			return err
		}
		events, err := s.EventsOn(c.Settings().Platform)
		if err != nil {
			continue // it cannot be told here
		}
		shown := storyJSON{s.Name, s.Summary, s.Takes().String(), make([]storyStepJSON, len(s.Steps))}
		for i, step := range s.Steps {
			shown.Steps[i] = storyStepJSON{step.String(), step.After.String(), eventNames(events[i])}
		}
		out = append(out, shown)
	}
	return rest.WriteJSON(w, http.StatusOK, map[string]any{"stories": out})
}

type telling struct {
	Story   string  `json:"story"`
	Text    string  `json:"text"`
	Subject *uint64 `json:"subject"`
	AtOnce  bool    `json:"at_once"`
}

type toldStepJSON struct {
	Does   string          `json:"does"`
	At     time.Time       `json:"at"`
	Events []deedEventJSON `json:"events"`
}

func (a *API) tellStory(w http.ResponseWriter, r *http.Request, c *community.Community, body telling) error {
	if (body.Story == "") == (body.Text == "") {
		return problem.New(problem.InvalidValue, "want either story or text").WithHint(`write {"story": "newcomer"}; GET %s lists them`, r.URL.Path)
	}
	s, err := loadStory(body)
	if err != nil {
		return err
	}
	told, err := c.Tell(r.Context(), community.Telling{Story: s, Subject: body.Subject, AtOnce: body.AtOnce})
	if err != nil {
		return err
	}
	steps := make([]toldStepJSON, len(told.Steps))
	for i, step := range told.Steps {
		steps[i] = toldStepJSON{step.String(), step.At, showDeedEvents(step.Events)}
	}
	return rest.WriteJSON(w, http.StatusOK, map[string]any{
		"story": s.Name, "subject": told.Subject, "attempts": told.Attempts, "steps": steps,
	})
}

func loadStory(t telling) (*story.Story, error) {
	if t.Text != "" {
		return story.Parse("text", []byte(t.Text))
	}
	return story.Load(t.Story)
}
