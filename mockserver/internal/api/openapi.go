package api

import (
	_ "embed"
	"encoding/json"
	"net/http"
	"sync"

	"go.yaml.in/yaml/v4"

	"github.com/quintain-dev/quintain/mockserver/internal/rest"
)

// Description is the control API as an OpenAPI 3.1 document. A test holds it against the routes and their answers.
//
//go:embed openapi.yaml
var Description []byte

var descriptionJSON = sync.OnceValues(func() ([]byte, error) {
	var document map[string]any
	if err := yaml.Unmarshal(Description, &document); err != nil {
		return nil, err
	}
	return json.MarshalIndent(document, "", "  ")
})

func (a *API) openAPIYAML(w http.ResponseWriter, _ *http.Request) error {
	rest.WriteBytes(w, http.StatusOK, "application/yaml", Description)
	return nil
}

func (a *API) openAPIJSON(w http.ResponseWriter, _ *http.Request) error {
	body, err := descriptionJSON()
	if err != nil {
		return err
	}
	rest.WriteBytes(w, http.StatusOK, "application/json", body)
	return nil
}
