package tryno

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver/internal/problem"
)

// Every code that the server knows comes out as the document's Error has it, also those that no call of Tryno leads to.
func TestErrorsAreAsTheDocumentSays(t *testing.T) {
	t.Parallel()
	platform, err := contract.Load(Platform)
	require.NoError(t, err)
	crash, _ := problem.From(nil)
	for _, c := range []struct {
		err    *problem.Error
		status int
		code   problem.Code
	}{
		{problem.New(unauthorized, "no key"), http.StatusUnauthorized, unauthorized},
		{problem.New(forbidden, "another's"), http.StatusForbidden, forbidden},
		{problem.New(rateLimit, "too many"), http.StatusTooManyRequests, rateLimit},
		{problem.New(problem.UnknownWebhook, "none"), http.StatusNotFound, notFound},
		{problem.New(problem.MethodNotAllowed, "PUT"), http.StatusMethodNotAllowed, validation},
		{problem.New(problem.BodyTooLarge, "too large"), http.StatusBadRequest, validation},
		{crash, http.StatusInternalServerError, internal},
	} {
		answer := httptest.NewRecorder()
		fail(answer, httptest.NewRequest(http.MethodGet, Root, http.NoBody), c.err)
		require.Equal(t, c.status, answer.Code)
		require.Contains(t, answer.Body.String(), `"code":"`+string(c.code)+`"`)
		require.NoError(t, platform.ValidateCall("listWebhooks.500", answer.Body.Bytes()), answer.Body)
	}
}
