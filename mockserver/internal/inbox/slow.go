package inbox

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"time"
)

// pieces is in how many pieces an answer dribbles at most.
const pieces = 20

// pace is how long dribbleForEver waits between two bytes.
const pace = 100 * time.Millisecond

// dribble writes the answer, head and body, in pieces of one size, the first at once and the last when the time is
// over.
func (a Answer) dribble(ctx context.Context, w http.ResponseWriter, r *http.Request) {
	ctx, conn, end := take(ctx, w)
	defer end()
	rest := a.encoded(r)
	n := min(pieces, len(rest))
	for i := n; i > 0; i-- {
		size := len(rest) / i
		if _, err := conn.Write(rest[:size]); err != nil {
			return
		}
		rest = rest[size:]
		if i > 1 && !wait(ctx, a.Dribble/time.Duration(n-1)) {
			return
		}
	}
}

// dribbleForEver writes an answer 200 byte by byte, until the context ends.
func dribbleForEver(ctx context.Context, w http.ResponseWriter) {
	ctx, conn, end := take(ctx, w)
	defer end()
	head := "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n"
	for i := 0; ; i++ {
		next := []byte{'.'}
		if i < len(head) {
			next[0] = head[i]
		}
		if _, err := conn.Write(next); err != nil {
			return
		}
		if !wait(ctx, pace) {
			return
		}
	}
}

// take takes the connection over. The context that it returns ends when ctx does, and when the other side closes the
// connection, which the server no longer watches. End closes it.
func take(ctx context.Context, w http.ResponseWriter) (_ context.Context, _ net.Conn, end func()) {
	conn := hijack(w)
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() }) // a write that nobody reads ends, too
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		_, _ = io.Copy(io.Discard, conn)
		cancel()
	}()
	return ctx, conn, func() {
		stop()
		_ = conn.Close()
		<-watched
		cancel()
	}
}

// endless writes an answer 200 whose body has no end, as fast as it is read.
func endless(ctx context.Context, w http.ResponseWriter, r *http.Request) {
	control := http.NewResponseController(w)
	if err := control.SetWriteDeadline(time.Time{}); err != nil {
		panic(http.ErrAbortHandler) // what takes an answer without a connection takes it into memory
	}
	// a write that nobody reads ends, too
	stop := context.AfterFunc(ctx, func() { _ = control.SetWriteDeadline(time.Unix(1, 0)) })
	defer stop()
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodHead {
		return // there is no body
	}
	chunk := bytes.Repeat([]byte("endless "), 4096)
	for ctx.Err() == nil {
		if _, err := w.Write(chunk); err != nil {
			break
		}
	}
	panic(http.ErrAbortHandler) // returning would end the body
}
