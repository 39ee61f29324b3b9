package wire

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// A Plan is how a request is spoilt on the wire. The zero value is not at all. A request under any other goes over a
// connection of its own, which is closed after it. The faults may be combined, except LengthDelta with Chunking.
type Plan struct {
	// Truncate is the share of the body that is sent, more than 0 and less than 1; 0: all of it. What stands around it,
	// such as the Content-Length, is as for the whole body, of which at least the last byte is missing, if it has
	// one. Then the connection is closed for writing; the answer is still read.
	Truncate float64

	// LengthDelta is by how many bytes the Content-Length is more, or less, than the body. It never says less than 0.
	LengthDelta int

	// Chunking sends the body in chunks instead of with a Content-Length. Empty: no.
	Chunking Chunking

	// SlowHeaders and SlowBody are the times over which the head and the body are sent, in pieces at equal times, the
	// last at the end. Sending stops when the receiver has answered or closed the connection.
	SlowHeaders, SlowBody time.Duration

	// DuplicateHeaders sends each line of the head twice, except those that say how the request is framed or where it
	// goes (Host, Content-Length, Transfer-Encoding, Trailer, Expect) and those that are for one hop only (Connection,
	// Keep-Alive, Proxy-Connection, Te, Upgrade).
	DuplicateHeaders bool

	// Connections is how many more connections are opened to the receiver before the request is sent, up to 1000. On
	// each the first half of the request's head is sent, and it stays open until the answer was read. Those that cannot
	// be opened within 2 s, or half of the time that is left, are done without.
	Connections int
}

// Chunking is a way to send a body in chunks.
type Chunking string

// The ways. Chunks have up to 256 bytes.
const (
	Chunked    Chunking = "chunked"     // as it should be
	BrokenSize Chunking = "broken size" // the size of the first chunk is "xyz", which is no number
	Unfinished Chunking = "unfinished"  // the last, empty chunk is missing, and the connection is closed for writing
)

const (
	maxConnections = 1000
	chunkSize      = 256
)

// Validate says what is wrong with a plan, nil if nothing is.
func (p Plan) Validate() error {
	switch {
	case !(p.Truncate >= 0 && p.Truncate < 1): // so that NaN is refused
		return fmt.Errorf("truncate is %v, want a share of the body from 0 up to, and without, 1", p.Truncate)
	case p.Chunking != "" && p.Chunking != Chunked && p.Chunking != BrokenSize && p.Chunking != Unfinished:
		return fmt.Errorf("chunking is %q, want %q, %q or %q", p.Chunking, Chunked, BrokenSize, Unfinished)
	case p.Chunking != "" && p.LengthDelta != 0:
		return fmt.Errorf("a body in chunks has no length that could be wrong by %d", p.LengthDelta)
	case p.SlowHeaders < 0:
		return fmt.Errorf("slow headers take %s, want 0 or more", p.SlowHeaders)
	case p.SlowBody < 0:
		return fmt.Errorf("a slow body takes %s, want 0 or more", p.SlowBody)
	case p.Connections < 0 || p.Connections > maxConnections:
		return fmt.Errorf("connections is %d, want 0 to %d", p.Connections, maxConnections)
	}
	return nil
}

// An Exchange is one request under a plan, and what became of it. The result is there when RoundTrip has failed or the
// answer's body was read to its end or closed. With the zero Plan there is none.
type Exchange struct {
	Plan Plan

	Sent []byte // head and body as they were written, before TLS; at most the first 64 kB (65,536 bytes)
}

const keepSent = 64 << 10

type exchangeKey struct{}

// WithPlan returns a context under which a Transport sends one request as x.Plan says. The request needs an Exchange of
// its own.
func WithPlan(ctx context.Context, x *Exchange) context.Context {
	return context.WithValue(ctx, exchangeKey{}, x)
}

// frame returns what is sent for a body, the header that says how it is framed, and whether the connection is closed
// for writing after it.
func (p Plan) frame(r *http.Request, body []byte) (framed []byte, header []byte, shut bool) {
	header = appendLength(nil, r.Method, len(body))
	switch {
	case p.Chunking != "":
		body, header = p.chunks(body), []byte("Transfer-Encoding: chunked\r\n")
	case p.LengthDelta != 0:
		header = fmt.Appendf(nil, "Content-Length: %d\r\n", max(0, len(body)+p.LengthDelta))
	}
	if p.Truncate > 0 {
		body = body[:int(p.Truncate*float64(len(body)))]
	}
	return body, header, p.Truncate > 0 || p.Chunking == Unfinished
}

func (p Plan) chunks(body []byte) []byte {
	var out []byte
	size := func(n int) {
		if p.Chunking == BrokenSize && out == nil {
			out = append(out, "xyz\r\n"...)
			return
		}
		out = append(strconv.AppendInt(out, int64(n), 16), "\r\n"...)
	}
	for len(body) > 0 {
		n := min(len(body), chunkSize)
		size(n)
		out = append(append(out, body[:n]...), "\r\n"...)
		body = body[n:]
	}
	if p.Chunking != Unfinished {
		size(0)
		out = append(out, "\r\n"...)
	}
	return out
}

// once are the headers that are not sent twice.
var once = map[string]bool{
	"Host": true, "Content-Length": true, "Transfer-Encoding": true, "Trailer": true, "Expect": true,
	"Connection": true, "Keep-Alive": true, "Proxy-Connection": true, "Te": true, "Upgrade": true,
}
