package plan

import (
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"github.com/cucumber/godog"

	"github.com/quintain-dev/quintain/features"
	"github.com/quintain-dev/quintain/features/judge/internal/rule"
	"github.com/quintain-dev/quintain/features/judge/report"
)

// An outline is a Scenario Outline of the features, with what its tags say.
type outline struct {
	file    string
	feature string // the beginning of the file, down to its first outline
	rule    rule.Rule
	tags    string
	name    string // a template, such as "<platform> <event>: …"
	steps   []string
	columns []string
	rows    []row

	description string // whole lines
}

// A row is a row of an outline's Examples.
type row struct {
	level    report.Level
	platform string            // the cell; empty if the outline has none
	cells    map[string]string // the other cells, by their column
}

// receiverOutlines and senderOutlines parse the features, once.
var (
	receiverOutlines = sync.OnceValues(func() ([]outline, error) { return readOutlines(features.FS, rule.OfReceiver) })
	senderOutlines   = sync.OnceValues(func() ([]outline, error) { return readOutlines(features.FS, rule.OfSender) })
)

// readOutlines reads the features about a side, which are in the folder of its name.
func readOutlines(fsys fs.FS, side rule.Side) ([]outline, error) {
	suite := godog.TestSuite{Options: &godog.Options{FS: fsys, Paths: []string{string(side)}, Output: io.Discard}}
	parsed, err := suite.RetrieveFeatures()
	if err != nil {
		return nil, err
	}
	rules := rule.Receiver()
	if side == rule.OfSender {
		rules = rule.Sender()
	}
	var out []outline
	for _, f := range parsed {
		if len(f.Comments) > 0 {
			line := f.Comments[0].Location.Line
			return nil, fmt.Errorf("%s:%d: go generate would lose the comment: write it into the description", f.Uri, line)
		}
		head := ""
		for _, tag := range f.Feature.Tags {
			head += tag.Name + "\n"
		}
		head += "Feature: " + f.Feature.Name + "\n" + lines(f.Feature.Description)
		for _, child := range f.Feature.Children {
			s := child.Scenario
			if s == nil {
				return nil, fmt.Errorf("%s: only scenarios are read: no backgrounds and no rules", f.Uri)
			}
			o := outline{file: f.Uri, feature: head, name: s.Name, description: lines(s.Description)}
			fault := func(format string, args ...any) error {
				return fmt.Errorf("%s:%d: %s", f.Uri, s.Location.Line, fmt.Sprintf(format, args...))
			}
			for _, tag := range s.Tags {
				o.tags = strings.TrimSpace(o.tags + " " + tag.Name)
				found, ok := rule.Find(rules, tag.Name[1:])
				if !ok && strings.Contains(tag.Name, "-") {
					return nil, fault("%s is no rule about %ss: add it to package rule, or mend the tag", tag.Name, side)
				}
				if ok {
					o.rule = found
				}
			}
			switch {
			case o.rule.ID == "":
				return nil, fault("the scenario has no tag with its rule, such as @%s", rules[0].ID)
			case o.rule.Unbuilt:
				return nil, fault("%s is marked as not built in package rule: delete Unbuilt there", o.rule.ID)
			}
			for _, step := range s.Steps {
				if step.DocString != nil || step.DataTable != nil {
					return nil, fault("steps have no doc strings and no tables here")
				}
				o.steps = append(o.steps, strings.TrimSpace(step.Keyword)+" "+step.Text)
			}
			for _, examples := range s.Examples {
				level := report.Level("")
				for _, tag := range examples.Tags {
					if l := report.Level(tag.Name[1:]); slices.Contains(report.Levels(), l) {
						level = l
					}
				}
				if level == "" {
					return nil, fault("the examples have no tag with their level")
				}
				for i, cell := range examples.TableHeader.Cells {
					if len(o.columns) <= i {
						o.columns = append(o.columns, cell.Value)
					}
				}
				for _, body := range examples.TableBody {
					r := row{level: level, cells: map[string]string{}}
					for i, cell := range body.Cells {
						if column := examples.TableHeader.Cells[i].Value; column == "platform" {
							r.platform = cell.Value
						} else {
							r.cells[column] = cell.Value
						}
					}
					o.rows = append(o.rows, r)
				}
			}
			out = append(out, o)
		}
	}
	return out, nil
}

// lines ends a text's last line, if it has one.
func lines(text string) string {
	if text == "" {
		return ""
	}
	return text + "\n"
}

// fill puts the cells of a row in place of the parameters of a template.
func (r row) fill(template, platform string) string {
	pairs := []string{"<platform>", platform}
	for column, value := range r.cells {
		pairs = append(pairs, "<"+column+">", value)
	}
	return strings.NewReplacer(pairs...).Replace(template)
}
