package wire

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// A message is a request as it is written.
type message struct {
	bytes []byte
	head  int  // how many of them are the head
	shut  bool // the connection is closed for writing after them
}

// buffers holds the bytes of messages that were written. Large ones are not kept.
var buffers = sync.Pool{New: func() any { return new([]byte) }}

const keepBuffer = 64 << 10

// compose makes the message of the flight, reads the body of its request and closes it. It returns where the message
// goes.
func (f *flight) compose() (to host, err error) {
	r := f.request
	if r.Body != nil {
		defer r.Body.Close()
	}
	if r.URL == nil {
		return to, errors.New("the request has no URL")
	}
	if to, err = destination(r.URL); err != nil {
		return to, err
	}
	var plan Plan
	if f.exchange != nil {
		plan = f.exchange.Plan
		if err := plan.Validate(); err != nil {
			return to, err
		}
	}
	f.buffer = buffers.Get().(*[]byte)
	m := &f.message
	m.bytes, f.close, err = appendHead((*f.buffer)[:0], r, plan.DuplicateHeaders)
	if err != nil {
		return to, err
	}
	length, known := r.ContentLength, r.ContentLength > 0
	if r.Body == nil || r.Body == http.NoBody {
		if known {
			return to, fmt.Errorf("the request has no body, but the length %d", length)
		}
		length, known = 0, true
	}
	if known && f.exchange == nil { // the common case, without a copy
		m.bytes = appendLength(m.bytes, r.Method, int(length))
		m.bytes = f.endHead(m.bytes)
		m.bytes, err = appendBody(m.bytes, r.Body, int(length))
		return to, err
	}
	var body []byte
	if r.Body != nil {
		if body, err = io.ReadAll(r.Body); err != nil {
			return to, fmt.Errorf("read the request's body: %w", err)
		}
		if known && int64(len(body)) != length {
			return to, fmt.Errorf("the request's body has %d bytes, but the length %d", len(body), length)
		}
	}
	framed, header, shut := plan.frame(r, body)
	m.bytes = append(m.bytes, header...)
	m.bytes = f.endHead(m.bytes)
	m.bytes = append(m.bytes, framed...)
	m.shut = shut
	return to, nil
}

// endHead appends the end of a head, and notes how long the head is.
func (f *flight) endHead(b []byte) []byte {
	if f.request.Close {
		b = append(b, "Connection: close\r\n"...)
	}
	b = append(b, "\r\n"...)
	f.message.head = len(b)
	return b
}

// appendBody appends a body that must have n bytes.
func appendBody(b []byte, body io.Reader, n int) ([]byte, error) {
	if n == 0 {
		return b, nil
	}
	start := len(b)
	b = slices.Grow(b, n)[:start+n]
	got, err := io.ReadFull(body, b[start:])
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF): // not wrapped: no connection has ended
		return b, fmt.Errorf("the request's body has %d bytes, but the length %d", got, n)
	case err != nil:
		return b, fmt.Errorf("read the request's body: %w", err)
	}
	var more [1]byte
	for {
		switch got, err := body.Read(more[:]); {
		case got > 0:
			return b, fmt.Errorf("the request's body has more bytes than its length %d", n)
		case err == io.EOF:
			return b, nil
		case err != nil:
			return b, fmt.Errorf("read the request's body: %w", err)
		}
	}
}

// appendLength appends the header for a body's length. Methods that usually have a body say so if it is empty.
func appendLength(b []byte, method string, n int) []byte {
	if n == 0 && method != http.MethodPost && method != http.MethodPut && method != http.MethodPatch {
		return b
	}
	b = append(b, "Content-Length: "...)
	return append(strconv.AppendInt(b, int64(n), 10), "\r\n"...)
}

// appendHead appends the request line and the headers, without those that say how the body is framed. It reports
// whether the connection is to be closed after the request.
func appendHead(b []byte, r *http.Request, twice bool) (head []byte, closing bool, err error) {
	method, target, name := r.Method, r.URL.RequestURI(), r.Host
	if method == "" {
		method = http.MethodGet
	}
	if name == "" {
		name = r.URL.Host
	}
	switch {
	case !Token(method) || method == http.MethodConnect:
		return b, false, fmt.Errorf("the method %q cannot be sent", method)
	case strings.IndexFunc(target, func(c rune) bool { return c <= ' ' || c == 0x7f }) >= 0:
		return b, false, fmt.Errorf("the URL has a space or a control character in %q", target)
	case strings.IndexFunc(name, func(c rune) bool { return c <= ' ' || c >= 0x7f }) >= 0:
		return b, false, fmt.Errorf("the host %q has a character that a Host header cannot have", name)
	case len(r.Trailer) > 0:
		return b, false, errors.New("the request has trailers, which are not sent")
	}
	b = append(append(append(append(b, method...), ' '), target...), " HTTP/1.1\r\nHost: "...)
	b = append(append(b, unzoned(name)...), "\r\n"...)
	var space [24]string // most requests have no more headers
	keys := space[:0]
	for key := range r.Header {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	closing = r.Close
	for _, key := range keys {
		if !Token(key) {
			return b, false, fmt.Errorf("the header %q has a character that a header's name cannot have", key)
		}
		canonical := textproto.CanonicalMIMEHeaderKey(key)
		switch canonical {
		case "Host", "Content-Length", "Transfer-Encoding", "Trailer": // the request's fields say these
			continue
		}
		for _, value := range r.Header[key] {
			if value == "" && canonical == "User-Agent" {
				continue
			}
			if i := strings.IndexFunc(value, func(c rune) bool { return c < ' ' && c != '\t' || c == 0x7f }); i >= 0 {
				return b, false, fmt.Errorf("the header %q has a control character, %q, at byte %d of its value", key, value[i], i)
			}
			if canonical == "Connection" {
				closing = closing || hasToken(value, "close")
			}
			line := len(b)
			b = append(append(append(append(b, key...), ": "...), textproto.TrimString(value)...), "\r\n"...)
			if twice && !once[canonical] {
				b = append(b, b[line:]...)
			}
		}
	}
	return b, closing, nil
}

// unzoned returns a host without the zone of its IPv6 address, which means nothing elsewhere.
func unzoned(host string) string {
	from := strings.IndexByte(host, '%')
	to := strings.LastIndexByte(host, ']')
	if !strings.HasPrefix(host, "[") || from < 0 || to < from {
		return host
	}
	return host[:from] + host[to:]
}

// Token reports whether s is a token, as the names of methods and headers are.
func Token(s string) bool {
	for i := range len(s) {
		c := s[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0:
		default:
			return false
		}
	}
	return s != ""
}

// hasToken reports whether a list, as in a Connection header, has a word.
func hasToken(list, word string) bool {
	for item := range strings.SplitSeq(list, ",") {
		if strings.EqualFold(strings.TrimSpace(item), word) {
			return true
		}
	}
	return false
}
