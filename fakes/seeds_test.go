//go:build !race

package fakes_test

// seeds is how many worlds the property test makes, and ids how many ids are compared.
const (
	seeds = 10_000
	ids   = 1_000_000
)
