package exchange

import (
	"bytes"
	"context"
	"io"
	"sync"
	"time"
)

// AtOnce sends deliveries at once. None gives its body away before all have a connection, so that they really arrive
// so.
func (w *Client) AtOnce(ctx context.Context, deliveries []Delivery) ([]Exchange, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	gate := newGate(len(deliveries))
	defer gate.stop()
	out := make([]Exchange, len(deliveries))
	var wg sync.WaitGroup
	for i, d := range deliveries {
		wg.Go(func() {
			pass := sync.OnceFunc(gate.pass)
			defer pass() // who never gets as far must not keep the others
			if !w.Own {  // a transport of the caller's may send one after the other
				out[i] = Exchange{Delivery: d, Answer: w.Deliver(ctx, d.Header, d.Body)}
				return
			}
			body := &gatedBody{pass: pass, open: gate.open, body: bytes.NewReader(d.Body), ctx: ctx}
			out[i] = Exchange{Delivery: d, Answer: w.post(ctx, w.transport, d.Header, body, len(d.Body))}
		})
	}
	wg.Wait()
	return out, ctx.Err()
}

// A gate opens when so many have come. It does so after a while in any case: a server that serves one connection at a
// time does not even shake hands with the second before it has the first one's request.
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
