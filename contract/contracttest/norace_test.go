//go:build !race

package contracttest_test

const raced = false
