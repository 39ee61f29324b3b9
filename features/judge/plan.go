package judge

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/cucumber/godog"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/judge/internal/payload"
	"github.com/quintain-dev/quintain/features/judge/report"
)

// A planned scenario is one that a run is to make.
type planned struct {
	outline outline
	row     row
	rule    Rule
	level   report.Level
	name    string
	told    []string // the events of the story that the scenario tells
	index   int      // among all scenarios of the platform, selected or not: the same in every run
}

// event is the event type that the scenario is about, if it is about one.
func (p planned) event() string { return p.row.cells["event"] }

// begin starts the scenario.
func (p planned) begin() scenario {
	return scenario{name: p.name, rule: p.rule, level: p.level, event: p.event(), started: time.Now()}
}

// A phase is a part of a run. What the receiver does to one scenario must not be the work of another: scenarios of good
// deliveries run at once; before them, one at a time, what comes in an order; and after them, one at a time, those that
// send many at once, and those that send something bad, rubbish last.
type phase int

const (
	firstPhase   phase = iota // handshakes, and the documented examples: many are about one member, and come in the catalogue's order
	goodPhase                 // all else that the platform sends
	crowdPhase                // many deliveries at once
	forgedPhase               // forged deliveries
	rubbishPhase              // what no parser can read
	phases
)

func (p planned) phase() phase {
	switch {
	case p.rule.ID == "ACK-1" || p.rule.ID == "HSK-1" || p.rule.ID == "HSK-3":
		return firstPhase
	case p.rule.Group == rubbish:
		return rubbishPhase
	case p.rule.ID == "DUP-2":
		return crowdPhase
	case p.rule.Group == letsIn:
		return forgedPhase
	}
	return goodPhase
}

// scenarios makes every scenario of the outlines that applies to the platform. A platform that is not in the features
// gets the scenarios that its rules call for.
func scenarios(outlines []outline, rules []Rule, p *contract.Platform) ([]planned, error) {
	var out []planned
	for _, o := range outlines {
		rule, ok := findRule(rules, o.rule)
		if !ok {
			return nil, fmt.Errorf("%s: there is no rule %s", o.file, o.rule)
		}
		grades, _ := rule.standing(p)
		if o.aboutForms() && !slices.Contains(p.Rules.Encodings.Value, contract.Form) {
			continue
		}
		for _, r := range o.rowsFor(p, grades) {
			if _, applies := grades[r.level]; !applies {
				continue
			}
			if event, ok := r.cells["event"]; ok && !slices.Contains(p.EventNames(), event) {
				continue
			}
			told := eventsTold(r.cells["story"], p)
			out = append(out, planned{told: told, outline: o, row: r, rule: rule, level: r.level, name: r.fill(o.name, p.Name), index: len(out)})
		}
	}
	return out, nil
}

// rowsFor returns the rows of a platform. The features know the default revisions of those that are built in.
func (o outline) rowsFor(p *contract.Platform, grades map[report.Level]report.Grade) []row {
	var own []row
	for _, r := range o.rows {
		if r.platform == p.Name || r.platform == "" {
			own = append(own, r)
		}
	}
	known := slices.Contains(contract.Names(), p.Name) && p.Revision == p.Revisions[0] && (!strings.HasPrefix(o.rule, "SIG-") || !otherProof(p))
	if known || len(own) > 0 && own[0].platform == "" {
		return own
	}
	return o.rowsOfContract(p, grades)
}

// otherProof reports whether a built-in platform proves its deliveries by another scheme than its document says.
func otherProof(p *contract.Platform) bool {
	own, err := contract.Load(p.Name)
	return err == nil && own.Rules.Signature.Value.Scheme != p.Rules.Signature.Value.Scheme
}

// rowsOfContract makes the rows of a platform, or a revision, that the features do not know: one for each event of its catalogue, or one
// for each thing that is tried on the platforms that they do know.
func (o outline) rowsOfContract(p *contract.Platform, grades map[report.Level]report.Grade) []row {
	var out []row
	add := func(r row) {
		if _, applies := grades[r.level]; !applies && len(grades) == 1 { // the features have it at the level of another platform
			for level := range grades {
				r.level = level
			}
		}
		for _, have := range out {
			if r.level == have.level && fmt.Sprint(r.cells) == fmt.Sprint(have.cells) {
				return
			}
		}
		out = append(out, r)
	}
	for _, r := range o.rows {
		switch {
		case r.cells["ping"] != "": // which event a test call sends is not in a contract
		case r.cells["header"] != "":
			for _, header := range p.Rules.Signature.Value.SigningScheme().Headers() {
				add(row{level: r.level, cells: map[string]string{"header": header}})
			}
		case r.cells["story"] != "":
			for _, name := range toldOn(p) {
				add(row{level: r.level, cells: map[string]string{"story": name}})
			}
		case r.cells["event"] == "":
			if r, ok := r.forRules(p.Rules); ok {
				add(r)
			}
		default:
			for _, e := range p.Events() {
				if level := o.levelFor(e, grades); o.hasPayload(e) {
					add(row{level: level, cells: map[string]string{"event": e.Name}})
				}
			}
		}
	}
	return out
}

// forRules says what a row of another platform comes to by a platform's own delivery rules: what an answer counts as, and
// how often a delivery can fail before it is acknowledged.
func (r row) forRules(rules contract.Rules) (row, bool) {
	cells := maps.Clone(r.cells)
	if answer, ok := cells["answer"]; ok {
		cells["outcome"] = "a failure"
		if status, err := strconv.Atoi(answer); err == nil && rules.Success.Value.Acknowledges(status) {
			cells["outcome"] = "an acknowledgement"
		}
	}
	if failures, err := strconv.Atoi(cells["failures"]); err == nil && failures > len(rules.Schedule.Value) {
		return r, false
	}
	return row{level: r.level, platform: r.platform, cells: cells}, true
}

// levelFor is the level of a scenario about an event.
func (o outline) levelFor(e *contract.EventType, grades map[report.Level]report.Grade) report.Level {
	_, must := grades[report.Must]
	if must && (e.Grade == contract.Documented) && !o.aboutUndocumented() {
		return report.Must
	}
	return report.Should
}

// aboutUndocumented reports whether an outline is about values that are not documented.
func (o outline) aboutUndocumented() bool {
	return strings.Contains(strings.Join(o.steps, " "), " not documented")
}

// formStep is what the steps of outlines say that rules about more than forms have for them.
var formStep = regexp.MustCompile(`\bforms? (is|are) delivered`)

// aboutForms reports whether an outline of a rule about more than forms is about them.
func (o outline) aboutForms() bool { return slices.ContainsFunc(o.steps, formStep.MatchString) }

// hasPayload reports whether an event has something to send at all for an outline about a part of payloads.
func (o outline) hasPayload(e *contract.EventType) bool {
	switch o.rule {
	case "ACK-1":
		return hasExample(e)
	case "TXT-1":
		return len(payload.FreeTexts(e)) > 0
	case "RTY-1":
		return retried(e)
	case "ACK-4":
		return slices.ContainsFunc(payload.Variants(e), func(v payload.Variant) bool { return v.Documented != o.aboutUndocumented() })
	}
	return true
}

// A selection is what of the plan is to be run.
type selection struct {
	events, rules, skip []string
	unable              map[string]string // why a rule cannot be run, by id
}

// check finds names that are not there.
func (s selection) check(rules []Rule, p *contract.Platform) error {
	for _, id := range slices.Concat(s.rules, s.skip) {
		if _, ok := findRule(rules, id); !ok && slices.Contains(unbuilt, id) {
			return report.Misused("%s is not built yet: nothing judges it", id)
		} else if !ok {
			return report.UnknownName("rule", id, ruleIDs(rules))
		}
	}
	for _, name := range s.events {
		if _, err := p.Event(name); err != nil {
			return &report.Error{Kind: report.Misuse, Message: err.Error(), Err: err}
		}
	}
	return nil
}

// wants reports whether a rule is selected. LIVE-1 has no scenario of its own: it is judged after those of other rules.
func (s selection) wants(id string) bool {
	return (len(s.rules) == 0 || slices.Contains(s.rules, id)) && !slices.Contains(s.skip, id)
}

// whyNot says why a rule that applies is not run; empty if it is.
func (s selection) whyNot(id string) string {
	if why := s.unable[id]; why != "" {
		return why
	}
	if !s.wants(id) {
		return "not selected"
	}
	return ""
}

// apply keeps the scenarios that are to be run.
func (s selection) apply(all []planned) []planned {
	var out []planned
	for _, p := range all {
		switch {
		case s.unable[p.rule.ID] != "" || slices.Contains(s.skip, p.rule.ID):
		case !s.wants(p.rule.ID) && (p.phase() < forgedPhase || !slices.Contains(s.rules, liveRule)):
		case len(s.events) > 0 && slices.ContainsFunc(p.told, func(event string) bool { return !slices.Contains(s.events, event) }):
		case p.event() != "" && len(s.events) > 0 && !slices.Contains(s.events, p.event()):
		default:
			out = append(out, p)
		}
	}
	return out
}

// liveRule is judged after every scenario that sends something bad.
const liveRule = "LIVE-1"

// gherkin writes the planned scenarios as features for godog, each scenario with its parameters filled in.
func gherkin(plan []planned, platform string) []godog.Feature {
	texts := map[string]*strings.Builder{}
	var files []string
	for _, p := range plan {
		b := texts[p.outline.file]
		if b == nil {
			b = &strings.Builder{}
			texts[p.outline.file] = b
			files = append(files, p.outline.file)
			fmt.Fprintf(b, "Feature: %s\n", p.outline.file)
		}
		fmt.Fprintf(b, "\n  @%s @%s\n  Scenario: %s\n", p.rule.ID, p.level, p.name)
		for _, step := range p.outline.steps {
			fmt.Fprintf(b, "    %s\n", p.row.fill(step, platform))
		}
	}
	out := make([]godog.Feature, len(files))
	for i, file := range files {
		out[i] = godog.Feature{Name: file, Contents: []byte(texts[file].String())}
	}
	return out
}
