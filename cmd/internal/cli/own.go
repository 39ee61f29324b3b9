package cli

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/quintain-dev/quintain/contract"
)

// contractFlag adds --contract to every command: a platform of one's own.
func (a *app) contractFlag(root *cobra.Command) {
	root.PersistentFlags().StringVar(&a.contractFile, "contract", "", "play the platform of this OpenAPI 3.1 document with webhooks, in place of a built-in one")
}

// own returns the platform of --contract, read once for each selection; nil without the flag. It prints on standard error
// what was assumed because the document leaves it open: commands about the contract print each assumption, others only
// how many there are.
func (a *app) own(selected string) (*contract.Platform, error) {
	if a.contractFile == "" {
		return nil, nil
	}
	if p := a.owned[selected]; p != nil {
		return p, nil
	}
	src, err := readContract(a.contractFile)
	if err != nil {
		return nil, misuse("--contract: %w", err)
	}
	p, err := contract.Parse(a.contractFile, src, selected)
	if err != nil {
		return nil, misuse("%w", err)
	}
	if a.owned == nil {
		a.owned = map[string]*contract.Platform{}
		if n := len(p.Assumptions()); a.aloud {
			a.say(p.Assumptions())
		} else if n > 0 {
			fmt.Fprintf(a.stderr, "assumed: %s that %s does not say; \"quintain events --contract %s\" lists them\n", plural(n, "thing"), a.contractFile, a.contractFile)
		}
	}
	a.owned[selected] = p
	return p, nil
}

// maxContract is how long a contract may be, in bytes.
const maxContract = 64 << 20

func readContract(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	src, err := io.ReadAll(io.LimitReader(file, maxContract+1))
	if err == nil && len(src) > maxContract {
		err = fmt.Errorf("%s is longer than %d MB, the most that is read", name, maxContract>>20)
	}
	return src, err
}

// say prints what was assumed about a document.
func (a *app) say(assumptions []contract.Assumption) {
	for _, assumption := range assumptions {
		fmt.Fprintf(a.stderr, "assumed: %s\n", assumption)
	}
}

// platform returns the platform of a reference: a built-in one, or that of --contract, where nothing else can be named.
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
	switch {
	case err != nil:
		return nil, misuse("%w", err)
	case own != nil:
		return nil, misuse("%s is not the platform of --contract, which is %s; leave one of them out", reference, own.Name)
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
	if len(args) > 0 && refersTo(own, args[0]) {
		return args, nil
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
		if len(got) > 0 && a.contractFile == "" {
			if err := platformFirst(cmd, got[0]); err != nil {
				return err
			}
		}
		return check(cmd, got)
	}
}

// platformFirst says that the platform is missing, where the first argument is what should come behind it: an event, or
// a file. What else is no platform is for others to say.
func platformFirst(cmd *cobra.Command, first string) error {
	if _, err := contract.Load(first); err == nil || first == "" {
		return nil
	}
	var with []string
	for _, name := range contract.Names() {
		p, err := contract.Load(name)
		if err != nil {
			return couldNot(err)
		}
		if _, err := p.Event(first); err == nil {
			with = append(with, name)
		}
	}
	if len(with) > 0 {
		return misuse("%s: the platform is missing: %q is an event of %s; write it as quintain %s %s %s",
			cmd.Name(), first, strings.Join(with, ", "), cmd.Name(), with[0], first)
	}
	if _, err := os.Stat(first); err == nil || first == "-" {
		return misuse("%s: the platform is missing: %q is a file; put one of %s before it",
			cmd.Name(), first, strings.Join(contract.Names(), ", "))
	}
	return nil
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

// referenceIn returns the platform among arguments as it was typed; empty if --contract stands for it.
func (a *app) referenceIn(args []string) string {
	if own, err := a.own(""); err == nil && own != nil && (len(args) == 0 || !refersTo(own, args[0])) {
		return ""
	}
	return args[0]
}

func (a *app) platformAndEvent(args []string) (*contract.Platform, *contract.EventType, error) {
	p, rest, err := a.platformAndRest(args)
	if err != nil {
		return nil, nil, err
	}
	e, err := p.Event(rest[0])
	if err != nil {
		if elsewhere := a.revisionsWith(p, rest[0]); len(elsewhere) > 0 {
			return nil, nil, misuse("%s does not have %s; there it is: %s", p, rest[0], strings.Join(elsewhere, ", "))
		}
		return nil, nil, misuse("%w", err)
	}
	return p, e, nil
}

// revisionsWith returns the other revisions of a platform that have an event.
func (a *app) revisionsWith(p *contract.Platform, event string) (out []string) {
	for _, revision := range p.Revisions {
		other, err := a.platform(p.Name + "@" + revision)
		if err != nil || other.Revision == p.Revision {
			continue
		}
		if _, err := other.Event(event); err == nil {
			out = append(out, other.String())
		}
	}
	return out
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
