package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/quintain-dev/quintain/contract"
)

// flagError says what is wrong with a flag: which one is meant by a name that there is not, and what value one takes.
func flagError(cmd *cobra.Command, err error) error {
	see := fmt.Sprintf("see %q", cmd.CommandPath()+" --help")
	var unknown *pflag.NotExistError
	var invalid *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown):
		if hint := meantFlag(cmd, unknown); hint != "" {
			return misuse("%w; %s; %s", err, hint, see)
		}
	case errors.As(err, &invalid):
		flag := invalid.GetFlag()
		if want := wanted(flag.Value.Type()); want != "" {
			return misuse("--%s %q is not %s; %s", flag.Name, invalid.GetValue(), want, see)
		}
	}
	return misuse("%w; %s", err, see)
}

// meantFlag says what was meant by an unknown flag; empty if nothing is like it.
func meantFlag(cmd *cobra.Command, unknown *pflag.NotExistError) string {
	name, shorthands := unknown.GetSpecifiedName(), unknown.GetSpecifiedShortnames()
	switch {
	case (name == "platform" || strings.HasPrefix(shorthands, "p")) && strings.Contains(cmd.Use, "<platform>"):
		return fmt.Sprintf("the platform is an argument here: quintain %s", cmd.Use)
	case name == "port" && cmd.Flags().Lookup("addr") != nil:
		return "--addr takes the port: 127.0.0.1:3000"
	case shorthands != "": // one letter is like every other
		return ""
	}
	var known []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			known = append(known, f.Name)
		}
	})
	if near := contract.Nearest(name, known); near != "" {
		return fmt.Sprintf("did you mean --%s?", near)
	}
	return ""
}

// wanted says what values a type of flag takes; empty if the flag says so itself.
func wanted(kind string) string {
	switch kind {
	case "duration":
		return "a duration; write it as 10s or 1m30s"
	case "int":
		return "a whole number"
	case "uint64":
		return "a whole number from 0"
	case "float64":
		return "a number"
	case "bool":
		return "true or false"
	}
	return ""
}
