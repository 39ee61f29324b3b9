package storetest

import (
	"net/http"
	"testing"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver/internal/store"
)

func captures(t *testing.T, s store.Store) {
	j := journal(t, s, "c")
	add := func(inbox string, change func(*store.Capture)) store.Capture {
		c := store.Capture{
			Inbox: inbox, Method: "POST", Path: "/x", Query: "a=1", Header: http.Header{"A": {"1"}}, Body: []byte("\xff"), Truncated: true,
			At: at, Received: at.Add(1), Answered: "200", Event: "a.b", Attempt: 2, Valid: true, Signature: "valid",
			Problems: []contract.Problem{{Pointer: "/a", Message: "is a number, want a string"}},
		}
		if change != nil {
			change(&c)
		}
		c, err := j.AddCapture(c)
		must(t, err)
		return c
	}
	want := []store.Capture{
		add("in", nil),
		add("in", func(c *store.Capture) { c.Event, c.Valid = "a.c", false }),
		add("in", func(c *store.Capture) { c.Method, c.Path = "GET", "/y" }),
	}
	equal(t, []uint64{want[0].Number, want[1].Number, want[2].Number}, []uint64{1, 2, 3})
	equal(t, add("other", nil).Number, uint64(1))
	list := func(filter store.CaptureFilter, page store.Page, want []store.Capture, total int) {
		t.Helper()
		got, n, err := j.Captures("in", filter, page)
		must(t, err)
		equal(t, n, total)
		equal(t, len(got), len(want))
		for i := range got {
			equal(t, got[i], want[i])
		}
	}
	all, yes, no := store.Page{Number: 1, Size: 10}, true, false
	list(store.CaptureFilter{}, store.Page{Number: 1, Size: 2}, want[:2], 3)
	list(store.CaptureFilter{}, store.Page{Number: 2, Size: 2}, want[2:], 3)
	list(store.CaptureFilter{Event: "a.b"}, all, []store.Capture{want[0], want[2]}, 2)
	list(store.CaptureFilter{Event: "a.b"}, store.Page{Number: 2, Size: 1}, want[2:], 2)
	list(store.CaptureFilter{Valid: &yes, Method: "POST"}, all, want[:1], 1)
	list(store.CaptureFilter{Valid: &no}, all, want[1:2], 1)
	list(store.CaptureFilter{Path: "/y"}, all, want[2:], 1)
	list(store.CaptureFilter{Event: "a"}, all, nil, 0)

	one, err := j.Capture("in", 2)
	must(t, err)
	equal(t, one, want[1])
	for _, number := range []uint64{0, 4, 1 << 63} {
		_, err = j.Capture("in", number)
		is(t, err, store.ErrNotFound)
	}
	_, err = j.Capture("never was", 1)
	is(t, err, store.ErrNotFound)

	must(t, j.DeleteCaptures("in"))
	must(t, j.DeleteCaptures("never was"))
	list(store.CaptureFilter{}, all, nil, 0)
	_, err = j.Capture("in", 3)
	is(t, err, store.ErrNotFound)
	fourth := add("in", nil)
	equal(t, fourth.Number, uint64(4))
	one, err = j.Capture("in", 4)
	must(t, err)
	equal(t, one, fourth)
	_, total, err := j.Captures("other", store.CaptureFilter{}, all)
	must(t, err)
	equal(t, total, 1)
}

// An inbox does not grow for ever.
func captureBounds(t *testing.T, s store.Store) {
	j := journal(t, s, "c")
	state := func(inbox string) (total int, first, dropped uint64) {
		all, total, err := j.Captures(inbox, store.CaptureFilter{}, store.Page{Number: 1, Size: 1})
		must(t, err)
		dropped, err = j.Dropped(inbox)
		must(t, err)
		return total, all[0].Number, dropped
	}
	for range store.MaxCaptures + 3 {
		_, err := j.AddCapture(store.Capture{Inbox: "many"})
		must(t, err)
	}
	total, first, dropped := state("many")
	equal(t, []uint64{uint64(total), first, dropped}, []uint64{store.MaxCaptures, 4, 3})
	_, err := j.Capture("many", 3)
	is(t, err, store.ErrNotFound)
	c, err := j.Capture("many", 4)
	must(t, err)
	equal(t, c.Number, uint64(4))

	quarter := make([]byte, store.MaxCapturedBytes/4)
	for range 5 {
		_, err := j.AddCapture(store.Capture{Inbox: "large", Body: quarter})
		must(t, err)
	}
	total, first, dropped = state("large")
	equal(t, []uint64{uint64(total), first, dropped}, []uint64{4, 2, 1})
	_, err = j.AddCapture(store.Capture{Inbox: "large", Body: make([]byte, store.MaxCapturedBytes+1)})
	must(t, err)
	total, first, dropped = state("large")
	equal(t, []uint64{uint64(total), first, dropped}, []uint64{1, 6, 5}) // never the new one

	// It is not the bodies alone that count.
	half := string(make([]byte, store.MaxCapturedBytes/2))
	for name, c := range map[string]store.Capture{
		"headers":  {Header: http.Header{"A": {"", half}}},
		"names":    {Header: http.Header{half: nil}},
		"values":   {Header: http.Header{"A": make([]string, store.MaxCapturedBytes/32)}},
		"path":     {Path: half},
		"query":    {Query: half},
		"method":   {Method: half},
		"event":    {Event: half},
		"answer":   {Answered: half},
		"proof":    {Signature: half},
		"pointers": {Problems: []contract.Problem{{Pointer: half}}},
		"messages": {Problems: []contract.Problem{{Message: half}}},
	} {
		c.Inbox, c.Body = name, []byte("x")
		for range 3 {
			_, err := j.AddCapture(c)
			must(t, err)
		}
		if total, _, dropped = state(name); total != 1 || dropped != 2 {
			t.Errorf("%s of half the bound and a byte: %d are kept and %d dropped, want 1 and 2", name, total, dropped)
		}
	}

	must(t, j.DeleteCaptures("large"))
	n, err := j.Dropped("large")
	must(t, err)
	equal(t, n, uint64(0))
	_, err = j.AddCapture(store.Capture{Inbox: "large", Body: quarter}) // what was deleted does not count
	must(t, err)
	total, first, dropped = state("large")
	equal(t, []uint64{uint64(total), first, dropped}, []uint64{1, 7, 0})
	n, err = j.Dropped("never was")
	must(t, err)
	equal(t, n, uint64(0))
}
