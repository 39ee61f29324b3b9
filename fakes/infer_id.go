package fakes

import (
	"encoding/json"
	"math/bits"
	"regexp/syntax"
	"strings"
	"unicode"

	"github.com/quintain-dev/quintain/contract"
)

// identifier plans an id that is a text: another one for every payload, in the form of the example, or as the pattern has it.
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
		for _, alphabets := range likeExample(example) {
			add(fromExample, alphabets.maker(at))
		}
	} else if len(ways) == 0 {
		add(fromName, idText(at, ""))
	}
	if len(sh.patterns) > 0 {
		for _, m := range numberings(at) {
			add(fromPattern, m)
		}
		for _, repeats := range []int{12, 8, 20, 4, 32, 1, 0, 1000} {
			if alphabets := alphabetsOf(sh.patterns[0], repeats); alphabets != nil {
				add(fromPattern, alphabets.maker(at))
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
	return []candidate{{guessed, slicesOf(alnum, max(min(12, most), least)).maker(at)}}
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

const (
	digits = "0123456789"
	lower  = "abcdefghijklmnopqrstuvwxyz"
	alnum  = digits + lower + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
)

// alphabets are what may stand at each place of a text.
type alphabets [][]rune

func slicesOf(letters string, n int) (out alphabets) {
	for range n {
		out = append(out, []rune(letters))
	}
	return out
}

// count is how many texts there are, up to 1<<62.
func (a alphabets) count() uint64 {
	product := uint64(1)
	for _, one := range a {
		high, low := bits.Mul64(product, uint64(len(one)))
		if high != 0 || low >= 1<<62 {
			return 1 << 62
		}
		product = low
	}
	return product
}

// maker makes the text that is as far down the list of all as the id is in its own order, so that two of them differ as
// long as there are as many texts. The list is gone through in steps, so that neighbours do not look alike.
func (a alphabets) maker(at place) maker {
	count, ordinal, leaf := a.count(), at.ordinal(), hash(at.noun())
	step := max(1, count/1_000*618+1)
	for gcd(step, count) != 1 {
		step++
	}
	return func(x *fill, b []byte) []byte {
		start := x.f.w.draw(occurrenceKind, 0, leaf) % count
		high, low := bits.Mul64(ordinal(x)%count, step)
		_, i := bits.Div64(high%count, low, count)
		if i += start; i >= count {
			i -= count
		}
		text := make([]rune, len(a))
		for at := len(a) - 1; at >= 0; at-- {
			of := uint64(len(a[at]))
			text[at] = a[at][i%of]
			i /= of
		}
		return append(append(append(b, '"'), escapeJSON(string(text))...), '"')
	}
}

func gcd(a, b uint64) uint64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
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

// likeExample are the forms that ids like an example may have: with another number, with other letters and digits behind
// the last sign, and with others everywhere.
func likeExample(example string) (out []alphabets) {
	var s string
	if json.Unmarshal([]byte(example), &s) != nil || len(s) > 200 {
		return nil
	}
	runes := []rune(s)
	end := len(runes)
	for end > 0 && !unicode.IsDigit(runes[end-1]) {
		end--
	}
	begin := end
	for begin > 0 && unicode.IsDigit(runes[begin-1]) {
		begin--
	}
	alike := func(from, to int) alphabets {
		hex := strings.Trim(string(runes[from:to]), "0123456789abcdef-") == ""
		var all alphabets
		for i, r := range runes {
			one := []rune{r}
			switch inside := i >= from && i < to; {
			case !inside:
			case r >= '0' && r <= '9' && i == from:
				one = []rune(digits[1:])
			case r >= '0' && r <= '9':
				one = []rune(digits)
			case hex && r >= 'a' && r <= 'f':
				one = []rune("abcdef")
			case r >= 'a' && r <= 'z':
				one = []rune(lower)
			case r >= 'A' && r <= 'Z':
				one = []rune(strings.ToUpper(lower))
			}
			all = append(all, one)
		}
		return all
	}
	const many = 1_000_000 // so many that nobody sees the end
	sign := strings.LastIndexAny(s, "_-:/.#|")
	tail := alike(len([]rune(s[:sign+1])), len(runes))
	if tail.count() >= many {
		out = append(out, tail)
	}
	if begin < end {
		number := append(alphabets{[]rune(digits[1:])}, slicesOf(digits, 8)...)
		all := append(append(alike(0, 0)[:begin:begin], number...), alike(0, 0)[end:]...)
		if alone := alike(begin, end); alone.count() >= many {
			all = alone
		}
		out = append(out, all)
	}
	return append(out, alike(0, len(runes)), tail)
}

// alphabetsOf are those of the texts of one form that match a pattern; nil if it is more than this reads.
func alphabetsOf(s *contract.Schema, repeats int) alphabets {
	if s.Regexp == nil {
		return nil
	}
	parsed, err := syntax.Parse(s.Regexp.String(), syntax.Perl)
	if err != nil {
		return nil
	}
	out, ok := places(parsed, repeats, nil)
	if !ok {
		return nil
	}
	return out
}

func places(re *syntax.Regexp, repeats int, out alphabets) (_ alphabets, ok bool) {
	const longest = 2_000
	if len(out) > longest {
		return nil, false
	}
	times := 1
	switch re.Op {
	case syntax.OpLiteral:
		for _, r := range re.Rune {
			out = append(out, []rune{r})
		}
		return out, true
	case syntax.OpCharClass:
		letters := inClass(re)
		return append(out, letters), len(letters) > 0
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return append(out, []rune(alnum)), true
	case syntax.OpAlternate:
		return places(re.Sub[0], repeats, out)
	case syntax.OpNoMatch:
		return nil, false
	case syntax.OpStar:
		times = repeats
	case syntax.OpPlus:
		times = max(1, repeats)
	case syntax.OpQuest:
		times = min(1, repeats)
	case syntax.OpRepeat:
		if times = max(repeats, re.Min); re.Max >= 0 {
			times = min(times, re.Max)
		}
	}
	for range times {
		for _, sub := range re.Sub {
			if out, ok = places(sub, repeats, out); !ok {
				return nil, false
			}
		}
	}
	return out, true
}

// inClass returns letters and digits of a class of characters, or the first few if it has none of them.
func inClass(re *syntax.Regexp) (out []rune) {
	has := func(r rune) bool {
		for i := 0; i+1 < len(re.Rune); i += 2 {
			if r >= re.Rune[i] && r <= re.Rune[i+1] {
				return true
			}
		}
		return false
	}
	for _, r := range alnum {
		if has(r) {
			out = append(out, r)
		}
	}
	for i := 0; i+1 < len(re.Rune) && len(out) == 0; i += 2 {
		for r := re.Rune[i]; r <= re.Rune[i+1] && len(out) < 20; r++ {
			if unicode.IsPrint(r) {
				out = append(out, r)
			}
		}
	}
	return out
}
