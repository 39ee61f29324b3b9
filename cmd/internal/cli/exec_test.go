//go:build unix

package cli

import (
	"bufio"
	"context"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A receiver is asked to end, so that it can put away what it has made, and ended by force if it does not listen.
func TestEndGroup(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		command, want string
		grace         time.Duration
	}{
		"asked":    {`trap 'echo put away; exit 0' TERM; echo up; while :; do sleep 0.05; done`, "put away", time.Minute},
		"inside":   {`(trap 'echo put away; exit 0' TERM; echo up; while :; do sleep 0.05; done) & wait`, "put away", time.Minute},
		"by force": {`trap '' TERM; echo up; while :; do sleep 0.05; done`, "", 50 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, in, err := os.Pipe()
			require.NoError(t, err)
			defer out.Close()
			cmd := exec.Command("sh", "-c", test.command)
			cmd.Stdout = in
			ownGroup(cmd)
			require.NoError(t, cmd.Start())
			in.Close()
			ended := make(chan struct{})
			go func() {
				_ = cmd.Wait()
				close(ended)
			}()
			lines := bufio.NewReader(out)
			up, err := lines.ReadString('\n')
			require.NoError(t, err)
			require.Equal(t, "up\n", up)
			endGroup(cmd, test.grace)
			<-ended
			rest, err := io.ReadAll(lines)
			require.NoError(t, err)
			require.Equal(t, test.want, strings.TrimSpace(string(rest)))
		})
	}
}

// What a receiver has started is ended too if it ends itself before it listens.
func TestReceiverThatEndsEarlyLeavesNothing(t *testing.T) {
	t.Parallel()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := free.Addr().String()
	require.NoError(t, free.Close())
	up, ended := filepath.Join(t.TempDir(), "up"), filepath.Join(t.TempDir(), "ended")
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	require.NoError(t, err)
	defer null.Close()
	a := &app{stderr: null}
	_, err = a.startReceiver(context.Background(), `(trap 'echo > `+ended+`; exit' TERM; echo > `+up+`; while :; do sleep 0.05; done) & while [ ! -e `+up+` ]; do sleep 0.05; done; exit 7`, "http://"+address+"/hooks")
	require.ErrorContains(t, err, "the receiver ended before it listened at "+address+": exit status 7")
	require.FileExists(t, ended)
}
