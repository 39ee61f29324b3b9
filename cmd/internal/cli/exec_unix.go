//go:build unix

package cli

import (
	"os/exec"
	"syscall"
	"time"
)

// ownGroup puts a command into a process group of its own, so that what it starts can be stopped with it.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// endGroup asks the processes of a group to end, and ends by force those that have not after the grace period. One that
// runs a container stops it only if it is asked.
func endGroup(cmd *exec.Cmd, grace time.Duration) {
	group := -cmd.Process.Pid
	_ = syscall.Kill(group, syscall.SIGTERM)
	limit := time.NewTimer(grace)
	defer limit.Stop()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for syscall.Kill(group, 0) == nil { // as long as there is one
		select {
		case <-tick.C:
		case <-limit.C:
			_ = syscall.Kill(group, syscall.SIGKILL)
			return
		}
	}
}
