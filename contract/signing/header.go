package signing

import "strings"

// HeaderSafe reports whether a text can be sent in a header as it is: it has no white space, no control characters and
// no letters beyond ASCII.
func HeaderSafe(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f })
}
