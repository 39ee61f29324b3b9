package tribe

import (
	"context"
	"encoding/json"
	"slices"
	"sync"

	"github.com/graph-gophers/graphql-go"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver/internal/community"
	"github.com/quintain-dev/quintain/mockserver/internal/problem"
	"github.com/quintain-dev/quintain/mockserver/internal/store"
)

// A resolver has a method for each field of Query and Mutation.
type resolver struct {
	mu sync.Mutex // held while an app is changed, so that it does not get two webhooks
}

type app struct {
	ID                   graphql.ID
	Name                 string
	WebhookURL           *string
	WebhookSubscriptions *[]string
	WebhookSignSecret    *string
}

type eventType struct {
	Name             string
	Noun             *string
	Verb             *string
	Description      string
	ShortDescription *string
	RequiredScope    *string
}

type action struct {
	Status string
}

type updateArgs struct {
	ID    graphql.ID
	Input updateInput
}

type updateInput struct {
	WebhookURL           graphql.NullString
	WebhookSubscriptions *[]string
}

type testArgs struct {
	AppID graphql.ID
	Input struct{ WebhookURL string }
}

func (*resolver) App(ctx context.Context, args struct{ ID graphql.ID }) (*app, error) {
	c, err := ownApp(ctx, args.ID)
	if err != nil {
		return nil, err
	}
	return show(c.community)
}

func (r *resolver) GlobalApp(ctx context.Context, args struct{ ID *graphql.ID }) (*app, error) {
	if args.ID == nil {
		return nil, problem.Invalid("id", "is missing")
	}
	return r.App(ctx, struct{ ID graphql.ID }{*args.ID})
}

func (r *resolver) UpdateApp(ctx context.Context, args updateArgs) (*app, error) {
	c, err := ownApp(ctx, args.ID)
	if err != nil {
		return nil, err
	}
	if args.Input.WebhookURL.Value == nil && c.leftOut {
		args.Input.WebhookURL.Set = false // a null that nobody wrote must not remove a webhook
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := update(c.community, args.Input); err != nil {
		return nil, err
	}
	return show(c.community)
}

func (r *resolver) GlobalUpdateApp(ctx context.Context, args updateArgs) (*app, error) {
	return r.UpdateApp(ctx, args)
}

func (*resolver) TestAppWebhook(ctx context.Context, args testArgs) (*action, error) {
	c, err := ownApp(ctx, args.AppID)
	if err != nil {
		return nil, err
	}
	w, err := webhookOf(c.community)
	if err != nil {
		return nil, err
	}
	tested, err := c.community.TestURL(ctx, args.Input.WebhookURL, secretOf(c.community, w))
	if err != nil {
		return nil, err
	}
	if tested.OK {
		return &action{"succeeded"}, nil
	}
	c.problems = append(c.problems, tested.Problems...)
	return &action{"failed"}, nil
}

func (r *resolver) GlobalTestAppWebhook(ctx context.Context, args testArgs) (*action, error) {
	return r.TestAppWebhook(ctx, args)
}

func (*resolver) GlobalEventTypes(ctx context.Context) ([]eventType, error) {
	c := callOf(ctx).community
	out := []eventType{}
	for _, e := range c.Settings().Platform.Events() {
		if !slices.Contains(c.Events(), e.Name) {
			continue // nobody can subscribe to it
		}
		shown, err := showEvent(e)
		if err != nil {
			return nil, err
		}
		out = append(out, shown)
	}
	return out, nil
}

// showEvent takes what the catalogue does not have from the event's example, if there is one.
func showEvent(e *contract.EventType) (eventType, error) {
	out := eventType{Name: e.Name, Description: e.Summary}
	example, err := e.Example()
	if err != nil {
		return out, err
	}
	var body struct {
		Data struct{ Noun, Verb, ShortDescription *string }
	}
	if json.Unmarshal(example.Body, &body) == nil { // of an own document, it may be anything
		out.Noun, out.Verb, out.ShortDescription = body.Data.Noun, body.Data.Verb, body.Data.ShortDescription
	}
	return out, nil
}

func callOf(ctx context.Context) *call { return ctx.Value(callKey{}).(*call) }

// ownApp checks that an app is the one of the community that asks. Whether another one has it is not told.
func ownApp(ctx context.Context, id graphql.ID) (*call, error) {
	c := callOf(ctx)
	if own := c.community.Settings().ID; string(id) != own {
		return nil, problem.New(unknownApp, "there is no app %q", id).WithHint("the app of this token is %q", own)
	}
	return c, nil
}

// webhookOf returns the webhook of a community's app, or nil.
func webhookOf(c *community.Community) (*store.Webhook, error) {
	all, err := c.Webhooks()
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return &all[0], nil
}

func secretOf(c *community.Community, w *store.Webhook) store.Secret {
	if w == nil {
		return c.Settings().Secret
	}
	return w.Secret
}

func show(c *community.Community) (*app, error) {
	w, err := webhookOf(c)
	if err != nil {
		return nil, err
	}
	out := &app{ID: graphql.ID(c.Settings().ID), Name: c.Settings().Name, WebhookSubscriptions: &[]string{}}
	if secret := secretOf(c, w).Reveal(); secret != "" {
		out.WebhookSignSecret = &secret
	}
	if w == nil {
		return out, nil
	}
	out.WebhookURL = &w.URL
	if w.Active {
		out.WebhookSubscriptions = &w.Events
		if slices.Contains(w.Events, community.AllEvents) { // of the control API; Tribe has no such name
			names := c.Events()
			out.WebhookSubscriptions = &names
		}
	}
	return out, nil
}

// update changes the webhook of an app. The caller holds the lock.
func update(c *community.Community, in updateInput) error {
	if !in.WebhookURL.Set && in.WebhookSubscriptions == nil {
		return problem.New(problem.InvalidValue, "the input changes nothing").WithHint("give webhookUrl or webhookSubscriptions")
	}
	var names []string
	if in.WebhookSubscriptions != nil {
		names = *in.WebhookSubscriptions
	}
	if slices.Contains(names, community.AllEvents) {
		return problem.Unknown(problem.UnknownEvent, "event of "+c.Settings().Platform.String(), community.AllEvents, c.Events())
	}
	w, err := webhookOf(c)
	if err != nil {
		return err
	}
	url := in.WebhookURL.Value
	if url != nil && *url == "" {
		url = nil
	}
	nowhere := url == nil && (w == nil || in.WebhookURL.Set)
	switch {
	case nowhere && len(names) > 0:
		return problem.Invalid("webhookSubscriptions", "is given, and there is no webhookUrl to send to").WithHint("give webhookUrl too")
	case nowhere && w != nil:
		return c.DeleteWebhook(w.ID)
	case nowhere:
		return nil
	case w == nil:
		n := community.NewWebhook{URL: *url, Events: names, Active: true}
		if len(names) == 0 {
			n.Events, n.Active = []string{community.AllEvents}, false // a webhook needs a list, also one that is off
		}
		_, err = c.CreateWebhook(n)
		return err
	default:
		change := community.Change{URL: url}
		if in.WebhookSubscriptions != nil {
			on := len(names) > 0
			change.Active = &on
			if on {
				change.Events = names
			}
		}
		_, err = c.ChangeWebhook(w.ID, change)
		return err
	}
}
