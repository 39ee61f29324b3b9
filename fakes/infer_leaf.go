package fakes

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// A candidate is a way to make a text, and what it is from.
type candidate struct {
	how  string
	make maker
}

// leaf plans a text, a number or a flag.
func (p *planner) leaf(sh *shape, t string, at place) (maker, error) {
	if quoted := []byte(`"` + escapeJSON(at.fixed) + `"`); at.fixed != "" && sh.fits(quoted) {
		p.note(fromDocument, at.path)
		return literal(quoted), nil
	}
	if at.path == p.c.event.Platform().Rules.DedupKey.Value && at.path != "" {
		at.event, at.person, at.object = true, false, ""
	}
	if t == "" && at.kind() == "id" && len(sh.samples) > 0 {
		if t = "string"; sh.samples[0].JSON[0] != '"' {
			t = "integer"
		}
	}
	if sh.unreadable() != nil && (t == "string" || t == "") {
		return p.unread(sh, at)
	}
	switch t {
	case "boolean":
		p.note(guessed, at.path)
		return coin(at), nil
	case "integer", "number":
		return p.number(sh, t, at)
	}
	if t == "" && len(sh.samples) > 0 {
		p.note(fromExample, at.path)
		return literal(sh.samples[0].JSON), nil
	}
	return p.text(sh, at)
}

// coin is mostly true, and mostly false for what is seldom so.
func coin(at place) maker {
	leaf, chance := hash(at.path), uint64(80)
	if seldom[at.name] {
		chance = 10
	}
	return func(x *fill, b []byte) []byte { return strconv.AppendBool(b, x.draw(leaf)%100 < chance) }
}

var seldom = map[string]bool{"deleted": true, "is_deleted": true, "archived": true, "disabled": true, "suspended": true, "banned": true, "blocked": true, "hidden": true, "test": true, "is_test": true, "canceled": true, "cancelled": true, "refunded": true, "expired": true, "locked": true, "draft": true, "fork": true, "site_admin": true}

// text plans a text: what is varied before what is always the same, and what is sure before what is guessed.
func (p *planner) text(sh *shape, at place) (maker, error) {
	if at.kind() == "id" {
		return p.identifier(sh, at)
	}
	var ways []candidate
	if m := formatText(sh.format, at); m != nil {
		ways = append(ways, candidate{fromFormat, m})
	}
	kind := at.kind()
	example := sh.example()
	shown := weakKinds()[kind] && example != "" // better than a name that says little
	if m := nameText(kind, at, example); m != nil && len(ways) == 0 && !shown {
		if freeKinds()[kind] {
			m = cut(sh, m)
		}
		ways = append(ways, candidate{fromName, m})
	}
	if len(sh.patterns) > 0 {
		for _, m := range numberings(at) {
			ways = append(ways, candidate{fromPattern, m})
		}
	}
	for _, way := range ways {
		if fallback, ok := p.trial(sh, way.make, at); ok {
			p.note(way.how, at.path)
			return guard(sh, way.make, fallback), nil
		}
	}
	return p.anyText(sh, at, example)
}

// unread plans a text whose pattern cannot be read here: only the document knows what matches.
func (p *planner) unread(sh *shape, at place) (maker, error) {
	example := sh.example()
	if example == "" {
		one := sh.unreadable()
		return nil, &impossible{one, "the pattern " + one.Pattern + " cannot be read here"}
	}
	if at.kind() == "id" {
		p.note(sameID, at.path)
	}
	p.note(fromExample, at.path)
	return literal([]byte(example)), nil
}

// anyText plans a text for want of anything varied.
func (p *planner) anyText(sh *shape, at place, example string) (maker, error) {
	if example != "" {
		p.note(fromExample, at.path)
		return literal([]byte(example)), nil
	}
	if len(sh.patterns) > 0 {
		return p.patterned(sh, at)
	}
	p.note(guessed, at.path)
	return sized(sh, at)
}

// example returns the first example that is a text and fits, as JSON.
func (sh *shape) example() string {
	for _, v := range sh.samples {
		if v.JSON[0] == '"' && len(v.JSON) > 2 && sh.fits(v.JSON) {
			return string(v.JSON)
		}
	}
	return ""
}

// patterned plans texts that match a pattern: some are made now, and one of them is sent.
func (p *planner) patterned(sh *shape, at place) (maker, error) {
	found := matching(sh)
	if len(found) == 0 {
		return nil, &impossible{sh.patterns[0], "pattern: nothing was found that matches " + sh.patterns[0].Pattern + " and the limits of length"}
	}
	p.note(fromPattern, at.path)
	leaf := hash(at.path)
	return func(x *fill, b []byte) []byte {
		return append(b, found[(x.draw(leaf)+x.index)%uint64(len(found))]...)
	}, nil
}

// trial makes texts for a dozen payloads. They must fit the shape; what is sent instead of a later one that does not is
// the first.
func (p *planner) trial(sh *shape, m maker, _ place) (fallback string, ok bool) {
	w, names := trialWorld(), namesOf(p.c.event)
	for n := range uint64(12) {
		x := &fill{f: &frame{w: w, n: n * 7, occasion: n * 7, at: w.At(n * 7), event: &names}, person: w.newcomer(n * 7)}
		made := m(x, nil)
		if !sh.fits(made) {
			return "", false
		}
		if n == 0 {
			fallback = string(made)
		}
	}
	return fallback, true
}

// freeKinds are texts that may be cut or repeated.
var freeKinds = sync.OnceValue(func() map[nameKind]bool {
	return map[nameKind]bool{"sentence": true, "title": true, "product": true, "tag": true, "address": true, "fullName": true, "firstName": true, "lastName": true, "job": true, "company": true, "username": true, "token": true}
})

// cut brings a text to the length that is asked for.
func cut(sh *shape, m maker) maker {
	least, most := sh.limits.MinLength, sh.limits.MaxLength
	if least == nil && most == nil || len(sh.patterns) > 0 || least != nil && *least > 10_000 {
		return m
	}
	return func(x *fill, b []byte) []byte {
		start := len(b)
		b = m(x, b)
		var s string
		if json.Unmarshal(b[start:], &s) != nil || s == "" {
			return b
		}
		all := []rune(s)
		for least != nil && len(all) < int(*least) {
			all = append(append(all, ' '), []rune(s)...)
		}
		if most != nil && len(all) > int(*most) {
			all = []rune(strings.TrimRight(string(all[:int(*most)]), " "))
		}
		return append(append(append(b[:start], '"'), escapeJSON(string(all))...), '"')
	}
}

// guard sends the fallback in place of texts that are too long, or that do not match.
func guard(sh *shape, m maker, fallback string) maker {
	if len(sh.patterns) == 0 && sh.limits.MinLength == nil && sh.limits.MaxLength == nil {
		return m
	}
	return func(x *fill, b []byte) []byte {
		start := len(b)
		if b = m(x, b); !sh.fits(b[start:]) {
			b = append(b[:start], fallback...)
		}
		return b
	}
}

// sized plans a text about which only the length is known, if that.
func sized(sh *shape, at place) (maker, error) {
	least, most := 0, 16
	if sh.limits.MinLength != nil {
		least = int(min(*sh.limits.MinLength, 1e9))
	}
	if least > 100_000 {
		return nil, &impossible{sh.own, fmt.Sprintf("minLength: the text must have %d characters, more than are made", least)}
	}
	most = max(most, least)
	if sh.limits.MaxLength != nil {
		most = int(min(*sh.limits.MaxLength, float64(most)))
	}
	if most < least {
		return nil, &impossible{sh.own, "minLength: it is more than maxLength"}
	}
	leaf := hash(at.path)
	length := min(max(least, 10), most)
	return func(x *fill, b []byte) []byte {
		return append(appendKey(append(b, '"'), x.draw(leaf), length), '"')
	}, nil
}

// fits reports whether a JSON value has the type, and what is asked of a text or a number that is easily told.
func (sh *shape) fits(value []byte) bool {
	if len(value) == 0 || !hasType(value, sh.types) {
		return false
	}
	if value[0] == '"' {
		var s string
		if json.Unmarshal(value, &s) != nil {
			return false
		}
		n := float64(utf8.RuneCountInString(s))
		if sh.limits.MinLength != nil && n < *sh.limits.MinLength || sh.limits.MaxLength != nil && n > *sh.limits.MaxLength {
			return false
		}
		for _, one := range sh.patterns {
			if one.Regexp != nil && !one.Regexp.MatchString(s) {
				return false
			}
		}
	}
	if f, ok := parseNumber(value); ok {
		low, high, _ := sh.span("number")
		return f >= low && f <= high
	}
	return true
}

func parseNumber(value []byte) (float64, bool) {
	if value[0] != '-' && (value[0] < '0' || value[0] > '9') {
		return 0, false
	}
	f, err := strconv.ParseFloat(string(value), 64)
	return f, err == nil
}

// farthest is how far from 0 numbers are made where nothing bounds them: all whole numbers up to it have a float64.
const farthest = 9e15

// span returns the least and the greatest number, and the step between numbers; 0 if any will do.
func (sh *shape) span(t string) (low, high, step float64) {
	l := sh.limits
	low, high = -farthest, farthest
	if l.MultipleOf != nil {
		step = *l.MultipleOf
	}
	if t == "integer" && step != math.Trunc(step) || t == "integer" && step == 0 {
		step = max(1, step)
		for n := 1.0; step != math.Trunc(step) && n <= 1000; n++ { // 0.5 → 1, 2.5 → 5
			if whole := *l.MultipleOf * n; whole == math.Trunc(whole) {
				step = whole
			}
		}
	}
	gap := step
	if gap == 0 {
		gap = 0.01
	}
	switch sh.format {
	case "int32":
		low, high = math.MinInt32, math.MaxInt32
	case "int16":
		low, high = math.MinInt16, math.MaxInt16
	case "int8":
		low, high = math.MinInt8, math.MaxInt8
	case "uint8":
		low, high = 0, math.MaxUint8
	}
	if l.Minimum != nil {
		low = max(low, *l.Minimum)
	}
	if l.Maximum != nil {
		high = min(high, *l.Maximum)
	}
	if l.ExclusiveMinimum != nil && *l.ExclusiveMinimum >= low {
		low = *l.ExclusiveMinimum + min(gap, 1)
	}
	if l.ExclusiveMaximum != nil && *l.ExclusiveMaximum <= high {
		high = *l.ExclusiveMaximum - min(gap, 1)
	}
	return low, high, step
}

// number plans a number: one that suits its name, moved into the limits and onto the step.
func (p *planner) number(sh *shape, t string, at place) (maker, error) {
	low, high, step := sh.span(t)
	if step > 0 {
		if low > -farthest {
			low = math.Ceil(low/step-1e-9) * step
		}
		high = math.Floor(high/step+1e-9) * step
	}
	if low > high {
		return nil, &impossible{sh.own, "no number meets minimum, maximum and multipleOf"}
	}
	kind := at.kind()
	natural, known := nameNumber(kind, at, t, sh)
	shown := weakKinds()[kind] && len(sh.samples) > 0
	switch {
	case known && !shown:
		p.note(fromName, at.path)
	case len(sh.samples) > 0 && sh.fits(sh.samples[0].JSON):
		p.note(fromExample, at.path)
		return literal(sh.samples[0].JSON), nil
	default:
		p.note(guessed, at.path)
	}
	decimals := 0
	if step > 0 && step != math.Trunc(step) {
		s := strconv.FormatFloat(step, 'f', -1, 64)
		decimals = len(s) - 2
	} else if step == 0 {
		decimals = 2
	}
	ordinal := at.ordinal()
	return func(x *fill, b []byte) []byte {
		v := natural(x)
		if kind == "id" && (v < low || v > high) && high-low > 1000 { // count them from the least on
			from, wide := low, max(step, 1)
			if low < 1 {
				from = wide
			}
			v = from + math.Mod(float64(ordinal(x)%(1<<40))*wide, high-from)
		}
		if step > 0 {
			v = math.Floor(v/step) * step
		} else if t == "number" && v == math.Trunc(v) && kind == "" {
			v += float64(x.draw(hash(at.path))%100) / 100
		}
		if v < low || v > high {
			within := math.Mod(math.Abs(v), min(high-low+max(step, 1e-9), 1000))
			if step > 0 {
				within = math.Floor(within/step) * step
			}
			if v = low + within; low == -farthest {
				v = high - within
			}
			v = min(max(v, low), high)
		}
		if v == math.Trunc(v) && math.Abs(v) < 1e15 {
			return strconv.AppendInt(b, int64(v), 10)
		}
		if step == 0 && (v*100 < low*100 || math.Abs(low) < 0.02 && math.Abs(high) < 0.02 || high-low < 0.02) {
			return strconv.AppendFloat(b, v, 'f', -1, 64)
		}
		return strconv.AppendFloat(b, v, 'f', decimals, 64)
	}, nil
}
