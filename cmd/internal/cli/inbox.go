package cli

import (
	"cmp"
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/quintain-dev/quintain/mockserver/client"
)

// inboxCommand is the inboxes of a running server's community, and the commands about them.
type inboxCommand struct {
	*app
	running
	asJSON bool
}

func (a *app) inbox() *cobra.Command {
	ic := &inboxCommand{app: a}
	cmd := &cobra.Command{
		Use:   "inbox",
		Short: "Make endpoints of a running server that record what they get and fail by script",
		Long: `An inbox is an endpoint of a running server that records what it gets, and answers by a script: a
list of statuses and of ways to fail, the last one repeated.`,
		Example: `  quintain inbox put flaky 500x3,timeout,200 --community tribe
  quintain inbox captures flaky --community tribe
  quintain inbox list --community tribe
  quintain inbox delete flaky --community tribe`,
		Args: subcommand,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return misuse("inbox: want put, list, captures or delete; see %q", cmd.CommandPath()+" --help")
		},
	}
	ic.serverFlags(cmd, "the only one")
	cmd.PersistentFlags().BoolVar(&ic.asJSON, "json", false, "print JSON")
	cmd.AddCommand(ic.put(), ic.list(), ic.captures(), ic.delete())
	return cmd
}

func (ic *inboxCommand) put() *cobra.Command {
	return &cobra.Command{
		Use:   "put <name> [script]",
		Short: "Make an inbox, or give it another script, and print its URL",
		Long: `Makes an inbox and prints its URL. If there is one with this name, it gets the script from its first
step, and keeps what it captured. Without a script it answers 200.`,
		Example: `  quintain inbox put flaky 500x3,200
  quintain inbox put slow "timeout, 200"`,
		Args: args(1, 2, "name"),
		RunE: ic.on(&ic.running, func(ctx context.Context, c *client.Client, args []string) error {
			script := ""
			if len(args) == 2 {
				script = args[1]
			}
			in, err := c.PutInbox(ctx, ic.community, args[0], script)
			if err != nil {
				return err
			}
			if ic.asJSON {
				return ic.printJSON(in)
			}
			_, err = fmt.Fprintln(ic.stdout, in.URL)
			return err
		}),
	}
}

func (ic *inboxCommand) list() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the inboxes",
		Args:  args(0, 0),
		RunE: ic.on(&ic.running, func(ctx context.Context, c *client.Client, _ []string) error {
			all, err := c.Inboxes(ctx, ic.community)
			if err != nil {
				return err
			}
			if ic.asJSON {
				return ic.printJSON(all)
			}
			w := tabwriter.NewWriter(ic.stdout, 0, 0, 2, ' ', 0)
			fmt.Fprintln(w, "INBOX\tANSWERS\tURL")
			for _, in := range all {
				fmt.Fprintf(w, "%s\t%s\t%s\n", in.Name, cmp.Or(in.Script, "200"), in.URL)
			}
			return w.Flush()
		}),
	}
}

func (ic *inboxCommand) captures() *cobra.Command {
	return &cobra.Command{
		Use:   "captures <name>",
		Short: "List what an inbox got, oldest first",
		Long: `Lists the requests that an inbox got, oldest first, at times of the community's clock, and what it
answered. With --json, they are whole: headers and bodies too.`,
		Args: args(1, 1, "name"),
		RunE: ic.on(&ic.running, func(ctx context.Context, c *client.Client, args []string) error {
			all := []client.Capture{}
			for page := (client.Page{Number: 1, Size: 500}); ; page.Number++ {
				got, err := c.Captures(ctx, ic.community, args[0], page)
				if err != nil {
					return err
				}
				if all = append(all, got.Captures...); len(got.Captures) < page.Size {
					break
				}
			}
			if ic.asJSON {
				return ic.printJSON(all)
			}
			w := tabwriter.NewWriter(ic.stdout, 0, 0, 2, ' ', 0)
			fmt.Fprintln(w, "NUMBER\tAT\tREQUEST\tBYTES\tANSWERED")
			for _, one := range all {
				request := one.Method + " " + cmp.Or(one.Path, "/")
				if one.Query != "" {
					request += "?" + one.Query
				}
				fmt.Fprintf(w, "%d\t%s\t%s\t%d\t%s\n", one.Number, one.At.Format(time.RFC3339), request, len(one.Bytes()), cmp.Or(one.Answered, "-"))
			}
			return w.Flush()
		}),
	}
}

func (ic *inboxCommand) delete() *cobra.Command {
	return &cobra.Command{
		Use:   "delete <name>",
		Short: "Remove an inbox, with what it captured",
		Args:  args(1, 1, "name"),
		RunE: ic.on(&ic.running, func(ctx context.Context, c *client.Client, args []string) error {
			return c.DeleteInbox(ctx, ic.community, args[0])
		}),
	}
}
