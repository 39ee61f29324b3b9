// Package mockserver is a server that plays community platforms which send webhooks: it has communities, takes the
// registration of webhooks, sends signed deliveries when events happen, tries again on the platform's schedule, and
// keeps a journal of every attempt. Start with New:
//
//	server, err := mockserver.New()
//	defer server.Close()
//	mock := httptest.NewServer(server)
//	api := client.New(mock.URL, nil)   // package mockserver/client; any HTTP client will do
//	community, err := api.CreateCommunity(ctx, client.NewCommunity{Platform: "tribe", Clock: client.Virtual()})
//
// On a virtual clock the hours between retries take no time: they pass when the clock is moved. Deliveries are real
// HTTP requests whatever the clock, with real timestamps and signatures unless asked otherwise.
//
// A Server is an http.RoundTripper too, so that nothing needs to listen: client.New("http://mock",
// &http.Client{Transport: server}). How a sender misbehaves, and how endpoints of its own fail, is said in scripts;
// package client has both.
//
// It does not listen, read flags or files, or install signal handlers, and it has no global state: two servers in one
// process know nothing of each other. It does not judge a receiver; package features/judge does.
package mockserver
