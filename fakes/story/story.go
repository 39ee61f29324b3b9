package story

import (
	"embed"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/fakes"
)

//go:embed stories/*.yaml
var files embed.FS

// A Story is a short life told in actions.
type Story struct {
	Name    string
	Summary string
	Steps   []Step

	least int // how many steps a platform must document to tell it; the others pass silently
}

// A Step is one thing that happens in a story: an action, or an event of one platform by its name.
type Step struct {
	After  time.Duration    // since the step before; 0 = at the same moment
	Action string           // the name of an action, or
	Event  string           // the name of an event type
	Cast   map[string]int64 // entities in place of the world's own choice, by kind or role
	Set    map[string]any   // kind.attribute: what it is from this step on
	// kind.relation that leads to the story's own entity from this step on, as interaction.campaign
	Relate []string
}

// String returns what happens, as the file names it.
func (s Step) String() string {
	if s.Action != "" {
		return s.Action
	}
	return s.Event
}

// Names returns the names of the stories that are built in, sorted.
func Names() []string { return slices.Clone(names()) }

var names = sync.OnceValue(func() []string {
	entries, err := files.ReadDir("stories")
	if err != nil { // embedded
		panic(err)
	}
	names := make([]string, len(entries))
	for i, entry := range entries {
		names[i] = strings.TrimSuffix(entry.Name(), ".yaml")
	}
	slices.Sort(names)
	return names
})

// Load returns a built-in story. The error is an *Error with the code UnknownStory.
func Load(name string) (*Story, error) {
	if !slices.Contains(names(), name) {
		return nil, contract.Unknown(UnknownStory, "story", name, Names())
	}
	stories, err := builtIn()
	if err != nil {
		return nil, err
	}
	s := *stories[name] // whose steps are only read
	return &s, nil
}

// builtIn are the built-in stories by their names, each parsed once.
var builtIn = sync.OnceValues(func() (map[string]*Story, error) {
	out := map[string]*Story{}
	for _, name := range names() {
		src, err := files.ReadFile("stories/" + name + ".yaml")
		if err != nil {
			return nil, err
		}
		s, err := Parse(name+".yaml", src)
		if err != nil {
			return nil, err
		}
		s.least = max(2, (len(s.Steps)+2)/3) // with fewer, it is another story
		out[name] = s
	}
	return out, nil
})

// On returns the names of the built-in stories that a platform can tell, sorted.
func On(p *contract.Platform) []string {
	var out []string
	for _, name := range Names() {
		if len(EventNames(name, p)) > 0 {
			out = append(out, name)
		}
	}
	return out
}

// EventNames returns the names of the events that a built-in story sends on a platform, in their order; none if there
// is no such story, or it cannot be told there.
func EventNames(name string, p *contract.Platform) []string {
	s, err := Load(name)
	if err != nil {
		return nil
	}
	events, documented, err := s.eventsOn(p)
	if err != nil || documented < s.least {
		return nil
	}
	var out []string
	for _, step := range events {
		for _, e := range step {
			out = append(out, e.Name)
		}
	}
	return out
}

// The shape of a file.
type (
	storyYAML struct {
		Story   string     `yaml:"story"`
		Summary string     `yaml:"summary"`
		Steps   []stepYAML `yaml:"steps"`
	}
	stepYAML struct {
		After  string           `yaml:"after"`
		Action string           `yaml:"action"`
		Event  string           `yaml:"event"`
		Cast   map[string]int64 `yaml:"cast"`
		Set    map[string]any   `yaml:"set"`
		Relate []string         `yaml:"relate"`
	}
)

// The bounds of a story.
const (
	maxSteps = 1000
	maxAfter = 10 * 365 * 24 * time.Hour
	maxTakes = 10 * maxAfter
	maxText  = 1 << 20 // bytes
	maxDepth = 20      // of brackets
)

// Parse reads a story. The file name is used in errors, which are an *Error with the code BadStory, and have line and
// column where YAML or a field is wrong.
func Parse(file string, src []byte) (*Story, error) {
	var in storyYAML
	open, err := bounded(file, src)
	if err != nil {
		return nil, err
	}
	var document yaml.Node
	if err := yaml.Unmarshal(src, &document); err != nil {
		return nil, syntaxFault(file, err, open)
	}
	if err := plain(file, &document); err != nil {
		return nil, err
	}
	if len(document.Content) > 0 {
		if err := document.Load(&in, yaml.WithV3Defaults(), yaml.WithKnownFields()); err != nil {
			return nil, syntaxFault(file, err, "")
		}
	}
	fault := func(path, format string, args ...any) error {
		place := file
		if node := find(&document, path); node != nil {
			place = placeOf(file, node.Line, node.Column)
		}
		return &Error{Code: BadStory, Message: place + ": " + fmt.Sprintf(format, args...)}
	}
	out := &Story{Name: in.Story, Summary: in.Summary, least: 1}
	var takes time.Duration
	if out.Name == "" {
		return nil, fault("story", "the story has no name; a story begins with \"story: <name>\"")
	}
	if len(in.Steps) == 0 || len(in.Steps) > maxSteps {
		return nil, fault("steps", "the story has %d steps, want 1 to %d", len(in.Steps), maxSteps)
	}
	for i, s := range in.Steps {
		path := fmt.Sprintf("steps/%d", i)
		step := Step{Action: s.Action, Event: s.Event, Cast: s.Cast, Set: s.Set, Relate: s.Relate}
		if (s.Action == "") == (s.Event == "") {
			return nil, fault(path, "a step has either an action or an event")
		}
		if s.Action != "" {
			if _, err := ActionNamed(s.Action); err != nil {
				return nil, fault(path+"/action", "%s", err)
			}
		}
		if s.After != "" {
			after, err := time.ParseDuration(s.After)
			if err != nil || after < 0 || after > maxAfter {
				return nil, fault(path+"/after", "%q is not a time to wait; write it as 90s, 5m or 72h, at most %s", s.After, maxAfter)
			}
			step.After = after
		}
		if takes += step.After; takes > maxTakes {
			return nil, fault(path+"/after", "the story takes more than %s, the most that one can take", maxTakes)
		}
		for _, name := range sortedKeys(s.Cast) {
			if i := s.Cast[name]; i < 0 || i > fakes.MaxIndex {
				return nil, fault(path+"/cast", "%s is cast with %d, want 0 to %d", name, i, fakes.MaxIndex)
			}
		}
		for _, name := range sortedKeys(s.Set) {
			kind, attribute, _ := strings.Cut(name, ".")
			if !slices.Contains(fakes.Attributes(kind), attribute) {
				return nil, fault(path+"/set", "there is no attribute %q%s", name, near(name, attributes()))
			}
		}
		for j, name := range s.Relate {
			kind, relation, _ := strings.Cut(name, ".")
			if _, err := fakes.Related(kind, relation); err != nil {
				return nil, fault(fmt.Sprintf("%s/relate/%d", path, j), "%q: %s", name, err)
			}
		}
		out.Steps = append(out.Steps, step)
	}
	return out, nil
}

// bounded refuses what would take the reader long: brackets in brackets, and indentation that has no end. Brackets in
// texts count as well, which no story notices. Open is the place of the last bracket that is not closed, or empty.
func bounded(file string, src []byte) (open string, err error) {
	if len(src) > maxText {
		return "", &Error{Code: BadStory, Message: fmt.Sprintf("%s: the story has %d bytes, want at most %d", file, len(src), maxText)}
	}
	var opened []string
	number := 0
	for line := range strings.Lines(string(src)) {
		number++
		indented := len(line) - len(strings.TrimLeft(line, " -?"))
		for column, c := range line {
			switch c {
			case '[', '{':
				opened = append(opened, placeOf(file, number, column+1))
			case ']', '}':
				opened = opened[:max(0, len(opened)-1)]
			}
			if len(opened) > maxDepth || column > 2*maxDepth && column < indented {
				place := placeOf(file, number, column+1)
				return "", &Error{Code: BadStory, Message: fmt.Sprintf("%s: the story nests more than %d levels deep", place, maxDepth)}
			}
		}
	}
	if len(opened) == 0 {
		return "", nil
	}
	return opened[len(opened)-1], nil
}

// plain refuses what makes much of little: aliases that are written out many times over. Dates stay texts.
func plain(file string, node *yaml.Node) error {
	if node.Anchor != "" || node.Kind == yaml.AliasNode || node.Kind == yaml.ScalarNode && node.ShortTag() == "!!merge" {
		return &Error{Code: BadStory, Message: placeOf(file, node.Line, node.Column) + ": anchors, aliases and merge keys are not read here: write the value itself"}
	}
	if node.Kind == yaml.ScalarNode && node.ShortTag() == "!!timestamp" {
		node.Tag = "!!str"
	}
	for _, child := range node.Content {
		if err := plain(file, child); err != nil {
			return err
		}
	}
	return nil
}

// find follows keys and indexes, divided by slashes; nil if there is nothing.
func find(document *yaml.Node, path string) *yaml.Node {
	if len(document.Content) == 0 {
		return nil
	}
	node := document.Content[0]
	for name := range strings.SplitSeq(path, "/") {
		var next *yaml.Node
		for i, child := range node.Content {
			if node.Kind == yaml.SequenceNode && name == strconv.Itoa(i) || node.Kind == yaml.MappingNode && i%2 == 1 && node.Content[i-1].Value == name {
				next = child
			}
		}
		if node = next; node == nil {
			return nil
		}
	}
	return node
}

// attributes are all that can be set, as kind.attribute.
func attributes() (out []string) {
	for _, kind := range fakes.Kinds() {
		for _, attribute := range fakes.Attributes(kind) {
			out = append(out, kind+"."+attribute)
		}
	}
	return out
}

func near(name string, known []string) string {
	if n := contract.Nearest(name, known); n != "" {
		return fmt.Sprintf("; did you mean %q?", n)
	}
	return "; write it as person.lastName"
}

const shape = "a story has story, summary and steps; a step has an action or an event, and may have after, cast, set and relate"

// syntaxFault says where YAML or the shape of a story is wrong: what is not closed, where it opens.
func syntaxFault(file string, err error, open string) error {
	var e *yaml.LoadError
	if !errors.As(err, &e) {
		return &Error{Code: BadStory, Message: fmt.Sprintf("%s: %s", file, err)}
	}
	at := e.Mark
	if e.ContextMark.Line > 0 && !strings.Contains(e.ContextMsg, "block") {
		at = e.ContextMark
	}
	if open != "" && e.ContextMsg == "while parsing a flow node" {
		return &Error{Code: BadStory, Message: open + ": the bracket that opens here is not closed", Hint: shape}
	}
	message, _, _ := strings.Cut(e.Message, " in type ") // of ours
	return &Error{Code: BadStory, Message: fmt.Sprintf("%s: %s", placeOf(file, at.Line, at.Column), message), Hint: shape}
}

func placeOf(file string, line, column int) string {
	return fmt.Sprintf("%s:%d:%d", file, line, column)
}

// Takes returns how long the story takes from its first step to its last. Before the first nothing is waited for.
func (s *Story) Takes() time.Duration {
	var sum time.Duration
	for i, step := range s.Steps {
		if i > 0 {
			sum += step.After
		}
	}
	return sum
}

// EventsOn returns what each step of the story is on a platform: the event types that it sends, none for a step for
// which the platform documents nothing. If that is too many of the steps, or a step names an event that the platform
// does not have, the error is an *Error.
func (s *Story) EventsOn(p *contract.Platform) ([][]*contract.EventType, error) {
	out, documented, err := s.eventsOn(p)
	if err != nil {
		return nil, err
	}
	if documented < s.least {
		e := &Error{Code: NotDocumented, Message: fmt.Sprintf("%s documents %d of the %d steps of the story %s", p, documented, len(s.Steps), s.Name)}
		e.Hint = playable(p)
		return nil, e
	}
	return out, nil
}

// eventsOn returns the event types of each step, and for how many steps there are any.
func (s *Story) eventsOn(p *contract.Platform) (out [][]*contract.EventType, documented int, err error) {
	out = make([][]*contract.EventType, len(s.Steps))
	for i, step := range s.Steps {
		if step.Event != "" {
			e, err := p.Event(step.Event)
			if err != nil {
				return nil, 0, err
			}
			out[i] = []*contract.EventType{e}
		} else {
			action, err := ActionNamed(step.Action)
			if err != nil {
				return nil, 0, err
			}
			out[i] = action.EventsOn(p)
		}
		if len(out[i]) > 0 {
			documented++
		}
	}
	return out, documented, nil
}

// playable says what a platform can tell.
func playable(p *contract.Platform) string {
	names := On(p)
	switch n := len(p.Revisions); {
	case len(names) > 0:
		return "it can tell " + strings.Join(names, ", ")
	case n > 1 && p.Revision != p.Revisions[n-1]:
		return "a later revision may; there is " + strings.Join(p.Revisions, ", ")
	default:
		return "write a story of its own events"
	}
}
