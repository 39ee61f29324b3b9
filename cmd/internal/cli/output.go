package cli

import (
	"io"
	"sync"
)

// output is standard output. It remembers that it could not be written, so that no command needs to look at each line
// that it prints: Main asks once, at the end.
type output struct {
	to io.Writer

	mu  sync.Mutex
	err error // the first
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	n, err := o.to.Write(p)
	if o.err == nil {
		o.err = err
	}
	return n, err
}

// Unwrap returns what the output is written to.
func (o *output) Unwrap() io.Writer { return o.to }

// failed returns why something could not be written, or nil.
func (o *output) failed() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.err
}
