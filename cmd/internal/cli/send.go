package cli

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
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
	retries, asJSON, print              bool
	encoding, formStyle                 string
	story                               string
	atOnce                              bool
	overrides                           overrides
}

func (a *app) send() *cobra.Command {
	var o sendOptions
	cmd := &cobra.Command{
		Use:   "send <platform> [event]",
		Short: "Send an event or a story, signed as the platform does",
		Long: `Lets an event happen. With --to it is delivered straight to the URL; with --retries, failed
attempts are followed by all the retries of the platform's schedule, hours of them in
milliseconds, on a clock that only this command moves.

With --story, a whole life is sent, event by event, and time passes between its steps; "quintain
stories" lists them.

Without --to, a running server (quintain serve) delivers it to the webhooks of its community.

Exit code 1: a delivery was not acknowledged.`,
		Example: `  quintain send tribe member.created --to http://localhost:3000/hooks --secret s3cret
  quintain send mighty EventCreated --to http://localhost:3000/hooks --retries
  quintain send tribe --story newcomer --to http://localhost:3000/hooks --secret s3cret
  quintain send mighty MemberBadgeAdded --set payload.member.email=me@example.org --print --to http://localhost:3000/hooks
  quintain send mighty MemberBadgeAdded`,
		Args:              a.platformArgs(1, 2, "platform"),
		ValidArgsFunction: completeNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			changed := cmd.Flags().Changed
			if o.story != "" {
				return a.sendStory(cmd.Context(), args, o, changed)
			}
			if changed("at-once") {
				return misuse("--at-once goes with --story")
			}
			if all, err := a.withPlatform(args); err != nil || len(all) < 2 {
				return cmp.Or(err, misuse("send: the event is missing; name one, or a --story; see %q", cmd.CommandPath()+" --help"))
			}
			p, event, err := a.platformAndEvent(args)
			if err != nil {
				return err
			}
			if o.count < 1 || o.count > 10_000 {
				return misuse("--count %d is out of range, want 1 to 10000", o.count)
			}
			if o.to == "" {
				for _, flag := range []string{"secret", "retries", "seed", "encoding", "form-style", "set", "unset", "patch", "force", "print"} {
					if changed(flag) {
						return misuse("--%s goes with --to; a running server has its own", flag)
					}
				}
				return a.sendByServer(cmd.Context(), p, event, o, changed("first"))
			}
			for _, flag := range []string{"server", "community"} {
				if changed(flag) {
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
	o.overrides.flags(cmd)
	f.BoolVar(&o.print, "print", false, "show the payload as it is sent, with what was overridden")
	f.StringVar(&o.story, "story", "", "tell this story: a name, or a file")
	f.BoolVar(&o.atOnce, "at-once", false, "leave out the waits between the steps of a story")
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
	c, err := a.runningServer(p, &o)
	if err != nil {
		return err
	}
	emission, err := a.emission(event, o)
	if err != nil {
		return err
	}
	if numbered {
		emission.N = &o.first
	}
	emission.Wait = true
	events, err := c.Emit(ctx, o.community, emission)
	if err != nil {
		return serverError(o.server, err)
	}
	return a.showDeliveries(ctx, c, o.community, events, o)
}

// runningServer completes where the server is, and which of its communities is meant.
func (a *app) runningServer(p *contract.Platform, o *sendOptions) (*client.Client, error) {
	if o.server == "http://"+defaultAddress && a.env["QUINTAIN_SERVER"] != "" {
		o.server = a.env["QUINTAIN_SERVER"]
	}
	if err := checkURL(o.server); err != nil {
		return nil, err
	}
	if o.community == "" {
		o.community = p.Name
	}
	return client.New(o.server, nil), nil
}

func serverError(server string, err error) error {
	var answer *client.Error
	switch {
	case errors.As(err, &answer) && answer.Status < 500:
		return misuse("%s: %w", server, err)
	case errors.As(err, &answer):
		return couldNot(err)
	default:
		return couldNot(fmt.Errorf("no server at %s: %w; start one with \"quintain serve --to <your receiver>\", or deliver straight with --to", server, err))
	}
}

// sendDirectly delivers from a server of its own that nobody else sees.
func (a *app) sendDirectly(ctx context.Context, p *contract.Platform, event *contract.EventType, o sendOptions) error {
	if err := checkURL(o.to); err != nil {
		return err
	}
	c, stop, err := a.ownServer(ctx, p, client.Virtual(), o)
	if err != nil {
		return err
	}
	defer stop()
	emissions, err := a.emissions(event, o)
	if err != nil {
		return err
	}
	var events []client.Event
	for _, emission := range emissions {
		happened, err := c.Emit(ctx, p.Name, emission)
		if err != nil {
			return misuse("%w", err)
		}
		events = append(events, happened...)
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

// ownServer starts a server that nobody else sees, with one community, called as the platform, whose webhook is the
// receiver.
func (a *app) ownServer(ctx context.Context, p *contract.Platform, clock *client.NewClock, o sendOptions) (*client.Client, func(), error) {
	u, err := url.Parse(o.to)
	if err != nil {
		return nil, nil, misuse("%w", err)
	}
	if p.Rules.Signature.Value.Signed() && o.secret == "" {
		return nil, nil, misuse("--secret is missing: %s signs what it sends", p)
	}
	mock, err := mockserver.New(mockserver.WithAllowedHosts(u.Hostname()), mockserver.WithPlatform(p))
	if err != nil {
		return nil, nil, misuse("%w", err)
	}
	address, stop, err := listenAndServe("127.0.0.1:0", mock)
	if err != nil {
		mock.Close()
		return nil, nil, couldNot(err)
	}
	end := func() {
		stop()
		mock.Close()
	}
	c := client.New("http://"+address, nil)
	_, err = c.CreateCommunity(ctx, client.NewCommunity{
		ID: p.Name, Platform: p.String(), Seed: &o.seed, Secret: &o.secret, Clock: clock,
		Encoding: o.encoding, FormStyle: o.formStyle,
	})
	if err == nil {
		_, err = c.CreateWebhook(ctx, p.Name, client.NewWebhook{URL: o.to, Events: []string{"*"}})
	}
	if err != nil {
		end()
		return nil, nil, misuse("%w", err)
	}
	return c, end, nil
}

// emissions are what to send: the events in one call if the server makes their payloads, else one call for each.
func (a *app) emissions(event *contract.EventType, o sendOptions) ([]client.Emission, error) {
	edits, err := a.edits(o.overrides)
	if err != nil {
		return nil, err
	}
	emission, err := a.emission(event, o)
	if err != nil {
		return nil, err
	}
	emission.N = &o.first
	if len(edits) == 0 && !o.print {
		return []client.Emission{emission}, nil
	}
	now := time.Now()
	generator, err := fakes.NewWorld(o.seed, fakes.Config{Epoch: now}).Generator(event)
	if err != nil {
		return nil, misuse("%w", err)
	}
	var out []client.Emission
	for i := range uint64(o.count) {
		n, payload := o.first+i, emission.Payload
		if payload == nil {
			payload = generator.Append(nil, n, now)
		}
		if payload, err = override(event, payload, edits, o.overrides.force); err != nil {
			return nil, err
		}
		if o.print {
			if err := a.printPayload(payload, o); err != nil {
				return nil, err
			}
		}
		out = append(out, client.Emission{Type: event.Name, Count: 1, N: &n, Payload: payload})
	}
	return out, nil
}

// printPayload shows a payload that is about to be sent; beside --json on standard error.
func (a *app) printPayload(payload []byte, o sendOptions) error {
	var indented bytes.Buffer
	if err := json.Indent(&indented, payload, "", "  "); err != nil {
		return couldNot(err)
	}
	to := a.stdout
	if o.asJSON {
		to = a.stderr
	}
	_, err := fmt.Fprintf(to, "%s\n", indented.Bytes())
	return err
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
