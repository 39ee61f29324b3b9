package cli

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/quintain-dev/quintain/contract"
)

// contractFlag adds --contract to every command: a platform of one's own.
func (a *app) contractFlag(root *cobra.Command) {
	root.PersistentFlags().StringVar(&a.contractFile, "contract", "", "play the platform of this OpenAPI 3.1 document with webhooks, in place of a built-in one")
}

// own returns the platform of --contract, read once for each selection; nil without the flag. What its document leaves
// open, and was assumed, is said on standard error, once.
func (a *app) own(selected string) (*contract.Platform, error) {
	if a.contractFile == "" {
		return nil, nil
	}
	if p := a.owned[selected]; p != nil {
		return p, nil
	}
	src, err := os.ReadFile(a.contractFile)
	if err != nil {
		return nil, misuse("--contract: %w", err)
	}
	p, err := contract.Parse(a.contractFile, src, selected)
	if err != nil {
		return nil, misuse("%w", err)
	}
	if a.owned == nil {
		a.owned = map[string]*contract.Platform{}
		a.say(p.Assumptions())
	}
	a.owned[selected] = p
	return p, nil
}

// say prints what was assumed about a document.
func (a *app) say(assumptions []contract.Assumption) {
	for _, assumption := range assumptions {
		fmt.Fprintf(a.stderr, "assumed: %s\n", assumption)
	}
}

// platform returns the platform of a reference: that of --contract, if it is so called or nothing else is said, or a
// built-in one.
func (a *app) platform(reference string) (*contract.Platform, error) {
	own, err := a.own("")
	if err != nil {
		return nil, err
	}
	if own != nil {
		switch {
		case reference == "":
			return own, nil
		case refersTo(own, reference):
			return a.own(strings.TrimPrefix(strings.TrimPrefix(reference, own.Name), "@"))
		}
	}
	p, err := contract.Load(reference)
	if err != nil {
		return nil, misuse("%w", err)
	}
	return p, nil
}

// refersTo reports whether a reference names the platform, at whatever revision.
func refersTo(p *contract.Platform, reference string) bool {
	rest, ok := strings.CutPrefix(reference, p.Name)
	return ok && (rest == "" || rest[0] == '@' || rest[0] == ',')
}

// withPlatform puts the name of the platform of --contract before arguments that leave it out.
func (a *app) withPlatform(args []string) ([]string, error) {
	own, err := a.own("")
	if err != nil || own == nil {
		return args, err
	}
	if len(args) > 0 {
		if _, err := contract.Load(args[0]); err == nil || refersTo(own, args[0]) {
			return args, nil
		}
	}
	return append([]string{own.Name}, args...), nil
}

// platformArgs is args for a command whose first argument is a platform, which --contract may take the place of.
func (a *app) platformArgs(least, most int, names ...string) cobra.PositionalArgs {
	check := args(least, most, names...)
	return func(cmd *cobra.Command, got []string) error {
		got, err := a.withPlatform(got)
		if err != nil {
			return err
		}
		return check(cmd, got)
	}
}

// platformAndRest reads arguments of which the first is a platform.
func (a *app) platformAndRest(args []string) (*contract.Platform, []string, error) {
	args, err := a.withPlatform(args)
	if err != nil {
		return nil, nil, err
	}
	p, err := a.platform(args[0])
	return p, args[1:], err
}

func (a *app) platformAndEvent(args []string) (*contract.Platform, *contract.EventType, error) {
	p, rest, err := a.platformAndRest(args)
	if err != nil {
		return nil, nil, err
	}
	e, err := p.Event(rest[0])
	if err != nil {
		return nil, nil, misuse("%w", err)
	}
	return p, e, nil
}

// named returns how a platform is named on the command line: as an argument, and as a flag.
func (a *app) named(p *contract.Platform) (argument, flag string) {
	if own, err := a.own(""); err == nil && own != nil && own.Name == p.Name {
		return "--contract " + a.contractFile, "--contract " + a.contractFile
	}
	reference := p.String()
	if p.Revision == p.Revisions[0] && !strings.Contains(reference, ",") {
		reference = p.Name
	}
	return reference, "-p " + reference
}
