//go:build race

package judge_test

// raced: the race detector makes a run several times as long. Of long tables every fourth case is run under it, and the
// reference receiver at the default revisions; .ci/run runs all of them without it.
const raced = true
