package plan

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/fakes/story"
	"github.com/quintain-dev/quintain/features/judge/internal/rule"
	"github.com/quintain-dev/quintain/features/judge/report"
)

// rowsFor returns the rows of a platform. The features know the default revisions of those that are built in.
func (o outline) rowsFor(p *contract.Platform, at rule.Standing) []row {
	var own []row
	for _, r := range o.rows {
		if r.platform == p.Name || r.platform == "" {
			own = append(own, r)
		}
	}
	known := slices.Contains(contract.Names(), p.Name) && p.Revision == p.Revisions[0] && (!o.rule.Proof || !p.Resigned())
	if known || len(own) > 0 && own[0].platform == "" {
		return own
	}
	return o.rowsOfContract(p, at)
}

// rowsOfContract makes the rows of a platform, or a revision, that the features do not know: one for each event of its
// catalogue, or one for each thing that is tried on the platforms that they do know.
func (o outline) rowsOfContract(p *contract.Platform, at rule.Standing) []row {
	var out []row
	have, byEvent := map[string]bool{}, false
	add := func(r row) {
		if !at.Applies(r.level) && len(at.Levels) == 1 { // the features have it at the level of another platform
			for level := range at.Levels {
				r.level = level
			}
		}
		if key := fmt.Sprint(r.level, r.cells); !have[key] {
			have[key] = true
			out = append(out, r)
		}
	}
	for _, r := range o.rows {
		switch {
		case r.cells["ping"] != "": // which event a test call sends is not in a contract
		case r.cells["header"] != "":
			for _, header := range p.Rules.Signature.Value.SigningScheme().Headers() {
				add(row{level: r.level, cells: map[string]string{"header": header}})
			}
		case r.cells["story"] != "":
			for _, name := range story.On(p) {
				add(row{level: r.level, cells: map[string]string{"story": name}})
			}
		case r.cells["event"] == "":
			if r, ok := r.forRules(p.Rules); ok {
				add(r)
			}
		case !byEvent:
			byEvent = true // one row of another platform stands for all
			for _, e := range p.Events() {
				if o.rule.Needs(e, !o.aboutUndocumented()) {
					add(row{level: o.levelFor(e, at), cells: map[string]string{"event": e.Name}})
				}
			}
		}
	}
	return out
}

// forRules says what a row of another platform comes to by a platform's own delivery rules: what an answer counts as,
// and how often a delivery can fail before it is acknowledged.
func (r row) forRules(rules contract.Rules) (row, bool) {
	cells := maps.Clone(r.cells)
	if answer, ok := cells["answer"]; ok {
		cells["outcome"] = "a failure"
		if status, err := strconv.Atoi(answer); err == nil && rules.Success.Value.Acknowledges(status) {
			cells["outcome"] = "an acknowledgement"
		}
	}
	if failures, err := strconv.Atoi(cells["failures"]); err == nil && failures > len(rules.RetriesOfOne()) {
		return r, false
	}
	return row{level: r.level, platform: r.platform, cells: cells}, true
}

// levelFor is the level of a scenario about an event.
func (o outline) levelFor(e *contract.EventType, at rule.Standing) report.Level {
	if at.Applies(report.Must) && e.Grade == contract.Documented && !o.aboutUndocumented() {
		return report.Must
	}
	return report.Should
}

// aboutUndocumented reports whether an outline is about values that are not documented.
func (o outline) aboutUndocumented() bool { return o.says(" not documented") }

// aboutForms reports whether an outline of a rule about more than forms is about them.
func (o outline) aboutForms() bool {
	return o.says("form is delivered") || o.says("forms are delivered")
}

func (o outline) says(words string) bool {
	return slices.ContainsFunc(o.steps, func(step string) bool { return strings.Contains(step, words) })
}
