package story_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/fakes"
	"github.com/quintain-dev/quintain/fakes/story"
)

// platforms are all that are built in, at every revision.
func platforms(t *testing.T) (out []*contract.Platform) {
	t.Helper()
	for _, name := range contract.Names() {
		first, err := contract.Load(name)
		require.NoError(t, err)
		for _, revision := range first.Revisions {
			p, err := contract.Load(name + "@" + revision)
			require.NoError(t, err)
			out = append(out, p)
		}
	}
	return out
}

var begin = time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)

// Actions name events that there are. An event needs no action: no story causes it then.
func TestActionsAndCatalogueAgree(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, p := range platforms(t) {
		for _, name := range p.EventNames() {
			known[p.Name+" "+name] = true
		}
	}
	for _, a := range story.Actions() {
		require.NotEmpty(t, a.Summary, a.Name)
		for platform, events := range a.Events {
			for _, event := range events {
				require.True(t, known[platform+" "+event], "%s: %s has no event %s", a.Name, platform, event)
			}
		}
	}
}

// Each action, done by itself on each revision: payloads meet their contract, carry the time, and have ids of their
// own.
func TestEveryActionHappens(t *testing.T) {
	t.Parallel()
	for _, p := range platforms(t) {
		life := story.NewLife(fakes.NewWorld(3, fakes.Config{Epoch: begin}), p)
		ids, n := map[string]bool{}, uint64(0)
		for _, a := range story.Actions() {
			if len(a.EventsOn(p)) == 0 {
				_, err := life.Act(story.Step{Action: a.Name}, n, 1, begin)
				var coded *story.Error
				require.ErrorAs(t, err, &coded, "%s: %s", p, a.Name)
				require.Equal(t, story.NotDocumented, coded.Code)
				continue
			}
			at := begin.Add(time.Duration(n) * time.Hour)
			happenings, err := life.Act(story.Step{Action: a.Name}, n, 1, at)
			require.NoError(t, err, "%s: %s", p, a.Name)
			for _, h := range happenings {
				require.NoError(t, h.Event.Validate(h.Body), "%s: %s\n%s", p, a.Name, h.Body)
				require.False(t, ids[h.Event.Name+h.ID], "%s has an id that was there before", h.Event.Name)
				ids[h.Event.Name+h.ID] = true
				n++
			}
		}
	}
}

// Every story is told on at least one revision; what it sends is of one person, and time passes in it.
func TestEveryStoryIsTold(t *testing.T) {
	t.Parallel()
	require.GreaterOrEqual(t, len(story.Names()), 9)
	for _, name := range story.Names() {
		s, err := story.Load(name)
		require.NoError(t, err)
		require.Equal(t, name, s.Name)
		require.NotEmpty(t, s.Summary)
		told := 0
		for _, p := range platforms(t) {
			events, err := s.EventsOn(p)
			if err != nil {
				var coded *story.Error
				require.ErrorAs(t, err, &coded)
				require.Equal(t, story.NotDocumented, coded.Code)
				require.NotEmpty(t, coded.Hint)
				continue
			}
			require.Len(t, events, len(s.Steps))
			told++
			life, at, n := story.NewLife(fakes.NewWorld(7, fakes.Config{Epoch: begin}), p), begin, uint64(100)
			for i, step := range s.Steps {
				at = at.Add(step.After)
				if len(events[i]) == 0 {
					continue
				}
				happenings, err := life.Act(step, n, 5, at)
				require.NoError(t, err, "%s: %s: %s", p, name, step)
				for _, h := range happenings {
					require.NoError(t, h.Event.Validate(h.Body), "%s: %s: %s\n%s", p, name, step, h.Body)
					n++
				}
			}
		}
		require.Positive(t, told, "no platform documents the events of %s", name)
	}
}

func load(t *testing.T, reference string) *contract.Platform {
	t.Helper()
	p, err := contract.Load(reference)
	require.NoError(t, err)
	return p
}

// The newcomer of the seeds' revision: one person over all events, times in order, changes that last.
func TestTheNewcomerIsOnePerson(t *testing.T) {
	t.Parallel()
	p := load(t, "tribe")
	s, err := story.Load("newcomer")
	require.NoError(t, err)
	require.Equal(t, 26*time.Hour+4*time.Minute+12*time.Minute+72*time.Hour, s.Takes())
	life, at, n := story.NewLife(fakes.NewWorld(7, fakes.Config{Epoch: begin}), p), begin, uint64(0)
	var sent []story.Happening
	for _, step := range s.Steps[:5] {
		at = at.Add(step.After)
		happenings, err := life.Act(step, n, 5, at)
		require.NoError(t, err)
		sent, n = append(sent, happenings...), n+1
	}
	require.Len(t, sent, 5)
	value := func(i int, pointer string) any { return contract.Lookup(sent[i].Body, pointer) }
	invited, accepted, created, verified, updated := 0, 1, 2, 3, 4
	require.Equal(t, value(invited, "/data/object/inviteeEmail"), value(created, "/data/object/email"))
	require.Equal(t, value(invited, "/data/object/id"), value(accepted, "/data/object/id"))
	require.Equal(t, value(accepted, "/data/object/inviteeId"), value(created, "/data/object/id"))
	require.Equal(t, value(created, "/data/object/id"), value(updated, "/data/object/id"))
	require.Equal(t, "2026-01-05T09:00:00.000Z", value(invited, "/data/object/createdAt"))
	require.Equal(t, "2026-01-06T11:00:00.000Z", value(accepted, "/data/object/joinedAt"))
	require.Equal(t, "2026-01-06T11:00:00.000Z", value(created, "/data/object/createdAt"))
	require.Equal(t, "2026-01-06T11:04:00.000Z", value(verified, "/data/object/verifiedAt"))
	require.Equal(t, "2026-01-06T11:04:00.000Z", value(updated, "/data/object/verifiedAt"))
	require.Equal(t, "2026-01-06T11:16:00.000Z", value(updated, "/data/object/updatedAt"))
	require.Equal(t, "Glad to be here", value(updated, "/data/object/tagline"))

	_, err = life.Act(s.Steps[5], n, 5, at)
	require.ErrorContains(t, err, `tribe@2021-12 documents no event for "award_badge"; it does for invite, accept_invitation,`)
}

// A step that cannot be leaves the world as it was.
func TestStepsThatCannotBe(t *testing.T) {
	t.Parallel()
	p := load(t, "tribe")
	life := story.NewLife(fakes.NewWorld(7, fakes.Config{Epoch: begin}), p)
	untouched := story.NewLife(fakes.NewWorld(7, fakes.Config{Epoch: begin}), p)
	for want, step := range map[string]story.Step{
		`person.points is "many", want a whole number`:                                   {Action: "join", Set: map[string]any{"person.firstName": "Ann", "person.points": "many"}},
		`unknown action "jion"; did you mean "join"?`:                                    {Action: "jion"},
		`unknown event of tribe@2021-12 "member.crated"; did you mean "member.created"?`: {Event: "member.crated"},
		`unknown role or kind of join "persn"; did you mean "person"?`:                   {Action: "join", Cast: map[string]int64{"persn": 3}},
		`member is cast with -1, want 0 to 1000000000`:                                   {Action: "join", Cast: map[string]int64{"member": -1}},
		`person.createdAt is outside of the years 1 to 9999`:                             {Action: "join", Set: map[string]any{"person.createdAt": time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC)}},
		`unknown relation of person "frend"; there is `:                                  {Action: "join", Relate: []string{"person.frend"}},
	} {
		_, err := life.Act(step, 0, 4, begin)
		require.ErrorContains(t, err, want)
	}
	got, err := life.Act(story.Step{Event: "member.updated"}, 0, 4, begin)
	require.NoError(t, err)
	expected, err := untouched.Act(story.Step{Event: "member.updated"}, 0, 4, begin)
	require.NoError(t, err)
	require.Equal(t, string(expected[0].Body), string(got[0].Body))
}

func TestANewNameIsTheWholeName(t *testing.T) {
	t.Parallel()
	life := story.NewLife(fakes.NewWorld(7, fakes.Config{Epoch: begin}), load(t, "tribe"))
	happenings, err := life.Act(story.Step{Action: "join", Set: map[string]any{"person.lastName": "Ó Murchú"}}, 0, 4, begin)
	require.NoError(t, err)
	name, _ := contract.Lookup(happenings[0].Body, "/data/object/name").(string)
	require.Regexp(t, ` Ó Murchú$`, name)
}

func TestStoriesThatAreNone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ src, want string }{
		"not YAML":          {"story: [", "mine.yaml:1:8: the bracket that opens here is not closed"},
		"not closed":        {"story: a\nsteps: [{action: join}\n", "mine.yaml:2:8: did not find expected ',' or ']'"},
		"indentation":       {"story: a\nsteps:\n- {action: join}\n  b: 1", "mine.yaml:4:"},
		"a list":            {"- story", "mine.yaml:1:1: cannot construct !!seq into"},
		"a key twice":       {"story: a\nstory: b", `mine.yaml:2:1: mapping key "story" already defined at line 1`},
		"deep":              {"story: a\nsteps:\n" + strings.Repeat("- ", 5000), "mine.yaml:3:42: the story nests more than 20 levels deep"},
		"unknown key":       {"story: a\nstps: []", "mine.yaml:2:1: field stps not found"},
		"no name":           {"steps: [{action: join}]", `the story has no name`},
		"no steps":          {"story: a", "the story has 0 steps, want 1 to 1000"},
		"neither":           {"story: a\nsteps:\n  - {after: 1h}", "mine.yaml:3:"},
		"both":              {"story: a\nsteps:\n  - {action: join, event: member.created}", "a step has either an action or an event"},
		"unknown action":    {"story: a\nsteps:\n  - {action: jion}", `mine.yaml:3:14: unknown action "jion"; did you mean "join"?`},
		"wrong wait":        {"story: a\nsteps:\n  - {action: join, after: soon}", `mine.yaml:3:27: "soon" is not a time to wait`},
		"negative wait":     {"story: a\nsteps:\n  - {action: join, after: -1h}", `"-1h" is not a time to wait`},
		"unknown attribute": {"story: a\nsteps:\n  - {action: join, set: {person.lastNam: A}}", `there is no attribute "person.lastNam"; did you mean "person.lastName"?`},
		"unknown relation":  {"story: a\nsteps:\n  - {action: rsvp, relate: [event.spaec]}", `unknown relation of event "spaec"; did you mean "space"?`},
		"a negative cast":   {"story: a\nsteps:\n  - {action: join, cast: {person: -7}}", "person is cast with -7, want 0 to 1000000000"},
		"aliases":           {"a: &a [x, x]\nb: &b [*a, *a]\nstory: c", "mine.yaml:1:4: anchors, aliases and merge keys are not read here"},
		"brackets":          {"story: " + strings.Repeat("[", 100_000), "nests more than 20 levels deep"},
		"more than a life":  {"story: a\nsteps:\n" + strings.Repeat("  - {action: join, after: 87600h}\n", 31), "the story takes more than 876000h0m0s"},
		"too long":          {"story: a\n#" + strings.Repeat("x", 1<<20), "the story has 1048586 bytes, want at most 1048576"},
		"cast of a text":    {"story: a\nsteps:\n  - {action: join, cast: {badge: gold}}", "mine.yaml:3:34: cannot construct !!str `gold` into int64"},
	} {
		_, err := story.Parse("mine.yaml", []byte(c.src))
		require.ErrorContains(t, err, c.want, name)
		var coded *story.Error
		require.ErrorAs(t, err, &coded, name)
		require.Equal(t, story.BadStory, coded.Code, name)
	}
	_, err := story.Load("newcomr")
	require.EqualError(t, err, `unknown story "newcomr"; did you mean "newcomer"?`)

	s, err := story.Parse("mine.yaml", []byte("story: a\nsteps:\n  - {event: member.created, cast: {person: 3}}\n  - {action: leave, after: 90s, set: {person.hidden: true, person.points: 12, person.verifiedAt: 2025-01-01}}"))
	require.NoError(t, err)
	require.Equal(t, 90*time.Second, s.Takes())
	require.Equal(t, map[string]int64{"person": 3}, s.Steps[0].Cast)
	require.Equal(t, map[string]any{"person.hidden": true, "person.points": 12, "person.verifiedAt": "2025-01-01"}, s.Steps[1].Set)
}

func TestStoriesSayWhoCanTellThem(t *testing.T) {
	t.Parallel()
	s, err := story.Load("campaign")
	require.NoError(t, err)
	_, err = s.EventsOn(load(t, "tribe"))
	require.ErrorContains(t, err, "tribe@2021-12 documents 1 of the 9 steps of the story campaign; it can tell ")
	_, err = s.EventsOn(load(t, "mighty"))
	require.ErrorContains(t, err, "mighty@2025-11-07 documents 0 of the 9 steps of the story campaign; it can tell ")
	require.True(t, slices.IsSorted(story.Names()))
}

// seeds is how many tellings of each story a test compares: four in the full run, one in the short one.
func seeds() uint64 {
	if testing.Short() {
		return 1
	}
	return 4
}

// told tells a story, and returns the bodies by the names of their events: the last as PostUpdated, each as
// PostUpdated#1.
func told(t *testing.T, platform, name string, seed uint64) map[string][]byte {
	t.Helper()
	p := load(t, platform)
	s, err := story.Load(name)
	require.NoError(t, err)
	life, at, n := story.NewLife(fakes.NewWorld(seed, fakes.Config{Epoch: begin}), p), begin.Add(24*time.Hour), uint64(100)
	bodies, counts := map[string][]byte{}, map[string]int{}
	for _, step := range s.Steps {
		at = at.Add(step.After)
		happenings, err := life.Act(step, n, story.FirstSubject(seed*50), at)
		var not *story.Error
		if errors.As(err, &not) && not.Code == story.NotDocumented {
			continue
		}
		require.NoError(t, err)
		for _, h := range happenings {
			counts[h.Event.Name]++
			bodies[h.Event.Name], bodies[fmt.Sprintf("%s#%d", h.Event.Name, counts[h.Event.Name])] = h.Body, h.Body
			n++
		}
	}
	return bodies
}

// What hangs together in a story does so in its payloads: the guest comes to the event that was scheduled, the comment
// is on the post that was published, the conversion is of the campaign.
func TestStoriesHangTogether(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		platform, story string
		same            [][2]string // event and pointer, of the same value in all
	}{
		{"mighty@2026-07", "rsvp-withdrawn", [][2]string{{"EventCreated", "/payload/id"}, {"RsvpCreated", "/payload/event/id"}, {"RsvpUpdated", "/payload/event/id"}, {"RsvpDeleted", "/payload/event/id"}}},
		{"mighty@2026-07", "rsvp-withdrawn", [][2]string{{"EventCreated", "/payload/starts_at"}, {"RsvpCreated", "/payload/event/starts_at"}, {"RsvpDeleted", "/payload/event/starts_at"}}},
		{"mighty@2026-07", "rsvp-withdrawn", [][2]string{{"RsvpCreated", "/payload/member/id"}, {"RsvpDeleted", "/payload/member/id"}}},
		{"mighty@2026-07", "conversation", [][2]string{{"PostCreated", "/payload/id"}, {"CommentCreated", "/payload/targetable_id"}, {"ReactionCreated", "/payload/targetable_id"}, {"PostUpdated", "/payload/id"}}},
		{"mighty@2026-07", "conversation", [][2]string{{"PostCreated", "/payload/space_id"}, {"CommentCreated", "/payload/space_id"}, {"ReactionCreated", "/payload/space_id"}}},
		{"mighty@2026-07", "subscriber", [][2]string{{"MemberPurchaseRequested", "/payload/member_email"}, {"MemberJoined", "/payload/member/email"}, {"MemberSubscriptionRenewed", "/payload/email"}, {"MemberSubscriptionCanceled", "/payload/email"}, {"MemberRemovedFromPlan", "/payload/email"}}},
		{"mighty@2026-07", "subscriber", [][2]string{{"MemberPurchaseRequested", "/payload/plan_id"}, {"MemberSubscriptionRenewed", "/payload/plan/id"}, {"MemberSubscriptionCanceled", "/payload/plan/id"}, {"MemberRemovedFromPlan", "/payload/plan/id"}}},
		{"mighty@2026-07", "subscriber", [][2]string{{"MemberSubscriptionRenewed#1", "/payload/subscription/purchased_at"}, {"MemberSubscriptionRenewed#2", "/payload/subscription/purchased_at"}, {"MemberSubscriptionCanceled", "/payload/subscription/purchased_at"}, {"MemberRemovedFromPlan", "/payload/subscription/purchased_at"}}},
		{"mighty@2026-07", "subscriber", [][2]string{{"MemberSubscriptionRenewed#2", "/payload/subscription/current_period_end"}, {"MemberSubscriptionCanceled", "/payload/subscription/current_period_end"}, {"MemberRemovedFromPlan", "/payload/subscription/current_period_end"}}},
		{"mighty@2026-07", "graduate", [][2]string{{"MemberCourseProgressStarted", "/payload/course/id"}, {"MemberCourseProgressCompleted", "/payload/course/id"}}},
		{"mighty@2026-07", "leaver", [][2]string{{"MemberJoined", "/payload/member/id"}, {"PostCreated", "/payload/creator_id"}, {"MemberLeft", "/payload/member/id"}}},
		{"mighty@2026-07", "space-requests", [][2]string{{"MemberJoinRequested", "/payload/space/id"}, {"MemberJoined#2", "/payload/space_id"}, {"PostCreated", "/payload/space_id"}, {"MemberLeft", "/payload/space_id"}}},
		{"mighty@2026-07", "event-guest", [][2]string{{"EventUpdated", "/payload/location"}, {"RsvpCreated", "/payload/event/location"}}},
		{"mighty@2026-07", "moderation", [][2]string{{"PostCreated", "/payload/id"}, {"ReportedContentCreated", "/payload/reported_content/targetable_id"}}},
		{"tryno", "leaver", [][2]string{{"member.joined", "/data/user_id"}, {"post.created", "/data/user_id"}, {"member.left", "/data/user_id"}}},
		{"ambassify", "campaign", [][2]string{{"campaign.created", "/campaign/id"}, {"interaction.created", "/campaign_id"}, {"interaction.changed", "/interaction/campaign"}, {"conversion.created", "/conversion/campaign"}, {"campaign.removed", "/campaign_id"}}},
		{"ambassify", "campaign", [][2]string{{"campaign.created", "/campaign/config/preset"}, {"interaction.created", "/interaction/preset"}, {"conversion.created", "/conversion/preset"}}},
		{"ambassify", "campaign", [][2]string{{"person.created", "/person/id"}, {"interaction.created", "/interaction/member"}, {"interaction.changed", "/person/id"}, {"conversion.created", "/conversion/member"}, {"conversion.created", "/person_id"}}},
		{"bettermode", "conversation", [][2]string{{"post.created", "/data/object/id"}, {"post.updated", "/data/object/id"}, {"post.pinned", "/data/object/id"}}},
		{"bettermode", "moderation", [][2]string{{"post.created", "/data/object/id"}, {"post.blocked", "/data/object/id"}, {"moderation.created", "/data/object/entityId"}, {"moderation.rejected", "/data/object/entityId"}}},
		{"bettermode", "moderation", [][2]string{{"moderation.created", "/data/time"}, {"moderation.created", "/data/object/createdAt"}, {"moderation.created", "/data/object/updatedAt"}, {"moderation.rejected", "/data/object/createdAt"}}},
		{"bettermode", "moderation", [][2]string{{"moderation.rejected", "/data/time"}, {"moderation.rejected", "/data/object/updatedAt"}}},
		{"bettermode", "post-rejected", [][2]string{{"moderation.created", "/data/time"}, {"moderation.created", "/data/object/createdAt"}, {"moderation.accepted", "/data/object/createdAt"}}},
		{"bettermode", "post-rejected", [][2]string{{"post.created", "/data/object/id"}, {"moderation.accepted", "/data/object/entityId"}, {"post.deleted", "/data/object/id"}}},
		{"bettermode", "leaver", [][2]string{{"member.created", "/data/object/id"}, {"post.created", "/data/object/createdById"}, {"post.created", "/data/actor/id"}, {"post.published", "/data/object/ownerId"}, {"member.deleted", "/data/object/id"}}},
		{"bettermode", "space-requests", [][2]string{{"space_join_request.created", "/data/object/spaceId"}, {"space_join_request.accepted", "/data/object/spaceId"}, {"space_membership.created", "/data/object/spaceId"}, {"post.created", "/data/object/spaceId"}, {"space_membership.deleted", "/data/object/spaceId"}}},
		{"bettermode", "space-requests", [][2]string{{"member.created", "/data/object/id"}, {"space_join_request.created", "/data/object/memberId"}, {"post.created", "/data/object/ownerId"}, {"space_membership.deleted", "/data/object/memberId"}}},
		{"bettermode", "space-request-rejected", [][2]string{{"space_join_request.created", "/data/object/id"}, {"space_join_request.rejected", "/data/object/id"}}},
		{"tribe", "invitation-expires", [][2]string{{"member_invitation.created", "/data/object/expiresAt"}, {"member_invitation.rejected", "/data/object/expiresAt"}, {"member_invitation.rejected", "/data/time"}}},
		{"bettermode", "invitation-expires", [][2]string{{"member_invitation.created", "/data/time"}, {"member_invitation.created", "/data/object/createdAt"}, {"member_invitation.rejected", "/data/object/createdAt"}}},
	} {
		for seed := range seeds() {
			bodies := told(t, c.platform, c.story, seed)
			want := contract.Lookup(bodies[c.same[0][0]], c.same[0][1])
			require.NotNil(t, want, "%s: %s%s", c.story, c.same[0][0], c.same[0][1])
			for _, other := range c.same[1:] {
				require.Equal(t, want, contract.Lookup(bodies[other[0]], other[1]), "%s: %s%s is not %s%s", c.story, other[0], other[1], c.same[0][0], c.same[0][1])
			}
		}
	}
	for _, c := range []struct {
		platform, story, event, pointer string
		want                            any
	}{
		{"ambassify", "campaign", "person.created", "/person/points", 0},
		{"ambassify", "campaign", "interaction.created", "/person/points", 0},
		{"ambassify", "campaign", "interaction.changed", "/person/points", 50},
		{"ambassify", "campaign", "campaign.created", "/campaign/config/channels", []any{"community"}},
		{"ambassify", "campaign", "campaign.published_community", "/campaign/config/landing/enabled", false},
		{"ambassify", "campaign", "campaign.published_landing", "/campaign/config/landing/enabled", true},
		{"ambassify", "campaign", "campaign.published_landing", "/campaign/config/channels", []any{"community", "landing"}},
		{"ambassify", "newcomer", "person.changed", "/person/properties/3/value", "Harbour Studio"},
		{"mighty@2026-07", "newcomer", "MemberUpdated", "/payload/member/bio", "Here to learn, and to meet people who make things."},
		{"tribe", "newcomer", "member.updated", "/data/object/tagline", "Glad to be here"},
		{"bettermode", "newcomer", "member.updated", "/data/object/tagline", "Glad to be here"},
		{"mighty@2026-07", "event-guest", "EventUpdated", "/payload/location", "The library, second floor"},
		{"mighty@2026-07", "graduate", "MemberJoined", "/payload/member/ambassador_level", "Bronze"},
		{"mighty@2026-07", "graduate", "MemberJoined", "/payload/member/referral_count", 0},
		{"mighty@2026-07", "graduate", "MemberAmbassadorLeveledUp", "/payload/ambassador_level_id", 2},
		{"mighty@2026-07", "graduate", "MemberAmbassadorLeveledUp", "/payload/ambassador_level_name", "Silver"},
		{"mighty@2026-07", "graduate", "MemberAmbassadorLeveledUp", "/payload/member/ambassador_level", "Silver"},
		{"mighty@2026-07", "graduate", "MemberAmbassadorLeveledUp", "/payload/referral_count", 10},
		{"mighty@2026-07", "subscriber", "MemberSubscriptionRenewed", "/payload/plan/interval", "month"},
		{"mighty@2026-07", "subscriber", "MemberSubscriptionRenewed", "/payload/plan/type", "subscription"},
		{"mighty@2026-07", "subscriber", "MemberSubscriptionRenewed", "/payload/plan/amount", 1500},
		{"mighty@2026-07", "subscriber", "MemberSubscriptionRenewed", "/payload/subscription/trial_start", nil},
		{"mighty@2026-07", "subscriber", "MemberSubscriptionRenewed", "/payload/subscription/canceled_at", nil},
		{"mighty", "subscriber", "MemberSubscriptionCanceled", "/payload/plan/interval", "month"},
	} {
		for seed := range seeds() {
			value, want := contract.Lookup(told(t, c.platform, c.story, seed)[c.event], c.pointer), c.want
			if n, ok := want.(int); ok {
				want = json.Number(strconv.Itoa(n))
			}
			require.Equal(t, want, value, "%s: %s%s", c.story, c.event, c.pointer)
		}
	}
}

// A subscription is bought, renewed when a period ends, canceled after that, and over when the last period is.
func TestTheSubscriberStaysForMonths(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		for _, platform := range []string{"mighty", "mighty@2026-07"} {
			bodies := told(t, platform, "subscriber", seed)
			moment := func(event, pointer string) time.Time {
				s, _ := contract.Lookup(bodies[event], pointer).(string)
				at, err := time.Parse(time.RFC3339, s)
				require.NoError(t, err, "%s %s%s", platform, event, pointer)
				return at
			}
			canceled := "MemberSubscriptionCanceled"
			purchased := moment(canceled, "/payload/subscription/purchased_at")
			require.True(t, purchased.After(moment("MemberPurchaseRequested", "/event_timestamp")))
			require.Equal(t, purchased.AddDate(0, 2, 0), moment(canceled, "/payload/subscription/current_period_start"))
			require.True(t, moment(canceled, "/payload/subscription/canceled_at").After(moment(canceled, "/payload/subscription/current_period_start")))
			if platform == "mighty" {
				continue
			}
			require.True(t, purchased.After(moment("MemberJoined", "/event_timestamp")))
			for i, event := range []string{"MemberSubscriptionRenewed#1", "MemberSubscriptionRenewed#2"} {
				start := moment(event, "/payload/subscription/current_period_start")
				require.Equal(t, purchased.AddDate(0, i+1, 0), start)
				require.False(t, start.After(moment(event, "/event_timestamp")))
			}
			require.True(t, moment("MemberRemovedFromPlan", "/event_timestamp").After(moment("MemberRemovedFromPlan", "/payload/subscription/canceled_at")))
		}
	}
}

// An invitation that expires without a story was made long enough ago.
func TestInvitationsExpireInTime(t *testing.T) {
	t.Parallel()
	for _, platform := range []string{"tribe", "bettermode"} {
		life := story.NewLife(fakes.NewWorld(7, fakes.Config{Epoch: begin}), load(t, platform))
		for _, step := range []story.Step{{Event: "member_invitation.rejected"}, {Action: "expire_invitation"}} {
			happenings, err := life.Act(step, 3, 5, begin.Add(time.Hour))
			require.NoError(t, err)
			body := happenings[0].Body
			require.Equal(t, "2025-12-06T10:00:00.000Z", contract.Lookup(body, "/data/object/createdAt"))
			require.Equal(t, "2026-01-05T10:00:00.000Z", contract.Lookup(body, "/data/object/expiresAt"))
		}
	}
}

// What is made now has the time of the event, and nobody but its maker in it.
func TestSpacesAndCollectionsAreNew(t *testing.T) {
	t.Parallel()
	life := story.NewLife(fakes.NewWorld(7, fakes.Config{Epoch: begin}), load(t, "bettermode"))
	for _, event := range []string{"space.created", "collection.created"} {
		happenings, err := life.Act(story.Step{Event: event}, 3, 5, begin.Add(time.Hour))
		require.NoError(t, err)
		for _, name := range []string{"createdAt", "updatedAt"} {
			require.Equal(t, "2026-01-05T10:00:00.000Z", contract.Lookup(happenings[0].Body, "/data/object/"+name), event)
		}
		if event == "space.created" {
			require.Equal(t, json.Number("1"), contract.Lookup(happenings[0].Body, "/data/object/membersCount"))
		}
	}
}

// What is cast may be nothing that the platform sends.
func TestACastIsTried(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]struct {
		platform string
		step     story.Step
	}{
		"with what is cast, ": {"mighty@2026-07", story.Step{Event: "MemberPurchased", Cast: map[string]int64{"purchase.plan": 1}}},
		"of campaign.created": {"ambassify", story.Step{Event: "campaign.created", Cast: map[string]int64{"campaign.link": 0}}},
		"person is cast with 9223372036854775807, want 0 to 1000000000": {"tribe", story.Step{Action: "join", Cast: map[string]int64{"person": math.MaxInt64}}},
	} {
		life := story.NewLife(fakes.NewWorld(7, fakes.Config{Epoch: begin}), load(t, c.platform))
		_, err := life.Act(c.step, 0, 8, begin)
		require.ErrorContains(t, err, want)
		var coded *story.Error
		require.ErrorAs(t, err, &coded)
		require.Equal(t, contract.BadValue, coded.Code)
	}
	life := story.NewLife(fakes.NewWorld(7, fakes.Config{Epoch: begin}), load(t, "mighty@2026-07"))
	_, err := life.Act(story.Step{Event: "MemberPurchased", Cast: map[string]int64{"purchase.plan": 2}}, 0, 8, begin)
	require.NoError(t, err)
}

// A relation begins at what is cast, and leads to it.
func TestRelateMinds(t *testing.T) {
	t.Parallel()
	p := load(t, "ambassify")
	life := story.NewLife(fakes.NewWorld(7, fakes.Config{Epoch: begin}), p)
	event := story.Step{Event: "interaction.created", Cast: map[string]int64{"interaction": 40}}
	before, err := life.Act(event, 0, 8, begin)
	require.NoError(t, err)
	require.NotEqualValues(t, 3, before[0].Cast["campaign"].Index)
	_, err = life.Act(story.Step{Event: "interaction.created", Cast: map[string]int64{"interaction": 40, "campaign": 3}, Relate: []string{"interaction.campaign"}}, 1, 8, begin)
	require.NoError(t, err)
	after, err := life.Act(event, 2, 8, begin)
	require.NoError(t, err)
	require.EqualValues(t, 3, after[0].Cast["campaign"].Index)
	other, err := life.Act(story.Step{Event: "interaction.created"}, 3, 8, begin)
	require.NoError(t, err)
	require.NotEqualValues(t, 3, other[0].Cast["campaign"].Index, "of another interaction nothing was said")
}

func TestAStoryWithoutSteps(t *testing.T) {
	t.Parallel()
	require.Zero(t, (&story.Story{}).Takes())
	require.Equal(t, time.Hour, (&story.Story{Steps: []story.Step{{After: time.Minute}, {After: time.Hour}}}).Takes())
}
