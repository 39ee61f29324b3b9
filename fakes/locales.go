package fakes

import (
	"embed"
	"fmt"
	"strings"
	"sync"
	"time"
)

//go:embed locales/*.txt
var localeFiles embed.FS

// A nameTable is what the people of a language, or of one country of it, are called, and where they live.
type nameTable struct {
	language    string // one of languages
	first, last []name
	places      []hometown
}

// A name is a word and how it is written in an address.
type name struct{ text, slug string }

// A hometown is a town with what it says about those who live there.
type hometown struct {
	location string // such as Gent, Belgium
	town     string // such as Gent
	locale   string // such as nl-BE
	country  string // such as BE
	zone     string // the IANA name
	phone    phone
	clock    func() *time.Location
}

// A phone is a range of numbers that no telephone has: they are set aside for films and books.
type phone struct {
	prefix string // "" where the country has set none aside
	digits int    // that follow the prefix
}

var phones = map[string]phone{
	"AU": {"+6125550", 4}, "CA": {"+161355501", 2}, "DE": {"+493023125", 3}, "FR": {"+33199000", 3},
	"GB": {"+447700900", 3}, "IE": {"+3532091", 5}, "SE": {"+468465004", 2}, "US": {"+120255501", 2},
}

// tableNames are the tables by how often they occur: English is what most communities speak among themselves, also
// those whose members live far apart.
var tableNames = [...]string{
	"en", "en", "en", "en-IN", "en-NG", "en-ZA", "nl", "fr", "de", "pl", "es", "it", "da", "sv", "fi", "no",
}

// nameTables are in the order of tableNames. They are read when the first world is made, and shared by all. The names
// of the English table are gofakeit's.
var nameTables = sync.OnceValue(func() [len(tableNames)]*nameTable {
	var out [len(tableNames)]*nameTable
	read := map[string]*nameTable{}
	for i, table := range tableNames {
		if read[table] == nil {
			source, err := localeFiles.ReadFile("locales/" + table + ".txt")
			if err != nil { // the files are embedded
				panic(err)
			}
			if read[table], err = parseNameTable(table, string(source)); err != nil {
				panic(err)
			}
			if table == "en" {
				read[table].first, read[table].last = englishTables().first, englishTables().last
			}
		}
		out[i] = read[table]
	}
	return out
})

// parseNameTable reads blocks of lines; the first line of a block says what the others are. Nothing in them needs an
// escape in JSON.
func parseNameTable(table, source string) (*nameTable, error) {
	language, _, _ := strings.Cut(table, "-")
	t := &nameTable{language: language}
	for block := range strings.SplitSeq(strings.TrimSpace(source), "\n\n") {
		lines := strings.Split(block, "\n")
		head := strings.SplitN(lines[0], " ", 4)
		switch {
		case head[0] == "first":
			t.first = parseNames(lines[1:])
		case head[0] == "last":
			t.last = parseNames(lines[1:])
		case head[0] == "place" && len(head) == 4:
			clock := sync.OnceValue(func() *time.Location { return mustZone(head[2]) })
			_, country, _ := strings.Cut(head[1], "-")
			for _, town := range lines[1:] {
				name, _, _ := strings.Cut(town, ",")
				t.places = append(t.places, hometown{town + ", " + head[3], name, head[1], country, head[2], phones[country], clock})
			}
		default:
			return nil, fmt.Errorf("locales/%s.txt: unknown block %q", table, lines[0])
		}
	}
	return t, nil
}

func parseNames(words []string) []name {
	out := make([]name, len(words))
	for i, word := range words {
		out[i] = name{word, slugOf(word)}
	}
	return out
}

// folded are the letters of the eleven languages that have no ASCII form, with what stands for them in an address.
var folded = sync.OnceValue(func() map[rune]string {
	out := map[rune]string{'ß': "ss", 'æ': "ae", 'œ': "oe", 'þ': "th"}
	for to, from := range map[string]string{
		"a": "àáâãäåāăą", "c": "çćč", "d": "ďđð", "e": "èéêëēęě", "g": "ğ", "i": "ìíîïīı", "l": "łľ", "n": "ñńň", "o": "òóôõöøō",
		"r": "řŕ", "s": "śşšș", "t": "ťțţ", "u": "ùúûüūůű", "y": "ýÿ", "z": "źżž",
	} {
		for _, r := range from {
			out[r] = to
		}
	}
	return out
})

// slugOf is a name in the letters and digits of ASCII, in lower case.
func slugOf(word string) string {
	var b []byte
	for _, r := range strings.ToLower(word) {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			b = append(b, byte(r))
		default:
			b = append(b, folded()[r]...)
		}
	}
	return string(b)
}

// table is the names that a person's come from.
func (w *World) table(i int64) *nameTable {
	return w.tables[w.draw(personKind, i, 30)%uint64(len(tableNames))]
}

// home is where a person lives.
func (w *World) home(i int64) *hometown {
	r := w.draw(personKind, i, 30)
	t := w.tables[r%uint64(len(tableNames))]
	return &t.places[r>>16%uint64(len(t.places))]
}

func (w *World) firstName(i int64) *name {
	t := w.table(i)
	return &t.first[w.draw(personKind, i, 10)%uint64(len(t.first))]
}

func (w *World) lastName(i int64) *name {
	t := w.table(i)
	return &t.last[w.draw(personKind, i, 11)%uint64(len(t.last))]
}
