package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/quintain-dev/quintain/mockserver/client"
)

func (a *app) redeliver() *cobra.Command {
	var o journalOptions
	var wait, all bool
	cmd := &cobra.Command{
		Use:   "redeliver <delivery>... | --state <state> ...",
		Short: "Let a running server send deliveries once more",
		Long: `Asks a running server for one more attempt of deliveries that are settled,
outside their schedule: of those named, or of those that the filters select. On
a virtual clock the attempts are made when it is moved, unless --wait is given.

Exit code 1: a delivery that was named cannot be sent again, or, with --wait,
one was not acknowledged.`,
		Example: `  quintain redeliver 1b1a1c38-6a3c-5c8a-9d0f-3f9b9a2f5a11 --community tribe --wait
  quintain redeliver --community tribe --state exhausted --wait
  quintain redeliver --community tribe --all`,
		Args: args(0, 1<<20, "delivery"),
		RunE: func(cmd *cobra.Command, args []string) error {
			filtered := slices.ContainsFunc(append([]string{"all"}, filters...), cmd.Flags().Changed)
			switch {
			case len(args) == 0 && !filtered:
				return misuse("redeliver: name deliveries, or select them with --state, --event, --webhook, --since, --until or --all; see %q", cmd.CommandPath()+" --help")
			case len(args) > 0 && filtered:
				return misuse("redeliver: name deliveries, or select them by filters, not both")
			}
			filter, err := o.filter()
			if err != nil {
				return err
			}
			c, err := a.choose(cmd.Context(), &o.running)
			if err != nil {
				return err
			}
			selection := client.Selection{Filter: &filter}
			if !filtered {
				if selection, err = namedDeliveries(cmd.Context(), c, o.community, args); err != nil {
					return o.failed(err)
				}
			}
			done, err := c.RedeliverAll(cmd.Context(), o.community, selection, wait)
			if err != nil {
				return o.failed(err)
			}
			if err := a.printRedelivered(done, o.asJSON); err != nil {
				return couldNot(err)
			}
			missed := len(done.Skipped) > 0 && !filtered
			for _, d := range done.Redelivered {
				missed = missed || wait && d.State != client.Acknowledged
			}
			if missed {
				return judged
			}
			return nil
		},
	}
	o.serverFlags(cmd, "the only one")
	filterFlags(cmd, &o)
	cmd.Flags().BoolVar(&all, "all", false, "every delivery that is settled")
	cmd.Flags().BoolVar(&wait, "wait", false, "return when the attempts are final")
	cmd.Flags().BoolVar(&o.asJSON, "json", false, "print JSON")
	return cmd
}

// namedDeliveries selects deliveries as meantDelivery reads them. What is unknown is for the server to say.
func namedDeliveries(
	ctx context.Context, c *client.Client, community string, ids []string,
) (s client.Selection, err error) {
	for _, id := range ids {
		d, err := meantDelivery(ctx, c, community, id)
		var answer *client.Error
		switch {
		case err == nil:
			id = d.ID
		case !errors.As(err, &answer) || answer.Code != "unknown_delivery":
			return s, err
		}
		s.Deliveries = append(s.Deliveries, id)
	}
	return s, nil
}

func (a *app) printRedelivered(done *client.Redelivered, asJSON bool) error {
	if asJSON {
		return a.printJSON(done)
	}
	var err error
	for _, d := range done.Redelivered {
		_, failed := fmt.Fprintf(a.stdout, "%s  %s: %s, attempts: %d\n", d.ID, d.EventType, d.State, d.AttemptCount)
		err = cmp.Or(err, failed)
	}
	for _, s := range done.Skipped {
		_, failed := fmt.Fprintf(a.stdout, "%s  skipped: %s\n", s.ID, s.Message)
		err = cmp.Or(err, failed)
	}
	_, failed := fmt.Fprintf(a.stdout, "redelivered: %d, skipped: %d\n", len(done.Redelivered), len(done.Skipped))
	return cmp.Or(err, failed)
}
