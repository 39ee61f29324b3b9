package fakes

import (
	"strings"
	"sync"
	"time"
)

// A writing is a post as somebody typed it, and as it stands in JSON: the paragraphs as text and as HTML, and the first
// sentence by itself.
type writing struct {
	title, plain, html, summary string
	titleValue, htmlValue       string // JSON texts inside JSON texts, as some platforms send them
}

// written prepares a bank of titles and texts. Paragraphs are separated by an empty line.
func written(bank [][2]string) []writing {
	out := make([]writing, len(bank))
	for i, w := range bank {
		paragraphs := strings.Split(w[1], "\n\n")
		summary, _, _ := strings.Cut(paragraphs[0], ". ")
		if !strings.ContainsAny(summary[len(summary)-1:], ".?!") {
			summary += "."
		}
		html := "<p>" + strings.Join(paragraphs, "</p><p>") + "</p>"
		out[i] = writing{
			title:      escapeJSON(w[0]),
			plain:      escapeJSON(w[1]),
			html:       escapeJSON(html),
			summary:    escapeJSON(summary),
			titleValue: escapeJSON(`"` + escapeJSON(w[0]) + `"`),
			htmlValue:  escapeJSON(`"` + escapeJSON(html) + `"`),
		}
	}
	return out
}

// The three kinds of posts differ in what they are called and what is in them.
func posts() kind {
	return withFields(postsOf(postKind, postID, "post", "posts", writtenPosts()))
}

func articles() kind {
	return postsOf(articleKind, articleID, "article", "articles", written(articleBank))
}

func questions() kind {
	return postsOf(questionKind, questionID, "question", "questions", written(questionBank))
}

var writtenPosts = sync.OnceValue(func() []writing {
	return written(postBank)
})

// withFields adds the relations to the parts of a post, for platforms that send it as a list of fields.
func withFields(k kind) kind {
	k.relations["mappings"] = relation{kind: "postField", of: firstField, count: func(*frame, int64) int { return postFieldsEach }}
	k.relations["fields"] = relation{kind: "postField", of: firstField, count: func(*frame, int64) int { return 2 }}
	return k
}

func firstField(_ *frame, i int64) int64 { return i * postFieldsEach }

// postFieldsEach is how many parts a post has; part j of post i is entity i*postFieldsEach + j.
const postFieldsEach = 3

func postFields() kind {
	return kind{
		root: func(f *frame) int64 { return int64(f.n) * postFieldsEach },
		attributes: map[string]attribute{
			"key":       word(func(_ *frame, i int64) string { return postParts[i%postFieldsEach].key }),
			"type":      word(func(_ *frame, i int64) string { return postParts[i%postFieldsEach].kind }),
			"name":      word(func(_ *frame, i int64) string { return postParts[i%postFieldsEach].name }),
			"fieldType": word(func(_ *frame, i int64) string { return postParts[i%postFieldsEach].fieldType }),
			"value": word(func(f *frame, i int64) string {
				post := &writtenPosts()[f.w.draw(postKind, i/postFieldsEach, 3)%uint64(len(writtenPosts()))]
				switch i % postFieldsEach {
				case 0:
					return post.titleValue
				case 1:
					return post.htmlValue
				}
				return "null"
			}),
		},
	}
}

var postParts = [postFieldsEach]struct{ key, kind, name, fieldType string }{
	{"title", "text", "Title", "text"}, {"content", "html", "Content", "richText"}, {"previewImageId", "image", "Preview image", "image"},
}

// Post n is written at the time of payload n, by a resident, in a space.
func postsOf(sort kindID, which int64, postType, folder string, bank []writing) kind {
	of := func(f *frame, i int64) *writing { return &bank[f.w.draw(sort, i, 3)%uint64(len(bank))] }
	link := "https://community.example.com/" + folder + "/"
	cdn := "https://cdn.example.com/" + folder + "/"
	return kind{
		root:      numbered,
		comes:     atOnce,
		relations: published(sort),
		attributes: map[string]attribute{
			"id":          contentID(which),
			"key":         key(sort, 4, 15),
			"postType":    word(func(*frame, int64) string { return postType }),
			"title":       word(func(f *frame, i int64) string { return of(f, i).title }),
			"summary":     word(func(f *frame, i int64) string { return of(f, i).summary }),
			"description": word(func(f *frame, i int64) string { return of(f, i).html }),
			"text":        word(func(f *frame, i int64) string { return of(f, i).plain }),
			"status":      word(func(*frame, int64) string { return "posted" }),
			"contentType": word(func(f *frame, i int64) string { return pick(contentTypes, f.w.draw(sort, i, 5)) }),
			// A post with pictures is one of type image.
			"images": pictures(sort, 0x20, cdn, func(f *frame, i int64) int {
				if pick(contentTypes, f.w.draw(sort, i, 5)) != "image" {
					return 0
				}
				return int(between(f.w.draw(sort, i, 6), 1, 3))
			}),
			"commentsEnabled": chance(sort, 7, 92),
			"slug": text(func(f *frame, i int64, b []byte) []byte {
				return f.appendPostSlug(sort, i, of(f, i).title, b)
			}),
			"permalink": text(func(f *frame, i int64, b []byte) []byte {
				return f.appendPostSlug(sort, i, of(f, i).title, append(b, link...))
			}),
			"repliesCount": number(func(f *frame, i int64) int64 {
				return f.grown(f.created(postType, i, f.made(i)), f.w.draw(sort, i, 8), 40)
			}),
			"createdAt":      moment((*frame).made),
			"publishedAt":    moment(func(f *frame, i int64) time.Time { return f.created(postType, i, f.made(i)) }),
			"updatedAt":      moment(func(f *frame, i int64) time.Time { return f.touched(sort, postType, i) }),
			"lastActivityAt": moment(now),
		},
	}
}

var contentTypes = []string{"text", "text", "text", "link", "image"}

// published are the relations of all that a resident makes in a space.
func published(kind kindID) map[string]relation {
	return map[string]relation{
		"creator": {kind: "person", of: func(f *frame, i int64) int64 { return f.w.resident(kind, i, 1) }},
		"space":   {kind: "space", of: func(f *frame, i int64) int64 { return f.w.spaceOf(kind, i) }},
	}
}

func (w *World) spaceOf(kind kindID, i int64) int64 {
	return int64(w.draw(kind, i, 2) % uint64(w.config.Spaces))
}

// appendPostSlug ends in something of its own: two posts may have the same title.
func (f *frame) appendPostSlug(kind kindID, i int64, title string, b []byte) []byte {
	return appendHex(append(appendKebab(b, title), '-'), f.w.draw(kind, i, 9), 0, 10)
}

// A survey is a poll as somebody asked it.
type survey struct {
	title   string
	choices []string
}

// escapedSurveys are the polls as they stand in JSON.
var escapedSurveys = sync.OnceValue(func() []survey {
	out := make([]survey, len(pollBank))
	for i, s := range pollBank {
		out[i].title = escapeJSON(s.title)
		for _, c := range s.choices {
			out[i].choices = append(out[i].choices, escapeJSON(c))
		}
	}
	return out
})

// maxChoices is the most that a poll has; choice j of poll i is entity i*maxChoices + j.
const maxChoices = 5

func surveyOf(f *frame, i int64) *survey {
	return &escapedSurveys()[f.w.draw(pollKind, i, 3)%uint64(len(escapedSurveys()))]
}

// polls are of two to five choices.
func polls() kind {
	return kind{
		root:      numbered,
		comes:     atOnce,
		relations: pollRelations(),
		attributes: map[string]attribute{
			"id":    contentID(pollID),
			"key":   key(pollKind, 4, 15),
			"title": word(func(f *frame, i int64) string { return surveyOf(f, i).title }),
			"images": pictures(pollKind, 0x20, "https://cdn.example.com/polls/", func(f *frame, i int64) int {
				return int(f.w.draw(pollKind, i, 6) % 2)
			}),
			"permalink": text(func(f *frame, i int64, b []byte) []byte {
				return f.appendPostSlug(pollKind, i, surveyOf(f, i).title, append(b, "https://community.example.com/polls/"...))
			}),
			"createdAt": moment((*frame).made),
			"updatedAt": moment(func(f *frame, i int64) time.Time { return f.touched(pollKind, "poll", i) }),
		},
	}
}

func pollRelations() map[string]relation {
	out := published(pollKind)
	out["choices"] = relation{
		kind:  "choice",
		of:    func(_ *frame, i int64) int64 { return i * maxChoices },
		count: func(f *frame, i int64) int { return len(surveyOf(f, i).choices) },
	}
	for j, name := range []string{"choice1", "choice2", "choice3", "choice4", "choice5"} {
		r := relation{kind: "choice", of: func(_ *frame, i int64) int64 { return i*maxChoices + int64(j) }}
		if j >= 2 {
			r.present = func(f *frame, i int64) bool { return j < len(surveyOf(f, i).choices) }
		}
		out[name] = r
	}
	return out
}

func choices() kind {
	return kind{
		root: func(f *frame) int64 { return int64(f.n) * maxChoices },
		attributes: map[string]attribute{
			"id": key(choiceKind, 1, 12),
			"text": word(func(f *frame, i int64) string {
				choices := surveyOf(f, i/maxChoices).choices
				return choices[i%maxChoices%int64(len(choices))]
			}),
		},
	}
}
