package wire

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"os"
	"strings"
	"sync"
	"time"
)

// A flight is one request on its connection, from before its first byte until after the last of its answer. It is the
// answer's body, too.
type flight struct {
	transport *Transport
	ctx       context.Context
	request   *http.Request
	trace     *httptrace.ClientTrace
	exchange  *Exchange // nil if the request is not spoilt
	message   message
	buffer    *[]byte // that the message is in; nil: given back
	close     bool    // the request says that the connection is closed after it
	keep      bool    // nothing is against keeping the connection

	conn    *conn
	crowd   []net.Conn
	unwatch func() bool // ends the watch over the context, and says whether it was in time

	stop     chan struct{} // closed when writing may stop
	written  chan struct{} // closed when writing has ended; nil: it had before the answer was read
	sent     int           // bytes of the message that were written
	writeErr error

	body io.ReadCloser
	mu   sync.Mutex // held while the body is read or closed
	err  error      // what reading the body returns from now on

	edge sync.Mutex // guards what follows
	over bool       // the connection is the flight's no more
	cut  bool       // the connection was closed under a Read
}

// Messages up to this many bytes are written before the answer is looked for. They find room in the buffers between the
// two sides, so that a receiver that answers without reading them keeps nobody waiting.
const inline = 32 << 10

// How long an answer is waited for when the request could not be written, and how long, when the answer is complete,
// the end of writing is, before the connection is given up.
const (
	answerAfterBrokenWrite = time.Second
	writeAfterAnswer       = 50 * time.Millisecond
)

// longAgo is a deadline that ends reading and writing at once.
var longAgo = time.Unix(1, 0)

// fly sends the message and reads the head of the answer. When it fails, the flight is still to be ended.
func (f *flight) fly(to host) (*http.Response, error) {
	if err := f.ctx.Err(); err != nil {
		return nil, err
	}
	var err error
	if f.conn, err = f.transport.connect(f.ctx, f.trace, to, f.exchange != nil); err != nil {
		return nil, err
	}
	if f.ctx.Done() != nil {
		c := f.conn
		f.unwatch = context.AfterFunc(f.ctx, func() { _ = c.SetDeadline(longAgo) })
	}
	if f.exchange != nil {
		f.gather(to)
		f.stop = make(chan struct{})
	}
	if f.exchange == nil && len(f.message.bytes) <= inline {
		f.write()
		f.release()
	} else {
		f.written = make(chan struct{})
		go func() {
			defer close(f.written)
			f.write()
		}()
	}
	response, err := f.receive()
	if f.stop != nil {
		close(f.stop)
	}
	if err != nil {
		return nil, f.explain(err)
	}
	if s, ok := f.conn.Conn.(interface{ ConnectionState() tls.ConnectionState }); ok {
		state := s.ConnectionState()
		response.TLS = &state
	}
	f.keep = f.exchange == nil && !f.close && !response.Close && response.StatusCode != http.StatusSwitchingProtocols
	if response.Body == http.NoBody {
		f.end(true)
		return response, nil
	}
	f.body, response.Body = response.Body, f
	return response, nil
}

// receive reads the head of the answer, over those that are for information only.
func (f *flight) receive() (*http.Response, error) {
	c := f.conn
	c.left = maxHead
	if _, err := c.br.Peek(1); err != nil {
		return nil, err
	}
	if f.trace.GotFirstResponseByte != nil {
		f.trace.GotFirstResponseByte()
	}
	start, _ := c.br.Peek(min(len("HTTP/"), c.br.Buffered()))
	http1 := strings.HasPrefix("HTTP/", string(start))
	for {
		response, err := http.ReadResponse(c.br, f.request)
		switch {
		case err != nil && errors.Is(c.failed, io.EOF) && http1: // a head that was cut off may look like a wrong one
			return nil, io.ErrUnexpectedEOF
		case err != nil:
			return nil, err
		case response.StatusCode/100 != 1 || response.StatusCode == http.StatusSwitchingProtocols:
			c.left = -1
			return response, nil
		}
		if f.trace.Got1xxResponse != nil {
			if err := f.trace.Got1xxResponse(response.StatusCode, textproto.MIMEHeader(response.Header)); err != nil {
				return nil, err
			}
		}
	}
}

// Read reads the answer's body.
func (f *flight) Read(p []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err != nil {
		return 0, f.err
	}
	n, err := f.body.Read(p)
	switch {
	case err == io.EOF:
		f.err = err
		f.end(true)
	case err != nil:
		f.err = f.explain(err)
		f.end(false)
	}
	return n, f.err
}

// Close ends the flight. The connection can be kept if the rest of the body is here already.
func (f *flight) Close() error {
	if !f.mu.TryLock() { // a Read is under way, and ends with the connection
		f.edge.Lock()
		if !f.over {
			f.cut = true
			f.conn.abort()
		}
		f.edge.Unlock()
		f.mu.Lock()
	}
	defer f.mu.Unlock()
	if f.err == nil {
		f.conn.sealed = true
		_, err := io.Copy(io.Discard, f.body)
		f.conn.sealed = false
		f.end(err == nil)
	}
	f.err = http.ErrBodyReadAfterClose
	return nil
}

// explain returns an error of reading as the caller is to see it.
func (f *flight) explain(err error) error {
	failed := f.conn.failed
	if failed == nil { // what came was wrong
		return err
	}
	if ended := f.ctx.Err(); ended != nil {
		return fmt.Errorf("%w while waiting for the answer", ended)
	}
	if errors.Is(failed, os.ErrDeadlineExceeded) && f.written != nil {
		f.conn.abort() // so that writing has ended, or ends
		<-f.written
	}
	switch {
	case errors.Is(failed, os.ErrDeadlineExceeded) && f.writeErr != nil:
		return fmt.Errorf("write the request: %w", f.writeErr)
	case !errors.Is(failed, io.EOF):
		return fmt.Errorf("read the answer: %w", failed)
	case errors.Is(err, io.EOF):
		return fmt.Errorf("the connection was closed before the answer: %w", err)
	case f.body != nil: // that the trailers were cut off has an error of its own
		return fmt.Errorf("the connection was closed before the answer was complete: %w", io.ErrUnexpectedEOF)
	default:
		return err
	}
}

// end gives the connection back if it can be kept, or closes it, and waits for the end of writing. Whole says that the
// answer was read to its end.
func (f *flight) end(whole bool) {
	if f.conn == nil {
		f.release()
		return
	}
	keep := whole && f.keep && f.finished()
	if f.unwatch != nil && !f.unwatch() {
		keep = false // the connection has got a deadline, or will
	}
	f.edge.Lock()
	f.over = true
	keep = keep && !f.cut
	f.edge.Unlock()
	switch {
	case keep:
		f.transport.put(f.conn)
	case whole:
		f.conn.Close()
	default:
		f.conn.abort()
	}
	for _, c := range f.crowd {
		c.Close()
	}
	if f.written != nil {
		<-f.written
	}
	if x := f.exchange; x != nil {
		x.Sent = bytes.Clone(f.message.bytes[:min(f.sent, keepSent)])
	}
	f.release()
}

// release gives the message's buffer back.
func (f *flight) release() {
	if f.buffer == nil {
		return
	}
	if cap(f.message.bytes) <= keepBuffer {
		*f.buffer = f.message.bytes[:0]
		buffers.Put(f.buffer)
	}
	f.buffer, f.message.bytes = nil, nil
}
