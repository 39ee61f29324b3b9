package cli_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/mockserver/client"
)

// curl and redeliver take what serve and send print: the beginning of a delivery's id, or the id of its event.
func TestDeliveriesByWhatIsPrinted(t *testing.T) {
	t.Parallel()
	receiver := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer receiver.Close()
	server, _ := start(t, upAt, "serve", "--addr", "127.0.0.1:0", "-p", "mighty", "--clock", "virtual", "--to", receiver.URL)
	code, _, stderr := run(t, "send", "mighty", "EventCreated", "-n", "2", "--server", server)
	require.Zero(t, code, stderr)
	found, err := client.New(server, nil).Deliveries(t.Context(), "mighty", client.DeliveryFilter{})
	require.NoError(t, err)
	d := found.Deliveries[0]
	for _, id := range []string{d.ID, d.ID[:8], d.EventID} {
		code, stdout, stderr := run(t, "curl", id, "--server", server)
		require.Zero(t, code, stderr)
		require.Contains(t, stdout, d.EventID)
		code, stdout, stderr = run(t, "redeliver", id, "--server", server, "--wait")
		require.Zero(t, code, stderr)
		require.Contains(t, stdout, d.ID+"  EventCreated: acknowledged")
	}
	for _, id := range []string{d.ID[:3], "ffffffff", ""} {
		code, _, _ := run(t, "curl", id, "--server", server)
		require.Equal(t, 2, code)
	}

	// An event with two deliveries is none of them.
	_, err = client.New(server, nil).CreateWebhook(t.Context(), "mighty", client.NewWebhook{URL: receiver.URL + "/2", Events: []string{"*"}})
	require.NoError(t, err)
	events, err := client.New(server, nil).Emit(t.Context(), "mighty", client.Emission{Type: "EventCreated"})
	require.NoError(t, err)
	for _, command := range []string{"curl", "redeliver"} {
		code, _, stderr := run(t, command, events[0].ID, "--server", server)
		require.Equal(t, 2, code)
		require.Contains(t, stderr, `" stands for several deliveries; choose one of `)
		require.Contains(t, stderr, events[0].Deliveries[1])
	}
}
