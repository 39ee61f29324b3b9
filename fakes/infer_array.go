package fakes

import (
	"bytes"
	"fmt"

	"github.com/quintain-dev/quintain/contract"
)

// maxItems is the most items that an array is given, if it must have many.
const maxItems = 200

func (p *planner) array(sh *shape, at place) (maker, error) {
	least, most := 0, maxItems
	if sh.limits.MinItems != nil {
		least = int(min(*sh.limits.MinItems, maxItems+1))
	}
	if sh.limits.MaxItems != nil {
		most = int(min(*sh.limits.MaxItems, maxItems))
	}
	if least > most {
		return nil, &impossible{sh.own, fmt.Sprintf("minItems: the array must have %d items, and at most %d are made", least, most)}
	}
	inner := at
	inner.path, inner.name, inner.fixed, inner.event = at.path+"/*", singular(at.name), "", false
	var prefix []maker
	for i, s := range sh.prefix[:min(most, len(sh.prefix))] {
		one := inner
		one.path = fmt.Sprintf("%s/%d", at.path, i)
		m, err := p.value([]*contract.Schema{s}, one)
		if err != nil {
			return nil, err
		}
		prefix = append(prefix, m)
	}
	var each maker
	seldom := false // there is an item in every other payload
	rest := max(0, least-len(prefix))
	if len(prefix) == 0 && most > 0 {
		rest = max(1, rest)
	}
	if len(sh.items) == 0 && len(prefix) == 0 {
		p.note(guessed, at.path)
		rest = least
	}
	if rest > 0 {
		items := sh.items
		if len(items) == 0 {
			items = []*contract.Schema{{Pointer: sh.own.Pointer, Line: sh.own.Line, Types: []string{"string"}}}
		}
		mark := len(p.notes)
		var err error
		each, err = p.value(items, inner)
		if _, cannot := err.(*impossible); cannot && len(prefix) >= least { //nolint:errorlint // never wrapped
			p.notes = p.notes[:mark]
			rest = 0
			if !at.again && least == 0 { // items that contain such arrays themselves
				p.optional[inner.path] = true
				each = p.besides(inner, func(inner place) (maker, error) {
					inner.again = true
					return p.value(items, inner)
				})
				seldom = each != nil
			}
		} else if err != nil {
			return nil, err
		}
	}
	leaf := hash(at.path)
	few := rest == 1 && most > 1 && each != nil
	return func(x *fill, b []byte) []byte {
		count := rest
		if (few || seldom) && x.bytes < roomy {
			count += int(x.draw(leaf) % 2)
		}
		item, index := x.item, x.index
		b = append(b, '[')
		var starts []int
	items:
		for j := range len(prefix) + count {
			if x.full() {
				break
			}
			x.pay(1, sh.own, at.path)
			make := each
			if j < len(prefix) {
				make = prefix[j]
			}
			before := len(b)
			if j > 0 {
				b = append(b, ',')
			}
			start := len(b)
			for try := range 40 { // as long as it is there before, if each may be there once
				x.item, x.index = mix(item^leaf)+uint64(j+try*maxItems)+1, uint64(j+try)
				if b = make(x, b[:start]); !sh.limits.UniqueItems || x.full() || !repeated(b, starts, start) {
					break
				}
				if try == 39 && j >= least { // nor may what comes next take its place
					b = b[:before]
					break items
				}
			}
			starts = append(starts, start)
		}
		x.item, x.index = item, index
		if rest > 1 && x.full() { // the array that holds the others is the one to name
			x.excess.at = sh.own
		}
		return append(b, ']')
	}, nil
}

// repeated reports whether the last item of an array is one of those before it.
func repeated(b []byte, starts []int, start int) bool {
	for i, from := range starts {
		end := start - 1
		if i+1 < len(starts) {
			end = starts[i+1] - 1
		}
		if bytes.Equal(b[from:end], b[start:]) {
			return true
		}
	}
	return false
}
