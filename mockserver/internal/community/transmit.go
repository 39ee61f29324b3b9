package community

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver/internal/fault"
	"github.com/quintain-dev/quintain/mockserver/internal/sender"
	"github.com/quintain-dev/quintain/mockserver/internal/store"
	"github.com/quintain-dev/quintain/mockserver/internal/wire"
)

// message makes the request of an attempt that began at a schedule time, not signed yet.
func (l *life) message(w store.Webhook, body []byte, contentType string, started time.Time) *fault.Message {
	values := []string{contentType, l.registry.config.UserAgent, "*/*"}
	m := &fault.Message{Body: body, Stamp: started, Secret: w.Secret.Reveal(), Scheme: l.scheme}
	m.Header = http.Header{"Content-Type": values[0:1:1], "User-Agent": values[1:2:2], "Accept": values[2:3:3]}
	if l.settings.Stamp == StampReal {
		m.Stamp = time.Now()
	}
	return m
}

// transmit sends a message, and as many copies of it as it wants, and says what each came to; that of the message
// itself first. Where the receiver lets one time out, the copies that were to come after it are not sent. The error is
// that of the context.
func (l *life) transmit(ctx context.Context, w store.Webhook, m *fault.Message) ([]store.Attempt, error) {
	kept := m.Body
	if len(kept) > maxKept {
		kept = bytes.Clone(kept[:maxKept]) // not the whole of it behind
	}
	if !m.AtOnce {
		var out []store.Attempt
		for range 1 + m.Copies {
			a, err := l.send(ctx, w, m, kept)
			if err != nil {
				return nil, err
			}
			out = append(out, a)
			if a.Failure == contract.Timeout && !m.Lost && !m.Dropped {
				break
			}
		}
		return out, nil
	}
	out := make([]store.Attempt, 1+m.Copies)
	errs := make([]error, len(out))
	var all sync.WaitGroup
	for i := range out {
		all.Go(func() { out[i], errs[i] = l.send(ctx, w, m, kept) })
	}
	all.Wait()
	return out, errors.Join(errs...)
}

// maxKept is how much of a request's body the journal keeps, in bytes: more than any payload has, and less than what
// faults make of it.
const maxKept = 1 << 20

// send makes one request and says what it came to. The error is that of the context.
func (l *life) send(ctx context.Context, w store.Webhook, m *fault.Message, kept []byte) (store.Attempt, error) {
	begun := time.Now().UTC().Round(0)
	timeout := l.settings.Timeout
	if w.Timeout > 0 {
		timeout = w.Timeout
	}
	var answer sender.Answer
	var spoilt *wire.Exchange // nil: it goes out as it is
	if m.Dropped {
		answer = sender.Answer{Failure: contract.Timeout, Error: "the request was lost on its way: the fault drop"}
	} else {
		on := ctx
		if m.Wire != (wire.Plan{}) {
			spoilt = &wire.Exchange{Plan: m.Wire}
			on = wire.WithPlan(ctx, spoilt)
		}
		var err error
		if answer, err = sender.Exchange(on, l.registry.config.Transport, timeout, w.URL, m.Header, m.Body); err != nil {
			return store.Attempt{}, err
		}
		if status := answer.Status(); m.Lost && status > 0 {
			answer = sender.Answer{Failure: contract.Timeout, Duration: answer.Duration, Phases: answer.Phases}
			answer.Error = fmt.Sprintf("the answer, a %d, was lost on its way: the fault lost", status)
		}
	}
	a := store.Attempt{
		WebhookID: w.ID,
		Stamp:     m.Stamp.UTC().Round(0),
		Begun:     begun,
		Duration:  answer.Duration,
		Phases:    answer.Phases,
		Request:   store.Request{Method: http.MethodPost, URL: w.URL, Header: l.shown(m.Header), Body: kept, Truncated: len(kept) < len(m.Body)},
		Response:  answer.Response,
		Failure:   answer.Failure,
		Error:     answer.Error,
	}
	if spoilt != nil {
		a.Request.Wire = l.shownWire(spoilt.Sent)
	}
	if a.Response != nil {
		l.blot(a.Response, m.Header.Get("Authorization"))
	}
	a.Outcome = l.settings.Policy.Judge(contract.Result{Status: answer.Status(), Failure: answer.Failure})
	// most attempts are not logged, and need no arguments
	if log := l.registry.config.Log; log.Enabled(ctx, slog.LevelDebug) {
		log.Debug("attempt", "community", l.settings.ID, "webhook", w.ID,
			"status", answer.Status(), "failure", string(answer.Failure), "outcome", string(a.Outcome), "duration", answer.Duration)
	}
	return a, nil
}

// stable takes out of an attempt what is of the machine's time, and so another in each run: how long things took, how
// far they came, what the receiver's clock said, and the words of the machine's errors. With real stamps it changes
// nothing.
func (l *life) stable(a *store.Attempt) {
	if l.settings.Stamp != StampSchedule {
		return
	}
	a.Begun = time.Time{}
	a.Duration, a.Phases, a.Request.Wire = 0, store.Phases{}, nil
	if a.Failure == contract.OtherFailure {
		a.Error = "an error of the network"
	}
	if a.Response != nil && a.Response.Header["Date"] != nil {
		answer := *a.Response
		answer.Header = answer.Header.Clone()
		answer.Header.Del("Date")
		a.Response = &answer
	}
}

// shown returns the headers as the journal keeps them: without keys, unless it is asked to have them.
func (l *life) shown(h http.Header) http.Header {
	value := h.Get("Authorization")
	if value == "" || l.settings.RevealSecrets {
		return h // nobody changes them any more
	}
	out := h.Clone()
	word, _, _ := strings.Cut(value, " ")
	out.Set("Authorization", word+" …redacted")
	return out
}

// blot takes the key that was sent out of an answer that repeats it.
func (l *life) blot(r *store.Response, sent string) {
	_, key, _ := strings.Cut(sent, " ")
	if len(key) < 4 || l.settings.RevealSecrets { // shorter ones stand in every other text by chance, and hide nothing
		return
	}
	r.Body = bytes.ReplaceAll(r.Body, []byte(key), []byte("…redacted"))
	header := r.Header.Clone() // the transport may have it, too
	for _, values := range header {
		for i, value := range values {
			values[i] = strings.ReplaceAll(value, key, "…redacted")
		}
	}
	r.Header = header
}

var authorization = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)(\r\nauthorization: *[a-z]* ?)[^\r\n]*`)
})

// shownWire is shown for the bytes as they were sent, which may break off in the middle of a key.
func (l *life) shownWire(sent []byte) []byte {
	if l.settings.RevealSecrets {
		return sent
	}
	return authorization().ReplaceAll(sent, []byte("${1}…redacted"))
}
