package api

import (
	_ "embed"
	"net/http"
	"sync"

	"github.com/goccy/go-yaml"

	"github.com/quintain-dev/quintain/mockserver/internal/rest"
)

// Description is the control API as an OpenAPI 3.1 document. A test holds it against the routes and their answers.
//
//go:embed openapi.yaml
var Description []byte

var descriptionJSON = sync.OnceValues(func() ([]byte, error) { return yaml.YAMLToJSON(Description) })

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
