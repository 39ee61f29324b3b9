package fakes

import "time"

// Posts of every sort are rows of one table on these platforms, so no two have the same id, and neither has anything
// that hangs on them: the i-th of each has its place among idStep ids.
const (
	eventID = iota
	postID
	articleID
	questionID
	pollID
	commentID
	reactionID
	rsvpID
	purchaseID
	subscriptionID
	requestID
	reportID
	chatID
	linkID
	fileID      // and the next: a comment has two at most
	idStep = 32 // room for more
)

func (w *World) contentID(which, i int64) int64 {
	return 5_000_000 + int64(w.draw(eventKind, -1, 1)%5_000_000) + i*idStep + which
}

func contentID(which int64) attribute {
	return number(func(f *frame, i int64) int64 { return f.w.contentID(which, i) })
}

// events are what a community schedules. Event n is scheduled at the time of payload n, by a resident, in a space, and
// takes place in its host's time zone.
func events() kind {
	return kind{
		root:  numbered,
		comes: atOnce,
		relations: map[string]relation{
			"creator": {kind: "person", of: eventHost},
			"space": {kind: "space", of: func(f *frame, i int64) int64 {
				return int64(f.w.draw(eventKind, i, 2) % uint64(f.w.config.Spaces))
			}},
		},
		attributes: map[string]attribute{
			"id":       contentID(eventID),
			"postType": word(func(*frame, int64) string { return "event" }),
			"title": text(func(f *frame, i int64, b []byte) []byte {
				b = append(append(b, pick(eventTitles, f.w.draw(eventKind, i, 3))...), ": "...)
				return append(b, pick(f.w.topics, f.w.draw(eventKind, i, 4))...)
			}),
			"summary": text(func(f *frame, i int64, b []byte) []byte {
				form := &eventSummaries[f.w.draw(eventKind, i, 5)%uint64(len(eventSummaries))]
				b = append(append(b, form[0]...), f.w.hobbies[f.w.draw(eventKind, i, 4)%uint64(len(f.w.hobbies))]...)
				return append(b, form[1]...)
			}),
			"kind": word(func(f *frame, i int64) string { return eventKinds[f.w.draw(eventKind, i, 6)%uint64(len(eventKinds))] }),
			"location": text(func(f *frame, i int64, b []byte) []byte {
				if f.w.draw(eventKind, i, 6)%uint64(len(eventKinds)) >= onlineKinds {
					return appendInt(append(b, "https://meet.example.com/j/"...), 100_000_000+int64(f.w.draw(eventKind, i, 7)%900_000_000))
				}
				return append(b, f.w.home(eventHost(f, i)).location...)
			}),
			"timeZone": word(func(f *frame, i int64) string { return f.w.home(eventHost(f, i)).zone }),
			// Three of four events recur.
			"recurrenceRule": {
				present: recurs,
				text: func(f *frame, i int64, b []byte) []byte {
					r := f.w.recurrence(i)
					b = appendInt(append(append(append(b, "FREQ="...), r.rule...), ";INTERVAL="...), r.interval)
					if r.count > 0 {
						b = appendInt(append(b, ";COUNT="...), r.count)
					}
					return b
				},
			},
			"frequency": {present: recurs, text: func(f *frame, i int64, b []byte) []byte { return append(b, f.w.recurrence(i).frequency...) }},
			"interval":  {present: recurs, number: func(f *frame, i int64) int64 { return f.w.recurrence(i).interval }},
			"createdAt": moment((*frame).made),
			"updatedAt": moment(func(f *frame, i int64) time.Time { return f.touched(eventKind, "event", i) }),
			"startsAt":  {moment: (*frame).starts, zone: eventZone},
			"endsAt":    {moment: (*frame).ends, zone: eventZone},
			"images":    pictures(eventKind, 12, "https://cdn.example.com/events/", func(f *frame, i int64) int { return int(between(f.w.draw(eventKind, i, 11), 1, 2)) }),
			"permalink": text(func(f *frame, i int64, b []byte) []byte {
				return appendHex(append(b, "https://community.example.com/events/"...), f.w.draw(eventKind, i, 20), 0, 10)
			}),
			"rsvpEnabled": chance(eventKind, 21, 90),
			"rsvpClosed":  chance(eventKind, 22, 10),
			"restricted":  chance(eventKind, 23, 15),
			"postInFeed":  chance(eventKind, 24, 80),
		},
	}
}

var (
	eventTitles = []string{"Workshop", "Meetup", "Office hours", "Book club", "Live Q&A", "Walk and talk", "Demo evening", "Study group"}
	eventKinds  = []string{"local", "local_meetup", "live_chat", "online_meeting", "zoom_meeting", "zoom_webinar", "webinar"}
)

// onlineKinds is the first of eventKinds that is held online.
const onlineKinds = 2

// eventSummaries stand around a topic.
var eventSummaries = [][2]string{
	{"An hour about ", ": bring your questions, we end on time."},
	{"Never tried ", "? This one is for beginners."},
	{"Three short talks on ", ", then time to meet each other."},
	{"We look at what everyone has made in ", " since last time."},
	{"Come for ", ", stay for the people."},
	{"A guest tells what ten years of ", " have taught her."},
	{"Hands on: we practise ", " in small groups."},
	{"Everything you wanted to know about ", " and did not dare to ask."},
	{"Our regular evening of ", ". Newcomers are welcome."},
	{"Notes from the last session on ", " are in the space; this is part two."},
	{"Cameras optional, curiosity about ", " required."},
	{"A slow start into the week with ", " and coffee."},
}

// recurrence is how an event comes again.
type recurrence struct {
	frequency, rule string
	interval, count int64 // count 0: without an end
	years, months   int
	days            int
}

var recurrences = []recurrence{
	{"weekly", "WEEKLY", 1, 0, 0, 0, 7}, {"weekly", "WEEKLY", 2, 0, 0, 0, 14}, {"monthly", "MONTHLY", 1, 0, 0, 1, 0}, {"daily", "DAILY", 1, 8, 0, 0, 1},
	{"monthly", "MONTHLY", 3, 0, 0, 3, 0}, {"yearly", "YEARLY", 1, 0, 1, 0, 0}, {"weekly", "WEEKLY", 1, 10, 0, 0, 7}, {"daily", "DAILY", 2, 8, 0, 0, 2},
}

func (w *World) recurrence(i int64) *recurrence {
	return &recurrences[w.draw(eventKind, i, 8)>>8%uint64(len(recurrences))]
}

func recurs(f *frame, i int64) bool { return f.w.draw(eventKind, i, 8)%4 != 0 }

func eventHost(f *frame, i int64) int64 { return f.w.resident(eventKind, i, 1) }

func eventZone(f *frame, i int64) *time.Location { return f.w.home(eventHost(f, i)).clock() }

// starts is at a full hour between 9 and 20 o'clock where the event takes place, 2 to 60 days after it was scheduled.
// One that would be over is put off: events of a payload are still to come.
func (f *frame) starts(i int64) time.Time {
	r := f.w.draw(eventKind, i, 9)
	made := f.created("event", i, f.made(i))
	late := int64(f.at.Sub(made) / (24 * time.Hour))
	days := between(r, 2, 60)
	if short := late + 2 - days; short > 0 {
		days += (short + 58) / 59 * 59
	}
	return f.startsAfter(made, r, int(days), eventZone(f, i))
}

func (f *frame) startsAfter(made time.Time, r uint64, days int, zone *time.Location) time.Time {
	year, month, day := made.In(zone).Date()
	return time.Date(year, month, day+days, int(between(r>>32, 9, 20)), 0, 0, 0, zone)
}

// ends is half an hour to three hours later.
func (f *frame) ends(i int64) time.Time { return f.starts(i).Add(f.w.length(i)) }

func (w *World) length(i int64) time.Duration {
	return time.Duration(between(w.draw(eventKind, i, 10), 2, 12)) * 15 * time.Minute
}

// pictures are the addresses of a list of images.
func pictures(kind kindID, purpose uint64, folder string, count func(f *frame, i int64) int) attribute {
	return attribute{
		list: count,
		item: func(f *frame, i int64, j int, b []byte) []byte {
			b = appendHex(append(b, folder...), f.w.draw(kind, i, purpose+uint64(j)), 0, 16)
			return append(b, ".jpg"...)
		},
	}
}

// instancesEach is how many of the times that a recurring event takes place are entities: event*instancesEach + which.
const instancesEach = 8

func instances() kind {
	return kind{
		root: func(f *frame) int64 { return int64(f.n) * instancesEach },
		attributes: map[string]attribute{
			// of the event that recurs
			"postId":   number(func(f *frame, i int64) int64 { return f.w.contentID(eventID, i/instancesEach) }),
			"index":    number(func(_ *frame, i int64) int64 { return i % instancesEach }),
			"startsAt": {moment: (*frame).instanceStarts, zone: instanceZone},
			"endsAt": {zone: instanceZone, moment: func(f *frame, i int64) time.Time {
				return f.instanceStarts(i).Add(f.w.length(i / instancesEach))
			}},
		},
	}
}

func instanceZone(f *frame, i int64) *time.Location { return eventZone(f, i/instancesEach) }

// instanceStarts is at the same hour of the clock as the event.
func (f *frame) instanceStarts(i int64) time.Time {
	event, nth := i/instancesEach, int(i%instancesEach)
	r := f.w.recurrence(event)
	return f.starts(event).AddDate(r.years*nth, r.months*nth, r.days*nth)
}

// rsvps: the newcomer answers one of the latest events.
func rsvps() kind {
	return kind{
		root:  numbered,
		comes: soonAfter(rsvpKind),
		relations: map[string]relation{
			"event":  {kind: "event", of: answeredEvent},
			"member": {kind: "person", of: story},
			"instance": {
				kind:    "instance",
				present: func(f *frame, i int64) bool { return recurs(f, answeredEvent(f, i)) },
				of: func(f *frame, i int64) int64 {
					event := answeredEvent(f, i)
					soon := uint64(instancesEach)
					if f.w.recurrence(event).days == 0 { // nobody answers for years ahead
						soon = 2
					}
					return event*instancesEach + int64(f.w.draw(rsvpKind, i, 3)%soon)
				},
			},
		},
		attributes: map[string]attribute{
			"id":        contentID(rsvpID),
			"status":    word(func(f *frame, i int64) string { return pick(rsvpAnswers, f.w.draw(rsvpKind, i, 2)) }),
			"createdAt": moment(func(f *frame, i int64) time.Time { return f.soon(rsvpKind, "rsvp", i) }),
			"updatedAt": moment(now),
		},
	}
}

var rsvpAnswers = []string{"yes", "yes", "yes", "maybe", "no"}

// Eight people answer each event.
func answeredEvent(_ *frame, i int64) int64 { return i - i%8 }
