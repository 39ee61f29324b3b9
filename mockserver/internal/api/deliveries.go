package api

import (
	"net/http"
	"slices"
	"time"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver/internal/community"
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

// deliveryFilter is a filter of deliveries as it is written, in a query or in a body.
type deliveryFilter struct {
	State   string `json:"state,omitempty"`
	Event   string `json:"event,omitempty"`
	Webhook string `json:"webhook,omitempty"`
	Since   string `json:"since,omitempty"`
	Until   string `json:"until,omitempty"`
}

func queryFilter(q *rest.Query) deliveryFilter {
	return deliveryFilter{q.String("state"), q.String("event"), q.String("webhook"), q.String("since"), q.String("until")}
}

func (f deliveryFilter) read(c *community.Community) (out store.DeliveryFilter, err error) {
	out = store.DeliveryFilter{State: contract.State(f.State), EventType: f.Event, WebhookID: f.Webhook}
	if err := oneOf("state", f.State, states()); err != nil {
		return out, err
	}
	if f.Event != "" {
		if _, err := c.Settings().Platform.Event(f.Event); err != nil {
			return out, err
		}
	}
	out.Since, out.Until, err = parseSpan(f.Since, f.Until)
	return out, err
}

// oneOf says what is wrong with a value that may be empty, or one of those known.
func oneOf(what, value string, known []string) error {
	if value != "" && !slices.Contains(known, value) {
		return problem.Unknown(problem.InvalidValue, what, value, known)
	}
	return nil
}

// parseSpan reads the bounds of a time. One that is empty is zero.
func parseSpan(since, until string) (from, to time.Time, err error) {
	if since != "" {
		if from, err = parseTime("since", since); err != nil {
			return from, to, err
		}
	}
	if until != "" {
		if to, err = parseTime("until", until); err != nil {
			return from, to, err
		}
	}
	if !from.IsZero() && !to.IsZero() && !from.Before(to) {
		return from, to, problem.Invalid("until", "is %s, and since is not before it", until).WithHint("since is inclusive, until is not")
	}
	return from, to, nil
}

func (a *API) listDeliveries(w http.ResponseWriter, r *http.Request, c *community.Community) error {
	q := rest.NewQuery(r)
	page, written := readPage(q), queryFilter(q)
	if err := q.Err(); err != nil {
		return err
	}
	filter, err := written.read(c)
	if err != nil {
		return err
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

func (a *API) getDelivery(w http.ResponseWriter, r *http.Request, c *community.Community) error {
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

func (a *API) redeliver(w http.ResponseWriter, r *http.Request, c *community.Community) error {
	wait, err := readWait(r)
	if err != nil {
		return err
	}
	d, err := c.Redeliver(r.Context(), rest.Var(r, "delivery"), wait)
	if err != nil {
		return err
	}
	return rest.WriteJSON(w, http.StatusAccepted, showDelivery(d))
}

type selection struct {
	Deliveries *[]string       `json:"deliveries"`
	Filter     *deliveryFilter `json:"filter"`
}

type skippedJSON struct {
	ID      string       `json:"id"`
	Code    problem.Code `json:"code"`
	Message string       `json:"message"`
}

func (a *API) redeliverAll(w http.ResponseWriter, r *http.Request, c *community.Community, body selection) error {
	wait, err := readWait(r)
	if err != nil {
		return err
	}
	var selected community.Selection
	switch {
	case (body.Deliveries == nil) == (body.Filter == nil):
		return problem.New(problem.InvalidValue, "the body wants either deliveries or a filter").
			WithHint(`write {"deliveries": [ids]}, or {"filter": {"state": "exhausted"}}; an empty filter is for all`)
	case body.Filter != nil:
		filter, err := body.Filter.read(c)
		if err != nil {
			return err
		}
		selected.Filter = &filter
	default:
		selected.IDs = *body.Deliveries
	}
	done, err := c.RedeliverAll(r.Context(), selected, wait)
	if err != nil {
		return err
	}
	deliveries, skipped := make([]deliveryJSON, len(done.Deliveries)), make([]skippedJSON, len(done.Skipped))
	for i, d := range done.Deliveries {
		deliveries[i] = showDelivery(d)
	}
	for i, s := range done.Skipped {
		skipped[i] = skippedJSON{s.ID, s.Reason.Code, s.Reason.Message}
	}
	return rest.WriteJSON(w, http.StatusOK, map[string]any{"redelivered": deliveries, "skipped": skipped})
}
