package api

import (
	"net/http"

	"github.com/quintain-dev/quintain/mockserver/internal/community"
	"github.com/quintain-dev/quintain/mockserver/internal/fault"
	"github.com/quintain-dev/quintain/mockserver/internal/problem"
	"github.com/quintain-dev/quintain/mockserver/internal/rest"
)

type faultJSON struct {
	Name      string       `json:"name"`
	Arguments string       `json:"arguments"`
	Summary   string       `json:"summary"`
	Needs     []fault.Need `json:"needs"`
}

func (a *API) listFaults(w http.ResponseWriter, _ *http.Request) error {
	out := []faultJSON{}
	for _, kind := range fault.Kinds() {
		out = append(out, faultJSON{kind.Name, kind.Arguments, kind.Summary, append([]fault.Need{}, kind.Needs...)})
	}
	return rest.WriteJSON(w, http.StatusOK, map[string]any{"faults": out})
}

type faults struct {
	Faults *string `json:"faults"`
}

func (a *API) getFaults(w http.ResponseWriter, _ *http.Request, c *community.Community) error {
	text, err := c.Faults()
	if err != nil {
		return err
	}
	return rest.WriteJSON(w, http.StatusOK, faults{&text})
}

func (a *API) putFaults(w http.ResponseWriter, _ *http.Request, c *community.Community, body faults) error {
	if body.Faults == nil {
		return problem.Invalid("faults", "is missing").WithHint(`write a script such as "30%% lost, duplicate x2", or "none"`)
	}
	if err := c.SetFaults(*body.Faults); err != nil {
		return err
	}
	return rest.WriteJSON(w, http.StatusOK, body)
}
