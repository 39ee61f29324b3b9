package mocksteps

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"runtime/debug"
	"slices"

	"github.com/cucumber/godog"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/internal/steps"
	"github.com/quintain-dev/quintain/mockserver"
	"github.com/quintain-dev/quintain/mockserver/client"
)

// A Mock is what the steps of Register work with. Its zero value will do for features that deliver to inboxes alone.
type Mock struct {
	// Receivers are the URLs of receivers by what features call them, as in Given a webhook to "the shop": a feature
	// need not know on which port a receiver listens.
	Receivers map[string]string
	// Options are those of each scenario's server, such as mockserver.WithAllowedHosts for receivers beyond the
	// loopback, or mockserver.WithPlatform for a platform that is not built in.
	Options []mockserver.Option
}

// Register registers steps that play a community platform, for a suite of your own: a community, webhooks, inboxes that
// fail by script, faults, and a clock that is moved by hand. The package documentation lists them. Call it in the
// ScenarioInitializer: each scenario has a mock server and a community of its own, from its first step that needs one
// to its end, so that scenarios may run at once and in any order. Steps may be registered beside it.
func Register(sc *godog.ScenarioContext, m Mock) {
	sc.Before(func(ctx context.Context, _ *godog.Scenario) (context.Context, error) {
		return steps.Begin(ctx, &run{mock: m}), nil
	})
	sc.After(func(ctx context.Context, _ *godog.Scenario, _ error) (_ context.Context, err error) {
		defer func() {
			if p := recover(); p != nil { // a panic here would end the process
				err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
			}
		}()
		s, err := steps.Under[*run](ctx)
		if err != nil {
			return ctx, err
		}
		return ctx, s.close()
	})
	library.Register(sc, m.events())
}

// events are those that steps may be about. The events of the platforms that are built in all look like events, at
// whatever revision; those of the suite's own platforms need not.
func (m Mock) events() steps.Events { return eventsOf(mockserver.PlatformsOf(m.Options...)) }

func eventsOf(platforms []*contract.Platform) steps.Events {
	var names []string
	for _, p := range platforms {
		names = append(names, p.EventNames()...)
	}
	return steps.EventsOf(names...)
}

// StepList lists the steps that Register registers, in the order Given, When, Then. They take the events of the
// platforms that are named, as well as whatever looks like one.
func StepList(platforms ...*contract.Platform) []steps.Entry {
	return library.Entries(eventsOf(platforms))
}

// Of returns the API of a scenario's mock server and its community, for steps of your own beside those of Register.
// The error is that the scenario has no community.
func Of(ctx context.Context) (*client.Client, *client.Community, error) {
	s, err := steps.Under[*run](ctx)
	if err == nil {
		err = s.ready()
	}
	if err != nil {
		return nil, nil, err
	}
	return s.api, s.community, nil
}

// A run is what a scenario has of the mock: the server, the community, and what leads where.
type run struct {
	mock Mock

	api    *client.Client // nil until there is a server
	server *mockserver.Server
	http   *http.Server
	ended  chan struct{} // closed when http does not serve any more

	wanted    client.NewCommunity // what the community was made of
	community *client.Community   // nil until there is one
	inboxes   []*client.Inbox     // by when they were made
	hooks     []*webhook
	started   bool // something happened: the settings cannot be changed any more
	paused    bool
}

// A webhook webhook is one that a step registered.
type webhook struct {
	target string // as the step has it: the inbox "shop"
	id     string
}

// open starts the server.
func (s *run) open(ctx context.Context) error {
	if s.api != nil {
		return nil
	}
	server, err := mockserver.New(s.mock.Options...)
	if err != nil {
		return err
	}
	// for the inboxes: deliveries are real requests
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return errors.Join(err, server.Close())
	}
	s.server, s.http, s.ended = server, &http.Server{Handler: server}, make(chan struct{})
	go func() {
		defer close(s.ended)
		_ = s.http.Serve(listener) // until it is closed, which is no error
	}()
	s.api = client.New("http://"+listener.Addr().String(), &http.Client{Transport: server})
	return nil
}

// close ends everything that the scenario began.
func (s *run) close() error {
	if s.api == nil {
		return nil
	}
	err := errors.Join(s.server.Close(), s.http.Close())
	<-s.ended
	return err
}

// keep says an error of the server in its own words, without codes: who reads a feature has never seen the API.
func (s *run) Keep(err error) error {
	var said *client.Error
	if !errors.As(err, &said) {
		return err
	}
	if said.Hint != "" {
		return errors.New(said.Message + "; " + said.Hint)
	}
	return errors.New(said.Message)
}

// ready makes sure that there is a community.
func (s *run) ready() error {
	if s.community == nil {
		return errors.New(`there is no community; begin with "Given a community of tribe", or of another platform`)
	}
	return nil
}

// create makes the community, in place of the one before if there is one.
func (s *run) create(ctx context.Context, n client.NewCommunity) error {
	if err := s.open(ctx); err != nil {
		return err
	}
	if s.community != nil {
		if err := s.api.DeleteCommunity(ctx, s.community.ID); err != nil {
			return err
		}
		s.community = nil
	}
	community, err := s.api.CreateCommunity(ctx, n)
	if err != nil {
		return err
	}
	s.wanted, s.community = n, community
	for i, in := range s.inboxes {
		if s.inboxes[i], err = s.api.PutInbox(ctx, community.ID, in.Name, in.Script); err != nil {
			return err
		}
	}
	return nil
}

// set changes a setting of the community. Settings do not change while a community lives, so it is made anew; what has
// a webhook, or has seen something happen, cannot be.
func (s *run) set(ctx context.Context, what string, change func(*client.NewCommunity)) error {
	if err := s.ready(); err != nil {
		return err
	}
	if len(s.hooks) > 0 || s.started {
		return fmt.Errorf("%s is a setting of the community, and must come before the first webhook, and before anything happens", what)
	}
	n := s.wanted
	change(&n)
	return s.create(ctx, n)
}

// begin is for what happens in the community.
func (s *run) begin() error {
	if err := s.ready(); err != nil {
		return err
	}
	s.started = true
	return nil
}

// virtual reports whether the clock stands still until it is moved.
func (s *run) virtual() bool { return s.community.Clock.Mode == client.ClockVirtual }

// inbox returns an inbox by its name.
func (s *run) inbox(name string) (*client.Inbox, error) {
	if err := s.ready(); err != nil {
		return nil, err
	}
	i := slices.IndexFunc(s.inboxes, func(in *client.Inbox) bool { return in.Name == name })
	if i < 0 {
		var names []string
		for _, in := range s.inboxes {
			names = append(names, in.Name)
		}
		return nil, absent(fmt.Sprintf("there is no inbox %q", name), name, names)
	}
	return s.inboxes[i], nil
}

// find returns the webhook to a target; without a target, the only one.
func (s *run) find(target string) (*webhook, error) {
	if err := s.ready(); err != nil {
		return nil, err
	}
	var found []*webhook
	var targets []string
	for _, w := range s.hooks {
		if targets = append(targets, w.target); target == "" || w.target == target {
			found = append(found, w)
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(s.hooks) == 0:
		return nil, errors.New("there is no webhook")
	case len(found) == 0:
		return nil, absent("there is no webhook to "+target, target, targets)
	default:
		return nil, fmt.Errorf(`there are %d webhooks; say which, as in: the webhook to %s`, len(found), targets[0])
	}
}

// absent makes the error for a name that is not there.
func absent(sentence, name string, names []string) error {
	switch near := contract.Nearest(name, names); {
	case near != "":
		return fmt.Errorf("%s; did you mean %s?", sentence, near)
	case len(names) > 0:
		return fmt.Errorf("%s; there is %s", sentence, inList(names))
	default:
		return errors.New(sentence)
	}
}
