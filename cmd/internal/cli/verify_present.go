package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/judge"
	"github.com/quintain-dev/quintain/features/judge/report/render"
)

// verdict is the JSON of the verify command.
type verdict struct {
	Passed  bool            `json:"passed"`
	Error   *runError       `json:"error,omitempty"` // not all was judged that was to be
	Reports []*judge.Report `json:"reports"`
}

// runError is the JSON of what kept a run from its end.
type runError struct {
	Kind      string   `json:"kind"` // misuse, unreachable, broken-off or could-not-run
	Message   string   `json:"message"`
	NotJudged []string `json:"not_judged"` // platforms; none if it had not come to them
}

// unfinished is the error of a run that did not judge all platforms to the end.
type unfinished struct {
	platforms []*contract.Platform
	err       error
}

func (u *unfinished) Error() string { return u.err.Error() }
func (u *unfinished) Unwrap() error { return u.err }

// present prints the reports, and ends with the exit code of their verdict.
func (a *app) present(reports []*judge.Report, o verifyOptions) error {
	out := verdict{Passed: true, Reports: reports}
	for _, r := range reports {
		out.Passed = out.Passed && !r.Failed()
	}
	if o.asJSON {
		if err := a.printJSON(out); err != nil {
			return err
		}
	} else if err := a.printReports(reports); err != nil {
		return err
	}
	if len(reports) > 1 && !o.asJSON {
		a.sum(reports)
	}
	if o.junit != "" {
		err := writeFile(o.junit, func(w io.Writer) error { return render.JUnit(w, reports...) })
		if err != nil && out.Passed {
			return couldNot(err)
		}
		if err != nil { // which does not make up for what failed
			fmt.Fprintf(a.stderr, "quintain: %s\n", err)
		}
	}
	if !out.Passed {
		return judged
	}
	return nil
}

// presentPart shows a run that ended with an error: what it had found by then, how far it had come, and in JSON and
// JUnit the error, too. It returns the error.
func (a *app) presentPart(ctx context.Context, reports []*judge.Report, err error, o verifyOptions) error {
	exit := exitOf(ctx, err)
	out := verdict{Error: newRunError(ctx, exit, err), Reports: append([]*judge.Report{}, reports...)}
	if o.asJSON {
		if failed := a.printJSON(out); failed != nil {
			return failed
		}
	} else if failed := a.printReports(reports); failed != nil {
		return failed
	}
	if ctx.Err() != nil && len(reports) > 0 && !o.asJSON {
		last := reports[len(reports)-1].Scenarios
		fmt.Fprintf(a.stdout, "broken off: this report is not complete: %d of %s were run\n", last.Passed+last.Failed, plural(last.Planned, "scenario"))
	}
	if o.junit != "" {
		if failed := writeFile(o.junit, func(w io.Writer) error {
			return render.JUnitError(w, exit.err, out.Error.NotJudged, reports...)
		}); failed != nil {
			fmt.Fprintf(a.stderr, "quintain: %s\n", failed)
		}
	}
	return err
}

func newRunError(ctx context.Context, exit *exitError, err error) *runError {
	out := &runError{Kind: "could-not-run", Message: exit.err.Error(), NotJudged: []string{}}
	var known *judge.Error
	switch {
	case ctx.Err() != nil:
		out.Kind = "broken-off"
	case errors.As(err, &known):
		out.Kind = string(known.Kind)
	case exit.code == exitMisuse:
		out.Kind = string(judge.Misuse)
	}
	var left *unfinished
	if errors.As(err, &left) {
		for _, p := range left.platforms {
			out.NotJudged = append(out.NotJudged, p.String())
		}
	}
	return out
}

// printReports prints reports one below the other.
func (a *app) printReports(reports []*judge.Report) error {
	for i, r := range reports {
		if i > 0 {
			fmt.Fprintln(a.stdout)
		}
		if err := render.Text(a.stdout, r, a.color()); err != nil {
			return err
		}
	}
	return nil
}

// sum says what several reports come to.
func (a *app) sum(reports []*judge.Report) {
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

func writeFile(name string, write func(io.Writer) error) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	if err := write(file); err != nil {
		file.Close()
		return err
	}
	return file.Close()
}
