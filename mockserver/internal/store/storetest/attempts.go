package storetest

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver/internal/store"
)

func attempts(t *testing.T, s store.Store) {
	j := journal(t, s, "c")
	none, err := j.Attempts("d1")
	must(t, err)
	equal(t, len(none), 0)
	var log, ofOne []store.Attempt
	for i := range 7 {
		a := store.Attempt{
			ID: fmt.Sprint("a", i), DeliveryID: []string{"d1", "d2", ""}[i%3], WebhookID: "w", EventType: "a", Number: i, Manual: i == 2,
			Due: at, Sent: at.Add(1), Stamp: at.Add(2), Duration: time.Millisecond,
			Request: store.Request{Method: "POST", URL: "http://localhost/", Header: http.Header{"A": {"1", "2"}}, Body: []byte("{}")},
			Outcome: contract.Failed,
		}
		if i%2 == 0 {
			a.Response = &store.Response{Status: 500, Header: http.Header{"B": {"3"}}, Body: []byte("x"), Truncated: true}
		} else {
			a.Failure, a.Error = contract.Timeout, "late"
		}
		must(t, j.AddAttempt(a))
		log = append([]store.Attempt{a}, log...)
		if a.DeliveryID == "d1" {
			ofOne = append(ofOne, a)
		}
	}
	got, err := j.Attempts("d1")
	must(t, err)
	equal(t, got, ofOne)
	none, err = j.Attempts("")
	must(t, err)
	equal(t, len(none), 0) // a test is of no delivery
	first, total, err := j.Log("w", store.Page{Number: 1, Size: 4})
	must(t, err)
	equal(t, total, 7)
	equal(t, first, log[:4])
	second, _, err := j.Log("w", store.Page{Number: 2, Size: 4})
	must(t, err)
	equal(t, second, log[4:])
	third, total, err := j.Log("w", store.Page{Number: 1 << 40, Size: 4})
	must(t, err)
	equal(t, len(third), 0)
	equal(t, total, 7)
}

func history(t *testing.T, s store.Store) {
	j := journal(t, s, "c")
	none, err := j.Replay(0, 10)
	must(t, err)
	equal(t, len(none), 0)
	delivery := store.Delivery{Delivery: contract.NewDelivery(at), ID: "d", Sequence: 3, WebhookID: "w0", Event: 1, EventID: "e", EventType: "a", CreatedAt: at}
	must(t, j.PutDelivery(delivery))
	var all []store.Entry // oldest first
	for i := range 20 {
		e := store.Entry{Attempt: store.Attempt{
			ID: fmt.Sprint("a", i), WebhookID: fmt.Sprint("w", i%2), EventType: []string{"a", "b", "c"}[i%3], Number: 1, Due: at,
			Sent: at.Add(time.Duration(i/2) * time.Minute), Outcome: contract.Accepted,
			Request: store.Request{Method: "POST", URL: "http://localhost/", Body: []byte("{}"), Wire: []byte("POST \x00")},
			Faults:  []string{"cut"}, Phases: store.Phases{Wrote: 1, Done: 2, Reused: true, Remote: "127.0.0.1:80"},
		}}
		if i%4 == 0 {
			e.Attempt.DeliveryID, e.Delivery = "d", delivery
		}
		if i%5 == 0 {
			e.Attempt.Outcome, e.Attempt.Failure = contract.Failed, contract.Timeout
		}
		must(t, j.AddAttempt(e.Attempt))
		all = append(all, e)
	}
	delivery.State = contract.Acknowledged
	must(t, j.PutDelivery(delivery))
	for i := range all {
		all[i].Position = uint64(i + 1)
		if all[i].Delivery.ID != "" {
			all[i].Delivery = delivery // as it is now
		}
	}
	var replayed []store.Entry
	for after := uint64(0); ; {
		part, err := j.Replay(after, 7)
		must(t, err)
		if len(part) == 0 {
			break
		}
		if len(part) > 7 {
			t.Fatalf("7 at most, got %d", len(part))
		}
		replayed = append(replayed, part...)
		after = part[len(part)-1].Position
	}
	equal(t, replayed, all)
	none, err = j.Replay(1<<64-1, 7)
	must(t, err)
	equal(t, len(none), 0)

	minute := func(n int) time.Time { return at.Add(time.Duration(n) * time.Minute) }
	for _, filter := range []store.AttemptFilter{
		{}, {EventType: "b"}, {WebhookID: "w1"}, {Outcome: contract.Failed}, {Failure: contract.Timeout}, {Failure: contract.Reset},
		{Since: minute(3)}, {Until: minute(3)}, {Since: minute(3), Until: minute(4), WebhookID: "w0"}, {EventType: "a", Outcome: contract.Accepted},
	} {
		for _, order := range []store.Order{store.NewestFirst, store.OldestFirst} {
			var want []store.Entry
			for i := range all {
				if order == store.NewestFirst {
					i = len(all) - 1 - i
				}
				if filter.Matches(all[i].Attempt) {
					want = append(want, all[i])
				}
			}
			var got []store.Entry
			for page := 1; ; page++ {
				part, total, err := j.History(filter, order, store.Page{Number: page, Size: 3})
				must(t, err)
				equal(t, total, len(want))
				if len(part) == 0 {
					break
				}
				if len(part) > 3 {
					t.Fatalf("a page of 3 has %d", len(part))
				}
				got = append(got, part...)
			}
			equal(t, got, want)
		}
	}
}
