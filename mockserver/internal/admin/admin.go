// Package admin says what a platform's own admin API is to the server: a Surface, of which there is one value for each
// platform that documents such an API.
//
// The APIs themselves are in packages of their own, tryno and tribe; the control API of the mock is package api.
package admin

import "github.com/quintain-dev/quintain/mockserver/internal/rest"

// A Surface is the admin API of a platform.
type Surface interface {
	// Group returns the routes, below a prefix that is no other surface's. Only communities of the platform answer
	// there.
	Group() rest.Group
}
