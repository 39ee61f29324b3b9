package fakes_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/fakes"
)

// once are the events that tell of something once and for all. Of a badge or tag that a member gets or loses, and of a
// plan that a member is taken from, the member is what differs.
var once = regexp.MustCompile(`(?i)(created|deleted|removed)$|RemovedFrom`)

// identities are where a payload has the id of what it is about.
var identities = map[string][]string{
	"tribe": {"/data/object/id"}, "tryno": {"/data/post_id", "/data/user_id"},
	"ambassify": {"/interaction/id", "/conversion/id", "/campaign/id", "/person/id"},
	"mighty":    {"/payload/id", "/payload/reaction/id", "/payload/reported_content/id", "/payload/purchase/id", "/payload/subscription/id", "/payload/member/id"},
}

// Nothing is created or deleted twice.
func TestNothingIsMadeOrEndedTwice(t *testing.T) {
	t.Parallel()
	world := fakes.NewWorld(8, fakes.Config{})
	checked := 0
	for _, event := range events(t) {
		if !once.MatchString(event.Name) {
			continue
		}
		checked++
		g, err := world.Generator(event)
		require.NoError(t, err)
		seen, cast := map[string]bool{}, map[string]bool{}
		for n := range uint64(size(300, 60)) {
			body := g.Append(nil, n, g.At(n))
			var id any
			for _, pointer := range identities[event.Platform().Name] {
				if id = contract.Lookup(body, pointer); id != nil {
					break
				}
			}
			subject := g.Cast(fakes.Occasion{N: n, Subject: n, At: g.At(n)})[event.Roles[0]]
			if event.Name == "tag.removed" { // from a post
				subject = g.Cast(fakes.Occasion{N: n, Subject: n, At: g.At(n)})["post"]
				id = contract.Lookup(body, "/data/target/postId")
			}
			require.NotNil(t, id, "%s %s: %s", event.Platform(), event.Name, body)
			require.False(t, seen[fmt.Sprint(id)], "%s %s: %v again: %s", event.Platform(), event.Name, id, body)
			require.False(t, cast[fmt.Sprint(subject)], "%s %s: %v again", event.Platform(), event.Name, subject)
			seen[fmt.Sprint(id)], cast[fmt.Sprint(subject)] = true, true
		}
	}
	require.Greater(t, checked, 70)
}

// things are documents of events about what lasts, of a platform of one's own.
func things(t *testing.T, name, cast, properties string) *contract.EventType {
	t.Helper()
	p, err := contract.Parse("own.yaml", []byte("openapi: 3.1.0\nx-platform: {name: own, revisions: ['1']}\nwebhooks:\n  "+name+":\n    post:\n"+
		"      x-grade: chosen\n      x-source: {page: p, date: 2026-01-01}\n      x-cast: {"+cast+"}\n"+
		"      requestBody: {content: {application/json: {schema: {type: object, properties: {"+properties+"}}}}}\n"), "")
	require.NoError(t, err)
	return p.Events()[0]
}

// What there are only so many of comes to be at the time of its event, under an id and a name of its own, and what is
// deleted was there before; what changes, or is given to somebody, is one of those that there are.
func TestThingsThatLast(t *testing.T) {
	t.Parallel()
	world := fakes.NewWorld(3, fakes.Config{})
	number, title := "id: {type: integer, x-fake: a.id}", "title: {type: string, x-fake: a.title}"
	name, slug := "name: {type: string, x-fake: a.name}", "slug: {type: string, x-fake: a.slug}"
	for _, tt := range []struct {
		event, cast, properties string
		own                     bool
	}{
		{"badge.created", "a: badge", number + ", " + title + ", " + slug, true},
		{"BadgeDeleted", "a: badge, network: network", number + ", " + title + ", " + slug, true},
		{"tag.created", "a: tag", number + ", " + title + ", " + slug, true},
		{"segment_created", "a: segment", number + ", customFieldId: {type: integer, x-fake: a.customFieldId}", true},
		{"plan.created", "a: plan", number + ", " + name, true},
		{"course.removed", "course: course, a: course.creator", "id: {type: integer, x-fake: course.id}", true},
		{"CustomFieldCreated", "a: customField", number + ", " + title, true},
		{"room.created", "a: space", number + ", " + name + ", " + slug, true},
		{"room.created", "room: space, a: collection", "id: {type: integer, x-fake: room.id}, name: {type: string, x-fake: room.name}", true},
		{"space.deleted", "a: space", number + ", " + name + ", " + slug, true},
		{"collection.created", "a: collection", number + ", " + name + ", " + slug, true},
		{"space.updated", "a: space", number, false},
		{"badge.added", "member: person, a: badge", number, false},
		{"MemberTagRemoved", "member: person, a: tag", number, false},
		{"tag.removed", "a: tag, post: post", number, false},
		{"tag.removed", "a: tag, space: space", number, false},
		{"post.created", "post: post, a: post.space", number, false},
	} {
		event := things(t, tt.event, tt.cast, tt.properties)
		g, err := world.Generator(event)
		require.NoError(t, err, tt)
		_, own := g.Own(4)
		require.Equal(t, tt.own, own, tt)
		seen := map[string]map[string]bool{}
		for n := range uint64(300) {
			body := g.Append(nil, n, g.At(n))
			for _, key := range []string{"id", "title", "name", "slug"} {
				value := fmt.Sprint(contract.Lookup(body, "/"+key))
				if seen[key] == nil {
					seen[key] = map[string]bool{}
				}
				seen[key][value] = true
			}
		}
		for key, values := range seen {
			if strings.Contains(tt.properties, key+":") {
				require.Equal(t, tt.own, len(values) == 300, "%v: %d values of %s", tt, len(values), key)
			}
		}
	}
}

// A space that is created is as old as the event, wherever that is in time, and one that is deleted is older.
func TestThingsHaveTheTimeOfTheirEvent(t *testing.T) {
	t.Parallel()
	made, ended := generator(t, "tribe@2023", "space.created"), generator(t, "tribe@2023", "space.deleted")
	moment := func(body []byte, key string) time.Time {
		at, err := time.Parse(time.RFC3339, contract.Lookup(body, "/data/object/"+key).(string))
		require.NoError(t, err)
		return at
	}
	var changes fakes.Changes
	require.NoError(t, changes.Set(fakes.Entity{Kind: "person", Index: 1}, "firstName", "Ada"))
	for n := range uint64(size(200, 40)) {
		for _, at := range []time.Time{made.At(n), made.At(n).Add(24 * time.Hour), made.At(0)} {
			for _, changed := range []*fakes.Changes{nil, &changes} {
				body := made.AppendOccasion(nil, fakes.Occasion{N: n, Subject: n, At: at, Changes: changed})
				require.NoError(t, made.Event().Validate(body))
				require.Equal(t, at, moment(body, "createdAt"))
				require.Equal(t, at, moment(body, "updatedAt"))
				id, space := contract.Lookup(body, "/data/object/id"), contract.Lookup(body, "/data/target/spaceId")
				if space != nil {
					require.Equal(t, id, space)
				}
				body = ended.AppendOccasion(nil, fakes.Occasion{N: n, Subject: n, At: at, Changes: changed})
				require.NoError(t, ended.Event().Validate(body))
				require.True(t, moment(body, "createdAt").Before(at), "%s", body)
				require.Equal(t, at, moment(body, "updatedAt"))
				require.Equal(t, id, contract.Lookup(body, "/data/object/id"), "what is deleted was created")
			}
		}
	}
}
