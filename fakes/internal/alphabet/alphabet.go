// Package alphabet numbers the texts of one form, such as those that match a pattern, so that each of many ids is
// another text. It stands alone since it knows nothing of payloads.
package alphabet

import (
	"math/bits"
	"regexp/syntax"
	"strings"
	"unicode"
)

const (
	digits = "0123456789"
	lower  = "abcdefghijklmnopqrstuvwxyz"
	alnum  = digits + lower + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
)

// A Form is what may stand at each place of a text.
type Form [][]rune

// Keys is the form of texts of n letters and digits.
func Keys(n int) Form { return repeat(alnum, n) }

func repeat(letters string, n int) (out Form) {
	for range n {
		out = append(out, []rune(letters))
	}
	return out
}

// Count is how many texts there are, up to 1<<62.
func (f Form) Count() uint64 {
	product := uint64(1)
	for _, one := range f {
		high, low := bits.Mul64(product, uint64(len(one)))
		if high != 0 || low >= 1<<62 {
			return 1 << 62
		}
		product = low
	}
	return product
}

// Texts returns what makes text i of those that there are, counted from a start: two of them differ as long as there
// are as many. The list of all is gone through in steps, so that neighbours do not look alike.
func (f Form) Texts() func(start, i uint64) string {
	count := f.Count()
	step := max(1, count/1_000*618+1)
	for gcd(step, count) != 1 {
		step++
	}
	return func(start, i uint64) string {
		high, low := bits.Mul64(i%count, step)
		_, i = bits.Div64(high%count, low, count)
		if start %= count; i >= count-start {
			i -= count - start
		} else {
			i += start
		}
		text := make([]rune, len(f))
		for at := len(f) - 1; at >= 0; at-- {
			of := uint64(len(f[at]))
			text[at] = f[at][i%of]
			i /= of
		}
		return string(text)
	}
}

func gcd(a, b uint64) uint64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// Like returns the forms that texts like an example may have: with another number, with other letters and digits behind
// the last sign, and with others everywhere.
func Like(s string) (out []Form) {
	if len(s) > 200 {
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
	alike := func(from, to int) Form {
		hex := strings.Trim(string(runes[from:to]), "0123456789abcdef-") == ""
		var all Form
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
	if tail.Count() >= many {
		out = append(out, tail)
	}
	if begin < end {
		number := append(Form{[]rune(digits[1:])}, repeat(digits, 8)...)
		all := append(append(alike(0, 0)[:begin:begin], number...), alike(0, 0)[end:]...)
		if alone := alike(begin, end); alone.Count() >= many {
			all = alone
		}
		out = append(out, all)
	}
	return append(out, alike(0, len(runes)), tail)
}

// Matching returns the form of texts that match a regular expression, where what may be repeated is repeated so often;
// nil if the expression is more than this reads.
func Matching(expression string, repeats int) Form {
	parsed, err := syntax.Parse(expression, syntax.Perl)
	if err != nil {
		return nil
	}
	out, ok := places(parsed, repeats, nil)
	if !ok {
		return nil
	}
	return out
}

func places(re *syntax.Regexp, repeats int, out Form) (_ Form, ok bool) {
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
