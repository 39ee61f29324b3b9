package fakes

import "time"

// courses are spaces of another sort: they are in collections too.
func courses() kind {
	return kind{
		root:    oneOf(courseKind),
		lasting: courseKind,
		relations: map[string]relation{
			"collection": {kind: "collection", of: func(f *frame, i int64) int64 { return f.w.collectionOf(i) }},
			"creator":    {kind: "person", of: func(f *frame, i int64) int64 { return f.w.admin(courseKind, i, 3) }},
		},
		attributes: map[string]attribute{
			"id":  serial(courseKind, 400_000, 1),
			"key": key(courseKind, 2, 12),
			"name": text(func(_ *frame, i int64, b []byte) []byte {
				return appendTitle(b, courseOf(i).title, i, len(courseTable))
			}),
			"slug": text(func(_ *frame, i int64, b []byte) []byte {
				return appendSlugOf(b, courseOf(i).title, i, len(courseTable))
			}),
			"description":  word(func(_ *frame, i int64) string { return courseOf(i).description }),
			"collectionId": number(func(f *frame, i int64) int64 { return collectionID.number(f, f.w.collectionOf(i)) }),
			"createdAt":    moment(func(f *frame, i int64) time.Time { return f.founded(courseKind, i) }),
			"updatedAt":    moment(func(f *frame, i int64) time.Time { return f.settled(courseKind, i) }),
		},
	}
}

func courseOf(i int64) *label { return &courseTable[i%int64(len(courseTable))] }

var courseTable = []label{
	{"Photography for Beginners", "Light, distance, patience.", ""}, {"Writing in Public", "Eight letters in eight weeks.", ""},
	{"Hosting Good Meetings", "Fewer, shorter, better.", ""}, {"Drawing Every Day", "Ten minutes and a pencil.", ""},
	{"Sound on a Budget", "From humming to clear.", ""}, {"The Small Business Year", "Twelve months, one decision each.", ""},
	{"Community from Scratch", "The first hundred members.", ""}, {"Talking to a Camera", "For people who would rather not.", ""},
	{"Spreadsheets without Tears", "Enough to run a club.", ""}, {"Bread", "Flour, water, time.", ""},
	{"A Year of Reading", "How to choose, keep up and remember.", ""}, {"Public Speaking", "Knees may shake.", ""},
}

// progress: the newcomer works through a course.
func progress() kind {
	return kind{
		root:  numbered,
		comes: atOnce,
		relations: map[string]relation{
			"member": {kind: "person", of: story},
			"course": {kind: "course", of: func(f *frame, i int64) int64 {
				return f.w.some(progressKind, i, courseKind)
			}},
		},
		attributes: map[string]attribute{
			"percent":   number(func(f *frame, i int64) int64 { return between(f.w.draw(progressKind, i, 2), 1, 99) }),
			"updatedAt": moment(now),
		},
	}
}

// A question of the profile is answered by a text, or by one or several of four options.
type profileQuestion struct {
	title, response string
	options         [4]string // of a dropdown; else texts that people answer
}

const (
	oneOption   = "dropdown_single_select"
	someOptions = "dropdown_multi_select"
)

var profileQuestions = []profileQuestion{
	{"How did you find us?", oneOption, [4]string{"A friend", "A search engine", "Social media", "An event"}},
	{"What do you hope to learn?", "text_long", [4]string{
		"How to finish what I begin.", "Everything about light, and a little about cameras.", "How others run their groups.", "I do not know yet, and that is why I am here.",
	}},
	{"Topics that you follow", someOptions, [4]string{"Design", "Engineering", "Marketing", "Research"}},
	{"Favourite book", "text_short", [4]string{"Whatever I read last", "A cookbook, honestly", "The one my grandmother gave me", "Too many to choose"}},
	{"Years of experience", oneOption, [4]string{"Under 2", "2 to 5", "6 to 10", "More than 10"}},
	{"Tell us about your project", "text_long", [4]string{
		"A podcast about old bridges.", "A garden on the roof of our house.", "A small shop for paper and ink.", "An app that reminds people to call their parents.",
	}},
	{"Languages that you speak", someOptions, [4]string{"English", "French", "German", "Spanish"}},
	{"What should people ask you about?", "text_short", [4]string{"Sourdough", "Spreadsheets", "Night trains", "Accessible design"}},
}

func profileQuestionOf(i int64) *profileQuestion {
	return &profileQuestions[i%int64(len(profileQuestions))]
}

func isDropdown(field int64) bool {
	r := profileQuestionOf(field).response
	return r == oneOption || r == someOptions
}

var customFieldID = serial(customFieldKind, 28_000, 1)

func customFields() kind {
	return kind{
		root:    oneOf(customFieldKind),
		lasting: customFieldKind,
		attributes: map[string]attribute{
			"id":  customFieldID,
			"key": key(customFieldKind, 2, 10),
			"title": text(func(_ *frame, i int64, b []byte) []byte {
				return appendTitle(b, profileQuestionOf(i).title, i, len(profileQuestions))
			}),
			"responseType": word(func(_ *frame, i int64) string { return profileQuestionOf(i).response }),
			"createdAt":    moment(func(f *frame, i int64) time.Time { return f.founded(customFieldKind, i) }),
			"updatedAt":    moment(func(f *frame, i int64) time.Time { return f.settled(customFieldKind, i) }),
		},
	}
}

// optionsEach is how many options a dropdown has. Its segments are who chose one: segment field*optionsEach + option.
const optionsEach = 4

// segments: payload n is about an option of a dropdown. Those that come later are further options of the dropdowns that
// there are.
func segments() kind {
	return kind{
		lasting: segmentKind,
		root: func(f *frame) int64 {
			field := customFields().root(f)
			if !isDropdown(field) { // then the one before it is
				field--
			}
			return field*optionsEach + int64(f.w.draw(segmentKind, int64(f.n), 2)%optionsEach)
		},
		relations: map[string]relation{"field": {kind: "customField", of: func(f *frame, i int64) int64 { return f.w.segmentField(i) }}},
		attributes: map[string]attribute{
			"id":  serial(segmentKind, 1_000_000, 1),
			"key": key(segmentKind, 3, 15),
			"title": text(func(f *frame, i int64, b []byte) []byte {
				title := profileQuestionOf(f.w.segmentField(i)).options[i%optionsEach]
				if n := i - f.w.size(segmentKind); n >= 0 {
					return appendTitle(b, title, n+optionsEach, optionsEach)
				}
				return append(b, title...)
			}),
			"description":   word(func(_ *frame, i int64) string { return pick(segmentDescriptions, uint64(i%optionsEach)) }),
			"color":         word(func(_ *frame, i int64) string { return pick(brandColors, uint64(i%optionsEach)) }),
			"customFieldId": number(func(f *frame, i int64) int64 { return customFieldID.number(f, f.w.segmentField(i)) }),
			"createdAt":     moment(func(f *frame, i int64) time.Time { return f.segmented(i) }),
			"updatedAt":     moment(func(f *frame, i int64) time.Time { return f.settledSince(segmentKind, i, f.segmented(i)) }),
		},
	}
}

// segmentField is the dropdown that a segment is an option of.
func (w *World) segmentField(i int64) int64 {
	if n := i - w.size(segmentKind); n >= 0 {
		return n % ((w.size(customFieldKind) + 1) / 2) * 2
	}
	return i / optionsEach
}

// segmented is when a segment came to be: with its dropdown, or later.
func (f *frame) segmented(i int64) time.Time {
	if f.w.isNew(segmentKind, i) {
		return f.founded(segmentKind, i)
	}
	return f.founded(customFieldKind, i/optionsEach)
}

var segmentDescriptions = []string{"The first answer", "The second answer", "The third answer", "The fourth answer"}

// answersToFields: the newcomer answers a question of the profile, and later answers it otherwise. Where one may choose
// several options they are a run of two at most, which begins at option 0 or 1 and then one further.
func answersToFields() kind {
	return kind{
		root:  numbered,
		comes: soonAfter(answerKind),
		relations: map[string]relation{
			"member": {kind: "person", of: story},
			"field":  {kind: "customField", of: answeredField},
			"segments": {
				kind: "segment", present: byOption, count: chosen,
				of: func(f *frame, i int64) int64 { return answeredField(f, i)*optionsEach + f.w.choice(i) },
			},
			"previousSegments": {
				kind: "segment", present: byOption, count: chosen,
				of: func(f *frame, i int64) int64 { return answeredField(f, i)*optionsEach + f.w.choice(i) },
			},
			"newSegments": {
				kind: "segment", present: byOption, count: chosen,
				of: func(f *frame, i int64) int64 { return answeredField(f, i)*optionsEach + f.w.choice(i) + 1 },
			},
		},
		attributes: map[string]attribute{
			"text":         answerText(0),
			"previousText": answerText(0),
			"newText":      answerText(1),
			"updatedAt":    moment(now),
		},
	}
}

func answeredField(f *frame, i int64) int64 {
	return f.w.some(answerKind, i, customFieldKind)
}

func byOption(f *frame, i int64) bool { return isDropdown(answeredField(f, i)) }

func byText(f *frame, i int64) bool { return !byOption(f, i) }

// choice is the first option that somebody chose before: not the last.
func (w *World) choice(i int64) int64 { return int64(w.draw(answerKind, i, 2) % (optionsEach - 2)) }

func chosen(f *frame, i int64) int {
	switch profileQuestionOf(answeredField(f, i)).response {
	case oneOption:
		return 1
	case someOptions:
		return 1 + int(f.w.draw(answerKind, i, 3)%2)
	}
	return 0
}

func answerText(turn uint64) attribute {
	return attribute{
		present: byText,
		text: func(f *frame, i int64, b []byte) []byte {
			options := &profileQuestionOf(answeredField(f, i)).options
			return append(b, options[(f.w.draw(answerKind, i, 2)+turn)%optionsEach]...)
		},
	}
}

// maxRankings is the most that a leaderboard shows; place j of leaderboard i is entity i*maxRankings + j.
const maxRankings = 5

// leaderboards: of each gift there is one of those who got it and one of those who gave it.
func leaderboards() kind {
	return kind{
		root:    oneOf(leaderboardKind),
		lasting: leaderboardKind,
		relations: map[string]relation{
			"rankings": {
				kind:  "ranking",
				of:    func(_ *frame, i int64) int64 { return i * maxRankings },
				count: func(f *frame, _ int64) int { return min(maxRankings, f.w.config.Residents) },
			},
		},
		attributes: map[string]attribute{
			// They are counted at every full hour.
			"recalculatedAt": moment(func(f *frame, _ int64) time.Time { return f.at.Truncate(time.Hour) }),
			"type": word(func(_ *frame, i int64) string {
				if i%2 == 0 {
					return "received"
				}
				return "sent"
			}),
			"giftId": number(func(f *frame, i int64) int64 { return giftID.number(f, i/2) }),
			"giftName": text(func(_ *frame, i int64, b []byte) []byte {
				return appendTitle(b, giftNames[i/2%int64(len(giftNames))], i/2, len(giftNames))
			}),
		},
	}
}

var (
	giftID    = serial(leaderboardKind, 700, 1)
	giftNames = []string{"Applause", "Coffee", "Sunflower", "Gold Star"}
)

// rankings are of different people, and nobody has as much as the one above.
func rankings() kind {
	return kind{
		root:      func(f *frame) int64 { return leaderboards().root(f) * maxRankings },
		relations: map[string]relation{"member": {kind: "person", of: ranked}},
		attributes: map[string]attribute{
			"rank": number(func(_ *frame, i int64) int64 { return i%maxRankings + 1 }),
			"count": number(func(f *frame, i int64) int64 {
				return (maxRankings-i%maxRankings)*10 - int64(f.w.draw(rankingKind, i, 1)%10)
			}),
		},
	}
}

func ranked(f *frame, i int64) int64 {
	return (f.w.resident(leaderboardKind, i/maxRankings, 2) + i%maxRankings) % int64(f.w.config.Residents)
}
