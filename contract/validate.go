package contract

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"github.com/quintain-dev/quintain/contract/jsonptr"
)

// A ValidationError is a payload that breaks its contract. It lists the problems, ordered by place: all, or, if there
// are more than 50, the first and one at the end that says so.
type ValidationError struct {
	Event    string // the event's name
	Problems []Problem
}

// A Problem is one place of a payload that breaks the contract.
type Problem struct {
	Pointer string `json:"pointer"` // JSON pointer into the body; empty for the whole
	Message string `json:"message"` // a sentence such as "is a number, want a string"
}

// Error lists the problems, one a line.
func (e *ValidationError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = fmt.Sprintf("%s: %s", cmp.Or(p.Pointer, "(body)"), p.Message)
	}
	return e.Event + " breaks its contract:\n  " + strings.Join(lines, "\n  ")
}

// Validate checks a JSON body against the schema of the event. The error is a *ValidationError, an *Error with the code
// BadBody if the body is not JSON, or a *DocumentError if the schema itself cannot be used.
func (e *EventType) Validate(body []byte) error {
	v, err := e.compiled()
	if err != nil {
		return err
	}
	value, err := decode(body)
	if err != nil {
		return err
	}
	return v.validate(e.Name, value)
}

// Validate checks a JSON body against the schema of the named event.
func (p *Platform) Validate(event string, body []byte) error {
	e, err := p.Event(event)
	if err != nil {
		return err
	}
	return e.Validate(body)
}

// Identify returns the event type that a JSON body is of: the one that the body names, or, on a platform whose bodies
// do not name their event, the only one whose schema the body meets. A handshake is found by its schema. The error is
// an *Error with the code UnknownEvent, NameOnly, BadBody or TooLarge.
func (p *Platform) Identify(body []byte) (*EventType, error) {
	value, err := decodeBounded(body)
	if err != nil {
		return nil, err
	}
	event, _, err := p.identify(value, func(*EventType) any { return value })
	return event, err
}

// identify is Identify for a decoded body, which is to be tried on an event as typed returns it. Without an error, it
// reports whether the body was found to meet the event's schema; with one, whether it meets that of several events.
func (p *Platform) identify(value any, typed func(*EventType) any) (event *EventType, fits bool, err error) {
	for _, m := range p.messages {
		if v, err := m.compiled(); err == nil && v.fits(typed(m)) {
			return m, true, nil
		}
	}
	if p.Rules.EventName.Value != "" {
		name := p.NameOf(value)
		switch {
		case name == "" && p.Rules.EventName.Grade != Documented: // a body as the pages print it
			return p.identifyByShape(typed)
		case name == "":
			return nil, false, &Error{Code: UnknownEvent, Message: p.nameless(value)}
		}
		event, err = p.Event(name)
		return event, false, err
	}
	return p.identifyByShape(typed)
}

// nameless says why a body has no name of an event.
func (p *Platform) nameless(value any) string {
	if _, object := value.(map[string]any); !object {
		return fmt.Sprintf("the body is %s, want an object that names its event at %s", show(value), p.Rules.EventName.Value)
	}
	return fmt.Sprintf("the body does not name its event: there is no string at %s", p.Rules.EventName.Value)
}

// identifyByShape finds the only event whose schema a body meets.
func (p *Platform) identifyByShape(typed func(*EventType) any) (event *EventType, fits bool, err error) {
	found, err := p.fitting(typed)
	if err != nil {
		return nil, false, err
	}
	switch len(found) {
	case 1:
		return found[0], true, nil
	case 0:
		return nil, false, &Error{Code: UnknownEvent, Message: fmt.Sprintf("the body is of no event of %s, whose bodies do not name their event", p), Hint: "name the event to see why it does not fit"}
	default:
		var names []string
		for _, e := range found {
			names = append(names, e.Name)
		}
		return nil, true, &Error{Code: UnknownEvent, Message: "the body may be of " + strings.Join(names, " or "), Hint: "name the event"}
	}
}

// fitting returns the events whose schema a body meets.
func (p *Platform) fitting(typed func(*EventType) any) (found []*EventType, err error) {
	for _, e := range p.events {
		v, err := e.compiled()
		if err != nil {
			return nil, err
		}
		if v.fits(typed(e)) {
			found = append(found, e)
		}
	}
	return found, nil
}

// NameOf returns the name of the event that a decoded body gives itself, as the catalogue has it, or as the body has it
// if the catalogue does not know it; "" if it gives none.
func (p *Platform) NameOf(body any) string {
	name := p.Rules.NameOf(body)
	for _, e := range p.events {
		if p.Rules.Spelling.Of(e.Name) == name || slices.Contains(e.named, name) {
			return e.Name
		}
	}
	return name
}

// NameOf returns the name of the event that a decoded body gives itself, by the EventName template and as it is spelled
// there; "" if it gives none.
func (r Rules) NameOf(body any) string {
	var out strings.Builder
	template := r.EventName.Value
	for template != "" {
		before, rest, found := strings.Cut(template, "{")
		out.WriteString(before)
		if !found {
			break
		}
		pointer, after, _ := strings.Cut(rest, "}")
		s, ok := At(body, pointer).(string)
		if !ok || s == "" {
			return ""
		}
		out.WriteString(s)
		template = after
	}
	return out.String()
}

// Lookup returns the value at a JSON pointer of a JSON body, decoded as encoding/json does with UseNumber, or nil.
func Lookup(body []byte, pointer string) any {
	value, err := decode(body)
	if err != nil {
		return nil
	}
	return At(value, pointer)
}

// At returns the value at a JSON pointer of a decoded body, or nil.
func At(value any, pointer string) any {
	if pointer == "" {
		return value
	}
	for _, token := range strings.Split(pointer, "/")[1:] {
		token = jsonptr.Unescape(token)
		switch v := value.(type) {
		case map[string]any:
			value = v[token]
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(v) {
				return nil
			}
			value = v[i]
		default:
			return nil
		}
	}
	return value
}

func decode(body []byte) (any, error) {
	if !utf8.Valid(body) { // RFC 8259 section 8.1; encoding/json would put another character there
		at := 0
		for r, size := rune(0), 0; ; at += size {
			if r, size = utf8.DecodeRune(body[at:]); r == utf8.RuneError && size == 1 {
				break
			}
		}
		return nil, &Error{Code: BadBody, Message: fmt.Sprintf("the body is not JSON: byte %d is not UTF-8", at+1)}
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err == nil {
		return value, nil
	}
	e := &Error{Code: BadBody, Message: "the body is not JSON: " + err.Error()}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		before := body[:min(int(syntax.Offset), len(body))]
		line := bytes.Count(before, []byte("\n")) + 1
		column := len(before) - bytes.LastIndexByte(before, '\n') - 1
		e.Message = fmt.Sprintf("the body is not JSON: line %d, column %d: %s", line, max(column, 1), syntax.Error())
	} else if len(bytes.TrimSpace(body)) == 0 {
		e.Message = "the body is empty, want JSON"
	}
	return nil, e
}

// validator is a compiled schema.
type validator struct {
	schema *jsonschema.Schema
	bound  *Schema // of a foreign document: what a body is counted on before it is tried; nil elsewhere
	file   string
}

// A sharedCompiler compiles the schemas of one document, each part once.
type sharedCompiler struct {
	mu       sync.Mutex
	compiler *jsonschema.Compiler
}

const documentURL = "contract:///document"

func compileValidator(doc *document, pointer string) (*validator, error) {
	shared := &doc.compiler
	shared.mu.Lock()
	defer shared.mu.Unlock()
	if shared.compiler == nil {
		c := jsonschema.NewCompiler()
		c.DefaultDraft(jsonschema.Draft2020)
		c.AssertFormat()
		for _, f := range uriFormats() {
			c.RegisterFormat(f)
		}
		c.UseRegexpEngine(func(pattern string) (jsonschema.Regexp, error) { return doc.regexp(pattern) })
		if err := c.AddResource(documentURL, doc.root.Any()); err != nil {
			return nil, doc.fault(nil, pointer, err.Error())
		}
		shared.compiler = c
	}
	schema, err := shared.compiler.Compile(documentURL + "#" + fragment(pointer))
	if err != nil {
		return nil, doc.fault(nil, pointer, err.Error())
	}
	return &validator{schema: schema}, nil
}

// fragment writes a JSON pointer as a URL fragment.
func fragment(pointer string) string {
	tokens := strings.Split(pointer, "/")
	for i, token := range tokens {
		tokens[i] = url.PathEscape(token)
	}
	return strings.Join(tokens, "/")
}

// fits reports whether a value meets the schema. It takes less time than validate where it does not: nothing is asked
// for but the first problem.
func (v *validator) fits(value any) bool {
	return !lacks(v.schema, value, 8) && v.bounded(value) == nil && (&jsonschema.Schema{Not: v.schema}).Validate(value) != nil
}

// lacks reports whether something required is not in a value, down to a depth. Most bodies of other events are told by
// it, and much sooner than by their schema.
func lacks(schema *jsonschema.Schema, value any, depth int) bool {
	object, ok := value.(map[string]any)
	if !ok || depth == 0 {
		return false
	}
	for _, name := range schema.Required {
		if _, there := object[name]; !there {
			return true
		}
	}
	for name, property := range schema.Properties {
		if lacks(property, object[name], depth-1) {
			return true
		}
	}
	return schema.Ref != nil && lacks(schema.Ref, value, depth-1)
}

func (v *validator) validate(event string, value any) error {
	if err := v.bounded(value); err != nil {
		return err
	}
	err := v.schema.Validate(value)
	var invalid *jsonschema.ValidationError
	if !errors.As(err, &invalid) {
		return err
	}
	return &ValidationError{Event: event, Problems: problems(leaves(nil, invalid), value)}
}

// leaves flattens the tree of causes to its leaves: the places that are wrong.
func leaves(out []*jsonschema.ValidationError, e *jsonschema.ValidationError) []*jsonschema.ValidationError {
	for _, cause := range e.Causes {
		out = leaves(out, cause)
	}
	if len(e.Causes) == 0 {
		out = append(out, e)
	}
	return out
}

// How many problems are told of one body, and about how much is said of them, in bytes.
const (
	maxProblems = 50
	maxTold     = 64 << 10
)

// problems tells what is wrong with a value, in the order of the places, and of the sentences in one place.
func problems(wrong []*jsonschema.ValidationError, value any) (out []Problem) {
	slices.SortStableFunc(wrong, func(a, b *jsonschema.ValidationError) int {
		return slices.Compare(a.InstanceLocation, b.InstanceLocation)
	})
	told := 0
	for len(wrong) > 0 {
		here := 1
		for here < len(wrong) && slices.Equal(wrong[here].InstanceLocation, wrong[0].InstanceLocation) {
			here++
		}
		var pointer strings.Builder
		for _, token := range wrong[0].InstanceLocation {
			pointer.WriteString("/" + escape(token))
		}
		for _, message := range sentences(wrong[:here], At(value, pointer.String())) {
			if len(out) == maxProblems || told > maxTold {
				return append(out, Problem{Message: "… and more, which are not listed"})
			}
			out = append(out, Problem{pointer.String(), message})
			told += pointer.Len() + len(message)
		}
		wrong = wrong[here:]
	}
	return out
}

// sentences tell what is wrong with one value, each once, sorted: the validator finds them in any order.
func sentences(wrong []*jsonschema.ValidationError, got any) []string {
	shown := sync.OnceValue(func() string { return show(got) })
	out := make([]string, len(wrong))
	for i, e := range wrong {
		out[i] = sentence(e.ErrorKind, shown)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func sentence(k jsonschema.ErrorKind, got func() string) string {
	switch k := k.(type) {
	case *kind.Type:
		return fmt.Sprintf("is %s, want %s", article(k.Got), articles(k.Want))
	case *kind.Required:
		return "lacks " + quoteAll(k.Missing)
	case *kind.DependentRequired:
		return fmt.Sprintf("has %q and lacks %s, which goes with it", k.Prop, quoteAll(k.Missing))
	case *kind.Enum:
		return fmt.Sprintf("is %s, want one of %s", got(), showAll(k.Want))
	case *kind.Const:
		return fmt.Sprintf("is %s, want %s", got(), show(k.Want))
	case *kind.Pattern:
		return fmt.Sprintf("is %s, want a string that matches %s", got(), k.Want)
	case *kind.Format:
		return fmt.Sprintf("is %s, want the format %s", got(), k.Want)
	case *kind.OneOf:
		if len(k.Subschemas) > 1 {
			return fmt.Sprintf("meets branches %d and %d of oneOf, counted from 0, want one only", k.Subschemas[0], k.Subschemas[1])
		}
		return "meets no branch of oneOf, want one"
	case *kind.AnyOf:
		return "meets no branch of anyOf, want at least one"
	case *kind.Not:
		return "meets the schema under not, want a value that does not"
	case *kind.FalseSchema:
		return "is there, want nothing here"
	case *kind.AdditionalProperties:
		slices.Sort(k.Properties)
		return k.LocalizedString(message.NewPrinter(language.English))
	default:
		return k.LocalizedString(message.NewPrinter(language.English))
	}
}

func article(typ string) string {
	switch typ {
	case "null":
		return typ
	case "object", "array", "integer":
		return "an " + typ
	default:
		return "a " + typ
	}
}

func articles(types []string) string {
	out := make([]string, len(types))
	for i, t := range types {
		out[i] = article(t)
	}
	return strings.Join(out, " or ")
}

func quoteAll(names []string) string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = strconv.Quote(n)
	}
	return strings.Join(out, ", ")
}

func show(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	if len(b) > 60 {
		return string(b[:57]) + "…"
	}
	return string(b)
}

func showAll(values []any) string {
	out := make([]string, 0, len(values))
	for i, v := range values {
		if i == 12 {
			out = append(out, fmt.Sprintf("… (%d in all)", len(values)))
			break
		}
		out = append(out, show(v))
	}
	return strings.Join(out, ", ")
}
