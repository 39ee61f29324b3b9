package community

import (
	"context"
	"encoding/json"
	"time"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/fakes"
	"github.com/quintain-dev/quintain/mockserver/internal/fault"
	"github.com/quintain-dev/quintain/mockserver/internal/sender"
	"github.com/quintain-dev/quintain/mockserver/internal/store"
)

// MaxCount is how many events one call emits at most.
const MaxCount = 10_000

// Emission asks for events.
type Emission struct {
	Type    string
	Count   int             // 1 to MaxCount
	N       *uint64         // the payload's number, of the first event; nil: the one after the last
	Payload json.RawMessage // sent as it is, byte for byte; nil: generated
	Wait    bool            // return when the first attempts are final
}

// Emitted is an event that came to be.
type Emitted struct {
	store.Event
	Deliveries []string // ids, one for each webhook that is sent the event
}

// Emit lets events happen, now: each is owed to every active webhook that subscribed to it. On a virtual clock the first
// attempts are made when the clock is moved, be it by nothing, unless the emission asks to wait for them.
func (c *Community) Emit(ctx context.Context, e Emission) ([]Emitted, error) {
	l, err := c.alive()
	if err != nil {
		return nil, err
	}
	event, err := c.settings.Platform.Event(e.Type)
	if err != nil {
		return nil, err
	}
	if e.Count < 1 || e.Count > MaxCount {
		return nil, fault.Invalid("count", "is %d, want 1 to %d", e.Count, MaxCount)
	}
	emitted, jobs, err := l.emit(event, e)
	if err != nil || !e.Wait || len(jobs) == 0 {
		return emitted, err
	}
	return emitted, l.translate(l.engine.Run(ctx, jobs...))
}

func (l *life) emit(event *contract.EventType, e Emission) ([]Emitted, []sender.Job, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	webhooks, err := l.journal.Webhooks()
	if err != nil {
		return nil, nil, l.translate(err)
	}
	n := l.n
	if e.N != nil {
		n = *e.N
	}
	if n > fakes.MaxN-uint64(e.Count) {
		return nil, nil, fault.Invalid("n", "is %d, want at most %d with %d events", n, fakes.MaxN-uint64(e.Count), e.Count)
	}
	now := l.now()
	emitted := make([]Emitted, 0, e.Count)
	var jobs []sender.Job
	for range e.Count {
		one, err := l.happen(event, n, now, e.Payload)
		if err != nil {
			return nil, nil, err
		}
		n++
		out := Emitted{Event: one, Deliveries: []string{}}
		for _, w := range webhooks {
			if !wants(w, event.Name) {
				continue
			}
			job, err := l.owe(w, one, now)
			if err != nil {
				return nil, nil, err
			}
			out.Deliveries = append(out.Deliveries, job.ID)
			jobs = append(jobs, job)
		}
		emitted = append(emitted, out)
	}
	l.n = max(l.n, n)
	if !e.Wait {
		l.engine.Schedule(jobs...) // under the lock, so that whoever cancels a delivery finds its job
	}
	return emitted, jobs, nil
}

// happen makes one event and puts it into the journal. The caller holds the lock.
func (l *life) happen(event *contract.EventType, n uint64, now time.Time, payload json.RawMessage) (store.Event, error) {
	e := store.Event{
		Number:      l.next("event"),
		Type:        event.Name,
		N:           n,
		Time:        now,
		ContentType: l.settings.Platform.Rules.ContentTypes.Value[l.settings.Encoding],
	}
	var err error
	if payload == nil {
		e.Body, e.ID, err = l.payloads.body(event, n, now)
	} else {
		e.Body, e.ID = payload, l.payloadID(payload, e.Number)
	}
	if err == nil && l.settings.Encoding == contract.Form {
		e.Body, err = contract.EncodeForm(e.Body, l.settings.FormStyle)
	}
	if err != nil {
		return e, err
	}
	return e, l.translate(l.journal.PutEvent(e))
}

// payloadID returns the id in a payload that was given, or one of ours.
func (l *life) payloadID(payload []byte, number uint64) string {
	if pointer := l.settings.Platform.Rules.DedupKey.Value; pointer != "" {
		if id, ok := contract.Lookup(payload, pointer).(string); ok {
			return id
		}
	}
	return l.ids.uuid("payload", number)
}

// owe makes the delivery of an event to a webhook, due now, and its first job. The caller holds the lock.
func (l *life) owe(w store.Webhook, e store.Event, now time.Time) (sender.Job, error) {
	sequence := l.next("delivery")
	d := store.Delivery{
		Delivery:  contract.NewDelivery(now),
		ID:        l.ids.uuid("delivery", sequence),
		Sequence:  sequence,
		WebhookID: w.ID,
		Event:     e.Number,
		EventID:   e.ID,
		EventType: e.Type,
		CreatedAt: now,
	}
	if err := l.journal.PutDelivery(d); err != nil {
		return sender.Job{}, l.translate(err)
	}
	l.track(d)
	return l.job(d), nil
}

// track notes whether a delivery is settled. The caller holds the lock.
func (l *life) track(d store.Delivery) {
	if d.State.Settled() {
		delete(l.open[d.WebhookID], d.ID)
		if len(l.open[d.WebhookID]) == 0 {
			delete(l.open, d.WebhookID)
		}
		return
	}
	if l.open[d.WebhookID] == nil {
		l.open[d.WebhookID] = map[string]struct{}{}
	}
	l.open[d.WebhookID][d.ID] = struct{}{}
}

// job returns the job of the attempt that is due.
func (l *life) job(d store.Delivery) sender.Job {
	rule := l.settings.Disable
	return sender.Job{
		ID: d.ID, Lane: d.WebhookID, Due: d.Due, Sequence: d.Sequence,
		Counts: rule.Failures > 0 && !d.Manual && (rule.Counts != "retries" || d.Attempts > 0),
	}
}
