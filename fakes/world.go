package fakes

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/brianvoe/gofakeit/v7"
)

// Config sizes a World. The zero value is a small town that suits most runs. Of each number at most a million is taken.
type Config struct {
	// Epoch is the time at which the world begins: residents came before it, newcomers come after it. The zero value is
	// 2025-11-07T12:00:00Z. Payloads have times at or after the epoch.
	Epoch time.Time

	Words        int // entries in each table of words (jobs, hobbies, companies …); 0 = 256, at least 2
	Residents    int // people who were there from the start, and create events and posts, invite and take part; 0 = 64
	Spaces       int // 0 = 8
	Collections  int // of spaces and courses; 0 = 4
	Badges       int // 0 = 12
	Tags         int // 0 = 16
	Plans        int // what one can buy or subscribe to; 0 = 8, at least 2
	Courses      int // 0 = 6
	CustomFields int // questions that members answer in their profiles; 0 = 8
	Leaderboards int // 0 = 4
	Campaigns    int // campaigns that interactions and conversions are about; 0 = 16
}

func (c Config) withDefaults() Config {
	orElse := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
		*v = min(*v, maxSize)
	}
	orElse(&c.Words, 256)
	orElse(&c.Residents, 64)
	orElse(&c.Spaces, 8)
	orElse(&c.Collections, 4)
	orElse(&c.Badges, 12)
	orElse(&c.Tags, 16)
	orElse(&c.Plans, 8)
	orElse(&c.Courses, 6)
	orElse(&c.CustomFields, 8)
	orElse(&c.Leaderboards, 4)
	orElse(&c.Campaigns, 16)
	c.Words, c.Plans = max(c.Words, 2), max(c.Plans, 2)
	if c.Epoch.IsZero() {
		c.Epoch = time.Date(2025, 11, 7, 12, 0, 0, 0, time.UTC)
	}
	return c
}

// maxSize is the most of a kind that a world begins with.
const maxSize = 1_000_000

// MaxN is the greatest number of a payload. Greater ones are taken for it: they would lie more than a century after the
// epoch.
const MaxN = 100_000_000

// MaxIndex is the greatest index of an entity that may be cast. Of some kinds there are several for each payload.
const MaxIndex = 10 * MaxN

// pace is the time between two newcomers.
const pace = 37*time.Second + 311*time.Millisecond

// A World is the community behind the payloads. It is made once and then only read, so several goroutines may use it.
//
// Entities have no rows: entity i of a kind is computed from (seed, kind, i), with words and English names from tables
// that gofakeit filled when the world was made, and what it has not from those under locales. So there is no limit to
// how many there are.
type World struct {
	seed   uint64
	config Config

	tables    [len(tableNames)]*nameTable // shared by all worlds
	english   *english                    // shared as well
	companies []name
	jobs      []string // JSON-escaped, without quotes, as the others
	topics    []string // hobbies as titles …
	hobbies   []string // … and within a sentence
}

// NewWorld makes the world of a seed. Every seed, 0 too, is a world of its own that is always the same.
func NewWorld(seed uint64, config Config) *World {
	w := &World{seed: seed, config: config.withDefaults(), tables: nameTables(), english: englishTables()}
	f := gofakeit.NewFaker(rand.NewPCG(seed, 0x5eed), false)
	for range w.config.Words {
		hobby := f.Hobby()
		w.jobs = append(w.jobs, escapeJSON(f.JobTitle()))
		w.topics = append(w.topics, escapeJSON(hobby))
		w.hobbies = append(w.hobbies, escapeJSON(withinSentence(hobby)))
	}
	for i := range w.config.Words {
		family := w.lastName(-1 - int64(i)) // nobody's, of all languages
		form := companyForms[w.draw(networkKind, int64(i), 10)%uint64(len(companyForms))]
		w.companies = append(w.companies, name{family.text + " " + form.text, family.slug + form.slug})
	}
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
	categoryKind
	collectionKind
	tagKind
	segmentKind
	planKind
	purchaseKind
	subscriptionKind
	rsvpKind
	postKind
	articleKind
	questionKind
	pollKind
	choiceKind
	commentKind
	fileKind
	linkKind
	reactionKind
	reportKind
	courseKind
	progressKind
	customFieldKind
	answerKind
	leaderboardKind
	rankingKind
	requestKind
	membershipKind
	lifeKind
	propertyKind
)

// sizes are how many there are at the epoch of the kinds that last. Those that come later are numbered after them.
var sizes = [...]func(c *Config) int{
	badgeKind:       func(c *Config) int { return c.Badges },
	spaceKind:       func(c *Config) int { return c.Spaces },
	categoryKind:    func(*Config) int { return len(categoryTitles) },
	collectionKind:  func(c *Config) int { return c.Collections },
	tagKind:         func(c *Config) int { return c.Tags },
	segmentKind:     func(c *Config) int { return c.CustomFields * optionsEach },
	planKind:        func(c *Config) int { return c.Plans },
	courseKind:      func(c *Config) int { return c.Courses },
	customFieldKind: func(c *Config) int { return c.CustomFields },
	leaderboardKind: func(c *Config) int { return c.Leaderboards },
	propertyKind:    nil,
}

// size is how many of a kind there are at the epoch; 0 of one of which payloads bring their own.
func (w *World) size(kind kindID) int64 {
	if sizes[kind] == nil {
		return 0
	}
	return int64(sizes[kind](&w.config))
}

// isNew tells of a kind that lasts whether one came after the epoch.
func (w *World) isNew(kind kindID, i int64) bool { return i >= w.size(kind) }

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

// withinSentence is a title as it stands within a sentence: in lower case, but for abbreviations and proper names.
func withinSentence(title string) string {
	words := strings.Split(title, " ")
	for i, word := range words {
		if !abbreviation().MatchString(word) && !slices.Contains(properNames, word) {
			words[i] = strings.ToLower(word)
		}
	}
	return strings.Join(words, " ")
}

var abbreviation = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`[A-Z]{2}|^[0-9]`)
})

var properNames = []string{"Brazilian", "Lego", "Rubik's", "Tai"}
