//go:build !unix

package cli

import (
	"os/exec"
	"time"
)

func ownGroup(*exec.Cmd) {}

// endGroup ends a command by force: there is no signal here to ask it with.
func endGroup(cmd *exec.Cmd, _ time.Duration) { _ = cmd.Process.Kill() }
