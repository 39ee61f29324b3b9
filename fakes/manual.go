package fakes

import _ "embed"

// Manual is README.md, parts of which "quintain help" prints.
//
//go:embed README.md
var Manual string
