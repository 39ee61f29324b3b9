package cli

import (
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/quintain-dev/quintain/contract"
)

// eventRow is one event in the JSON of the events command.
type eventRow struct {
	Platform string          `json:"platform"`
	Revision string          `json:"revision"`
	Event    string          `json:"event"`
	Summary  string          `json:"summary"`
	Grade    contract.Grade  `json:"grade"`
	Source   contract.Source `json:"source"`
	Note     string          `json:"note,omitempty"`
	NameOnly bool            `json:"name_only,omitempty"` // nobody has published what it carries, so it cannot be sent
}

func (a *app) events() *cobra.Command {
	var asJSON, diff bool
	cmd := &cobra.Command{
		Use:   "events [platform]",
		Short: "List the events that the platforms document",
		Long: `Lists the events that a platform documents at a revision, with the grade of what
is known of them; without a platform, those of all platforms at their default
revisions. With --diff, prints how two revisions differ: in events, in
the places of their bodies, and in the delivery rules.`,
		Example: `  quintain events tribe
  quintain events mighty@2026-07
  quintain events --diff mighty@2025-11-07 mighty@2026-07
  quintain events --json`,
		Args:              args(0, 2, "platform"),
		ValidArgsFunction: completeNames,
		RunE: func(_ *cobra.Command, args []string) error {
			a.aloud = true
			if diff {
				return a.diff(args, asJSON)
			}
			if len(args) > 1 {
				return misuse("events: there is one argument too many, %q; two platforms go with --diff", args[1])
			}
			platforms, err := a.listed(args)
			if err != nil {
				return err
			}
			if asJSON {
				return a.printJSON(eventRows(platforms))
			}
			return a.printEvents(platforms)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON, with sources and notes")
	cmd.Flags().BoolVar(&diff, "diff", false, "print how the second of two revisions differs from the first")
	return cmd
}

func (a *app) listed(args []string) ([]*contract.Platform, error) {
	switch {
	case len(args) > 0:
	case a.contractFile != "":
		args = []string{""}
	default:
		args = contract.Names()
	}
	var out []*contract.Platform
	for _, reference := range args {
		p, err := a.platform(reference)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

func eventRows(platforms []*contract.Platform) []eventRow {
	rows := []eventRow{}
	for _, p := range platforms {
		for _, e := range append(p.Events(), p.NameOnly()...) {
			rows = append(rows, eventRow{p.Name, p.Revision, e.Name, e.Summary, e.Grade, e.Source, e.Note, e.Schema == nil})
		}
	}
	return rows
}

func (a *app) printEvents(platforms []*contract.Platform) error {
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "PLATFORM\tEVENT\tGRADE\tWHEN")
	for _, r := range eventRows(platforms) {
		grade := string(r.Grade)
		if r.NameOnly {
			grade = "name only"
		}
		fmt.Fprintf(w, "%s@%s\t%s\t%s\t%s\n", r.Platform, r.Revision, r.Event, grade, r.Summary)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, p := range platforms {
		if len(p.Revisions) > 1 {
			fmt.Fprintf(a.stdout, "\n%s has the revisions %s", p.Name, strings.Join(p.Revisions, ", "))
			fmt.Fprintf(a.stdout, "; %s@%s is shown\n", p.Name, p.Revision)
		}
		for _, o := range p.Options {
			fmt.Fprintf(a.stdout, "option %s (%s, here %s): %s; ask for one as %s@%s,%s=%s\n", o.Name, strings.Join(o.Values, "|"), o.Value, o.Summary, p.Name, p.Revision, o.Name, o.Values[len(o.Values)-1])
		}
	}
	return nil
}

// diff prints how two revisions differ.
func (a *app) diff(args []string, asJSON bool) error {
	if len(args) != 2 {
		return misuse("--diff wants two revisions, as in: quintain events --diff mighty@2025-11-07 mighty@2026-07")
	}
	before, err := a.platform(args[0])
	if err != nil {
		return err
	}
	after, err := a.platform(args[1])
	if err != nil {
		return err
	}
	differences := contract.Diff(before, after)
	if asJSON {
		if differences == nil {
			differences = []contract.Difference{}
		}
		return a.printJSON(differences)
	}
	for _, d := range differences {
		fmt.Fprintln(a.stdout, d)
	}
	if len(differences) == 0 {
		fmt.Fprintf(a.stdout, "%s and %s are the same\n", before, after)
	}
	return nil
}

func (a *app) printJSON(v any) error {
	e := json.NewEncoder(a.stdout)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
