package cli

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/quintain-dev/quintain/mockserver"
	"github.com/quintain-dev/quintain/mockserver/client"
)

func (a *app) faults() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "faults",
		Short: "List the ways in which the sender can misbehave",
		Long: `Lists the faults of the sender that --faults of "quintain send" and
"quintain serve" take, with their arguments, all of which may be left out.

A script names faults with commas between them, each with a share of the
attempts or without:
  30% lost, duplicate x2
Rules with semicolons between them are for some deliveries only, and the first
that matches counts:
  when event member.* attempt 1-2: drop; tamper`,
		Example: `  quintain faults
  quintain send tribe member.created --to http://localhost:3000/hooks --secret s3cret --retries --faults "when attempt 1: lost"
  quintain serve --to http://localhost:3000/hooks --secret s3cret --faults "10% duplicate concurrent x3"`,
		Args: args(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			mock, err := mockserver.New()
			if err != nil {
				return couldNot(err)
			}
			defer mock.Close()
			kinds, err := inProcess(mock).FaultKinds(cmd.Context())
			if err != nil {
				return couldNot(err)
			}
			if asJSON {
				return a.printJSON(kinds)
			}
			return a.printFaults(kinds)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON, with what each fault needs")
	return cmd
}

// printFaults prints the table for a terminal of 80 columns. A fault whose arguments are long has a line for them.
func (a *app) printFaults(kinds []client.Fault) error {
	const column, width = 29, 80
	for _, kind := range append([]client.Fault{{Name: "FAULT", Summary: "WHAT HAPPENS"}}, kinds...) {
		head := strings.TrimSpace(kind.Name + " " + kind.Arguments)
		if len(head) > column-2 {
			fmt.Fprintln(a.stdout, head)
			head = ""
		}
		for _, line := range wrap(kind.Summary, width-column) {
			fmt.Fprintf(a.stdout, "%-*s%s\n", column, head, line)
			head = ""
		}
	}
	_, err := fmt.Fprintln(a.stdout, `
Use them as in --faults "30% lost, duplicate x2"; see "quintain faults --help".`)
	return err
}

// wrap breaks a text into lines of at most so many characters, as far as its words allow.
func wrap(text string, width int) (lines []string) {
	line := ""
	for _, word := range strings.Fields(text) {
		switch {
		case line == "":
			line = word
		case utf8.RuneCountInString(line+" "+word) <= width:
			line += " " + word
		default:
			lines = append(lines, line)
			line = word
		}
	}
	return append(lines, line)
}
