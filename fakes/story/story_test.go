package story_test

import (
	"errors"
	"slices"
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

// Actions name events that there are, and every event that is not a test can come of an action.
func TestActionsAndCatalogueAgree(t *testing.T) {
	t.Parallel()
	known, reached := map[string]bool{}, map[string]bool{}
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
				reached[platform+" "+event] = true
			}
		}
	}
	delete(known, "tryno test.ping") // what the platform sends when somebody tries an endpoint out
	for event := range known {
		require.True(t, reached[event], "no action leads to %s", event)
	}
}

// Each action, done by itself on each revision: payloads meet their contract, carry the time, and have ids of their own.
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
		`member is cast with -1, want 0 or more`:                                         {Action: "join", Cast: map[string]int64{"member": -1}},
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
		"not YAML":          {"story: [", "mine.yaml:1:8: "},
		"unknown key":       {"story: a\nstps: []", "mine.yaml:2:1: "},
		"no name":           {"steps: [{action: join}]", `the story has no name`},
		"no steps":          {"story: a", "the story has 0 steps, want 1 to 1000"},
		"neither":           {"story: a\nsteps:\n  - {after: 1h}", "mine.yaml:3:"},
		"both":              {"story: a\nsteps:\n  - {action: join, event: member.created}", "a step has either an action or an event"},
		"unknown action":    {"story: a\nsteps:\n  - {action: jion}", `mine.yaml:3:14: unknown action "jion"; did you mean "join"?`},
		"wrong wait":        {"story: a\nsteps:\n  - {action: join, after: soon}", `mine.yaml:3:27: "soon" is not a time to wait`},
		"negative wait":     {"story: a\nsteps:\n  - {action: join, after: -1h}", `"-1h" is not a time to wait`},
		"unknown attribute": {"story: a\nsteps:\n  - {action: join, set: {person.lastNam: A}}", `there is no attribute "person.lastNam"; did you mean "person.lastName"?`},
		"unknown relation":  {"story: a\nsteps:\n  - {action: rsvp, relate: [event.spaec]}", `unknown relation of event "spaec"; did you mean "space"?`},
		"a negative cast":   {"story: a\nsteps:\n  - {action: join, cast: {person: -7}}", "person is cast with -7, want 0 or more"},
		"aliases":           {"a: &a [x, x]\nb: &b [*a, *a]\nstory: c", "mine.yaml:1:4: anchors, aliases and merge keys are not read here"},
		"brackets":          {"story: " + strings.Repeat("[", 100_000), "nests more than 20 levels deep"},
		"more than a life":  {"story: a\nsteps:\n" + strings.Repeat("  - {action: join, after: 87600h}\n", 31), "the story takes more than 876000h0m0s"},
		"too long":          {"story: a\n#" + strings.Repeat("x", 1<<20), "the story has 1048586 bytes, want at most 1048576"},
		"cast of a text":    {"story: a\nsteps:\n  - {action: join, cast: {badge: gold}}", "mine.yaml:3:"},
	} {
		_, err := story.Parse("mine.yaml", []byte(c.src))
		require.ErrorContains(t, err, c.want, name)
		var coded *story.Error
		require.ErrorAs(t, err, &coded, name)
		require.Equal(t, story.BadStory, coded.Code, name)
	}
	_, err := story.Load("newcomr")
	require.EqualError(t, err, `unknown story "newcomr"; did you mean "newcomer"?`)

	s, err := story.Parse("mine.yaml", []byte("story: a\nsteps:\n  - {event: member.created, cast: {person: 3}}\n  - {action: leave, after: 90s, set: {person.hidden: true, person.points: 12}}"))
	require.NoError(t, err)
	require.Equal(t, 90*time.Second, s.Takes())
	require.Equal(t, map[string]int64{"person": 3}, s.Steps[0].Cast)
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

// What hangs together in a story does so in its payloads: the guest comes to the event that was scheduled, the comment is
// on the post that was published, the conversion is of the campaign.
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
		{"mighty@2026-07", "subscriber", [][2]string{{"MemberJoined", "/payload/member/email"}, {"MemberPurchased", "/payload/member_email"}, {"MemberSubscriptionCanceled", "/payload/email"}}},
		{"mighty@2026-07", "graduate", [][2]string{{"MemberCourseProgressStarted", "/payload/course/id"}, {"MemberCourseProgressCompleted", "/payload/course/id"}}},
		{"ambassify", "campaign", [][2]string{{"campaign.created", "/campaign/id"}, {"interaction.created", "/campaign_id"}, {"interaction.changed", "/interaction/campaign"}, {"conversion.created", "/conversion/campaign"}, {"campaign.removed", "/campaign_id"}}},
		{"ambassify", "campaign", [][2]string{{"campaign.created", "/campaign/config/preset"}, {"interaction.created", "/interaction/preset"}, {"conversion.created", "/conversion/preset"}}},
		{"bettermode", "conversation", [][2]string{{"post.created", "/data/object/id"}, {"post.updated", "/data/object/id"}, {"post.pinned", "/data/object/id"}}},
		{"bettermode", "moderation", [][2]string{{"post.created", "/data/object/id"}, {"post.blocked", "/data/object/id"}, {"moderation.created", "/data/object/entityId"}}},
	} {
		p := load(t, c.platform)
		s, err := story.Load(c.story)
		require.NoError(t, err)
		for subject := range uint64(4) {
			life, at, n := story.NewLife(fakes.NewWorld(subject, fakes.Config{Epoch: begin}), p), begin, uint64(100)
			bodies := map[string][]byte{}
			for _, step := range s.Steps {
				at = at.Add(step.After)
				happenings, err := life.Act(step, n, story.FirstSubject(subject*50), at)
				var not *story.Error
				if errors.As(err, &not) {
					continue
				}
				require.NoError(t, err)
				for _, h := range happenings {
					bodies[h.Event.Name] = h.Body
					n++
				}
			}
			want := contract.Lookup(bodies[c.same[0][0]], c.same[0][1])
			require.NotNil(t, want, "%s: %s%s", c.story, c.same[0][0], c.same[0][1])
			for _, other := range c.same[1:] {
				require.Equal(t, want, contract.Lookup(bodies[other[0]], other[1]), "%s: %s%s is not %s%s", c.story, other[0], other[1], c.same[0][0], c.same[0][1])
			}
		}
	}
}
