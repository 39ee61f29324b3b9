package receiversteps

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/quintain-dev/quintain/features/judge/internal/cause"
	"github.com/quintain-dev/quintain/features/judge/internal/exchange"
	"github.com/quintain-dev/quintain/mockserver"
	"github.com/quintain-dev/quintain/mockserver/client"
)

// The steps of retries.feature.

// whenAnswersAreLost has a mock of the platform deliver an event on a virtual clock, and loses every answer.
func whenAnswersAreLost(ctx context.Context, r *Run, event string) error {
	if err := r.known(event); err != nil {
		return err
	}
	line := &lossyLine{ctx: ctx, run: r, event: event}
	platform := *r.suite.Platform // with the signature in the reading that the receiver understands
	platform.Rules.Signature.Value = r.suite.signature
	server, err := mockserver.New(mockserver.WithTransport(line), mockserver.WithPlatform(&platform), mockserver.WithAllowedHosts("*"))
	if err != nil {
		return err
	}
	defer server.Close()
	api := client.New("http://mock", &http.Client{Transport: server})
	community, err := api.CreateCommunity(ctx, client.NewCommunity{
		Platform:     platform.String(),
		Seed:         client.Of(r.suite.Receiver.Seed + r.last), // no two scenarios make the same ids
		Clock:        client.VirtualFrom(r.suite.payloads.Started),
		TimeoutMS:    mockTimeout, // the line has the receiver's own limit
		DisableAfter: client.Of(0),
		Secret:       client.Of(r.suite.Receiver.Secret),
	})
	if err != nil {
		return err
	}
	hook := client.NewWebhook{URL: "http://receiver", Events: []string{event}, Secret: client.Of(r.suite.Receiver.Secret)}
	if _, err := api.CreateWebhook(ctx, community.ID, hook); err != nil {
		return err
	}
	emission := client.Emission{Type: event, Payload: r.suite.payloads.Generated(event, r.number())}
	if _, err := api.Emit(ctx, community.ID, emission); err != nil {
		return err
	}
	moved, err := api.Settle(ctx, community.ID, 0)
	if err != nil {
		return err
	}
	r.attempts = moved.Attempts
	r.subjects = line.exchanges
	if err := ctx.Err(); err != nil || len(r.subjects) == 0 || exchange.Acknowledged(r.suite.Platform, r.subjects[0].Answer) {
		return err
	}
	if _, err := r.blame(ctx, r.subjects[0]); err != nil {
		return err
	}
	return r.Block("the first attempt of %s was not acknowledged", event)
}

// mockTimeout is more than any receiver is given.
const mockTimeout = 600_000

// thenTriedAsScheduled makes sure that the mock did what the platform does: if not, the receiver is not to blame.
func thenTriedAsScheduled(_ context.Context, r *Run) error {
	if want := 1 + len(r.suite.Platform.Rules.Schedule.Value); r.attempts != want {
		return fmt.Errorf("the mock of %s made %d attempts, want %d", r.suite.Platform, r.attempts, want)
	}
	return nil
}

// A lossyLine delivers to the receiver, records what it answers, and tells the sender that nothing came.
type lossyLine struct {
	ctx   context.Context
	run   *Run
	event string

	mu        sync.Mutex
	exchanges []exchange.Exchange
	hung      bool
}

var errLost = errors.New("the answer was lost on the way")

// RoundTrip sends the request to the receiver under test.
func (l *lossyLine) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.hung { // each further attempt would cost the whole time limit
		return nil, errLost
	}
	t := l.run
	label := "whose answer is lost"
	if n := len(l.exchanges); n > 0 {
		label = fmt.Sprintf("retry %d, since the answers before were lost", n)
	}
	d := exchange.Delivery{Event: l.event, Label: label, Header: r.Header.Clone(), Body: body}
	if n := len(l.exchanges); n > 0 { // real retries come seconds later, and are stamped so
		t.suite.sign(&d, time.Now().Add(time.Duration(n)*t.suite.stampUnit()))
	}
	a := t.deliver(l.ctx, d)
	for a.Status == http.StatusTooManyRequests && t.suite.history.SlowDown(a, true) && t.suite.history.Wait(l.ctx) == nil {
		a = t.deliver(l.ctx, d)
	}
	if t.concurrent && cause.Strained(a) && cause.Alone(l.ctx, t, t.suite.history, t.plain(l.event, "")) {
		t.Alone(l.ctx, func(send func(exchange.Delivery) (exchange.Answer, bool)) { a, _ = send(d) })
	}
	t.suite.history.Note(l.event, exchange.Acknowledged(t.suite.Platform, a), a)
	l.exchanges = append(l.exchanges, exchange.Exchange{Delivery: d, Answer: a})
	l.hung = a.Hung
	return nil, errLost
}
