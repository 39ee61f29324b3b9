//go:build !race

package fakes_test

// seeds is how many worlds the property test makes, ids how many ids are compared, and lives
// of how many newcomers all is told.
const (
	seeds = 10_000
	ids   = 1_000_000
	lives = 2_000
)
