package mockserver_test

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/jarcoal/httpmock"

	"github.com/quintain-dev/quintain/mockserver"
	"github.com/quintain-dev/quintain/mockserver/client"
)

// A test that mocks HTTP with httpmock needs no socket for the platform either. The server answers what has no
// responder of its own, and its deliveries go through the same transport to the receiver, which is a responder.
func ExampleServer_RoundTrip() {
	transport := httpmock.NewMockTransport()
	transport.RegisterResponder("POST", "https://shop.example/hooks", func(r *http.Request) (*http.Response, error) {
		body, err := io.ReadAll(r.Body)
		fmt.Println("the shop got", r.Header.Get("Content-Type"), len(body) > 0, err)
		return httpmock.NewStringResponse(http.StatusOK, "thanks"), nil
	})
	server, err := mockserver.New(mockserver.WithTransport(transport), mockserver.WithAllowedHosts("shop.example"))
	if err != nil {
		panic(err)
	}
	defer func() { _ = server.Close() }()
	transport.RegisterNoResponder(server.RoundTrip) // every request that is not the shop's

	ctx := context.Background()
	api := client.New("https://mock.example", &http.Client{Transport: transport})
	community, err := api.CreateCommunity(ctx, client.NewCommunity{Platform: "mighty", Clock: client.Virtual()})
	if err != nil {
		panic(err)
	}
	webhook := client.NewWebhook{URL: "https://shop.example/hooks", Events: []string{"EventCreated"}}
	if _, err := api.CreateWebhook(ctx, community.ID, webhook); err != nil {
		panic(err)
	}
	if _, err := api.Emit(ctx, community.ID, client.Emission{Type: "EventCreated"}); err != nil {
		panic(err)
	}
	if _, err := api.Settle(ctx, community.ID, 0); err != nil {
		panic(err)
	}
	fmt.Println("deliveries:", transport.GetCallCountInfo()["POST https://shop.example/hooks"])
	// Output:
	// the shop got application/json true <nil>
	// deliveries: 1
}
