package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/fakes"
	"github.com/quintain-dev/quintain/features/judge/internal/cause"
	"github.com/quintain-dev/quintain/features/judge/internal/rule"
	"github.com/quintain-dev/quintain/features/judge/report"
)

// manualParts returns the parts that a manual may have, by their names.
func manualParts() (map[string]string, error) {
	var defaults, all []*contract.Platform
	for _, name := range contract.Names() {
		p, err := contract.Load(name)
		if err != nil {
			return nil, err
		}
		defaults = append(defaults, p)
		for _, revision := range p.Revisions {
			if p, err = contract.Load(name + "@" + revision); err != nil {
				return nil, err
			}
			all = append(all, p)
		}
	}
	return map[string]string{
		"rules":        rulesTable(defaults),
		"explanations": explanations(),
		"platforms":    platformsTable(all),
		"attributes":   attributesTable(),
	}, nil
}

// platformsTable has a row for each revision of each platform.
func platformsTable(platforms []*contract.Platform) string {
	var b strings.Builder
	b.WriteString("\n| platform | events | acknowledged by | retries after | signature header |\n|---|---|---|---|---|\n")
	for _, p := range platforms {
		r := p.Rules
		events := fmt.Sprint(len(p.Events()))
		if names := len(p.NameOnly()); names > 0 {
			events += fmt.Sprintf(", and %d names", names)
		}
		signature := "–"
		if headers := r.Signature.Value.SigningScheme().Headers(); len(headers) > 0 {
			signature = fmt.Sprintf("`%s` (%s)", strings.Join(headers, "`, `"), r.Signature.Grade)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s (%s) | %s (%s) | %s |\n", p, events,
			r.Success.Value, r.Success.Grade, delays(r.Schedule.Value), r.Schedule.Grade, signature)
	}
	return b.String() + "\n"
}

// delays writes a schedule as people do: 5 s, 5 min, 2 h.
func delays(schedule contract.RetrySchedule) string {
	if len(schedule) == 0 {
		return "–"
	}
	units := []struct {
		length time.Duration
		name   string
	}{{time.Hour, "h"}, {time.Minute, "min"}, {time.Second, "s"}, {time.Millisecond, "ms"}}
	words := make([]string, len(schedule))
	for i, delay := range schedule {
		words[i] = "0 s"
		for _, unit := range units {
			if delay > 0 && delay%unit.length == 0 {
				words[i] = fmt.Sprintf("%d %s", delay/unit.length, unit.name)
				break
			}
		}
	}
	return strings.Join(words, ", ")
}

// attributesTable has a row for each kind of entity.
func attributesTable() string {
	var b strings.Builder
	b.WriteString("\n| kind | attributes | relations |\n|---|---|---|\n")
	for _, kind := range fakes.Kinds() {
		var attributes, relations []string
		for _, word := range fakes.Vocabulary(kind) {
			switch {
			case word.Leads == "":
				attributes = append(attributes, "`"+word.Name+"`")
			case word.Many:
				relations = append(relations, fmt.Sprintf("`%s` → many %s", word.Name, word.Leads))
			default:
				relations = append(relations, fmt.Sprintf("`%s` → %s", word.Name, word.Leads))
			}
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", kind, strings.Join(attributes, " "), strings.Join(relations, ", "))
	}
	return b.String() + "\n"
}

func rulesTable(platforms []*contract.Platform) string {
	var b strings.Builder
	group := ""
	for _, r := range rule.All() {
		if r.Group != group {
			group = r.Group
			fmt.Fprintf(&b, "\n**%s%s: %s**\n\n| id | the %s … |", strings.ToUpper(string(r.Side[:1])), r.Side[1:], group, r.Side)
			for _, p := range platforms {
				fmt.Fprintf(&b, " %s |", p.Name)
			}
			b.WriteString("\n|---|---|" + strings.Repeat("---|", len(platforms)) + "\n")
		}
		sentence := strings.ReplaceAll(r.Sentence, "|", `\|`)
		if r.Unbuilt {
			sentence += " *(not built yet)*"
		}
		fmt.Fprintf(&b, "| %s | %s |", r.ID, sentence)
		for _, p := range platforms {
			fmt.Fprintf(&b, " %s |", levels(r.At(p)))
		}
		b.WriteString("\n")
	}
	return b.String() + "\n"
}

// levels writes the levels of a rule for one platform, with their grades.
func levels(at rule.Standing) string {
	var out []string
	for _, level := range report.Levels() {
		if basis, ok := at.Levels[level]; ok {
			out = append(out, fmt.Sprintf("%s (%s)", level, basis.Grade))
		}
	}
	if len(out) == 0 {
		return "–"
	}
	return strings.Join(out, ", ")
}

func explanations() string {
	var b strings.Builder
	b.WriteString("\n")
	for i, e := range cause.Explanations() {
		fmt.Fprintf(&b, "%d. **%s**: %s\n", i+1, e.Name, e.RuledOut)
	}
	return b.String() + "\n"
}
