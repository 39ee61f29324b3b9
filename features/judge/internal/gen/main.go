// Command gen writes the generated parts of features/README.md: the table of the rules, and the explanations that are ruled
// out before a rule is blamed. go generate runs it; a test fails if a part is not what it would write.
package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/judge/internal/cause"
	"github.com/quintain-dev/quintain/features/judge/internal/rule"
	"github.com/quintain-dev/quintain/features/judge/report"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: gen features/README.md")
		os.Exit(2)
	}
	if err := update(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// update replaces the generated parts of a file.
func update(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	parts, err := generated()
	if err != nil {
		return err
	}
	for name, part := range parts {
		if text, err = replace(text, name, part); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	return os.WriteFile(file, text, 0o644)
}

// replace puts a text between the marks of a part.
func replace(text []byte, name, part string) ([]byte, error) {
	begin := fmt.Sprintf("<!-- generated: %s -->\n", name)
	before, rest, found := bytes.Cut(text, []byte(begin))
	_, after, closed := bytes.Cut(rest, []byte("<!-- end -->"))
	if !found || !closed {
		return nil, fmt.Errorf("there is no part between %q and <!-- end -->", strings.TrimSpace(begin))
	}
	return []byte(string(before) + begin + part + "<!-- end -->" + string(after)), nil
}

// generated returns the parts by their names.
func generated() (map[string]string, error) {
	rules, err := rulesTable()
	if err != nil {
		return nil, err
	}
	return map[string]string{"rules": rules, "explanations": explanations()}, nil
}

func rulesTable() (string, error) {
	var platforms []*contract.Platform
	for _, name := range contract.Names() {
		p, err := contract.Load(name)
		if err != nil {
			return "", err
		}
		platforms = append(platforms, p)
	}
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
	return b.String() + "\n", nil
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
