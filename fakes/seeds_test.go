//go:build !race

package fakes_test

// seeds is how many worlds the property test makes.
const seeds = 10_000
