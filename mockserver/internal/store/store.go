// Package store keeps what the mock server remembers: webhooks, events, deliveries, attempts and captures, apart for
// each community. Start with NewMemory; a new implementation starts with the suite in storetest.
//
// It decides nothing: what becomes of a delivery is the business of packages contract and community.
package store

import (
	"errors"
	"time"

	"github.com/quintain-dev/quintain/contract"
)

var (
	// ErrNotFound says that there is no such record.
	ErrNotFound = errors.New("not found")
	// ErrClosed says that the journal was dropped, or the store was closed.
	ErrClosed = errors.New("closed")
)

// A Store keeps one journal for each community.
type Store interface {
	// Journal returns the journal with this key, empty if it is new.
	Journal(key string) (Journal, error)

	// Drop forgets a journal. Its methods then return ErrClosed. One that is not there is no error.
	Drop(key string) error

	// Close drops every journal. Journal then returns ErrClosed.
	Close() error
}

// A Journal keeps the records of one community. Records are values: what is put in and what is got out can be changed
// without changing the journal, except for bodies, headers and the events of a webhook, which nobody may change. Every
// method returns ErrClosed after the journal was dropped. Journals may be used by several goroutines at once.
type Journal interface {
	// PutWebhook adds a webhook, or replaces the one with its id.
	PutWebhook(Webhook) error
	// Webhook returns a webhook, or ErrNotFound.
	Webhook(id string) (Webhook, error)
	// Webhooks returns all webhooks in the order in which they were added.
	Webhooks() ([]Webhook, error)
	// DeleteWebhook removes a webhook, or returns ErrNotFound. Its deliveries and attempts stay.
	DeleteWebhook(id string) error

	// PutEvent adds an event.
	PutEvent(Event) error
	// Event returns an event by its number, or ErrNotFound.
	Event(number uint64) (Event, error)

	// PutDelivery adds a delivery, or replaces the one with its id.
	PutDelivery(Delivery) error
	// Delivery returns a delivery, or ErrNotFound.
	Delivery(id string) (Delivery, error)
	// Deliveries returns a page of the deliveries that the filter lets through, newest first, and how many those are.
	Deliveries(DeliveryFilter, Page) ([]Delivery, int, error)
	// DeliveryIDs returns the ids of all deliveries that the filter lets through, oldest first.
	DeliveryIDs(DeliveryFilter) ([]string, error)

	// AddAttempt adds an attempt.
	AddAttempt(Attempt) error
	// Attempts returns the attempts of a delivery, oldest first.
	Attempts(deliveryID string) ([]Attempt, error)
	// Log returns a page of the attempts of a webhook, tests included, newest first, and how many there are.
	Log(webhookID string, page Page) ([]Attempt, int, error)
	// History returns a page of the attempts of all webhooks that the filter lets through, tests included, and how many
	// those are: newest first, or in the order in which they were added.
	History(AttemptFilter, Order, Page) ([]Entry, int, error)
	// Replay returns the attempts of all webhooks behind a position, tests included, in the order in which they were
	// added, limit of them at most. From 0 on, and then on from the last position, that is all there are.
	Replay(after uint64, limit int) ([]Entry, error)

	// AddCapture adds a capture and returns it with its number. Of an inbox that then has more than MaxCaptures, or
	// more than MaxCapturedBytes together, the oldest are dropped; never the new one.
	AddCapture(Capture) (Capture, error)
	// Capture returns a capture of an inbox by its number, or ErrNotFound.
	Capture(inbox string, number uint64) (Capture, error)
	// Captures returns a page of the captures of an inbox that the filter lets through, oldest first, and how many
	// those are.
	Captures(inbox string, filter CaptureFilter, page Page) ([]Capture, int, error)
	// Dropped returns how many captures of an inbox were dropped, since they were last deleted.
	Dropped(inbox string) (uint64, error)
	// DeleteCaptures forgets the captures of an inbox; the numbers go on.
	DeleteCaptures(inbox string) error
}

// A DeliveryFilter lets through the deliveries that match every field that is set.
type DeliveryFilter struct {
	State     contract.State
	EventType string
	WebhookID string
	Since     time.Time // CreatedAt is this time or after it
	Until     time.Time // CreatedAt is before this time
}

// Matches reports whether the filter lets a delivery through.
func (f DeliveryFilter) Matches(d Delivery) bool {
	return (f.State == "" || f.State == d.State) &&
		(f.EventType == "" || f.EventType == d.EventType) &&
		(f.WebhookID == "" || f.WebhookID == d.WebhookID) &&
		within(d.CreatedAt, f.Since, f.Until)
}

// An AttemptFilter lets through the attempts that match every field that is set.
type AttemptFilter struct {
	EventType string
	WebhookID string
	Outcome   contract.Outcome
	Failure   contract.Failure
	Since     time.Time // Sent is this time or after it
	Until     time.Time // Sent is before this time
}

// Matches reports whether the filter lets an attempt through.
func (f AttemptFilter) Matches(a Attempt) bool {
	return (f.EventType == "" || f.EventType == a.EventType) &&
		(f.WebhookID == "" || f.WebhookID == a.WebhookID) &&
		(f.Outcome == "" || f.Outcome == a.Outcome) &&
		(f.Failure == "" || f.Failure == a.Failure) &&
		within(a.Sent, f.Since, f.Until)
}

// within reports whether t is in [since, until). A bound that is zero is none.
func within(t, since, until time.Time) bool {
	return (since.IsZero() || !t.Before(since)) && (until.IsZero() || t.Before(until))
}

// Order is the order of a list.
type Order int

// The orders.
const (
	NewestFirst Order = iota
	OldestFirst
)

// A Page is a part of a list.
type Page struct {
	Number int // from 1
	Size   int // records on a page, 1 or more
}

// Bounds returns which of total records are on the page: those from low up to, and without, high.
func (p Page) Bounds(total int) (low, high int) {
	if p.Number < 1 || p.Size < 1 || p.Number-1 > total/p.Size {
		return total, total
	}
	low = (p.Number - 1) * p.Size
	return min(low, total), min(low+p.Size, total)
}
