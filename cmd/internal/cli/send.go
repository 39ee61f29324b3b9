package cli

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/spf13/cobra"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/fakes"
	"github.com/quintain-dev/quintain/mockserver"
	"github.com/quintain-dev/quintain/mockserver/client"
)

// sendOptions are the flags of send.
type sendOptions struct {
	to, server, community, secret, file string
	seed, first                         uint64
	count                               int
	retries, asJSON                     bool
	encoding, formStyle                 string
	settings                            []string
}

func (a *app) send() *cobra.Command {
	var o sendOptions
	cmd := &cobra.Command{
		Use:   "send <platform> <event>",
		Short: "Send an event, signed as the platform does",
		Long: `Lets an event happen. With --to it is delivered straight to the URL; with --retries, failed
attempts are followed by all the retries of the platform's schedule, hours of them in
milliseconds, on a clock that only this command moves.

Without --to, a running server (quintain serve) delivers it to the webhooks of its community.

Exit code 1: a delivery was not acknowledged.`,
		Example: `  quintain send tribe member.created --to http://localhost:3000/hooks --secret s3cret
  quintain send mighty EventCreated --to http://localhost:3000/hooks --retries
  quintain send mighty MemberBadgeAdded`,
		Args:              args(2, 2, "platform", "event"),
		ValidArgsFunction: completeNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			p, event, err := platformAndEvent(args[0], args[1])
			if err != nil {
				return err
			}
			if o.count < 1 || o.count > 10_000 {
				return misuse("--count %d is out of range, want 1 to 10000", o.count)
			}
			if o.to == "" {
				for _, flag := range []string{"secret", "retries", "seed", "encoding", "form-style", "set"} {
					if cmd.Flags().Changed(flag) {
						return misuse("--%s goes with --to; a running server has its own", flag)
					}
				}
				return a.sendByServer(cmd.Context(), p, event, o, cmd.Flags().Changed("first"))
			}
			for _, flag := range []string{"server", "community"} {
				if cmd.Flags().Changed(flag) {
					return misuse("--%s and --to exclude each other: with --to no server is needed", flag)
				}
			}
			return a.sendDirectly(cmd.Context(), p, event, o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.to, "to", "", "deliver to this URL, without a server")
	a.secretFlag(cmd, &o.secret, "the signing secret, or key")
	f.BoolVar(&o.retries, "retries", false, "retry on the platform's schedule until it is acknowledged or given up")
	f.Uint64Var(&o.seed, "seed", 42, "the world that the payload comes from")
	f.Uint64Var(&o.first, "first", 0, "the number of the first payload")
	f.IntVarP(&o.count, "count", "n", 1, "how many events")
	f.StringArrayVar(&o.settings, "set", nil, "put another value at a path, such as payload.member.email=a@example.com; may be repeated")
	f.StringVar(&o.file, "body", "", "send the JSON in this file as it is; - is standard input")
	f.StringVar(&o.encoding, "encoding", "", "json, or form where the platform sends forms")
	f.StringVar(&o.formStyle, "form-style", "", "how a form nests: brackets or dots")
	f.StringVar(&o.server, "server", "http://"+defaultAddress, "the running server (or QUINTAIN_SERVER)")
	f.StringVar(&o.community, "community", "", "the community on that server (default: the one named after the platform)")
	f.BoolVar(&o.asJSON, "json", false, "print the deliveries with all their attempts as JSON")
	return cmd
}

// sendByServer lets a running server deliver.
func (a *app) sendByServer(ctx context.Context, p *contract.Platform, event *contract.EventType, o sendOptions, numbered bool) error {
	if o.server == "http://"+defaultAddress && a.env["QUINTAIN_SERVER"] != "" {
		o.server = a.env["QUINTAIN_SERVER"]
	}
	if err := checkURL(o.server); err != nil {
		return err
	}
	if o.community == "" {
		o.community = p.Name
	}
	emission, err := a.emission(event, o)
	if err != nil {
		return err
	}
	if numbered {
		emission.N = &o.first
	}
	emission.Wait = true
	c := client.New(o.server, nil)
	events, err := c.Emit(ctx, o.community, emission)
	var answer *client.Error
	switch {
	case errors.As(err, &answer) && answer.Status == 404:
		return misuse("%s: %w", o.server, err)
	case errors.As(err, &answer):
		return couldNot(err)
	case err != nil:
		return couldNot(fmt.Errorf("no server at %s: %w; start one with \"quintain serve --to <your receiver>\", or deliver straight with --to", o.server, err))
	}
	return a.showDeliveries(ctx, c, o.community, events, o)
}

// sendDirectly delivers from a server of its own that nobody else sees.
func (a *app) sendDirectly(ctx context.Context, p *contract.Platform, event *contract.EventType, o sendOptions) error {
	if err := checkURL(o.to); err != nil {
		return err
	}
	u, err := url.Parse(o.to)
	if err != nil {
		return misuse("%w", err)
	}
	if p.Rules.Signature.Value.Signed() && o.secret == "" {
		return misuse("--secret is missing: %s signs what it sends", p)
	}
	if len(o.settings) > 0 && o.count > 1 {
		return misuse("--set goes with one event, not with --count %d", o.count)
	}
	emission, err := a.emission(event, o)
	if err != nil {
		return err
	}
	if len(o.settings) > 0 {
		if emission.Payload, err = overridden(event, emission.Payload, o); err != nil {
			return err
		}
	}
	emission.N = &o.first
	mock, err := mockserver.New(mockserver.WithAllowedHosts(u.Hostname()))
	if err != nil {
		return misuse("%w", err)
	}
	defer mock.Close()
	address, stop, err := listenAndServe("127.0.0.1:0", mock)
	if err != nil {
		return couldNot(err)
	}
	defer stop()
	c := client.New("http://"+address, nil)
	_, err = c.CreateCommunity(ctx, client.NewCommunity{
		ID: p.Name, Platform: p.String(), Seed: &o.seed, Secret: &o.secret, Clock: client.Virtual(),
		Encoding: o.encoding, FormStyle: o.formStyle,
	})
	if err == nil {
		_, err = c.CreateWebhook(ctx, p.Name, client.NewWebhook{URL: o.to, Events: []string{"*"}})
	}
	var events []client.Event
	if err == nil {
		events, err = c.Emit(ctx, p.Name, emission)
	}
	if err != nil {
		return misuse("%w", err)
	}
	if o.retries {
		_, err = c.Settle(ctx, p.Name, 0)
	} else {
		_, err = c.Advance(ctx, p.Name, 0)
	}
	if err != nil {
		return couldNot(err)
	}
	return a.showDeliveries(ctx, c, p.Name, events, o)
}

func (a *app) emission(event *contract.EventType, o sendOptions) (client.Emission, error) {
	e := client.Emission{Type: event.Name, Count: o.count}
	if o.file == "" {
		return e, nil
	}
	body, err := a.readFile(o.file)
	if err != nil {
		return e, err
	}
	if contract.Lookup(body, "") == nil {
		return e, misuse("--body %s: %s", o.file, validateBody(event.Platform(), event.Name, body).Message)
	}
	e.Payload = body
	return e, nil
}

// overridden makes the settings in a payload: the one that was given, or the one that would be generated.
func overridden(event *contract.EventType, payload []byte, o sendOptions) ([]byte, error) {
	if payload == nil {
		now := time.Now()
		world := fakes.NewWorld(o.seed, fakes.Config{Epoch: now})
		generator, err := world.Generator(event)
		if err != nil {
			return nil, err
		}
		payload = generator.Append(nil, o.first, now)
	}
	return override(event, payload, o.settings)
}

// showDeliveries prints what became of events.
func (a *app) showDeliveries(ctx context.Context, c *client.Client, community string, events []client.Event, o sendOptions) error {
	deliveries := []*client.DeliveryDetail{}
	acknowledged := true
	for _, e := range events {
		for _, id := range e.Deliveries {
			d, err := c.Delivery(ctx, community, id)
			if err != nil {
				return couldNot(err)
			}
			deliveries = append(deliveries, d)
			acknowledged = acknowledged && d.State == string(contract.Acknowledged)
		}
	}
	if len(deliveries) == 0 {
		return misuse("nothing was sent: no active webhook of the community %q subscribes to this event; register one, or start the server with --to", community)
	}
	if o.asJSON {
		if err := a.printJSON(deliveries); err != nil {
			return couldNot(err)
		}
	} else {
		for _, d := range deliveries {
			a.printDelivery(d)
		}
	}
	if !acknowledged {
		return judged
	}
	return nil
}

func (a *app) printDelivery(d *client.DeliveryDetail) {
	fmt.Fprintf(a.stdout, "%s %s: %s after %d attempt", d.EventType, d.EventID, d.State, len(d.Attempts))
	if len(d.Attempts) != 1 {
		fmt.Fprint(a.stdout, "s")
	}
	fmt.Fprintln(a.stdout)
	for _, attempt := range d.Attempts {
		got := attempt.Error
		if attempt.Response != nil {
			got = fmt.Sprintf("%d, %d bytes", attempt.Response.Status, len(attempt.Response.Bytes()))
		}
		after := attempt.Sent.Sub(d.CreatedAt).Round(time.Second)
		fmt.Fprintf(a.stdout, "  attempt %d  +%-10s %s after %.1f ms\n", attempt.Number, after, got, attempt.DurationMS)
	}
	if d.State == string(contract.Waiting) {
		fmt.Fprintf(a.stdout, "  the next attempt is due +%s\n", d.Due.Sub(d.CreatedAt).Round(time.Second))
	}
}
