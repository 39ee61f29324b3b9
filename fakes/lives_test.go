package fakes_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/fakes"
)

// dated are the objects of a payload that say when they came to be.
func dated(value any, visit func(object map[string]any, created time.Time)) {
	switch v := value.(type) {
	case map[string]any:
		for _, key := range []string{"createdAt", "created_at", "created"} {
			if created, ok := dateOf(v[key]); ok {
				visit(v, created)
			}
		}
		for _, inner := range v {
			dated(inner, visit)
		}
	case []any:
		for _, inner := range v {
			dated(inner, visit)
		}
	}
}

// dateOf reads a date, to the second.
func dateOf(value any) (time.Time, bool) {
	switch v := value.(type) {
	case string:
		at, err := time.Parse(time.RFC3339, v)
		return at.UTC().Truncate(time.Second), err == nil
	case json.Number:
		n, err := v.Int64()
		if n > 1e11 {
			return time.UnixMilli(n).UTC().Truncate(time.Second), err == nil
		}
		return time.Unix(n, 0).UTC(), err == nil
	}
	return time.Time{}, false
}

// comesToBe are the events that tell of something new, and those that are about nothing in particular.
var comesToBe = regexp.MustCompile(`(?i)(created|joined|purchased|requested|published|reaction\.added|payment\.completed|ping|TEST)$|^GiftLeaderboard`)

// inOrder fails where something in a payload happens before it could, or after the payload.
func inOrder(t *testing.T, event *contract.EventType, body []byte, at time.Time, agree func(object map[string]any, created time.Time)) {
	t.Helper()
	at = at.UTC().Truncate(time.Second)
	// Who accepts an invitation joins with it.
	changes := !comesToBe.MatchString(event.Name) && event.Name != "member_invitation.accepted"
	fault := func(what string) { t.Fatalf("%s at %s: %s: %s", event.Name, at, what, body) }
	dated(contract.Lookup(body, ""), func(object map[string]any, created time.Time) {
		before := created
		for _, keys := range [][]string{{"verifiedAt", "firstCommunityAccess"}, {"updatedAt", "updated_at"}, {"deletedAt"}} {
			for _, key := range keys {
				if moment, ok := dateOf(object[key]); ok {
					if moment.Before(before) {
						fault(key)
					}
					before = moment
				}
			}
		}
		if at.Before(before) {
			fault("still to come")
		}
		if changes && !created.Before(at) {
			fault("it is new")
		}
		agree(object, created)
	})
}

func TestLivesAreInOrder(t *testing.T) {
	t.Parallel()
	world := fakes.NewWorld(11, fakes.Config{})
	var generators []*fakes.Generator
	for _, event := range events(t) {
		g, err := world.Generator(event)
		require.NoError(t, err)
		generators = append(generators, g)
	}
	var body []byte
	for n := range uint64(lives()) {
		created := map[string]time.Time{}
		for _, g := range generators {
			event := g.Event()
			body = g.Append(body[:0], n, g.At(n))
			inOrder(t, event, body, g.At(n), func(object map[string]any, at time.Time) {
				// A person has one address on all platforms; a request has that of who makes it.
				id, _ := object["email"].(string)
				if strings.HasSuffix(event.Name, "Requested") {
					id = ""
				}
				if first, ok := created[id]; ok && id != "" && first != at {
					t.Fatalf("%s: %s came at %s: %s", event.Name, id, first, body)
				}
				created[id] = at
			})
		}
		require.Greater(t, len(created), 5)
	}
}

// A payload for a time at which its newcomer had not come yet still tells of something that is older.
func TestLivesThatBeginEarlier(t *testing.T) {
	t.Parallel()
	epoch := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	for seed := range uint64(lives()/1_000 + 1) {
		world := fakes.NewWorld(seed, fakes.Config{Epoch: epoch})
		for _, event := range events(t) {
			if !isDefault(event) {
				continue
			}
			g, err := world.Generator(event)
			require.NoError(t, err)
			few := uint64(min(20, lives()/10))
			for n := range few {
				for _, after := range []time.Duration{0, 20 * time.Second, 10 * time.Minute} {
					at := epoch.Add(after)
					body := g.Append(nil, n, at)
					require.NoError(t, event.Validate(body))
					inOrder(t, event, body, at, func(map[string]any, time.Time) {})
				}
			}
		}
	}
}

// The turns of one newcomer are those of a usual life.
func TestTurnsOfALife(t *testing.T) {
	t.Parallel()
	world := fakes.NewWorld(2, fakes.Config{})
	for _, life := range [][]string{
		{"tribe", "member.created", "member.verified", "member.updated", "member.deleted"},
		{"tribe@2023", "member_invitation.accepted", "member.verified", "member.suspended", "member.unsuspended", "member.deleted"},
		{"mighty@2026-07", "MemberJoined", "RsvpCreated", "MemberBadgeAdded", "MemberSubscriptionCanceled"},
		{"mighty@2026-07", "MemberJoined", "RsvpCreated", "MemberUpdated", "MemberLeft"},
		{"mighty@2026-07", "MemberJoined", "MemberPurchased", "MemberTagAdded", "MemberTagRemoved"},
		{"mighty@2026-07", "MemberJoined", "MemberCourseProgressStarted", "MemberCourseProgressUpdated", "MemberCourseProgressCompleted", "MemberLeft"},
		{"tryno", "member.joined", "post.created", "post.deleted"},
		{"tryno", "member.joined", "event.registered", "event.checked_in", "member.left"},
		{"ambassify", "campaign.created", "campaign.published_community", "campaign.published_landing", "campaign.removed"},
		{"ambassify", "person.created", "person.changed", "person.removed"},
	} {
		p, err := contract.Load(life[0])
		require.NoError(t, err)
		var spans []time.Duration
		for n := range uint64(size(500, 100)) {
			var before time.Time
			for _, name := range life[1:] {
				event, err := p.Event(name)
				require.NoError(t, err)
				g, err := world.Generator(event)
				require.NoError(t, err)
				require.True(t, g.At(n).After(before), "%d: %s is not after the one before", n, name)
				before = g.At(n)
			}
			spans = append(spans, before.Sub(world.At(n)))
		}
		slices.Sort(spans)
		require.Less(t, spans[0], 2*24*time.Hour, life)
		require.Greater(t, spans[len(spans)-1], 60*24*time.Hour, life)
	}
}

// What an event says was changed was changed when it happened.
func TestUpdatedAtTheTimeOfTheEvent(t *testing.T) {
	t.Parallel()
	world := fakes.NewWorld(5, fakes.Config{})
	for _, of := range [][3]string{
		{"tribe", "member.updated", "/data/object/updatedAt"}, {"tribe", "member.verified", "/data/object/verifiedAt"},
		{"tribe", "member.deleted", "/data/object/deletedAt"}, {"tribe@2023", "space.updated", "/data/object/updatedAt"},
		{"tribe@2023", "post.updated", "/data/object/updatedAt"}, {"tribe@2023", "member.suspended", "/data/object/updatedAt"},
		{"mighty@2026-07", "MemberUpdated", "/payload/member/updated_at"}, {"mighty@2026-07", "EventUpdated", "/payload/updated_at"},
		{"mighty@2026-07", "PostUpdated", "/payload/updated_at"}, {"mighty@2026-07", "RsvpUpdated", "/payload/updated"},
		{"mighty@2026-07", "PercentagePollUpdated", "/payload/updated_at"}, {"mighty@2026-07", "EventCreated", "/payload/created_at"},
		{"mighty@2026-07", "CommentCreated", "/payload/created_at"}, {"mighty@2026-07", "MemberPurchased", "/payload/purchase/created_at"},
		{"mighty@2026-07", "MemberSubscriptionRenewed", "/payload/subscription/current_period_start"},
	} {
		p, err := contract.Load(of[0])
		require.NoError(t, err)
		event, err := p.Event(of[1])
		require.NoError(t, err)
		g, err := world.Generator(event)
		require.NoError(t, err)
		for n := range uint64(300) {
			at, ok := dateOf(contract.Lookup(g.Append(nil, n, g.At(n)), of[2]))
			require.True(t, ok, of)
			require.Equal(t, g.At(n).Truncate(time.Second), at, of)
		}
	}
}

// The instance of an event that recurs names the event, as in the fixture of RsvpCreated.
func TestInstancesNameTheirEvent(t *testing.T) {
	t.Parallel()
	p, err := contract.Load("mighty@2026-07")
	require.NoError(t, err)
	event, err := p.Event("RsvpCreated")
	require.NoError(t, err)
	g, err := fakes.NewWorld(5, fakes.Config{}).Generator(event)
	require.NoError(t, err)
	named := 0
	for n := range uint64(200) {
		body := g.Append(nil, n, g.At(n))
		if id := contract.Lookup(body, "/payload/event_instance/post_id"); id != nil {
			named++
			require.Equal(t, contract.Lookup(body, "/payload/event/id"), id)
		}
	}
	require.Greater(t, named, 100)
}
