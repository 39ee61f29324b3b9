package cli

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/fakes"
)

func (a *app) contractAttributes() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "attributes [kind]...",
		Short: "List every kind and attribute that x-fake may say",
		Long: `Lists what x-fake, x-as and x-cast of a contract document may say:
one line for each attribute of each kind of entity, with the type of its value
and an example, and one for each relation, with the kind that it leads to.

x-cast gives a role to a kind or to a relation of another role. x-fake names an
attribute of the entity in scope, or of a role: member.email, member.name.`,
		Example: `  quintain contract attributes
  quintain contract attributes person badge
  quintain contract attributes --format json`,
		Args: args(0, 1<<20, "kind"),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return fakes.Kinds(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, kinds []string) error {
			if format != "text" && format != "json" {
				return misuse("--format: %w", contract.Unknown(contract.BadValue, "format", format, []string{"text", "json"}))
			}
			if len(kinds) == 0 {
				kinds = fakes.Kinds()
			}
			var words []fakes.Word
			for _, kind := range kinds {
				of := fakes.Vocabulary(kind)
				if len(of) == 0 {
					return misuse("%w", contract.Unknown(contract.BadValue, "kind of entity", kind, fakes.Kinds()))
				}
				words = append(words, of...)
			}
			if format == "json" {
				return a.writeWordsJSON(words)
			}
			return a.writeWords(words)
		},
	}
	cmd.Flags().StringVarP(&format, "format", "f", "text", "text or json")
	return cmd
}

func (a *app) writeWordsJSON(words []fakes.Word) error {
	encoder := json.NewEncoder(a.stdout)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(words)
}

func (a *app) writeWords(words []fakes.Word) error {
	widest := 0
	for _, word := range words {
		widest = max(widest, len(word.Kind)+1+len(word.Name))
	}
	for _, word := range words {
		line := fmt.Sprintf("%-*s  ", widest, word.Kind+"."+word.Name)
		switch {
		case word.Many:
			line += "→ many " + word.Leads
		case word.Leads != "":
			line += "→ " + word.Leads
		case word.Example == nil:
			line += word.Type
		default:
			example, err := json.Marshal(word.Example)
			if err != nil {
				return err
			}
			line += fmt.Sprintf("%-7s  %s", word.Type, shorten(string(example), 60))
		}
		fmt.Fprintln(a.stdout, line)
	}
	return nil
}

// shorten cuts a text that is longer than so many runes.
func shorten(s string, most int) string {
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return s
}
