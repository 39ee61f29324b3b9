package wire

import (
	"context"
	"errors"
	"net"
	"net/http/httptrace"
	"sync"
	"time"
)

// pieces of a message that is sent slowly are not less than this apart.
const pieceTime = 10 * time.Millisecond

// crowdTime is how long opening more connections may take.
const crowdTime = 2 * time.Second

var errAnswered = errors.New("the receiver answered before the request was written to its end")

// write writes the message, as slowly as the plan says.
func (f *flight) write() {
	m := &f.message
	if x := f.exchange; x != nil && (x.Plan.SlowHeaders > 0 || x.Plan.SlowBody > 0) {
		f.drip(m.bytes[:m.head], x.Plan.SlowHeaders)
		f.wroteHeaders()
		f.drip(m.bytes[m.head:], x.Plan.SlowBody)
	} else {
		f.drip(m.bytes, 0)
		f.wroteHeaders()
	}
	if f.writeErr == nil && m.shut {
		if c, ok := f.conn.Conn.(interface{ CloseWrite() error }); ok {
			f.writeErr = c.CloseWrite()
		} else { // such as of a net.Pipe: it is both ways or none, and the receiver would wait for the rest
			f.writeErr = f.conn.Close()
		}
	}
	if f.trace.WroteRequest != nil {
		f.trace.WroteRequest(httptrace.WroteRequestInfo{Err: f.writeErr})
	}
	if f.writeErr != nil && !errors.Is(f.writeErr, errAnswered) { // there may be an answer for all that
		_ = f.conn.SetReadDeadline(time.Now().Add(answerAfterBrokenWrite))
		if f.ctx.Err() != nil {
			_ = f.conn.SetDeadline(longAgo) // the watch has done so before, perhaps
		}
	}
}

func (f *flight) wroteHeaders() {
	if f.trace.WroteHeaders != nil && f.sent >= f.message.head {
		f.trace.WroteHeaders()
	}
}

// drip writes b over a time, in pieces at equal times, until the flight says stop. No time: at once. After an error
// nothing is written.
func (f *flight) drip(b []byte, over time.Duration) {
	if f.writeErr != nil || len(b) == 0 {
		return
	}
	n := max(1, min(len(b), int(over/pieceTime)))
	start := time.Now()
	for i := range n {
		if over > 0 {
			due := start.Add(over / time.Duration(n) * time.Duration(i+1))
			select {
			case <-f.stop:
				f.writeErr = errAnswered
				return
			case <-time.After(time.Until(due)):
			}
		}
		var got int
		got, f.writeErr = f.conn.Write(b[i*len(b)/n : (i+1)*len(b)/n])
		f.sent += got
		if f.writeErr != nil {
			return
		}
	}
}

// finished reports whether the message was written, and waits a little if it may be about to be.
func (f *flight) finished() bool {
	if f.written != nil {
		timer := time.NewTimer(writeAfterAnswer)
		defer timer.Stop()
		select {
		case <-f.written:
		case <-timer.C:
			return false
		}
	}
	return f.writeErr == nil
}

// gather opens the connections that the plan wants beside the flight's own, and sends half a head on each.
func (f *flight) gather(to host) {
	n := f.exchange.Plan.Connections
	if n == 0 {
		return
	}
	wait := crowdTime
	if deadline, ok := f.ctx.Deadline(); ok {
		wait = min(wait, time.Until(deadline)/2)
	}
	// Not under the request's own context, whose hooks are about the request.
	ctx, cancel := context.WithTimeout(context.Background(), wait)
	defer cancel()
	defer context.AfterFunc(f.ctx, cancel)()
	half := f.message.bytes[:f.message.head/2]
	var mu sync.Mutex
	var all sync.WaitGroup
	for range n {
		all.Go(func() {
			c, err := f.transport.dial(ctx, &noTrace, to)
			if err != nil {
				return
			}
			if err := begin(ctx, c, half); err != nil {
				c.Close()
				return
			}
			mu.Lock()
			defer mu.Unlock()
			f.crowd = append(f.crowd, c)
		})
	}
	all.Wait()
}

// begin writes the beginning of a request.
func begin(ctx context.Context, c net.Conn, b []byte) error {
	stop := context.AfterFunc(ctx, func() { _ = c.SetDeadline(longAgo) })
	defer stop()
	_, err := c.Write(b)
	return err
}
