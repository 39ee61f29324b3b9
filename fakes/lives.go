package fakes

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/quintain-dev/quintain/contract"
)

// Payload n of any event is about the newcomer who came at World.At(n), so the events about that one happen later, each
// in its turn: who joined is verified within minutes, then does something, then is changed, and leaves days or months
// after.

// A since is how long after newcomer n came something happens.
type since func(w *World, n uint64) time.Duration

// atOnce is the since of what comes to be as the newcomer does.
func atOnce(*World, uint64) time.Duration { return 0 }

// delay is some seconds.
func delay(r uint64, low, high int64) time.Duration {
	return time.Duration(between(r, low, high))*time.Second + time.Duration(r>>32%1000)*time.Millisecond
}

// soonAfter is within the hour after coming, once the address is verified.
func soonAfter(kind kindID) since {
	return func(w *World, n uint64) time.Duration { return delay(w.draw(kind, int64(n), 0x71), 601, 3_600) }
}

// A stage is a part of a life: from and to are 64ths of how long the whole lasts.
type stage struct{ from, to time.Duration }

var (
	stageFirst  = stage{1, 2}
	stageMiddle = stage{4, 32}
	stageLate   = stage{40, 48}
	stageLast   = stage{56, 64}
)

// stages are when in the life of its subject an event happens, by the word that tells what happened. What is in none,
// or in births, happens when the subject comes to be.
var stages = sync.OnceValue(func() map[string]stage {
	out := map[string]stage{}
	for words, s := range map[string]stage{
		"accepted rejected approved declined verified enrolled registered started":      stageFirst,
		"added updated changed leveled pinned hidden blocked suspended":                 stageMiddle,
		"renewed completed checked unpinned unhidden unblocked unsuspended unpublished": stageLate,
		"removed deleted canceled cancelled left refunded expired":                      stageLast,
	} {
		for word := range strings.FieldsSeq(words) {
			out[word] = s
		}
	}
	return out
})

// births are the words for what comes to be.
var births = []string{"created", "published", "purchased", "requested"}

// life is how long the life of newcomer n lasts: a day to four months, half of them less than two weeks.
func (w *World) life(n uint64) time.Duration {
	const day = 24 * time.Hour
	r := w.draw(lifeKind, int64(n), 1)
	whole := day << (r % 7)
	return whole + time.Duration(r>>8%uint64(whole/time.Millisecond))*time.Millisecond
}

// in is some time within a stage, of the event that a number tells apart.
func (s stage) in(event uint64) since {
	return func(w *World, n uint64) time.Duration {
		part := w.life(n) / 64
		room := uint64(part*(s.to-s.from)) / uint64(time.Millisecond)
		ago := part*s.from + time.Duration(w.draw(lifeKind, int64(n), event)%room)*time.Millisecond
		return ago.Truncate(time.Millisecond)
	}
}

// A turn is when an event happens in the life that it is about. The zero value is that of an event which is about
// nobody's: it happens when a newcomer comes.
type turn struct {
	comes   since  // when its subject comes to be; nil: with the newcomer
	happens since  // nil: when its subject comes to be
	changes bool   // its subject was there before
	own     bool   // and is what changes, not what something was added to
	ends    bool   // and is no more
	thing   string // the role of a thing that lasts and is the event's own, since nothing is created or deleted twice; "": none
}

// thingOf returns the role of what an event creates, deletes or removes, where there are only so many of its kind: what
// the words of the event's name say, or the only such thing in the cast. Removed is the thing itself only if there is
// nothing else in the cast that it could be removed from.
func thingOf(event *contract.EventType, words []string) (role, verb string) {
	at := -1
	for i, word := range words {
		if word == "created" || word == "deleted" || word == "removed" {
			at = i
		}
	}
	if at < 0 {
		return "", ""
	}
	verb = words[at]
	name := strings.Join(slices.Delete(slices.Clone(words), at, at+1), "")
	var things []string
	roots, others := 0, false
	for _, r := range event.Roles {
		path := event.Cast[r]
		k, root := kinds()[path]
		if !root || path == "network" {
			continue
		}
		roots++
		others = others || k.comes != nil
		if k.lasting != 0 {
			things = append(things, r)
			if role == "" && (name == strings.ToLower(path) || name == strings.Join(wordsOf(r), "")) {
				role = r
			}
		}
	}
	switch {
	case role != "" && (verb != "removed" || roots == 1):
		return role, verb
	case role == "" && verb != "removed" && len(things) == 1 && !others:
		return things[0], verb
	}
	return "", ""
}

// turnOf reads the turn of an event from its name and its cast: the first role that newcomers bring along is its
// subject.
func turnOf(event *contract.EventType) turn {
	var t turn
	var k kind
	var subject string
	for _, role := range event.Roles {
		path := event.Cast[role]
		if subject, k = path, kinds()[path]; k.comes != nil {
			break
		}
	}
	words := wordsOf(event.Name)
	switch thing, verb := thingOf(event, words); {
	case thing == "":
	case verb == "created":
		return turn{thing: thing}
	default:
		return turn{thing: thing, happens: stageLast.in(hash(event.Name)), changes: true, own: true, ends: true}
	}
	for i, word := range slices.Backward(words) {
		stage, known := stages()[word]
		about := slices.Equal(words[:i], []string{subject}) || subject == "person" && slices.Contains([]string{"member", "person", "user"}, strings.Join(words[:i], " "))
		switch happens, special := k.turns[word]; {
		case special:
			return turn{comes: k.comes, happens: happens, changes: happens != nil, own: happens != nil && about}
		case known:
			// such as a space, which is older
			first := len(event.Roles) > 0 && kinds()[event.Cast[event.Roles[0]]].comes == nil
			t.own = word != "added" && word != "removed" && (about || first && event.Cast[event.Roles[0]] == strings.Join(words[:i], ""))
			if k.comes == nil {
				return t
			}
			in := stage.in(hash(event.Name))
			t.comes, t.changes, t.ends = k.comes, true, stage == stageLast
			t.happens = func(w *World, n uint64) time.Duration { return k.comes(w, n) + in(w, n) }
			return t
		case word == "joined":
			return turn{}
		case slices.Contains(births, word):
			if subject == "person" && !about { // something of the newcomer's that has no kind
				return turn{happens: soonAfter(kindID(hash(event.Name)))}
			}
			return turn{comes: k.comes, happens: k.comes}
		}
	}
	return turn{}
}

// wordsOf returns the words of an event's name in lower case: member, badge, added.
func wordsOf(name string) []string {
	return strings.FieldsFunc(strings.ToLower(contract.UpperSnake.Of(name)), func(r rune) bool { return r < 'a' || r > 'z' })
}

// longestAgo is how long ago, at most, the subject of a payload came to be that is made for a time at which its
// newcomer had not come yet. What lasts was founded before that.
const longestAgo = 5 * 24 * time.Hour

// early is how much earlier everybody has to come so that the subject of a payload is older than the payload. It is 0
// where the newcomer has come by then, so that one and the same has joined at one and the same time in all that is
// told.
func (t *turn) early(w *World, n uint64, at time.Time) time.Duration {
	came := w.At(n)
	if !t.changes || came.Before(at) {
		return 0
	}
	comes, ago := time.Duration(0), t.happens(w, n)
	if t.comes != nil {
		comes = t.comes(w, n)
	}
	if ago -= comes; ago > longestAgo {
		ago = longestAgo - 24*time.Hour + ago%(24*time.Hour)
	}
	return came.Sub(at) + comes + max(0, ago)
}
