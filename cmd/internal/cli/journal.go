package cli

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/quintain-dev/quintain/mockserver/client"
)

// journalOptions are the flags of the commands that look into the journal of a running server.
type journalOptions struct {
	running
	state, event, webhook string
	since, until          string
	asJSON                bool
}

// filters are the names of the flags of filterFlags.
var filters = []string{"state", "event", "webhook", "since", "until"}

func filterFlags(cmd *cobra.Command, o *journalOptions) {
	f := cmd.Flags()
	f.StringVar(&o.state, "state", "", "deliveries in this state: "+strings.Join([]string{
		client.Pending, client.Sending, client.Waiting, client.Acknowledged, client.Exhausted, client.Canceled,
	}, ", "))
	f.StringVar(&o.event, "event", "", "deliveries of this event")
	f.StringVar(&o.webhook, "webhook", "", "deliveries to the webhook with this id")
	f.StringVar(&o.since, "since", "", "deliveries made at this time of the community's clock or after it, such as 2026-03-01T09:00:00Z")
	f.StringVar(&o.until, "until", "", "deliveries made before this time")
}

// filter reads the flags of filterFlags.
func (o journalOptions) filter() (f client.DeliveryFilter, err error) {
	f = client.DeliveryFilter{State: o.state, Event: o.event, Webhook: o.webhook}
	for _, bound := range []struct {
		flag, text string
		to         *time.Time
	}{{"since", o.since, &f.Since}, {"until", o.until, &f.Until}} {
		if bound.text == "" {
			continue
		}
		if *bound.to, err = time.Parse(time.RFC3339, bound.text); err != nil {
			return f, misuse("--%s %q is not a time; write it as 2026-03-01T09:00:00Z", bound.flag, bound.text)
		}
	}
	return f, nil
}

func (a *app) deliveries() *cobra.Command {
	var o journalOptions
	var limit int
	cmd := &cobra.Command{
		Use:   "deliveries",
		Short: "List what a running server delivered, and what is still owed",
		Long: `Lists the deliveries of a running server's community, newest first. Times are
those of the community's clock. "quintain curl <delivery>" shows one as a
command that sends it again.`,
		Example: `  quintain deliveries --community tribe
  quintain deliveries --community tribe --state exhausted --event member.created
  quintain deliveries --community tribe --since 2026-03-01T09:00:00Z --json`,
		Args: args(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if limit < 0 {
				return misuse("--limit %d is out of range, want 0 (all) or more", limit)
			}
			f, err := o.filter()
			if err != nil {
				return err
			}
			c, err := a.choose(cmd.Context(), &o.running)
			if err != nil {
				return err
			}
			all, total, err := someDeliveries(cmd.Context(), c, o.community, f, limit)
			if err != nil {
				return o.failed(err)
			}
			if o.asJSON {
				err = a.printJSON(all)
			} else {
				err = a.printDeliveries(all)
			}
			if err != nil {
				return couldNot(err)
			}
			if total > len(all) {
				fmt.Fprintf(a.stderr, "%d of %d; --limit 0 lists all\n", len(all), total)
			}
			return nil
		},
	}
	o.serverFlags(cmd, "the only one")
	filterFlags(cmd, &o)
	cmd.Flags().IntVarP(&limit, "limit", "n", 50, "how many at most; 0 lists all")
	cmd.Flags().BoolVar(&o.asJSON, "json", false, "print JSON")
	return cmd
}

// someDeliveries returns the newest deliveries, as many as limit at most if that is not 0, and how many there are.
func someDeliveries(
	ctx context.Context, c *client.Client, community string, f client.DeliveryFilter, limit int,
) (all []client.Delivery, total int, err error) {
	all = []client.Delivery{}
	seen := map[string]bool{} // pages shift when something is added meanwhile
	for f.Page = (client.Page{Number: 1, Size: 500}); ; f.Page.Number++ {
		got, err := c.Deliveries(ctx, community, f)
		if err != nil {
			return nil, 0, err
		}
		for _, d := range got.Deliveries {
			if !seen[d.ID] {
				seen[d.ID] = true
				all = append(all, d)
			}
		}
		switch {
		case limit > 0 && len(all) >= limit:
			return all[:limit], got.Total, nil
		case len(got.Deliveries) < f.Page.Size:
			return all, len(all), nil
		}
	}
}

func (a *app) printDeliveries(all []client.Delivery) error {
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "DELIVERY\tMADE\tEVENT\tSTATE\tATTEMPTS\tNEXT")
	for _, d := range all {
		next := "-"
		if d.State == client.Pending || d.State == client.Waiting {
			next = d.Due.Format(time.RFC3339)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d\t%s\n", d.ID, d.CreatedAt.Format(time.RFC3339), d.EventType, d.State, d.AttemptCount, next)
	}
	return w.Flush()
}

// leastPrefix is how much of an id stands for all of it.
const leastPrefix = 4

// meantDelivery returns the delivery with an id, or the only one whose id begins so, or the only one of the event with
// this id.
func meantDelivery(ctx context.Context, c *client.Client, community, id string) (*client.DeliveryDetail, error) {
	d, unknown := c.Delivery(ctx, community, id)
	var answer *client.Error
	if unknown == nil || !errors.As(unknown, &answer) || answer.Code != "unknown_delivery" {
		return d, unknown
	}
	all, _, err := someDeliveries(ctx, c, community, client.DeliveryFilter{}, 0)
	if err != nil {
		return nil, err
	}
	var meant []string
	for _, d := range all {
		if d.EventID == id || len(id) >= leastPrefix && strings.HasPrefix(d.ID, id) {
			meant = append(meant, d.ID)
		}
	}
	switch len(meant) {
	case 0:
		return nil, unknown
	case 1:
		return c.Delivery(ctx, community, meant[0])
	}
	if len(meant) > 5 {
		meant = append(meant[:5], "…")
	}
	return nil, misuse("%q stands for several deliveries; choose one of %s", id, strings.Join(meant, ", "))
}

func (a *app) curl() *cobra.Command {
	var o journalOptions
	cmd := &cobra.Command{
		Use:   "curl <delivery> [attempt]",
		Short: "Show an attempt as a curl command that sends the same bytes",
		Long: `Shows an attempt of a delivery, the last one if no number is given, as a command
for a POSIX shell that sends the same headers and body. A key that the journal
does not show is not in it either. The beginning of a delivery's id is enough,
as "quintain serve" prints it, or the id of an event with one delivery.`,
		Example: `  quintain curl 1b1a1c38-6a3c-5c8a-9d0f-3f9b9a2f5a11 --community tribe
  quintain curl 1b1a1c38-6a3c-5c8a-9d0f-3f9b9a2f5a11 1 --community tribe | sh`,
		Args: args(1, 2, "delivery", "attempt"),
		RunE: func(cmd *cobra.Command, args []string) error {
			number := 0
			if len(args) == 2 {
				var err error
				if number, err = strconv.Atoi(args[1]); err != nil || number < 1 {
					return misuse("curl: the attempt is %q, want its number, from 1", args[1])
				}
			}
			c, err := a.choose(cmd.Context(), &o.running)
			if err != nil {
				return err
			}
			d, err := meantDelivery(cmd.Context(), c, o.community, args[0])
			if err != nil {
				return o.failed(err)
			}
			if number == 0 {
				if len(d.Attempts) == 0 {
					return misuse("curl: no attempt of %s was made yet; it is %s", d.ID, d.State)
				}
				number = d.Attempts[len(d.Attempts)-1].Number
			}
			command, err := c.Curl(cmd.Context(), o.community, d.ID, number)
			if err != nil {
				return o.failed(err)
			}
			_, err = fmt.Fprint(a.stdout, command)
			return err
		},
	}
	o.serverFlags(cmd, "the only one")
	return cmd
}
