package fakes

import (
	"time"
)

// The purposes of a network's keys that other kinds use too.
const (
	guestRole  = 5
	memberRole = 6
	adminRole  = 7
)

func networks() kind {
	return kind{
		root: first,
		relations: map[string]relation{
			"owner":   {kind: "person", of: func(*frame, int64) int64 { return 0 }},
			"creator": {kind: "person", of: func(*frame, int64) int64 { return 0 }},
		},
		attributes: map[string]attribute{
			"id":              serial(networkKind, 10_000, 1),
			"key":             key(networkKind, 2, 10),
			"uuid":            uuid(networkKind, 3),
			"organizationId":  serial(networkKind, 1_000, 1),
			"organizationKey": key(networkKind, 4, 10),
			"guestRoleKey":    key(networkKind, guestRole, 10),
			"memberRoleKey":   key(networkKind, memberRole, 10),
			"adminRoleKey":    key(networkKind, adminRole, 10),
			"planKey":         key(networkKind, 14, 21), // of what the community itself pays for
			"postTypeKey":     key(networkKind, 15, 15),
			"postTemplateKey": key(networkKind, 16, 12),
			"name":            word(func(f *frame, i int64) string { return f.w.company(networkKind, i, 8).text }),
			"slug":            word(func(f *frame, i int64) string { return f.w.company(networkKind, i, 8).slug }),
			"domain": text(func(f *frame, i int64, b []byte) []byte {
				return append(append(b, f.w.company(networkKind, i, 8).slug...), ".example.com"...)
			}),
			"description": word(func(f *frame, i int64) string { return pick(networkDescriptions, f.w.draw(networkKind, i, 12)) }),
			"brandColor":  word(func(f *frame, i int64) string { return pick(brandColors, f.w.draw(networkKind, i, 13)) }),
			"locale":      word(func(*frame, int64) string { return "en-US" }),
			"memberCount": number(func(f *frame, _ int64) int64 {
				came := int64(0)
				if since := f.at.Sub(f.w.config.Epoch); since >= 0 {
					came = 1 + int64(since/pace)
				}
				return int64(f.w.config.Residents) + min(came, MaxN)
			}),
			"createdAt": moment(func(f *frame, _ int64) time.Time { return f.began() }),
			"updatedAt": moment(func(f *frame, i int64) time.Time { return f.founded(networkKind, i) }),
			// A challenge is new at each time that it is asked.
			"challenge": text(func(f *frame, i int64, b []byte) []byte {
				r := f.w.draw(networkKind, i, 9) ^ mix(uint64(f.at.UnixNano())^f.occasion)
				return appendHex(b, mix(r), mix(r+1), 40)
			}),
		},
	}
}

var (
	networkDescriptions = []string{
		"Where our customers help each other.", "For everyone who makes things with us.", "Questions, answers and the odd photo.",
		"The place to learn together.", "Meet the people behind the work.", "Courses, events and good company.",
	}
	brandColors = []string{"#1E66F5", "#2A9D8F", "#7B2CBF", "#D62828", "#F77F00", "#264653"}
)

// companyForms make a company of a family name, so that it is none that exists.
var companyForms = []name{
	{"Labs", "labs"}, {"& Sons", "sons"}, {"Works", "works"}, {"Studio", "studio"}, {"Group", "group"}, {"Books", "books"}, {"Bakery", "bakery"},
	{"Logistics", "logistics"},
}

func (w *World) company(kind kindID, i int64, purpose uint64) *name {
	return &w.companies[w.draw(kind, i, purpose)%uint64(len(w.companies))]
}
