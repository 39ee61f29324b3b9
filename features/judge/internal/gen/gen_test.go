package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

const readme = "../../../README.md"

// TestGeneratedPartsAreCurrent: what is committed is what go generate writes.
func TestGeneratedPartsAreCurrent(t *testing.T) {
	t.Parallel()
	committed, err := os.ReadFile(readme)
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "README.md")
	require.NoError(t, os.WriteFile(file, committed, 0o644))
	require.NoError(t, update(file))
	fresh, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(fresh), string(committed), "features/README.md is out of date: run go generate ./...")
}

func TestMarksThatAreMissing(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "README.md")
	require.NoError(t, os.WriteFile(file, []byte("nothing here"), 0o644))
	require.ErrorContains(t, update(file), `there is no part between "<!-- generated: `)
}
