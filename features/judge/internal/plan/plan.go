// Package plan decides which scenarios a run makes and in which order, runs them, and makes the report of what they
// found. VerifyReceiver and VerifySender are a whole run each. The scenarios come from the features: an outline has a
// row for each platform and event that it is about, and rows are made for the platforms and revisions that the features
// do not name.
//
// It has no step, and blames nobody.
package plan

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/cucumber/godog"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/fakes/story"
	"github.com/quintain-dev/quintain/features/internal/phrase"
	"github.com/quintain-dev/quintain/features/judge/internal/rule"
	"github.com/quintain-dev/quintain/features/judge/internal/scenario"
	"github.com/quintain-dev/quintain/features/judge/report"
)

// A planned scenario is one that a run is to make.
type planned struct {
	outline outline
	row     row
	rule    rule.Rule
	level   report.Level
	name    string
	told    []string // the events of the story that the scenario tells
	index   int      // among all scenarios of the platform, selected or not: the same in every run
}

// event is the event type that the scenario is about, if it is about one.
func (p planned) event() string { return p.row.cells["event"] }

// begin starts the scenario.
func (p planned) begin() scenario.Scenario {
	return scenario.Scenario{Name: p.name, Rule: p.rule, Level: p.level, Event: p.event(), Started: time.Now()}
}

// scenarios makes every scenario of the outlines that applies to the platform. A platform that is not in the features
// gets the scenarios that its rules call for.
func scenarios(outlines []outline, p *contract.Platform) []planned {
	var out []planned
	for _, o := range outlines {
		at := o.rule.At(p)
		if o.aboutForms() && !slices.Contains(p.Rules.Encodings.Value, contract.Form) {
			continue
		}
		for _, r := range o.rowsFor(p, at) {
			if !at.Applies(r.level) {
				continue
			}
			if event, ok := r.cells["event"]; ok && !slices.Contains(p.EventNames(), event) {
				continue
			}
			out = append(out, planned{
				outline: o, row: r, rule: o.rule, level: r.level, name: r.fill(o.name, p.Name),
				told: story.EventNames(r.cells["story"], p), index: len(out),
			})
		}
	}
	return out
}

// planFor makes the scenarios that a run is to make: one at least.
func planFor(outlines []outline, rules []rule.Rule, p *contract.Platform, sel rule.Selection) ([]planned, error) {
	all := scenarios(outlines, p)
	plan := selected(sel, all)
	if len(plan) == 0 {
		return nil, sel.Nothing(rules, p, phrase.Count(len(all), "scenario"))
	}
	return plan, nil
}

// selected keeps the scenarios that are to be run. Those that send something bad are run for the rule that owns
// survival too, which has none of its own.
func selected(sel rule.Selection, all []planned) []planned {
	survival := rule.Owner(rule.OwnsSurvival).ID
	other := func(event string) bool { return len(sel.Events) > 0 && !slices.Contains(sel.Events, event) }
	var out []planned
	for _, p := range all {
		switch {
		case p.rule.Unable(sel.Given) != "" || sel.Skips(p.rule):
		case !sel.Wants(p.rule) && (!p.rule.Phase.Bad() || !slices.Contains(sel.Rules, survival)):
		case slices.ContainsFunc(p.told, other):
		case p.event() != "" && other(p.event()):
		default:
			out = append(out, p)
		}
	}
	return out
}

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
