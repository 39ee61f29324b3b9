package cli

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/fakes"
	"github.com/quintain-dev/quintain/features"
	"github.com/quintain-dev/quintain/mockserver"
)

// A topic is a part of a manual that help prints.
type topic struct {
	name   string
	manual string
	titles []string // of its chapters; none: all of it
}

func topics() []topic {
	return []topic{
		{"clock", mockserver.Manual, []string{"Clock"}},
		{"contracts", contract.Manual, nil},
		{"faults", mockserver.Manual, []string{"Faults"}},
		{"journal", mockserver.Manual, []string{"Journal"}},
		{"json", features.Manual, []string{"The report as JSON"}},
		{"rules", features.Manual, []string{"Levels and grades", "Whose fault is it?"}},
		{"scripts", mockserver.Manual, []string{"Scripts"}},
		{"stories", fakes.Manual, []string{"Stories", "Actions"}},
	}
}

// text returns what help prints, without the marks of generated parts.
func (t topic) text() string {
	text := t.manual
	if t.titles != nil {
		text = chapters(text, t.titles)
	}
	return regexp.MustCompile(`<!-- .*? -->\n`).ReplaceAllString(text, "")
}

// chapters returns the chapters of a manual that have these titles.
func chapters(manual string, titles []string) string {
	var out []string
	for _, chapter := range strings.Split(manual, "\n## ")[1:] {
		title, _, _ := strings.Cut(chapter, "\n")
		if slices.Contains(titles, title) {
			out = append(out, "## "+strings.TrimSpace(chapter)+"\n")
		}
	}
	return strings.Join(out, "\n")
}

// helpCommand prints the help of a command and the chapters of the manual about a topic, of which several have the name
// of a command. Cobra's own prints the usage and succeeds if there is no such command.
func helpCommand(root *cobra.Command) *cobra.Command {
	var names []string
	for _, t := range topics() {
		names = append(names, t.name)
	}
	return &cobra.Command{
		Use:   "help [command|topic]",
		Short: "Help about any command, and the manuals",
		Long:  "Prints the help of a command, or a part of the manuals. The topics are\n" + strings.Join(names, ", ") + ".",
		Args:  args(0, 1<<20, "command"),
		RunE: func(_ *cobra.Command, args []string) error {
			at := -1
			if len(args) == 1 {
				at = slices.Index(names, args[0])
			}
			cmd, rest, err := root.Find(args)
			switch {
			case err != nil && at >= 0:
				_, err := fmt.Fprint(root.OutOrStdout(), topics()[at].text())
				return err
			case err != nil:
				return unknownCommand(root, "command", args[0])
			case len(rest) > 0 && cmd.HasSubCommands():
				return unknownCommand(cmd, cmd.Name()+" command", rest[0])
			case len(rest) > 0:
				return misuse("help: %q is one argument too many; see %q", rest[0], cmd.CommandPath()+" --help")
			}
			cmd.InitDefaultHelpFlag()
			if err := cmd.Help(); err != nil || at < 0 {
				return err
			}
			_, err = fmt.Fprint(root.OutOrStdout(), "\n"+topics()[at].text())
			return err
		},
	}
}
