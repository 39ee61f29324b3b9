package fakes_test

import "testing"

// size is the size of a table: all of it, or with -short, as make test runs the tests, a part that takes seconds.
func size(all, short int) int {
	if testing.Short() {
		return short
	}
	return all
}

// seeds is how many worlds the property test makes, ids how many ids are compared, lives of how many newcomers all is
// told, and documents how many schemas are drawn.
func seeds() int     { return size(10_000, 60) }
func ids() int       { return size(1_000_000, 60_000) }
func lives() int     { return size(2_000, 60) }
func documents() int { return size(1_500, 120) }
