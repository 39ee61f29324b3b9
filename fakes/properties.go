package fakes

import "strconv"

// A propertyRow is one thing that a community collects about people: an attribute of theirs, what only this says of
// them, or several things under one key.
type propertyRow struct {
	key       string
	inProfile bool // the profile repeats it
	attribute string
	value     func(w *World, person int64, b []byte) []byte // appends JSON
	under     []propertyRow
}

// propertyTable is what is collected. All of it is about some people, and the first alwaysCollected of everybody.
var propertyTable = []propertyRow{
	{key: "firstName", inProfile: true, attribute: "firstName"}, {key: "lastName", inProfile: true, attribute: "lastName"},
	{key: "email", inProfile: true, attribute: "email"}, {key: "company", attribute: "company"}, {key: "location", attribute: "location"},
	{key: "settings", under: []propertyRow{{key: "language", attribute: "language"}, {key: "timeZone", attribute: "timeZone"}}},
	{key: "yearsOfExperience", value: func(w *World, person int64, b []byte) []byte {
		return appendInt(b, between(w.draw(propertyKind, person, 2), 0, 30))
	}},
	{key: "newsletter", value: func(w *World, person int64, b []byte) []byte {
		return strconv.AppendBool(b, w.draw(propertyKind, person, 3)%2 == 0)
	}},
	{key: "interests", value: func(w *World, person int64, b []byte) []byte {
		r := w.draw(propertyKind, person, 4)
		b = append(append(b, `["`...), pick(w.hobbies, r)...)
		return append(append(append(b, `","`...), pick(w.hobbies, r%uint64(len(w.hobbies))+1)...), `"]`...)
	}},
}

const alwaysCollected = 6

// collected is how many of the rows are known of a person.
func (f *frame) collected(person int64) int {
	return alwaysCollected + int(f.w.draw(propertyKind, person, 1)%uint64(len(propertyTable)-alwaysCollected+1))
}

// mostUnder is the most that stands under one key.
const mostUnder = 2

// properties are what a community collected about a person, one entity for each row: person*len(propertyTable) + which.
func properties() kind {
	return withChildren(propertyKindOf(propertyRowOf))
}

func propertyRowOf(i int64) (person int64, row *propertyRow) {
	rows := int64(len(propertyTable))
	return i / rows, &propertyTable[i%rows]
}

// withChildren adds the relation to what stands under a property.
func withChildren(k kind) kind {
	k.relations = map[string]relation{"children": {
		kind:  "subproperty",
		of:    func(_ *frame, i int64) int64 { return i * mostUnder },
		count: k.attributes["children"].list,
	}}
	return k
}

// subproperties stand under a property: property*mostUnder + which. Nothing stands under them.
func subproperties() kind {
	return propertyKindOf(func(i int64) (int64, *propertyRow) {
		person, row := propertyRowOf(i / mostUnder)
		if len(row.under) == 0 { // it has none under it: what it is itself
			return person, row
		}
		return person, &row.under[i%mostUnder%int64(len(row.under))]
	})
}

func propertyKindOf(row func(i int64) (person int64, row *propertyRow)) kind {
	under := func(_ *frame, i int64) int {
		_, r := row(i)
		return len(r.under)
	}
	return kind{
		root: first,
		attributes: map[string]attribute{
			"key": word(func(_ *frame, i int64) string {
				_, r := row(i)
				return r.key
			}),
			"primary": word(func(_ *frame, i int64) string {
				_, r := row(i)
				return strconv.FormatBool(r.inProfile)
			}),
			// Only a property without a value has others under it.
			"value": {
				present: func(f *frame, i int64) bool { return under(f, i) == 0 },
				json: func(f *frame, i int64, b []byte) []byte {
					person, r := row(i)
					switch {
					case r.value != nil:
						return r.value(f.w, person, b)
					case r.attribute == "":
						return append(b, "null"...)
					}
					b = append(b, '"')
					if v, ok := f.changes.of("person", person, r.attribute); ok {
						text, _ := v.(string)
						b = append(b, text...)
					} else {
						b = people().attributes[r.attribute].text(f, person, b)
					}
					return append(b, '"')
				},
			},
			"children": {present: func(f *frame, i int64) bool { return under(f, i) > 0 }, list: under},
		},
	}
}
