package plan

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/judge/report"
)

// A File is a feature file.
type File struct {
	Name      string // such as receiver/stories.feature
	Text      string
	Scenarios int
}

// Features writes the features with the rows of one platform, at whatever revision: those that a run makes. A feature
// without rows is left out.
func Features(p *contract.Platform) ([]File, error) {
	return files(func(o outline) (out []row) {
		for _, planned := range scenarios([]outline{o}, p) {
			r := planned.row
			r.platform = p.Name
			out = append(out, r)
		}
		return out
	})
}

// Committed writes the features of this project: those of the platforms that are built in, at their default revisions,
// with the rows of the catalogue where an outline is about every event or story.
func Committed() ([]File, error) {
	var platforms []*contract.Platform
	for _, name := range contract.Names() {
		p, err := contract.Load(name)
		if err != nil {
			return nil, err
		}
		platforms = append(platforms, p)
	}
	return files(func(o outline) (out []row) {
		if o.subject() == "" {
			return o.rows
		}
		for _, p := range platforms {
			rows := o.catalogue(p)
			slices.SortStableFunc(rows, func(a, b row) int {
				return slices.Index(report.Levels(), a.level) - slices.Index(report.Levels(), b.level)
			})
			out = append(out, rows...)
		}
		return out
	})
}

// subject is the column of what an outline has a row for each of: event or story. It is empty if rows are about other
// things.
func (o outline) subject() string {
	for _, column := range []string{"story", "event"} {
		if slices.Contains(o.columns, column) {
			return column
		}
	}
	return ""
}

// catalogue returns the rows of an outline about every event or story that a platform has.
func (o outline) catalogue(p *contract.Platform) (out []row) {
	at := o.rule.At(p)
	if len(at.Levels) == 0 {
		return nil
	}
	for _, r := range o.rowsOfContract(p, at) {
		r.platform = p.Name
		out = append(out, r)
	}
	return out
}

// files writes the features of both sides with the rows that are given for each outline.
func files(rowsOf func(outline) []row) ([]File, error) {
	var out []File
	for _, read := range []func() ([]outline, error){receiverOutlines, senderOutlines} {
		outlines, err := read()
		if err != nil {
			return nil, err
		}
		for _, o := range outlines {
			rows := rowsOf(o)
			if len(rows) == 0 {
				continue
			}
			if len(out) == 0 || out[len(out)-1].Name != o.file {
				out = append(out, File{Name: o.file, Text: o.feature})
			}
			f := &out[len(out)-1]
			f.Text += "\n" + o.text(rows)
			f.Scenarios += len(rows)
		}
	}
	return out, nil
}

// text writes an outline with rows.
func (o outline) text(rows []row) string {
	var b strings.Builder
	fmt.Fprintf(&b, "  %s\n  Scenario Outline: %s\n%s", o.tags, o.name, o.description)
	for _, step := range o.steps {
		fmt.Fprintf(&b, "    %s\n", step)
	}
	for len(rows) > 0 {
		first, n := rows[0], 1
		for n < len(rows) && rows[n].platform == first.platform && rows[n].level == first.level {
			n++
		}
		table := [][]string{slices.Clone(o.columns)} // which aligned changes
		for _, r := range rows[:n] {
			cells := make([]string, len(o.columns))
			for i, column := range o.columns {
				if cells[i] = r.cells[column]; column == "platform" {
					cells[i] = r.platform
				}
			}
			table = append(table, cells)
		}
		fmt.Fprintf(&b, "\n    @%s @%s\n    Examples:\n%s", first.platform, first.level, aligned(table))
		rows = rows[n:]
	}
	return b.String()
}

var escaped = strings.NewReplacer(`\`, `\\`, "|", `\|`, "\n", `\n`)

// aligned writes a table of Gherkin.
func aligned(table [][]string) string {
	widths := make([]int, len(table[0]))
	for _, cells := range table {
		for i, cell := range cells {
			cells[i] = escaped.Replace(cell)
			widths[i] = max(widths[i], utf8.RuneCountInString(cells[i]))
		}
	}
	var b strings.Builder
	for _, cells := range table {
		b.WriteString("      |")
		for i, cell := range cells {
			b.WriteString(" " + cell + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)) + " |")
		}
		b.WriteString("\n")
	}
	return b.String()
}
