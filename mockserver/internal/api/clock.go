package api

import (
	"net/http"

	"github.com/quintain-dev/quintain/mockserver/internal/community"
	"github.com/quintain-dev/quintain/mockserver/internal/problem"
	"github.com/quintain-dev/quintain/mockserver/internal/rest"
)

func (a *API) getClock(w http.ResponseWriter, _ *http.Request, c *community.Community) error {
	state, err := c.Clock()
	if err != nil {
		return err
	}
	return rest.WriteJSON(w, http.StatusOK, showClock(state))
}

// halt is the handler of a pause, and of its end.
func halt(how func(*community.Community) (community.ClockState, error)) handler {
	return func(w http.ResponseWriter, _ *http.Request, c *community.Community) error {
		state, err := how(c)
		if err != nil {
			return err
		}
		return rest.WriteJSON(w, http.StatusOK, showClock(state))
	}
}

func (a *API) awaitSettled(w http.ResponseWriter, r *http.Request, c *community.Community) error {
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

func (a *API) advanceClock(w http.ResponseWriter, r *http.Request, c *community.Community, body advance) error {
	var moved community.Moved
	var err error
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

func (a *API) settleClock(w http.ResponseWriter, r *http.Request, c *community.Community, body settle) error {
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
