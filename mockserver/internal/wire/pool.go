package wire

import (
	"slices"
	"time"
)

// take returns the idle connection to a host that was used last and is still good, or nil. It closes those that are
// not.
func (t *Transport) take(to host) *conn {
	for {
		t.mu.Lock()
		list := t.idle[to]
		if len(list) == 0 {
			t.mu.Unlock()
			return nil
		}
		c := list[len(list)-1]
		list[len(list)-1] = nil
		t.idle[to] = list[:len(list)-1] // an empty one goes when it expires
		t.mu.Unlock()
		if c.quiet() {
			return c
		}
		c.Close()
	}
}

// put keeps a connection for the next request. If there are too many, the oldest goes.
func (t *Transport) put(c *conn) {
	c.since = time.Now()
	if t.config.MaxIdlePerHost < 0 {
		c.Close()
		return
	}
	var oldest *conn
	t.mu.Lock()
	list := t.idle[c.to]
	if len(list) >= t.config.MaxIdlePerHost {
		oldest = list[0]
		list = slices.Delete(list, 0, 1)
	}
	t.idle[c.to] = append(list, c)
	if t.expiry == nil {
		t.expiry = time.AfterFunc(t.config.IdleTimeout, t.expire)
	}
	t.mu.Unlock()
	if oldest != nil {
		oldest.Close()
	}
}

// expire closes the connections that have been idle too long, and comes again when the oldest of the others will have
// been.
func (t *Transport) expire() {
	var expired []*conn
	var next time.Time
	limit := time.Now().Add(-t.config.IdleTimeout)
	t.mu.Lock()
	for to, list := range t.idle {
		n := slices.IndexFunc(list, func(c *conn) bool { return c.since.After(limit) })
		if n < 0 {
			expired = append(expired, list...)
			delete(t.idle, to)
			continue
		}
		expired = append(expired, list[:n]...)
		t.idle[to] = slices.Delete(list, 0, n)
		if oldest := t.idle[to][0].since; next.IsZero() || oldest.Before(next) {
			next = oldest
		}
	}
	t.expiry = nil
	if !next.IsZero() {
		t.expiry = time.AfterFunc(next.Sub(limit), t.expire)
	}
	t.mu.Unlock()
	for _, c := range expired {
		c.Close()
	}
}

// CloseIdleConnections closes the connections that no request is using.
func (t *Transport) CloseIdleConnections() {
	t.mu.Lock()
	idle := t.idle
	t.idle = map[host][]*conn{}
	if t.expiry != nil {
		t.expiry.Stop()
		t.expiry = nil
	}
	t.mu.Unlock()
	for _, list := range idle {
		for _, c := range list {
			c.Close()
		}
	}
}
