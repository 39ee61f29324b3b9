package community

import (
	"context"
	"encoding/json"
	"time"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/fakes"
	"github.com/quintain-dev/quintain/mockserver/clock"
	"github.com/quintain-dev/quintain/mockserver/internal/problem"
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
	Subject *uint64         // whom or what the events are about; nil: each its own, the payload's number
	Payload json.RawMessage // sent as it is, byte for byte; nil: generated
	Wait    bool            // return when the first attempts are final
	Faults  string          // of the deliveries, a script of package fault; empty: as the webhooks have it
}

// Emitted is an event that came to be.
type Emitted struct {
	store.Event
	Subject    uint64
	Cast       map[string]fakes.Entity // of a deed, by role
	Deliveries []string                // ids, one for each webhook that is sent the event
}

// Emit lets events happen, now: each is owed to every active webhook that subscribed to it. On a virtual clock the
// first attempts are made when the clock is moved, be it by nothing, unless the emission asks to wait for them.
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
		return nil, problem.Invalid("count", "is %d, want 1 to %d", e.Count, MaxCount)
	}
	if e.Subject != nil && *e.Subject > fakes.MaxN {
		return nil, problem.Invalid("subject", "is %d, want at most %d", *e.Subject, uint64(fakes.MaxN))
	}
	if _, err := c.settings.parseFaults(e.Faults); err != nil {
		return nil, err
	}
	if err := l.awaitable(e.Wait); err != nil {
		return nil, err
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
	n := l.n
	if e.N != nil {
		n = *e.N
	}
	if n > fakes.MaxN-uint64(e.Count) {
		return nil, nil, problem.Invalid("n", "is %d, want at most %d with %d events", n, fakes.MaxN-uint64(e.Count), e.Count)
	}
	now := l.now()
	emitted := make([]Emitted, 0, e.Count)
	for range e.Count {
		out, err := l.happen(event, n, e, now)
		if err != nil {
			return nil, nil, err
		}
		n++
		emitted = append(emitted, out)
	}
	l.n = max(l.n, n)
	jobs, err := l.oweAll(emitted, now, e.Faults, e.Wait)
	return emitted, jobs, err
}

// happen makes one event. The caller holds the lock.
func (l *life) happen(event *contract.EventType, n uint64, e Emission, now time.Time) (Emitted, error) {
	out := Emitted{Subject: n, Event: store.Event{Type: event.Name, N: n, Time: now}}
	if e.Subject != nil {
		out.Subject = *e.Subject
	}
	if e.Payload != nil {
		out.Body = e.Payload
		return out, l.record(&out)
	}
	happening, err := l.worldLife().Happen(event, n, out.Subject, now, nil)
	if err != nil {
		return out, err
	}
	out.Body, out.ID = happening.Body, happening.ID
	return out, l.record(&out)
}

// record puts an event into the journal, in the encoding that it is sent in. The caller holds the lock.
func (l *life) record(e *Emitted) (err error) {
	e.Number = l.next("event")
	e.ContentType = l.settings.Platform.Rules.ContentTypes.Value[l.settings.Encoding]
	if e.ID == "" {
		e.ID = l.payloadID(e.Body, e.Number)
	}
	if l.settings.Encoding == contract.Form {
		if e.Body, err = contract.EncodeForm(e.Body, l.settings.FormStyle); err != nil {
			return err
		}
	}
	return l.translate(l.journal.PutEvent(e.Event))
}

// awaitable makes sure that who waits for attempts does not wait for a clock that is paused.
func (l *life) awaitable(wait bool) error {
	if running, ok := l.clock.(*clock.Running); ok && wait && running.Paused() {
		return problem.New(problem.ClockPaused, "the clock of this community is paused, and no attempt begins").
			WithHint("resume it first, or do not wait")
	}
	return nil
}

// oweAll makes the deliveries of events to every webhook that wants them, and schedules them; if the caller is to wait,
// it returns those that are due now, and leaves them to the caller. The caller holds the lock.
func (l *life) oweAll(emitted []Emitted, now time.Time, faults string, wait bool) ([]sender.Job, error) {
	webhooks, err := l.journal.Webhooks()
	if err != nil {
		return nil, l.translate(err)
	}
	var jobs, later []sender.Job
	for i := range emitted {
		e := &emitted[i]
		e.Deliveries = []string{}
		for _, w := range webhooks {
			if !wants(w, e.Type) {
				continue
			}
			job, full, err := l.owe(w, e.Event, faults, now)
			if err != nil {
				return nil, err
			}
			e.Deliveries = append(e.Deliveries, job.ID)
			if full != nil {
				released, err := l.release(w, full, now)
				if err != nil {
					return nil, err
				}
				later = append(later, released...)
			} else if wait && !job.Due.After(now) {
				jobs = append(jobs, job)
			} else {
				later = append(later, job)
			}
		}
	}
	l.engine.Schedule(later...) // under the lock, so that whoever cancels a delivery finds its job
	return jobs, nil
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

// owe makes the delivery of an event to a webhook, due now unless a fault wants it otherwise, and its first job. If it
// fills a hold, that is to be released. The caller holds the lock.
func (l *life) owe(w store.Webhook, e store.Event, faults string, now time.Time) (_ sender.Job, full *hold, err error) {
	sequence := l.next("delivery")
	d := store.Delivery{
		Delivery:  contract.NewDelivery(now),
		ID:        l.ids.uuid("delivery", sequence),
		Sequence:  sequence,
		WebhookID: w.ID,
		Event:     e.Number,
		EventID:   e.ID,
		EventType: e.Type,
		Faults:    faults,
		Turn:      sequence,
		CreatedAt: now,
	}
	full = l.spoilTime(&d, w, now)
	if err := l.journal.PutDelivery(d); err != nil {
		return sender.Job{}, nil, l.translate(err)
	}
	l.track(d)
	return l.job(w, d), full, nil
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
func (l *life) job(w store.Webhook, d store.Delivery) sender.Job {
	rule := l.disableRule(w)
	return sender.Job{
		ID: d.ID, Lane: d.WebhookID, Due: d.Due, Turn: d.Turn, Sequence: d.Sequence, InTurn: d.InTurn,
		Counts: rule.Failures > 0 && !d.Manual && (rule.Counts != contract.CountRetries || d.Attempts > 0),
	}
}
