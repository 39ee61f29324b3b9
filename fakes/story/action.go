package story

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/fakes"
)

//go:embed actions.yaml
var actionsYAML []byte

// An Action is something that happens in a community.
type Action struct {
	Name    string `yaml:"-"`
	Summary string `yaml:"summary"`
	// a life begins with it: where no subject is named, it is about a new one
	Begins bool `yaml:"begins"`
	// the kind of entity that comes to be: its createdAt and updatedAt are now
	Creates string              `yaml:"creates"`
	Updates string              `yaml:"updates"` // the kind of entity whose updatedAt is now
	Sets    map[string]any      `yaml:"sets"`    // kind.attribute: what it is from now on; "now" is the time
	Events  map[string][]string `yaml:"events"`  // by platform: what it documents for this, in the order sent
}

// actions are read once. The file is embedded, so a fault in it is a fault of the program.
var actions = sync.OnceValue(func() []*Action {
	var document yaml.Node
	if err := yaml.Unmarshal(actionsYAML, &document); err != nil {
		panic(err)
	}
	list := document.Content[0].Content // names and actions by turns, in the order of the file
	out := make([]*Action, 0, len(list)/2)
	for i := 0; i+1 < len(list); i += 2 {
		a := &Action{}
		if err := list[i+1].Load(a, yaml.WithV3Defaults(), yaml.WithKnownFields()); err != nil {
			panic(err)
		}
		a.Name = list[i].Value
		out = append(out, a)
	}
	return out
})

// Actions returns every action, in the order of the file.
func Actions() []*Action { return slices.Clone(actions()) }

// ActionNames returns the names of the actions, in the order of the file.
func ActionNames() []string {
	names := make([]string, len(actions()))
	for i, a := range actions() {
		names[i] = a.Name
	}
	return names
}

// ActionNamed returns an action by its name. The error is an *Error with the code UnknownAction.
func ActionNamed(name string) (*Action, error) {
	for _, a := range actions() {
		if a.Name == name {
			return a, nil
		}
	}
	return nil, contract.Unknown(UnknownAction, "action", name, ActionNames())
}

// EventsOn returns the event types that a platform documents for the action at its revision, in the order in which they
// are sent; none if it documents none.
func (a *Action) EventsOn(p *contract.Platform) []*contract.EventType {
	var out []*contract.EventType
	for _, name := range a.Events[p.Name] {
		if e, err := p.Event(name); err == nil {
			out = append(out, e)
		}
	}
	return out
}

// effects are what the action changes in a world, before its events are made.
func (a *Action) effects(now time.Time) (out []effect) {
	stamp := func(kind, attribute string) {
		if kind != "" && slices.Contains(fakes.Attributes(kind), attribute) {
			out = append(out, effect{kind, attribute, now})
		}
	}
	stamp(a.Creates, "createdAt")
	stamp(a.Creates, "updatedAt")
	stamp(a.Updates, "updatedAt")
	for _, path := range sortedKeys(a.Sets) {
		kind, attribute, _ := strings.Cut(path, ".")
		value := a.Sets[path]
		if value == "now" {
			value = now
		}
		out = append(out, effect{kind, attribute, value})
	}
	return out
}

type effect struct {
	kind, attribute string
	value           any
}
