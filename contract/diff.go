package contract

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// A Difference is one thing that two revisions of a platform, or two platforms, have otherwise.
type Difference struct {
	Where  string `json:"where"`            // an event, a place in its body ("EventCreated /payload/space"), or a delivery rule ("x-delivery success")
	Before string `json:"before,omitempty"` // empty: it was not there
	After  string `json:"after,omitempty"`  // empty: it is no longer there
}

// String is one line, as of a diff: - for what went, + for what came, ~ for what changed.
func (d Difference) String() string {
	switch {
	case d.Before == "":
		return fmt.Sprintf("+ %s: %s", d.Where, d.After)
	case d.After == "":
		return fmt.Sprintf("- %s: %s", d.Where, d.Before)
	default:
		return fmt.Sprintf("~ %s: %s → %s", d.Where, d.Before, d.After)
	}
}

// Diff lists what b has otherwise than a: delivery rules, then events, then the bodies of the events that both have.
// Words that only people read, such as summaries and notes, are left out.
func Diff(a, b *Platform) []Difference {
	var out []Difference
	compare := func(where, before, after string) {
		if before != after {
			out = append(out, Difference{where, before, after})
		}
	}
	before, after := a.Rules.facts(), b.Rules.facts()
	for _, name := range union(before.names, after.names) {
		compare("x-delivery "+name, before.text[name], after.text[name])
	}
	was, is := a.listed(), b.listed()
	for _, name := range union(was.names, is.names) {
		compare(name, was.text[name], is.text[name])
	}
	for _, e := range a.events {
		other, err := b.Event(e.Name)
		if err != nil {
			continue
		}
		had, has := describe(e.Schema), describe(other.Schema)
		for _, place := range union(had.names, has.names) {
			compare(e.Name+" "+place, had.text[place], has.text[place])
		}
	}
	return out
}

// ruleNames are the delivery rules in the order in which documents have them. How names are spelled is told with
// eventName.
var ruleNames = []string{
	"encodings", "contentTypes", "success", "refusalStatus", "schedule", "disableAfter", "timeout", "signature", "handshake",
	"eventName", "dedupKey", "eventTime", "atLeastOnce", "unstable",
}

// A table is texts by name, in an order.
type table struct {
	names []string
	text  map[string]string
}

func (t *table) add(name, text string) {
	if t.text == nil {
		t.text = map[string]string{}
	}
	if _, ok := t.text[name]; !ok {
		t.names = append(t.names, name)
	}
	t.text[name] = text
}

// union is the names of a, with those that only b has behind the one that they follow there.
func union(a, b []string) []string {
	out := slices.Clone(a)
	for i, name := range b {
		if slices.Contains(out, name) {
			continue
		}
		at := 0
		if i > 0 {
			at = slices.Index(out, b[i-1]) + 1
		}
		out = slices.Insert(out, at, name)
	}
	return out
}

// facts are the values of the delivery rules with their grades.
func (r Rules) facts() (t table) {
	src, err := json.Marshal(r)
	if err != nil { // rules are data
		panic(err)
	}
	var facts map[string]json.RawMessage
	if err := json.Unmarshal(src, &facts); err != nil {
		panic(err)
	}
	for _, name := range ruleNames {
		var fact struct {
			Value json.RawMessage
			Grade Grade
		}
		if json.Unmarshal(facts[name], &fact) == nil && fact.Grade != "" {
			value := string(fact.Value)
			if s, ok := plainText(fact.Value); ok {
				value = s
			}
			switch name { // which JSON has as nanoseconds
			case "schedule":
				value = fmt.Sprint([]time.Duration(r.Schedule.Value))
			case "timeout":
				value = r.Timeout.Value.String()
			case "signature":
				value = r.Signature.Value.words()
			case "eventName":
				if r.Spelling != "" && r.Spelling != AsNamed {
					value += " spelled as " + string(r.Spelling)
				}
			}
			t.add(name, fmt.Sprintf("%s (%s)", value, fact.Grade))
		}
	}
	return t
}

// words says a signature in a line.
func (s Signature) words() string {
	words := []string{s.Scheme}
	add := func(format, value string) {
		if value != "" {
			words = append(words, fmt.Sprintf(format, value))
		}
	}
	add("in %s", s.Header)
	add("as %s", s.Encoding)
	add("after %q", s.Prefix)
	add("of %s", s.Content)
	add("with the time in %s", s.TimestampHeader)
	if s.Scheme == HMACSHA256 {
		add("counted in %s", s.TimestampUnit)
	}
	if s.Tolerance > 0 {
		add("at most %s old", s.Tolerance.String())
	}
	for _, r := range s.Readings {
		words = append(words, fmt.Sprintf("or read as %s after %q", r.Encoding, r.Prefix))
	}
	return strings.Join(words, " ")
}

func plainText(raw json.RawMessage) (string, bool) {
	var s string
	return s, json.Unmarshal(raw, &s) == nil && s != ""
}

// listed are the events with their grades.
func (p *Platform) listed() (t table) {
	for _, e := range p.events {
		t.add(e.Name, string(e.Grade))
	}
	for _, e := range p.nameOnly {
		t.add(e.Name, "its name only")
	}
	return t
}

// describe lists the places of a body with what the schema says of each.
func describe(s *Schema) (t table) {
	Walk(s, func(place string, p Property) {
		if place != "" {
			t.add(place, p.Schema.words(p.Required))
		}
	})
	return t
}

// words says what a schema admits.
func (s *Schema) words(required bool) string {
	target := s.Target()
	var words []string
	if len(target.Types) > 0 {
		words = append(words, strings.Join(target.Types, " or "))
	}
	add := func(format string, args ...any) { words = append(words, fmt.Sprintf(format, args...)) }
	if target.Format != "" {
		add("format %s", target.Format)
	}
	if target.Pattern != "" {
		add("pattern %s", target.Pattern)
	}
	if target.Const != nil {
		add("always %s", target.Const.JSON)
	}
	if len(target.Enum) > 0 {
		values := make([]string, len(target.Enum))
		for i, v := range target.Enum {
			values[i] = string(v.JSON)
		}
		add("one of %s", strings.Join(values, " "))
	}
	if s.Literal != nil {
		add("sent as %s", s.Literal.JSON)
	}
	words = append(words, target.Limits.words()...)
	for _, of := range []struct {
		kind    string
		schemas []*Schema
	}{{"all", target.AllOf}, {"one", target.OneOf}, {"any", target.AnyOf}} {
		if len(of.schemas) > 1 {
			add("%s of %d schemas, which are not compared", of.kind, len(of.schemas))
		}
	}
	if s.Time != "" || target.Time != "" {
		add("written as %s", max(s.Time, target.Time))
	}
	if len(words) == 0 {
		add("anything")
	}
	if !required {
		add("optional")
	}
	return strings.Join(words, ", ")
}

// words says the bounds, as in "minimum 0".
func (l Limits) words() (out []string) {
	for _, bound := range []struct {
		name  string
		value *float64
	}{
		{"minLength", l.MinLength}, {"maxLength", l.MaxLength}, {"minimum", l.Minimum}, {"maximum", l.Maximum},
		{"exclusiveMinimum", l.ExclusiveMinimum}, {"exclusiveMaximum", l.ExclusiveMaximum}, {"multipleOf", l.MultipleOf},
		{"minItems", l.MinItems}, {"maxItems", l.MaxItems}, {"minProperties", l.MinProperties}, {"maxProperties", l.MaxProperties},
	} {
		if bound.value != nil {
			out = append(out, fmt.Sprintf("%s %v", bound.name, *bound.value))
		}
	}
	if l.UniqueItems {
		out = append(out, "unique items")
	}
	return out
}
