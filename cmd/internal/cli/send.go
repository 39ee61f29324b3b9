package cli

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/quintain-dev/quintain/cmd/internal/cli/term"
	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/fakes"
	"github.com/quintain-dev/quintain/features/judge/report/render"
	"github.com/quintain-dev/quintain/mockserver/client"
)

// sendOptions are the flags of send.
type sendOptions struct {
	running
	to, secret, file       string
	reference              string // of the platform, as it was typed; empty if it was not
	seed, first            uint64
	count                  int
	retries, asJSON, print bool
	encoding, formStyle    string
	story                  string
	atOnce                 bool
	overrides              overrides
	sending                sending
}

func (a *app) send() *cobra.Command {
	var o sendOptions
	cmd := &cobra.Command{
		Use:   "send <platform> [event]",
		Short: "Send an event or a story, signed as the platform does",
		Long: `Lets an event happen. With --to it is delivered straight to the URL; with
--retries, failed attempts are followed by all the retries of the platform's
schedule, hours of them in milliseconds, on a clock that only this command
moves.

With --story, a whole life is sent, event by event, and time passes between its
steps; "quintain stories" lists them.

Without --to, a running server (quintain serve) delivers it to the webhooks of
its community, as that server was told to; only --faults can be given for the
one event, too.

Exit code 1: a delivery was not acknowledged.`,
		Example: `  quintain send tribe member.created --to http://localhost:3000/hooks --secret s3cret
  quintain send mighty EventCreated --to http://localhost:3000/hooks --retries
  quintain send mighty EventCreated --to http://localhost:3000/hooks --retries --schedule 1m,1h --faults "50% lost"
  quintain send tribe --story newcomer --to http://localhost:3000/hooks --secret s3cret
  quintain send mighty MemberBadgeAdded --set payload.member.email=me@example.org --print --to http://localhost:3000/hooks
  quintain send mighty MemberBadgeAdded`,
		Args:              a.platformArgs(1, 2, "platform", "event"),
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
				return cmp.Or(err, a.eventMissing(args))
			}
			p, event, err := a.platformAndEvent(args)
			if err != nil {
				return err
			}
			if o.count < 1 || o.count > 10_000 {
				return misuse("--count %d is out of range, want 1 to 10000", o.count)
			}
			if o.to == "" {
				if err := ownedByServer(changed, "set", "unset", "patch", "force", "print"); err != nil {
					return err
				}
				o.reference = a.referenceIn(args)
				return a.sendByServer(cmd.Context(), p, event, o, changed("first"))
			}
			for _, flag := range []string{"server", "community", "token"} {
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
	o.serverFlags(cmd, "the one named after the platform")
	o.sending.flags(cmd)
	f.BoolVar(&o.asJSON, "json", false, "print the deliveries with all their attempts as JSON")
	return cmd
}

// sendByServer lets a running server deliver.
func (a *app) sendByServer(
	ctx context.Context, p *contract.Platform, event *contract.EventType, o sendOptions, numbered bool,
) error {
	c, err := a.runningServer(ctx, p, &o)
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
	emission.Faults, emission.Wait = o.sending.faults, true
	events, err := c.Emit(ctx, o.community, emission)
	if err != nil {
		return serverError(o.server, err)
	}
	return a.showDeliveries(ctx, c, o.community, events, o)
}

// ownedByServer refuses flags about what a running server has settled: those of its communities, and more.
func ownedByServer(changed func(flag string) bool, more ...string) error {
	for _, flag := range slices.Concat([]string{"secret", "retries", "seed", "encoding", "form-style"}, sendingFlags, more) {
		if changed(flag) && (flag != "faults" || slices.Contains(more, flag)) {
			return misuse("--%s goes with --to; a running server has its own", flag)
		}
	}
	return nil
}

// runningServer completes where the server is, and which of its communities is meant. If a revision or an option was
// asked for, that community must play it.
func (a *app) runningServer(ctx context.Context, p *contract.Platform, o *sendOptions) (*client.Client, error) {
	c, err := a.call(&o.running)
	if err != nil {
		return nil, err
	}
	o.community = cmp.Or(o.community, p.Name)
	all, err := c.Communities(ctx)
	if err != nil {
		return nil, serverError(o.server, err)
	}
	community, err := o.named(all)
	if err != nil || o.reference == p.Name || o.reference == "" {
		return c, err
	}
	_, options, _ := strings.Cut(o.reference, ",")
	switch plays := community.Platform + "@" + community.Revision; {
	case plays != p.Name+"@"+p.Revision:
		return nil, misuse("the community %s plays %s, not %s; start one with serve -p %s, or use --to", o.community, plays, p, p)
	case options != "": // a server does not say which it plays
		return nil, misuse("%s is settled by the server; leave it out, start one with serve -p %s, or use --to", options, o.reference)
	}
	return c, nil
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
	now, err := o.sending.begins(time.Now())
	if err != nil {
		return nil, err
	}
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

// eventMissing lists the events that can be sent.
func (a *app) eventMissing(args []string) error {
	p, _, err := a.platformAndRest(args)
	if err != nil {
		return err
	}
	return misuse("send: the event is missing; name one, or a --story. The events of %s are %s", p, strings.Join(p.EventNames(), ", "))
}

// printPayload shows a payload that is about to be sent; beside --json on standard error.
func (a *app) printPayload(payload []byte, o sendOptions) error {
	var indented bytes.Buffer
	if err := json.Indent(&indented, payload, "", "  "); err != nil {
		return couldNot(err)
	}
	var to io.Writer = a.stdout
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
		return e, misuse("--body: %w", err)
	}
	if contract.Lookup(body, "") == nil {
		return e, misuse("--body %s: %s", o.file, validateBody(event.Platform(), event.Name, body).Message)
	}
	e.Payload = body
	return e, nil
}

// showDeliveries prints what became of events.
func (a *app) showDeliveries(
	ctx context.Context, c *client.Client, community string, events []client.Event, o sendOptions,
) error {
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
			a.printDelivery(d, o)
		}
	}
	if !acknowledged {
		return judged
	}
	return nil
}

func (a *app) printDelivery(d *client.DeliveryDetail, o sendOptions) {
	fmt.Fprintf(a.stdout, "%s %s: %s after %d attempt", d.EventType, d.EventID, d.State, d.AttemptCount)
	if d.AttemptCount != 1 {
		fmt.Fprint(a.stdout, "s")
	}
	fmt.Fprintln(a.stdout)
	for _, attempt := range d.Attempts {
		name := fmt.Sprintf("attempt %d", attempt.Number)
		if attempt.Copy > 0 {
			name = "a copy"
		}
		got := render.Printable(attempt.Error)
		if attempt.Response != nil {
			got = fmt.Sprintf("%d, %d bytes", attempt.Response.Status, len(attempt.Response.Bytes()))
		}
		after := attempt.Sent.Sub(d.CreatedAt).Round(time.Second)
		fmt.Fprintf(a.stdout, "  %-9s  +%-10s %s after %.1f ms", name, after, got, attempt.DurationMS)
		if len(attempt.Faults) > 0 {
			fmt.Fprintf(a.stdout, " (%s)", strings.Join(attempt.Faults, ", "))
		}
		fmt.Fprintln(a.stdout)
		if attempt.Response == nil || attempt.Outcome == string(contract.Accepted) {
			continue
		}
		if said := term.FirstLine(attempt.Response.Bytes()); said != "" { // most receivers say what they do not like
			fmt.Fprintln(a.stdout, term.Cut("             "+said, term.Columns(a.stdout)))
		}
	}
	if d.State == string(contract.Waiting) || d.State == string(contract.Pending) { // pending: a fault puts it off
		due := d.Due.Sub(d.CreatedAt).Round(time.Second)
		if o.to != "" && !o.retries {
			fmt.Fprintf(a.stdout, "  the next attempt would be due +%s; --retries makes it\n", due)
		} else {
			fmt.Fprintf(a.stdout, "  the next attempt is due +%s\n", due)
		}
	}
}
