package mockserver_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/fakes/story"
	"github.com/quintain-dev/quintain/mockserver/client"
)

// bodies returns what the deliveries of events had in their first attempts.
func (m *mock) bodies(community string, events []client.DeedEvent) (out [][]byte) {
	m.t.Helper()
	for _, e := range events {
		require.Len(m.t, e.Deliveries, 1)
		d, err := m.Delivery(m.ctx, community, e.Deliveries[0])
		require.NoError(m.t, err)
		require.NotEmpty(m.t, d.Attempts)
		out = append(out, d.Attempts[0].Request.Bytes())
	}
	return out
}

// A story takes its time on a virtual clock, and each event is sent when it happens.
func TestAStoryPassesTimeOnTheClock(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	c := m.community(client.NewCommunity{})
	in, err := m.PutInbox(m.ctx, c.ID, "hooks", "500,200")
	require.NoError(t, err)
	m.webhook(c.ID, in.URL)
	told, err := m.Tell(m.ctx, c.ID, client.Telling{Story: "newcomer"})
	require.NoError(t, err)
	require.Len(t, told.Steps, 6)
	require.Empty(t, told.Steps[5].Events, "the seeds' revision has no badges")
	require.Equal(t, 6, told.Attempts, "the first answer was a 500, and its retry fell due on the way")
	var events []client.DeedEvent
	for _, step := range told.Steps[:5] {
		require.Len(t, step.Events, 1)
		require.Equal(t, step.At, step.Events[0].Time)
		events = append(events, step.Events[0])
	}
	joined := start.Add(26 * time.Hour)
	require.Equal(t, []time.Time{start, joined, joined, joined.Add(4 * time.Minute), joined.Add(16 * time.Minute)},
		[]time.Time{told.Steps[0].At, told.Steps[1].At, told.Steps[2].At, told.Steps[3].At, told.Steps[4].At})
	bodies := m.bodies(c.ID, events)
	created := bodies[2]
	require.Equal(t, "2026-03-02T11:00:00.000Z", contract.Lookup(created, "/data/object/createdAt"))
	require.Equal(t, contract.Lookup(created, "/data/object/email"), contract.Lookup(bodies[0], "/data/object/inviteeEmail"))
	clock, err := m.Clock(m.ctx, c.ID)
	require.NoError(t, err)
	require.Equal(t, joined.Add(16*time.Minute+72*time.Hour), clock.Now)
	require.Zero(t, clock.Pending)

	again, err := m.Tell(m.ctx, c.ID, client.Telling{Story: "newcomer", AtOnce: true})
	require.NoError(t, err)
	require.NotEqual(t, told.Subject, again.Subject, "each telling is of somebody else")
	require.Equal(t, clock.Now, again.Steps[4].At)
}

// What is done to somebody lasts: later events agree, those of others do not change.
func TestActionsChangeTheWorld(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	c := m.community(client.NewCommunity{})
	in, err := m.PutInbox(m.ctx, c.ID, "hooks", "")
	require.NoError(t, err)
	m.webhook(c.ID, in.URL)
	act := func(d client.Deed) *client.Done {
		t.Helper()
		d.Wait = true
		done, err := m.Act(m.ctx, c.ID, d)
		require.NoError(t, err)
		require.Len(t, done.Events, 1)
		return done
	}
	ada := act(client.Deed{Action: "join", Set: map[string]any{"person.firstName": "Ada", "person.lastName": "Example"}})
	require.Equal(t, "person", ada.Events[0].Cast["member"].Kind)
	other := act(client.Deed{Action: "join"})
	require.NotEqual(t, ada.Subject, other.Subject)
	_, err = m.Advance(m.ctx, c.ID, 48*time.Hour)
	require.NoError(t, err)
	updated := act(client.Deed{Action: "update_profile", Subject: &ada.Subject})
	last := act(client.Deed{Action: "verify"})
	require.Equal(t, ada.Subject, last.Subject, "without a subject it is about the last one")
	plain, err := m.Emit(m.ctx, c.ID, client.Emission{Type: "member.deleted", Subject: &ada.Subject, Wait: true})
	require.NoError(t, err)
	bodies := m.bodies(c.ID, []client.DeedEvent{ada.Events[0], updated.Events[0], last.Events[0], {Event: plain[0]}, other.Events[0]})
	for _, body := range bodies[:4] {
		require.Equal(t, "Ada Example", contract.Lookup(body, "/data/object/name"))
		require.Equal(t, "2026-03-01T09:00:00.000Z", contract.Lookup(body, "/data/object/createdAt"))
	}
	require.NotEqual(t, "Ada Example", contract.Lookup(bodies[4], "/data/object/name"))
	require.Equal(t, "2026-03-03T09:00:00.000Z", contract.Lookup(bodies[1], "/data/object/updatedAt"))

	require.NoError(t, m.ResetCommunity(m.ctx, c.ID))
	m.webhook(c.ID, in.URL)
	fresh, err := m.Emit(m.ctx, c.ID, client.Emission{Type: "member.deleted", Subject: &ada.Subject, Wait: true})
	require.NoError(t, err)
	require.NotEqual(t, "Ada Example", contract.Lookup(m.bodies(c.ID, []client.DeedEvent{{Event: fresh[0]}})[0], "/data/object/name"), "a reset forgets")
}

// On a clock that runs a story waits, and the request can be given up.
func TestAStoryOnAClockThatRuns(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	c := m.community(client.NewCommunity{Clock: &client.NewClock{Mode: client.ClockScaled, Start: &start, Scale: 1_000_000}})
	told, err := m.Tell(m.ctx, c.ID, client.Telling{Story: "newcomer"})
	require.NoError(t, err)
	require.GreaterOrEqual(t, told.Steps[5].At.Sub(told.Steps[0].At), 98*time.Hour)

	real := m.community(client.NewCommunity{Clock: &client.NewClock{Mode: client.ClockReal}})
	ctx, cancel := context.WithCancel(m.ctx)
	in, err := m.PutInbox(m.ctx, real.ID, "hooks", "")
	require.NoError(t, err)
	m.webhook(real.ID, in.URL)
	ended := make(chan error)
	go func() {
		_, err := m.Tell(ctx, real.ID, client.Telling{Story: "newcomer"})
		ended <- err
	}()
	for { // until the first event is there: the story is under way, and waits
		page, err := m.Deliveries(m.ctx, real.ID, client.DeliveryFilter{})
		require.NoError(t, err)
		if page.Total > 0 {
			break
		}
	}
	cancel()
	require.ErrorIs(t, <-ended, context.Canceled)
	at, err := m.Tell(m.ctx, real.ID, client.Telling{Story: "newcomer", AtOnce: true})
	require.NoError(t, err)
	require.Len(t, at.Steps, 6)
}

func TestDeedsAndStoriesThatCannotBe(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	c := m.community(client.NewCommunity{})
	mighty := m.community(client.NewCommunity{Platform: "mighty"})
	far := uint64(200_000_000)
	for name, try := range map[string]struct {
		code, says string
		do         func() error
	}{
		"unknown action": {"unknown_action", `did you mean "join"?`, func() error { _, err := m.Act(m.ctx, c.ID, client.Deed{Action: "jion"}); return err }},
		"no action":      {"invalid_value", "action is missing", func() error { _, err := m.Act(m.ctx, c.ID, client.Deed{}); return err }},
		"not documented": {"not_documented", `mighty@2025-11-07 documents no event for "refund"`, func() error { _, err := m.Act(m.ctx, mighty.ID, client.Deed{Action: "refund"}); return err }},
		"wrong type": {"bad_value", `person.points is "x", want a whole number`, func() error {
			_, err := m.Act(m.ctx, c.ID, client.Deed{Action: "join", Set: map[string]any{"person.points": "x"}})
			return err
		}},
		"a fraction": {"bad_value", `person.points is 1.5, want a whole number`, func() error {
			_, err := m.Act(m.ctx, c.ID, client.Deed{Action: "join", Set: map[string]any{"person.points": 1.5}})
			return err
		}},
		"unknown attribute": {"bad_value", `did you mean "lastName"?`, func() error {
			_, err := m.Act(m.ctx, c.ID, client.Deed{Action: "join", Set: map[string]any{"person.lastNam": "x"}})
			return err
		}},
		"negative cast": {"bad_value", "person is cast with -1, want 0 to 1000000000", func() error {
			_, err := m.Act(m.ctx, c.ID, client.Deed{Action: "join", Cast: map[string]int64{"person": -1}})
			return err
		}},
		"subject too far": {"invalid_value", "subject is 200000000, want at most", func() error { _, err := m.Act(m.ctx, c.ID, client.Deed{Action: "join", Subject: &far}); return err }},
		"emit too far": {"invalid_value", "subject is 200000000, want at most", func() error {
			_, err := m.Emit(m.ctx, c.ID, client.Emission{Type: "member.created", Subject: &far})
			return err
		}},
		"unknown story":   {"unknown_story", `did you mean "newcomer"?`, func() error { _, err := m.Tell(m.ctx, c.ID, client.Telling{Story: "newcomr"}); return err }},
		"story of others": {"not_documented", "documents 1 of the 9 steps of the story campaign", func() error { _, err := m.Tell(m.ctx, c.ID, client.Telling{Story: "campaign"}); return err }},
		"neither":         {"invalid_value", "want either story or text", func() error { _, err := m.Tell(m.ctx, c.ID, client.Telling{}); return err }},
		"text that is none": {"bad_story", `text:3:14: unknown action "jion"`, func() error {
			_, err := m.Tell(m.ctx, c.ID, client.Telling{Text: "story: a\nsteps:\n  - {action: jion}"})
			return err
		}},
		"beyond the calendar": {"invalid_value", "leads beyond 9000-01-01", func() error {
			_, err := m.AdvanceTo(m.ctx, c.ID, time.Date(8999, 12, 31, 0, 0, 0, 0, time.UTC))
			require.NoError(t, err)
			_, err = m.Tell(m.ctx, c.ID, client.Telling{Story: "newcomer"})
			return err
		}},
	} {
		err := try.do()
		requireCode(t, err, try.code)
		require.ErrorContains(t, err, try.says, name)
	}
	page, err := m.Deliveries(m.ctx, c.ID, client.DeliveryFilter{})
	require.NoError(t, err)
	require.Zero(t, page.Total)

	told, err := m.Tell(m.ctx, mighty.ID, client.Telling{Text: "story: mine\nsteps:\n  - {event: MemberBadgeAdded, cast: {badge: 2}}\n  - {action: schedule_event, after: 3h}"})
	require.NoError(t, err)
	require.Equal(t, "mine", told.Story)
	require.Equal(t, client.Entity{Kind: "badge", Index: 2}, told.Steps[0].Events[0].Cast["badge"])
	require.Equal(t, start.Add(3*time.Hour), told.Steps[1].At)
}

// However often something is done to one subject, each event has an id of its own; and a subject far away is no end.
func TestDeedsKeepTheirDistance(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	c := m.community(client.NewCommunity{})
	ids, subjects := map[string]bool{}, map[uint64]bool{}
	act := func(d client.Deed) *client.Done {
		t.Helper()
		done, err := m.Act(m.ctx, c.ID, d)
		require.NoError(t, err)
		for _, e := range done.Events {
			require.False(t, ids[e.Type+e.ID], "%s %s was there before", e.Type, e.ID)
			ids[e.Type+e.ID] = true
		}
		return done
	}
	far := uint64(99_999_900)
	require.Equal(t, far, act(client.Deed{Action: "join", Subject: &far}).Subject)
	for range 5 {
		require.Equal(t, far, act(client.Deed{Action: "update_profile"}).Subject, "the last one")
	}
	for range 20 {
		joined := act(client.Deed{Action: "join"})
		require.False(t, subjects[joined.Subject], "%d joined before", joined.Subject)
		subjects[joined.Subject] = true
	}
	for range 3 {
		told, err := m.Tell(m.ctx, c.ID, client.Telling{Story: "newcomer", AtOnce: true})
		require.NoError(t, err)
		require.False(t, subjects[told.Subject], "%d was there before", told.Subject)
		subjects[told.Subject] = true
	}
	_, err := m.Emit(m.ctx, c.ID, client.Emission{Type: "member.created"})
	require.NoError(t, err)
}

// A step that would send what the platform never sends is refused, and so is what nobody is called.
func TestDeedsKeepToTheContract(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	c := m.community(client.NewCommunity{Platform: "mighty@2026-07"})
	_, err := m.Act(m.ctx, c.ID, client.Deed{Action: "award_badge", Set: map[string]any{"badge.color": "nope"}})
	requireCode(t, err, "bad_value")
	require.ErrorContains(t, err, `after what was set, /payload/badge/color of MemberBadgeAdded is "nope", want a string that matches`)
	_, err = m.Act(m.ctx, c.ID, client.Deed{Action: "award_badge", Cast: map[string]int64{"bagde": 1}})
	require.ErrorContains(t, err, `unknown role or kind of award_badge "bagde"`)
	_, err = m.Act(m.ctx, c.ID, client.Deed{Action: "award_badge"})
	require.NoError(t, err, "nothing of it stayed")

	tribe := m.community(client.NewCommunity{ID: "tribe"})
	done, err := m.Act(m.ctx, tribe.ID, client.Deed{Action: "invite", Cast: map[string]int64{"inviter": 3}})
	require.NoError(t, err)
	require.Equal(t, client.Entity{Kind: "person", Index: 3}, done.Events[0].Cast["inviter"], "a role that is cast along a path")
}

// What happened first arrives first, also where two events happen at once.
func TestEventsArriveInOrder(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	c := m.community(client.NewCommunity{Platform: "bettermode"})
	in, err := m.PutInbox(m.ctx, c.ID, "hooks", "")
	require.NoError(t, err)
	m.webhook(c.ID, in.URL)
	for range size(10, 3) {
		require.NoError(t, m.DeleteCaptures(m.ctx, c.ID, "hooks"))
		_, err := m.Act(m.ctx, c.ID, client.Deed{Action: "publish_post", Wait: true})
		require.NoError(t, err)
		_, err = m.Tell(m.ctx, c.ID, client.Telling{Story: "conversation"})
		require.NoError(t, err)
		captures, err := m.Captures(m.ctx, c.ID, "hooks", client.Page{Size: 500})
		require.NoError(t, err)
		var names []any
		for _, capture := range captures.Captures {
			names = append(names, contract.Lookup(capture.Bytes(), "/data/name"))
		}
		require.Equal(t, []any{"post.created", "post.published", "post.created", "post.published", "tag.added", "reaction.added", "post.updated", "post.pinned"}, names)
	}
}

// Two servers of one seed that tell two stories send no two events of one id.
func TestStoriesHaveIDsOfTheirOwn(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, name := range story.Names() {
		m := newMock(t)
		c := m.community(client.NewCommunity{Platform: "mighty@2026-07"})
		told, err := m.Tell(m.ctx, c.ID, client.Telling{Story: name})
		var not *client.Error
		if errors.As(err, &not) {
			require.Equal(t, "not_documented", not.Code)
			continue
		}
		require.NoError(t, err)
		for _, step := range told.Steps {
			for _, e := range step.Events {
				require.Empty(t, seen[e.ID], "%s of %s", e.Type, name)
				seen[e.ID] = name
			}
		}
	}
	require.Greater(t, len(seen), 20)
}
