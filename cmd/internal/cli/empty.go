package cli

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// mayBeEmpty are the flags to which an empty value says something: no retries, and no prefix.
var mayBeEmpty = map[string]bool{"schedule": true, "prefix": true}

// refuseEmpty lets every command refuse flags that are given without a value. That is a variable which nobody has set,
// and to go on without the flag would do something else than was asked for, such as judging by all rules.
func refuseEmpty(cmd *cobra.Command) {
	for _, below := range cmd.Commands() {
		refuseEmpty(below)
	}
	if !cmd.HasParent() {
		return // the root takes no arguments but the names of commands
	}
	check := cmd.Args
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if err := emptyFlag(cmd.Flags()); err != nil {
			return err
		}
		return check(cmd, args)
	}
}

// emptyFlag makes the error of the first flag whose value is empty, if there is one.
func emptyFlag(flags *pflag.FlagSet) (err error) {
	flags.Visit(func(f *pflag.Flag) {
		if err == nil && !mayBeEmpty[f.Name] && isEmpty(f.Value) {
			err = misuse("--%s is empty: give it a value, or leave it out", f.Name)
		}
	})
	return err
}

func isEmpty(value pflag.Value) bool {
	list, ok := value.(pflag.SliceValue)
	if !ok {
		return strings.TrimSpace(value.String()) == ""
	}
	items := list.GetSlice()
	for _, item := range items {
		if strings.TrimSpace(item) == "" {
			return true
		}
	}
	return len(items) == 0
}
