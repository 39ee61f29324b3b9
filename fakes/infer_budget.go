package fakes

import (
	"fmt"

	"github.com/quintain-dev/quintain/contract"
)

// The budget of an event of a foreign document: how much work all attempts to plan its payloads take, and how many
// bytes and levels one payload has. It is kept while payloads are planned and made, since a document of a few hundred
// bytes can ask for gigabytes.
const (
	maxWork   = 1_000_000 // schemas joined, values planned (workOfValue each) and bytes validated (one for every 16)
	maxBytes  = 1 << 20   // of the values of one payload, with those that are made and not sent
	maxLevels = 100

	workOfValue = 5
	maxValues   = maxWork / 50  // planned in one attempt, which leaves enough for others
	maxSpare    = maxValues / 4 // planned in addition, for what payloads have now and then
	roomy       = maxBytes / 16 // where a payload is larger, its arrays have no more items than they must
)

// tooLarge and tooDeep are the reasons of values that would exceed the budget.
var (
	tooLarge = fmt.Sprintf("the payload has more than %d MB, the most that is made", maxBytes>>20)
	tooDeep  = fmt.Sprintf("it would nest more than %d levels deep", maxLevels)
)

// errTooMuch ends an attempt that plans more values than it may.
type errTooMuch struct{}

func (errTooMuch) Error() string { return "too many values" }

// errNoWork ends the planning of an event: the work is used up.
type errNoWork struct{}

func (errNoWork) Error() string { return "the schema branches too often" }

// pay takes what planning values costs from what may be planned.
func (p *planner) pay(values int, at place) error {
	left := &p.budget
	if at.aside {
		left = &p.spare
	}
	*p.work -= workOfValue * values
	if *left -= values; *left < 0 {
		return errTooMuch{}
	}
	if *p.work < 0 {
		return errNoWork{}
	}
	return nil
}

// An excess is where a payload grew larger than maxBytes.
type excess struct {
	path string           // of the value that was made then
	at   *contract.Schema // of the outermost array that it is a part of, or its own
}

// full reports whether the payload has all bytes that it may have.
func (x *fill) full() bool { return x.excess != nil }

// pay takes the bytes of a value from those that the payload may have.
func (x *fill) pay(bytes int, at *contract.Schema, path string) {
	if x.bytes += bytes; x.bytes > maxBytes && x.excess == nil {
		x.excess = &excess{path, at}
	}
}

// paid makes a leaf that is counted, and null once the payload is full.
func paid(m maker, at *contract.Schema, path string) maker {
	return func(x *fill, b []byte) []byte {
		if x.full() {
			return append(b, "null"...)
		}
		start := len(b)
		b = m(x, b)
		x.pay(len(b)-start, at, path)
		return b
	}
}
