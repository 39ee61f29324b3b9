package fakes

import (
	"strconv"
	"sync"
	"time"
)

// frame is what one payload is made from: the world, the numbers, the time, and the entity in each role's slot.
type frame struct {
	w        *World
	n        uint64 // the subject: which newcomer, and which of the things that are numbered
	occasion uint64 // which of the events of the type
	at       time.Time
	event    *eventNames
	cast     map[string]int64 // entities in place of the world's own choice; nil: none
	changes  *Changes         // what happened to the world; nil: nothing
	early    time.Duration    // how much earlier everybody came than the world has it
	salt     uint64           // of what is drawn for the leaves of foreign documents; 0: the first try
	slots    [maxSlots]int64
}

// eventNames are what a frame knows of its event type.
type eventNames struct {
	id                uint64 // so that two types do not share occurrence ids
	plain, hook, caps string // the spellings
	changes           bool   // what it is about was there before
	creates           bool   // what it is about comes to be with it, and is one of a kind that lasts
	ends              bool   // and is not there any more, or will not be
}

// maxSlots bounds the roles of one event, with the relations that its leaves reach through them.
const maxSlots = 32

// An attribute is one property of the entities of a kind. Exactly one of text, number, flag, moment, json and list
// is set.
type attribute struct {
	text   func(f *frame, i int64, b []byte) []byte // appends what stands between the quotes, escaped
	number func(f *frame, i int64) int64
	flag   func(f *frame, i int64) bool
	moment func(f *frame, i int64) time.Time
	json   func(f *frame, i int64, b []byte) []byte // appends a value of any type
	list   func(f *frame, i int64) int              // how many items
	// of a list: one text; nil: one entity that the relation of the same name leads to
	item    func(f *frame, i int64, j int, b []byte) []byte
	zone    func(f *frame, i int64) *time.Location // of a moment: the entity's own time zone
	present func(f *frame, i int64) bool           // nil: always
}

// A relation leads from an entity to another.
type relation struct {
	kind  string
	of    func(f *frame, i int64) int64
	count func(f *frame, i int64) int // nil: one; else of returns the first of so many in a row
	// present is false where the relation leads to nothing; nil: it always leads to something. What of returns is then
	// not used.
	present func(f *frame, i int64) bool
}

// kind is a sort of entity.
type kind struct {
	attributes map[string]attribute
	relations  map[string]relation
	// root is the entity of this kind that payload n is about.
	root func(f *frame) int64
	// comes is when the entity that newcomer n brings along comes to be; nil where newcomers bring none.
	comes since
	// lasting is the number of a kind of which there are only so many at the epoch; 0 of other kinds.
	lasting kindID
	// turns are the words for what happens to such an entity at a time of its own, counted from the newcomer too; nil
	// is when it comes to be.
	turns map[string]since
}

// kinds is the vocabulary of x-fake, x-as and x-cast. It is only read.
var kinds = sync.OnceValue(func() map[string]kind {
	return map[string]kind{
		"occurrence":           occurrences(),
		"network":              networks(),
		"person":               people(),
		"property":             properties(),
		"subproperty":          subproperties(),
		"category":             categories(),
		"badge":                badges(),
		"tag":                  tags(),
		"segment":              segments(),
		"space":                spaces(),
		"collection":           collections(),
		"membership":           memberships(),
		"event":                events(),
		"instance":             instances(),
		"rsvp":                 rsvps(),
		"post":                 posts(),
		"article":              articles(),
		"question":             questions(),
		"postField":            postFields(),
		"poll":                 polls(),
		"choice":               choices(),
		"comment":              comments(),
		"file":                 files(),
		"link":                 links(),
		"reaction":             reactions(),
		"report":               reports(),
		"plan":                 plans(),
		"purchase":             purchases(),
		"subscription":         subscriptions(),
		"canceledSubscription": cancellations(),
		"course":               courses(),
		"progress":             progress(),
		"customField":          customFields(),
		"answer":               answersToFields(),
		"leaderboard":          leaderboards(),
		"ranking":              rankings(),
		"request":              requests(),
		"campaign":             campaigns(),
		"text":                 texts(),
		"interaction":          interactions(),
		"conversion":           conversions(),
		"invitation":           invitations(),
	}
})

func text(fn func(f *frame, i int64, b []byte) []byte) attribute { return attribute{text: fn} }

// word is a text attribute that takes one word.
func word(fn func(f *frame, i int64) string) attribute {
	return text(func(f *frame, i int64, b []byte) []byte { return append(b, fn(f, i)...) })
}

func number(fn func(f *frame, i int64) int64) attribute     { return attribute{number: fn} }
func moment(fn func(f *frame, i int64) time.Time) attribute { return attribute{moment: fn} }
func flag(fn func(f *frame, i int64) bool) attribute        { return attribute{flag: fn} }
func first(*frame) int64                                    { return 0 }
func numbered(f *frame) int64                               { return int64(f.n) }
func key(kind kindID, purpose uint64, length int) attribute {
	return text(func(f *frame, i int64, b []byte) []byte { return appendKey(b, f.w.draw(kind, i, purpose), length) })
}

func uuid(kind kindID, purpose uint64) attribute {
	return text(func(f *frame, i int64, b []byte) []byte {
		r := f.w.draw(kind, i, purpose)
		return appendUUID(b, r, mix(r^0x75756964))
	})
}

// serial is an integer id as databases count: it begins somewhere that depends on the seed and grows with i.
func serial(kind kindID, base, step int64) attribute {
	return number(func(f *frame, i int64) int64 {
		return base + int64(f.w.draw(kind, -1, 1)%uint64(base)) + i*step
	})
}

// chance is true in so many of a hundred entities.
func chance(kind kindID, purpose uint64, percent uint64) attribute {
	return flag(func(f *frame, i int64) bool { return f.w.draw(kind, i, purpose)%100 < percent })
}

// notAfter keeps a time from being later than the payload: nothing has happened yet that is still to come.
func notAfter(t, at time.Time) time.Time {
	if t.After(at) {
		return at
	}
	return t
}

func appendInt(b []byte, n int64) []byte { return strconv.AppendInt(b, n, 10) }
