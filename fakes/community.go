package fakes

import (
	"time"
)

// oneOf makes a root of a kind of which there are only so many: payload n is about one of them.
func oneOf(kind kindID) func(f *frame) int64 {
	return func(f *frame) int64 { return f.w.some(kind, int64(f.n), kind) }
}

// some draws one of a kind of which there are only so many, for thing i of a kind.
func (w *World) some(kind kindID, i int64, of kindID) int64 {
	return int64(w.draw(kind, i, 1) % uint64(w.size(of)))
}

// appendTitle appends the i-th title of a table, with a number if the world has more than the table.
func appendTitle(b []byte, title string, i int64, size int) []byte {
	b = append(b, title...)
	if round := i / int64(size); round > 0 {
		b = appendInt(append(b, ' '), round+1)
	}
	return b
}

func appendSlugOf(b []byte, title string, i int64, size int) []byte {
	b = appendKebab(b, title)
	if round := i / int64(size); round > 0 {
		b = appendInt(append(b, '-'), round+1)
	}
	return b
}

// A label is what a badge or a tag says.
type label struct{ title, description, color string }

// labels are the attributes that badges, tags and segments share.
func labels(kind kindID, table []label) map[string]attribute {
	of := func(i int64) *label { return &table[i%int64(len(table))] }
	return map[string]attribute{
		"title":       text(func(_ *frame, i int64, b []byte) []byte { return appendTitle(b, of(i).title, i, len(table)) }),
		"slug":        text(func(_ *frame, i int64, b []byte) []byte { return appendSlugOf(b, of(i).title, i, len(table)) }),
		"description": word(func(_ *frame, i int64) string { return of(i).description }),
		"color":       word(func(_ *frame, i int64) string { return of(i).color }),
		"createdAt":   moment(func(f *frame, i int64) time.Time { return f.founded(kind, i) }),
		"updatedAt":   moment(func(f *frame, i int64) time.Time { return f.settled(kind, i) }),
	}
}

// with adds attributes to those that kinds share.
func with(shared, own map[string]attribute) map[string]attribute {
	for name, a := range own {
		shared[name] = a
	}
	return shared
}

func badges() kind {
	return kind{
		root:    oneOf(badgeKind),
		lasting: badgeKind,
		attributes: with(labels(badgeKind, badgeTable), map[string]attribute{
			"id":            serial(badgeKind, 1_000, 1),
			"customFieldId": serial(badgeKind, 4_000, 1),
			"avatarUrl": text(func(f *frame, i int64, b []byte) []byte {
				b = append(b, "https://cdn.example.com/badges/"...)
				return append(appendHex(b, f.w.draw(badgeKind, i, 4), 0, 12), ".png"...)
			}),
		}),
	}
}

var badgeTable = []label{
	{"Top Contributor", "Writes the posts that others answer", "#FFD700"}, {"First Post", "Said something for the first time", "#4CAF50"},
	{"Welcome Team", "Greets newcomers in their first week", "#03A9F4"}, {"Event Host", "Held an event that people came to", "#9C27B0"},
	{"Helping Hand", "Answered ten questions", "#FF7043"}, {"Founding Member", "Was here in the first month", "#795548"},
	{"Streak 30", "Came back thirty days in a row", "#E91E63"}, {"Bug Hunter", "Found something broken and said where", "#607D8B"},
	{"Mentor", "Guided a newcomer through the first course", "#3F51B5"}, {"Photographer", "Shared pictures of an event", "#00BCD4"},
	{"Translator", "Put a guide into another language", "#8BC34A"}, {"Graduate", "Completed a course", "#CDDC39"},
}

// tags: a tag belongs to a space, and came after it.
func tags() kind {
	return kind{
		root:    oneOf(tagKind),
		lasting: tagKind,
		relations: map[string]relation{
			"space": {kind: "space", of: func(f *frame, i int64) int64 { return f.w.tagSpace(i) }},
		},
		attributes: with(labels(tagKind, tagTable), map[string]attribute{
			"id":            serial(tagKind, 100_000, 1),
			"key":           key(tagKind, 2, 21),
			"customFieldId": serial(tagKind, 14_000, 1),
			"createdAt":     moment((*frame).tagged),
			"updatedAt":     moment(func(f *frame, i int64) time.Time { return f.settledSince(tagKind, i, f.tagged(i)) }),
		}),
	}
}

func (w *World) tagSpace(i int64) int64 {
	return int64(w.draw(tagKind, i, 3) % uint64(w.config.Spaces))
}

func (f *frame) tagged(i int64) time.Time {
	if f.w.isNew(tagKind, i) {
		return f.founded(tagKind, i)
	}
	return f.foundedIn(f.founded(spaceKind, f.w.tagSpace(i)), tagKind, i)
}

var tagTable = []label{
	{"VIP", "Has been with us from early on", "#FF5733"}, {"Newcomer", "Came this month", "#2ECC71"}, {"Customer", "Has bought something", "#3498DB"},
	{"Trial", "Is trying a paid plan", "#F1C40F"}, {"Speaker", "Has spoken at an event", "#9B59B6"}, {"Moderator", "Keeps a space tidy", "#E67E22"},
	{"Beta Tester", "Sees new things first", "#1ABC9C"}, {"Alumni", "Finished a course last year", "#34495E"},
	{"Partner", "Works at a company that we work with", "#16A085"}, {"Press", "Writes about us", "#7F8C8D"},
	{"Needs Help", "Asked for a call", "#C0392B"}, {"Local Group", "Meets others in town", "#27AE60"}, {"Remote", "Takes part from afar", "#2980B9"},
	{"Student", "Has a reduced price", "#8E44AD"}, {"Volunteer", "Helps at events", "#D35400"}, {"Inactive", "Was not here for three months", "#95A5A6"},
}

type room struct{ name, emoji, description string }

var roomTable = []room{
	{"General", ":speech_balloon:", "Whatever has no place of its own."}, {"Introductions", ":wave:", "Say who you are and what brought you."},
	{"Book Club", ":books:", "One book a month, no homework checked."}, {"Product Feedback", ":bulb:", "What works, what does not, what is missing."},
	{"Local Meetups", ":round_pushpin:", "Find the people near you."}, {"Courses", ":mortar_board:", "Learn at your own pace, with company."},
	{"Off Topic", ":coffee:", "Pets, plants, weather, jokes."}, {"Announcements", ":mega:", "News from the team."},
	{"Show and Tell", ":sparkles:", "What you made this week, finished or not."}, {"Help Desk", ":sos:", "Stuck? Ask here first."},
	{"Jobs", ":briefcase:", "Who is hiring, and who is looking."}, {"Photography", ":camera:", "Pictures, and how they were taken."},
	{"Writers Room", ":pencil:", "Drafts that want a reader."}, {"Founders", ":rocket:", "For those who started something."},
	{"Wellbeing", ":seedling:", "How to keep going without burning out."}, {"Archive", ":card_file_box:", "What is done, for looking up."},
}

// spaces stand in collections in turn.
func spaces() kind {
	return kind{
		root:    oneOf(spaceKind),
		lasting: spaceKind,
		relations: map[string]relation{
			"creator":    {kind: "person", of: func(f *frame, i int64) int64 { return f.w.admin(spaceKind, i, 3) }},
			"collection": {kind: "collection", of: func(f *frame, i int64) int64 { return f.w.collectionOf(i) }},
		},
		attributes: map[string]attribute{
			"id":            serial(spaceKind, 20_000, 1),
			"key":           key(spaceKind, 2, 12),
			"adminRoleKey":  key(spaceKind, 6, 12),
			"memberRoleKey": key(spaceKind, 7, 12),
			"name":          text(func(_ *frame, i int64, b []byte) []byte { return appendTitle(b, roomOf(i).name, i, len(roomTable)) }),
			"slug":          text(func(_ *frame, i int64, b []byte) []byte { return appendSlugOf(b, roomOf(i).name, i, len(roomTable)) }),
			"description":   word(func(_ *frame, i int64) string { return roomOf(i).description }),
			"emoji":         word(func(_ *frame, i int64) string { return roomOf(i).emoji }),
			"collectionId":  number(func(f *frame, i int64) int64 { return collectionID.number(f, f.w.collectionOf(i)) }),
			"groupKey": text(func(f *frame, i int64, b []byte) []byte {
				return appendKey(b, f.w.draw(collectionKind, f.w.collectionOf(i), 2), 12)
			}),
			"order": number(func(f *frame, i int64) int64 { return i / int64(f.w.config.Collections) }),
			"membersCount": number(func(f *frame, i int64) int64 {
				residents := int64(f.w.config.Residents)
				if f.w.isNew(spaceKind, i) { // whoever made it, and then others
					return min(residents, 1+f.grown(f.founded(spaceKind, i), f.w.draw(spaceKind, i, 4), residents))
				}
				return between(f.w.draw(spaceKind, i, 4), (residents+3)/4, residents)
			}),
			// One that is hidden is private too, and one gets into a private one by an invitation.
			"private":    flag(func(f *frame, i int64) bool { return f.w.secrecy(i) > 0 }),
			"inviteOnly": flag(func(f *frame, i int64) bool { return f.w.secrecy(i) > 0 }),
			"hidden":     flag(func(f *frame, i int64) bool { return f.w.secrecy(i) > 1 }),
			"createdAt":  moment(func(f *frame, i int64) time.Time { return f.founded(spaceKind, i) }),
			"updatedAt":  moment(func(f *frame, i int64) time.Time { return f.settled(spaceKind, i) }),
		},
	}
}

func roomOf(i int64) *room { return &roomTable[i%int64(len(roomTable))] }

func (w *World) collectionOf(space int64) int64 { return space % int64(w.config.Collections) }

// secrecy is 0 for a space that is open, 1 for a private and 2 for a hidden one.
func (w *World) secrecy(i int64) int {
	switch r := w.draw(spaceKind, i, 5) % 10; {
	case r == 0:
		return 2
	case r < 3:
		return 1
	}
	return 0
}

var collectionTable = []label{
	{"Start Here", "The first stops for newcomers.", ""}, {"Community", "Where most of the talk is.", ""},
	{"Learning", "Courses, books and questions.", ""}, {"Work", "Jobs, projects and feedback.", ""},
	{"Free Time", "Everything else.", ""}, {"Team", "For those who run the place.", ""},
}

var collectionID = serial(collectionKind, 50_000, 1)

// collections came with the community: they are older than the spaces in them.
func collections() kind {
	return kind{
		root:      oneOf(collectionKind),
		lasting:   collectionKind,
		relations: map[string]relation{"creator": {kind: "person", of: func(*frame, int64) int64 { return 0 }}},
		attributes: map[string]attribute{
			"id":  collectionID,
			"key": key(collectionKind, 2, 12),
			"name": text(func(_ *frame, i int64, b []byte) []byte {
				return appendTitle(b, collectionTable[i%int64(len(collectionTable))].title, i, len(collectionTable))
			}),
			"slug": text(func(_ *frame, i int64, b []byte) []byte {
				return appendSlugOf(b, collectionTable[i%int64(len(collectionTable))].title, i, len(collectionTable))
			}),
			"description": word(func(_ *frame, i int64) string { return collectionTable[i%int64(len(collectionTable))].description }),
			"order":       number(func(_ *frame, i int64) int64 { return i }),
			"createdAt":   moment((*frame).arranged),
			"updatedAt":   moment(func(f *frame, i int64) time.Time { return f.settledSince(collectionKind, i, f.arranged(i)) }),
		},
	}
}

func (f *frame) arranged(i int64) time.Time {
	if f.w.isNew(collectionKind, i) {
		return f.founded(collectionKind, i)
	}
	return f.began().Add(time.Duration(between(f.w.draw(collectionKind, i, 9), 3_600, 86_400*7)) * time.Second)
}
