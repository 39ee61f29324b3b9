package mockserver_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/quintain-dev/quintain/mockserver"
	"github.com/quintain-dev/quintain/mockserver/client"
)

// A receiver that fails twice is tried again after 5 s and after 25 s, which take no time.
func Example() {
	requests := 0
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if requests++; requests < 3 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	defer receiver.Close()

	server, err := mockserver.New()
	if err != nil {
		panic(err)
	}
	defer func() { _ = server.Close() }()
	mock := httptest.NewServer(server)
	defer mock.Close()

	ctx := context.Background()
	api := client.New(mock.URL, nil)
	community, err := api.CreateCommunity(ctx, client.NewCommunity{Platform: "tribe", Clock: client.Virtual()})
	if err != nil {
		panic(err)
	}
	if _, err := api.CreateWebhook(ctx, community.ID, client.NewWebhook{URL: receiver.URL, Events: []string{"*"}}); err != nil {
		panic(err)
	}
	events, err := api.Emit(ctx, community.ID, client.Emission{Type: "member.created"})
	if err != nil {
		panic(err)
	}
	if _, err := api.Settle(ctx, community.ID, 0); err != nil {
		panic(err)
	}
	delivery, err := api.Delivery(ctx, community.ID, events[0].Deliveries[0])
	if err != nil {
		panic(err)
	}
	for _, a := range delivery.Attempts {
		fmt.Println(a.Number, a.Sent.Sub(events[0].Time).Round(time.Second), a.Response.Status)
	}
	fmt.Println(delivery.State)
	// Output:
	// 1 0s 503
	// 2 5s 503
	// 3 30s 200
	// acknowledged
}
