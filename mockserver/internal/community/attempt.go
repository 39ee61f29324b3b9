package community

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver/internal/sender"
	"github.com/quintain-dev/quintain/mockserver/internal/store"
)

// attempt makes the attempt that is due of a delivery. It is called by the engine, without a lock.
func (l *life) attempt(ctx context.Context, j sender.Job, started time.Time) (apply func()) {
	w, e, d, err := l.beginAttempt(j.ID)
	if err != nil {
		if !errors.Is(err, store.ErrClosed) && !errors.Is(err, errSettled) {
			l.registry.config.Log.Error("attempt not made", "community", l.settings.ID, "delivery", j.ID, "error", err)
		}
		return nil
	}
	due := d.Due
	a, err := l.send(ctx, w, e.Type, e.Body, e.ContentType)
	if err != nil {
		return nil // the life ended
	}
	a.DeliveryID, a.Number, a.Manual, a.Due, a.Sent = d.ID, d.Attempts, d.Manual, due, started.UTC().Round(0)
	return func() {
		if err := l.apply(d, a, started); err != nil && !errors.Is(err, store.ErrClosed) {
			l.registry.config.Log.Error("attempt not recorded", "community", l.settings.ID, "delivery", j.ID, "error", err)
		}
	}
}

var errSettled = errors.New("the delivery is settled")

// beginAttempt marks the start, unless the delivery was canceled since its job was taken from the queue.
func (l *life) beginAttempt(id string) (w store.Webhook, e store.Event, d store.Delivery, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if d, err = l.journal.Delivery(id); err != nil {
		return w, e, d, err
	}
	if _, flying := l.flying[id]; flying || d.State.Settled() {
		return w, e, d, errSettled
	}
	if w, err = l.journal.Webhook(d.WebhookID); err != nil {
		return w, e, d, err
	}
	if e, err = l.journal.Event(d.Event); err != nil {
		return w, e, d, err
	}
	d.Delivery = contract.Begin(d.Delivery)
	l.flying[id] = struct{}{}
	return w, e, d, l.journal.PutDelivery(d)
}

// send makes one signed request and says what it came to. Stamps are the real time, whatever the schedule says: see
// package clock. The error is that of the context.
func (l *life) send(ctx context.Context, w store.Webhook, event string, body []byte, contentType string) (store.Attempt, error) {
	stamp := time.Now()
	header := http.Header{}
	header.Set("Content-Type", contentType)
	header.Set("User-Agent", l.registry.config.UserAgent)
	header.Set("Accept", "*/*")
	l.settings.Platform.Rules.Signature.Value.SigningScheme().Sign(header, w.Secret.Reveal(), body, stamp)
	shown := redacted(header)
	answer, err := sender.Exchange(ctx, l.registry.config.Transport, l.settings.Timeout, w.URL, header, body)
	if err != nil {
		return store.Attempt{}, err
	}
	a := store.Attempt{
		WebhookID: w.ID,
		EventType: event,
		Stamp:     stamp.UTC().Round(0),
		Duration:  answer.Duration,
		Request:   store.Request{Method: http.MethodPost, URL: w.URL, Header: shown, Body: body},
		Response:  answer.Response,
		Failure:   answer.Failure,
		Error:     answer.Error,
	}
	a.Outcome = contract.Policy{Success: l.settings.Success}.Judge(contract.Result{Status: answer.Status(), Failure: answer.Failure})
	l.registry.config.Log.Debug("attempt", "community", l.settings.ID, "webhook", w.ID, "event", event,
		"status", answer.Status(), "failure", string(answer.Failure), "outcome", string(a.Outcome), "duration", answer.Duration)
	return a, nil
}

// redacted returns the headers as the journal keeps them.
func redacted(h http.Header) http.Header {
	out := h.Clone()
	if value := out.Get("Authorization"); value != "" {
		word, _, _ := strings.Cut(value, " ")
		out.Set("Authorization", word+" …redacted")
	}
	return out
}

// apply records an attempt and does what the contract says comes next. The delivery is as the attempt began.
func (l *life) apply(begun store.Delivery, a store.Attempt, started time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.flying, begun.ID)
	d, err := l.journal.Delivery(begun.ID) // it may have been canceled meanwhile
	if err != nil {
		return err
	}
	result := contract.Result{Started: started, Failure: a.Failure}
	if a.Response != nil {
		result.Status = a.Response.Status
	}
	d.Delivery = contract.Next(d.Delivery, result, contract.Policy{Success: l.settings.Success, Schedule: l.settings.Schedule})
	d.Due = d.Due.UTC().Round(0)
	if err := l.journal.PutDelivery(d); err != nil {
		return err
	}
	l.track(d)
	a.ID = l.ids.uuid("attempt", l.next("attempt"))
	if err := l.journal.AddAttempt(a); err != nil {
		return err
	}
	if err := l.count(begun, a); err != nil {
		return err
	}
	if _, open := l.open[d.WebhookID][d.ID]; open { // count may have canceled it
		l.engine.Schedule(l.job(d))
	}
	return nil
}

// count counts an attempt of a webhook, and switches the webhook off when the platform would. The caller holds the lock.
func (l *life) count(begun store.Delivery, a store.Attempt) error {
	w, err := l.journal.Webhook(begun.WebhookID)
	if errors.Is(err, store.ErrNotFound) {
		return nil // deleted meanwhile
	}
	if err != nil {
		return err
	}
	streak, disable := w.Streak.After(begun.Delivery, a.Outcome, l.settings.Disable)
	if streak == w.Streak && !disable {
		return nil
	}
	w.Streak = streak
	if disable && w.Active {
		w.Active, w.Disabled, w.UpdatedAt = false, true, l.now()
		l.registry.config.Log.Info("webhook disabled", "community", l.settings.ID, "webhook", w.ID, "failures", int(streak))
	}
	if err := l.putWebhook(w); err != nil {
		return err
	}
	if !w.Active {
		return l.cancelOpen(w.ID)
	}
	return nil
}
