package community

import (
	"context"
	"fmt"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver/internal/fault"
	"github.com/quintain-dev/quintain/mockserver/internal/problem"
	"github.com/quintain-dev/quintain/mockserver/internal/store"
)

// Tested is what a test of a webhook came to.
type Tested struct {
	OK       bool
	Problems []string // what was wrong with the answer, one sentence each; empty if OK
	Attempt  store.Attempt
}

// Test sends the platform's test request to a webhook, at once and outside the schedule, also if the webhook is
// switched off: it is how one sees that the receiver is back. The attempt is logged and counts for nothing else.
func (c *Community) Test(webhook string) (Tested, error) {
	l, err := c.alive()
	if err != nil {
		return Tested{}, err
	}
	message, err := c.testMessage()
	if err != nil {
		return Tested{}, err
	}
	w, err := l.webhook(webhook)
	if err != nil {
		return Tested{}, err
	}
	return l.test(l.ctx, message, w)
}

// TestURL is Test for an address that need not be a webhook's; the request is signed with the secret. The attempt is
// not logged, since logs are those of webhooks. The error is that of a bad URL, or of the context.
func (c *Community) TestURL(ctx context.Context, url string, secret store.Secret) (Tested, error) {
	l, err := c.alive()
	if err != nil {
		return Tested{}, err
	}
	message, err := c.testMessage()
	if err != nil {
		return Tested{}, err
	}
	if err := c.checkURL(url); err != nil {
		return Tested{}, err
	}
	return l.test(ctx, message, store.Webhook{URL: url, Secret: secret})
}

// testMessage returns what a test sends.
func (c *Community) testMessage() (*contract.EventType, error) {
	platform := c.settings.Platform
	name := platform.Rules.Handshake.Value.Message()
	message := platform.Message(name)
	if message == nil && name != "" {
		message, _ = platform.Event(name) // a ping that is written down among the events
	}
	if message == nil {
		return nil, problem.New(problem.NoHandshake, "%s documents no test request", platform).WithHint("emit an event instead")
	}
	return message, nil
}

// test sends the message to a webhook, and logs the attempt if the webhook has an id. It ends with the context or with
// the life.
func (l *life) test(ctx context.Context, message *contract.EventType, w store.Webhook) (Tested, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(l.ctx, cancel)()
	l.mu.Lock()
	n, due := l.next("test"), l.now()
	if l.ctx.Err() != nil {
		l.mu.Unlock()
		return Tested{}, errGone
	}
	request, err := l.worldLife().Happen(message, n, n, due, nil)
	if err != nil {
		l.mu.Unlock()
		return Tested{}, err
	}
	l.tests.Add(1)
	l.mu.Unlock()
	defer l.tests.Done()

	rules := l.settings.Platform.Rules
	m := l.message(w, request.Body, rules.ContentTypes.Value[contract.JSON], due)
	m.Secret = l.secretFor(w, 0, 1, due)
	fault.Apply(m, nil)
	a, err := l.send(ctx, w, m, m.Body)
	if l.ctx.Err() != nil {
		return Tested{}, errGone
	}
	if err != nil {
		return Tested{}, err
	}
	l.stable(&a)
	a.EventType, a.Number, a.Manual, a.Due, a.Sent = message.Name, 1, true, due, due
	if w.ID != "" {
		if err := l.log(&a); err != nil {
			return Tested{}, err
		}
	}
	l.observe([]store.Attempt{a}, store.Delivery{})
	problems := judgeTest(rules.Handshake.Value, l.settings.Policy.Success, a)
	return Tested{OK: len(problems) == 0, Problems: problems, Attempt: a}, nil
}

// log records the attempt of a test.
func (l *life) log(a *store.Attempt) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	a.ID = l.ids.uuid("attempt", l.next("attempt"))
	return l.translate(l.journal.AddAttempt(*a))
}

// judgeTest lists what is wrong with the answer to a test request.
func judgeTest(handshake contract.Handshake, success contract.SuccessRule, a store.Attempt) []string {
	switch {
	case a.Response == nil:
		return []string{a.Error}
	case handshake != contract.ChallengeHandshake:
		if a.Outcome != contract.Accepted {
			return []string{fmt.Sprintf("the status is %d, want %s", a.Response.Status, success)}
		}
		return []string{}
	}
	challenge, _ := contract.Lookup(a.Request.Body, contract.ChallengePointer).(string)
	return contract.ChallengeFaults(a.Response.Status, a.Response.Header.Get("Content-Type"), a.Response.Body, challenge)
}
