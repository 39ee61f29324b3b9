//go:build race

package contracttest_test

// raced: the race detector makes a run several times as long, so the reference is judged at the default revisions only.
const raced = true
