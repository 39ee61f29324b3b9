package cli

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/mockserver/client"
)

// A delivery that is made while pages are read shifts them; none is listed twice.
func TestPagesThatShift(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var page client.Deliveries
		from, to := 0, 500
		if r.URL.Query().Get("page") == "2" {
			from, to = 499, 600
		}
		for i := from; i < to; i++ {
			page.Deliveries = append(page.Deliveries, client.Delivery{ID: fmt.Sprint(i)})
		}
		_ = json.NewEncoder(w).Encode(page)
	}))
	defer server.Close()
	all, total, err := someDeliveries(t.Context(), client.New(server.URL, nil), "c", client.DeliveryFilter{}, 0)
	require.NoError(t, err)
	require.Equal(t, 600, total)
	for i, d := range all {
		require.Equal(t, fmt.Sprint(i), d.ID)
	}
}
