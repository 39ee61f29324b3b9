// Command gen writes everything that follows from the contract documents and the rules: the rows of the feature files
// about receivers, the lists of events in the contract documents' own APIs, and the marked tables of the manuals. go
// generate runs it; a test fails if a file is not what it would write.
//
// A marked part begins with a line that says "generated:" and the part's name in a comment of HTML (in a manual) or
// YAML (in a contract document), and ends with a comment that says "end".
package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/judge/internal/plan"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: gen <root of the repository>")
		os.Exit(2)
	}
	if err := write(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// write replaces the files that are out of date.
func write(root string) error {
	files, err := generate(root)
	if err != nil {
		return err
	}
	for file, fresh := range files {
		path := filepath.Join(root, file)
		if old, err := os.ReadFile(path); err == nil && string(old) == fresh {
			continue
		}
		if err := os.WriteFile(path, []byte(fresh), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// generate returns every file with generated parts as it should be, by its path below the root.
func generate(root string) (map[string]string, error) {
	out := map[string]string{}
	features, err := plan.Committed()
	if err != nil {
		return nil, err
	}
	for _, f := range features {
		out["features/"+f.Name] = f.Text
	}
	tables, err := manualParts()
	if err != nil {
		return nil, err
	}
	manual := func(string) (map[string]string, error) { return tables, nil }
	if err := marked(root, []string{"*.md", "*/*.md"}, out, manual); err != nil {
		return nil, err
	}
	return out, marked(root, []string{"contract/platforms/*.yaml"}, out, documentParts)
}

// marked fills the marked parts of the files that the patterns name.
func marked(
	root string, patterns []string, out map[string]string, parts func(file string) (map[string]string, error),
) error {
	for _, pattern := range patterns {
		paths, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			return err
		}
		for _, path := range paths {
			file, err := filepath.Rel(root, path)
			if err != nil {
				return err
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			known, err := parts(file)
			if err != nil {
				return err
			}
			if out[filepath.ToSlash(file)], err = fill(file, string(text), known); err != nil {
				return err
			}
		}
	}
	return nil
}

// fill puts every part between its marks. A part has the indentation of its mark.
func fill(file, text string, parts map[string]string) (string, error) {
	var out strings.Builder
	inside, began := "", 0 // the part, and the line of its mark
	n := 0
	for line := range strings.Lines(text) {
		n++
		indent := line[:len(line)-len(strings.TrimLeft(line, " "))]
		name, begins := markOf(line)
		switch {
		case inside != "" && begins:
			return "", fmt.Errorf("%s:%d: the part %q has no end before line %d: close it with a comment that says end",
				file, began, inside, n)
		case inside != "" && !ends(line):
			continue // what was generated before
		case inside != "":
			inside = ""
		case begins:
			part, known := parts[name]
			if !known {
				names := strings.Join(slices.Sorted(maps.Keys(parts)), ", ")
				return "", fmt.Errorf("%s:%d: unknown part %q; there is %s", file, n, name, names)
			}
			inside, began = name, n
			out.WriteString(line)
			for made := range strings.Lines(part) {
				if made != "\n" {
					out.WriteString(indent)
				}
				out.WriteString(made)
			}
			continue
		}
		out.WriteString(line)
	}
	if inside != "" {
		return "", fmt.Errorf("%s:%d: the part %q has no end: close it with a comment that says end", file, began, inside)
	}
	return out.String(), nil
}

// markOf returns the name of the part that begins after a line.
func markOf(line string) (name string, ok bool) {
	line = strings.TrimSpace(line)
	if name, ok = strings.CutPrefix(line, "# generated: "); ok {
		return name, true
	}
	name, ok = strings.CutPrefix(line, "<!-- generated: ")
	return strings.TrimSuffix(name, " -->"), ok
}

func ends(line string) bool {
	line = strings.TrimSpace(line)
	return line == "# end" || line == "<!-- end -->"
}

// documentParts are the parts of a contract document: the events that its API can subscribe to, which are all but the
// one of the test call.
func documentParts(file string) (map[string]string, error) {
	p, err := contract.Load(strings.TrimSuffix(filepath.Base(file), ".yaml"))
	if err != nil {
		return nil, err
	}
	var names strings.Builder
	names.WriteString("enum:\n")
	for _, e := range p.Events() {
		if !e.TestCall() {
			fmt.Fprintf(&names, "  - %s\n", e.Name)
		}
	}
	return map[string]string{"events": names.String()}, nil
}
