package rest

import (
	"net/http"
	"strings"
)

// Bearer returns the token of an Authorization header, or "". The word Bearer is read in any case, as RFC 9110 says.
func Bearer(h http.Header) string {
	word, token, _ := strings.Cut(h.Get("Authorization"), " ")
	if !strings.EqualFold(word, "Bearer") {
		return ""
	}
	return strings.TrimLeft(token, " ")
}
