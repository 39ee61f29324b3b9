package cli

import (
	"context"
	"net/url"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver"
	"github.com/quintain-dev/quintain/mockserver/client"
)

// sendDirectly delivers from a server of its own that nobody else sees.
func (a *app) sendDirectly(ctx context.Context, p *contract.Platform, event *contract.EventType, o sendOptions) error {
	if err := checkURL(o.to); err != nil {
		return err
	}
	c, stop, err := a.ownServer(ctx, p, client.Virtual(), o)
	if err != nil {
		return err
	}
	defer stop()
	emissions, err := a.emissions(event, o)
	if err != nil {
		return err
	}
	var events []client.Event
	for _, emission := range emissions {
		happened, err := c.Emit(ctx, p.Name, emission)
		if err != nil {
			return misuse("%w", inWords(err))
		}
		events = append(events, happened...)
	}
	if o.retries {
		_, err = c.Settle(ctx, p.Name, 0)
	} else {
		_, err = c.Advance(ctx, p.Name, 0)
	}
	if err != nil {
		return couldNot(err)
	}
	return a.showDeliveries(ctx, c, p.Name, events, o)
}

// ownServer starts a server that nobody else sees, with one community, called as the platform, whose webhook is the
// receiver.
func (a *app) ownServer(
	ctx context.Context, p *contract.Platform, clock *client.NewClock, o sendOptions,
) (*client.Client, func(), error) {
	u, err := url.Parse(o.to)
	if err != nil {
		return nil, nil, misuse("%w", err)
	}
	signing, err := signed(p, o.sending.signature)
	if err != nil {
		return nil, nil, err
	}
	if signing.Rules.Signature.Value.Signed() && o.secret == "" {
		return nil, nil, misuse("--secret is missing: %s signs what it sends", p)
	}
	n := client.NewCommunity{
		ID: p.Name, Platform: p.String(), Seed: &o.seed, Secret: &o.secret, Clock: clock,
		Encoding: o.encoding, FormStyle: o.formStyle,
	}
	if err := o.sending.into(&n); err != nil {
		return nil, nil, err
	}
	mock, err := mockserver.New(mockserver.WithAllowedHosts(u.Hostname()), mockserver.WithPlatform(p))
	if err != nil {
		return nil, nil, misuse("%w", err)
	}
	c := inProcess(mock)
	_, err = c.CreateCommunity(ctx, n)
	if err == nil {
		_, err = c.CreateWebhook(ctx, p.Name, client.NewWebhook{URL: o.to, Events: []string{"*"}})
	}
	if err != nil {
		mock.Close()
		return nil, nil, misuse("%w", inWords(err))
	}
	return c, func() { mock.Close() }, nil
}
