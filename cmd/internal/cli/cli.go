// Package cli is the quintain command line as a function. Start with Main.
//
// Everything that a command touches is a parameter of Main: no command reads the process's arguments, environment or
// streams, or ends the process, so that a test can run any of them.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/quintain-dev/quintain/contract"
)

// The exit codes.
const (
	exitPass     = 0 // done; what was judged passed
	exitFail     = 1 // what was judged failed
	exitMisuse   = 2 // the command line, or a file that it names, is wrong
	exitCouldNot = 3 // could not be run: nobody listens there, a port is in use
)

// Main runs one command and returns its exit code. The first of args is the program's name; the environment is a list
// of "NAME=value".
func Main(ctx context.Context, args, environ []string, stdin io.Reader, stdout, stderr io.Writer) int {
	env := map[string]string{}
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		env[name] = value
	}
	out := &output{to: stdout}
	a := &app{program: args[0], env: env, stdin: stdin, stdout: out, stderr: stderr}
	root := a.root()
	root.SetArgs(args[1:])
	root.SetIn(stdin)
	root.SetOut(out)
	root.SetErr(stderr)
	exit := exitOf(ctx, root.ExecuteContext(ctx))
	if err := out.failed(); err != nil {
		exit = &exitError{exitCouldNot, fmt.Errorf("the output could not be written: %w", err)}
	}
	if exit.err != nil {
		fmt.Fprintf(stderr, "quintain: %s\n", exit.err)
	}
	return exit.code
}

// exitOf makes the end of a command of its error.
func exitOf(ctx context.Context, err error) *exitError {
	var exit *exitError
	switch {
	case err == nil:
		return &exitError{code: exitPass}
	case !errors.As(err, &exit):
		exit = &exitError{exitMisuse, err} // what cobra itself finds is wrong with the arguments
	}
	if exit.err != nil && ctx.Err() != nil && !errors.Is(err, errBrokenOff) {
		return &exitError{exitCouldNot, errBrokenOff} // whatever came of it: a call in pieces, a server that is gone
	}
	return exit
}

// errBrokenOff ends a command that was told to stop before it was done.
var errBrokenOff = errors.New("broken off")

// app is what the commands share.
type app struct {
	program      string // as it was called
	env          map[string]string
	stdin        io.Reader
	stdout       *output
	stderr       io.Writer
	contractFile string                        // --contract
	aloud        bool                          // say all that was assumed about it
	owned        map[string]*contract.Platform // by selection: what was read from it
}

// exitError ends a command with a code. A nil err has been said already.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string { return fmt.Sprint(e.err) }
func (e *exitError) Unwrap() error { return e.err }

func misuse(format string, args ...any) error {
	return &exitError{exitMisuse, fmt.Errorf(format, args...)}
}

func couldNot(err error) error { return &exitError{exitCouldNot, err} }

// judged is a failure that the command has shown.
var judged = &exitError{code: exitFail}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "quintain",
		Short: "Plays community platforms to your webhook receiver, and judges it",
		Long: `Quintain plays community platforms (Mighty Networks, Tryno, Ambassify, Tribe) to
a webhook receiver: it sends every event that they document, signs, retries on
their schedules, and judges the receiver by numbered rules.

  quintain verify                                       judge built-in receivers
  quintain verify http://localhost:3000/hooks -p tribe  judge yours
  quintain serve --to http://localhost:3000/hooks       play the platforms to it
  quintain send tribe member.created                    one event of that server

Exit codes: 0 pass, 1 judged failure, 2 misuse, 3 could not run.`,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	a.contractFlag(root)
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(a.serve(), a.send(), a.clock(), a.inbox(), a.faults(), a.deliveries(), a.redeliver(), a.curl(), a.export())
	root.AddCommand(a.verify(), a.rules(), a.steps(), a.features(), a.listen(), a.events(), a.stories(), a.fake(), a.contract(), a.validate(), a.sign(), a.version())
	root.SetHelpCommand(helpCommand(root))
	root.SetUsageTemplate(strings.ReplaceAll(root.UsageTemplate(), ".FlagUsages", ".FlagUsagesWrapped 80"))
	refuseEmpty(root)
	root.SetFlagErrorFunc(flagError)
	return root
}

// args checks the arguments, and says which one is missing, empty or too many. The last of names is that of all that
// follow, too.
func args(least, most int, names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, got []string) error {
		switch {
		case len(got) < least:
			return misuse("%s: the %s is missing; see %q", cmd.Name(), names[len(got)], cmd.CommandPath()+" --help")
		case len(got) > most && slices.Contains(contract.Names(), got[most]) && cmd.Flags().Lookup("platform") != nil:
			return misuse("%s: there is one argument too many, %q; did you mean --platform %[2]s?", cmd.Name(), got[most])
		case len(got) > most:
			return misuse("%s: there is one argument too many, %q; see %q", cmd.Name(), got[most], cmd.CommandPath()+" --help")
		}
		for i, arg := range got {
			if arg == "" {
				return misuse("%s: the %s is empty; see %q", cmd.Name(), names[min(i, len(names)-1)], cmd.CommandPath()+" --help")
			}
		}
		return nil
	}
}

// subcommand checks the arguments of a command that others are below: what is left is none of their names.
func subcommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return unknownCommand(cmd, cmd.Name()+" command", args[0])
}

func unknownCommand(above *cobra.Command, kind, name string) error {
	var names []string
	for _, below := range above.Commands() {
		names = append(names, below.Name())
	}
	return misuse("%w", contract.Unknown("", kind, name, names))
}

// plural writes how many there are of something.
func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// secretFlag adds --secret, whose default is in the environment, so that a secret need not stand in a shell's history.
func (a *app) secretFlag(cmd *cobra.Command, to *string, usage string) {
	cmd.Flags().StringVar(to, "secret", "", usage+" (or QUINTAIN_SECRET)")
	prior := cmd.PreRunE
	cmd.PreRunE = func(cmd *cobra.Command, args []string) error {
		if !cmd.Flags().Changed("secret") {
			*to = a.env["QUINTAIN_SECRET"]
		}
		if prior != nil {
			return prior(cmd, args)
		}
		return nil
	}
}

// completeNames lets the shell finish a platform and its event.
func completeNames(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) == 0 {
		return contract.Names(), cobra.ShellCompDirectiveNoFileComp
	}
	if p, err := contract.Load(args[0]); err == nil && len(args) == 1 {
		return p.EventNames(), cobra.ShellCompDirectiveNoFileComp
	}
	return nil, cobra.ShellCompDirectiveDefault
}
