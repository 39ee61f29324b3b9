package fakes

import (
	"fmt"
	"slices"
	"time"
)

// comments: the newcomer answers one of the latest posts. Four comment on each: the first begins a thread, and the
// others may answer it.
func comments() kind {
	permalink := posts().attributes["permalink"]
	return kind{
		root:  numbered,
		comes: commentedAfter,
		relations: map[string]relation{
			"post":   {kind: "post", of: commentedPost},
			"author": {kind: "person", of: story},
			"space":  {kind: "space", of: func(f *frame, i int64) int64 { return f.w.spaceOf(postKind, commentedPost(f, i)) }},
			"files": {
				kind: "file",
				of:   func(_ *frame, i int64) int64 { return i * maxFiles },
				count: func(f *frame, i int64) int {
					return max(0, int(f.w.draw(commentKind, i, 3)%8)-5)
				},
			},
			"link": {
				kind:    "link",
				of:      func(_ *frame, i int64) int64 { return i },
				present: func(f *frame, i int64) bool { return f.w.draw(commentKind, i, 4)%5 == 0 },
			},
		},
		attributes: map[string]attribute{
			"id":   contentID(commentID),
			"key":  key(commentKind, 5, 15),
			"text": word(func(f *frame, i int64) string { return pick(escapedComments(), f.w.draw(commentKind, i, 6)) }),
			"depth": number(func(f *frame, i int64) int64 {
				if answers(f, i) {
					return 2
				}
				return 1
			}),
			// Threads are two deep.
			"replyable": flag(func(f *frame, i int64) bool { return !answers(f, i) }),
			"replyToId": {present: answers, number: func(f *frame, i int64) int64 { return f.w.contentID(commentID, commentedPost(f, i)) }},
			"cheerCount": number(func(f *frame, i int64) int64 {
				return f.grown(f.commented(i), f.w.draw(commentKind, i, 7), 12)
			}),
			"replyCount": number(func(f *frame, i int64) int64 {
				if answers(f, i) {
					return 0
				}
				return f.grown(f.commented(i), f.w.draw(commentKind, i, 8), 3)
			}),
			"permalink": text(func(f *frame, i int64, b []byte) []byte {
				b = permalink.text(f, commentedPost(f, i), b)
				return appendInt(append(b, "#comment-"...), f.w.contentID(commentID, i))
			}),
			"createdAt": moment(func(f *frame, i int64) time.Time { return f.commented(i) }),
			"updatedAt": moment(func(f *frame, i int64) time.Time {
				if i == int64(f.n) {
					return f.at
				}
				return f.commented(i)
			}),
		},
	}
}

// commented: whoever begins a thread does so before anyone can answer.
func (f *frame) commented(i int64) time.Time {
	if i%4 == 0 {
		return f.created("comment", i, f.done(f.made(i), commentedAfter(f.w, uint64(i))))
	}
	return f.soon(commentKind, "comment", i)
}

func commentedAfter(w *World, n uint64) time.Duration {
	if n%4 == 0 {
		return delay(w.draw(commentKind, int64(n), 0x71), 20, 150)
	}
	return soonAfter(commentKind)(w, n)
}

func commentedPost(_ *frame, i int64) int64 { return i - i%4 }

func answers(f *frame, i int64) bool { return i%4 != 0 && f.w.draw(commentKind, i, 9)%2 == 0 }

// maxFiles is the most that hang on a comment; file j of comment i is entity i*maxFiles + j.
const maxFiles = 2

func files() kind {
	return kind{
		root: func(f *frame) int64 { return int64(f.n) * maxFiles },
		attributes: map[string]attribute{
			"id": number(func(f *frame, i int64) int64 { return f.w.contentID(fileID+i%maxFiles, i/maxFiles) }),
			"type": word(func(f *frame, i int64) string {
				if f.w.draw(fileKind, i, 1)%4 == 0 {
					return "StaticAsset"
				}
				return "Asset"
			}),
			"name": word(func(f *frame, i int64) string { return pick(fileNames, f.w.draw(fileKind, i, 2)) }),
			"url": text(func(f *frame, i int64, b []byte) []byte {
				b = appendHex(append(b, "https://cdn.example.com/files/"...), f.w.draw(fileKind, i, 3), 0, 12)
				return append(append(b, '/'), pick(fileNames, f.w.draw(fileKind, i, 2))...)
			}),
		},
	}
}

var fileNames = []string{
	"notes.pdf", "slides.pdf", "screenshot.png", "sketch.png", "photo.jpg", "workshop.jpg", "checklist.docx", "budget.xlsx", "recording.mp3", "template.zip",
}

func links() kind {
	return kind{
		root: numbered,
		attributes: map[string]attribute{
			"id":          contentID(linkID),
			"title":       word(func(f *frame, i int64) string { return linkOf(f, i).title }),
			"description": word(func(f *frame, i int64) string { return linkOf(f, i).description }),
			"url": text(func(f *frame, i int64, b []byte) []byte {
				return appendKebab(append(b, "https://blog.example.org/"...), linkOf(f, i).title)
			}),
			"faviconUrl": word(func(*frame, int64) string { return "https://blog.example.org/favicon.ico" }),
		},
	}
}

func linkOf(f *frame, i int64) *label {
	return &linkTable[f.w.draw(linkKind, i, 1)%uint64(len(linkTable))]
}

var linkTable = []label{
	{"A Short Guide to Better Meetings", "Five habits, none of them new, all of them rare.", ""},
	{"How We Chose Our Tools", "What we tried, what we kept, and why.", ""},
	{"Notes on Learning in Public", "Showing unfinished work is a skill.", ""},
	{"The Case for Smaller Groups", "Why eight people talk and eighty listen.", ""},
	{"Writing Questions That Get Answers", "Say what you tried first.", ""},
	{"Ten Years of a Book Club", "One rule, and it is about cake.", ""},
}

// reactions: the newcomer reacts to one of the latest posts, or to the first comment on it.
func reactions() kind {
	return kind{
		root:  numbered,
		comes: soonAfter(reactionKind),
		turns: map[string]since{"added": nil},
		relations: map[string]relation{
			"member": {kind: "person", of: story},
			"post":   {kind: "post", of: commentedPost},
			"space":  {kind: "space", of: func(f *frame, i int64) int64 { return f.w.spaceOf(postKind, commentedPost(f, i)) }},
		},
		attributes: map[string]attribute{
			"id":  contentID(reactionID),
			"key": key(reactionKind, 4, 21),
			"targetType": word(func(f *frame, i int64) string {
				if toComment(f, i) {
					return "Comment"
				}
				return "Post"
			}),
			"targetId": number(func(f *frame, i int64) int64 {
				if toComment(f, i) {
					return f.w.contentID(commentID, commentedPost(f, i))
				}
				return f.w.contentID(postID, commentedPost(f, i))
			}),
			"emoji":     word(func(f *frame, i int64) string { return emojiOf(f, i).shown }),
			"baseEmoji": word(func(f *frame, i int64) string { return emojiOf(f, i).base }),
			"name":      word(func(f *frame, i int64) string { return emojiOf(f, i).name }),
			"createdAt": moment(func(f *frame, i int64) time.Time { return f.soon(reactionKind, "reaction", i) }),
			"updatedAt": moment(func(f *frame, i int64) time.Time { return f.soon(reactionKind, "reaction", i) }),
		},
	}
}

// toComment is false for the author of the first comment: nobody reacts to what is their own.
func toComment(f *frame, i int64) bool { return i%4 != 0 && f.w.draw(reactionKind, i, 2)%3 == 0 }

// emoji is a reaction with a skin tone, if it has one, and without.
type emoji struct{ shown, base, name string }

var emojiTable = []emoji{
	{"👍", "👍", "like"}, {"❤️", "❤️", "love"}, {"🎉", "🎉", "celebrate"}, {"😂", "😂", "laugh"}, {"👏", "👏", "applaud"},
	{"🙏", "🙏", "thanks"}, {"💡", "💡", "insightful"}, {"👍🏽", "👍", "like"}, {"👏🏿", "👏", "applaud"}, {"🙏🏻", "🙏", "thanks"},
}

func emojiOf(f *frame, i int64) *emoji {
	return &emojiTable[f.w.draw(reactionKind, i, 3)%uint64(len(emojiTable))]
}

// reports: the newcomer reports a post, a comment on it, or what its author wrote to them.
func reports() kind {
	return kind{
		root:  numbered,
		comes: soonAfter(reportKind),
		relations: map[string]relation{
			"reporter": {kind: "person", of: story},
			"post":     {kind: "post", of: commentedPost},
			"space":    {kind: "space", of: func(f *frame, i int64) int64 { return f.w.spaceOf(postKind, commentedPost(f, i)) }},
			// author wrote what is reported.
			"author": {kind: "person", of: func(f *frame, i int64) int64 {
				if pick(targetTypes, f.reported(i)) == "Comment" {
					return story(f, commentedPost(f, i))
				}
				return f.w.resident(postKind, commentedPost(f, i), 1)
			}},
		},
		attributes: map[string]attribute{
			"id":         contentID(reportID),
			"key":        key(reportKind, 4, 21),
			"targetType": word(func(f *frame, i int64) string { return pick(targetTypes, f.reported(i)) }),
			"targetId": number(func(f *frame, i int64) int64 {
				which := [...]int64{postID, commentID, chatID}[f.reported(i)]
				return f.w.contentID(which, commentedPost(f, i))
			}),
			"category": word(func(f *frame, i int64) string { return complaintOf(f, i).category }),
			"reason": word(func(f *frame, i int64) string {
				return pick(complaintOf(f, i).reasons, f.w.draw(reportKind, i, 3))
			}),
			"createdAt": moment(func(f *frame, i int64) time.Time { return f.soon(reportKind, "report", i) }),
			"updatedAt": moment(now),
		},
	}
}

var targetTypes = []string{"Post", "Comment", "Chat"}

// reported is which of targetTypes: nobody reports a comment that is their own.
func (f *frame) reported(i int64) uint64 {
	if v, ok := f.changes.of("report", i, "targetType"); ok {
		return uint64(max(0, slices.Index(targetTypes, fmt.Sprint(v))))
	}
	if r := f.w.draw(reportKind, i, 1) % 3; r != 1 || i%4 != 0 {
		return r
	}
	return 0
}

func complaintOf(f *frame, i int64) *complaint {
	return &complaints[f.w.draw(reportKind, i, 2)%uint64(len(complaints))]
}

type complaint struct {
	category string
	reasons  []string
}
