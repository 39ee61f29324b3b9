// Package features embeds the rules as Gherkin: features/receiver for what a receiver must do, features/sender for what
// a sender must do. Start with FS; package judge runs them.
//
// Every scenario carries the id of its rule as a tag, and every Examples table its platform and level. There is no
// logic here.
package features

//go:generate go run ./judge/internal/gen ..

import "embed"

// Manual is README.md, parts of which "quintain help" prints.
//
//go:embed README.md
var Manual string

// FS holds the features, by their path below this directory.
//
//go:embed receiver/*.feature sender/*.feature
var FS embed.FS
