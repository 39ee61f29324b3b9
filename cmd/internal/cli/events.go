package cli

import (
	"encoding/json"
	"fmt"
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
}

func (a *app) events() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:               "events [platform]",
		Short:             "List the events that the platforms document",
		Example:           "  quintain events tribe\n  quintain events --json",
		Args:              args(0, 1, "platform"),
		ValidArgsFunction: completeNames,
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				args = contract.Names()
			}
			var rows []eventRow
			for _, reference := range args {
				p, err := platform(reference)
				if err != nil {
					return err
				}
				for _, e := range p.Events() {
					rows = append(rows, eventRow{p.Name, p.Revision, e.Name, e.Summary, e.Grade, e.Source, e.Note})
				}
			}
			if asJSON {
				return a.printJSON(rows)
			}
			w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
			fmt.Fprintln(w, "PLATFORM\tEVENT\tGRADE\tWHEN")
			for _, r := range rows {
				fmt.Fprintf(w, "%s@%s\t%s\t%s\t%s\n", r.Platform, r.Revision, r.Event, r.Grade, r.Summary)
			}
			return w.Flush()
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON, with sources and notes")
	return cmd
}

func (a *app) printJSON(v any) error {
	e := json.NewEncoder(a.stdout)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
