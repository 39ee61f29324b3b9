package inbox

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"time"
)

// Serve answers a request, whose body was read. An answer that takes time lets go when the request's context ends,
// which it does when the sender gives up. Where the connection cannot be had, as in HTTP/2 or with a recorder, the
// answers that need it panic with http.ErrAbortHandler, which breaks it off too.
func (a Answer) Serve(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	if !wait(ctx, a.Delay) {
		panic(http.ErrAbortHandler) // returning would answer 200
	}
	switch {
	case a.Lost:
		_ = hijack(w).Close()
	case a.Dribble > 0:
		a.dribble(ctx, w, r)
	case a.Word == "" || a.Word == Redirect || a.Word == Recover:
		a.status(w, r)
	case a.Word == Timeout:
		<-ctx.Done()
		panic(http.ErrAbortHandler)
	case a.Word == Reset:
		conn := hijack(w)
		if tcp, ok := raw(conn).(*net.TCPConn); ok {
			_ = tcp.SetLinger(0) // closing sends RST
			_ = tcp.Close()
		}
		_ = conn.Close()
	case a.Word == Malformed:
		conn := hijack(w)
		_, _ = conn.Write([]byte("this is not an HTTP answer\r\n\r\n"))
		_ = conn.Close()
	case a.Word == Cut:
		conn := hijack(w)
		_, _ = conn.Write([]byte("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 17\r\n\r\n{\"status\":"))
		_ = conn.Close()
	case a.Word == Dribble:
		dribbleForEver(ctx, w)
	case a.Word == Endless:
		endless(ctx, w, r)
	default:
		_ = hijack(w).Close()
	}
}

func (a Answer) status(w http.ResponseWriter, r *http.Request) {
	for name, values := range a.header(r) {
		w.Header()[name] = values
	}
	w.WriteHeader(a.Status)
	_, _ = io.WriteString(w, a.Body) // 204 and 304 have none; the sender that went away is its own loss
}

// header returns the headers of an answer with a status.
func (a Answer) header(r *http.Request) http.Header {
	h := http.Header{}
	for _, one := range a.Headers {
		h.Add(one.Name, one.Value)
	}
	if location := a.location(r); location != "" && h.Get("Location") == "" {
		h.Set("Location", location)
	}
	if a.Body != "" && h.Get("Content-Type") == "" {
		h.Set("Content-Type", "text/plain; charset=utf-8")
		if json.Valid([]byte(a.Body)) {
			h.Set("Content-Type", "application/json")
		}
	}
	return h
}

// location returns where a redirect leads, and "" for any other answer. Those that name no place lead into this inbox
// again, so that a sender that follows shows up among the captures.
func (a Answer) location(r *http.Request) string {
	switch {
	case a.Location != "":
		return a.Location
	case a.Word == Redirect:
		return r.URL.RequestURI()
	case a.Status >= 300 && a.Status < 400 && a.Status != http.StatusNotModified:
		path := r.URL.EscapedPath()
		if path[len(path)-1] == '/' {
			path = path[:len(path)-1]
		}
		return path + "/redirected"
	default:
		return ""
	}
}

// wait waits, and reports whether the context is still on.
func wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// encoded returns the whole answer as it goes over the wire, on a connection that ends with it.
func (a Answer) encoded(r *http.Request) []byte {
	answer := http.Response{
		StatusCode: a.Status, ProtoMajor: 1, ProtoMinor: 1, Header: a.header(r), Request: r, Close: true,
		Body: http.NoBody, ContentLength: int64(len(a.Body)),
	}
	if a.Body != "" {
		answer.Body = io.NopCloser(bytes.NewReader([]byte(a.Body)))
	}
	var out bytes.Buffer
	_ = answer.Write(&out) // nothing here can fail
	return out.Bytes()
}

func hijack(w http.ResponseWriter) net.Conn {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	return conn
}

func raw(conn net.Conn) net.Conn {
	if secure, ok := conn.(*tls.Conn); ok {
		return secure.NetConn()
	}
	return conn
}
