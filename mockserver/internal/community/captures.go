package community

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/quintain-dev/quintain/mockserver/clock"
	"github.com/quintain-dev/quintain/mockserver/internal/problem"
	"github.com/quintain-dev/quintain/mockserver/internal/store"
)

// Captures returns a page of what an inbox got, oldest first, and how many there are.
func (c *Community) Captures(name string, filter store.CaptureFilter, page store.Page) ([]store.Capture, int, error) {
	l, _, err := c.box(name)
	if err != nil {
		return nil, 0, err
	}
	all, total, err := l.journal.Captures(name, filter, page)
	return all, total, l.translate(err)
}

// Capture returns one capture of an inbox. The error has the code UnknownCapture if there is none with this number.
func (c *Community) Capture(name string, number uint64) (store.Capture, error) {
	l, _, err := c.box(name)
	if err != nil {
		return store.Capture{}, err
	}
	one, err := l.journal.Capture(name, number)
	if errors.Is(err, store.ErrNotFound) {
		return one, problem.New(problem.UnknownCapture, "the inbox %q has no capture %d", name, number).
			WithHint("GET /__mock/communities/%s/inboxes/%s/captures lists them; the oldest of more than %d are dropped", l.settings.ID, name, store.MaxCaptures)
	}
	return one, l.translate(err)
}

// DeleteCaptures forgets what an inbox got. The numbers go on, and so does how often a delivery has come.
func (c *Community) DeleteCaptures(name string) error {
	l, _, err := c.box(name)
	if err != nil {
		return err
	}
	return l.translate(l.journal.DeleteCaptures(name))
}

// MaxWait is how long WaitForCaptures waits at most, and DefaultWait if nothing is said.
const (
	MaxWait     = time.Minute
	DefaultWait = 5 * time.Second
)

// WaitForCaptures waits, in real time, until an inbox has count captures that the filter lets through, and returns the
// first of them and how many there are. The error has the code NotArrived if that did not happen in time, and says in
// its details what came in their place.
func (c *Community) WaitForCaptures(
	ctx context.Context, name string, filter store.CaptureFilter, count int, timeout time.Duration,
) ([]store.Capture, int, error) {
	l, b, err := c.box(name)
	if err != nil {
		return nil, 0, err
	}
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	for late := false; ; {
		b.mu.Lock()
		changed := b.changed
		b.mu.Unlock()
		got, total, err := l.journal.Captures(name, filter, store.Page{Number: 1, Size: count})
		switch {
		case err != nil:
			return nil, 0, l.translate(err)
		case total >= count:
			return got, total, nil
		case late:
			return nil, total, l.notArrived(name, filter, total, count, timeout)
		}
		select {
		case <-changed:
		case <-timer.C:
			late = true // and a last look
		case <-ctx.Done():
			return nil, total, ctx.Err()
		case <-b.ctx.Done():
			if l.ctx.Err() != nil {
				return nil, total, errGone
			}
			return nil, total, l.unknownInbox(name)
		}
	}
}

// maxNear is how many captures a failed wait shows.
const maxNear = 5

// near is a capture that came, and why it was not waited for.
type near struct {
	Number  uint64   `json:"number"`
	Differs []string `json:"differs"`
}

// notArrived makes the error of a wait that ended without what was waited for.
func (l *life) notArrived(name string, filter store.CaptureFilter, total, count int, timeout time.Duration) error {
	all, _, err := l.journal.Captures(name, store.CaptureFilter{}, store.Page{Number: 1, Size: store.MaxCaptures})
	if err != nil {
		return l.translate(err)
	}
	others := []near{}
	for _, c := range all {
		if differs := differences(filter, c); len(differs) > 0 {
			others = append(others, near{c.Number, differs})
		}
	}
	slices.SortStableFunc(others, func(a, b near) int { return len(a.Differs) - len(b.Differs) })
	e := problem.New(problem.NotArrived, "%d of %d came within %s", total, count, timeout)
	hint, err := l.whyNot(name, len(all) == 0)
	if err != nil {
		return err
	}
	if hint != "" {
		e = e.WithHint("%s", hint)
	}
	e.Details = map[string]any{"near": others[:min(len(others), maxNear)]}
	return e
}

// differences says in which ways a capture is not what a filter lets through.
func differences(f store.CaptureFilter, c store.Capture) (out []string) {
	say := func(what, is, want string) {
		if want != "" && is != want {
			if is == "" {
				is = "not known"
			}
			out = append(out, fmt.Sprintf("%s is %s, want %s", what, is, want))
		}
	}
	say("event", c.Event, f.Event)
	if f.Valid != nil && *f.Valid != c.Valid {
		text := fmt.Sprintf("valid is %t, want %t", c.Valid, *f.Valid)
		if len(c.Problems) > 0 {
			text += ": " + strings.TrimSpace(c.Problems[0].Pointer+" "+c.Problems[0].Message)
		}
		out = append(out, text)
	}
	say("method", c.Method, f.Method)
	if c.Path == "" && f.Path != "" {
		return append(out, "path is empty, want "+f.Path)
	}
	say("path", c.Path, f.Path)
	return out
}

// whyNot says what else may keep captures away from an inbox; "" if nothing is known.
func (l *life) whyNot(name string, empty bool) (string, error) {
	var reasons []string
	if empty {
		webhooks, err := l.leadingTo(name)
		if err != nil {
			return "", err
		}
		switch {
		case len(webhooks) == 0:
			reasons = append(reasons, "no webhook of the community leads to this inbox")
		case !slices.ContainsFunc(webhooks, func(w store.Webhook) bool { return w.Active }):
			reasons = append(reasons, "no webhook that leads to this inbox is switched on")
		}
	}
	if pending := l.engine.Status().Waiting; pending > 0 && l.clock.Mode() == clock.ModeVirtual {
		verb := "deliveries are"
		if pending == 1 {
			verb = "delivery is"
		}
		reasons = append(reasons, fmt.Sprintf("%d %s pending; move the clock", pending, verb))
	}
	return strings.Join(reasons, "; "), nil
}
