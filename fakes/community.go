package fakes

import (
	"time"
)

var badges = kind{
	root: func(f *frame) int64 { return int64(f.w.draw(badgeKind, int64(f.n), 1) % uint64(f.w.config.Badges)) },
	attributes: map[string]attribute{
		"id":            serial(badgeKind, 1_000, 1),
		"customFieldId": serial(badgeKind, 2_000, 1),
		"title":         word(func(_ *frame, i int64) string { return badgeOf(i).title }),
		"description":   word(func(_ *frame, i int64) string { return badgeOf(i).description }),
		"color":         word(func(_ *frame, i int64) string { return badgeOf(i).color }),
		"avatarUrl": text(func(f *frame, i int64, b []byte) []byte {
			b = append(b, "https://cdn.example.com/badges/"...)
			return append(appendHex(b, f.w.draw(badgeKind, i, 4), 0, 12), ".png"...)
		}),
		"createdAt": moment(func(f *frame, i int64) time.Time { return f.founded(badgeKind, i) }),
		"updatedAt": moment(func(f *frame, i int64) time.Time { return f.founded(badgeKind, i).Add(36 * time.Hour) }),
	},
}

type badge struct{ title, description, color string }

var badgeTable = []badge{
	{"Top Contributor", "Writes the posts that others answer", "#FFD700"}, {"First Post", "Said something for the first time", "#4CAF50"},
	{"Welcome Team", "Greets newcomers in their first week", "#03A9F4"}, {"Event Host", "Held an event that people came to", "#9C27B0"},
	{"Helping Hand", "Answered ten questions", "#FF7043"}, {"Founding Member", "Was here in the first month", "#795548"},
	{"Streak 30", "Came back thirty days in a row", "#E91E63"}, {"Bug Hunter", "Found something broken and said where", "#607D8B"},
	{"Mentor", "Guided a newcomer through the first course", "#3F51B5"}, {"Photographer", "Shared pictures of an event", "#00BCD4"},
	{"Translator", "Put a guide into another language", "#8BC34A"}, {"Graduate", "Completed a course", "#CDDC39"},
}

func badgeOf(i int64) badge { return badgeTable[i%int64(len(badgeTable))] }

// founded is some time in the year before the epoch.
func (f *frame) founded(kind kindID, i int64) time.Time {
	ago := between(f.w.draw(kind, i, 9), 86_400*10, 86_400*365)
	return f.w.config.Epoch.Add(-time.Duration(ago) * time.Second)
}

var spaceNames = []string{"General", "Introductions", "Book Club", "Product Feedback", "Local Meetups", "Courses", "Off Topic", "Announcements"}

var spaces = kind{
	root: func(f *frame) int64 { return int64(f.w.draw(spaceKind, int64(f.n), 1) % uint64(f.w.config.Spaces)) },
	attributes: map[string]attribute{
		"id":        serial(spaceKind, 10_000, 1),
		"key":       key(spaceKind, 2, 10),
		"name":      word(func(_ *frame, i int64) string { return spaceNames[i%int64(len(spaceNames))] }),
		"createdAt": moment(func(f *frame, i int64) time.Time { return f.founded(spaceKind, i) }),
		"updatedAt": moment(func(f *frame, i int64) time.Time { return f.founded(spaceKind, i).Add(60 * time.Hour) }),
	},
}

// events are what a community schedules. Event n is scheduled at the time of payload n, by a resident, in a space, and
// takes place in its host's time zone.
var events = kind{
	root: numbered,
	relations: map[string]relation{
		"creator": {kind: "person", of: eventHost},
		"space": {kind: "space", of: func(f *frame, i int64) int64 {
			return int64(f.w.draw(eventKind, i, 2) % uint64(f.w.config.Spaces))
		}},
	},
	attributes: map[string]attribute{
		"id":       serial(eventKind, 5_000_000, 2),
		"postType": word(func(*frame, int64) string { return "event" }),
		"title": text(func(f *frame, i int64, b []byte) []byte {
			b = append(append(b, eventTitles[f.w.draw(eventKind, i, 3)%uint64(len(eventTitles))]...), ": "...)
			return append(b, pick(f.w.topics, f.w.draw(eventKind, i, 4))...)
		}),
		"summary": word(func(f *frame, i int64) string { return pick(f.w.sentences, f.w.draw(eventKind, i, 5)) }),
		"kind":    word(func(f *frame, i int64) string { return eventKinds[f.w.draw(eventKind, i, 6)%uint64(len(eventKinds))] }),
		"location": text(func(f *frame, i int64, b []byte) []byte {
			if f.w.draw(eventKind, i, 6)%uint64(len(eventKinds)) >= onlineKinds {
				return appendInt(append(b, "https://meet.example.com/j/"...), 100_000_000+int64(f.w.draw(eventKind, i, 7)%900_000_000))
			}
			return append(b, f.w.home(eventHost(f, i)).name...)
		}),
		"timeZone":       word(func(f *frame, i int64) string { return f.w.home(eventHost(f, i)).zone }),
		"recurrenceRule": word(func(f *frame, i int64) string { return pick(recurrenceRules, f.w.draw(eventKind, i, 8)) }),
		"createdAt":      moment((*frame).scheduled),
		"updatedAt":      moment((*frame).scheduled),
		"startsAt":       {moment: (*frame).starts, zone: eventZone},
		"endsAt": {zone: eventZone, moment: func(f *frame, i int64) time.Time {
			return f.starts(i).Add(time.Duration(between(f.w.draw(eventKind, i, 10), 2, 12)) * 15 * time.Minute)
		}},
		"images": {
			list: func(f *frame, i int64) int { return int(between(f.w.draw(eventKind, i, 11), 1, 2)) },
			item: func(f *frame, i int64, j int, b []byte) []byte {
				b = append(b, "https://cdn.example.com/events/"...)
				return append(appendHex(b, f.w.draw(eventKind, i, 12+uint64(j)), 0, 16), ".jpg"...)
			},
		},
		"permalink": text(func(f *frame, i int64, b []byte) []byte {
			return appendHex(append(b, "https://community.example.com/events/"...), f.w.draw(eventKind, i, 20), 0, 10)
		}),
		"rsvpEnabled": chance(eventKind, 21, 90),
		"rsvpClosed":  chance(eventKind, 22, 10),
		"restricted":  chance(eventKind, 23, 15),
		"postInFeed":  chance(eventKind, 24, 80),
	},
}

var (
	eventTitles     = []string{"Workshop", "Meetup", "Office hours", "Book club", "Live Q&A", "Walk and talk", "Demo evening", "Study group"}
	eventKinds      = []string{"local", "local_meetup", "live_chat", "online_meeting", "zoom_meeting", "zoom_webinar", "webinar"}
	recurrenceRules = []string{"FREQ=WEEKLY;INTERVAL=1", "FREQ=WEEKLY;INTERVAL=2", "FREQ=MONTHLY;INTERVAL=1", "FREQ=DAILY;INTERVAL=1;COUNT=5"}
)

// onlineKinds is the first of eventKinds that is held online.
const onlineKinds = 2

func eventHost(f *frame, i int64) int64 { return f.w.resident(eventKind, i, 1) }

func eventZone(f *frame, i int64) *time.Location {
	return f.w.zone(f.w.home(eventHost(f, i)).zone)
}

// scheduled is now: the one event of a payload is the one that was just scheduled.
func (f *frame) scheduled(int64) time.Time { return f.at }

// starts is at a full hour between 9 and 20 o'clock where the event takes place, 2 to 60 days after it was scheduled.
func (f *frame) starts(i int64) time.Time {
	r := f.w.draw(eventKind, i, 9)
	day := f.scheduled(i).In(eventZone(f, i)).AddDate(0, 0, int(between(r, 2, 60)))
	return time.Date(day.Year(), day.Month(), day.Day(), int(between(r>>32, 9, 20)), 0, 0, 0, day.Location())
}
