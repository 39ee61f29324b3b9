package store

// What is kept of an inbox at most.
const (
	MaxCaptures      = 10_000
	MaxCapturedBytes = 64 << 20 // of bodies and all that comes with them
)

// A CaptureFilter lets through the captures that match every field that is set.
type CaptureFilter struct {
	Event  string
	Valid  *bool
	Method string
	Path   string
}

// Matches reports whether the filter lets a capture through.
func (f CaptureFilter) Matches(c Capture) bool {
	return (f.Event == "" || f.Event == c.Event) &&
		(f.Valid == nil || *f.Valid == c.Valid) &&
		(f.Method == "" || f.Method == c.Method) &&
		(f.Path == "" || f.Path == c.Path)
}

// A memoryInbox has the captures of one inbox.
type memoryInbox struct {
	captures []Capture // oldest first
	last     uint64    // the number that was given last
	bytes    int       // of the captures
	dropped  uint64
}

func (b *memoryInbox) add(c Capture) {
	b.captures, b.bytes = append(b.captures, c), b.bytes+size(c)
	for len(b.captures) > MaxCaptures || len(b.captures) > 1 && b.bytes > MaxCapturedBytes {
		b.bytes -= size(b.captures[0])
		b.captures[0] = Capture{} // the array may live on for long
		b.captures, b.dropped = b.captures[1:], b.dropped+1
	}
}

// size is about how much memory a capture takes beyond what every one does, in bytes.
func size(c Capture) int {
	const text = 16 // what a string takes beside its bytes
	n := len(c.Body) + len(c.Method) + len(c.Path) + len(c.Query) + len(c.Answered) + len(c.Event) + len(c.Signature)
	for name, values := range c.Header {
		n += len(name) + text
		for _, value := range values {
			n += len(value) + text
		}
	}
	for _, p := range c.Problems {
		n += len(p.Pointer) + len(p.Message) + 2*text
	}
	return n
}

func (j *memoryJournal) AddCapture(c Capture) (Capture, error) {
	err := j.write(func() error {
		b := j.inboxes[c.Inbox]
		if b == nil {
			b = &memoryInbox{}
			j.inboxes[c.Inbox] = b
		}
		b.last++
		c.Number = b.last
		b.add(c)
		return nil
	})
	return c, err
}

func (j *memoryJournal) Capture(inbox string, number uint64) (c Capture, err error) {
	err = j.read(func() error {
		b := j.inboxes[inbox]
		if b == nil || len(b.captures) == 0 || number < b.captures[0].Number || number > b.last {
			return ErrNotFound
		}
		c = b.captures[number-b.captures[0].Number] // there are no gaps
		return nil
	})
	return c, err
}

func (j *memoryJournal) Captures(inbox string, filter CaptureFilter, page Page) (out []Capture, total int, err error) {
	err = j.read(func() error {
		b := j.inboxes[inbox]
		if b == nil {
			return nil
		}
		all := b.captures
		if filter != (CaptureFilter{}) { // a page of all needs no look at the rest
			all = nil
			for i := range b.captures {
				if filter.Matches(b.captures[i]) {
					all = append(all, b.captures[i])
				}
			}
		}
		total = len(all)
		low, high := page.Bounds(total)
		out = append(out, all[low:high]...)
		return nil
	})
	return out, total, err
}

func (j *memoryJournal) Dropped(inbox string) (n uint64, err error) {
	err = j.read(func() error {
		if b := j.inboxes[inbox]; b != nil {
			n = b.dropped
		}
		return nil
	})
	return n, err
}

func (j *memoryJournal) DeleteCaptures(inbox string) error {
	return j.write(func() error {
		if b := j.inboxes[inbox]; b != nil {
			*b = memoryInbox{last: b.last}
		}
		return nil
	})
}
