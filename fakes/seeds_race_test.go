//go:build race

package fakes_test

// They are small under the race detector, which makes validation ten times slower; .ci/run tests all of them without it.
const (
	seeds = 50
	ids   = 50_000
	lives = 60
)
