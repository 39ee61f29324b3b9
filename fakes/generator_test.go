package fakes_test

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/fakes"
)

// events returns every event type of every platform at each of its revisions, and the messages that are no events.
func events(t testing.TB) []*contract.EventType {
	out, err := allEvents()
	require.NoError(t, err)
	require.Greater(t, len(out), 170)
	return out
}

// allEvents are read once: they do not change.
var allEvents = sync.OnceValues(func() (out []*contract.EventType, err error) {
	for _, name := range contract.Names() {
		first, err := contract.Load(name)
		if err != nil {
			return nil, err
		}
		for _, revision := range first.Revisions {
			platform, err := contract.Load(name + "@" + revision)
			if err != nil {
				return nil, err
			}
			out = append(out, platform.Events()...)
			if test := platform.Message("TEST"); test != nil {
				out = append(out, test)
			}
		}
	}
	return out, nil
})

// isDefault reports whether an event is of the default revision of its platform.
func isDefault(event *contract.EventType) bool {
	return event.Platform().Revision == event.Platform().Revisions[0]
}

// hamlet is a world that is quick to make.
var hamlet = fakes.Config{Words: 16, Residents: 8, Spaces: 2, Badges: 3, Campaigns: 3}

// The property test makes as many worlds as seeds says, and a payload of every event in each: without
// -short, about a million payloads. Events of other revisions than the default ones are made in every tenth world. An
// event is compiled once, since that takes as long as to make and to check a payload.
func TestEveryPayloadValidates(t *testing.T) {
	t.Parallel()
	first := fakes.NewWorld(0, hamlet)
	var generators []*fakes.Generator
	for _, event := range events(t) {
		generator, err := first.Generator(event)
		require.NoError(t, err)
		generators = append(generators, generator)
	}
	workers := uint64(runtime.GOMAXPROCS(0))
	for worker := range workers {
		t.Run(strconv.FormatUint(worker, 10), func(t *testing.T) {
			t.Parallel()
			var body []byte
			for seed := worker; seed < uint64(seeds()); seed += workers {
				world := fakes.NewWorld(seed, hamlet)
				for _, generator := range generators {
					event := generator.Event()
					if seed%10 > 0 && !isDefault(event) {
						continue
					}
					generator := generator.In(world)
					body = generator.Append(body[:0], seed%97, generator.At(seed%97))
					if err := event.Validate(body); err != nil {
						t.Fatalf("seed %d: %v\n%s", seed, err, body)
					}
				}
			}
		})
	}
}

func TestMinimalPayloadsValidateAndAreSmaller(t *testing.T) {
	t.Parallel()
	for _, event := range events(t) {
		for seed := range uint64(20) {
			world := fakes.NewWorld(seed, hamlet)
			full, err := world.Generator(event)
			require.NoError(t, err)
			minimal, err := world.Minimal(event)
			require.NoError(t, err)
			small, large := minimal.Append(nil, seed, full.At(seed)), full.Append(nil, seed, full.At(seed))
			require.NoError(t, event.Validate(small), string(small))
			require.LessOrEqual(t, len(small), len(large))
		}
	}
}

func TestSameSeedSameBytes(t *testing.T) {
	t.Parallel()
	digest := func(seed uint64, backwards bool) uint64 {
		world := fakes.NewWorld(seed, fakes.Config{})
		bodies := map[string]string{}
		for _, event := range events(t) {
			generator, err := world.Generator(event)
			require.NoError(t, err)
			few := uint64(size(50, 12))
			for n := range few {
				if backwards {
					n = few - 1 - n
				}
				bodies[fmt.Sprint(event.Platform(), event.Name, n)] = string(generator.Append(nil, n, generator.At(n)))
			}
		}
		h := fnv.New64a()
		keys, err := json.Marshal(bodies) // sorts the keys
		require.NoError(t, err)
		h.Write(keys)
		return h.Sum64()
	}
	want := digest(0, false)
	require.Equal(t, want, digest(0, true), "the order does not matter")
	require.NotEqual(t, want, digest(1, false))
	require.NotEqual(t, digest(1, false), digest(2, false))
}

func TestOneGeneratorServesManyGoroutines(t *testing.T) {
	t.Parallel()
	tribe, err := contract.Load("tribe")
	require.NoError(t, err)
	event, err := tribe.Event("member.verified")
	require.NoError(t, err)
	generator, err := fakes.NewWorld(7, fakes.Config{}).Generator(event)
	require.NoError(t, err)
	var want []string
	for n := range uint64(100) {
		want = append(want, string(generator.Append(nil, n, generator.At(n))))
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for n := range uint64(100) {
				if got := string(generator.Append(nil, n, generator.At(n))); got != want[n] {
					t.Errorf("payload %d differs: %s", n, got)
				}
			}
		})
	}
	wg.Wait()
}

// No two events of a world have one id: a million of them, over all event types of a platform.
func TestEventIDsAreUnique(t *testing.T) {
	t.Parallel()
	world := fakes.NewWorld(3, fakes.Config{})
	seen := map[string]uint64{}
	byName := map[string]bool{}
	var generators []*fakes.Generator
	for _, event := range events(t) {
		generator, err := world.Generator(event)
		require.NoError(t, err)
		for n := range uint64(10) {
			if pointer := event.Platform().Rules.DedupKey.Value; pointer != "" && event.Name != "TEST" {
				body := generator.Append(nil, n, generator.At(n).Add(time.Hour))
				require.Equal(t, generator.EventID(n), contract.Lookup(body, pointer), "%s: the id that is told is the one in the body, whatever the time", event.Name)
			}
		}
		// an event has the same id at every revision
		if name := event.Platform().Name + " " + event.Name; !byName[name] {
			byName[name] = true
			generators = append(generators, generator)
		}
	}
	for i, generator := range generators {
		for n := range uint64(ids() / len(generators)) {
			id := generator.EventID(n)
			other, taken := seen[id]
			require.False(t, taken, "%s %d has the id of %s", generator.Event().Name, n, generators[other%uint64(len(generators))].Event().Name)
			seen[id] = uint64(i)
		}
	}
}

// payload is payload n of an event, decoded.
type payload struct {
	t    *testing.T
	body []byte
}

func (p payload) at(pointer string) any {
	p.t.Helper()
	value := contract.Lookup(p.body, pointer)
	require.NotNil(p.t, value, "%s of %s", pointer, p.body)
	return value
}

func (p payload) time(pointer string) time.Time {
	p.t.Helper()
	at, err := time.Parse(time.RFC3339, p.at(pointer).(string))
	require.NoError(p.t, err)
	return at
}

func TestPayloadsAreCoherent(t *testing.T) {
	t.Parallel()
	types := map[string]*contract.EventType{}
	for _, event := range events(t) {
		if isDefault(event) {
			types[event.Platform().Name+" "+event.Name] = event
		}
	}
	for seed := range uint64(50) {
		world := fakes.NewWorld(seed, hamlet)
		make := func(platform, name string, after time.Duration) payload {
			generator, err := world.Generator(types[platform+" "+name])
			require.NoError(t, err)
			return payload{t, generator.Append(nil, seed, generator.At(seed).Add(after))}
		}

		// An event belongs to its creator and its space, and ends after it starts, in its own time zone.
		event := make("mighty", "EventCreated", 0)
		require.Equal(t, event.at("/payload/creator/id"), event.at("/payload/creator_id").(json.Number).String())
		require.Equal(t, event.at("/payload/space/id"), event.at("/payload/space_id").(json.Number).String())
		zone, err := time.LoadLocation(event.at("/payload/time_zone").(string))
		require.NoError(t, err)
		for _, pointer := range []string{"/payload/starts_at", "/payload/ends_at"} {
			_, offset := event.time(pointer).Zone()
			_, want := event.time(pointer).In(zone).Zone()
			require.Equal(t, want, offset, "%s is not written in %s", pointer, zone)
		}
		require.True(t, event.time("/payload/ends_at").After(event.time("/payload/starts_at")))
		require.True(t, event.time("/payload/starts_at").After(event.time("/event_timestamp")))

		badge := make("mighty", "MemberBadgeAdded", 0)
		for _, p := range []struct {
			payload
			of string
		}{{event, "/payload"}, {event, "/payload/creator"}, {event, "/payload/space"}, {badge, "/payload/member"}, {badge, "/payload/badge"}} {
			require.False(t, p.time(p.of+"/updated_at").Before(p.time(p.of+"/created_at")), p.of)
			require.False(t, p.time("/event_timestamp").Before(p.time(p.of+"/updated_at").Truncate(time.Second)), p.of)
		}

		// Whoever is invited is who joins, is verified, changes and leaves; and nobody was verified before coming.
		created := make("tribe", "member.created", 0)
		for _, name := range []string{"member.verified", "member.updated", "member.deleted"} {
			later := make("tribe", name, time.Hour)
			for _, key := range []string{"/id", "/email", "/username", "/name", "/createdAt"} {
				require.Equal(t, created.at("/data/object"+key), later.at("/data/object"+key), name+key)
			}
			require.False(t, later.time("/data/object/updatedAt").Before(later.time("/data/object/createdAt")))
			require.False(t, later.time("/data/object/verifiedAt").Before(later.time("/data/object/createdAt")))
			require.False(t, later.time("/data/time").Before(later.time("/data/object/updatedAt")))
		}
		accepted := make("tribe", "member_invitation.accepted", 0)
		require.Equal(t, created.at("/data/object/id"), accepted.at("/data/object/inviteeId"))
		require.Equal(t, created.at("/data/object/email"), accepted.at("/data/object/inviteeEmail"))
		require.True(t, accepted.time("/data/object/joinedAt").After(accepted.time("/data/object/createdAt")))
		require.True(t, accepted.time("/data/object/expiresAt").After(accepted.time("/data/object/joinedAt")))
		require.Equal(t, accepted.at("/networkId"), accepted.at("/entityId"))
		require.Equal(t, created.at("/networkId"), accepted.at("/data/target/networkId"))
		require.NotEqual(t, accepted.at("/data/object/inviterId"), accepted.at("/data/object/inviteeId"))

		// A campaign speaks the languages that it says.
		campaign := make("ambassify", "campaign.created", 0)
		var languages []string
		for _, l := range campaign.at("/campaign/config/languages").([]any) {
			languages = append(languages, l.(string))
		}
		for _, texts := range []string{"title", "summary", "link", "shortLink"} {
			var spoken []string
			for l := range campaign.at("/campaign/" + texts).(map[string]any) {
				spoken = append(spoken, l)
			}
			require.ElementsMatch(t, languages, spoken, texts)
		}
		interaction := make("ambassify", "interaction.created", 0)
		require.Equal(t, interaction.at("/campaign_id"), interaction.at("/campaign/id"))
		require.Equal(t, interaction.at("/campaign_id"), interaction.at("/interaction/campaign"))
		require.Equal(t, interaction.at("/person/id"), interaction.at("/interaction/member"))
		require.Equal(t, interaction.at("/campaign/config/preset"), interaction.at("/interaction/metadata/presetId"))
	}
}

func TestFillReplacesPlaceholdersOnly(t *testing.T) {
	t.Parallel()
	for _, event := range events(t) {
		example, err := event.Example()
		require.NoError(t, err)
		generator, err := fakes.NewWorld(1, fakes.Config{}).Generator(event)
		require.NoError(t, err)
		filled, err := generator.Fill(example, 4, generator.At(4))
		require.NoError(t, err)
		require.NoError(t, event.Validate(filled))
		require.NotContains(t, string(filled), "<string>")
		added := slices.ContainsFunc(event.Schema.Target().Properties, func(p contract.Property) bool { return p.Schema.Option != "" })
		if len(example.Placeholders) == 0 && !added {
			require.Equal(t, string(example.Body), string(filled))
		}
		if added {
			require.NotNil(t, contract.Lookup(filled, "/event_type"), "what an option has the platform send is in the example too")
		}
	}
}

func TestDocumentsThatCannotBeFilled(t *testing.T) {
	t.Parallel()
	tribe, err := contract.Load("mighty")
	require.NoError(t, err)
	source := string(tribe.Document())
	for change, want := range map[[2]string]string{
		{`"x-fake":"ambassadorLevel"`, `"x-fake":"ambasadorLevel"`}:                                        `x-fake: person has no attribute "ambasadorLevel"; did you mean "ambassadorLevel"?`,
		{`"x-fake":"event.creator.id"`, `"x-fake":"event.author.id"`}:                                      `"author" is neither a role nor a relation of event; there is creator, space`,
		{`"x-as":"event.creator"`, `"x-as":"evnt.creator"`}:                                                `"evnt" is neither a role nor a relation`,
		{`"x-fake":"startsAt","x-time":"zone-seconds"`, `"x-fake":"startsAt"`}:                             `x-time is "", want one of offset-seconds`,
		{`"x-fake":"createdAt","x-time":"offset-seconds"`, `"x-fake":"createdAt","x-time":"zone-seconds"`}: `"createdAt" has no time zone of its own`,
		{`{"type":"boolean","x-fake":"rsvpEnabled"}`, `{"type":"boolean"}`}:                                "nothing says what to send here",
		{`"x-cast":{"event":"event"}`, `"x-cast":{"event":"evnt"}`}:                                        `"evnt" is neither a role nor a relation`,
		{`"x-fake":"images"`, `"x-fake":"title"`}:                                                          `"title" is not a list`,
	} {
		require.Contains(t, source, change[0])
		p, err := contract.Parse("changed.yaml", []byte(strings.Replace(source, change[0], change[1], 1)), "")
		require.NoError(t, err, change[1])
		var fault error
		for _, event := range p.Events() {
			if _, err := fakes.NewWorld(1, hamlet).Generator(event); err != nil {
				fault = err
			}
		}
		var e *contract.DocumentError
		require.ErrorAs(t, fault, &e, change[1])
		require.Contains(t, e.Error(), want)
		require.Equal(t, "changed.yaml", e.File)
	}
}

func BenchmarkAppend(b *testing.B) {
	for _, name := range [][2]string{{"mighty", "EventCreated"}, {"tribe", "member.created"}} {
		platform, err := contract.Load(name[0])
		require.NoError(b, err)
		event, err := platform.Event(name[1])
		require.NoError(b, err)
		generator, err := fakes.NewWorld(1, fakes.Config{}).Generator(event)
		require.NoError(b, err)
		b.Run(name[1], func(b *testing.B) {
			body := generator.Append(nil, 0, generator.At(0))
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			n := uint64(0)
			for b.Loop() {
				n++
				body = generator.Append(body[:0], n, generator.At(n))
			}
		})
	}
}

func ExampleWorld_Generator() {
	platform, err := contract.Load("tryno")
	if err != nil {
		panic(err)
	}
	event, err := platform.Event("member.joined")
	if err != nil {
		panic(err)
	}
	generator, err := fakes.NewWorld(42, fakes.Config{}).Generator(event)
	if err != nil {
		panic(err)
	}
	fmt.Println(string(generator.Append(nil, 0, generator.At(0))))
	// Output: {"event":"member.joined","timestamp":"2025-11-07T12:00:00Z","data":{"community_id":"8e6d665a-a304-4818-8338-904a09310362","user_id":"7dc9151f-c09e-43f2-9a83-8f6c4f8d563b","metadata":{}}}
}

func TestCastNames(t *testing.T) {
	t.Parallel()
	p, err := contract.Load("ambassify")
	require.NoError(t, err)
	event, err := p.Event("interaction.created")
	require.NoError(t, err)
	g, err := fakes.NewWorld(1, hamlet).Generator(event)
	require.NoError(t, err)
	names := g.CastNames()
	for _, name := range []string{"campaign", "interaction", "interaction.campaign", "interaction.member", "network", "person"} {
		require.Contains(t, names, name)
	}
	require.NotContains(t, names, "")
	require.NotContains(t, names, "occurrence")
	require.NotContains(t, names, "text", "a kind that no role is cast with")
}

// An index that no entity has is taken for the nearest that one has, and so is a number of a world.
func TestWhatIsOutOfRange(t *testing.T) {
	t.Parallel()
	world := fakes.NewWorld(1, fakes.Config{Words: 16, Residents: math.MaxInt, Badges: math.MaxInt})
	person, err := world.Subject("person", 5)
	require.NoError(t, err)
	require.EqualValues(t, 1_000_005, person.Index)
	for _, event := range events(t) {
		g, err := world.Generator(event)
		require.NoError(t, err)
		for _, name := range g.CastNames() {
			for index, taken := range map[int64]int64{-1: 0, math.MinInt64: 0, math.MaxInt64: fakes.MaxIndex} {
				of := func(i int64) fakes.Occasion {
					return fakes.Occasion{N: 1, At: g.At(1), Cast: map[string]int64{name: i}}
				}
				require.Equal(t, string(g.AppendOccasion(nil, of(taken))), string(g.AppendOccasion(nil, of(index))), "%s: %s", event.Name, name)
			}
		}
	}
}
