package fakes

import "time"

// occurrences are the events themselves: the thing that happened, with its id and time.
func occurrences() kind {
	return kind{
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
			"time": moment(func(f *frame, _ int64) time.Time { return f.at }),
			// When it was before: what a message that tells of a change compares with.
			"previousTime": moment(func(f *frame, _ int64) time.Time {
				return f.at.Add(-time.Duration(between(f.w.draw(occurrenceKind, int64(f.occasion), 1), 60, 86_400)) * time.Second)
			}),
			"plainName": word(func(f *frame, _ int64) string { return f.event.plain }),
			"hookName":  word(func(f *frame, _ int64) string { return f.event.hook }),
			"upperName": word(func(f *frame, _ int64) string { return f.event.caps }),
		},
	}
}

func occurrenceID(f *frame) (hi, lo uint64) {
	i := int64(f.occasion)
	return f.w.draw(occurrenceKind, i, f.event.id), f.w.draw(occurrenceKind, i, ^f.event.id)
}

// people: person 0 to Residents-1 were there from the start; Residents+n is the n-th newcomer.
func people() kind {
	return kind{
		root:  func(f *frame) int64 { return f.w.newcomer(f.n) },
		comes: atOnce,
		turns: map[string]since{"verified": func(w *World, n uint64) time.Duration {
			return delay(w.draw(personKind, w.newcomer(n), 20), 40, 600)
		}},
		relations: map[string]relation{
			"properties": {
				kind:  "property",
				of:    func(_ *frame, i int64) int64 { return i * int64(len(propertyTable)) },
				count: (*frame).collected,
			},
			"categoryList": {
				kind: "category",
				of:   func(f *frame, i int64) int64 { return f.w.category(i) },
				count: func(f *frame, i int64) int {
					return min(1+int(f.w.draw(personKind, i, 33)%2), len(categoryTitles)-int(f.w.category(i)))
				},
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
			"firstName":         word(func(f *frame, i int64) string { return f.w.firstName(i).text }),
			"lastName":          word(func(f *frame, i int64) string { return f.w.lastName(i).text }),
			"name": text(func(f *frame, i int64, b []byte) []byte {
				b = append(append(b, f.w.firstName(i).text...), ' ')
				return append(b, f.w.lastName(i).text...)
			}),
			"username": text((*frame).username),
			"email": text(func(f *frame, i int64, b []byte) []byte {
				b = append(f.username(i, b), "@example."...)
				return append(b, pick(topLevels, f.w.draw(personKind, i, 12))...)
			}),
			"company": word(func(f *frame, i int64) string { return f.w.company(personKind, i, 13).text }),
			"tagline": text(func(f *frame, i int64, b []byte) []byte {
				b = append(append(b, pick(f.w.jobs, f.w.draw(personKind, i, 14))...), " at "...)
				return append(b, f.w.company(personKind, i, 13).text...)
			}),
			"bio": text(func(f *frame, i int64, b []byte) []byte {
				b = append(append(b, pick(f.w.jobs, f.w.draw(personKind, i, 14))...), " in "...)
				b = append(append(b, f.w.home(i).town...), ". "...)
				return f.appendPastime(i, b)
			}),
			"shortBio": text((*frame).appendPastime),
			"location": word(func(f *frame, i int64) string { return f.w.home(i).location }),
			"timeZone": word(func(f *frame, i int64) string { return f.w.home(i).zone }),
			"language": word(func(f *frame, i int64) string { return f.w.table(i).language }),
			"country":  word(func(f *frame, i int64) string { return f.w.home(i).country }),
			"locale":   word(func(f *frame, i int64) string { return f.w.home(i).locale }),
			// Only some countries have set numbers aside that nobody has; who lives elsewhere gives none.
			"phone": {
				present: func(f *frame, i int64) bool { return f.w.home(i).phone.prefix != "" },
				text: func(f *frame, i int64, b []byte) []byte {
					p := f.w.home(i).phone
					return appendDigits(append(b, p.prefix...), f.w.draw(personKind, i, 34), p.digits)
				},
			},
			"avatarUrl": text(func(f *frame, i int64, b []byte) []byte {
				b = append(b, "https://cdn.example.com/avatars/"...)
				return append(appendHex(b, f.w.draw(personKind, i, 16), 0, 16), ".jpg"...)
			}),
			"permalink": text(func(f *frame, i int64, b []byte) []byte {
				return f.username(i, append(b, "https://community.example.com/members/"...))
			}),
			"createdAt":     moment((*frame).joined),
			"verifiedAt":    moment(func(f *frame, i int64) time.Time { return f.after(i, 20, 40, 600) }),
			"firstAccessAt": moment(func(f *frame, i int64) time.Time { return f.after(i, 20, 40, 600) }),
			"updatedAt":     moment(func(f *frame, i int64) time.Time { return f.after(i, 21, 601, 86_400) }),
			"deletedAt":     moment(func(f *frame, _ int64) time.Time { return f.at }),
			"points":        number(func(f *frame, i int64) int64 { return 5 * between(f.w.draw(personKind, i, 23), 0, 200) }),
			"categories":    word(func(f *frame, i int64) string { return categoryTitles[f.w.category(i)] }),
			// Who referred more people stands higher.
			"referralCount": number(func(f *frame, i int64) int64 {
				bounds := [...]int64{1, 5, 15, 41}
				level := f.w.ambassadorLevel(i)
				return between(f.w.draw(personKind, i, 22), bounds[level], bounds[level+1]-1)
			}),
			"ambassadorLevel":     word(func(f *frame, i int64) string { return badgeLevels[f.w.ambassadorLevel(i)] }),
			"ambassadorLevelName": word(func(f *frame, i int64) string { return badgeLevels[f.w.ambassadorLevel(i)] }),
			"ambassadorLevelId":   number(func(f *frame, i int64) int64 { return 1 + int64(f.w.ambassadorLevel(i)) }),
			"isAdmin":             flag(func(f *frame, i int64) bool { return f.w.isAdmin(i) }),
			"role": word(func(f *frame, i int64) string {
				if f.w.isAdmin(i) {
					return "administrator"
				}
				return pick(roles, f.w.draw(personKind, i, 32))
			}),
			"roleKey": text(func(f *frame, i int64, b []byte) []byte {
				if f.w.isAdmin(i) {
					return appendKey(b, f.w.draw(networkKind, 0, adminRole), 10)
				}
				return appendKey(b, f.w.draw(networkKind, 0, memberRole), 10)
			}),
			// Some are taken into the team after they came; these say what they are from then on.
			"teammate": flag(func(f *frame, i int64) bool { return f.w.onTeam(i) }),
			"teamRoleType": word(func(f *frame, i int64) string {
				if f.w.onTeam(i) {
					return "admin"
				}
				return "member"
			}),
			"teamRoleKey": text(func(f *frame, i int64, b []byte) []byte {
				if f.w.onTeam(i) {
					return appendKey(b, f.w.draw(networkKind, 0, adminRole), 10)
				}
				return appendKey(b, f.w.draw(networkKind, 0, memberRole), 10)
			}),
			"memberType": word(func(f *frame, i int64) string {
				if !f.w.isAdmin(i) && f.w.draw(personKind, i, 35)%10 == 0 {
					return "limited"
				}
				return "full"
			}),
			"hidden": chance(personKind, 27, 5),
			"optIn":  chance(personKind, 40, 85),
			"groups": {
				list: func(f *frame, i int64) int { return int(between(f.w.draw(personKind, i, 28), 1, 3)) },
				item: func(f *frame, i int64, j int, b []byte) []byte {
					return append(b, groupNames[(f.w.draw(personKind, i, 29)+uint64(j))%uint64(len(groupNames))]...)
				},
			},
			"ipAddress":     address(personKind, 36),
			"deviceBrand":   word(func(f *frame, i int64) string { return f.w.device(i).brand }),
			"os":            word(func(f *frame, i int64) string { return f.w.device(i).os }),
			"osVersion":     word(func(f *frame, i int64) string { return f.w.device(i).osVersion }),
			"clientVersion": word(func(f *frame, i int64) string { return f.w.device(i).clientVersion }),
			"sessionUuid":   uuid(personKind, 38),
			"trackerKey":    key(personKind, 39, 21),
		},
	}
}

var (
	topLevels   = []string{"com", "net", "org"}
	groupNames  = []string{"Ambassadors", "Employees", "Partners", "Alumni", "Beta testers", "Press"}
	roles       = []string{"contact", "advocate", "advocate", "manager"}
	badgeLevels = []string{"Bronze", "Silver", "Gold"}
)

// A device is what somebody reads the community on.
type device struct{ brand, os, osVersion, clientVersion string }

var devices = []device{
	{"Apple", "iOS", "18.1", "18.1"}, {"Apple", "iOS", "17.6", "17.6"}, {"Apple", "macOS", "15.1", "131.0.0"}, {"Apple", "macOS", "14.7", "18.0"},
	{"Samsung", "Android", "14", "130.0.0"}, {"Google", "Android", "15", "131.0.0"}, {"Fairphone", "Android", "13", "131.0.0"},
	{"Dell", "Windows", "11", "131.0.0"}, {"Lenovo", "Windows", "10", "130.0.0"}, {"Framework", "Linux", "6.8", "132.0.0"},
}

func (w *World) device(i int64) *device {
	return &devices[w.draw(personKind, i, 37)%uint64(len(devices))]
}

func (w *World) ambassadorLevel(i int64) int { return int(w.draw(personKind, i, 25) % 3) }

// isAdmin: the owner, and then one in sixteen of those who were there from the start.
func (w *World) isAdmin(i int64) bool {
	return i < int64(w.config.Residents) && i%residentsPerAdmin == 0
}

const residentsPerAdmin = 16

// onTeam: the administrators, and every tenth or so of those who came after them.
func (w *World) onTeam(i int64) bool {
	return w.isAdmin(i) || i >= int64(w.config.Residents) && w.draw(personKind, i, 41)%10 == 0
}

// admin draws one of the administrators.
func (w *World) admin(kind kindID, i int64, purpose uint64) int64 {
	admins := uint64(w.config.Residents+residentsPerAdmin-1) / residentsPerAdmin
	return residentsPerAdmin * int64(w.draw(kind, i, purpose)%admins)
}

// category is the first of those that a person is in.
func (w *World) category(i int64) int64 {
	return int64(w.draw(personKind, i, 24) % uint64(len(categoryTitles)))
}

var categoryTitles = []string{
	"Makers", "Coaches", "Teachers", "Designers", "Developers", "Writers", "Founders", "Researchers", "Volunteers", "Students", "Organizers", "Artists",
}

func categories() kind {
	return kind{
		root:    func(f *frame) int64 { return f.w.category(f.w.newcomer(f.n)) },
		lasting: categoryKind,
		attributes: map[string]attribute{
			"id": serial(categoryKind, 500, 1),
			"title": text(func(_ *frame, i int64, b []byte) []byte {
				return appendTitle(b, categoryTitles[i%int64(len(categoryTitles))], i, len(categoryTitles))
			}),
		},
	}
}

// appendPastime says what somebody does when not at work.
func (f *frame) appendPastime(i int64, b []byte) []byte {
	r := f.w.draw(personKind, i, 15)
	form := &pastimes[r%uint64(len(pastimes))]
	count := uint64(len(f.w.hobbies))
	one := r >> 8 % count
	b = append(append(b, form[0]...), f.w.hobbies[one]...)
	b = append(append(b, form[1]...), f.w.hobbies[(one+1+r>>32%(count-1))%count]...)
	return append(b, form[2]...)
}

var pastimes = [][3]string{
	{"Into ", " and ", "."},
	{"Happy to talk about ", ", or ", " if you insist."},
	{"Never without ", "; lately also ", "."},
	{"Came for ", ", stayed for ", "."},
	{"Weekends are for ", " and ", "."},
	{"Ask me about ", ". Teach me ", "."},
	{"Half of my shelf is about ", ", the other half about ", "."},
	{"Beginner in ", ", veteran of ", "."},
}

func (w *World) newcomer(n uint64) int64 { return int64(w.config.Residents) + int64(min(n, MaxN)) }

// resident draws one of the people who were there from the start.
func (w *World) resident(kind kindID, i int64, purpose uint64) int64 {
	return int64(w.draw(kind, i, purpose) % uint64(w.config.Residents))
}

// story leads to the person whose story thing i is a part of: the i-th newcomer. So payload n tells of the same person
// in every event that is about what somebody did.
func story(f *frame, i int64) int64 { return f.w.newcomer(uint64(i)) }

// username ends in the person's number: the tables are small, and no two people share a name here.
func (f *frame) username(i int64, b []byte) []byte {
	b = append(append(b, f.w.firstName(i).slug...), '.')
	return appendInt(append(b, f.w.lastName(i).slug...), i)
}

// joined is when a person came: the owner with the community, the other residents in the year after, before anything
// else was there, and newcomers one after the other from the epoch on.
func (f *frame) joined(i int64) time.Time {
	return f.created("person", i, f.came(i))
}

func (f *frame) came(i int64) time.Time {
	if n := i - int64(f.w.config.Residents); n >= 0 {
		return f.made(n)
	}
	if i == 0 {
		return f.began()
	}
	ago := between(f.w.draw(personKind, i, 31), 86_400*(foundingDays+1), 86_400*730)
	return f.w.config.Epoch.Add(-time.Duration(ago) * time.Second)
}

// after is a time that is some seconds after a person came, and not after the payload.
func (f *frame) after(i int64, purpose uint64, low, high int64) time.Time {
	return f.later(f.joined(i), f.w.draw(personKind, i, purpose), low, high)
}
