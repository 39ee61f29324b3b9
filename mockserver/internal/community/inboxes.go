package community

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/quintain-dev/quintain/mockserver/internal/inbox"
	"github.com/quintain-dev/quintain/mockserver/internal/problem"
	"github.com/quintain-dev/quintain/mockserver/internal/store"
)

// Inbox is an endpoint of a community, as it is now.
type Inbox struct {
	Name    string
	Script  string
	Dropped uint64 // captures that had to make room, since captures were last deleted
}

// A box is an inbox while it is there. One that is deleted and made again is another one.
type box struct {
	name   string
	ctx    context.Context // ends with the inbox
	cancel context.CancelFunc

	// mu is held while a request takes its place among the others, and never during an answer.
	mu       sync.Mutex
	script   inbox.Script
	player   *inbox.Player
	arrivals inbox.Arrivals
	changed  chan struct{} // closed when something was captured, and then another one
}

// PutInbox makes an inbox, or gives one that is there a new script, from its first step. It reports whether the inbox
// is new. What was captured stays, and how often a delivery has come goes on.
func (c *Community) PutInbox(name, script string) (Inbox, bool, error) {
	l, err := c.alive()
	if err != nil {
		return Inbox{}, false, err
	}
	if !validID(name) {
		return Inbox{}, false, problem.Invalid("the name of the inbox", "is %q, want 1 to 64 letters, digits, dots, dashes and underscores", name)
	}
	parsed, err := inbox.Parse(script)
	if err != nil {
		return Inbox{}, false, scriptProblem(err)
	}
	b, isNew := l.putBox(name, parsed)
	shown, err := l.show(b)
	return shown, isNew, err
}

func (l *life) putBox(name string, script inbox.Script) (_ *box, isNew bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.inboxes[name]
	if b == nil {
		b, isNew = &box{name: name, changed: make(chan struct{})}, true
		b.ctx, b.cancel = context.WithCancel(l.ctx)
		l.inboxes[name] = b
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.script, b.player = script, script.Player()
	return b, isNew
}

func scriptProblem(err error) error {
	e := problem.New(problem.BadScript, "%s", err.Error())
	if nearest := inbox.Nearest(err); nearest != "" {
		return e.WithHint("did you mean %q?", nearest)
	}
	return e.WithHint("a script is a list such as 500x3, timeout, 200; GET /__mock/openapi.yaml has the whole language, at Script")
}

// Inbox returns an inbox.
func (c *Community) Inbox(name string) (Inbox, error) {
	l, b, err := c.box(name)
	if err != nil {
		return Inbox{}, err
	}
	return l.show(b)
}

func (l *life) show(b *box) (Inbox, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	dropped, err := l.journal.Dropped(b.name)
	return Inbox{b.name, b.script.String(), dropped}, l.translate(err)
}

// box returns an inbox and the life that it is of.
func (c *Community) box(name string) (*life, *box, error) {
	l, err := c.alive()
	if err != nil {
		return nil, nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if b := l.inboxes[name]; b != nil {
		return l, b, nil
	}
	return nil, nil, l.unknownInbox(name)
}

func (l *life) unknownInbox(name string) error {
	return problem.New(problem.UnknownInbox, "there is no inbox %q", name).WithHint("make it with PUT /__mock/communities/%s/inboxes/%s", l.settings.ID, name)
}

// Inboxes returns all inboxes by name.
func (c *Community) Inboxes() ([]Inbox, error) {
	l, err := c.alive()
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	all := slices.Collect(maps.Values(l.inboxes))
	l.mu.Unlock()
	slices.SortFunc(all, func(a, b *box) int { return strings.Compare(a.name, b.name) })
	var out []Inbox
	for _, b := range all {
		shown, err := l.show(b)
		if err != nil {
			return nil, err
		}
		out = append(out, shown)
	}
	return out, nil
}

// DeleteInbox removes an inbox and what it captured. Requests that it holds are let go.
func (c *Community) DeleteInbox(name string) error {
	l, b, err := c.box(name)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.inboxes[name] != b {
		return l.unknownInbox(name) // deleted meanwhile
	}
	b.mu.Lock() // a request that is in it takes its place before, and is deleted, or after, and finds the end
	defer b.mu.Unlock()
	b.cancel()
	delete(l.inboxes, name)
	return l.translate(l.journal.DeleteCaptures(name))
}

// leadingTo returns the webhooks that send to an inbox.
func (l *life) leadingTo(name string) ([]store.Webhook, error) {
	all, err := l.journal.Webhooks()
	return slices.DeleteFunc(all, func(w store.Webhook) bool {
		u, err := url.Parse(w.URL)
		if err != nil {
			return true
		}
		_, rest, found := strings.Cut(u.EscapedPath(), "/__mock/in/"+l.settings.ID+"/"+name)
		return !found || rest != "" && rest[0] != '/'
	}), l.translate(err)
}
