package api

import (
	"net/http"
	"slices"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver/internal/problem"
	"github.com/quintain-dev/quintain/mockserver/internal/rest"
	"github.com/quintain-dev/quintain/mockserver/internal/store"
)

// The sizes of a page.
const (
	defaultPage = 50
	maxPage     = 500
	lastPage    = 1 << 30
)

func readPage(q *rest.Query) store.Page {
	return store.Page{Number: q.Int("page", 1, lastPage, 1), Size: q.Int("per_page", 1, maxPage, defaultPage)}
}

func states() []string {
	out := []string{}
	for _, s := range []contract.State{contract.Pending, contract.Sending, contract.Waiting, contract.Acknowledged, contract.Exhausted, contract.Canceled} {
		out = append(out, string(s))
	}
	return out
}

func (a *API) listDeliveries(w http.ResponseWriter, r *http.Request) error {
	c, err := a.community(r)
	if err != nil {
		return err
	}
	q := rest.NewQuery(r)
	page := readPage(q)
	filter := store.DeliveryFilter{State: contract.State(q.String("state")), EventType: q.String("event"), WebhookID: q.String("webhook")}
	if err := q.Err(); err != nil {
		return err
	}
	if filter.State != "" && !slices.Contains(states(), string(filter.State)) {
		return problem.Unknown(problem.InvalidValue, "state", string(filter.State), states())
	}
	if filter.EventType != "" {
		if _, err := c.Settings().Platform.Event(filter.EventType); err != nil {
			return err
		}
	}
	all, total, err := c.Deliveries(filter, page)
	if err != nil {
		return err
	}
	out := make([]deliveryJSON, len(all))
	for i, d := range all {
		out[i] = showDelivery(d)
	}
	return rest.WriteJSON(w, http.StatusOK, struct {
		Deliveries []deliveryJSON `json:"deliveries"`
		pageJSON
	}{out, pageJSON{page.Number, page.Size, total}})
}

func (a *API) getDelivery(w http.ResponseWriter, r *http.Request) error {
	c, err := a.community(r)
	if err != nil {
		return err
	}
	d, e, attempts, err := c.Delivery(rest.Var(r, "delivery"))
	if err != nil {
		return err
	}
	out := struct {
		deliveryJSON
		N        uint64        `json:"n"`
		Attempts []attemptJSON `json:"attempts"`
	}{showDelivery(d), e.N, make([]attemptJSON, len(attempts))}
	for i, one := range attempts {
		out.Attempts[i] = showAttempt(one)
	}
	return rest.WriteJSON(w, http.StatusOK, out)
}

func (a *API) redeliver(w http.ResponseWriter, r *http.Request) error {
	c, err := a.community(r)
	if err != nil {
		return err
	}
	q := rest.NewQuery(r)
	wait := q.Bool("wait")
	if err := q.Err(); err != nil {
		return err
	}
	if err := rest.ReadOptionalJSON(w, r, &struct{}{}); err != nil {
		return err
	}
	d, err := c.Redeliver(r.Context(), rest.Var(r, "delivery"), wait)
	if err != nil {
		return err
	}
	return rest.WriteJSON(w, http.StatusAccepted, showDelivery(d))
}
