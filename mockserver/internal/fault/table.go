package fault

import (
	"time"

	"github.com/quintain-dev/quintain/mockserver/internal/script"
	"github.com/quintain-dev/quintain/mockserver/internal/wire"
)

// A Kind is a fault that there is: a row of the table.
type Kind struct {
	Name      string
	Arguments string // how they are written; empty if there are none
	Summary   string // what the receiver gets to see, and what the sender takes it for
	Needs     []Need

	group  string // of faults that do not go together in one rule; empty: only with itself
	read   func(c *script.Cursor, f *Fault) error
	before func(m *Message, f Fault) // changes what is signed
	after  func(m *Message, f Fault) // changes what was signed, and how it is sent
}

// Timed reports whether the fault is about when a delivery is sent, and not about what an attempt sends.
func (k *Kind) Timed() bool { return k.before == nil && k.after == nil }

// A Need is what a fault cannot do without.
type Need string

// The needs.
const (
	Proof Need = "proof" // a signature or a key in a header
	Stamp Need = "stamp" // a timestamp in a header
	Wire  Need = "wire"  // the server's own transport
)

// The bounds of what faults take.
const (
	maxCopies      = 100
	maxBatch       = 1000
	maxDelay       = 365 * 24 * time.Hour
	maxSlow        = 10 * time.Minute
	maxSize        = 20_000_000 // there may be as many in memory as attempts are under way
	maxConnections = 1000
)

// table has every fault. What a row says is what the API, the command line and the documentation show. To add one, add
// a row here and a case to fault_test.go; if it changes what is written to the connection, a field to message.go.
var table = []*Kind{
	// When.
	{Name: Delay, group: "time", Arguments: "[5m]", Summary: "the delivery comes that much later, in schedule time", read: duration(5*time.Minute, 0, maxDelay)},
	{Name: Reorder, group: "time", Arguments: "[10] [reverse|shuffle] [within 1m]", Summary: "deliveries are held until there are that many, or the time is over, and then come one by one in another order", read: batch},

	// Whether, and how often.
	{Name: "drop", Summary: "the request is lost on its way; the sender sees a timeout, at once", after: func(m *Message, _ Fault) { m.Dropped = true }},
	{Name: Lost, Summary: "the receiver answers, and the answer is lost; the sender sees a timeout, at once", after: func(m *Message, _ Fault) { m.Lost = true }},
	{Name: "duplicate", Arguments: "[concurrent] [x2]", Summary: "the request comes that many times, byte for byte the same, one after the other or all at once; the first answer counts", read: copies, after: func(m *Message, f Fault) {
		m.Copies, m.AtOnce = f.Count-1, f.Word == concurrent
	}},

	// What is signed: the signature is right.
	{Name: "stale", group: "stamp", Arguments: "[20m]", Summary: "the timestamp is that old, and rightly signed", Needs: []Need{Stamp}, read: duration(20*time.Minute, time.Second, maxDelay), before: func(m *Message, f Fault) { m.Stamp = m.Stamp.Add(-f.Duration) }},
	{Name: "future", group: "stamp", Arguments: "[20m]", Summary: "the timestamp is that far ahead, and rightly signed", Needs: []Need{Stamp}, read: duration(20*time.Minute, time.Second, maxDelay), before: func(m *Message, f Fault) { m.Stamp = m.Stamp.Add(f.Duration) }},
	{Name: "bom", Summary: "the body begins with a byte order mark, rightly signed", before: func(m *Message, _ Fault) { m.Body = append([]byte("\xef\xbb\xbf"), m.Body...) }},
	{Name: "invalid-utf8", Summary: "a text in the body has a byte that is not UTF-8, rightly signed", before: invalidUTF8},
	{Name: "oversize", Arguments: "[10MB]", Summary: "the body is filled up to that size, and is still what the contract says, rightly signed", read: size(10_000_000), before: oversize},

	// What was signed.
	{Name: "tamper", Summary: "one byte of the body is changed after signing", Needs: []Need{Proof}, after: tamper},
	{Name: "reserialise", Summary: "the body is written anew after signing: the same values in other bytes", Needs: []Need{Proof}, after: reserialise},
	{Name: "wrong-signature", group: "signature", Summary: "signed with another secret", Needs: []Need{Proof}, before: func(m *Message, _ Fault) { m.Secret = otherSecret(m.Secret) }},
	{Name: "no-signature", group: "signature", Summary: "without the header that proves who sends", Needs: []Need{Proof}, after: func(m *Message, _ Fault) { m.Header.Del(m.Scheme.Headers()[0]) }},
	{Name: "content-type", group: "content-type", Arguments: `["text/plain"]`, Summary: "another Content-Type than the body has", read: text("text/plain"), after: func(m *Message, f Fault) { m.Header.Set("Content-Type", f.Text) }},
	{Name: "no-content-type", group: "content-type", Summary: "no Content-Type", after: func(m *Message, _ Fault) { m.Header.Del("Content-Type") }},
	{Name: "gzip", Summary: "the body is compressed and says so; the signature is of what was compressed", after: compress},

	// How it is sent.
	{Name: "truncate", Arguments: "[50%]", Summary: "the body breaks off after that share of what Content-Length says", Needs: []Need{Wire}, read: percent(0.5), after: func(m *Message, f Fault) { m.Wire.Truncate = f.Percent }},
	{Name: "overstate-length", group: "framing", Arguments: "[10]", Summary: "Content-Length says that many bytes more than come", Needs: []Need{Wire}, read: count("a number of bytes", 10, 1, 1_000_000), after: func(m *Message, f Fault) { m.Wire.LengthDelta = f.Count }},
	{Name: "understate-length", group: "framing", Arguments: "[10]", Summary: "Content-Length says that many bytes fewer than come", Needs: []Need{Wire}, read: count("a number of bytes", 10, 1, 1_000_000), after: func(m *Message, f Fault) { m.Wire.LengthDelta = -f.Count }},
	{Name: "chunked", group: "framing", Summary: "the body comes in chunks, rightly, without Content-Length", Needs: []Need{Wire}, after: func(m *Message, _ Fault) { m.Wire.Chunking = wire.Chunked }},
	{Name: "broken-chunking", group: "framing", Summary: "the size of a chunk is not a number", Needs: []Need{Wire}, after: func(m *Message, _ Fault) { m.Wire.Chunking = wire.BrokenSize }},
	{Name: "unfinished-chunking", group: "framing", Summary: "the last chunk never comes", Needs: []Need{Wire}, after: func(m *Message, _ Fault) { m.Wire.Chunking = wire.Unfinished }},
	{Name: "slow-headers", Arguments: "[2s]", Summary: "the head comes bit by bit over that time, in real time", Needs: []Need{Wire}, read: duration(2*time.Second, time.Millisecond, maxSlow), after: func(m *Message, f Fault) { m.Wire.SlowHeaders = f.Duration }},
	{Name: "slow-body", Arguments: "[2s]", Summary: "the body comes bit by bit over that time, in real time", Needs: []Need{Wire}, read: duration(2*time.Second, time.Millisecond, maxSlow), after: func(m *Message, f Fault) { m.Wire.SlowBody = f.Duration }},
	{Name: "duplicate-headers", Summary: "every header comes twice, but for those that frame the request", Needs: []Need{Wire}, after: func(m *Message, _ Fault) { m.Wire.DuplicateHeaders = true }},
	{Name: "connections", Arguments: "[100]", Summary: "that many more connections are open meanwhile, each with a request that has only begun", Needs: []Need{Wire}, read: count("a number of connections", 100, 1, maxConnections), after: func(m *Message, f Fault) { m.Wire.Connections = f.Count }},
}

// The faults that are about time are carried out by whoever schedules deliveries; Lost by whoever sends.
const (
	Delay   = "delay"   // by Fault.Duration
	Reorder = "reorder" // Fault.Count deliveries, in the order that Fault.Word says, within Fault.Duration
	Lost    = "lost"
)

// concurrent is the word for copies that are sent all at once.
const concurrent = "concurrent"

// The orders of Reorder.
const (
	Reverse = "reverse"
	Shuffle = "shuffle"
)

// ended reports whether an argument is left out: the item ends here.
func ended(c *script.Cursor) bool { return c.Peek() == "" && !c.Quoted() }

func duration(standard, low, high time.Duration) func(*script.Cursor, *Fault) error {
	return func(c *script.Cursor, f *Fault) (err error) {
		if f.Duration = standard; !ended(c) {
			f.Duration, err = c.Duration("how long", low, high)
		}
		return err
	}
}

func count(what string, standard, low, high int) func(*script.Cursor, *Fault) error {
	return func(c *script.Cursor, f *Fault) (err error) {
		if f.Count = standard; !ended(c) {
			f.Count, err = c.Int(what, low, high)
		}
		return err
	}
}

func percent(standard float64) func(*script.Cursor, *Fault) error {
	return func(c *script.Cursor, f *Fault) error {
		if f.Percent = standard; ended(c) {
			return nil
		}
		share, found, err := c.Percent()
		if err == nil && (!found || share == 1) {
			err = c.Fail("", "%q is no share of the body, want a percentage below 100%%", c.Peek())
		}
		f.Percent = share
		return err
	}
}

func text(standard string) func(*script.Cursor, *Fault) error {
	return func(c *script.Cursor, f *Fault) (err error) {
		switch {
		case ended(c):
			f.Text = standard
		case c.Quoted():
			f.Text, err = c.String("the value")
		default:
			f.Text = c.Word()
		}
		if err == nil && !headerValue(f.Text) {
			err = c.Fail("", "%q cannot stand in a header", f.Text)
		}
		return err
	}
}

func size(standard int) func(*script.Cursor, *Fault) error {
	return func(c *script.Cursor, f *Fault) (err error) {
		if f.Size = standard; !ended(c) {
			f.Size, err = c.Size("a size", 1, maxSize)
		}
		return err
	}
}

func copies(c *script.Cursor, f *Fault) (err error) {
	if c.Take(concurrent) {
		f.Word = concurrent
	}
	if f.Count = 2; !ended(c) {
		if f.Count, err = c.Times(maxCopies); err == nil && f.Count < 2 {
			err = c.Fail("", "a duplicate comes twice or more often, as in duplicate x2")
		}
	}
	return err
}

func batch(c *script.Cursor, f *Fault) (err error) {
	f.Count, f.Word, f.Duration = 10, Reverse, time.Minute
	if next := c.Peek(); next != "" && next[0] >= '0' && next[0] <= '9' {
		if f.Count, err = c.Int("a number of deliveries", 2, maxBatch); err != nil {
			return err
		}
	}
	if next := c.Peek(); next == Reverse || next == Shuffle {
		f.Word = c.Word()
	}
	if c.Take("within") {
		f.Duration, err = c.Duration("a time", time.Millisecond, maxDelay)
	}
	return err
}
