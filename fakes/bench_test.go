package fakes_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/brianvoe/gofakeit/v7"
	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/contract/signing"
	"github.com/quintain-dev/quintain/fakes"
)

// The same event, made four ways: by us, signed and unsigned, by gofakeit from struct tags, and by a generator written
// by hand with gofakeit's functions. The values of the last three are marshaled; ours are JSON already.
func BenchmarkEventCreated(b *testing.B) {
	p, err := contract.Load("mighty")
	require.NoError(b, err)
	event, err := p.Event("EventCreated")
	require.NoError(b, err)
	g, err := fakes.NewWorld(1, fakes.Config{}).Generator(event)
	require.NoError(b, err)
	body := g.Append(nil, 1, g.At(1))
	require.NoError(b, event.Validate(body))
	buffer := make([]byte, 0, 2*len(body))
	b.Run("payload", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(body)))
		for n := uint64(0); b.Loop(); n++ {
			buffer = g.Append(buffer[:0], n%fakes.MaxN, g.At(n))
		}
	})
	b.Run("signed", func(b *testing.B) {
		b.ReportAllocs()
		signer := signing.HMAC{Header: "X-Signature", TimestampHeader: "X-Timestamp"}.Signer("s3cret")
		var signature []byte
		for n := uint64(0); b.Loop(); n++ {
			buffer = g.Append(buffer[:0], n%fakes.MaxN, g.At(n))
			signature = signer.Append(signature[:0], buffer, g.At(n))
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "payloads/s")
	})
	b.Run("gofakeit.Struct", func(b *testing.B) {
		b.ReportAllocs()
		faker := gofakeit.NewFaker(rand.NewPCG(1, 1), false)
		for b.Loop() {
			var e taggedEvent
			if err := faker.Struct(&e); err != nil {
				b.Fatal(err)
			}
			if _, err := json.Marshal(&e); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("by hand with gofakeit", func(b *testing.B) {
		b.ReportAllocs()
		faker := gofakeit.NewFaker(rand.NewPCG(1, 1), false)
		for b.Loop() {
			e := eventByHand(faker)
			if _, err := json.Marshal(&e); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// The shape of seed 002, with tags for gofakeit. Times are strings, since a time.Time is not written as the page has
// it.
type (
	taggedEvent struct {
		EventID        string       `json:"event_id" fake:"{uuid}"`
		EventTimestamp string       `json:"event_timestamp" fake:"{date:2006-01-02T15:04:05Z}"`
		Payload        taggedDetail `json:"payload"`
	}
	taggedDetail struct {
		ID              string       `json:"id" fake:"{number:1000,9999999}"`
		CreatedAt       string       `json:"created_at" fake:"{date:2006-01-02T15:04:05-07:00}"`
		UpdatedAt       string       `json:"updated_at" fake:"{date:2006-01-02T15:04:05-07:00}"`
		PostType        string       `json:"post_type" fake:"event"`
		SpaceID         int          `json:"space_id" fake:"{number:1000,99999}"`
		CreatorID       int          `json:"creator_id" fake:"{number:1000,9999999}"`
		Title           string       `json:"title" fake:"{productname}"`
		Summary         string       `json:"summary" fake:"{sentence}"`
		EventType       string       `json:"event_type" fake:"{randomstring:[online_meeting,local,webinar]}"`
		StartsAt        string       `json:"starts_at" fake:"{date:2006-01-02T15:04:05-07:00}"`
		EndsAt          string       `json:"ends_at" fake:"{date:2006-01-02T15:04:05-07:00}"`
		TimeZone        string       `json:"time_zone" fake:"{timezoneregion}"`
		Location        string       `json:"location" fake:"{city}"`
		RecurrenceRule  string       `json:"recurrence_rule" fake:"{randomstring:[FREQ=WEEKLY;INTERVAL=1,FREQ=DAILY;INTERVAL=1]}"`
		RSVPEnabled     bool         `json:"rsvp_enabled"`
		RSVPClosed      bool         `json:"rsvp_closed"`
		RestrictedEvent bool         `json:"restricted_event"`
		PostInFeed      bool         `json:"post_in_feed"`
		Creator         taggedMember `json:"creator"`
		Space           taggedSpace  `json:"space"`
		Images          []string     `json:"images" fakesize:"1" fake:"{url}"`
		Permalink       string       `json:"permalink" fake:"{url}"`
	}
	taggedMember struct {
		ID              string `json:"id" fake:"{number:1000,9999999}"`
		CreatedAt       string `json:"created_at" fake:"{date:2006-01-02T15:04:05-07:00}"`
		UpdatedAt       string `json:"updated_at" fake:"{date:2006-01-02T15:04:05-07:00}"`
		Email           string `json:"email" fake:"{email}"`
		FirstName       string `json:"first_name" fake:"{firstname}"`
		LastName        string `json:"last_name" fake:"{lastname}"`
		TimeZone        string `json:"time_zone" fake:"{timezoneregion}"`
		Location        string `json:"location" fake:"{city}"`
		ReferralCount   int    `json:"referral_count" fake:"{number:0,40}"`
		Avatar          string `json:"avatar" fake:"{url}"`
		Categories      string `json:"categories" fake:"{buzzword}"`
		Permalink       string `json:"permalink" fake:"{url}"`
		AmbassadorLevel string `json:"ambassador_level" fake:"{randomstring:[Bronze,Silver,Gold]}"`
	}
	taggedSpace struct {
		ID        string `json:"id" fake:"{number:1000,99999}"`
		CreatedAt string `json:"created_at" fake:"{date:2006-01-02T15:04:05-07:00}"`
		UpdatedAt string `json:"updated_at" fake:"{date:2006-01-02T15:04:05-07:00}"`
		Name      string `json:"name" fake:"{company}"`
	}
)

// eventByHand fills the same shape as somebody would who writes it out.
func eventByHand(f *gofakeit.Faker) taggedEvent {
	created := time.Date(2025, 11, 7, 12, 0, f.Number(0, 86_400), 0, time.UTC)
	text := func(t time.Time) string { return t.Format("2006-01-02T15:04:05-07:00") }
	url := func(kind string) string {
		return fmt.Sprintf("https://cdn.example.com/%s/%d", kind, f.Number(1, 1<<30))
	}
	first, last := f.FirstName(), f.LastName()
	creatorID, spaceID := f.Number(1000, 9_999_999), f.Number(1000, 99_999)
	starts := created.AddDate(0, 0, f.Number(2, 60))
	return taggedEvent{
		EventID: f.UUID(), EventTimestamp: created.Format(time.RFC3339),
		Payload: taggedDetail{
			ID: fmt.Sprint(f.Number(1000, 9_999_999)), CreatedAt: text(created), UpdatedAt: text(created), PostType: "event", SpaceID: spaceID, CreatorID: creatorID,
			Title: f.ProductName(), Summary: f.Sentence(), EventType: f.RandomString([]string{"online_meeting", "local", "webinar"}),
			StartsAt: text(starts), EndsAt: text(starts.Add(time.Hour)), TimeZone: f.TimeZoneRegion(), Location: f.City(), RecurrenceRule: "FREQ=WEEKLY;INTERVAL=1",
			RSVPEnabled: f.Bool(), RSVPClosed: f.Bool(), RestrictedEvent: f.Bool(), PostInFeed: f.Bool(),
			Creator: taggedMember{
				ID: fmt.Sprint(creatorID), CreatedAt: text(created), UpdatedAt: text(created), Email: first + "." + last + "@example.com", FirstName: first, LastName: last,
				TimeZone: f.TimeZoneRegion(), Location: f.City(), ReferralCount: f.Number(0, 40), Avatar: url("avatars"), Categories: f.BuzzWord(),
				Permalink: url("members"), AmbassadorLevel: "Gold",
			},
			Space:  taggedSpace{ID: fmt.Sprint(spaceID), CreatedAt: text(created), UpdatedAt: text(created), Name: f.Company()},
			Images: []string{url("events")}, Permalink: url("posts"),
		},
	}
}
