package api

import (
	"net/http"

	"github.com/quintain-dev/quintain/mockserver/internal/community"
	"github.com/quintain-dev/quintain/mockserver/internal/problem"
	"github.com/quintain-dev/quintain/mockserver/internal/rest"
)

func (a *API) getClock(w http.ResponseWriter, r *http.Request) error {
	c, err := a.community(r)
	if err != nil {
		return err
	}
	state, err := c.Clock()
	if err != nil {
		return err
	}
	return rest.WriteJSON(w, http.StatusOK, showClock(state))
}

func (a *API) pauseClock(w http.ResponseWriter, r *http.Request) error {
	return a.haltClock(w, r, (*community.Community).Pause)
}

func (a *API) resumeClock(w http.ResponseWriter, r *http.Request) error {
	return a.haltClock(w, r, (*community.Community).Resume)
}

func (a *API) haltClock(w http.ResponseWriter, r *http.Request, how func(*community.Community) (community.ClockState, error)) error {
	c, err := a.community(r)
	if err != nil {
		return err
	}
	if err := rest.ReadOptionalJSON(w, r, &struct{}{}); err != nil {
		return err
	}
	state, err := how(c)
	if err != nil {
		return err
	}
	return rest.WriteJSON(w, http.StatusOK, showClock(state))
}

func (a *API) awaitSettled(w http.ResponseWriter, r *http.Request) error {
	c, err := a.community(r)
	if err != nil {
		return err
	}
	q := rest.NewQuery(r)
	timeout := q.Duration("timeout", 0, community.MaxSettled, community.DefaultSettled)
	if err := q.Err(); err != nil {
		return err
	}
	state, err := c.Settled(r.Context(), timeout)
	if err != nil {
		return err
	}
	return rest.WriteJSON(w, http.StatusOK, showClock(state))
}

type advance struct {
	By string `json:"by"`
	To string `json:"to"`
}

func (a *API) advanceClock(w http.ResponseWriter, r *http.Request) error {
	c, err := a.community(r)
	if err != nil {
		return err
	}
	var body advance
	if err := rest.ReadJSON(w, r, &body); err != nil {
		return err
	}
	var moved community.Moved
	switch {
	case (body.By == "") == (body.To == ""):
		return problem.New(problem.InvalidValue, "want either by or to").WithHint(`write {"by": "5m"}, {"to": "2025-11-07T12:00:00Z"} or {"to": "next"}`)
	case body.To == "next":
		moved, err = c.AdvanceToNext(r.Context())
	case body.To != "":
		to, bad := parseTime("to", body.To)
		if bad != nil {
			return bad
		}
		moved, err = c.AdvanceTo(r.Context(), to)
	default:
		by, bad := parseDuration("by", body.By)
		if bad != nil {
			return bad
		}
		moved, err = c.AdvanceBy(r.Context(), by)
	}
	if err != nil {
		return err
	}
	return rest.WriteJSON(w, http.StatusOK, map[string]any{"now": moved.Now, "attempts": moved.Attempts})
}

type settle struct {
	Max *int `json:"max"`
}

func (a *API) settleClock(w http.ResponseWriter, r *http.Request) error {
	c, err := a.community(r)
	if err != nil {
		return err
	}
	var body settle
	if err := rest.ReadOptionalJSON(w, r, &body); err != nil {
		return err
	}
	bound := community.DefaultBound
	if body.Max != nil {
		bound = *body.Max
	}
	moved, err := c.Settle(r.Context(), bound)
	if err != nil {
		return err
	}
	return rest.WriteJSON(w, http.StatusOK, map[string]any{"now": moved.Now, "attempts": moved.Attempts, "pending": []string{}})
}
