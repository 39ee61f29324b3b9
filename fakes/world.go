package fakes

import (
	"math/rand/v2"
	"strings"
	"time"

	"github.com/brianvoe/gofakeit/v7"
)

// Config sizes a World. The zero value is a small town that suits most runs.
type Config struct {
	// Epoch is the time at which the world begins: residents came before it, newcomers come after it. The zero value is
	// 2025-11-07T12:00:00Z. Payloads have times at or after the epoch.
	Epoch time.Time

	Words     int // entries in each table of words (first names, last names, sentences …); 0 = 256
	Residents int // people who were there from the start, and create events, invite and take part; 0 = 64
	Spaces    int // 0 = 8
	Badges    int // 0 = 12
	Campaigns int // campaigns that interactions and conversions are about; 0 = 16
}

func (c Config) withDefaults() Config {
	orElse := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	orElse(&c.Words, 256)
	orElse(&c.Residents, 64)
	orElse(&c.Spaces, 8)
	orElse(&c.Badges, 12)
	orElse(&c.Campaigns, 16)
	if c.Epoch.IsZero() {
		c.Epoch = time.Date(2025, 11, 7, 12, 0, 0, 0, time.UTC)
	}
	return c
}

// MaxN is the greatest number of a payload. Greater ones are taken for it: they would lie more than a century after the
// epoch.
const MaxN = 100_000_000

// pace is the time between two newcomers.
const pace = 37*time.Second + 311*time.Millisecond

// companyForms make a company of a family name: gofakeit's own list has companies that exist.
var companyForms = []string{"Labs", "& Sons", "Works", "Studio", "Group", "Books", "Bakery", "Logistics"}

// A World is the community behind the payloads. It is made once and then only read, so several goroutines may use it.
//
// Entities have no rows: entity i of a kind is computed from (seed, kind, i), with words from tables that gofakeit filled
// when the world was made. So there is no limit to how many there are.
type World struct {
	seed   uint64
	config Config

	firstNames, lastNames, companies, jobs, sentences, topics, buzz []string // JSON-escaped, without quotes
}

// NewWorld makes the world of a seed. Every seed, 0 too, is a world of its own that is always the same.
func NewWorld(seed uint64, config Config) *World {
	w := &World{seed: seed, config: config.withDefaults()}
	f := gofakeit.NewFaker(rand.NewPCG(seed, 0x5eed), false)
	table := func(word func() string) []string {
		words := make([]string, w.config.Words)
		for i := range words {
			words[i] = escapeJSON(word())
		}
		return words
	}
	w.firstNames = table(f.FirstName)
	w.lastNames = table(f.LastName)
	w.companies = table(func() string { return f.LastName() + " " + f.RandomString(companyForms) })
	w.jobs = table(f.JobTitle)
	w.sentences = table(func() string { return sentenceCase(f.HipsterSentence()) })
	w.topics = table(f.Hobby)
	w.buzz = table(f.BuzzWord)
	return w
}

// Seed returns the seed of the world.
func (w *World) Seed() uint64 { return w.seed }

// kindID separates the random streams of the kinds.
type kindID uint64

const (
	occurrenceKind kindID = iota + 1
	networkKind
	personKind
	badgeKind
	spaceKind
	eventKind
	campaignKind
	textKind
	interactionKind
	conversionKind
	invitationKind
)

// draw returns the random number of an entity for one purpose: the same four always give the same number.
func (w *World) draw(kind kindID, i int64, purpose uint64) uint64 {
	return mix(mix(w.seed^uint64(kind)*0x9e3779b97f4a7c15) ^ mix(uint64(i)+0x632be59bd9b4e019*purpose))
}

// mix is the finalizer of SplitMix64: every bit of the input changes about half of the output.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// pick returns the table's word for a random number.
func pick(table []string, r uint64) string { return table[r%uint64(len(table))] }

// between returns a number from low to high, both included.
func between(r uint64, low, high int64) int64 { return low + int64(r%uint64(high-low+1)) }

func sentenceCase(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
