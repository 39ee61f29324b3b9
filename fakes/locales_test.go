package fakes

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// zonesOf are the zones of tzdata that each country of the tables has.
var zonesOf = map[string][]string{
	"US": {"America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles"},
	"CA": {"America/Toronto", "America/Vancouver", "America/Edmonton", "America/Winnipeg", "America/Halifax"},
	"AU": {"Australia/Sydney", "Australia/Melbourne", "Australia/Brisbane", "Australia/Adelaide", "Australia/Perth"},
	"MX": {"America/Mexico_City", "America/Monterrey", "America/Tijuana", "America/Cancun"},
	"GB": {"Europe/London"}, "IE": {"Europe/Dublin"}, "NZ": {"Pacific/Auckland"}, "IN": {"Asia/Kolkata"}, "NG": {"Africa/Lagos"},
	"ZA": {"Africa/Johannesburg"}, "NL": {"Europe/Amsterdam"}, "BE": {"Europe/Brussels"}, "FR": {"Europe/Paris"}, "CH": {"Europe/Zurich"},
	"LU": {"Europe/Luxembourg"}, "DE": {"Europe/Berlin"}, "AT": {"Europe/Vienna"}, "PL": {"Europe/Warsaw"}, "ES": {"Europe/Madrid"},
	"AR": {"America/Argentina/Buenos_Aires"}, "CO": {"America/Bogota"}, "IT": {"Europe/Rome"}, "DK": {"Europe/Copenhagen"},
	"SE": {"Europe/Stockholm"}, "FI": {"Europe/Helsinki"}, "NO": {"Europe/Oslo"},
}

func TestNameTables(t *testing.T) {
	t.Parallel()
	oneWord := regexp.MustCompile(`^\p{Lu}\p{L}+(['’-]\p{L}+)*$`)
	slug := regexp.MustCompile(`^[a-z]+$`)
	for i, table := range nameTables() {
		file := tableNames[i]
		require.Contains(t, languages, table.language, file)
		require.GreaterOrEqual(t, len(table.first), 90, file)
		require.GreaterOrEqual(t, len(table.last), 50, file)
		for _, n := range slices.Concat(table.first, table.last) {
			require.Regexp(t, oneWord, n.text, file)
			require.Regexp(t, slug, n.slug, "%s: %s", file, n.text)
			require.Equal(t, n.text, escapeJSON(n.text), file)
		}
		require.NotEmpty(t, table.places, file)
		for _, p := range table.places {
			language, country, ok := strings.Cut(p.locale, "-")
			require.True(t, ok, p.locale)
			require.Equal(t, strings.Replace(table.language, "no", "nb", 1), language, p.location)
			require.Equal(t, country, p.country)
			require.Contains(t, zonesOf[p.country], p.zone, p.location)
			require.Equal(t, p.zone, p.clock().String())
			require.True(t, strings.HasPrefix(p.location, p.town+", "), p.location)
			require.Equal(t, p.location, escapeJSON(p.location))
		}
	}
}

// Zones are read from the files that are embedded, not from what the machine has.
func TestZonesAreTheEmbeddedOnes(t *testing.T) {
	t.Parallel()
	january, july := time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC), time.Date(2026, 7, 15, 12, 0, 0, 0, time.UTC)
	for zone, want := range map[string][2]float64{ // hours from UTC
		"Europe/Brussels": {1, 2}, "Europe/London": {0, 1}, "Europe/Dublin": {0, 1}, "Europe/Helsinki": {2, 3}, "Asia/Kolkata": {5.5, 5.5},
		"America/New_York": {-5, -4}, "America/Phoenix": {-7, -7}, "America/Mexico_City": {-6, -6}, "America/Halifax": {-4, -3},
		"Australia/Adelaide": {10.5, 9.5}, "Pacific/Auckland": {13, 12}, "Africa/Lagos": {1, 1},
	} {
		location := mustZone(zone)
		require.Equal(t, zone, location.String())
		for i, at := range []time.Time{january, july} {
			_, offset := at.In(location).Zone()
			require.Equal(t, want[i], float64(offset)/3600, "%s at %s", zone, at)
		}
	}
	require.Panics(t, func() { mustZone("Europe/Nowhere") })
}

func TestUnknownBlocksOfNameTables(t *testing.T) {
	t.Parallel()
	_, err := parseNameTable("en", "first\nAda\n\nmiddle\nJane\n")
	require.EqualError(t, err, `locales/en.txt: unknown block "middle"`)
}

func TestSlugs(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]string{
		"Łukasz": "lukasz", "Wójcik": "wojcik", "Öberg": "oberg", "D'Angeli": "dangeli", "Ann-Marie": "annmarie", "Sæther": "saether",
		"Größ": "gross", "Østby": "ostby", "Peña": "pena", "Çelik": "celik",
	} {
		require.Equal(t, want, slugOf(word))
	}
	require.Equal(t, "whats-next-2-3", string(appendKebab(nil, "What's next? (2/3)")))
}

func TestEscapes(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "plain", "Ünïcödé ✓ 👍🏽", "a \"b\" c", `back\slash`, "line\nbreak\ttab", "\u2028\u2029", "<p>&amp;</p>", "\x00\x7f", "bad \xff byte"} {
		var again string
		require.NoError(t, json.Unmarshal([]byte(`"`+escapeJSON(s)+`"`), &again))
		require.Equal(t, strings.ToValidUTF8(s, "\uFFFD"), again)
	}
}

func TestHobbiesWithinSentences(t *testing.T) {
	t.Parallel()
	for title, want := range map[string]string{
		"Stone Skipping": "stone skipping", "BMX": "BMX", "3D Printing": "3D printing", "Brazilian Jiu-Jitsu": "Brazilian jiu-jitsu", "LARPing": "LARPing",
		"Rubik's Cube": "Rubik's cube", "": "",
	} {
		require.Equal(t, want, withinSentence(title))
	}
}

// A person's names are of one language, and the home is where it is spoken.
func TestPeopleFitTogether(t *testing.T) {
	t.Parallel()
	spoken := map[string]int{}
	for seed := range uint64(20) {
		f := worldFrame(seed, 700)
		for i := range int64(500) {
			p := view{t, f, "person", i}
			table := f.w.table(i)
			spoken[p.text("language")]++
			require.Equal(t, table.language, p.text("language"))
			first, last := p.text("firstName"), p.text("lastName")
			require.True(t, slices.ContainsFunc(table.first, func(n name) bool { return n.text == first }), first)
			require.True(t, slices.ContainsFunc(table.last, func(n name) bool { return n.text == last }), last)
			require.Equal(t, p.text("firstName")+" "+p.text("lastName"), p.text("name"))
			location, locale := p.text("location"), p.text("locale")
			at := slices.IndexFunc(table.places, func(h hometown) bool { return h.location == location && h.locale == locale })
			require.GreaterOrEqual(t, at, 0, location)
			require.Equal(t, table.places[at].zone, p.text("timeZone"))
			require.Equal(t, table.places[at].country, p.text("country"))
			require.Contains(t, p.text("bio"), table.places[at].town)
			require.True(t, strings.HasSuffix(p.text("bio"), p.text("shortBio")))
			require.True(t, strings.HasSuffix(p.text("tagline"), p.text("company")))
			require.True(t, strings.HasPrefix(p.text("email"), p.text("username")+"@example."))
			require.Equal(t, p.has("phone"), phones[p.text("country")].prefix != "")
			if p.has("phone") {
				require.Regexp(t, `^\+[1-9][0-9]{10,12}$`, p.text("phone"))
			}

			levels := []string{"", "Bronze", "Silver", "Gold"}
			require.Equal(t, levels[p.number("ambassadorLevelId")], p.text("ambassadorLevel"))
			require.Equal(t, p.text("ambassadorLevelName"), p.text("ambassadorLevel"))
			low, high := []int64{0, 1, 5, 15}[p.number("ambassadorLevelId")], []int64{0, 4, 14, 40}[p.number("ambassadorLevelId")]
			require.True(t, low <= p.number("referralCount") && p.number("referralCount") <= high)

			network := view{t, f, "network", 0}
			require.Equal(t, p.flag("isAdmin"), p.text("role") == "administrator")
			if p.flag("isAdmin") {
				require.Equal(t, network.text("adminRoleKey"), p.text("roleKey"))
				require.Equal(t, "full", p.text("memberType"))
			} else {
				require.Equal(t, network.text("memberRoleKey"), p.text("roleKey"))
			}
			categories := p.several("categoryList")
			require.NotEmpty(t, categories)
			require.Equal(t, categories[0].text("title"), p.text("categories"))
			require.Equal(t, p.text("os") == "iOS" || p.text("os") == "macOS", p.text("deviceBrand") == "Apple")
		}
	}
	for _, language := range languages {
		require.Greater(t, spoken[language], 300, language)
	}
}

func TestEmailsAreUniqueAndNobodys(t *testing.T) {
	t.Parallel()
	f := worldFrame(5, 0)
	address := regexp.MustCompile(`^[a-z]+\.[a-z]+[0-9]+@example\.(com|net|org)$`)
	seen := map[string]bool{}
	for i := range int64(20_000) {
		email := view{t, f, "person", i}.text("email")
		if !address.MatchString(email) || seen[email] {
			t.Errorf("person %d has the address %q", i, email)
		}
		seen[email] = true
	}
}

func TestPhrasesAreInEveryLanguage(t *testing.T) {
	t.Parallel()
	require.GreaterOrEqual(t, len(phrases), 10)
	for _, theme := range phrases {
		require.Len(t, theme, len(languages))
		for _, language := range languages {
			require.NotEmpty(t, theme[language].title, language)
			require.NotEmpty(t, theme[language].summary, language)
			if language != "en" {
				require.NotEqual(t, theme["en"], theme[language])
			}
		}
	}
}

// worldFrame is a frame of payload n of a world.
func worldFrame(seed, n uint64) *frame {
	w := NewWorld(seed, Config{})
	return &frame{w: w, n: n, occasion: n, at: w.At(n), event: &eventNames{plain: "PostCreated", hook: "PostCreatedHook", caps: "POST_CREATED"}}
}

// view reads one entity.
type view struct {
	t    *testing.T
	f    *frame
	kind string
	i    int64
}

func (v view) attribute(name string) attribute {
	v.t.Helper()
	a, ok := kinds()[v.kind].attributes[name]
	require.True(v.t, ok, "%s has no %s", v.kind, name)
	return a
}

func (v view) text(name string) string {
	v.t.Helper()
	return unescape(v.t, v.attribute(name).text(v.f, v.i, nil))
}

func (v view) number(name string) int64     { v.t.Helper(); return v.attribute(name).number(v.f, v.i) }
func (v view) flag(name string) bool        { v.t.Helper(); return v.attribute(name).flag(v.f, v.i) }
func (v view) moment(name string) time.Time { v.t.Helper(); return v.attribute(name).moment(v.f, v.i) }
func (v view) length(name string) int       { v.t.Helper(); return v.attribute(name).list(v.f, v.i) }

func (v view) has(name string) bool {
	v.t.Helper()
	a := v.attribute(name)
	return a.present == nil || a.present(v.f, v.i)
}

func (v view) relation(name string) relation {
	v.t.Helper()
	r, ok := kinds()[v.kind].relations[name]
	require.True(v.t, ok, "%s has no relation %s", v.kind, name)
	return r
}

func (v view) leads(name string) bool {
	v.t.Helper()
	r := v.relation(name)
	return r.present == nil || r.present(v.f, v.i)
}

func (v view) to(name string) view {
	v.t.Helper()
	r := v.relation(name)
	require.Nil(v.t, r.count, name)
	return view{v.t, v.f, r.kind, r.of(v.f, v.i)}
}

func (v view) several(name string) []view {
	v.t.Helper()
	r := v.relation(name)
	var out []view
	for j := range r.count(v.f, v.i) {
		out = append(out, view{v.t, v.f, r.kind, r.of(v.f, v.i) + int64(j)})
	}
	return out
}
