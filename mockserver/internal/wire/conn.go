package wire

import (
	"bufio"
	"crypto/tls"
	"errors"
	"net"
	"syscall"
	"time"
)

// maxHead is how long the head of an answer may be in bytes, with those of the informational answers before it.
const maxHead = 1 << 20

var (
	errHeadTooLong = errors.New("the head of the answer is longer than 1 MiB")
	errSealed      = errors.New("nothing more is read")
)

// A conn is a connection with what is needed to read answers from it. One request uses it at a time.
type conn struct {
	net.Conn
	to     host
	br     *bufio.Reader // reads from the conn
	left   int           // bytes that may still be read of a head; less than 0: any number
	sealed bool          // nothing more is read from the network
	failed error         // how reading ended
	since  time.Time     // when it became idle

	raw   syscall.RawConn // nil if there is none
	probe func(fd uintptr) bool
	open  bool // what probe found
}

func newConn(to host, c net.Conn) *conn {
	out := &conn{Conn: c, to: to, left: -1}
	out.br = bufio.NewReader(out)
	if secured, ok := c.(*tls.Conn); ok {
		c = secured.NetConn()
	}
	if s, ok := c.(syscall.Conn); ok {
		if raw, err := s.SyscallConn(); err == nil {
			out.raw = raw
			out.probe = func(fd uintptr) bool { // made once, so that asking allocates nothing
				out.open = silent(fd)
				return true
			}
		}
	}
	return out
}

// quiet reports whether an idle connection can be used: the other side has neither closed it nor sent anything. Where
// that cannot be found out, it can.
func (c *conn) quiet() bool {
	if c.br.Buffered() > 0 || c.failed != nil {
		return false
	}
	if c.raw == nil {
		return true
	}
	c.open = false
	return c.raw.Read(c.probe) == nil && c.open
}

// abort closes the connection without a word to the other side, which TLS would have, and which may have to wait.
func (c *conn) abort() {
	if secured, ok := c.Conn.(*tls.Conn); ok {
		secured.NetConn().Close()
		return
	}
	c.Close()
}

// Read reads from the network within the limits of the moment.
func (c *conn) Read(p []byte) (int, error) {
	switch {
	case c.sealed:
		return 0, errSealed
	case c.left == 0:
		return 0, errHeadTooLong
	case c.left > 0:
		p = p[:min(len(p), c.left)]
	}
	n, err := c.Conn.Read(p)
	if c.left > 0 {
		c.left -= n
	}
	if err != nil {
		c.failed = err
	}
	return n, err
}
