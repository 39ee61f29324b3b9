package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/fakes"
)

func (a *app) lintContract() *cobra.Command {
	return &cobra.Command{
		Use:   "lint [platform]...",
		Short: "Check that a contract says all that it should",
		Long: `Checks a contract as its authors should: no value without a word on where it
comes from, no event without example, grade and source, no unknown extension,
and nothing that keeps a payload from being made or an example from being read.
Without a platform it checks the one of --contract, or all that are built in, at
every revision.

Exit code 1: something is missing.`,
		Example: "  quintain contract lint --contract acme.yaml\n  quintain contract lint",
		Args:    args(0, 1<<20, "platform"),
		RunE: func(_ *cobra.Command, args []string) error {
			a.aloud = true
			platforms, err := a.toLint(args)
			if err != nil {
				return err
			}
			said := map[string]bool{} // a fault that several revisions have is one
			for _, p := range platforms {
				for _, fault := range a.findings(p) {
					if line := fault.Error(); !said[line] {
						said[line] = true
						fmt.Fprintln(a.stdout, line)
					}
				}
			}
			if len(said) > 0 {
				return judged
			}
			fmt.Fprintf(a.stdout, "%s, nothing is missing\n", plural(len(platforms), "contract"))
			return nil
		},
	}
}

func (a *app) toLint(references []string) ([]*contract.Platform, error) {
	own, err := a.own("")
	if err != nil {
		return nil, err
	}
	switch {
	case len(references) > 0:
	case own != nil:
		references = []string{""}
	default:
		return everyRevision()
	}
	var out []*contract.Platform
	for _, reference := range references {
		p, err := a.platform(reference)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

// findings are what was forgotten in a contract, and then what keeps it from working that was not said of the same
// place.
func (a *app) findings(p *contract.Platform) (out []error) {
	said := map[[2]int]bool{}
	for _, fault := range contract.Lint(p) {
		said[[2]int{fault.Line, fault.Column}] = true
		out = append(out, fault)
	}
	for _, err := range a.unmakeable(p) {
		var fault *contract.DocumentError
		if !errors.As(err, &fault) || !said[[2]int{fault.Line, fault.Column}] {
			out = append(out, err)
		}
	}
	return out
}

// unmakeable finds what keeps events from being sent, at every revision: payloads that cannot be made, because a name
// that says where a value comes from is not there or a schema has no end, and examples that cannot be read.
func (a *app) unmakeable(p *contract.Platform) (out []error) {
	world := fakes.NewWorld(42, fakes.Config{})
	for _, at := range a.revisions(p) {
		for _, e := range at.Events() {
			_, err := world.Generator(e)
			if err == nil {
				_, err = world.Minimal(e)
			}
			if err != nil {
				out = append(out, err)
			}
			var none *contract.Error // that there is no example is for Lint to say
			if _, err := e.Example(); err != nil && !errors.As(err, &none) {
				out = append(out, err)
			}
		}
	}
	return out
}

// revisions returns a platform at each of its revisions, with each value of each option.
func (a *app) revisions(p *contract.Platform) []*contract.Platform {
	if p.Foreign() {
		return []*contract.Platform{p}
	}
	var out []*contract.Platform
	for _, revision := range p.Revisions {
		at, err := a.platform(p.Name + "@" + revision)
		if err != nil { // Lint says so
			continue
		}
		out = append(out, at)
		for _, o := range at.Options {
			for _, value := range o.Values {
				if with, err := a.platform(fmt.Sprintf("%s@%s,%s=%s", p.Name, revision, o.Name, value)); err == nil && value != o.Default {
					out = append(out, with)
				}
			}
		}
	}
	return out
}
