package cli

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"os/exec"
	"time"
)

// startLimit is how long a receiver may take until it listens.
const startLimit = 30 * time.Second

// startReceiver starts a command by the shell and waits until something listens at the URL. The command's output goes to
// standard error. stop ends the command with everything that it started.
func (a *app) startReceiver(ctx context.Context, command, target string) (stop func(), err error) {
	u, err := url.Parse(target)
	if err != nil {
		return nil, misuse("%w", err)
	}
	address := u.Host
	if u.Port() == "" {
		port := "80"
		if u.Scheme == "https" {
			port = "443"
		}
		address = net.JoinHostPort(u.Hostname(), port)
	}
	if conn, err := net.DialTimeout("tcp", address, time.Second); err == nil {
		conn.Close()
		return nil, couldNot(fmt.Errorf("something listens at %s already, before --exec has started the receiver; stop it, or leave --exec out", address))
	}

	cmd := exec.Command("sh", "-c", command)
	cmd.Stdout, cmd.Stderr = a.stderr, a.stderr
	ownGroup(cmd)
	if err := cmd.Start(); err != nil {
		return nil, couldNot(err)
	}
	var result error // of the command, once it has ended
	ended := make(chan struct{})
	go func() {
		result = cmd.Wait()
		close(ended)
	}()
	stop = func() {
		select {
		case <-ended:
			fmt.Fprintf(a.stderr, "quintain: the receiver ended by itself during the run: %s\n", exitText(result))
		default:
		}
		killGroup(cmd)
		<-ended
	}

	parent := ctx
	ctx, cancel := context.WithTimeout(parent, startLimit)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	var dialer net.Dialer
	for {
		if conn, err := dialer.DialContext(ctx, "tcp", address); err == nil {
			conn.Close()
			return stop, nil
		}
		select {
		case <-ended:
			killGroup(cmd)
			return nil, couldNot(fmt.Errorf("the receiver ended before it listened at %s: %s", address, exitText(result)))
		case <-ctx.Done():
			stop()
			if parent.Err() != nil {
				return nil, couldNot(errBrokenOff)
			}
			return nil, couldNot(fmt.Errorf("the receiver does not listen at %s after %s", address, startLimit))
		case <-tick.C:
		}
	}
}

func exitText(err error) string {
	if err == nil {
		return "exit status 0"
	}
	return err.Error()
}
