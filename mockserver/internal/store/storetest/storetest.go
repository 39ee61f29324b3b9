// Package storetest is the suite that every store passes. Start with Conformance:
//
//	func TestMemory(t *testing.T) {
//		storetest.Conformance(t, func(t *testing.T) store.Store { return store.NewMemory() })
//	}
package storetest

import (
	"errors"
	"fmt"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver/internal/store"
)

var at = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

// Conformance runs the suite. Each test opens an empty store, and closes it.
func Conformance(t *testing.T, open func(t *testing.T) store.Store) {
	for name, test := range map[string]func(t *testing.T, s store.Store){
		"webhooks":    webhooks,
		"events":      events,
		"deliveries":  deliveries,
		"attempts":    attempts,
		"history":     history,
		"captures":    captures,
		"bounds":      captureBounds,
		"isolation":   isolation,
		"drop":        drop,
		"close":       closed,
		"concurrency": concurrency,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			t.Cleanup(func() { must(t, s.Close()) })
			test(t, s)
		})
	}
}

func journal(t *testing.T, s store.Store, key string) store.Journal {
	t.Helper()
	j, err := s.Journal(key)
	must(t, err)
	return j
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func is(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("the error is %v, want %v", err, want)
	}
}

func equal(t *testing.T, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("got  %+v\nwant %+v", got, want)
	}
}

func webhooks(t *testing.T, s store.Store) {
	j := journal(t, s, "c")
	_, err := j.Webhook("w1")
	is(t, err, store.ErrNotFound)
	is(t, j.DeleteWebhook("w1"), store.ErrNotFound)
	var want []store.Webhook
	for i := range 5 {
		w := store.Webhook{
			ID: fmt.Sprint("w", 9-i), URL: "http://localhost/", Events: []string{"a", "b"}, Secret: "s", Active: i%2 == 0,
			Disabled: i == 1, Streak: contract.Streak(i), CreatedAt: at, UpdatedAt: at.Add(time.Duration(i)),
		}
		must(t, j.PutWebhook(w))
		want = append(want, w)
	}
	want[2].URL, want[2].Streak = "http://localhost/2", 7
	must(t, j.PutWebhook(want[2]))
	got, err := j.Webhooks()
	must(t, err)
	equal(t, got, want)
	got[0].URL = "changed"
	one, err := j.Webhook(want[0].ID)
	must(t, err)
	equal(t, one, want[0])
	must(t, j.DeleteWebhook(want[0].ID))
	must(t, j.PutWebhook(want[0])) // again, and last
	got, err = j.Webhooks()
	must(t, err)
	equal(t, got, append(want[1:5:5], want[0]))
}

func events(t *testing.T, s store.Store) {
	j := journal(t, s, "c")
	_, err := j.Event(1)
	is(t, err, store.ErrNotFound)
	want := store.Event{Number: 1, ID: "e", Type: "member.joined", N: 1<<63 + 1, Time: at, Body: []byte("\x00{}"), ContentType: "application/json"}
	must(t, j.PutEvent(want))
	got, err := j.Event(1)
	must(t, err)
	equal(t, got, want)
}

func deliveries(t *testing.T, s store.Store) {
	j := journal(t, s, "c")
	_, err := j.Delivery("d1")
	is(t, err, store.ErrNotFound)
	var all []store.Delivery
	for i := range 25 {
		d := store.Delivery{
			Delivery: contract.NewDelivery(at), ID: fmt.Sprint("d", i), Sequence: uint64(i + 1), WebhookID: fmt.Sprint("w", i%2),
			Event: uint64(i), EventID: "e", EventType: []string{"a", "b", "c"}[i%3], CreatedAt: at.Add(time.Duration(i/2) * time.Minute),
		}
		must(t, j.PutDelivery(d))
		d.Delivery = contract.Begin(d.Delivery)
		if i%5 == 0 {
			d.State, d.Retries, d.Manual, d.Due = contract.Exhausted, 3, true, at.Add(time.Hour)
		}
		must(t, j.PutDelivery(d))
		all = append(all, d)
	}
	one, err := j.Delivery("d5")
	must(t, err)
	equal(t, one, all[5])
	for _, filter := range []store.DeliveryFilter{
		{}, {State: contract.Exhausted}, {State: contract.Canceled}, {EventType: "b"}, {WebhookID: "w1"},
		{State: contract.Sending, EventType: "c", WebhookID: "w0"},
		{Since: at.Add(3 * time.Minute)}, {Until: at.Add(3 * time.Minute)}, {Since: at.Add(2 * time.Minute), Until: at.Add(5 * time.Minute)},
		{EventType: "a", Since: at.Add(time.Hour)},
		// 4:00 sharp, of another zone
		{Since: at.Add(4 * time.Minute).In(time.FixedZone("", 7200)), Until: at.Add(4*time.Minute + 1)},
	} {
		var want []store.Delivery
		var ids []string
		for i := range all {
			if d := all[len(all)-1-i]; filter.Matches(d) {
				want = append(want, d)
				ids = append([]string{d.ID}, ids...)
			}
		}
		gotIDs, err := j.DeliveryIDs(filter)
		must(t, err)
		equal(t, gotIDs, ids)
		var got []store.Delivery
		for page := 1; ; page++ {
			part, total, err := j.Deliveries(filter, store.Page{Number: page, Size: 4})
			must(t, err)
			equal(t, total, len(want))
			if len(part) == 0 {
				break
			}
			if len(part) > 4 {
				t.Fatalf("a page of 4 has %d", len(part))
			}
			got = append(got, part...)
		}
		equal(t, got, want)
	}
}

func isolation(t *testing.T, s store.Store) {
	a, b := journal(t, s, "a"), journal(t, s, "b")
	must(t, a.PutWebhook(store.Webhook{ID: "w", URL: "a"}))
	must(t, a.PutDelivery(store.Delivery{ID: "d"}))
	must(t, a.PutEvent(store.Event{Number: 1}))
	must(t, a.AddAttempt(store.Attempt{ID: "x", DeliveryID: "d", WebhookID: "w"}))
	_, err := a.AddCapture(store.Capture{Inbox: "in"})
	must(t, err)
	_, err = b.Webhook("w")
	is(t, err, store.ErrNotFound)
	_, err = b.Delivery("d")
	is(t, err, store.ErrNotFound)
	_, err = b.Event(1)
	is(t, err, store.ErrNotFound)
	log, _, err := b.Log("w", store.Page{Number: 1, Size: 1})
	must(t, err)
	equal(t, len(log), 0)
	_, total, err := b.Captures("in", store.CaptureFilter{}, store.Page{Number: 1, Size: 1})
	must(t, err)
	equal(t, total, 0)
	w, err := journal(t, s, "a").Webhook("w") // the same journal again
	must(t, err)
	equal(t, w.URL, "a")
}

// every calls every method and returns the errors.
func every(j store.Journal) map[string]error {
	out := map[string]error{}
	page := store.Page{Number: 1, Size: 1}
	out["PutWebhook"] = j.PutWebhook(store.Webhook{ID: "w"})
	_, out["Webhook"] = j.Webhook("w")
	_, out["Webhooks"] = j.Webhooks()
	out["PutEvent"] = j.PutEvent(store.Event{Number: 1})
	_, out["Event"] = j.Event(1)
	out["PutDelivery"] = j.PutDelivery(store.Delivery{ID: "d"})
	_, out["Delivery"] = j.Delivery("d")
	_, _, out["Deliveries"] = j.Deliveries(store.DeliveryFilter{}, page)
	_, out["DeliveryIDs"] = j.DeliveryIDs(store.DeliveryFilter{})
	out["AddAttempt"] = j.AddAttempt(store.Attempt{ID: "a", DeliveryID: "d", WebhookID: "w"})
	_, out["Attempts"] = j.Attempts("d")
	_, _, out["Log"] = j.Log("w", page)
	_, _, out["History"] = j.History(store.AttemptFilter{}, store.NewestFirst, page)
	_, out["Replay"] = j.Replay(0, 1)
	_, out["AddCapture"] = j.AddCapture(store.Capture{Inbox: "in"})
	_, out["Capture"] = j.Capture("in", 1)
	_, _, out["Captures"] = j.Captures("in", store.CaptureFilter{}, page)
	_, out["Dropped"] = j.Dropped("in")
	out["DeleteCaptures"] = j.DeleteCaptures("in")
	out["DeleteWebhook"] = j.DeleteWebhook("w")
	return out
}

func drop(t *testing.T, s store.Store) {
	j := journal(t, s, "c")
	for _, err := range every(j) {
		must(t, err)
	}
	must(t, s.Drop("c"))
	must(t, s.Drop("c"))
	for _, err := range every(j) {
		is(t, err, store.ErrClosed)
	}
	again := journal(t, s, "c")
	_, err := again.Delivery("d")
	is(t, err, store.ErrNotFound)
	for _, err := range every(j) {
		is(t, err, store.ErrClosed) // the old one stays closed
	}
	for _, err := range every(again) {
		must(t, err)
	}
}

func closed(t *testing.T, s store.Store) {
	j := journal(t, s, "c")
	must(t, s.Close())
	must(t, s.Close())
	for _, err := range every(j) {
		is(t, err, store.ErrClosed)
	}
	_, err := s.Journal("c")
	is(t, err, store.ErrClosed)
	is(t, s.Drop("c"), store.ErrClosed)
}

func concurrency(t *testing.T, s store.Store) {
	j := journal(t, s, "c")
	var workers sync.WaitGroup
	for w := range 8 {
		workers.Go(func() {
			for i := range 50 {
				id := fmt.Sprint(w, "-", i)
				for _, err := range []error{
					j.PutWebhook(store.Webhook{ID: id, Events: []string{"a"}}),
					j.PutDelivery(store.Delivery{ID: id, WebhookID: "w"}),
					j.AddAttempt(store.Attempt{ID: id, DeliveryID: id, WebhookID: "w"}),
				} {
					if err != nil {
						t.Error(err)
					}
				}
				if _, err := j.AddCapture(store.Capture{Inbox: "in"}); err != nil {
					t.Error(err)
				}
				if _, _, err := j.Deliveries(store.DeliveryFilter{WebhookID: "w"}, store.Page{Number: 1, Size: 10}); err != nil {
					t.Error(err)
				}
				if _, err := j.Replay(uint64(i), 10); err != nil {
					t.Error(err)
				}
			}
		})
	}
	workers.Wait()
	_, total, err := j.Log("w", store.Page{Number: 1, Size: 1})
	must(t, err)
	equal(t, total, 400)
	all, total, err := j.Captures("in", store.CaptureFilter{}, store.Page{Number: 1, Size: 1000})
	must(t, err)
	equal(t, total, 400)
	for i, c := range all {
		equal(t, c.Number, uint64(i+1))
	}
}
