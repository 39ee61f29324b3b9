package fakes

import (
	"math/rand/v2"
	"regexp/syntax"
	"strings"
	"time"

	"github.com/brianvoe/gofakeit/v7"
)

// quoted makes a text of what fn appends, which is escaped.
func quoted(fn func(x *fill, b []byte) []byte) maker {
	return func(x *fill, b []byte) []byte { return append(fn(x, append(b, '"')), '"') }
}

func clock(layout string, of func(x *fill) time.Time) maker {
	return quoted(func(x *fill, b []byte) []byte { return of(x).UTC().AppendFormat(b, layout) })
}

const dateTime = "2006-01-02T15:04:05Z"

// formatText makes texts of a format; nil for one that is not known here.
func formatText(format string, at place) maker {
	leaf := hash(at.path)
	fixed := func(s string) maker { return literal([]byte(`"` + s + `"`)) }
	switch format {
	case "date-time":
		return clock(dateTime, at.moment())
	case "date":
		return clock("2006-01-02", at.moment())
	case "time":
		return clock("15:04:05Z", at.moment())
	case "duration":
		return fixed("P3D")
	case "email", "idn-email":
		return personal("email")
	case "uuid":
		return idText(at, "uuid")
	case "ulid":
		return quoted(func(x *fill, b []byte) []byte {
			return append(append(b, "01"...), strings.ToUpper(string(appendHex(nil, x.draw(leaf), x.draw(leaf+1), 24)))...)
		})
	case "uri", "url", "iri", "uri-reference", "iri-reference", "uri-template":
		if m := nameText(at.kind(), at, ""); m != nil && urlKinds()[at.kind()] {
			return m
		}
		return nameText("url", at, "")
	case "hostname", "idn-hostname":
		return nameText("domain", at, "")
	case "ipv4", "ip":
		return nameText("ip", at, "")
	case "ipv6":
		return quoted(func(x *fill, b []byte) []byte {
			r := x.draw(leaf)
			b = appendHex(append(b, "2001:db8::1"...), r, 0, 3)
			return appendHex(append(b, ":1"...), r<<12, 0, 3)
		})
	case "byte", "base64":
		return quoted(func(x *fill, b []byte) []byte { return append(appendKey(b, x.draw(leaf), 23), '=') })
	case "password":
		return quoted(func(x *fill, b []byte) []byte { return appendKey(b, x.draw(leaf), 16) })
	case "json-pointer":
		return fixed("/data/id")
	case "relative-json-pointer":
		return fixed("1/id")
	case "regex":
		return fixed("^[a-z]+$")
	case "semver":
		return fixed("1.4.2")
	case "period":
		return fixed("2025-01-01T00:00:00Z/P1M")
	case "phone":
		return nameText("phone", at, "")
	case "color":
		return nameText("color", at, "")
	}
	return nil
}

// matching makes texts that match the patterns of a shape, as JSON.
func matching(sh *shape) (found []string) {
	source := sh.patterns[0]
	if source.Regexp == nil {
		return nil
	}
	parsed, err := syntax.Parse(source.Regexp.String(), syntax.Perl)
	if err != nil || length(parsed) > 5_000 {
		return nil
	}
	defer func() { _ = recover() }() // gofakeit panics at some expressions: what was found is used
	f := gofakeit.NewFaker(rand.NewPCG(hash(source.Pattern), 0x5eed), false)
	for try := 0; try < 400 && len(found) < 16; try++ {
		for _, s := range []string{f.Regex(source.Pattern), f.Regex(parsed.Simplify().String())} {
			if v := `"` + escapeJSON(s) + `"`; sh.fits([]byte(v)) {
				found = append(found, v)
			}
		}
	}
	return found
}

// length is about how long a text that matches may become.
func length(re *syntax.Regexp) int {
	sum := 0
	for _, sub := range re.Sub {
		sum = min(sum+length(sub), 1_000_000)
	}
	switch re.Op {
	case syntax.OpStar, syntax.OpPlus:
		return sum * 10
	case syntax.OpRepeat:
		return sum * max(re.Min, re.Max, 10)
	case syntax.OpLiteral:
		return len(re.Rune)
	}
	return sum + 1
}
