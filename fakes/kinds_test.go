package fakes

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// unescape decodes what stands between the quotes of a JSON string.
func unescape(t *testing.T, b []byte) string {
	t.Helper()
	var s string
	if err := json.Unmarshal(append(append([]byte{'"'}, b...), '"'), &s); err != nil || !utf8.Valid(b) {
		t.Fatalf("%q: %v", b, err)
	}
	return s
}

// rooted are the entities that payload n of a kind is about, for every kind.
func rooted(f *frame, kind string) int64 { return kinds()[kind].root(f) }

// each calls a check with 25 payloads of 20 worlds: 500 entities.
func each(t *testing.T, kind string, check func(v view)) {
	t.Helper()
	for seed := range uint64(20) {
		w := NewWorld(seed, Config{})
		for n := range uint64(25) {
			n *= 1 + seed*3
			f := &frame{w: w, n: n, occasion: n, at: w.At(n), event: &eventNames{plain: "A", hook: "B", caps: "C", ends: true}}
			if seed%2 == 1 { // a payload may come long after the thing that it is about
				f.at = f.at.Add(time.Duration(seed*n) * 7 * time.Hour)
			}
			check(view{t, f, kind, rooted(f, kind)})
		}
	}
}

// toCome are the times that may be later than the payload.
var toCome = map[string][]string{
	"event": {"startsAt", "endsAt"}, "instance": {"startsAt", "endsAt"}, "invitation": {"expiresAt"},
	"subscription": {"periodEnd", "trialEnd"}, "canceledSubscription": {"periodEnd", "trialEnd"},
	"campaign": {"communityPublishAt", "communityFinishAt", "landingPublishAt", "landingFinishAt"},
}

// Every attribute of every kind has a value that can be sent, and says nothing of what has not happened yet.
func TestEveryAttribute(t *testing.T) {
	t.Parallel()
	for kind, k := range kinds() {
		each(t, kind, func(v view) {
			for name, a := range k.attributes {
				fault := func(problem any) {
					t.Errorf("%s %d %s, seed %d, at %s: %v", kind, v.i, name, v.f.w.seed, v.f.at, problem)
				}
				switch {
				case a.text != nil:
					s := v.text(name)
					if s != strings.TrimSpace(s) || s == "" && a.present == nil && name != "inviteeName" {
						fault(s)
					}
				case a.list != nil && a.item != nil:
					for j := range v.length(name) {
						if unescape(t, a.item(v.f, v.i, j, nil)) == "" {
							fault(j)
						}
					}
				case a.number != nil:
					if number := v.number(name); number < 0 || number >= 1<<53 {
						fault(number)
					}
				case a.moment != nil:
					if v.moment(name).After(v.f.at) && !slices.Contains(toCome[kind], name) {
						fault(v.moment(name))
					}
				}
			}
			// Created before changed before now.
			if _, ok := k.attributes["updatedAt"]; ok && k.attributes["createdAt"].moment != nil {
				require.False(t, v.moment("updatedAt").Before(v.moment("createdAt")), "%s %d, seed %d", kind, v.i, v.f.w.seed)
			}
			for name, r := range k.relations {
				require.Contains(t, kinds(), r.kind, name)
				require.GreaterOrEqual(t, r.of(v.f, v.i), int64(0), name)
			}
		})
	}
}

func TestNoAttributeAllocates(t *testing.T) {
	f := worldFrame(3, 11)
	b := make([]byte, 0, 64<<10)
	for kind, k := range kinds() {
		i := rooted(f, kind)
		for name, a := range k.attributes {
			allocs := testing.AllocsPerRun(20, func() {
				switch {
				case a.text != nil:
					b = a.text(f, i, b[:0])
				case a.number != nil:
					a.number(f, i)
				case a.flag != nil:
					a.flag(f, i)
				case a.moment != nil:
					a.moment(f, i)
				case a.item != nil:
					for j := range a.list(f, i) {
						b = a.item(f, i, j, b[:0])
					}
				}
				if a.zone != nil {
					a.zone(f, i)
				}
				if a.present != nil {
					a.present(f, i)
				}
			})
			require.Zero(t, allocs, "%s.%s", kind, name)
		}
		for name, r := range k.relations {
			require.Zero(t, testing.AllocsPerRun(20, func() { r.of(f, i) }), "%s.%s", kind, name)
		}
	}
}

// numberedKinds have an entity of their own for every payload.
var numberedKinds = []string{
	"event", "post", "article", "question", "poll", "comment", "reaction", "rsvp", "purchase", "subscription", "request", "report", "link",
}

func TestNoTwoThingsHaveTheSameID(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		f := worldFrame(seed, 9)
		ids := func() func(id int64, kind string, i int64) {
			seen := map[int64]string{}
			return func(id int64, kind string, i int64) {
				if other, taken := seen[id]; taken {
					t.Errorf("seed %d: %s %d has the id of a %s", seed, kind, i, other)
				}
				seen[id] = kind
			}
		}
		content, lasting, fields := ids(), ids(), ids()
		for i := range int64(500) {
			for _, kind := range numberedKinds {
				content(view{t, f, kind, i}.number("id"), kind, i)
			}
		}
		for i := range int64(1000) {
			content(view{t, f, "file", i}.number("id"), "file", i)
		}
		for kind, count := range map[string]int64{"badge": 12, "tag": 16, "space": 8, "collection": 4, "plan": 8, "course": 6, "segment": 32} {
			for i := range count {
				lasting(view{t, f, kind, i}.number("id"), kind, i)
			}
		}
		for kind, count := range map[string]int64{"badge": 12, "tag": 16} {
			for i := range count {
				fields(view{t, f, kind, i}.number("customFieldId"), kind, i)
			}
		}
		for i := range int64(8) {
			fields(view{t, f, "customField", i}.number("id"), "customField", i)
		}
	}
}

// Payload n is about the same person in every event of what somebody does.
func TestOneNumberOneLife(t *testing.T) {
	t.Parallel()
	each(t, "person", func(person view) {
		for kind, role := range map[string]string{
			"invitation": "invitee", "rsvp": "member", "purchase": "member", "subscription": "member", "canceledSubscription": "member",
			"progress": "member", "answer": "member", "membership": "member", "comment": "author", "reaction": "member",
			"request": "requester", "report": "reporter",
		} {
			v := view{t, person.f, kind, rooted(person.f, kind)}
			require.Equal(t, person, v.to(role), "%s.%s", kind, role)
			if created, ok := kinds()[kind].attributes["createdAt"]; ok && kind != "invitation" && kind != "request" {
				require.False(t, created.moment(v.f, v.i).Before(person.moment("createdAt")), kind)
			}
		}
		for kind, role := range map[string]string{"event": "creator", "post": "creator", "article": "creator", "question": "creator", "poll": "creator", "space": "creator"} {
			v := view{t, person.f, kind, rooted(person.f, kind)}
			require.Less(t, v.to(role).i, int64(person.f.w.config.Residents), kind)
			require.False(t, v.moment("createdAt").Before(v.to(role).moment("createdAt")), "%s is older than its creator", kind)
		}
	})
}

func TestNetwork(t *testing.T) {
	t.Parallel()
	each(t, "network", func(v view) {
		require.True(t, v.to("owner").flag("isAdmin"))
		require.Equal(t, v.to("owner"), v.to("creator"))
		require.False(t, v.to("owner").moment("createdAt").Before(v.moment("createdAt")))
		require.True(t, strings.HasPrefix(v.text("domain"), v.text("slug")))
		require.GreaterOrEqual(t, v.number("memberCount"), int64(v.f.w.config.Residents)+int64(v.f.n))
	})
}

func TestWhatLasts(t *testing.T) {
	t.Parallel()
	sizes := map[string]func(c Config) int{
		"badge": func(c Config) int { return c.Badges }, "tag": func(c Config) int { return c.Tags }, "space": func(c Config) int { return c.Spaces },
		"collection": func(c Config) int { return c.Collections }, "plan": func(c Config) int { return c.Plans },
		"course": func(c Config) int { return c.Courses }, "customField": func(c Config) int { return c.CustomFields },
		"leaderboard": func(c Config) int { return c.Leaderboards },
	}
	for kind, size := range sizes {
		met := map[int64]bool{}
		each(t, kind, func(v view) {
			require.Less(t, v.i, int64(size(v.f.w.config)), kind)
			met[v.i] = true
			if kind != "leaderboard" {
				require.True(t, v.moment("updatedAt").Before(v.f.w.config.Epoch))
			}
		})
		require.Len(t, met, size(Config{}.withDefaults()), "payloads are about all of them: %s", kind)
	}
	each(t, "tag", func(v view) {
		require.False(t, v.moment("createdAt").Before(v.to("space").moment("createdAt")))
	})
	for _, kind := range []string{"space", "course"} {
		each(t, kind, func(v view) {
			require.Equal(t, v.to("collection").number("id"), v.number("collectionId"))
			require.True(t, v.to("collection").moment("createdAt").Before(v.moment("createdAt")))
			require.True(t, v.to("creator").flag("isAdmin"))
		})
	}
	each(t, "space", func(v view) {
		require.Equal(t, v.to("collection").text("key"), v.text("groupKey"))
		require.Equal(t, v.flag("private"), v.flag("inviteOnly"))
		require.True(t, v.flag("private") || !v.flag("hidden"))
		require.LessOrEqual(t, v.number("membersCount"), (view{t, v.f, "network", 0}).number("memberCount"))
	})
	each(t, "segment", func(v view) {
		require.Equal(t, v.to("field").number("id"), v.number("customFieldId"))
		require.Contains(t, v.to("field").text("responseType"), "dropdown")
	})
}

// A table that is smaller than the world goes on with numbers.
func TestTitlesDoNotRepeat(t *testing.T) {
	t.Parallel()
	f := worldFrame(1, 0)
	for kind, name := range map[string]string{
		"badge": "title", "tag": "title", "space": "name", "collection": "name", "plan": "name", "course": "name", "customField": "title",
	} {
		seen := map[string]bool{}
		for i := range int64(60) {
			title := view{t, f, kind, i}.text(name)
			require.False(t, seen[title], "%s %s", kind, title)
			seen[title] = true
			if _, ok := kinds()[kind].attributes["slug"]; ok {
				require.Regexp(t, `^[a-z0-9]+(-[a-z0-9]+)*$`, (view{t, f, kind, i}).text("slug"))
			}
		}
	}
}

// Where a change says that something came to be at another time, what follows from that moves with it.
func TestTimesFollowAChange(t *testing.T) {
	t.Parallel()
	f := worldFrame(4, 12)
	f.at = f.at.Add(40 * 24 * time.Hour)
	created := f.at.Add(-30 * 24 * time.Hour)
	f.changes = &Changes{}
	for kind, later := range map[string][]string{
		"person": {"verifiedAt", "firstAccessAt", "updatedAt"}, "event": {"startsAt", "updatedAt"}, "post": {"publishedAt", "updatedAt"},
		"purchase": {"purchasedAt"}, "subscription": {"purchasedAt", "periodStart"}, "invitation": {"expiresAt", "expiredCreatedAt", "expiredAt"}, "comment": {"updatedAt"},
		"campaign": {"communityPublishAt", "landingPublishAt", "communityFinishAt"},
	} {
		v := view{t, f, kind, rooted(f, kind)}
		if kind == "post" || kind == "comment" {
			v.i-- // not the one that the payload is about
		}
		before := v.moment(later[0])
		require.NoError(t, f.changes.Set(Entity{kind, v.i}, "createdAt", created))
		for _, name := range later {
			require.False(t, v.moment(name).Before(created), "%s.%s", kind, name)
		}
		if kind != "event" { // an event that is still to come may stay where it is
			require.NotEqual(t, before, v.moment(later[0]), kind)
		}
	}
}

// The smallest world there can be still fits together.
func TestSmallestWorld(t *testing.T) {
	t.Parallel()
	w := NewWorld(0, Config{Words: 1, Residents: 1, Spaces: 1, Collections: 1, Badges: 1, Tags: 1, Plans: 1, Courses: 1, CustomFields: 1, Leaderboards: 1, Campaigns: 1})
	f := &frame{w: w, at: w.At(0), event: &eventNames{}}
	for kind, k := range kinds() {
		v := view{t, f, kind, rooted(f, kind)}
		for name, a := range k.attributes {
			if a.text != nil {
				v.text(name)
			}
		}
		for name, r := range k.relations {
			if r.count != nil {
				v.several(name)
			}
		}
	}
}

func BenchmarkNewWorld(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		NewWorld(1, Config{})
	}
}
