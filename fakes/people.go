package fakes

import "time"

// occurrences are the events themselves: the thing that happened, with its id and time.
var occurrences = kind{
	root: numbered,
	attributes: map[string]attribute{
		"uuid": text(func(f *frame, _ int64, b []byte) []byte {
			hi, lo := occurrenceID(f)
			return appendUUID(b, hi, lo)
		}),
		"hex32": text(func(f *frame, _ int64, b []byte) []byte {
			hi, lo := occurrenceID(f)
			return appendHex(b, hi, lo, 32)
		}),
		"time":      moment(func(f *frame, _ int64) time.Time { return f.at }),
		"plainName": word(func(f *frame, _ int64) string { return f.event.plain }),
		"hookName":  word(func(f *frame, _ int64) string { return f.event.hook }),
		"upperName": word(func(f *frame, _ int64) string { return f.event.caps }),
	},
}

func occurrenceID(f *frame) (hi, lo uint64) {
	i := int64(f.occasion)
	return f.w.draw(occurrenceKind, i, f.event.id), f.w.draw(occurrenceKind, i, ^f.event.id)
}

var networks = kind{
	root: first,
	attributes: map[string]attribute{
		"id":              serial(networkKind, 10_000, 1),
		"key":             key(networkKind, 2, 10),
		"uuid":            uuid(networkKind, 3),
		"organizationId":  serial(networkKind, 1_000, 1),
		"organizationKey": key(networkKind, 4, 10),
		"guestRoleKey":    key(networkKind, 5, 10),
		"memberRoleKey":   key(networkKind, 6, 10),
		"adminRoleKey":    key(networkKind, 7, 10),
		"name":            word(func(f *frame, i int64) string { return pick(f.w.companies, f.w.draw(networkKind, i, 8)) }),
		"domain": text(func(f *frame, i int64, b []byte) []byte {
			b = appendSlug(b, pick(f.w.companies, f.w.draw(networkKind, i, 8)))
			return append(b, ".example.com"...)
		}),
		// A challenge is new at each time that it is asked.
		"challenge": text(func(f *frame, i int64, b []byte) []byte {
			r := f.w.draw(networkKind, i, 9) ^ mix(uint64(f.at.UnixNano())^f.occasion)
			return appendHex(b, mix(r), mix(r+1), 40)
		}),
	},
}

// A town is a place with the time zone that people there have.
type town struct {
	name string // JSON-escaped
	zone string
}

var towns = []town{
	{"Amsterdam, Netherlands", "Europe/Amsterdam"}, {"Antwerp, Belgium", "Europe/Brussels"}, {"Lyon, France", "Europe/Paris"},
	{"Hamburg, Germany", "Europe/Berlin"}, {"Kraków, Poland", "Europe/Warsaw"}, {"Valencia, Spain", "Europe/Madrid"},
	{"Bologna, Italy", "Europe/Rome"}, {"Aarhus, Denmark", "Europe/Copenhagen"}, {"Gothenburg, Sweden", "Europe/Stockholm"},
	{"Tampere, Finland", "Europe/Helsinki"}, {"Bergen, Norway", "Europe/Oslo"}, {"Leeds, United Kingdom", "Europe/London"},
	{"Portland, OR, USA", "America/Los_Angeles"}, {"Denver, CO, USA", "America/Denver"}, {"Chicago, IL, USA", "America/Chicago"},
	{"Atlanta, GA, USA", "America/New_York"}, {"Toronto, Canada", "America/Toronto"}, {"São Paulo, Brazil", "America/Sao_Paulo"},
	{"Nairobi, Kenya", "Africa/Nairobi"}, {"Cape Town, South Africa", "Africa/Johannesburg"}, {"Pune, India", "Asia/Kolkata"},
	{"Osaka, Japan", "Asia/Tokyo"}, {"Melbourne, Australia", "Australia/Melbourne"}, {"Auckland, New Zealand", "Pacific/Auckland"},
}

var badgeLevels = []string{"Bronze", "Silver", "Gold"}

// home is where a person lives.
func (w *World) home(i int64) town {
	return towns[w.draw(personKind, i, 30)%uint64(len(towns))]
}

// people: person 0 to Residents-1 were there from the start; Residents+n is the n-th newcomer.
var people = kind{
	root: func(f *frame) int64 { return f.w.newcomer(f.n) },
	relations: map[string]relation{
		"properties": {
			kind:  "property",
			of:    func(_ *frame, i int64) int64 { return i * int64(len(propertyKeys)) },
			count: func(*frame, int64) int { return len(propertyKeys) },
		},
	},
	attributes: map[string]attribute{
		"id":       serial(personKind, 1_000_000, 3),
		"key":      key(personKind, 2, 10),
		"uuid":     uuid(personKind, 3),
		"personId": uuid(personKind, 3),
		// Guests are told from the members they become by another key.
		"sessionKey": key(personKind, 4, 10),
		"guestKey": text(func(f *frame, i int64, b []byte) []byte {
			return appendKey(append(b, "GUEST_"...), f.w.draw(personKind, i, 5), 15)
		}),
		"pictureKey":        key(personKind, 6, 21),
		"invitationLinkKey": key(personKind, 7, 21),
		"firstName":         word((*frame).firstName),
		"lastName":          word((*frame).lastName),
		"name": text(func(f *frame, i int64, b []byte) []byte {
			b = append(append(b, f.firstName(i)...), ' ')
			return append(b, f.lastName(i)...)
		}),
		"username": text((*frame).username),
		"email": text(func(f *frame, i int64, b []byte) []byte {
			b = append(f.username(i, b), "@example."...)
			return append(b, pick(topLevels, f.w.draw(personKind, i, 12))...)
		}),
		"company": word(func(f *frame, i int64) string { return pick(f.w.companies, f.w.draw(personKind, i, 13)) }),
		"tagline": text(func(f *frame, i int64, b []byte) []byte {
			b = append(append(b, pick(f.w.jobs, f.w.draw(personKind, i, 14))...), " at "...)
			return append(b, pick(f.w.companies, f.w.draw(personKind, i, 13))...)
		}),
		"bio":      word(func(f *frame, i int64) string { return pick(f.w.sentences, f.w.draw(personKind, i, 15)) }),
		"location": word(func(f *frame, i int64) string { return f.w.home(i).name }),
		"timeZone": word(func(f *frame, i int64) string { return f.w.home(i).zone }),
		"avatarUrl": text(func(f *frame, i int64, b []byte) []byte {
			b = append(b, "https://cdn.example.com/avatars/"...)
			return append(appendHex(b, f.w.draw(personKind, i, 16), 0, 16), ".jpg"...)
		}),
		"permalink": text(func(f *frame, i int64, b []byte) []byte {
			return f.username(i, append(b, "https://community.example.com/members/"...))
		}),
		"createdAt":       moment((*frame).joined),
		"verifiedAt":      moment(func(f *frame, i int64) time.Time { return f.after(i, 20, 40, 600) }),
		"firstAccessAt":   moment(func(f *frame, i int64) time.Time { return f.after(i, 20, 40, 600) }),
		"updatedAt":       moment(func(f *frame, i int64) time.Time { return f.after(i, 21, 601, 86_400) }),
		"deletedAt":       moment(func(f *frame, _ int64) time.Time { return f.at }),
		"referralCount":   number(func(f *frame, i int64) int64 { return between(f.w.draw(personKind, i, 22), 0, 40) }),
		"points":          number(func(f *frame, i int64) int64 { return 5 * between(f.w.draw(personKind, i, 23), 0, 200) }),
		"categories":      word(func(f *frame, i int64) string { return pick(f.w.buzz, f.w.draw(personKind, i, 24)) }),
		"ambassadorLevel": word(func(f *frame, i int64) string { return pick(badgeLevels, f.w.draw(personKind, i, 25)) }),
		"language":        word(func(f *frame, i int64) string { return languages[f.w.draw(personKind, i, 26)%uint64(len(languages))] }),
		"role": word(func(f *frame, i int64) string {
			if i < int64(f.w.config.Residents) && i%16 == 0 {
				return "administrator"
			}
			return []string{"contact", "advocate", "advocate", "manager"}[f.w.draw(personKind, i, 32)%4]
		}),
		"hidden": chance(personKind, 27, 5),
		"groups": {
			list: func(f *frame, i int64) int { return int(between(f.w.draw(personKind, i, 28), 1, 3)) },
			item: func(f *frame, i int64, j int, b []byte) []byte {
				return append(b, groupNames[(f.w.draw(personKind, i, 29)+uint64(j))%uint64(len(groupNames))]...)
			},
		},
	},
}

var (
	topLevels  = []string{"com", "net", "org"}
	groupNames = []string{"Ambassadors", "Employees", "Partners", "Alumni", "Beta testers", "Press"}
)

// properties are what a community collected about a person, one entity for each key: person*len(propertyKeys) + which.
var properties = kind{
	root: first,
	attributes: map[string]attribute{
		"key":     word(func(_ *frame, i int64) string { return propertyKeys[i%int64(len(propertyKeys))] }),
		"primary": word(func(*frame, int64) string { return "true" }),
		"value": text(func(f *frame, i int64, b []byte) []byte {
			owner, which := i/int64(len(propertyKeys)), propertyKeys[i%int64(len(propertyKeys))]
			return people.attributes[which].text(f, owner, b)
		}),
		// Only a property without a value has others under it; all of these have one.
		"children": {present: func(*frame, int64) bool { return false }, list: func(*frame, int64) int { return 0 }},
	},
}

// propertyKeys are attributes of people.
var propertyKeys = []string{"firstName", "lastName", "email", "company", "location"}

func (w *World) newcomer(n uint64) int64 { return int64(w.config.Residents) + int64(min(n, MaxN)) }

// resident draws one of the people who were there from the start.
func (w *World) resident(kind kindID, i int64, purpose uint64) int64 {
	return int64(w.draw(kind, i, purpose) % uint64(w.config.Residents))
}

func (f *frame) firstName(i int64) string { return pick(f.w.firstNames, f.w.draw(personKind, i, 10)) }
func (f *frame) lastName(i int64) string  { return pick(f.w.lastNames, f.w.draw(personKind, i, 11)) }

// username ends in the person's number: the tables are small, and no two people share a name here.
func (f *frame) username(i int64, b []byte) []byte {
	b = append(appendSlug(b, f.firstName(i)), '.')
	return appendInt(appendSlug(b, f.lastName(i)), i)
}

// joined is when a person came: residents within two years before the epoch, newcomers one after the other from it on.
func (f *frame) joined(i int64) time.Time {
	if n := i - int64(f.w.config.Residents); n >= 0 {
		return notAfter(f.w.At(uint64(n)), f.at)
	}
	ago := between(f.w.draw(personKind, i, 31), 86_400*30, 86_400*730)
	return f.w.config.Epoch.Add(-time.Duration(ago) * time.Second)
}

// after is a time that is some seconds after a person came, and not after the payload.
func (f *frame) after(i int64, purpose uint64, low, high int64) time.Time {
	r := f.w.draw(personKind, i, purpose)
	late := time.Duration(between(r, low, high))*time.Second + time.Duration(r>>32%1000)*time.Millisecond
	return notAfter(f.joined(i).Add(late), f.at)
}

// At returns the time of payload n in a run that has no clock of its own: the epoch, and then one about every 37 seconds.
func (w *World) At(n uint64) time.Time {
	return w.config.Epoch.Add(time.Duration(min(n, MaxN)) * pace)
}

var invitations = kind{
	root: numbered,
	relations: map[string]relation{
		"inviter": {kind: "person", of: func(f *frame, i int64) int64 { return f.w.resident(invitationKind, i, 1) }},
		"invitee": {kind: "person", of: func(f *frame, i int64) int64 { return f.w.newcomer(uint64(i)) }},
	},
	attributes: map[string]attribute{
		"key":       key(invitationKind, 2, 21),
		"token":     key(invitationKind, 3, 21),
		"createdAt": moment((*frame).invited),
		"updatedAt": moment(func(f *frame, _ int64) time.Time { return f.at }),
		"joinedAt":  moment(func(f *frame, i int64) time.Time { return f.joined(f.w.newcomer(uint64(i))) }),
		// 30 days, as in the one documented sample.
		"expiresAt": moment(func(f *frame, i int64) time.Time { return f.invited(i).Add(30 * 24 * time.Hour) }),
		// Observed empty: an invitation knows an address, and the name only if the inviter typed one.
		"inviteeName": word(func(f *frame, i int64) string {
			if f.w.draw(invitationKind, i, 4)%2 == 0 {
				return ""
			}
			return f.firstName(f.w.newcomer(uint64(i)))
		}),
	},
}

// invited is some minutes before the invitee comes.
func (f *frame) invited(i int64) time.Time {
	ahead := between(f.w.draw(invitationKind, i, 5), 60, 3_600)
	return notAfter(f.w.At(uint64(i)), f.at).Add(-time.Duration(ahead) * time.Second)
}
