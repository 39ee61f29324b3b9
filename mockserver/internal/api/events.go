package api

import (
	"encoding/json"
	"net/http"

	"github.com/quintain-dev/quintain/mockserver/internal/community"
	"github.com/quintain-dev/quintain/mockserver/internal/problem"
	"github.com/quintain-dev/quintain/mockserver/internal/rest"
)

type emission struct {
	Type    string          `json:"type"`
	Count   *int            `json:"count"`
	N       *uint64         `json:"n"`
	Subject *uint64         `json:"subject"`
	Payload json.RawMessage `json:"payload"`
	Faults  string          `json:"faults"`
}

func (a *API) emitEvents(w http.ResponseWriter, r *http.Request, c *community.Community, body emission) error {
	wait, err := readWait(r)
	if err != nil {
		return err
	}
	if body.Type == "" {
		return problem.Invalid("type", "is missing").WithHint("name the event, such as %s", c.Events()[0])
	}
	e := community.Emission{Type: body.Type, Count: 1, N: body.N, Subject: body.Subject, Payload: body.Payload, Faults: body.Faults, Wait: wait}
	if body.Count != nil {
		e.Count = *body.Count
	}
	emitted, err := c.Emit(r.Context(), e)
	if err != nil {
		return err
	}
	out := make([]eventJSON, len(emitted))
	for i, one := range emitted {
		out[i] = showEvent(one)
	}
	return rest.WriteJSON(w, http.StatusAccepted, map[string]any{"events": out})
}
