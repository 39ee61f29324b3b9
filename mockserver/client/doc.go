// Package client calls a mock server: its control API and, through Client.Tryno, the webhook API of Tryno that it
// plays. Start with New and CreateCommunity:
//
//	c := client.New("http://127.0.0.1:7555", nil)
//	community, err := c.CreateCommunity(ctx, client.NewCommunity{Platform: "tribe", Clock: client.Virtual()})
//	_, err = c.CreateWebhook(ctx, community.ID, client.NewWebhook{URL: receiver, Events: []string{"*"}})
//	_, err = c.Emit(ctx, community.ID, client.Emission{Type: "member.created"})
//	_, err = c.Settle(ctx, community.ID, 0)
//	deliveries, err := c.Deliveries(ctx, community.ID, client.DeliveryFilter{})
//
// An answer of 4xx or 5xx is an *Error with a code to branch on. It retries nothing and keeps nothing. It needs the
// standard library alone.
package client
