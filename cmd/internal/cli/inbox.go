package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/quintain-dev/quintain/features/judge/report/render"
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
		Short: "Make endpoints that record what they get and fail by script",
		Long: `An inbox is an endpoint of a running server that records what it gets, judges it
by the contract, and answers by a script: a list of statuses and of ways to
fail, the last one repeated.

  500x3, timeout, 200        three times 500, then no answer, then 200
  429 retry-after 120, 410   with headers; also header "Name: value", body "…"
  30% 503 | 10% reset | 200  shares, drawn from the seed
  when event member.* attempt 1-2: 200 lost; 200
                             by the event, and by how often a delivery has come

Answers are a status, or timeout, reset, close, empty, malformed, cut,
redirect, dribble, endless and recover; delay 3s, dribble 2s and lost go with a
status.`,
		Example: `  quintain inbox put flaky 500x3,timeout,200 --community tribe
  quintain inbox captures flaky --community tribe
  quintain inbox list --community tribe
  quintain inbox delete flaky --community tribe`,
		Args: subcommand,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return misuse("inbox: want put, list, captures, wait or delete; see %q", cmd.CommandPath()+" --help")
		},
	}
	ic.serverFlags(cmd, "the only one")
	cmd.PersistentFlags().BoolVar(&ic.asJSON, "json", false, "print JSON")
	cmd.AddCommand(ic.put(), ic.list(), ic.captures(), ic.wait(), ic.delete())
	return cmd
}

func (ic *inboxCommand) put() *cobra.Command {
	return &cobra.Command{
		Use:   "put <name> [script]",
		Short: "Make an inbox, or give it another script, and print its URL",
		Long: `Makes an inbox and prints its URL. If there is one with this name, it gets the
script from its first step, and keeps what it captured. Without a script it
answers 200.`,
		Example: `  quintain inbox put flaky 500x3,200
  quintain inbox put slow "timeout, 200"`,
		Args: args(1, 2, "name", "script"),
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
				fmt.Fprintf(w, "%s\t%s\t%s\n", in.Name, render.Printable(cmp.Or(in.Script, "200")), in.URL)
			}
			return w.Flush()
		}),
	}
}

// captureFlags are the flags that say which captures are meant.
type captureFlags struct {
	event, method, path string
	valid, invalid      bool
}

func (f *captureFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.event, "event", "", "requests of this event")
	flags.StringVar(&f.method, "method", "", "requests with this method")
	flags.StringVar(&f.path, "path", "", "requests to this path behind the inbox's URL")
	flags.BoolVar(&f.valid, "valid", false, "requests whose body is what the platform documents")
	flags.BoolVar(&f.invalid, "invalid", false, "requests whose body is not")
	cmd.MarkFlagsMutuallyExclusive("valid", "invalid")
}

func (f captureFlags) filter() client.CaptureFilter {
	out := client.CaptureFilter{Event: f.event, Method: f.method, Path: f.path}
	if f.valid || f.invalid {
		out.Valid = &f.valid
	}
	return out
}

func (ic *inboxCommand) captures() *cobra.Command {
	var which captureFlags
	cmd := &cobra.Command{
		Use:   "captures <name>",
		Short: "List what an inbox got, oldest first",
		Long: `Lists the requests that an inbox got, oldest first, at times of the community's
clock: the event, how often that delivery has come, whether its body is what the
platform documents and its signature is right, and what was answered. With
--json, they are whole: headers, bodies and problems too.`,
		Args: args(1, 1, "name"),
		RunE: ic.on(&ic.running, func(ctx context.Context, c *client.Client, args []string) error {
			all := []client.Capture{}
			for page := (client.Page{Number: 1, Size: 500}); ; page.Number++ {
				got, err := c.FindCaptures(ctx, ic.community, args[0], which.filter(), page)
				if err != nil {
					return err
				}
				if all = append(all, got.Captures...); len(got.Captures) < page.Size {
					break
				}
			}
			return ic.show(all)
		}),
	}
	which.add(cmd)
	return cmd
}

func (ic *inboxCommand) show(captures []client.Capture) error {
	if ic.asJSON {
		return ic.printJSON(captures)
	}
	w := tabwriter.NewWriter(ic.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "NUMBER\tAT\tREQUEST\tBYTES\tEVENT\tTRY\tBODY\tSIGNATURE\tANSWERED")
	for _, one := range captures {
		request := one.Method + " " + cmp.Or(one.Path, "/")
		if one.Query != "" {
			request += "?" + one.Query
		}
		body := "valid"
		if !one.Valid {
			body = "invalid"
		}
		fmt.Fprintf(w, "%d\t%s\t%s\t%d\t%s\t%d\t%s\t%s\t%s\n", one.Number, one.At.Format(time.RFC3339), render.Printable(request), len(one.Bytes()),
			render.Printable(cmp.Or(one.Event, "-")), one.Attempt, body, cmp.Or(one.Signature, "-"), render.Printable(cmp.Or(one.Answered, "-")))
	}
	return w.Flush()
}

func (ic *inboxCommand) wait() *cobra.Command {
	var which captureFlags
	var count int
	var timeout time.Duration
	cmd := &cobra.Command{
		Use:   "wait <name>",
		Short: "Wait until an inbox has got so many requests, and list them",
		Long: `Waits until an inbox has got so many requests, of those that the flags name, and
lists them. If they do not come in time, it says what came in their place, and
why that does not count.

Exit code 1: they did not come.`,
		Example: "  quintain inbox wait flaky --count 3 --event member.created --timeout 30s",
		Args:    args(1, 1, "name"),
		RunE: ic.on(&ic.running, func(ctx context.Context, c *client.Client, args []string) error {
			got, err := c.WaitForCaptures(ctx, ic.community, args[0], which.filter(), count, timeout)
			var answer *client.Error
			switch {
			case err == nil:
				return ic.show(got.Captures)
			case errors.As(err, &answer) && answer.Code == "not_arrived":
				return ic.missed(answer)
			default:
				return err
			}
		}),
	}
	which.add(cmd)
	cmd.Flags().IntVarP(&count, "count", "n", 1, "how many requests")
	cmd.Flags().DurationVar(&timeout, "timeout", 5*time.Second, "how long to wait, in real time, 60s at most")
	return cmd
}

// missed says what came in place of what was waited for.
func (ic *inboxCommand) missed(e *client.Error) error {
	var details struct {
		Near []struct {
			Number  uint64
			Differs []string
		}
	}
	if err := json.Unmarshal(e.Details, &details); err != nil && e.Details != nil {
		return couldNot(err)
	}
	fmt.Fprintln(ic.stderr, "quintain: "+inWords(e).Error())
	for _, near := range details.Near {
		fmt.Fprintf(ic.stderr, "  request %d: %s\n", near.Number, render.Printable(strings.Join(near.Differs, "; ")))
	}
	return judged
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
