package fakes

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/quintain-dev/quintain/contract"
)

// leaf fills one value from an attribute. Where the attribute is absent, a leaf that may be null is null.
func (c *compiler) leaf(s, t *contract.Schema, scope entity) error {
	a, e, err := c.attribute(s, s.Fake, scope)
	if err != nil {
		return err
	}
	write := func() error { return c.value(s, t, a, e.slot) }
	_, name, _ := cutLast(s.Fake)
	if _, ok := kinds()[e.kind].relations[name]; ok && a.list != nil && s.Items != nil {
		write = func() error { return c.each(s, name, e) }
	}
	if there := and(e.present, a.presentIn(e.slot)); there != nil && s.Nullable() {
		return c.orNull(there, write)
	}
	return write()
}

func (c *compiler) value(s, t *contract.Schema, a attribute, slot int) error {
	quoted := t.Is("string") || len(t.Types) == 0 && a.text != nil
	switch {
	case a.text != nil:
		c.literal = append(c.literal, '"')
		c.emit(func(f *frame, b []byte) []byte { return a.text(f, f.slots[slot], b) })
		c.literal = append(c.literal, '"')
	case a.number != nil:
		if quoted {
			c.literal = append(c.literal, '"')
		}
		c.emit(func(f *frame, b []byte) []byte { return appendInt(b, a.number(f, f.slots[slot])) })
		if quoted {
			c.literal = append(c.literal, '"')
		}
	case a.flag != nil:
		c.emit(func(f *frame, b []byte) []byte {
			if a.flag(f, f.slots[slot]) {
				return append(b, "true"...)
			}
			return append(b, "false"...)
		})
	case a.json != nil:
		c.emit(func(f *frame, b []byte) []byte { return a.json(f, f.slots[slot], b) })
	case a.moment != nil:
		write, err := timeWriter(s, a)
		if err != nil {
			return c.fault(s, "%s", err)
		}
		c.emit(func(f *frame, b []byte) []byte { return write(f, f.slots[slot], b) })
	default:
		if s.Is("array") && a.item == nil { // of entities that lead to no others
			c.literal = append(c.literal, "[]"...)
			return nil
		}
		return c.fault(s, "x-fake: %q is a list, and belongs to the items of an array", s.Fake)
	}
	return nil
}

// The spellings of x-time.
var spellings = map[string]func(b []byte, t time.Time) []byte{
	"offset-seconds": func(b []byte, t time.Time) []byte { return append(appendCivil(b, t), `+00:00"`...) },
	"utc-seconds":    func(b []byte, t time.Time) []byte { return append(appendCivil(b, t), `Z"`...) },
	"utc-millis": func(b []byte, t time.Time) []byte {
		b = append(appendCivil(b, t), '.')
		ms := t.Nanosecond() / 1e6
		return append(append(b, byte('0'+ms/100)), byte('0'+ms/10%10), byte('0'+ms%10), 'Z', '"')
	},
	"zone-seconds": nil, // takes the zone of the entity
	"unix-seconds": func(b []byte, t time.Time) []byte { return appendInt(b, t.Unix()) },
	"unix-millis":  func(b []byte, t time.Time) []byte { return appendInt(b, t.UnixMilli()) },
}

func timeWriter(s *contract.Schema, a attribute) (func(f *frame, i int64, b []byte) []byte, error) {
	write, ok := spellings[s.Time]
	if !ok {
		return nil, fmt.Errorf("x-time is %q, want one of %s", s.Time, strings.Join(slices.Sorted(maps.Keys(spellings)), ", "))
	}
	if write != nil {
		return func(f *frame, i int64, b []byte) []byte { return write(b, a.moment(f, i)) }, nil
	}
	if a.zone == nil {
		return nil, fmt.Errorf("x-time is zone-seconds, and %q has no time zone of its own", s.Fake)
	}
	return func(f *frame, i int64, b []byte) []byte {
		t := a.moment(f, i).In(a.zone(f, i))
		_, offset := t.Zone()
		// The wall clock as if it were UTC's, then the offset.
		b = appendCivil(b, t.Add(time.Duration(offset)*time.Second))
		sign := byte('+')
		if offset < 0 {
			sign, offset = '-', -offset
		}
		b = appendPair(append(b, sign), offset/3600)
		return append(appendPair(append(b, ':'), offset/60%60), '"')
	}, nil
}

// appendCivil appends a quote and the date and time of t in UTC, to the second. It is what time.AppendFormat does with
// a layout, at a third of the time: most of a payload's leaves are times.
func appendCivil(b []byte, t time.Time) []byte {
	seconds := t.Unix()
	days := seconds / 86_400
	if seconds%86_400 < 0 {
		days--
	}
	inDay := int(seconds - days*86_400)
	// The civil date of a day number, by eras of 400 years that begin on a 1 March.
	days += 719_468
	era := days / 146_097
	if days < 0 {
		era = (days - 146_096) / 146_097
	}
	ofEra := days - era*146_097
	yearOfEra := (ofEra - ofEra/1460 + ofEra/36_524 - ofEra/146_096) / 365
	dayOfYear := ofEra - (365*yearOfEra + yearOfEra/4 - yearOfEra/100)
	shifted := (5*dayOfYear + 2) / 153
	day, month, year := int(dayOfYear-(153*shifted+2)/5+1), int(shifted+3), yearOfEra+era*400
	if month > 12 {
		month, year = month-12, year+1
	}
	b = append(b, '"')
	if year < 0 || year > 9999 { // not a date that platforms write; as the library does
		b = t.UTC().AppendFormat(b, "2006-01-02")
	} else {
		b = appendPair(appendPair(b, int(year)/100), int(year)%100)
		b = appendPair(append(b, '-'), month)
		b = appendPair(append(b, '-'), day)
	}
	b = appendPair(append(b, 'T'), inDay/3600)
	b = appendPair(append(b, ':'), inDay/60%60)
	return appendPair(append(b, ':'), inDay%60)
}

func appendPair(b []byte, n int) []byte { return append(b, byte('0'+n/10), byte('0'+n%10)) }
