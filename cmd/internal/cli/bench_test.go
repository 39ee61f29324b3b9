package cli_test

import (
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// A new process each time: what a person waits for who types quintain version.
func BenchmarkVersionCold(b *testing.B) {
	binary := filepath.Join(b.TempDir(), "quintain")
	out, err := exec.Command("go", "build", "-o", binary, "../../quintain").CombinedOutput()
	require.NoError(b, err, string(out))
	for b.Loop() {
		require.NoError(b, exec.Command(binary, "version").Run())
	}
}
