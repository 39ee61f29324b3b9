package fakes_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/fakes"
)

func generator(t *testing.T, reference, event string) *fakes.Generator {
	t.Helper()
	p, err := contract.Load(reference)
	require.NoError(t, err)
	e, err := p.Event(event)
	require.NoError(t, err)
	g, err := fakes.NewWorld(1, fakes.Config{}).Generator(e)
	require.NoError(t, err)
	return g
}

// What changed shows in every later payload about the same entity, and nowhere else.
func TestChangesLastOverEvents(t *testing.T) {
	t.Parallel()
	created, updated := generator(t, "tribe", "member.created"), generator(t, "tribe", "member.updated")
	at := created.At(5)
	member := created.Cast(fakes.Occasion{N: 5, Subject: 5, At: at})["member"]
	require.Equal(t, "person", member.Kind)
	var changes fakes.Changes
	joined := time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC)
	require.NoError(t, changes.Set(member, "username", `renée "r"`))
	require.NoError(t, changes.Set(member, "createdAt", joined))
	for _, g := range []*fakes.Generator{created, updated} {
		body := g.AppendOccasion(nil, fakes.Occasion{N: 9, Subject: 5, At: joined, Changes: &changes})
		require.NoError(t, g.Event().Validate(body))
		require.Equal(t, `renée "r"`, contract.Lookup(body, "/data/object/username"))
		require.Equal(t, "2026-03-01T09:30:00.000Z", contract.Lookup(body, "/data/object/createdAt"))
		plain := g.AppendOccasion(nil, fakes.Occasion{N: 9, Subject: 5, At: joined})
		require.Equal(t, contract.Lookup(plain, "/data/object/email"), contract.Lookup(body, "/data/object/email"))
		require.Equal(t, contract.Lookup(plain, "/data/id"), contract.Lookup(body, "/data/id"))
		other := fakes.Occasion{N: 9, Subject: 6, At: joined}
		want := g.AppendOccasion(nil, other)
		other.Changes = &changes
		require.Equal(t, string(want), string(g.AppendOccasion(nil, other)))
	}
}

// The number of an event and what it is about are two things: one member's two updates are two events.
func TestOccasionsHaveTheirOwnIDs(t *testing.T) {
	t.Parallel()
	g := generator(t, "tribe", "member.updated")
	first := g.AppendOccasion(nil, fakes.Occasion{N: 1, Subject: 7, At: g.At(9)})
	second := g.AppendOccasion(nil, fakes.Occasion{N: 2, Subject: 7, At: g.At(9)})
	require.NotEqual(t, contract.Lookup(first, "/data/id"), contract.Lookup(second, "/data/id"))
	require.Equal(t, contract.Lookup(first, "/data/object/id"), contract.Lookup(second, "/data/object/id"))
	require.Equal(t, string(g.Append(nil, 7, g.At(9))), string(g.AppendOccasion(nil, fakes.Occasion{N: 7, Subject: 7, At: g.At(9)})))
}

func TestCastPutsAnEntityIntoARole(t *testing.T) {
	t.Parallel()
	g := generator(t, "mighty", "MemberBadgeAdded")
	o := fakes.Occasion{N: 3, Subject: 3, At: g.At(3), Cast: map[string]int64{"badge": 4}}
	require.Equal(t, fakes.Entity{Kind: "badge", Index: 4}, g.Cast(o)["badge"])
	title := contract.Lookup(g.AppendOccasion(nil, o), "/payload/badge/title")
	o.Subject, o.N = 8, 8
	require.Equal(t, title, contract.Lookup(g.AppendOccasion(nil, o), "/payload/badge/title"))

	events := generator(t, "mighty", "EventCreated")
	var changes fakes.Changes
	event := events.Cast(fakes.Occasion{N: 2, Subject: 2})["event"]
	require.NoError(t, changes.Relate(event, "creator", 11))
	body := events.AppendOccasion(nil, fakes.Occasion{N: 2, Subject: 2, At: events.At(2), Changes: &changes})
	other := events.AppendOccasion(nil, fakes.Occasion{N: 2, Subject: 2, At: events.At(2), Cast: map[string]int64{"event.creator": 11}})
	require.Equal(t, string(other), string(body))
	id, ok := contract.Lookup(body, "/payload/creator/id").(string)
	require.True(t, ok)
	require.Equal(t, json.Number(id), contract.Lookup(body, "/payload/creator_id"))
}

func TestChangesThatCannotBe(t *testing.T) {
	t.Parallel()
	var changes fakes.Changes
	member := fakes.Entity{Kind: "person", Index: 3}
	for want, err := range map[string]error{
		`unknown kind of entity "persn"; did you mean "person"?`:                    changes.Set(fakes.Entity{Kind: "persn"}, "email", "a"),
		`unknown attribute of person "emial"; did you mean "email"?`:                changes.Set(member, "emial", "a"),
		`person.email is 4, want a string`:                                          changes.Set(member, "email", 4),
		`person.points is "4", want a whole number`:                                 changes.Set(member, "points", "4"),
		`person.points is 4.5, want a whole number`:                                 changes.Set(member, "points", json.Number("4.5")),
		`person.hidden is "no", want true or false`:                                 changes.Set(member, "hidden", "no"),
		`person.createdAt is "yesterday", want a time such as 2026-01-31T09:00:00Z`: changes.Set(member, "createdAt", "yesterday"),
		`person.email is always there, and cannot be null`:                          changes.Set(member, "email", nil),
		`unknown relation of event "space2"; did you mean "space"?`:                 changes.Relate(fakes.Entity{Kind: "event"}, "space2", 1),
		`unknown kind of entity "evnt"; did you mean "event"?`:                      changes.Relate(fakes.Entity{Kind: "evnt"}, "space", 1),
		`occurrence.uuid cannot be set; an event keeps its id and its time`:         changes.Set(fakes.Entity{Kind: "occurrence"}, "uuid", "a"),
		`person.groups is "x", want nothing: lists do not change`:                   changes.Set(member, "groups", "x"),
	} {
		require.EqualError(t, err, want)
		var coded *contract.Error
		require.ErrorAs(t, err, &coded)
		require.Equal(t, contract.BadValue, coded.Code)
	}
	require.Zero(t, changes.Len())
	require.Zero(t, (*fakes.Changes)(nil).Len())
	require.NoError(t, changes.Set(member, "points", json.Number("40")))
	require.Equal(t, 1, changes.Len())
}

func TestValuesOfEntities(t *testing.T) {
	t.Parallel()
	w := fakes.NewWorld(1, fakes.Config{})
	g := generator(t, "tribe", "member.created")
	at := g.At(5)
	body := g.Append(nil, 5, at)
	member, err := w.Subject("person", 5)
	require.NoError(t, err)
	require.Equal(t, g.Cast(fakes.Occasion{N: 5, Subject: 5})["member"], member)
	for attribute, pointer := range map[string]string{"username": "/data/object/username", "email": "/data/object/email"} {
		value, err := w.Value(member, attribute, at, nil)
		require.NoError(t, err)
		require.Equal(t, contract.Lookup(body, pointer), value)
	}
	var changes fakes.Changes
	require.NoError(t, changes.Set(member, "name", `Zoë "Z"`))
	value, err := w.Value(member, "name", at, &changes)
	require.NoError(t, err)
	require.Equal(t, `Zoë "Z"`, value)
	_, err = w.Value(member, "nmae", at, nil)
	require.EqualError(t, err, `unknown attribute of person "nmae"; did you mean "name"?`)
	_, err = w.Subject("persn", 1)
	require.EqualError(t, err, `unknown kind of entity "persn"; did you mean "person"?`)
	// Every attribute of every kind has a value that is its own.
	for _, kind := range fakes.Kinds() {
		e, err := w.Subject(kind, 3)
		require.NoError(t, err)
		for _, attribute := range fakes.Attributes(kind) {
			_, err := w.Value(e, attribute, at, nil)
			require.NoError(t, err, "%s.%s", kind, attribute)
		}
	}
}

// An entity can be cast by its kind as well, whatever the role is called.
func TestCastByKind(t *testing.T) {
	t.Parallel()
	g := generator(t, "tribe", "member.created")
	byRole := g.AppendOccasion(nil, fakes.Occasion{N: 3, Subject: 3, At: g.At(3), Cast: map[string]int64{"member": 70}})
	byKind := g.AppendOccasion(nil, fakes.Occasion{N: 3, Subject: 3, At: g.At(3), Cast: map[string]int64{"person": 70}})
	require.Equal(t, string(byRole), string(byKind))
}
