// Package features embeds the rules as Gherkin: features/receiver for what a receiver must do, features/sender for what a
// sender must do. Start with FS; package judge runs them.
//
// Every scenario carries the id of its rule as a tag and every Examples table its platform and level, such as
// its rule, its platform and its level. There is no logic here.
package features

import "embed"

// FS holds the features, by their path below this directory.
//
//go:embed receiver/*.feature sender/*.feature
var FS embed.FS
