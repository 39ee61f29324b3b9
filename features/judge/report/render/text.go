// Package render writes reports: Text for people, JSON for programs, and JUnit for whatever shows test results. It adds
// nothing to what a report says.
package render

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/quintain-dev/quintain/features/internal/phrase"
	"github.com/quintain-dev/quintain/features/judge/report"
)

// maxFailures is how many failures of a rule the text shows in full: the first of each kind.
const maxFailures = 3

// Text writes the report for a person: what held, group by group, and each failure with what was sent, what came
// back, and the command that replays it.
func Text(w io.Writer, r *report.Report, color bool) error {
	t := textWriter{paint: painter(color)}
	t.header(r)
	t.groups(r)
	t.notRun(r)
	for _, level := range report.Levels() {
		for _, rule := range r.Rules {
			if rule.Level == level && rule.Verdict == report.Fail {
				t.failed(rule)
			}
		}
	}
	t.remarks(r)
	t.summary(r)
	_, err := io.WriteString(w, t.out.String())
	return err
}

type textWriter struct {
	out   strings.Builder
	paint painter
}

// painter says whether to use colors.
type painter bool

const (
	red    = "31"
	green  = "32"
	yellow = "33"
	dim    = "2"
	bold   = "1"
)

func (p painter) in(code, s string) string {
	if !p {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

func (t *textWriter) printf(format string, args ...any) { fmt.Fprintf(&t.out, format, args...) }

func (t *textWriter) header(r *report.Report) {
	t.printf("%s → %s  %s\n", t.paint.in(bold, r.Platform), Printable(r.Target),
		t.paint.in(dim, fmt.Sprintf("seed %d · %s · %s · %s · %s", r.Seed, phrase.Count(r.Events, "event"), phrase.Count(judgedRules(r), "rule"),
			phrase.Count(r.Scenarios.Passed+r.Scenarios.Failed, "scenario"), r.Duration.Round(time.Millisecond))))
	for _, note := range r.Notes {
		t.printf("  %s %s\n", t.paint.in(yellow, "note"), Printable(note))
	}
}

// judgedRules counts the rules that came to a verdict.
func judgedRules(r *report.Report) int {
	ids := map[string]bool{}
	for _, rule := range r.Rules {
		if rule.Verdict != report.NotRun {
			ids[rule.ID] = true
		}
	}
	return len(ids)
}

func (t *textWriter) groups(r *report.Report) {
	var names []string
	for _, rule := range r.Rules {
		if !slices.Contains(names, rule.Group) {
			names = append(names, rule.Group)
		}
	}
	width := 0
	for _, name := range names {
		width = max(width, utf8.RuneCountInString(name))
	}
	for _, name := range names {
		t.group(r, name, width)
	}
}

func (t *textWriter) group(r *report.Report, name string, width int) {
	var passed, failed, advised, notRun int
	for _, rule := range r.Rules {
		switch {
		case rule.Group != name:
		case rule.Verdict == report.Pass:
			passed++
		case rule.Verdict == report.NotRun:
			notRun++
		case rule.Level == report.Must:
			failed++
		default:
			advised++
		}
	}
	var parts []string
	part := func(n int, code, format string) {
		if n > 0 {
			parts = append(parts, t.paint.in(code, fmt.Sprintf(format, n)))
		}
	}
	part(passed, green, "✓ %d")
	part(failed, red, "✗ %d")
	part(advised, yellow, "! %d")
	part(notRun, dim, "%d not run")
	t.printf("  %s%s  %s\n", name, strings.Repeat(" ", width-utf8.RuneCountInString(name)), strings.Join(parts, "  "))
}

// notRun says why rules were not run, the reasons in the order of the rules. Those that nothing judges yet are the same
// in every report: they are counted.
func (t *textWriter) notRun(r *report.Report) {
	ids := map[string][]string{}
	var reasons, unbuilt []string
	for _, rule := range r.Rules {
		switch {
		case rule.Unbuilt:
			unbuilt = appendNew(unbuilt, rule.ID)
			continue
		case rule.Verdict != report.NotRun:
			continue
		}
		if ids[rule.Why] == nil {
			reasons = append(reasons, rule.Why)
		}
		ids[rule.Why] = appendNew(ids[rule.Why], rule.ID)
	}
	for _, why := range reasons {
		t.printf("  %s\n", t.paint.in(dim, fmt.Sprintf("not run: %s (%s)", strings.Join(ids[why], ", "), Printable(why))))
	}
	if len(unbuilt) > 0 {
		t.printf("  %s\n", t.paint.in(dim, fmt.Sprintf("not built yet: %d of the rules that quintain rules lists", len(unbuilt))))
	}
}

func (t *textWriter) failed(rule report.RuleResult) {
	mark, code := "✗", red
	if rule.Level != report.Must {
		mark, code = "!", yellow
	}
	t.printf("\n%s %s (%s)  %s\n", t.paint.in(code, mark+" "+rule.ID), rule.Level, rule.Grade, rule.Sentence)
	shown, rest := distinct(rule.Failures)
	for i, f := range shown {
		if i > 0 {
			t.printf("\n")
			f.Why = "" // the same for all failures of a rule
		}
		t.failure(f)
	}
	if len(rest) > 0 {
		t.printf("    %s\n", others(rest))
	}
}

// distinct takes the failures that are worth reading: the first of each kind, up to maxFailures. Two are of a kind if
// the same was sent of two events, and the same status came back.
func distinct(failures []report.Failure) (shown, rest []report.Failure) {
	seen := map[[2]string]bool{}
	for _, f := range failures {
		status, _, _ := strings.Cut(f.Got, " ")
		kind := [2]string{strings.TrimPrefix(f.Sent, f.Event), status}
		if seen[kind] || len(shown) == maxFailures {
			rest = append(rest, f)
			continue
		}
		seen[kind] = true
		shown = append(shown, f)
	}
	return shown, rest
}

func (t *textWriter) failure(f report.Failure) {
	line := func(word, text string) {
		if text != "" {
			t.printf("    %s  %s\n", t.paint.in(dim, fmt.Sprintf("%-5s", word)), Printable(text))
		}
	}
	line("sent", f.Sent)
	line("want", f.Want)
	got := f.Got
	if f.More > 0 {
		got += fmt.Sprintf("  (and %d more like it)", f.More)
	}
	line("got", got)
	line("why", f.Why)
	line("ruled out", ruledOut(f))
	line("again", f.Again)
}

// ruledOut lists the other explanations with what spoke against them.
func ruledOut(f report.Failure) string {
	var parts []string
	for _, r := range f.RuledOut {
		parts = append(parts, fmt.Sprintf("%s (%s)", r.Cause, r.Saw))
	}
	return strings.Join(parts, ", ")
}

// others says what the failures were about that are not shown in full.
func others(rest []report.Failure) string {
	var about []string
	for _, f := range rest {
		about = appendNew(about, cmp.Or(f.Event, f.Sent))
	}
	const show = 6
	more := ""
	if len(about) > show {
		about, more = about[:show], ", …"
	}
	return fmt.Sprintf("and %d more like it: %s%s", len(rest), Printable(strings.Join(about, ", ")), more)
}

func appendNew(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// maxRemarks is how many remarks the text shows; the JSON has all of them.
const maxRemarks = 10

func (t *textWriter) remarks(r *report.Report) {
	ids := map[string][]string{} // of the rules, by message
	var messages []string
	for _, rule := range r.Rules {
		for _, m := range rule.Remarks {
			if ids[m.Message] == nil {
				messages = append(messages, m.Message)
			}
			ids[m.Message] = appendNew(ids[m.Message], rule.ID)
		}
	}
	if len(messages) > 0 {
		t.printf("\n")
	}
	for i, message := range messages {
		if i == maxRemarks {
			t.printf("%s  and %d others\n", t.paint.in(dim, "remark"), len(messages)-i)
			break
		}
		t.printf("%s  %s %s\n", t.paint.in(dim, "remark"), Printable(message), t.paint.in(dim, "("+strings.Join(ids[message], ", ")+")"))
	}
}

func (t *textWriter) summary(r *report.Report) {
	must, should := r.Broken(report.Must), r.Broken(report.Should)+r.Broken(report.May)
	var parts []string
	if must > 0 {
		parts = append(parts, t.paint.in(red, phrase.Count(must, "must rule")+" failed"))
	} else {
		parts = append(parts, t.paint.in(green, "no must rule failed"))
	}
	if should > 0 {
		parts = append(parts, t.paint.in(yellow, phrase.Count(should, "should rule")+" failed"))
	}
	t.printf("\n%s\n", strings.Join(parts, ", "))
}

// Printable returns a line of what somebody else sent for a terminal: a · stands for each character that would move the
// cursor or paint the screen.
func Printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return '·'
		}
		return r
	}, s)
}
