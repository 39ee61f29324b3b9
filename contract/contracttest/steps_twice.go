package contracttest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"sync"
	"time"
)

// The steps of duplicates.feature.

func whenAcknowledged(ctx context.Context, t *trial, event string) error {
	if err := t.known(event); err != nil {
		return err
	}
	x, ok, err := t.insist(ctx, func() (delivery, error) { return t.plain(event, ""), nil })
	if err != nil {
		return err
	}
	if !ok {
		t.blameControl(x)
		return t.block("the first delivery of %s was not acknowledged", event)
	}
	t.repeated = x.delivery
	return nil
}

func whenTwiceMore(ctx context.Context, t *trial) error {
	if t.repeated.body == nil {
		return fmt.Errorf("nothing was delivered that could be delivered again")
	}
	for _, nth := range []string{"second", "third"} {
		d := t.suite.signed(t.repeated.event, "for the "+nth+" time", t.repeated.body)
		goOn, err := t.once(ctx, d)
		if err != nil || !goOn {
			return err
		}
	}
	return nil
}

// whenAtOnce sends one delivery many times. No request gives its body away before all have a connection, so that they
// really arrive at once.
func whenAtOnce(ctx context.Context, t *trial, event string, times int) error {
	if err := t.known(event); err != nil {
		return err
	}
	if times < 1 || times > 100 {
		return fmt.Errorf("%d times at once cannot be sent; want 1 to 100", times)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	w := t.suite.wire
	d := t.plain(event, "")
	gate := newGate(times)
	defer gate.stop()
	answers := make([]answer, times)
	var wg sync.WaitGroup
	for i := range times {
		wg.Go(func() {
			pass := sync.OnceFunc(gate.pass)
			defer pass() // who never gets as far must not keep the others
			if !w.own {  // a transport of the caller's may send one after the other
				answers[i] = w.deliver(ctx, d.header, d.body)
				return
			}
			body := &gatedBody{pass: pass, open: gate.open, body: bytes.NewReader(d.body), ctx: ctx}
			answers[i] = w.post(ctx, w.transport, d.header, body, len(d.body))
		})
	}
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return err
	}
	failed, hung := 0, false
	for i, a := range answers {
		d.label = fmt.Sprintf("number %d of %d at once", i+1, times)
		ok := acknowledged(t.suite.platform, a)
		if t.suite.memory.note(event, ok, a); !ok {
			failed++
		}
		hung = hung || a.hung
		t.subjects = append(t.subjects, exchange{d, a})
	}
	if failed < times || hung {
		return nil
	}
	return t.alone(ctx, t.suite.signed(event, "", d.body))
}

// alone sends a delivery once more after all of many at once failed. If it fails too, that they came at once was not why.
func (t *trial) alone(ctx context.Context, d delivery) error {
	x, ok, err := t.good(ctx, d)
	if err != nil || ok {
		return err
	}
	t.blameControl(x)
	return t.block("%s was not acknowledged alone either", d.event)
}

// A gate opens when so many have come. It does so after a while in any case: a server that serves one connection at a time
// does not even shake hands with the second before it has the first one's request.
type gate struct {
	mu      sync.Mutex
	missing int
	open    chan struct{}
	timer   *time.Timer
}

// gateWait is how long a gate waits for all to come.
const gateWait = 500 * time.Millisecond

func newGate(n int) *gate {
	g := &gate{missing: n, open: make(chan struct{})}
	g.timer = time.AfterFunc(gateWait, func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		if g.missing > 0 {
			g.missing = 0
			close(g.open)
		}
	})
	return g
}

func (g *gate) stop() { g.timer.Stop() }

// pass counts one more as come.
func (g *gate) pass() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.missing--; g.missing == 0 {
		close(g.open)
	}
}

// gatedBody waits at the gate before its first byte.
type gatedBody struct {
	pass func()
	open <-chan struct{}
	body io.Reader
	ctx  context.Context
}

func (b *gatedBody) Read(p []byte) (int, error) {
	b.pass()
	select {
	case <-b.open:
		return b.body.Read(p)
	case <-b.ctx.Done():
		return 0, b.ctx.Err()
	}
}
