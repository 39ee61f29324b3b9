package fakes

import (
	"encoding/json"
	"math"
	"strings"
	"time"
)

// personal makes an attribute of the person in scope.
func personal(attribute string) maker {
	a := people().attributes[attribute]
	return quoted(func(x *fill, b []byte) []byte { return a.text(x.f, x.person, b) })
}

// noun is what an id is of: order_id → order; id → the object that it stands in.
func (at place) noun() string {
	if at.event {
		return "event"
	}
	noun := strings.TrimSuffix(strings.TrimSuffix(at.name, "_ids"), "s")
	for _, suffix := range []string{"_id", "_uuid", "_guid"} {
		noun = strings.TrimSuffix(noun, suffix)
	}
	switch noun {
	case "id", "uuid", "guid", "gid", "uid", "pk":
		noun = at.object
	}
	return noun
}

// ofPerson reports whether an id is that of the person in scope.
func (at place) ofPerson() bool {
	noun := at.noun()
	return at.person && noun == at.object || subjects()[noun]
}

// number of an id: the same for the same thing in one payload, and another in the next.
func (at place) serial() func(x *fill) uint64 {
	noun := at.noun()
	base, person := hash(noun), at.ofPerson()
	inPerson := at.person && noun == at.object
	return func(x *fill) uint64 {
		switch {
		case inPerson:
			return x.f.w.draw(personKind, x.person, hash("id"))
		case person:
			return x.f.w.draw(personKind, x.cast(theSubject, base), hash("id"))
		case noun == "" || noun == "event":
			return mix(x.f.w.draw(occurrenceKind, int64(x.f.occasion), base^x.f.event.id) ^ x.item)
		default:
			return x.f.w.draw(occurrenceKind, int64(x.f.n), base^x.item)
		}
	}
}

// idText makes ids in a form: uuid, hex24, hex32, hex40, digits, or a prefix.
func idText(at place, form string) maker {
	serial := at.serial()
	return quoted(func(x *fill, b []byte) []byte {
		r := serial(x)
		switch form {
		case "uuid":
			return appendUUID(b, r, mix(r))
		case "hex24":
			return appendHex(b, r, mix(r), 24)
		case "hex32":
			return appendHex(b, r, mix(r), 32)
		case "hex40":
			return appendHex(b, r, mix(r), 40)
		case "digits":
			return appendInt(b, 1_000_000_000+int64(r%9_000_000_000))
		default:
			return appendKey(append(b, form...), r, 20)
		}
	})
}

// formOf tells the form of an id from an example, as JSON.
func formOf(example string) string {
	var s string
	if json.Unmarshal([]byte(example), &s) != nil || s == "" {
		return ""
	}
	digits, hex := 0, 0
	for i := range len(s) {
		if c := s[i]; c >= '0' && c <= '9' {
			digits, hex = digits+1, hex+1
		} else if c >= 'a' && c <= 'f' {
			hex++
		}
	}
	switch {
	case len(s) == 36 && strings.Count(s, "-") == 4:
		return "uuid"
	case digits == len(s):
		return "digits"
	case hex == len(s) && len(s) == 24:
		return "hex24"
	case hex == len(s) && len(s) == 32:
		return "hex32"
	case hex == len(s) && len(s) == 40:
		return "hex40"
	}
	if i := strings.LastIndexByte(s, '_'); i > 0 && i < 16 && escapeJSON(s[:i+1]) == s[:i+1] {
		return s[:i+1]
	}
	return ""
}

// numberings are the forms of ids, for patterns that ask for one of them.
func numberings(at place) (out []maker) {
	for _, form := range []string{"uuid", "hex24", "hex32", "hex40", "digits", ""} {
		out = append(out, idText(at, form))
	}
	return out
}

// moment tells when: what was created was created before it was updated, which was not after the event.
func (at place) moment() func(x *fill) time.Time {
	own, root := hash(strings.TrimSuffix(at.path, at.name)+at.object), at.depth <= 1
	person := at.person
	created := func(x *fill) time.Time {
		switch {
		case person:
			return x.f.joined(x.person)
		case root:
			return x.f.at
		}
		return x.f.at.Add(-time.Duration(between(x.draw(own), 3_600, 90*86_400)) * time.Second)
	}
	starts := func(x *fill) time.Time {
		return x.f.at.Truncate(time.Hour).Add(time.Duration(between(x.draw(own^2), 24, 24*30)) * time.Hour)
	}
	switch at.kind() {
	case "created":
		return created
	case "updated":
		return func(x *fill) time.Time {
			from := created(x)
			return from.Add(x.f.at.Sub(from) / time.Duration(1+x.draw(own^1)%4))
		}
	case "starts":
		return starts
	case "ends":
		return func(x *fill) time.Time { return starts(x).Add(time.Duration(1+x.draw(own^3)%8) * 30 * time.Minute) }
	case "later":
		return func(x *fill) time.Time {
			return x.f.at.Truncate(time.Hour).AddDate(0, 0, int(between(x.draw(own^4), 31, 60)))
		}
	}
	if strings.Contains(at.name, "birth") || at.name == "dob" {
		return func(x *fill) time.Time {
			return time.Date(1960, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(x.f.w.draw(personKind, x.person, hash("birth"))%15_000))
		}
	}
	return func(x *fill) time.Time { return x.f.at }
}

// nameText makes texts that suit a kind of name; nil for a kind that is no text. The example shows the form of ids.
func nameText(kind nameKind, at place, example string) maker {
	leaf := hash(at.path)
	fixed := func(s string) maker { return literal([]byte(`"` + s + `"`)) }
	oneOf := func(words ...string) maker {
		return quoted(func(x *fill, b []byte) []byte { return append(b, pick(words, x.draw(leaf))...) })
	}
	switch kind {
	case "email", "username", "firstName", "lastName", "timeZone", "company":
		return personal(kind)
	case "fullName":
		return personal("name")
	case "job":
		return personal("tagline")
	case "address":
		return personal("location")
	case "phone":
		return quoted(func(x *fill, b []byte) []byte {
			return appendPair(append(b, "+1-555-01"...), int(x.f.w.draw(personKind, x.person, hash("phone"))%100))
		})
	case "image":
		if at.person {
			return personal("avatarUrl")
		}
		return quoted(func(x *fill, b []byte) []byte {
			return append(appendHex(append(b, "https://cdn.example.com/images/"...), x.draw(leaf), 0, 12), ".png"...)
		})
	case "url":
		return quoted(func(x *fill, b []byte) []byte {
			b = append(append(b, "https://example.com/"...), dashed(strings.TrimSuffix(strings.TrimSuffix(at.name, "_url"), "_uri"))...)
			return appendHex(append(b, '/'), x.draw(leaf), 0, 10)
		})
	case "domain":
		return quoted(func(x *fill, b []byte) []byte {
			return append(appendHex(append(b, "host-"...), x.draw(leaf), 0, 6), ".example.com"...)
		})
	case "id":
		return idText(at, formOf(example))
	case "hex":
		return quoted(func(x *fill, b []byte) []byte { return appendHex(b, x.draw(leaf), mix(x.draw(leaf)), 40) })
	case "token":
		return quoted(func(x *fill, b []byte) []byte { return appendKey(b, x.draw(leaf), 32) })
	case "slug":
		return quoted(func(x *fill, b []byte) []byte {
			return append(b, strings.ReplaceAll(strings.ToLower(pick(x.f.w.topics, x.draw(leaf))), " ", "-")...)
		})
	case "tag":
		return oneOf("news", "events", "music", "books", "travel", "food", "sports", "work")
	case "code":
		return quoted(func(x *fill, b []byte) []byte {
			return append(b, strings.ToUpper(string(appendHex(nil, x.draw(leaf), 0, 8)))...)
		})
	case "created", "updated", "now", "starts", "ends", "later":
		if strings.HasSuffix(at.name, "date") || strings.HasSuffix(at.name, "_on") {
			return clock("2006-01-02", at.moment())
		}
		if example != "" && !isMoment(example) {
			return nil
		}
		return clock(dateTime, at.moment())
	case "date":
		return clock("2006-01-02", at.moment())
	case "country":
		return quoted(func(x *fill, b []byte) []byte { return append(b, x.f.w.home(x.person).country...) })
	case "countryCode":
		return nameText("country", at, "")
	case "city":
		return quoted(func(x *fill, b []byte) []byte { return append(b, x.f.w.home(x.person).town...) })
	case "region":
		return oneOf("North", "South", "East", "West")
	case "postcode":
		return quoted(func(x *fill, b []byte) []byte {
			return appendInt(b, between(x.f.w.draw(personKind, x.person, leaf), 10_000, 99_999))
		})
	case "street":
		return quoted(func(x *fill, b []byte) []byte {
			return append(b, pick(x.f.w.english.streets, x.f.w.draw(personKind, x.person, leaf))...)
		})
	case "currency":
		return oneOf("USD", "EUR", "GBP")
	case "money":
		return quoted(func(x *fill, b []byte) []byte {
			r := x.draw(leaf)
			return appendPair(append(appendInt(b, between(r, 1, 250)), '.'), int(r>>32%100))
		})
	case "sentence":
		return quoted(func(x *fill, b []byte) []byte { return append(b, pick(x.f.w.english.sentences, x.draw(leaf))...) })
	case "title":
		return quoted(func(x *fill, b []byte) []byte { return append(b, pick(x.f.w.topics, x.draw(leaf))...) })
	case "product":
		return quoted(func(x *fill, b []byte) []byte { return append(b, pick(x.f.w.english.products, x.draw(leaf))...) })
	case "status":
		return fixed("active")
	case "type":
		return quoted(func(x *fill, b []byte) []byte { return append(b, x.f.event.plain...) })
	case "kind":
		return fixed(strings.TrimSpace(dashed(at.object + " ")))
	case "locale":
		return oneOf("en-US", "en-GB", "de-DE", "fr-FR")
	case "language":
		return oneOf("en", "de", "fr", "es")
	case "ip":
		return quoted(func(x *fill, b []byte) []byte {
			return appendInt(append(b, "192.0.2."...), between(x.draw(leaf), 1, 254))
		})
	case "userAgent":
		return fixed("Mozilla/5.0 (compatible; ExampleBrowser/1.0; +https://example.com)")
	case "color":
		return quoted(func(x *fill, b []byte) []byte { return appendHex(append(b, '#'), x.draw(leaf), 0, 6) })
	case "version":
		return fixed("1.0")
	case "mime":
		return fixed("image/png")
	case "file":
		return quoted(func(x *fill, b []byte) []byte {
			return append(appendHex(append(b, "file-"...), x.draw(leaf), 0, 6), ".png"...)
		})
	}
	return nil
}

func isMoment(example string) bool {
	var s string
	if json.Unmarshal([]byte(example), &s) != nil {
		return false
	}
	_, err := time.Parse(time.RFC3339, s)
	return err == nil
}

func dashed(name string) string {
	if name == "" {
		return "thing"
	}
	return strings.ReplaceAll(escapeJSON(name), "_", "-")
}

// nameNumber makes numbers that suit a kind of name, before they are moved into the limits. Known is false where the
// name does not tell.
func nameNumber(kind nameKind, at place, t string, sh *shape) (_ func(x *fill) float64, known bool) {
	leaf := hash(at.path)
	from := func(low, high int64) (func(x *fill) float64, bool) {
		return func(x *fill) float64 { return float64(between(x.draw(leaf), low, high)) }, true
	}
	switch kind {
	case "id":
		return serialNumber(at), true
	case "created", "updated", "now", "starts", "ends", "later", "date":
		of, scale := at.moment(), 1.0
		if inMillis(at.name, sh) {
			scale = 1000
		}
		return func(x *fill) float64 { return float64(of(x).Unix()) * scale }, true
	case "money":
		if t == "number" {
			return func(x *fill) float64 { return math.Round(float64(between(x.draw(leaf), 100, 25_000))) / 100 }, true
		}
		return from(500, 25_000)
	case "count", "seconds":
		return from(1, 60)
	case "percent":
		return from(1, 99)
	case "age":
		return from(18, 80)
	case "latitude":
		return func(x *fill) float64 { return float64(between(x.draw(leaf), -6_000, 7_000)) / 100 }, true
	case "longitude":
		return func(x *fill) float64 { return float64(between(x.draw(leaf), -17_000, 17_000)) / 100 }, true
	case "bytes":
		return from(1_000, 5_000_000)
	case "millis":
		return from(10, 5_000)
	case "year":
		return func(x *fill) float64 { return float64(x.f.at.Year()) }, true
	case "month":
		return from(1, 12)
	case "version":
		return from(1, 3)
	}
	of, _ := from(1, 1000)
	return of, false
}

// inMillis tells whether a time is counted in milliseconds.
func inMillis(name string, sh *shape) bool {
	if strings.HasSuffix(name, "_ms") || strings.HasSuffix(name, "millis") {
		return true
	}
	for _, v := range sh.samples {
		if f, ok := parseNumber(v.JSON); ok {
			return f > 1e11
		}
	}
	return false
}

// serialNumber counts ids as databases do: from somewhere that depends on what they are of.
func serialNumber(at place) func(x *fill) float64 {
	noun := at.noun()
	base := float64(1_000_000 + hash(noun)%8_000_000)
	inPerson, person := at.person && noun == at.object, at.ofPerson()
	return func(x *fill) float64 {
		var i int64
		switch {
		case inPerson:
			i = people().attributes["id"].number(x.f, x.person)
			return float64(i)
		case person:
			return float64(people().attributes["id"].number(x.f, x.cast(theSubject, hash(noun))))
		case noun == "" || noun == "event":
			i = int64(x.f.occasion)
		default:
			i = int64(x.f.n)
		}
		if x.item != 0 {
			return base + float64(i)*16 + float64(x.item%15) + 1
		}
		return base + float64(i)*16
	}
}
