package fakes

import (
	"encoding/json"

	"github.com/quintain-dev/quintain/fakes/internal/alphabet"
)

// identifier plans an id that is a text: another one for every payload, in the form of the example, or as the pattern
// has it.
func (p *planner) identifier(sh *shape, at place) (maker, error) {
	example := sh.example()
	var ways []candidate
	add := func(how string, m maker) {
		if m != nil {
			ways = append(ways, candidate{how, m})
		}
	}
	add(fromFormat, formatText(sh.format, at))
	if example != "" {
		form := formOf(example)
		if form != "" {
			add(fromExample, idText(at, form))
		}
		var text string
		_ = json.Unmarshal([]byte(example), &text) // it is a text
		for _, form := range alphabet.Like(text) {
			add(fromExample, ofForm(form, at))
		}
	} else if len(ways) == 0 {
		add(fromName, idText(at, ""))
	}
	if len(sh.patterns) > 0 {
		for _, m := range numberings(at) {
			add(fromPattern, m)
		}
		for _, repeats := range []int{12, 8, 20, 4, 32, 1, 0, 1000} {
			if form := alphabet.Matching(sh.patterns[0].Regexp.String(), repeats); form != nil {
				add(fromPattern, ofForm(form, at))
			}
		}
	}
	for i, way := range append(ways, p.sizedIDs(sh, at)...) {
		fallback, ok := p.trial(sh, way.make, at)
		if !ok || !p.distinct(way.make, at) {
			continue
		}
		if p.note(way.how, at.path); i < len(ways) {
			return guard(sh, way.make, fallback), nil
		}
		return way.make, nil
	}
	p.note(sameID, at.path)
	return p.anyText(sh, at, example)
}

// sizedIDs are ids of a length within the limits, for want of anything better.
func (p *planner) sizedIDs(sh *shape, at place) []candidate {
	if sh.limits.MinLength == nil && sh.limits.MaxLength == nil {
		return nil
	}
	least, most := 1, 16
	if l := sh.limits.MinLength; l != nil {
		least = int(min(max(*l, 1), 10_000))
	}
	if l := sh.limits.MaxLength; l != nil {
		most = int(min(*l, float64(max(most, least))))
	}
	if least > most {
		return nil
	}
	return []candidate{{guessed, ofForm(alphabet.Keys(max(min(12, most), least)), at)}}
}

// distinct reports whether the ids of some payloads differ. Those of persons are theirs, and return with them.
func (p *planner) distinct(m maker, at place) bool {
	if at.person {
		return true
	}
	w, names, seen := trialWorld(), namesOf(p.c.event), map[string]bool{}
	for n := range uint64(200) {
		x := &fill{f: &frame{w: w, n: n, occasion: n, at: w.At(n), event: &names}, person: w.newcomer(n)}
		made := string(m(x, nil))
		if seen[made] {
			return false
		}
		seen[made] = true
	}
	return true
}

// ofForm makes the text of a form that is as far down the list of all as the id is in its own order.
func ofForm(form alphabet.Form, at place) maker {
	texts, ordinal, leaf := form.Texts(), at.ordinal(), hash(at.noun())
	return quoted(func(x *fill, b []byte) []byte {
		return append(b, escapeJSON(texts(x.f.w.draw(occurrenceKind, 0, leaf), ordinal(x)))...)
	})
}

// ordinal counts the things that an id is of: another number in every payload, the same for the same person.
func (at place) ordinal() func(x *fill) uint64 {
	noun := at.noun()
	inPerson, person := at.person && noun == at.object, at.ofPerson()
	return func(x *fill) uint64 {
		var i uint64
		switch {
		case inPerson:
			return uint64(x.person)
		case person:
			return uint64(x.cast(theSubject, hash(noun)))
		case noun == "" || noun == "event":
			i = x.f.occasion
		default:
			i = x.f.n
		}
		if x.item != 0 {
			return i*16 + x.item%15 + 1
		}
		return i
	}
}
