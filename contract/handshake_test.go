package contract_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
)

func TestChallengeFaults(t *testing.T) {
	t.Parallel()
	const right = `{"type":"TEST","status":"SUCCEEDED","data":{"challenge":"c1"}}`
	for name, test := range map[string]struct {
		status      int
		contentType string
		body        string
		faults      []string
	}{
		"right":     {200, "application/json", right, []string{}},
		"leniently": {200, "Text/JSON; charset=utf-8", `{"type":"TEST","status":"succeeded","data":{"challenge":"c1"}}`, []string{}},
		"its kind":  {200, "application/problem+json;;", right, []string{}},
		"nothing":   {500, "", "", []string{"the status is 500, want 200", `the Content-Type is "", want application/json`, "the body is not JSON"}},
		"created":   {201, "text/plain", right, []string{"the status is 201, want 200", `the Content-Type is "text/plain", want application/json`}},
		"wrong": {200, "application/json", `{"type":"test","status":true,"data":{"challenge":"C1"}}`, []string{
			`/type of the body is "test", want "TEST"`, `/status of the body is true, want "SUCCEEDED"`, `/data/challenge of the body is "C1", want "c1"`,
		}},
		"lacking": {200, "application/json", `{}`, []string{
			`/type of the body is missing, want "TEST"`, `/status of the body is missing, want "SUCCEEDED"`, `/data/challenge of the body is missing, want "c1"`,
		}},
	} {
		require.Equal(t, test.faults, contract.ChallengeFaults(test.status, test.contentType, []byte(test.body), "c1"), name)
	}
}
