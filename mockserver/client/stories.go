package client

import (
	"context"
	"net/url"
	"time"
)

// An Action is something that can be done in a community.
type Action struct {
	Name    string   `json:"name"`
	Summary string   `json:"summary"`
	Begins  bool     `json:"begins"` // without a subject it is about a new one, else about the last one
	Events  []string `json:"events"` // in the order in which they are sent
}

// Actions lists what can be done in the community, which is what its platform documents events for.
func (c *Client) Actions(ctx context.Context, community string) ([]Action, error) {
	var out struct {
		Actions []Action `json:"actions"`
	}
	err := c.control(ctx, "GET", nil, nil, &out, "communities", community, "actions")
	return out.Actions, err
}

// A Deed asks for an action.
type Deed struct {
	Action  string  `json:"action"`
	Subject *uint64 `json:"subject,omitempty"` // whom or what it is about
	// entities in place of those that the world would choose, by kind or role
	Cast map[string]int64 `json:"cast,omitempty"`
	Set  map[string]any   `json:"set,omitempty"` // what is so from now on, as "person.lastName": "Doe"
	// relations that lead to the subject's own from now on, as interaction.campaign
	Relate []string `json:"relate,omitempty"`

	Wait bool `json:"-"` // return when the first attempts are final
}

// Done is what came of a deed.
type Done struct {
	Subject uint64      `json:"subject"`
	Events  []DeedEvent `json:"events"`
}

// A DeedEvent is an event that came of an action.
type DeedEvent struct {
	Event
	Cast map[string]Entity `json:"cast"` // who and what is in it, by role
}

// An Entity is a person, badge, space … of the community's world.
type Entity struct {
	Kind  string `json:"kind"`
	Index int64  `json:"index"`
}

// Act does something in the community, now: it changes the world, and the events happen that the platform documents for
// it. An action that it documents none for is an *Error with the code not_documented.
func (c *Client) Act(ctx context.Context, community string, d Deed) (*Done, error) {
	query := url.Values{}
	if d.Wait {
		query.Set("wait", "true")
	}
	var out Done
	if err := c.control(ctx, "POST", query, d, &out, "communities", community, "actions"); err != nil {
		return nil, err
	}
	return &out, nil
}

// A Story is one that a community can tell.
type Story struct {
	Name    string      `json:"name"`
	Summary string      `json:"summary"`
	Takes   string      `json:"takes"` // from the first step to the last, as 72h0m0s
	Steps   []StoryStep `json:"steps"`
}

// A StoryStep is a step of a story.
type StoryStep struct {
	Does   string   `json:"does"` // the action or event
	After  string   `json:"after"`
	Events []string `json:"events"` // none where the platform documents nothing
}

// Stories lists the stories that the community can tell.
func (c *Client) Stories(ctx context.Context, community string) ([]Story, error) {
	var out struct {
		Stories []Story `json:"stories"`
	}
	err := c.control(ctx, "GET", nil, nil, &out, "communities", community, "stories")
	return out.Stories, err
}

// A Telling asks for a story: one that is built in, by its name, or one of one's own, in YAML.
type Telling struct {
	Story   string  `json:"story,omitempty"`
	Text    string  `json:"text,omitempty"`
	Subject *uint64 `json:"subject,omitempty"` // whom it is about; default: a new one
	AtOnce  bool    `json:"at_once,omitempty"` // leave the waits between the steps out
}

// Told is a story that was told.
type Told struct {
	Story    string     `json:"story"`
	Subject  uint64     `json:"subject"`
	Attempts int        `json:"attempts"` // first ones, and on a virtual clock those that fell due on the way
	Steps    []ToldStep `json:"steps"`
}

// A ToldStep is a step that was told.
type ToldStep struct {
	Does   string      `json:"does"`
	At     time.Time   `json:"at"` // schedule time
	Events []DeedEvent `json:"events"`
}

// Tell tells a story from its first step to its last. A virtual clock is moved between the steps, and what falls due is
// sent; for one that runs the call waits, as long as the context lasts.
func (c *Client) Tell(ctx context.Context, community string, t Telling) (*Told, error) {
	var out Told
	if err := c.control(ctx, "POST", nil, t, &out, "communities", community, "stories"); err != nil {
		return nil, err
	}
	return &out, nil
}
