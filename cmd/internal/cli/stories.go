package cli

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/fakes/story"
	"github.com/quintain-dev/quintain/mockserver/client"
)

// storyRow is one story in the JSON of the stories command.
type storyRow struct {
	Name    string   `json:"name"`
	Summary string   `json:"summary"`
	Takes   string   `json:"takes"`
	Tells   []string `json:"platforms"` // references of those that can tell it
	Steps   []string `json:"steps"`
	takes   time.Duration
}

func (a *app) stories() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "stories [name]",
		Short: "List the stories that can be sent, or show one",
		Long: `Lists the stories: short lives told in events, with the platforms that document
enough of their events to tell them. With a name, shows what each step is on
each platform. Send one with "quintain send <platform> --story <name>".`,
		Example: "  quintain stories\n  quintain stories newcomer",
		Args:    args(0, 1, "name"),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 1 {
				if asJSON {
					return misuse("--json is for the list; leave the name out")
				}
				return a.showStory(args[0])
			}
			rows, err := storyRows()
			if err != nil {
				return err
			}
			if asJSON {
				return a.printJSON(rows)
			}
			w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
			fmt.Fprintln(w, "STORY\tTAKES\tPLATFORMS\tWHAT HAPPENS")
			for _, r := range rows {
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", r.Name, short(r.takes), strings.Join(r.Tells, " "), r.Summary)
			}
			return w.Flush()
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func storyRows() ([]storyRow, error) {
	platforms, err := everyRevision()
	if err != nil {
		return nil, err
	}
	var rows []storyRow
	for _, name := range story.Names() {
		s, err := story.Load(name)
		if err != nil {
			return nil, err
		}
		r := storyRow{Name: s.Name, Summary: s.Summary, Takes: s.Takes().String(), takes: s.Takes()}
		for _, step := range s.Steps {
			r.Steps = append(r.Steps, step.String())
		}
		told := map[string]bool{}
		for _, p := range platforms {
			if _, err := s.EventsOn(p); err == nil && !told[p.Name] { // at its first revision that can
				told[p.Name] = true
				r.Tells = append(r.Tells, shortReference(p))
			}
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// everyRevision loads every built-in platform at each of its revisions, in the order of time.
func everyRevision() ([]*contract.Platform, error) {
	var out []*contract.Platform
	for _, name := range contract.Names() {
		first, err := contract.Load(name)
		if err != nil {
			return nil, err
		}
		for _, revision := range first.Revisions {
			p, err := contract.Load(name + "@" + revision)
			if err != nil {
				return nil, err
			}
			out = append(out, p)
		}
	}
	return out, nil
}

// shortReference names a platform as briefly as it can be named.
func shortReference(p *contract.Platform) string {
	if p.Revision == p.Revisions[0] {
		return p.Name
	}
	return p.Name + "@" + p.Revision
}

// showStory prints the steps of a story, with their events on the platforms that can tell it.
func (a *app) showStory(name string) error {
	s, _, err := a.loadStory(name)
	if err != nil {
		return err
	}
	platforms, err := everyRevision()
	if err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "%s: %s\n", s.Name, s.Summary)
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	head := "AFTER\tSTEP"
	rows := make([]string, len(s.Steps))
	for i, step := range s.Steps {
		rows[i] = fmt.Sprintf("%s\t%s", short(step.After), step)
	}
	told := map[string]bool{}
	for _, p := range slices.Backward(platforms) { // the newest revision of each
		events, err := s.EventsOn(p)
		if err != nil || told[p.Name] {
			continue
		}
		told[p.Name] = true
		head += "\t" + strings.ToUpper(shortReference(p))
		for i := range rows {
			var names []string
			for _, e := range events[i] {
				names = append(names, e.Name)
			}
			rows[i] += "\t" + cmp.Or(strings.Join(names, " "), "-")
		}
	}
	fmt.Fprintln(w, head)
	for _, row := range rows {
		fmt.Fprintln(w, row)
	}
	return w.Flush()
}

// loadStory reads a story: one that is built in, or a file if its name is none of those. The text is empty for one that
// is built in.
func (a *app) loadStory(name string) (s *story.Story, text string, err error) {
	s, err = story.Load(name)
	if err == nil {
		return s, "", nil
	}
	if _, missing := os.Stat(name); name != "-" && missing != nil && !strings.ContainsAny(name, "./\\") {
		return nil, "", misuse("%w", err)
	}
	src, err := a.readFile(name)
	if err != nil {
		return nil, "", err
	}
	if s, err = story.Parse(name, src); err != nil {
		return nil, "", misuse("%w", err)
	}
	return s, string(src), nil
}

// sendStory tells a story to the receiver at --to, or lets a running server tell it.
func (a *app) sendStory(ctx context.Context, args []string, o sendOptions, changed func(string) bool) error {
	p, rest, err := a.platformAndRest(args)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return misuse("send: %q is one argument too many: a --story has its own events", rest[0])
	}
	for _, flag := range []string{"body", "set", "unset", "patch", "force", "print", "count"} {
		if changed(flag) {
			return misuse("--%s goes with one event, not with a story", flag)
		}
	}
	s, text, err := a.loadStory(o.story)
	if err != nil {
		return err
	}
	if _, err := s.EventsOn(p); err != nil {
		return misuse("%w", err)
	}
	telling := client.Telling{Story: s.Name, AtOnce: o.atOnce}
	if changed("first") {
		telling.Subject = &o.first
	}
	if text != "" {
		telling.Story, telling.Text = "", text
	}
	if o.to == "" {
		o.reference = a.referenceIn(args)
		return a.tellByServer(ctx, p, s, telling, o, changed)
	}
	if err := checkURL(o.to); err != nil {
		return err
	}
	clock := client.Virtual()
	if !o.atOnce { // so that the last step is now, and none is in the receiver's future
		clock = client.VirtualFrom(time.Now().Add(-s.Takes()))
	}
	c, stop, err := a.ownServer(ctx, p, clock, o)
	if err != nil {
		return err
	}
	defer stop()
	told, err := c.Tell(ctx, p.Name, telling)
	if err != nil {
		return misuse("%w", inWords(err))
	}
	if o.retries {
		if _, err := c.Settle(ctx, p.Name, 0); err != nil {
			return couldNot(err)
		}
	}
	return a.showTold(ctx, c, p.Name, told, o)
}

func (a *app) tellByServer(ctx context.Context, p *contract.Platform, s *story.Story, t client.Telling, o sendOptions, changed func(string) bool) error {
	if err := ownedByServer(changed, "faults"); err != nil { // a telling has none of its own
		return err
	}
	c, err := a.runningServer(ctx, p, &o)
	if err != nil {
		return err
	}
	clock, err := c.Clock(ctx, o.community)
	if err != nil {
		return serverError(o.server, err)
	}
	if takes := s.Takes(); clock.Mode != client.ClockVirtual && takes > 0 && !t.AtOnce {
		scale := clock.Scale
		if scale == 0 {
			scale = 1
		}
		fmt.Fprintf(a.stderr, "the clock of %s is %s: the story takes %s; --at-once leaves its waits out\n", o.community, clock.Mode, time.Duration(float64(takes)/scale).Round(time.Millisecond))
	}
	told, err := c.Tell(ctx, o.community, t)
	if err != nil {
		return serverError(o.server, err)
	}
	return a.showTold(ctx, c, o.community, told, o)
}

// showTold prints what became of a story.
func (a *app) showTold(
	ctx context.Context, c *client.Client, community string, told *client.Told, o sendOptions,
) error {
	var events []client.Event
	for i, step := range told.Steps {
		if !o.asJSON {
			names := make([]string, len(step.Events))
			for j, e := range step.Events {
				names[j] = e.Type
			}
			fmt.Fprintf(a.stdout, "+%-10s %s: %s\n", step.At.Sub(told.Steps[0].At).Round(time.Second), told.Steps[i].Does,
				cmp.Or(strings.Join(names, ", "), "the platform documents no event for it"))
		}
		for _, e := range step.Events {
			events = append(events, e.Event)
		}
	}
	if !o.asJSON {
		fmt.Fprintln(a.stdout)
	}
	return a.showDeliveries(ctx, c, community, events, o)
}

// short writes a time to wait without the parts that are zero, and days as such.
func short(d time.Duration) string {
	var out strings.Builder
	for _, unit := range []struct {
		length time.Duration
		name   string
	}{{24 * time.Hour, "d"}, {time.Hour, "h"}, {time.Minute, "m"}, {time.Second, "s"}} {
		if n := d / unit.length; n > 0 {
			fmt.Fprintf(&out, "%d%s", n, unit.name)
			d -= n * unit.length
		}
	}
	if out.Len() == 0 {
		return "-"
	}
	return out.String()
}
