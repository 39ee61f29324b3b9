package mockserver

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
)

// RoundTrip answers a request without a network, so that a server is an http.RoundTripper:
//
//	api := client.New("http://mock", &http.Client{Transport: server})
//
// and one line registers it with an httpmock.MockTransport, for every request that has no responder of its own:
//
//	transport.RegisterNoResponder(server.RoundTrip)
//
// Scheme and host of the request do not matter. The answer is streamed, and its body must be closed. An inbox that
// breaks the connection off is io.ErrUnexpectedEOF. The request is over when its context is, or when the server is
// closed.
func (s *Server) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(r.Context())
	released := context.AfterFunc(s.ctx, func() { cancel(http.ErrServerClosed) })
	in := r.Clone(ctx)
	if in.Body == nil {
		in.Body = http.NoBody
	}
	if in.Host == "" {
		in.Host = r.URL.Host
	}
	if r.URL.Scheme == "https" {
		in.TLS = &tls.ConnectionState{} // so that the server's own addresses are written as it was called
	}
	in.RequestURI, in.RemoteAddr = r.URL.RequestURI(), "in-process"
	body, writer := io.Pipe()
	w := &streamWriter{header: http.Header{}, begun: make(chan struct{}), body: writer, bodiless: in.Method == http.MethodHead}
	context.AfterFunc(ctx, func() { _ = body.CloseWithError(context.Cause(ctx)) })
	s.inProcess.Go(func() {
		err := serve(s.handler, w, in)
		_ = in.Body.Close() // the caller's, who waits for that before he uses it again
		released()
		if err == nil {
			w.WriteHeader(http.StatusOK)
		}
		w.end(err)
	})
	select {
	case <-w.begun:
	case <-ctx.Done():
	}
	response, err := w.response(r, ctx)
	if err != nil {
		cancel(nil)
		return nil, err
	}
	response.Body = &streamBody{body, func() { cancel(nil) }}
	return response, nil
}

// serve calls a handler, and returns io.ErrUnexpectedEOF if it breaks the connection off.
func serve(h http.Handler, w http.ResponseWriter, r *http.Request) (err error) {
	defer func() {
		switch p := recover(); p {
		case nil:
		case http.ErrAbortHandler:
			err = io.ErrUnexpectedEOF
		default:
			panic(p)
		}
	}()
	h.ServeHTTP(w, r)
	return nil
}

// A streamWriter is an answer whose body is read while it is written.
type streamWriter struct {
	header   http.Header
	begun    chan struct{} // closed when there is a head, or will never be
	body     *io.PipeWriter
	bodiless bool // what is written goes nowhere: the request is HEAD

	mu     sync.Mutex
	status int
	sent   http.Header // as it was when the head was written
	err    error
}

func (w *streamWriter) Header() http.Header { return w.header }

func (w *streamWriter) WriteHeader(status int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.status == 0 && status >= 200 {
		w.status, w.sent = status, w.header.Clone()
		close(w.begun)
	}
}

func (w *streamWriter) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	if w.status == http.StatusNoContent || w.status == http.StatusNotModified {
		return 0, http.ErrBodyNotAllowed
	}
	if w.bodiless {
		return len(b), nil
	}
	return w.body.Write(b)
}

// Flush does nothing: nothing is kept back.
func (w *streamWriter) Flush() {}

// end says that nothing more comes, and why.
func (w *streamWriter) end(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.status == 0 {
		w.err = err
		close(w.begun)
	}
	_ = w.body.CloseWithError(err)
}

func (w *streamWriter) response(r *http.Request, ctx context.Context) (*http.Response, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.status != 0:
		length, err := strconv.ParseInt(w.sent.Get("Content-Length"), 10, 64)
		if err != nil {
			length = -1
		}
		return &http.Response{
			Status: fmt.Sprintf("%d %s", w.status, http.StatusText(w.status)), StatusCode: w.status,
			Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: w.sent, ContentLength: length, Request: r,
		}, nil
	case ctx.Err() != nil: // the handler may have broken off because of it
		return nil, context.Cause(ctx)
	default:
		return nil, w.err
	}
}

// streamBody is the body of an answer. Closing it ends the request.
type streamBody struct {
	*io.PipeReader
	cancel func()
}

func (b *streamBody) Close() error {
	b.cancel()
	return b.PipeReader.Close()
}
