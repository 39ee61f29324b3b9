package render

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/quintain-dev/quintain/features/judge/report"
)

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Skipped  int          `xml:"skipped,attr"`
	Time     string       `xml:"time,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name       string          `xml:"name,attr"`
	Tests      int             `xml:"tests,attr"`
	Failures   int             `xml:"failures,attr"`
	Errors     int             `xml:"errors,attr"`
	Skipped    int             `xml:"skipped,attr"`
	Time       string          `xml:"time,attr"`
	Timestamp  string          `xml:"timestamp,attr,omitempty"`
	Properties []junitProperty `xml:"properties>property"`
	Cases      []junitCase     `xml:"testcase"`
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitCase struct {
	ClassName string        `xml:"classname,attr"`
	Name      string        `xml:"name,attr"`
	Time      string        `xml:"time,attr"`
	Error     *junitMessage `xml:"error"`
	Failure   *junitMessage `xml:"failure"`
	Skipped   *junitMessage `xml:"skipped"`
}

type junitMessage struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

// JUnit writes reports as one JUnit document, with a test suite for each rule and a test case for each scenario. Only
// a must rule makes a failure; what breaks a should rule, and what was not run, is skipped with a message. What is to
// be noted of a run is a property of each of its suites.
func JUnit(w io.Writer, reports ...*report.Report) error { return writeJUnit(w, junitOf(reports)) }

// JUnitError writes what there is of a run that ended with an error: the reports, and an error for each platform that
// was not judged to its end, or one for the run if platforms is empty. So that nobody takes an older file for this
// run's.
func JUnitError(w io.Writer, err error, platforms []string, reports ...*report.Report) error {
	all := junitOf(reports)
	kind := ""
	var e *report.Error
	if errors.As(err, &e) {
		kind = string(e.Kind)
	}
	if len(platforms) == 0 {
		platforms = []string{""}
	}
	for _, platform := range platforms {
		c := junitCase{ClassName: "quintain", Name: "the run is made to its end", Time: seconds(0)}
		if platform != "" {
			c.ClassName += "." + platform
		}
		c.Error = &junitMessage{Message: err.Error(), Type: kind}
		// which has a report of a part
		if name := " " + platform; platform != "" && !strings.HasSuffix(all.Name, name) {
			all.Name += name
		}
		all.Tests++
		all.Errors++
		all.Suites = append(all.Suites, junitSuite{Name: "run", Tests: 1, Errors: 1, Time: c.Time, Cases: []junitCase{c}})
	}
	return writeJUnit(w, all)
}

func junitOf(reports []*report.Report) junitSuites {
	all := junitSuites{Name: "quintain"}
	var spent float64
	for _, r := range reports {
		all.Name += " " + r.Platform
		spent += report.Milliseconds(r.Duration)
		for _, rule := range r.Rules {
			suite := junitSuiteOf(r, rule)
			all.Tests += suite.Tests
			all.Failures += suite.Failures
			all.Skipped += suite.Skipped
			all.Suites = append(all.Suites, suite)
		}
	}
	all.Time = seconds(spent)
	return all
}

func writeJUnit(w io.Writer, all junitSuites) error {
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func junitSuiteOf(r *report.Report, rule report.RuleResult) junitSuite {
	suite := junitSuite{
		Name:      rule.ID + " " + string(rule.Level),
		Timestamp: r.Started.UTC().Format("2006-01-02T15:04:05"),
		Properties: []junitProperty{
			{"rule", rule.ID}, {"level", string(rule.Level)}, {"grade", string(rule.Grade)}, {"sentence", rule.Sentence},
			{"verdict", string(rule.Verdict)}, {"why", rule.Why},
		},
	}
	for _, note := range r.Notes {
		suite.Properties = append(suite.Properties, junitProperty{"note", note})
	}
	var spent float64
	for _, result := range rule.Scenarios {
		c := junitCase{
			ClassName: "quintain." + r.Platform + "." + rule.ID + "." + string(rule.Level),
			Name:      result.Scenario,
			Time:      seconds(report.Milliseconds(result.Duration)),
		}
		spent += report.Milliseconds(result.Duration)
		switch {
		case result.Verdict == report.NotRun:
			c.Skipped = &junitMessage{Message: "not run: " + result.Why}
		case result.Verdict == report.Fail && rule.Level == report.Must:
			c.Failure = &junitMessage{Message: result.Why, Type: string(rule.Level), Text: Explain(rule, result.Scenario)}
		case result.Verdict == report.Fail:
			c.Skipped = &junitMessage{Message: string(rule.Level) + ": " + result.Why, Text: Explain(rule, result.Scenario)}
		}
		suite.Tests++
		if c.Failure != nil {
			suite.Failures++
		}
		if c.Skipped != nil {
			suite.Skipped++
		}
		suite.Cases = append(suite.Cases, c)
	}
	suite.Time = seconds(spent)
	return suite
}

// Explain returns the failures of one scenario as plain text.
func Explain(rule report.RuleResult, scenario string) string {
	var t textWriter
	t.printf("%s %s (%s)  %s\n", rule.ID, rule.Level, rule.Grade, rule.Sentence)
	for _, f := range rule.Failures {
		if f.Scenario == scenario {
			t.failure(f)
		}
	}
	return strings.TrimRight(t.out.String(), "\n")
}

func seconds(ms float64) string { return fmt.Sprintf("%.3f", ms/1000) }
