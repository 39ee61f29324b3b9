// Package admin says what a platform's own admin API is to the server: a Surface, of which there is one value for each
// platform that documents such an API. It has what those APIs share: bearer tokens.
//
// The APIs themselves are in packages of their own, tryno and tribe; the control API of the mock is package api.
package admin

import (
	"net/http"
	"strings"

	"github.com/quintain-dev/quintain/mockserver/internal/rest"
)

// A Surface is the admin API of a platform.
type Surface interface {
	// Group returns the routes, below a prefix that is no other surface's. Only communities of the platform answer there.
	Group() rest.Group
}

// Bearer returns the token of an Authorization header, or "". The word Bearer is read in any case, as RFC 9110 says.
func Bearer(h http.Header) string {
	word, token, _ := strings.Cut(h.Get("Authorization"), " ")
	if !strings.EqualFold(word, "Bearer") {
		return ""
	}
	return strings.TrimLeft(token, " ")
}
