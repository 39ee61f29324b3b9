package cli

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/judge"
)

// ruleRow is one rule in the JSON of the rules command.
type ruleRow struct {
	ID        string         `json:"id"`
	Side      judge.Side     `json:"side"`
	Group     string         `json:"group"`
	Sentence  string         `json:"sentence"` // follows "the receiver" or "the sender"
	Why       string         `json:"why"`
	Fix       string         `json:"fix"`
	Built     bool           `json:"built"`
	Probe     bool           `json:"probe,omitempty"` // it is about the receiver's effects
	Platforms []rulePlatform `json:"platforms"`
}

// rulePlatform is where a rule stands for one platform: at a level, or nowhere and why.
type rulePlatform struct {
	Platform string      `json:"platform"`
	Level    judge.Level `json:"level,omitempty"`
	Grade    string      `json:"grade,omitempty"`
	Source   string      `json:"source,omitempty"`
	Not      string      `json:"does_not_apply,omitempty"`
}

func (a *app) rules() *cobra.Command {
	var asJSON bool
	var reference string
	cmd := &cobra.Command{
		Use:   "rules [id]",
		Short: "List the rules, or explain one of them",
		Long: `Lists the numbered rules that verify judges by, with the level that each usually
has. With an id, explains one: why it matters, how to fix what breaks it, and
its level, grade (what the level rests on) and source for each platform.

Levels: must decides the exit code; should and may are reported.
Grades: documented, stated (by HTTP, Standard Webhooks, or what anyone on the
internet can do), observed, inferred, chosen.`,
		Example: `  quintain rules
  quintain rules ` + judge.Rules()[0].ID + `
  quintain rules --platform tribe
  quintain rules --json`,
		Args: args(0, 1, "id"),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return ruleIDs(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			var given []string
			if reference != "" {
				given = []string{reference}
			}
			platforms, err := a.listed(given)
			if err != nil {
				return err
			}
			rules := judge.Rules()
			if len(args) == 1 {
				i := slices.IndexFunc(rules, func(r judge.Rule) bool { return strings.EqualFold(r.ID, args[0]) })
				if i < 0 {
					return misuse("%w", contract.Unknown("", "rule", args[0], ruleIDs()))
				}
				rules = rules[i : i+1]
			}
			switch {
			case asJSON:
				return a.printJSON(ruleRows(rules, platforms))
			case len(args) == 1:
				a.explainRule(ruleRows(rules, platforms)[0])
			default:
				a.listRules(rules, platforms, reference != "" || a.contractFile != "")
			}
			return nil
		},
	}
	cmd.Flags().StringVarP(&reference, "platform", "p", "", "only as the rules stand for this platform")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON: all of each rule")
	return cmd
}

func ruleIDs() []string {
	var ids []string
	for _, r := range judge.Rules() {
		ids = append(ids, r.ID)
	}
	return ids
}

func ruleRows(rules []judge.Rule, platforms []*contract.Platform) []ruleRow {
	rows := []ruleRow{}
	for _, r := range rules {
		row := ruleRow{
			ID: r.ID, Side: r.Side, Group: r.Group, Sentence: r.Sentence, Why: r.Why, Fix: r.Fix, Built: !r.Unbuilt, Probe: r.Probe,
			Platforms: []rulePlatform{},
		}
		for _, p := range platforms {
			at := r.At(p)
			for _, level := range judge.Levels() {
				if basis, ok := at.Levels[level]; ok {
					row.Platforms = append(row.Platforms, rulePlatform{
						Platform: p.String(), Level: level, Grade: string(basis.Grade), Source: basis.Source,
					})
				}
			}
			if len(at.Levels) == 0 {
				row.Platforms = append(row.Platforms, rulePlatform{Platform: p.String(), Not: at.Why})
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// columns is how wide text is that has no other place to end.
const columns = 80

func (a *app) listRules(rules []judge.Rule, platforms []*contract.Platform, one bool) {
	heading := ""
	for _, row := range ruleRows(rules, platforms) {
		level := string(usualLevel(rules, row.ID))
		if one {
			if level = levelsIn(row.Platforms); level == "" {
				continue
			}
		}
		if h := string(row.Side) + ": " + row.Group; h != heading {
			if heading != "" {
				fmt.Fprintln(a.stdout)
			}
			heading = h
			fmt.Fprintln(a.stdout, heading)
		}
		sentence := row.Sentence
		if !row.Built {
			sentence += " (not built yet)"
		}
		a.paragraph(fmt.Sprintf("  %-7s  %-6s  ", row.ID, level), sentence)
	}
}

func usualLevel(rules []judge.Rule, id string) judge.Level {
	return rules[slices.IndexFunc(rules, func(r judge.Rule) bool { return r.ID == id })].Usual
}

// levelsIn are the levels of a rule for one platform; empty if it does not apply.
func levelsIn(platforms []rulePlatform) string {
	var levels []string
	for _, p := range platforms {
		if p.Level != "" {
			levels = append(levels, string(p.Level))
		}
	}
	return strings.Join(levels, ", ")
}

func (a *app) explainRule(row ruleRow) {
	a.paragraph(row.ID+"  ", fmt.Sprintf("the %s %s", row.Side, row.Sentence))
	a.paragraph("  why    ", row.Why)
	a.paragraph("  fix    ", row.Fix)
	switch {
	case !row.Built:
		a.paragraph("  built  ", "not yet: nothing judges it")
	case row.Probe:
		a.paragraph("  needs  ", "a probe of what the receiver did")
	}
	for _, p := range row.Platforms {
		text := "does not apply: " + p.Not
		if p.Level != "" {
			text = fmt.Sprintf("%s (%s): %s", p.Level, p.Grade, p.Source)
		}
		a.paragraph(fmt.Sprintf("  %-19s ", p.Platform), text)
	}
}

// paragraph prints a text behind a head, and wraps it so that its lines begin below the first.
func (a *app) paragraph(head, text string) {
	line, indent := head, strings.Repeat(" ", utf8.RuneCountInString(head))
	for i, word := range strings.Fields(text) {
		if i > 0 && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > columns {
			fmt.Fprintln(a.stdout, line)
			line = indent + word
			continue
		}
		if i > 0 {
			line += " "
		}
		line += word
	}
	fmt.Fprintln(a.stdout, line)
}
