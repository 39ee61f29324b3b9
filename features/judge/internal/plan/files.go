package plan

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Feature files on disk.

// A Difference is where a feature file is not what the catalogue gives.
type Difference struct {
	File       string
	Line       int    // 0 if the file is missing
	Have, Want string // the lines; empty where the file ends
}

func (d *Difference) Error() string {
	switch {
	case d.Line == 0:
		return d.File + " is missing"
	case d.Have == d.Want:
		return fmt.Sprintf("%s:%d: the white space is another than in the catalogue's file", d.File, d.Line)
	case d.Have == "":
		return fmt.Sprintf("%s:%d: the line %q of the catalogue is missing", d.File, d.Line, d.Want)
	case d.Want == "":
		return fmt.Sprintf("%s:%d: the line %q is not in the catalogue", d.File, d.Line, d.Have)
	}
	return fmt.Sprintf("%s:%d: the line is %q, and by the catalogue %q", d.File, d.Line, d.Have, d.Want)
}

// Compare returns the first line of a file's text that is not what it should be, or nil. name is the file's in the
// error.
func Compare(name, have, want string) *Difference {
	if have == want {
		return nil
	}
	a, b := strings.Split(have, "\n"), strings.Split(want, "\n")
	i := 0
	for i < len(a)-1 && i < len(b)-1 && a[i] == b[i] {
		i++
	}
	return &Difference{File: name, Line: i + 1, Have: strings.TrimSpace(a[i]), Want: strings.TrimSpace(b[i])}
}

// Check compares the files below a folder with what they should be. The error is a *Difference for each that differs,
// in the way of errors.Join.
func Check(dir string, files []File) error {
	var errs []error
	for _, f := range files {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		text, err := os.ReadFile(name)
		switch d := Compare(name, string(text), f.Text); {
		case errors.Is(err, fs.ErrNotExist):
			errs = append(errs, &Difference{File: name})
		case err != nil:
			errs = append(errs, err)
		case d != nil:
			errs = append(errs, d)
		}
	}
	return errors.Join(errs...)
}

// Write writes files below a folder, each whole or not at all. Unless it is forced, it writes nothing if one of them is
// there already and differs; the error is that of Check.
func Write(dir string, files []File, force bool) error {
	there := slices.DeleteFunc(slices.Clone(files), func(f File) bool {
		_, err := os.Lstat(filepath.Join(dir, filepath.FromSlash(f.Name)))
		return errors.Is(err, fs.ErrNotExist)
	})
	if err := Check(dir, there); err != nil && !force {
		return err
	}
	for _, f := range files {
		if err := writeWhole(filepath.Join(dir, filepath.FromSlash(f.Name)), f.Text); err != nil {
			return err
		}
	}
	return nil
}

// writeWhole replaces a file by one that has been written to its end.
func writeWhole(name, text string) (err error) {
	if old, err := os.ReadFile(name); err == nil && string(old) == text {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	temporary, err := os.CreateTemp(filepath.Dir(name), ".quintain-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(temporary.Name())
		}
	}()
	_, err = temporary.WriteString(text)
	if err = errors.Join(err, temporary.Chmod(0o644), temporary.Close()); err != nil {
		return err
	}
	return os.Rename(temporary.Name(), name)
}
