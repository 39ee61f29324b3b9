package plan

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/judge/internal/rule"
	"github.com/quintain-dev/quintain/features/judge/report"
)

// Written returns the feature files about receivers in a folder, by their path, with the rows that the catalogue of the
// built-in platforms asks for: outlines about events or stories get a row for each, at the level of its grade. All other
// text stays as it is. go generate writes these files.
func Written(fsys fs.FS) (map[string][]byte, error) {
	outlines, err := readOutlines(fsys, rule.OfReceiver)
	if err != nil {
		return nil, err
	}
	files := map[string][]string{}
	slices.Reverse(outlines) // from the end of a file, so that the lines before keep their numbers
	for _, o := range outlines {
		if files[o.file] == nil {
			src, err := fs.ReadFile(fsys, o.file)
			if err != nil {
				return nil, err
			}
			files[o.file] = strings.Split(string(src), "\n")
		}
		if o.subject() == "" {
			continue
		}
		examples, err := o.examples()
		if err != nil {
			return nil, err
		}
		files[o.file] = slices.Replace(files[o.file], o.first-1, o.last, examples...)
	}
	out := map[string][]byte{}
	for file, lines := range files {
		out[file] = []byte(strings.Join(lines, "\n"))
	}
	return out, nil
}

// subject is the column of an outline whose rows come from the catalogue: event or story, beside the platform. It is empty
// for outlines about anything else.
func (o outline) subject() string {
	if len(o.columns) == 2 && o.columns[0] == "platform" && (o.columns[1] == "event" || o.columns[1] == "story") {
		return o.columns[1]
	}
	return ""
}

// examples writes the Examples of an outline about events or stories: one block for each platform and level.
func (o outline) examples() (lines []string, err error) {
	if len(o.rows) == 0 {
		return nil, fmt.Errorf("%s:%d: the Examples have no row: write one, and go generate ./... adds the others", o.file, o.first)
	}
	for _, name := range o.platforms() {
		p, err := contract.Load(name)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", o.file, o.first, err)
		}
		at := o.rule.At(p)
		if len(at.Levels) == 0 {
			continue
		}
		rows := o.rowsOfContract(p, at)
		for _, level := range report.Levels() {
			var subjects []string
			for _, r := range rows {
				if r.level == level {
					subjects = append(subjects, r.cells[o.subject()])
				}
			}
			if len(subjects) > 0 {
				lines = append(lines, block(name, level, o.subject(), subjects)...)
			}
		}
	}
	if len(lines) == 0 {
		return nil, fmt.Errorf("%s:%d: no platform has a row here: delete the outline, or change rule %s", o.file, o.first, o.rule.ID)
	}
	return lines[:len(lines)-1], nil // without the empty line after the last block
}

// platforms are the built-in platforms: first those that the outline has, in its order, then the others.
func (o outline) platforms() (names []string) {
	for _, r := range o.rows {
		if !slices.Contains(names, r.platform) {
			names = append(names, r.platform)
		}
	}
	for _, name := range contract.Names() {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// block writes one Examples table, and an empty line.
func block(platform string, level report.Level, subject string, subjects []string) []string {
	left, right := width("platform", platform), width(append(subjects, subject)...)
	line := func(a, b string) string { return fmt.Sprintf("      | %-*s | %-*s |", left, a, right, b) }
	lines := []string{fmt.Sprintf("    @%s @%s", platform, level), "    Examples:", line("platform", subject)}
	for _, s := range subjects {
		lines = append(lines, line(platform, s))
	}
	return append(lines, "")
}

func width(words ...string) (widest int) {
	for _, word := range words {
		widest = max(widest, utf8.RuneCountInString(word))
	}
	return widest
}
