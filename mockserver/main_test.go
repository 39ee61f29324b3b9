package mockserver_test

import (
	"flag"
	"testing"

	"go.uber.org/goleak"
)

// No test of this package leaves a goroutine behind.
func TestMain(m *testing.M) {
	flag.Parse()
	if testing.Short() { // of what rapid draws, a fifth
		if err := flag.Set("rapid.checks", "20"); err != nil {
			panic(err)
		}
	}
	goleak.VerifyTestMain(m)
}
