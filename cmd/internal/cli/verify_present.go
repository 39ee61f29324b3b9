package cli

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/quintain-dev/quintain/contract/contracttest"
)

// verdict is the JSON of the verify command.
type verdict struct {
	Passed    bool                   `json:"passed"`
	BrokenOff bool                   `json:"broken_off,omitempty"` // not all was judged that was to be
	Reports   []*contracttest.Report `json:"reports"`
}

// present prints the reports, and ends with the exit code of their verdict.
func (a *app) present(reports []*contracttest.Report, o verifyOptions) error {
	out := verdict{Passed: true, Reports: reports}
	for _, r := range reports {
		out.Passed = out.Passed && !r.Failed()
	}
	if o.asJSON {
		if err := a.printJSON(out); err != nil {
			return err
		}
	} else {
		for i, r := range reports {
			if i > 0 {
				fmt.Fprintln(a.stdout)
			}
			if err := r.WriteText(a.stdout, a.color()); err != nil {
				return err
			}
		}
	}
	if len(reports) > 1 && !o.asJSON {
		a.sum(reports)
	}
	if o.junit != "" {
		if err := writeJUnit(o.junit, reports); err != nil {
			return couldNot(err)
		}
	}
	if !out.Passed {
		return judged
	}
	return nil
}

// presentPart prints the reports of a run that was broken off: what it had found by then, and how far it had come. It makes
// no file, which could be taken for a whole one.
func (a *app) presentPart(ctx context.Context, reports []*contracttest.Report, o verifyOptions) error {
	switch {
	case ctx.Err() == nil || len(reports) == 0:
		return nil
	case o.asJSON:
		return a.printJSON(verdict{BrokenOff: true, Reports: reports})
	}
	for i, r := range reports {
		if i > 0 {
			fmt.Fprintln(a.stdout)
		}
		if err := r.WriteText(a.stdout, a.color()); err != nil {
			return err
		}
	}
	last := reports[len(reports)-1].Scenarios
	fmt.Fprintf(a.stdout, "broken off: this report is not complete: %d of %s were run\n", last.Passed+last.Failed, plural(last.Planned, "scenario"))
	return nil
}

// sum says what several reports come to.
func (a *app) sum(reports []*contracttest.Report) {
	var events, scenarios int
	var failed []string
	for _, r := range reports {
		events += r.Events
		scenarios += r.Scenarios.Passed + r.Scenarios.Failed
		if r.Failed() {
			failed = append(failed, r.Platform)
		}
	}
	verdict := "no must rule failed"
	if len(failed) > 0 {
		verdict = "must rules failed for " + strings.Join(failed, ", ")
	}
	fmt.Fprintf(a.stdout, "\n%d platforms, %d events, %d scenarios: %s\n", len(reports), events, scenarios, verdict)
}

// color reports whether the output is a terminal that wants colors.
func (a *app) color() bool {
	if a.env["NO_COLOR"] != "" || a.env["TERM"] == "dumb" {
		return false
	}
	file, ok := a.stdout.to.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// checkWritable finds out before a run whether its result can be written to a file. A pipe is not touched.
func checkWritable(flag, name string) error {
	info, err := os.Stat(name)
	switch {
	case err == nil && info.IsDir():
		return misuse("--%s %s is a folder; name a file in it", flag, name)
	case err == nil && !info.Mode().IsRegular():
		return nil
	}
	file, failed := os.OpenFile(name, os.O_WRONLY|os.O_CREATE, 0o666)
	if failed != nil {
		return misuse("--%s: %w", flag, failed)
	}
	file.Close()
	if err != nil { // there was none
		return os.Remove(name)
	}
	return nil
}

func writeJUnit(name string, reports []*contracttest.Report) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	if err := contracttest.WriteJUnit(file, reports...); err != nil {
		file.Close()
		return err
	}
	return file.Close()
}
