package fakes

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestEventsRecur(t *testing.T) {
	t.Parallel()
	recurring := 0
	each(t, "event", func(v view) {
		require.True(t, v.moment("startsAt").After(v.f.at), "%s at %s", v.moment("startsAt"), v.f.at)
		require.True(t, v.moment("endsAt").After(v.moment("startsAt")))
		require.Less(t, v.moment("startsAt").Sub(v.f.at), 62*24*time.Hour)
		require.Equal(t, v.text("timeZone"), v.attribute("startsAt").zone(v.f, v.i).String())
		require.Equal(t, v.text("timeZone"), v.to("creator").text("timeZone"))
		require.Equal(t, v.has("recurrenceRule"), v.has("frequency"))
		require.Equal(t, v.has("recurrenceRule"), v.has("interval"))
		want := fmt.Sprintf("FREQ=%s;INTERVAL=%d", strings.ToUpper(v.text("frequency")), v.number("interval"))
		require.Contains(t, []string{want, want + ";COUNT=8", want + ";COUNT=10"}, v.text("recurrenceRule"))
		if v.has("frequency") {
			recurring++
		}
	})
	require.InDelta(t, 375, recurring, 60)
}

func TestRSVPs(t *testing.T) {
	t.Parallel()
	instances := 0
	each(t, "rsvp", func(v view) {
		event := v.to("event")
		require.LessOrEqual(t, event.i, v.i)
		require.False(t, event.moment("createdAt").After(v.moment("createdAt")), "nobody answers before there is an event")
		require.True(t, event.moment("startsAt").After(v.f.at))
		require.Contains(t, []string{"yes", "maybe", "no"}, v.text("status"))
		require.Equal(t, event.has("frequency"), v.leads("instance"))
		if !v.leads("instance") {
			return
		}
		instances++
		instance := v.to("instance")
		require.Equal(t, event.number("id"), instance.number("postId"))
		index := int(instance.number("index"))
		zone := event.attribute("startsAt").zone(v.f, event.i)
		first, at := event.moment("startsAt").In(zone), instance.moment("startsAt").In(zone)
		require.Equal(t, zone, instance.attribute("startsAt").zone(v.f, instance.i))
		require.Equal(t, first.Hour(), at.Hour())
		days := map[string]int{"daily": 1, "weekly": 7}[event.text("frequency")] * int(event.number("interval")) * index
		if days > 0 {
			require.Equal(t, first.AddDate(0, 0, days), at)
		}
		require.Equal(t, index == 0, first.Equal(at))
		require.Equal(t, event.moment("endsAt").Sub(first), instance.moment("endsAt").Sub(at))
	})
	require.Greater(t, instances, 300)
}

func TestPostsAndPolls(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"post", "article", "question"} {
		titles, permalinks := map[string]bool{}, map[string]bool{}
		each(t, kind, func(v view) {
			titles[v.text("title")] = true
			permalinks[v.text("permalink")] = true
			require.Equal(t, kind, v.text("postType"))
			require.Equal(t, v.text("contentType") == "image", v.length("images") > 0)
			require.Equal(t, "<p>"+strings.ReplaceAll(v.text("text"), "\n\n", "</p><p>")+"</p>", v.text("description"))
			require.True(t, strings.HasPrefix(v.text("text"), v.text("summary")), v.text("summary"))
			require.True(t, strings.HasSuffix(v.text("permalink"), "/"+v.text("slug")))
			require.False(t, v.moment("publishedAt").Before(v.moment("createdAt")))
			require.False(t, v.moment("lastActivityAt").Before(v.moment("updatedAt")))
			require.LessOrEqual(t, v.number("repliesCount"), int64(v.f.at.Sub(v.moment("createdAt"))/time.Minute))
		})
		require.GreaterOrEqual(t, len(titles), 24, kind)
		require.Greater(t, len(permalinks), 450, kind)
	}
	each(t, "post", func(v view) {
		mappings, fields := v.several("mappings"), v.several("fields")
		require.Len(t, mappings, 3)
		require.Len(t, fields, 2)
		for j, want := range []string{v.text("title"), v.text("description")} {
			var inner string
			require.NoError(t, json.Unmarshal([]byte(mappings[j].text("value")), &inner))
			require.Equal(t, want, inner)
			require.Equal(t, mappings[j].text("value"), fields[j].text("value"))
		}
		require.Equal(t, "null", mappings[2].text("value"))
		require.Equal(t, []string{"title", "content", "previewImageId"}, []string{mappings[0].text("key"), mappings[1].text("key"), mappings[2].text("key")})
	})

	titles := map[string]bool{}
	each(t, "poll", func(v view) {
		titles[v.text("title")] = true
		choices := v.several("choices")
		require.True(t, 2 <= len(choices) && len(choices) <= 5, len(choices))
		texts, ids := map[string]bool{}, map[string]bool{}
		for j := range 5 {
			name := fmt.Sprint("choice", j+1)
			require.Equal(t, j < len(choices), v.leads(name), name)
			if j < len(choices) {
				require.Equal(t, choices[j], v.to(name))
				texts[choices[j].text("text")], ids[choices[j].text("id")] = true, true
			}
		}
		require.Len(t, texts, len(choices))
		require.Len(t, ids, len(choices))
	})
	require.GreaterOrEqual(t, len(titles), 24)
}

func TestReplies(t *testing.T) {
	t.Parallel()
	var replies, links, withFiles, onComments, comments int
	each(t, "comment", func(v view) {
		post := v.to("post")
		require.Equal(t, post.to("space"), v.to("space"))
		require.False(t, v.moment("createdAt").Before(post.moment("createdAt")))
		require.NotEqual(t, post.to("creator"), v.to("author"))
		require.True(t, strings.HasPrefix(v.text("permalink"), post.text("permalink")+"#comment-"))
		require.Equal(t, v.has("replyToId"), v.number("depth") == 2)
		require.Equal(t, v.flag("replyable"), v.number("depth") == 1)
		if v.has("replyToId") {
			replies++
			parent := view{t, v.f, "comment", post.i}
			require.Equal(t, parent.number("id"), v.number("replyToId"))
			require.Equal(t, int64(1), parent.number("depth"))
			require.Equal(t, post, parent.to("post"))
			require.False(t, v.moment("createdAt").Before(parent.moment("createdAt")))
		}
		require.LessOrEqual(t, len(v.several("files")), 2)
		if len(v.several("files")) > 0 {
			withFiles++
			for _, file := range v.several("files") {
				require.True(t, strings.HasSuffix(file.text("url"), "/"+file.text("name")))
			}
		}
		if v.leads("link") {
			links++
		}
	})
	require.Greater(t, replies, 100)
	require.Greater(t, links, 50)
	require.Greater(t, withFiles, 50)

	each(t, "reaction", func(v view) {
		post := v.to("post")
		require.Equal(t, post.to("space"), v.to("space"))
		target := post
		if v.text("targetType") == "Comment" {
			onComments++
			target = view{t, v.f, "comment", post.i}
			require.NotEqual(t, v.to("member"), target.to("author"))
		}
		require.Equal(t, target.number("id"), v.number("targetId"))
		require.False(t, v.moment("createdAt").Before(target.moment("createdAt")))
		require.True(t, strings.HasPrefix(v.text("emoji"), v.text("baseEmoji")))
	})
	require.Greater(t, onComments, 50)

	each(t, "report", func(v view) {
		post := v.to("post")
		require.Equal(t, post.to("space"), v.to("space"))
		require.NotEqual(t, v.to("reporter"), v.to("author"))
		switch v.text("targetType") {
		case "Post":
			require.Equal(t, post.number("id"), v.number("targetId"))
			require.Equal(t, post.to("creator"), v.to("author"))
		case "Comment":
			comments++
			comment := view{t, v.f, "comment", post.i}
			require.Equal(t, comment.number("id"), v.number("targetId"))
			require.Equal(t, comment.to("author"), v.to("author"))
			require.False(t, v.moment("createdAt").Before(comment.moment("createdAt")))
		}
		i := slices.IndexFunc(complaints, func(c complaint) bool { return c.category == v.text("category") })
		require.Contains(t, complaints[i].reasons, v.text("reason"))
	})
	require.Greater(t, comments, 50)
}

func TestPlansAndWhatIsPaid(t *testing.T) {
	t.Parallel()
	each(t, "plan", func(v view) {
		require.Equal(t, v.text("type") == "free", v.number("amount") == 0)
		require.Equal(t, v.text("type") == "subscription", v.text("interval") != "one_time")
		require.True(t, v.text("type") == "subscription" || !v.flag("hasFreeTrial"))
		require.Equal(t, (view{t, v.f, "plan", 0}).text("currency"), v.text("currency"))
	})
	each(t, "purchase", func(v view) {
		plan := v.to("plan")
		require.NotEqual(t, "subscription", plan.text("type"))
		require.True(t, plan.number("amount") > 0 || v.number("taxPercent") == 0)
		require.Equal(t, v.moment("purchasedAt"), v.moment("createdAt"))
	})
	canceled, trials := 0, 0
	subscription := func(v view) {
		plan := v.to("plan")
		require.Equal(t, "subscription", plan.text("type"))
		start, end := v.moment("periodStart"), v.moment("periodEnd")
		require.False(t, start.Before(v.moment("purchasedAt")))
		require.False(t, start.After(v.f.at))
		require.True(t, end.After(v.f.at), "%s to %s at %s", start, end, v.f.at)
		require.Equal(t, v.has("trialLength"), v.has("trialStart"))
		require.Equal(t, v.has("trialLength"), v.has("trialEnd"))
		trying := false
		if v.has("trialLength") {
			trials++
			require.True(t, plan.flag("hasFreeTrial"))
			require.Equal(t, v.moment("purchasedAt"), v.moment("trialStart"))
			require.Equal(t, v.moment("trialStart").AddDate(0, 0, int(v.number("trialLength"))), v.moment("trialEnd"))
			trying = v.moment("trialEnd").After(v.f.at)
		}
		length := end.Sub(start)
		longest := map[string]int{"day": 1, "week": 7, "month": 31, "year": 366}[plan.text("interval")]
		if trying {
			require.Equal(t, v.moment("trialEnd"), end)
		} else {
			require.LessOrEqual(t, length, time.Duration(longest)*24*time.Hour)
			require.GreaterOrEqual(t, length, time.Duration(longest-3)*24*time.Hour)
		}
		if v.has("canceledAt") {
			canceled++
			require.False(t, v.moment("canceledAt").Before(v.moment("purchasedAt")))
		}
	}
	each(t, "subscription", subscription)
	require.True(t, 5 < canceled && canceled < 40, canceled)
	require.Greater(t, trials, 100)
	canceled = 0
	each(t, "canceledSubscription", subscription)
	require.Equal(t, 500, canceled)
}

func TestCoursesAndAnswers(t *testing.T) {
	t.Parallel()
	each(t, "progress", func(v view) {
		require.True(t, 1 <= v.number("percent") && v.number("percent") <= 99)
		require.Less(t, v.to("course").i, int64(v.f.w.config.Courses))
	})
	several := 0
	each(t, "answer", func(v view) {
		field := v.to("field")
		byOption := strings.HasPrefix(field.text("responseType"), "dropdown")
		for _, name := range []string{"text", "previousText", "newText"} {
			require.Equal(t, !byOption, v.has(name), name)
		}
		for _, name := range []string{"segments", "previousSegments", "newSegments"} {
			require.Equal(t, byOption, v.leads(name), name)
			chosen := v.several(name)
			require.Equal(t, byOption, len(chosen) > 0)
			if field.text("responseType") == "dropdown_single_select" {
				require.Len(t, chosen, 1)
			}
			for _, segment := range chosen {
				require.Equal(t, field, segment.to("field"))
			}
			if len(chosen) > 1 {
				several++
			}
		}
		if byOption {
			require.NotEqual(t, v.several("previousSegments"), v.several("newSegments"))
			require.Equal(t, v.several("segments"), v.several("previousSegments"))
		} else {
			require.NotEqual(t, v.text("previousText"), v.text("newText"))
			require.Equal(t, v.text("text"), v.text("previousText"))
		}
	})
	require.Greater(t, several, 50)
	each(t, "leaderboard", func(v view) {
		members, last := map[int64]bool{}, int64(1000)
		for j, ranking := range v.several("rankings") {
			require.Equal(t, int64(j+1), ranking.number("rank"))
			require.Less(t, ranking.number("count"), last)
			require.Positive(t, ranking.number("count"))
			last = ranking.number("count")
			members[ranking.to("member").i] = true
		}
		require.Len(t, members, 5)
	})
}

// An interaction comes from where its campaign is, and a campaign that gets a landing page has that channel.
func TestLandingPages(t *testing.T) {
	t.Parallel()
	sources := map[string]int{}
	each(t, "interaction", func(v view) {
		sources[v.text("source")]++
		if v.text("source") == "landing" {
			require.True(t, v.to("campaign").flag("landingEnabled"))
		}
	})
	require.Greater(t, sources["landing"], 50)
	require.Greater(t, sources["community"], 200)
	each(t, "campaign", func(v view) {
		v.f.changes = &Changes{}
		for _, enabled := range []bool{true, false} {
			require.NoError(t, v.f.changes.Set(Entity{"campaign", v.i}, "landingEnabled", enabled))
			require.Equal(t, map[bool]int{false: 1, true: 2}[enabled], v.length("channels"))
		}
	})
}

func TestRequestsAndMemberships(t *testing.T) {
	t.Parallel()
	referred := 0
	each(t, "request", func(v view) {
		require.True(t, v.moment("createdAt").Before(v.to("requester").moment("createdAt")))
		require.False(t, v.moment("decidedAt").Before(v.moment("createdAt")))
		require.Equal(t, "pending", v.text("status"))
		if v.leads("referrer") {
			referred++
			require.NotEqual(t, v.to("requester"), v.to("referrer"))
		}
	})
	require.InDelta(t, 167, referred, 60)
	each(t, "membership", func(v view) {
		require.False(t, v.moment("createdAt").Before(v.to("space").moment("createdAt")))
	})
}
