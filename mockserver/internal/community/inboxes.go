package community

import (
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/quintain-dev/quintain/mockserver/internal/inbox"
	"github.com/quintain-dev/quintain/mockserver/internal/problem"
	"github.com/quintain-dev/quintain/mockserver/internal/store"
)

// An Inbox is an endpoint of a community. It does not change; a new script makes a new one.
type Inbox struct {
	Name   string
	Script inbox.Script
	player *inbox.Player
}

// PutInbox makes an inbox, or gives one that is there a new script, from its first step. It reports whether the inbox is
// new. What was captured stays.
func (c *Community) PutInbox(name, script string) (*Inbox, bool, error) {
	l, err := c.alive()
	if err != nil {
		return nil, false, err
	}
	if !validID(name) {
		return nil, false, problem.Invalid("the name of the inbox", "is %q, want 1 to 64 letters, digits, dots, dashes and underscores", name)
	}
	parsed, err := inbox.Parse(script)
	if err != nil {
		return nil, false, scriptProblem(err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	_, there := l.inboxes[name]
	in := &Inbox{Name: name, Script: parsed, player: parsed.Player()}
	l.inboxes[name] = in
	return in, !there, nil
}

func scriptProblem(err error) error {
	e := problem.New(problem.BadScript, "%s", err.Error())
	var s *inbox.ScriptError
	if errors.As(err, &s) && s.Nearest != "" {
		return e.WithHint("did you mean %q?", s.Nearest)
	}
	return e.WithHint("a script is a list such as 500x3,timeout,200")
}

// Inbox returns an inbox.
func (c *Community) Inbox(name string) (*Inbox, error) {
	l, err := c.alive()
	if err != nil {
		return nil, err
	}
	return l.inbox(name)
}

func (l *life) inbox(name string) (*Inbox, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if in := l.inboxes[name]; in != nil {
		return in, nil
	}
	return nil, problem.New(problem.UnknownInbox, "there is no inbox %q", name).WithHint("make it with PUT /__mock/communities/%s/inboxes/%s", l.settings.ID, name)
}

// Inboxes returns all inboxes by name.
func (c *Community) Inboxes() ([]*Inbox, error) {
	l, err := c.alive()
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []*Inbox
	for _, name := range slices.Sorted(maps.Keys(l.inboxes)) {
		out = append(out, l.inboxes[name])
	}
	return out, nil
}

// DeleteInbox removes an inbox and what it captured.
func (c *Community) DeleteInbox(name string) error {
	l, err := c.alive()
	if err != nil {
		return err
	}
	if _, err := l.inbox(name); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.inboxes, name)
	return l.translate(l.journal.DeleteCaptures(name))
}

// Captures returns a page of what an inbox got, oldest first, and how many there are.
func (c *Community) Captures(name string, page store.Page) ([]store.Capture, int, error) {
	l, err := c.alive()
	if err != nil {
		return nil, 0, err
	}
	if _, err := l.inbox(name); err != nil {
		return nil, 0, err
	}
	all, total, err := l.journal.Captures(name, page)
	return all, total, l.translate(err)
}

// DeleteCaptures forgets what an inbox got.
func (c *Community) DeleteCaptures(name string) error {
	l, err := c.alive()
	if err != nil {
		return err
	}
	if _, err := l.inbox(name); err != nil {
		return err
	}
	return l.translate(l.journal.DeleteCaptures(name))
}

// maxCaptured is how much of a body an inbox keeps, in bytes.
const maxCaptured = 10 << 20

// Receive captures a request to an inbox and answers it by the script. The capture is there before the answer is, so that
// a sender that was answered finds it. The path is the request's behind the inbox's own address.
func (c *Community) Receive(w http.ResponseWriter, r *http.Request, name, path string) error {
	l, err := c.alive()
	if err != nil {
		return err
	}
	in, err := l.inbox(name)
	if err != nil {
		return err
	}
	received := time.Now().UTC().Round(0)
	body, bodyErr := io.ReadAll(io.LimitReader(r.Body, maxCaptured+1))
	capture := store.Capture{
		Inbox:    name,
		Method:   r.Method,
		Path:     path,
		Query:    r.URL.RawQuery,
		Header:   r.Header.Clone(),
		Body:     body[:min(len(body), maxCaptured)],
		At:       l.now(),
		Received: received,
	}
	capture.Header.Set("Host", r.Host)
	if len(body) > maxCaptured {
		capture.Truncated = true
		_, bodyErr = io.Copy(io.Discard, r.Body) // while a body is unread, nobody sees that the sender gave up
	}
	var step inbox.Step
	if bodyErr == nil {
		step = in.player.Next()
		capture.Answered = step.String()
	} else {
		capture.Truncated = true
	}
	if _, err := l.journal.AddCapture(capture); err != nil {
		return l.translate(err)
	}
	if bodyErr != nil {
		panic(http.ErrAbortHandler) // the sender broke off; there is nobody to answer
	}
	inbox.Answer(w, r, step, l.ctx.Done())
	return nil
}
