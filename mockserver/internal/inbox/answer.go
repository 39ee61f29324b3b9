package inbox

import (
	"crypto/tls"
	"encoding/json"
	"net"
	"net/http"
	"strings"
)

// Answer answers a request, whose body was read, with a step. A step that holds the connection lets go when the sender
// gives up or done is closed. Where the connection cannot be had, as in HTTP/2 or with a recorder, the steps that break it
// off panic with http.ErrAbortHandler, which breaks it off too.
func Answer(w http.ResponseWriter, r *http.Request, step Step, done <-chan struct{}) {
	switch step.Word {
	case "":
		status(w, r, step)
	case Timeout:
		select {
		case <-r.Context().Done():
		case <-done:
		}
		panic(http.ErrAbortHandler) // returning would answer 200
	case Reset:
		conn := hijack(w)
		if tcp, ok := raw(conn).(*net.TCPConn); ok {
			_ = tcp.SetLinger(0) // closing sends RST
			_ = tcp.Close()
		}
		_ = conn.Close()
	case Malformed:
		conn := hijack(w)
		_, _ = conn.Write([]byte("this is not an HTTP answer\r\n\r\n"))
		_ = conn.Close()
	default:
		_ = hijack(w).Close()
	}
}

func status(w http.ResponseWriter, r *http.Request, step Step) {
	if step.Status >= 300 && step.Status < 400 && step.Status != http.StatusNotModified {
		// Into this inbox again, so that a sender that follows shows up among the captures.
		w.Header().Set("Location", strings.TrimSuffix(r.URL.EscapedPath(), "/")+"/redirected")
	}
	if step.Body != "" {
		contentType := "text/plain; charset=utf-8"
		if json.Valid([]byte(step.Body)) {
			contentType = "application/json"
		}
		w.Header().Set("Content-Type", contentType)
	}
	w.WriteHeader(step.Status)
	_, _ = w.Write([]byte(step.Body)) // 204 and 304 have none; the sender that went away is its own loss
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
