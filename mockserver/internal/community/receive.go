package community

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver/internal/inbox"
	"github.com/quintain-dev/quintain/mockserver/internal/store"
)

// maxCaptured is how much of a body an inbox keeps, in bytes.
const maxCaptured = 10 << 20

// Receive captures a request to an inbox and answers it by the script. The capture is there before the answer is, so
// that a sender that was answered finds it. The path is the request's behind the inbox's own address. An answer that
// takes time ends with the sender's patience, the inbox or the community.
func (c *Community) Receive(w http.ResponseWriter, r *http.Request, name, path string) error {
	l, b, err := c.box(name)
	if err != nil {
		return err
	}
	capture, broken := l.read(r)
	capture.Inbox, capture.Path = name, path
	id, err := l.judge(r.Header, &capture, broken)
	if err != nil {
		return err
	}
	answer, err := l.take(b, id, &capture, !broken)
	if err != nil {
		return err
	}
	l.registry.config.Observer.Capture(l.settings.ID, capture)
	if broken {
		panic(http.ErrAbortHandler) // there is nobody to answer
	}
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	defer context.AfterFunc(b.ctx, cancel)()
	answer.Serve(w, r.WithContext(ctx))
	return nil
}

// read reads a request, and reports whether its sender broke it off.
func (l *life) read(r *http.Request) (_ store.Capture, broken bool) {
	received := time.Now().UTC().Round(0)
	body, err := io.ReadAll(io.LimitReader(r.Body, maxCaptured+1))
	out := store.Capture{
		Method:   r.Method,
		Query:    r.URL.RawQuery,
		Header:   r.Header.Clone(),
		Body:     body[:min(len(body), maxCaptured)],
		At:       l.now(),
		Received: received,
	}
	out.Header.Set("Host", r.Host)
	if len(r.TransferEncoding) > 0 { // which net/http takes out, as the trailers
		out.Header["Transfer-Encoding"] = r.TransferEncoding
	}
	for name, values := range r.Trailer {
		out.Header.Add("Trailer", name)
		out.Header[name] = append(out.Header[name], values...)
	}
	if len(body) > maxCaptured {
		out.Truncated = true
		_, err = io.Copy(io.Discard, r.Body) // while a body is unread, nobody sees that the sender gave up
	}
	out.Truncated = out.Truncated || err != nil
	return out, err != nil
}

// judge holds a capture against what the platform documents, and returns the delivery's id. A signature is right if it
// is one of the community's secret, or of that of a webhook that leads here. A body that is not there whole is not
// judged, nor is its signature.
func (l *life) judge(h http.Header, capture *store.Capture, broken bool) (id string, err error) {
	switch {
	case broken:
		capture.Problems = []contract.Problem{{Message: "the body did not arrive whole: not judged"}}
		return "", nil
	case capture.Truncated:
		capture.Problems = []contract.Problem{{Message: "the body is longer than 10 MiB: not judged"}}
		return "", nil
	}
	platform := l.settings.Platform
	found := platform.Examine(h.Get("Content-Type"), capture.Body)
	capture.Event, capture.Valid, capture.Problems = found.Event, found.Valid, found.Problems
	if !found.Valid && found.Message != "" {
		capture.Problems = []contract.Problem{{Message: found.Message}}
	}
	if signature := platform.Rules.Signature.Value; signature.Scheme != "none" {
		webhooks, err := l.leadingTo(capture.Inbox)
		if err != nil {
			return "", err
		}
		var secrets []string
		for _, w := range webhooks {
			secrets = append(secrets, w.Secret.Reveal())
			if capture.At.Before(w.Rotation.Until) { // both are valid
				secrets = append(secrets, w.Rotation.Previous.Reveal())
			}
		}
		if l.settings.Stamp == StampSchedule {
			signature.Tolerance = -1 // of any age: the stamps are of another time
		}
		capture.Signature = signature.Check(h, capture.Body, time.Now(), append(secrets, l.settings.Secret.Reveal())...)
	}
	return found.ID, nil
}

// take gives a capture its place in the inbox, and returns the answer of one that came whole.
func (l *life) take(b *box, id string, capture *store.Capture, whole bool) (answer inbox.Answer, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ctx.Err() != nil {
		if l.ctx.Err() != nil {
			return answer, errGone
		}
		return answer, l.unknownInbox(b.name) // deleted since the request began
	}
	arrival := b.arrivals.Add(id, capture.Body)
	capture.Attempt = arrival.Attempt
	if whole {
		answer = b.player.Next(capture.Event, arrival.Attempt, func() float64 { return arrival.Roll(l.settings.Seed, b.name) })
		capture.Answered = answer.String()
	}
	if _, err := l.journal.AddCapture(*capture); err != nil {
		return answer, l.translate(err)
	}
	close(b.changed)
	b.changed = make(chan struct{})
	return answer, nil
}
