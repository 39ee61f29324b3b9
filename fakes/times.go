package fakes

import (
	"embed"
	"time"
)

// The order of things: the community begins some two years before the epoch, its residents come within a year after,
// what lasts (spaces, badges, plans …) is founded within the year before the epoch, and then comes payload after
// payload.

// foundingDays are the days before the epoch in which what lasts is founded.
const foundingDays = 365

// At returns the time of payload n in a run that has no clock of its own: the epoch, and then one about every 37
// seconds.
func (w *World) At(n uint64) time.Time {
	return w.config.Epoch.Add(time.Duration(min(n, MaxN)) * pace)
}

// began is when the community began.
func (f *frame) began() time.Time {
	return f.w.config.Epoch.Add(-time.Duration(between(f.w.draw(networkKind, 0, 11), 86_400*740, 86_400*800)) * time.Second)
}

// founded is some time in the year before the epoch, or when a newer one came to be.
func (f *frame) founded(kind kindID, i int64) time.Time {
	if n := i - f.w.size(kind); n >= 0 && sizes[kind] != nil {
		return f.newer(kind, n)
	}
	ago := between(f.w.draw(kind, i, 9), 86_400*10, 86_400*foundingDays)
	return f.w.config.Epoch.Add(-time.Duration(ago) * time.Second)
}

// foundedIn is some time between the founding of what it is in and a week before the epoch.
func (f *frame) foundedIn(home time.Time, kind kindID, i int64) time.Time {
	room := int64(f.w.config.Epoch.Sub(home)/time.Second) - 86_400*7
	return home.Add(time.Duration(between(f.w.draw(kind, i, 9), 0, room)) * time.Second)
}

// newer is when the n-th came to be of what there are only so many at the epoch: as newcomer n did, now if that is what
// the payload tells of, and earlier if the payload tells of its end.
func (f *frame) newer(kind kindID, n int64) time.Time {
	switch made := f.made(n); {
	case n != int64(f.n):
		return made
	case f.event.creates:
		return f.at
	case f.event.changes && !made.Before(f.at):
		return f.at.Add(-time.Duration(between(f.w.draw(kind, n, 9), 86_400*10, 86_400*foundingDays)) * time.Second)
	default:
		return made
	}
}

// settled is when something that lasts was changed last: some days after it was founded, and before the epoch.
func (f *frame) settled(kind kindID, i int64) time.Time {
	return f.settledSince(kind, i, f.founded(kind, i))
}

// settledSince is settled of what is founded otherwise. A newer one was changed soon after it came to be.
func (f *frame) settledSince(kind kindID, i int64, founded time.Time) time.Time {
	if f.w.isNew(kind, i) {
		return f.later(founded, f.w.draw(kind, i, 0x70), 30, 1_800)
	}
	return founded.Add(60 * time.Hour)
}

// created is when an entity came to be: as the world has it, or as a change says. What follows from it moves with it.
func (f *frame) created(kind string, i int64, own time.Time) time.Time {
	if f.changes != nil {
		if v, ok := f.changes.of(kind, i, "createdAt"); ok {
			if t, ok := v.(time.Time); ok {
				return t
			}
		}
	}
	return own
}

// made is when the i-th newcomer came, and with it the i-th of the things that are numbered.
func (f *frame) made(i int64) time.Time { return notAfter(f.w.At(uint64(i)).Add(-f.early), f.at) }

// touched is when such a thing was changed last: now if the payload is about it, else soon after it was made.
func (f *frame) touched(kind kindID, name string, i int64) time.Time {
	if i == int64(f.n) {
		return f.at
	}
	return f.later(f.created(name, i, f.made(i)), f.w.draw(kind, i, 0x70), 30, 1_800)
}

// later is some seconds after a time, and not after the payload.
func (f *frame) later(t time.Time, r uint64, low, high int64) time.Time {
	return notAfter(t.Add(delay(r, low, high)), f.at)
}

// soon is when the newcomer of story i did something: within the hour, as the world has it or as a change says.
func (f *frame) soon(kind kindID, name string, i int64) time.Time {
	came := f.created("person", f.w.newcomer(uint64(i)), f.made(i))
	return f.created(name, i, f.done(came, soonAfter(kind)(f.w, uint64(i))))
}

// done is some time after another. Where that is still to come, it is the time of the payload, or before it if the
// payload is about what came of it.
func (f *frame) done(t time.Time, after time.Duration) time.Time {
	switch done := t.Add(after); {
	case !done.After(f.at):
		return done
	case f.event.changes && t.Before(f.at):
		return t.Add(f.at.Sub(t) / 2).Truncate(time.Millisecond)
	}
	return f.at
}

// grown is a count that begins at zero and grows with the minutes since a time.
func (f *frame) grown(since time.Time, r uint64, most int64) int64 {
	return max(0, min(int64(f.at.Sub(since)/time.Minute), between(r, 0, most)))
}

// now is the time of the payload.
func now(f *frame, _ int64) time.Time { return f.at }

// zoneFiles are the time zones of the tables' towns. The machine's own, which another release of the database may have
// made, would make other payloads of the same seed.
//
//go:embed zoneinfo/Africa zoneinfo/America zoneinfo/Asia zoneinfo/Australia zoneinfo/Europe zoneinfo/Pacific
var zoneFiles embed.FS

func mustZone(name string) *time.Location {
	data, err := zoneFiles.ReadFile("zoneinfo/" + name)
	if err != nil { // the files are embedded
		panic(err)
	}
	location, err := time.LoadLocationFromTZData(name, data)
	if err != nil {
		panic(err)
	}
	return location
}
