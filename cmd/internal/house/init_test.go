package house_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestNothingHappensAtInitialisation: the packages of this project allocate next to nothing before main begins. That is
// what takes time there, and unlike time it can be counted on any machine.
func TestNothingHappensAtInitialisation(t *testing.T) {
	t.Parallel()
	binary := filepath.Join(t.TempDir(), "quintain")
	out, err := exec.Command("go", "build", "-o", binary, module+"/cmd/quintain").CombinedOutput()
	require.NoError(t, err, string(out))
	cmd := exec.Command(binary, "version")
	cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	var trace strings.Builder
	cmd.Stderr = &trace
	require.NoError(t, cmd.Run())
	allocs, size := 0, 0
	for line := range strings.Lines(trace.String()) { // init fmt @0.1 ms, 0.01 ms clock, 320 bytes, 2 allocs
		words := strings.Fields(line)
		if len(words) != 11 || !strings.HasPrefix(words[1], module) {
			continue
		}
		b, err := strconv.Atoi(words[7])
		require.NoError(t, err, line)
		n, err := strconv.Atoi(words[9])
		require.NoError(t, err, line)
		allocs, size = allocs+n, size+b
	}
	require.Positive(t, allocs, "the trace has another form: %s", trace.String())
	require.Less(t, allocs, 500, "a table is built that should wait until it is needed: sync.OnceValue\n%s", trace.String())
	require.Less(t, size, 64<<10, trace.String())
}
