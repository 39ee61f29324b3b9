package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/spf13/cobra"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/judge"
)

// featuresOptions are the flags of features.
type featuresOptions struct {
	platform, out string
	force, check  bool
}

func (a *app) features() *cobra.Command {
	var o featuresOptions
	cmd := &cobra.Command{
		Use:   "features [file]",
		Short: "Write the rules as feature files with the rows of a platform",
		Long: `Writes the features that verify runs, with a row for each event and story of the
platform's catalogue, for a godog suite of your own: judge.Steps runs those in
receiver, judge.SenderSteps those in sender.

Without --out it lists the files; with the name of one, it prints that file.
With --out it overwrites no file that differs, unless --force is given. --check
writes nothing; it fails with the file and line where a row is not in the
catalogue, or is missing.`,
		Example: `  quintain features -p bettermode
  quintain features -p bettermode receiver/stories.feature
  quintain features -p bettermode --out features
  quintain features --contract my-openapi.yaml --out features --force
  quintain features -p bettermode --out features --check`,
		Args: args(0, 1, "file"),
		RunE: func(_ *cobra.Command, args []string) error {
			switch {
			case o.platform == "" && a.contractFile == "":
				return misuse("features: the platform is missing; name one with --platform or --contract")
			case o.out == "" && (o.force || o.check):
				return misuse("features: --force and --check are about files; say where with --out")
			case o.force && o.check:
				return misuse("features: --check writes nothing; leave out --force")
			case o.out != "" && len(args) > 0:
				return misuse("features: --out writes all files; leave out %q", args[0])
			}
			p, err := a.platform(o.platform)
			if err != nil {
				return err
			}
			if o.out != "" {
				return a.writeFeatures(p, o)
			}
			return a.showFeatures(p, args)
		},
	}
	cmd.Flags().StringVarP(&o.platform, "platform", "p", "", "the platform, at a revision if you like: tribe, bettermode, mighty@2026-07")
	cmd.Flags().StringVar(&o.out, "out", "", "the folder to write to")
	cmd.Flags().BoolVar(&o.force, "force", false, "overwrite files that differ")
	cmd.Flags().BoolVar(&o.check, "check", false, "compare the files in --out, and write nothing")
	return cmd
}

// showFeatures lists the files, or prints one.
func (a *app) showFeatures(p *contract.Platform, args []string) error {
	files, err := judge.Features(p)
	if err != nil {
		return err
	}
	if len(args) == 1 {
		var names []string
		for _, f := range files {
			names = append(names, f.Name)
		}
		i := slices.Index(names, args[0])
		if i < 0 {
			return misuse("%w", contract.Unknown("", "feature file", args[0], names))
		}
		fmt.Fprint(a.stdout, files[i].Text)
		return nil
	}
	for _, f := range files {
		fmt.Fprintf(a.stdout, "%-34s  %s\n", f.Name, plural(f.Scenarios, "scenario"))
	}
	return nil
}

// writeFeatures writes the files, or compares them with what is there.
func (a *app) writeFeatures(p *contract.Platform, o featuresOptions) error {
	_, flag := a.named(p)
	command := fmt.Sprintf("quintain features %s --out %s --force", flag, o.out)
	var err error
	if o.check {
		err = judge.CheckFeatures(o.out, p)
	} else {
		err = judge.WriteFeatures(o.out, p, o.force)
	}
	var d *judge.Difference
	var path *fs.PathError
	switch {
	case errors.As(err, &d) && o.check:
		return &exitError{exitFail, fmt.Errorf("%w\nrun %q to regenerate them", err, command)}
	case errors.As(err, &d):
		return misuse("nothing was written, since files differ:\n%w\nrun %q to overwrite them", err, command)
	case errors.As(err, &path):
		return misuse("features: --out: %w", err)
	case err != nil:
		return err
	}
	files, err := judge.Features(p)
	if err != nil {
		return err
	}
	scenarios := 0
	for _, f := range files {
		scenarios += f.Scenarios
	}
	verb := map[bool]string{true: "as the catalogue has them", false: "written to " + o.out}[o.check]
	fmt.Fprintf(a.stdout, "%s: %s with %s, %s\n", p, plural(len(files), "file"), plural(scenarios, "scenario"), verb)
	return nil
}
