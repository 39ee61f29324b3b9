// Package report is what a run of the judge found, as plain data: a Report has a RuleResult for each rule and level,
// and that its failures and remarks. An Error is why there is no report, or an incomplete one. Package render writes
// reports for people and for tools. It decides nothing: package plan gives the verdicts.
package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// Verdict is what became of a rule or a scenario.
type Verdict string

// The verdicts.
const (
	Pass   Verdict = "pass"
	Fail   Verdict = "fail"
	NotRun Verdict = "not-run"
)

// A Report is what a run found. It is plain data; package render writes it as text, JSON and JUnit XML.
type Report struct {
	Tool      string        `json:"tool"`              // "quintain"
	Version   string        `json:"version,omitempty"` // of the tool, if the caller sets it
	Platform  string        `json:"platform"`          // such as "tribe@2021-12"
	Target    string        `json:"target"`            // the URL
	Seed      uint64        `json:"seed"`
	Started   time.Time     `json:"started"`
	Duration  time.Duration `json:"-"` // in JSON: duration_ms
	Events    int           `json:"events"`
	Notes     []string      `json:"notes"` // what is true of the whole run
	Rules     []RuleResult  `json:"rules"` // one for each rule and level, in the order of the rules
	Scenarios Counts        `json:"scenarios"`
}

// Counts counts the scenarios of a run.
type Counts struct {
	Planned int `json:"planned"`
	Passed  int `json:"passed"`
	Failed  int `json:"failed"`
	NotRun  int `json:"not_run"`
}

// A RuleResult is what became of a rule at one level.
type RuleResult struct {
	ID        string    `json:"id"`
	Level     Level     `json:"level"`
	Grade     Grade     `json:"grade"` // empty if the rule does not apply
	Group     string    `json:"group"`
	Sentence  string    `json:"sentence"`
	Unbuilt   bool      `json:"unbuilt,omitempty"` // nothing judges it yet
	Verdict   Verdict   `json:"verdict"`
	Why       string    `json:"why,omitempty"` // of not-run
	Scenarios []Result  `json:"scenarios"`
	Remarks   []Remark  `json:"remarks"`
	Failures  []Failure `json:"failures"`
}

// A Result is what became of one scenario for one rule.
type Result struct {
	Rule     string        `json:"rule"`
	Level    Level         `json:"level"`
	Scenario string        `json:"scenario"`
	Event    string        `json:"event,omitempty"` // if the scenario is about one
	Verdict  Verdict       `json:"verdict"`
	Why      string        `json:"why,omitempty"` // of not-run; of fail: the first failure in one line
	Duration time.Duration `json:"-"`             // in JSON: duration_ms
}

// A Remark is something worth knowing that breaks no rule.
type Remark struct {
	Scenario string `json:"scenario"`
	Message  string `json:"message"`
}

// A Failure is one thing that a receiver (or sender) did against a rule.
type Failure struct {
	Scenario string     `json:"scenario"`
	Event    string     `json:"event,omitempty"`
	Sent     string     `json:"sent"`                // what was sent, in one line
	Want     string     `json:"want"`                // what the rule wants
	Got      string     `json:"got"`                 // what came back, in one line
	Why      string     `json:"why"`                 // what goes wrong if the rule is broken
	Again    string     `json:"again"`               // the command that replays it; the secret is not in it
	More     int        `json:"more"`                // how many further deliveries of the same scenario failed alike
	Cause    string     `json:"cause,omitempty"`     // the explanation that is left, such as "this rule"
	RuledOut []RuledOut `json:"ruled_out,omitempty"` // other explanations, and what spoke against each of them
	Request  *Request   `json:"request,omitempty"`
	Response *Response  `json:"response,omitempty"`
}

// RuledOut is an explanation of a failure other than its rule, which the run has ruled out.
type RuledOut struct {
	Cause string `json:"cause"` // such as "overloaded"
	Saw   string `json:"saw"`   // what the run saw that speaks against it, such as "re-sent alone: answered 400"
}

// Line says the failure in one line.
func (f Failure) Line() string { return fmt.Sprintf("sent %s; want %s; got %s", f.Sent, f.Want, f.Got) }

// A Request is what was sent. Credentials are redacted, and at most 64 KiB of the body are kept.
type Request struct {
	Method  string      `json:"method"`
	URL     string      `json:"url"`
	Headers http.Header `json:"headers"`
	Body
}

// A Response is what came back. At most 64 KiB of the body are kept.
type Response struct {
	Status  int         `json:"status"` // 0 if there was none
	Headers http.Header `json:"headers"`
	Body
	Problem string `json:"problem,omitempty"` // why there is no complete answer
}

// A Body is the body of a recorded message.
type Body struct {
	Text      string `json:"body"`
	Base64    bool   `json:"base64"` // the body is not UTF-8, and Text is in base64
	Truncated bool   `json:"truncated"`
}

// Failed reports whether a must rule failed.
func (r *Report) Failed() bool { return r.Broken(Must) > 0 }

// Broken counts the rules of a level that failed.
func (r *Report) Broken(level Level) int {
	n := 0
	for _, rule := range r.Rules {
		if rule.Level == level && rule.Verdict == Fail {
			n++
		}
	}
	return n
}

// MarshalJSON writes the report with its duration in milliseconds, and whether it has failed.
func (r Report) MarshalJSON() ([]byte, error) {
	type plain Report
	return marshal(struct {
		plain
		DurationMS float64 `json:"duration_ms"`
		Failed     bool    `json:"failed"`
	}{plain(r), Milliseconds(r.Duration), r.Failed()})
}

// MarshalJSON writes the result with its duration in milliseconds.
func (r Result) MarshalJSON() ([]byte, error) {
	type plain Result
	return marshal(struct {
		plain
		DurationMS float64 `json:"duration_ms"`
	}{plain(r), Milliseconds(r.Duration)})
}

// marshal leaves <, > and & as they are: what receivers answer has many of them.
func marshal(v any) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return out.Bytes(), err
}

// Milliseconds returns a duration as reports have it.
func Milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
