package cli

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"os/exec"
	"sync/atomic"
	"time"

	"github.com/quintain-dev/quintain/features/judge"
)

// startLimit is how long a receiver may take until it listens.
const startLimit = 30 * time.Second

// endLimit is how long a receiver may take to end when it is asked to.
const endLimit = 5 * time.Second

// startReceiver starts a command by the shell and waits until something listens at the URL. The command's output goes
// to standard error.
func (a *app) startReceiver(ctx context.Context, command, target string) (*process, error) {
	address, err := dialAddress(target)
	if err != nil {
		return nil, misuse("%w", err)
	}
	if conn, err := net.DialTimeout("tcp", address, time.Second); err == nil {
		conn.Close()
		return nil, couldNot(fmt.Errorf("something listens at %s already, before --exec has started the receiver; stop it, or leave --exec out", address))
	}
	p, err := a.launch(command)
	if err != nil {
		return nil, couldNot(err)
	}
	if err := p.awaitListening(ctx, address); err != nil {
		p.end()
		return nil, couldNot(err)
	}
	return p, nil
}

// dialAddress returns the address that a client of the URL connects to.
func dialAddress(target string) (string, error) {
	u, err := url.Parse(target)
	switch {
	case err != nil:
		return "", err
	case u.Port() != "":
		return u.Host, nil
	case u.Scheme == "https":
		return net.JoinHostPort(u.Hostname(), "443"), nil
	default:
		return net.JoinHostPort(u.Hostname(), "80"), nil
	}
}

// A process is a receiver that was started for a run, with all that it started in its turn.
type process struct {
	*app
	cmd    *exec.Cmd
	judged atomic.Int64  // scenarios
	ended  chan struct{} // closed when the command has ended; what it started may be there still
	result error         // of the command, once it has ended
	after  int64         // then: how many scenarios had been judged
}

func (a *app) launch(command string) (*process, error) {
	p := &process{app: a, cmd: exec.Command("sh", "-c", command), ended: make(chan struct{})}
	p.cmd.Stdout, p.cmd.Stderr = a.stderr, a.stderr
	ownGroup(p.cmd)
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		p.result = p.cmd.Wait()
		p.after = p.judged.Load()
		close(p.ended)
	}()
	return p, nil
}

// count records that a scenario was judged.
func (p *process) count(judge.Result) { p.judged.Add(1) }

// note says in a report that the receiver has ended by itself, if it has.
func (p *process) note(r *judge.Report) {
	select {
	case <-p.ended:
		r.Notes = append(r.Notes, fmt.Sprintf("the receiver's process ended: %s, after %d of %s", exitText(p.result), p.after, plural(r.Scenarios.Planned, "scenario")))
	default:
	}
}

// stop ends the receiver after a run.
func (p *process) stop() {
	select {
	case <-p.ended:
		fmt.Fprintf(p.stderr, "quintain: the receiver ended by itself during the run: %s\n", exitText(p.result))
	default:
	}
	p.end()
}

// end ends the process, and waits until it has.
func (p *process) end() {
	endGroup(p.cmd, endLimit)
	<-p.ended
}

// awaitListening waits until something listens at the address. The error says why nothing does.
func (p *process) awaitListening(parent context.Context, address string) error {
	ctx, cancel := context.WithTimeout(parent, startLimit)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	var dialer net.Dialer
	for {
		if conn, err := dialer.DialContext(ctx, "tcp", address); err == nil {
			conn.Close()
			return nil
		}
		select {
		case <-p.ended:
			return fmt.Errorf("the receiver ended before it listened at %s: %s", address, exitText(p.result))
		case <-ctx.Done():
			if parent.Err() != nil {
				return errBrokenOff
			}
			return fmt.Errorf("the receiver does not listen at %s after %s", address, startLimit)
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
