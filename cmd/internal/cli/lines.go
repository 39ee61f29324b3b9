package cli

import (
	"io"

	"github.com/spf13/cobra"

	"github.com/quintain-dev/quintain/cmd/internal/cli/term"
)

// The values of --log-format.
const (
	logAuto = "auto" // text for a terminal, JSON for everything else
	logText = "text"
	logJSON = "json"
)

// lineOptions are the flags of commands that print what happens while they run.
type lineOptions struct {
	format string
	quiet  bool
}

func (o *lineOptions) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.format, "log-format", logAuto,
		"how the lines are written: text, json, or auto (text for a terminal, else json)")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "print no line for what happens")
	_ = cmd.RegisterFlagCompletionFunc("log-format", // the flag exists
		cobra.FixedCompletions([]string{logAuto, logText, logJSON}, cobra.ShellCompDirectiveNoFileComp))
}

// asJSON reports whether lines that go to a writer are JSON.
func (o *lineOptions) asJSON(to io.Writer) (bool, error) {
	switch o.format {
	case logJSON, logText:
		return o.format == logJSON, nil
	case logAuto:
		return !term.Is(to), nil
	}
	return false, misuse("--log-format %q is none of %s, %s, %s", o.format, logAuto, logText, logJSON)
}
