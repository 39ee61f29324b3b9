package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/quintain-dev/quintain/mockserver/client"
)

// clockCommand is the clock of a running server's community, and the commands that show and move it.
type clockCommand struct {
	*app
	running
	asJSON bool
}

func (a *app) clock() *cobra.Command {
	cc := &clockCommand{app: a}
	cmd := &cobra.Command{
		Use:   "clock",
		Short: "Show the clock of a running server's community, or move it",
		Long: `Shows the clock of a community of a running server: what time it is there, and
what is due. A virtual clock stands until it is moved; moving it makes the
attempts that fall due on the way, and ends when they are final. A real or
scaled clock can be paused.`,
		Example: `  quintain clock --community tribe
  quintain clock advance 5m --community tribe
  quintain clock advance next --community tribe
  quintain clock settle --community tribe        until nothing is pending
  quintain clock wait --timeout 30s --json`,
		Args: subcommand,
		RunE: cc.on(&cc.running, func(ctx context.Context, c *client.Client, _ []string) error { return cc.show(ctx, c) }),
	}
	cc.serverFlags(cmd, "the only one")
	cmd.PersistentFlags().BoolVar(&cc.asJSON, "json", false, "print JSON")
	cmd.AddCommand(cc.advance(), cc.settle(), cc.wait(),
		cc.halt("pause", "Stop a real or scaled clock: no attempt begins until it is resumed", (*client.Client).Pause),
		cc.halt("resume", "Let a clock go on that was paused", (*client.Client).Resume))
	return cmd
}

func (cc *clockCommand) advance() *cobra.Command {
	return &cobra.Command{
		Use:   "advance <how far>",
		Short: "Move a virtual clock",
		Long: `Moves a virtual clock by a duration, to when the next attempt is due, or to a
time. Ends when every attempt that fell due is final. If none is due, "next"
leaves the clock where it is.`,
		Example: `  quintain clock advance 5m
  quintain clock advance next
  quintain clock advance 2026-03-01T09:00:00Z`,
		Args:      args(1, 1, "duration, time, or next"),
		ValidArgs: []string{"next"},
		RunE: cc.on(&cc.running, func(ctx context.Context, c *client.Client, args []string) error {
			if args[0] == "next" {
				return cc.moved(ctx, c)(c.AdvanceToNext(ctx, cc.community))
			}
			if by, err := time.ParseDuration(args[0]); err == nil {
				return cc.moved(ctx, c)(c.Advance(ctx, cc.community, by))
			}
			to, err := time.Parse(time.RFC3339, args[0])
			if err != nil {
				return misuse("clock advance: %q is not how far; write a duration such as 5m, a time such as 2026-03-01T09:00:00Z, or next", args[0])
			}
			return cc.moved(ctx, c)(c.AdvanceTo(ctx, cc.community, to))
		}),
	}
}

func (cc *clockCommand) settle() *cobra.Command {
	var most int
	cmd := &cobra.Command{
		Use:   "settle",
		Short: "Move a virtual clock until nothing is pending",
		Long: `Moves a virtual clock until nothing is pending: every delivery is acknowledged,
or given up.

Exit code 1: there is more to do than --max attempts.`,
		Args: args(0, 0),
	}
	cmd.Flags().IntVar(&most, "max", 0, "how many attempts at most, 1 to 10000000 (default: 100000)")
	cmd.RunE = cc.on(&cc.running, func(ctx context.Context, c *client.Client, _ []string) error {
		if cmd.Flags().Changed("max") && most == 0 { // to the client, 0 is the default
			return misuse("--max is 0, want 1 to 10000000")
		}
		return cc.moved(ctx, c)(c.Settle(ctx, cc.community, most))
	})
	return cmd
}

func (cc *clockCommand) wait() *cobra.Command {
	var timeout time.Duration
	cmd := &cobra.Command{
		Use:   "wait",
		Short: "Wait until nothing is pending, on any clock",
		Long: `Waits until no attempt is due later or under way, and moves no clock: somebody
else may, or it runs. The timeout is real time.

Exit code 1: after the timeout something is still pending, and is listed.`,
		Example: "  quintain clock wait --timeout 30s",
		Args:    args(0, 0),
		RunE: cc.on(&cc.running, func(ctx context.Context, c *client.Client, _ []string) error {
			state, err := c.Settled(ctx, cc.community, timeout)
			if err != nil {
				return cc.unsettled(err)
			}
			return cc.print(state)
		}),
	}
	cmd.Flags().DurationVar(&timeout, "timeout", 10*time.Second, "how long, in real time, 0s to 10m")
	return cmd
}

func (cc *clockCommand) halt(
	name, short string, how func(c *client.Client, ctx context.Context, community string) (*client.Clock, error),
) *cobra.Command {
	return &cobra.Command{
		Use:   name,
		Short: short,
		Args:  args(0, 0),
		RunE: cc.on(&cc.running, func(ctx context.Context, c *client.Client, _ []string) error {
			state, err := how(c, ctx, cc.community)
			if err != nil {
				return err
			}
			return cc.print(state)
		}),
	}
}

// moved prints what a move of the clock brought, and where the clock is now.
func (cc *clockCommand) moved(ctx context.Context, c *client.Client) func(*client.Moved, error) error {
	return func(moved *client.Moved, err error) error {
		if err != nil {
			return cc.unsettled(err)
		}
		if cc.asJSON {
			return cc.printJSON(moved)
		}
		if _, err := fmt.Fprintf(cc.stdout, "attempts   %d made\n", moved.Attempts); err != nil {
			return err
		}
		return cc.show(ctx, c)
	}
}

func (cc *clockCommand) show(ctx context.Context, c *client.Client) error {
	state, err := c.Clock(ctx, cc.community)
	if err != nil {
		return err
	}
	return cc.print(state)
}

func (cc *clockCommand) print(state *client.Clock) error {
	if cc.asJSON {
		return cc.printJSON(state)
	}
	mode := state.Mode
	if state.Scale != 0 {
		mode += fmt.Sprintf(", %g times as fast", state.Scale)
	}
	if state.Paused {
		mode += ", paused"
	}
	w := tabwriter.NewWriter(cc.stdout, 11, 0, 2, ' ', 0)
	fmt.Fprintf(w, "community\t%s\nclock\t%s\nnow\t%s\npending\t%d\n", cc.community, mode, state.Now.Format(time.RFC3339), state.Pending)
	if state.Next != nil {
		in := max(0, state.Next.Sub(state.Now)).Round(time.Second)
		fmt.Fprintf(w, "next\t%s, in %s\n", state.Next.Format(time.RFC3339), in)
	}
	return w.Flush()
}

// unsettled lists what is pending, if the error says that something is, and makes a judged failure of it.
func (cc *clockCommand) unsettled(err error) error {
	var answer *client.Error
	if !errors.As(err, &answer) || answer.Code != "not_settled" && answer.Code != "settle_bound" {
		return err
	}
	var left struct {
		Pending []client.Delivery `json:"pending"`
		Total   int               `json:"total"`
	}
	if err := json.Unmarshal(answer.Details, &left); err != nil {
		return couldNot(err)
	}
	if cc.asJSON {
		if err := cc.printJSON(answer.Details); err != nil {
			return err
		}
		return &exitError{exitFail, inWords(err)}
	}
	w := tabwriter.NewWriter(cc.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "DELIVERY\tEVENT\tSTATE\tATTEMPTS\tDUE")
	for _, d := range left.Pending {
		fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%s\n", d.ID, d.EventType, d.State, d.AttemptCount, d.Due.Format(time.RFC3339))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if more := left.Total - len(left.Pending); more > 0 {
		fmt.Fprintf(cc.stdout, "and %d more\n", more)
	}
	return &exitError{exitFail, inWords(err)}
}
