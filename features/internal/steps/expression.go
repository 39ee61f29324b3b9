package steps

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// The expressions of steps are written in a small language, so that a list of steps can say in words what is matched:
//
//	{n}            an argument of the step's function, by its name in parameters
//	<n>            the same where the argument is a part of a choice
//	(one|other)    a choice, which is an argument of the step's function
//	(?:one|other)  a choice that is not
//	s?  (?:…)?     what may be left out
//
// All other characters stand for themselves.

// parameters are the regular expressions of the arguments that steps may have. The one of event depends on the
// platforms.
var parameters = map[string]string{
	"action": `\S+`, "address": `[^"]*`, "answer": `\S+`, "body": `.+`, "call": `[a-z]+[A-Z]\w*`, "code": `[A-Z_]+`,
	"codes": `.+`, "duration": `\S+`, "durations": `[^"]*`, "event": "", "events": `.+`, "fault": `.+`, "faults": `.*`,
	"header": `\S+`, "n": `\d+`, "name": `[^"]*`, "platform": `\S+`, "script": `.*`, "secret": `[^"]*`, "status": `\d+`,
	"story": `\S+`, "time": `[^"]*`, "why": `\S+`, "word": `\S+`,
}

// eventShape matches what looks like the name of an event: words with a dot or an underscore between them, or in camel
// case. Every event that is built in does; a sentence of somebody else's steps that begins with a plain word does not.
const eventShape = `[\w-]*\w[._]\w[\w.:/-]*|\w*[a-z0-9][A-Z]\w*`

// Events is what steps take for the name of an event: one of the names, or what looks like one, so that a name with a
// typing error is an unknown event and not an undefined step.
type Events struct {
	names   []string
	pattern string
}

var shaped = regexp.MustCompile(`^(?:` + eventShape + `)$`)

// EventsOf makes Events of the names that a platform, or several, have.
func EventsOf(names ...string) Events {
	e := Events{names: names, pattern: eventShape}
	for _, name := range names {
		if !shaped.MatchString(name) {
			e.pattern += "|" + regexp.QuoteMeta(name)
		}
	}
	return e
}

// A part is a piece of an expression.
type part struct {
	text     string   // if it stands for itself
	name     string   // of an argument
	choice   [][]part // at least one alternative
	captured bool     // it is an argument of the step's function
	optional bool
}

// parse takes an expression apart.
func parse(expr string) ([]part, error) {
	p := parser{rest: expr}
	alternatives, err := p.alternatives()
	if err == nil && (p.rest != "" || len(alternatives) != 1) {
		err = fmt.Errorf("unexpected %q", p.rest)
	}
	if err != nil {
		return nil, fmt.Errorf("the expression %q: %w", expr, err)
	}
	return alternatives[0], nil
}

type parser struct{ rest string }

func (p *parser) alternatives() (out [][]part, err error) {
	var parts []part
	for p.rest != "" && p.rest[0] != ')' {
		var next part
		switch c := p.rest[0]; c {
		case '|':
			out, parts, p.rest = append(out, parts), nil, p.rest[1:]
			continue
		case '{', '<':
			name, after, closed := strings.Cut(p.rest[1:], map[byte]string{'{': "}", '<': ">"}[c])
			if _, known := parameters[name]; !closed || !known {
				all := strings.Join(slices.Sorted(maps.Keys(parameters)), ", ")
				return nil, fmt.Errorf("unknown parameter at %q; there is %s", p.rest, all)
			}
			next, p.rest = part{name: name, captured: c == '{'}, after
		case '(':
			inner, plain := strings.CutPrefix(p.rest, "(?:")
			if !plain {
				inner = p.rest[1:]
			}
			p.rest = inner
			choice, err := p.alternatives()
			if err != nil {
				return nil, err
			}
			if p.rest == "" {
				return nil, fmt.Errorf("a parenthesis is not closed")
			}
			next, p.rest = part{choice: choice, captured: !plain}, p.rest[1:]
		default:
			next, p.rest = part{text: string(c)}, p.rest[1:]
		}
		if strings.HasPrefix(p.rest, "?") {
			next.optional, p.rest = true, p.rest[1:]
		}
		parts = append(parts, next)
	}
	return append(out, parts), nil
}

// source writes parts as a regular expression that Go and JavaScript both read.
func source(parts []part, events Events) string {
	var b strings.Builder
	for _, p := range parts {
		var inner string
		switch {
		case p.text != "":
			inner = regexp.QuoteMeta(p.text)
		case p.name == "event":
			inner = events.pattern
		case p.name != "":
			inner = parameters[p.name]
		default:
			inner = joined(p.choice, func(parts []part) string { return source(parts, events) })
		}
		switch {
		case p.captured:
			inner = "(" + inner + ")"
		case p.text == "":
			inner = "(?:" + inner + ")"
		}
		b.WriteString(inner)
		if p.optional {
			b.WriteString("?")
		}
	}
	return b.String()
}

func joined(choice [][]part, write func([]part) string) string {
	out := make([]string, len(choice))
	for i, parts := range choice {
		out[i] = write(parts)
	}
	return strings.Join(out, "|")
}

// phrase writes parts for people: <name> for an argument, [what] may be left out, one|other are a choice.
func phrase(parts []part) string {
	var b strings.Builder
	for _, p := range parts {
		inner := p.text
		switch {
		case p.name != "":
			inner = "<" + p.name + ">"
		case p.choice != nil:
			inner = joined(p.choice, phrase)
			if !p.optional && len(p.choice) > 1 && strings.Contains(inner, " ") {
				inner = "(" + inner + ")"
			}
		}
		if p.optional {
			inner = "[" + inner + "]"
		}
		b.WriteString(inner)
	}
	return b.String()
}

// variants writes all that parts may stand for, with <name> for arguments.
func variants(parts []part) []string {
	out := []string{""}
	for _, p := range parts {
		var inner []string
		switch {
		case p.text != "":
			inner = []string{p.text}
		case p.name != "":
			inner = []string{"<" + p.name + ">"}
		}
		for _, alternative := range p.choice {
			inner = append(inner, variants(alternative)...)
		}
		if p.optional {
			inner = append(inner, "")
		}
		longer := make([]string, 0, len(out)*len(inner))
		for _, before := range out {
			for _, text := range inner {
				longer = append(longer, before+text)
			}
		}
		out = longer
	}
	return out
}

// arguments lists the arguments of parts, also those that are a part of a choice.
func arguments(parts []part, events Events, optional bool) []Argument {
	out := []Argument{}
	for _, p := range parts {
		optional := optional || p.optional
		a := Argument{Name: p.name, Pattern: parameters[p.name], Optional: optional}
		switch {
		case p.name == "event":
			a.Pattern = events.pattern
			fallthrough
		case p.name != "":
			out = append(out, a)
		case p.captured && !strings.Contains(joined(p.choice, phrase), "<"):
			for _, alternative := range p.choice {
				a.Values = append(a.Values, variants(alternative)...)
			}
			out = append(out, Argument{Name: "choice", Values: a.Values, Optional: optional})
		default:
			for _, alternative := range p.choice {
				out = append(out, arguments(alternative, events, optional || len(p.choice) > 1)...)
			}
		}
	}
	return out
}
