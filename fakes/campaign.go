package fakes

import (
	"strings"
	"time"
)

// campaigns: campaign 0 to Campaigns-1 ran from the start; Campaigns+n is the one that payload n is about.
func campaigns() kind {
	return kind{
		root:  func(f *frame) int64 { return int64(f.w.config.Campaigns) + int64(f.n) },
		comes: atOnce,
		turns: map[string]since{
			"community": func(*World, uint64) time.Duration { return communityAfter },
			"landing":   func(*World, uint64) time.Duration { return landingAfter },
		},
		relations: map[string]relation{
			"author":             {kind: "person", of: func(f *frame, i int64) int64 { return f.w.resident(campaignKind, i, 1) }},
			"title":              textOf(campaignTitle),
			"summary":            textOf(campaignSummary),
			"promoteTitle":       textOf(campaignTitle),
			"promoteDescription": textOf(campaignSummary),
			"imageLocation":      textOf(campaignImage),
			"promoteImage":       textOf(campaignPromoteImage),
			"link":               textOf(campaignLink),
			"shortLink":          textOf(campaignShortLink),
		},
		attributes: map[string]attribute{
			"id": serial(campaignKind, 20_000, 1),
			"name": text(func(f *frame, i int64, b []byte) []byte {
				b = append(append(b, escapedPhrases[f.w.theme(i)]["en"].title...), " #"...)
				return appendInt(b, i+1)
			}),
			"createdAt": moment((*frame).launched),
			"preset":    word(func(f *frame, i int64) string { return presets[f.w.draw(campaignKind, i, 3)%uint64(len(presets))] }),
			"comments":  chance(campaignKind, 4, 70),
			"fistbump":  chance(campaignKind, 5, 50),
			"languages": {
				list: func(f *frame, i int64) int { return int(between(f.w.draw(campaignKind, i, 6), 1, 4)) },
				item: func(f *frame, i int64, j int, b []byte) []byte { return append(b, f.w.languageOf(i, j)...) },
			},
			"channels": {
				list: func(f *frame, i int64) int { return 1 + int(f.landing(i)) },
				item: func(_ *frame, _ int64, j int, b []byte) []byte { return append(b, channels[j]...) },
			},
			"communityEnabled":   flag(func(*frame, int64) bool { return true }),
			"landingEnabled":     flag(func(f *frame, i int64) bool { return f.landing(i) == 1 }),
			"communityPublishAt": moment(func(f *frame, i int64) time.Time { return f.launched(i).Add(communityAfter) }),
			"communityFinishAt":  moment(campaignEnd),
			"landingPublishAt":   moment(func(f *frame, i int64) time.Time { return f.launched(i).Add(landingAfter) }),
			"landingFinishAt":    moment(campaignEnd),
		},
	}
}

// A campaign is in the community within the hour, and then on its landing page.
const communityAfter, landingAfter = time.Hour, 2 * time.Hour

var (
	presets  = []string{"share-link", "write-review", "upload-photo", "answer-poll", "refer-friend"}
	channels = []string{"community", "landing"}
)

// landing is 1 for a campaign that has a landing page too, else 0: as the world has it, or as a change says.
func (f *frame) landing(i int64) uint64 {
	if v, ok := f.changes.of("campaign", i, "landingEnabled"); ok {
		if v == true {
			return 1
		}
		return 0
	}
	return f.w.draw(campaignKind, i, 7) % 2
}

// theme is which of the phrases a campaign is about.
func (w *World) theme(i int64) int {
	return int(w.draw(campaignKind, i, 2) % uint64(len(escapedPhrases)))
}

// languageOf is the j-th language of a campaign; they are distinct.
func (w *World) languageOf(i int64, j int) string {
	return languages[(w.draw(campaignKind, i, 8)+uint64(j)*3)%uint64(len(languages))]
}

func (w *World) speaks(i int64, language string) bool {
	for j := range int(between(w.draw(campaignKind, i, 6), 1, 4)) {
		if w.languageOf(i, j) == language {
			return true
		}
	}
	return false
}

// launched: the campaigns of the start some weeks before the epoch, the others one after the other from it on.
func (f *frame) launched(i int64) time.Time {
	if n := i - int64(f.w.config.Campaigns); n >= 0 {
		return f.created("campaign", i, f.made(n))
	}
	ago := between(f.w.draw(campaignKind, i, 9), 86_400*20, 86_400*60)
	return f.created("campaign", i, f.w.config.Epoch.Add(-time.Duration(ago)*time.Second))
}

// campaignEnd is 90 to 200 days after the launch.
func campaignEnd(f *frame, i int64) time.Time {
	return f.launched(i).Add(time.Duration(between(f.w.draw(campaignKind, i, 10), 90, 200)) * 24 * time.Hour)
}

// The texts of a campaign. A text entity is campaign*textCount + which.
const (
	campaignTitle = iota
	campaignSummary
	campaignImage
	campaignLink
	campaignShortLink
	campaignPromoteImage
	textCount
)

func textOf(which int64) relation {
	return relation{kind: "text", of: func(_ *frame, i int64) int64 { return i*textCount + which }}
}

// texts have one attribute for each language, absent where the campaign has not that language.
func texts() kind {
	return kind{root: first, attributes: textAttributes()}
}

func textAttributes() map[string]attribute {
	attributes := map[string]attribute{}
	for _, language := range languages {
		attributes[language] = attribute{
			present: func(f *frame, i int64) bool { return f.w.speaks(i/textCount, language) },
			text: func(f *frame, i int64, b []byte) []byte {
				campaign, which := i/textCount, i%textCount
				switch which {
				case campaignTitle:
					return append(b, escapedPhrases[f.w.theme(campaign)][language].title...)
				case campaignSummary:
					return append(b, escapedPhrases[f.w.theme(campaign)][language].summary...)
				case campaignImage, campaignPromoteImage: // the same image
					if which == campaignImage || !f.w.relative(campaign, which) {
						b = append(b, "https://cdn.example.com"...)
					}
					b = append(append(b, "/campaigns/"...), language...)
					return append(appendHex(append(b, '/'), f.w.draw(textKind, campaign, campaignImage), 0, 12), ".jpg"...)
				case campaignShortLink:
					return appendKey(append(b, "https://go.example.org/"...), f.w.draw(textKind, campaign, campaignShortLink), 7)
				default:
					if !f.w.relative(campaign, which) {
						b = append(b, "https://www.example.com"...)
					}
					b = append(append(append(b, '/'), language...), "/news/"...)
					return appendHex(b, f.w.draw(textKind, campaign, campaignLink), 0, 8)
				}
			},
		}
	}
	return attributes
}

// relative tells whether a campaign has an address on its own site without the host: every fourth does.
func (w *World) relative(campaign, which int64) bool {
	return w.draw(textKind, campaign, uint64(textCount+which))%4 == 0
}

// taking part is what interactions and conversions share: a resident does something in a running campaign.
func takingPart(kind kindID) map[string]relation {
	return map[string]relation{
		"campaign": {kind: "campaign", of: func(f *frame, i int64) int64 { return f.campaignOf(kind, i) }},
		"member":   {kind: "person", of: func(f *frame, i int64) int64 { return f.w.resident(kind, i, 2) }},
	}
}

// campaignOf is the campaign that an interaction or conversion is about: one that ran from the start, or the one that
// it was related to.
func (f *frame) campaignOf(kind kindID, i int64) int64 {
	if f.changes != nil {
		name := "interaction"
		if kind == conversionKind {
			name = "conversion"
		}
		if to, ok := f.changes.related(name, i, "campaign"); ok {
			return to
		}
	}
	return int64(f.w.draw(kind, i, 1) % uint64(f.w.config.Campaigns))
}

func presetOf(kind kindID) attribute {
	return attribute{text: func(f *frame, i int64, b []byte) []byte {
		return append(b, presets[f.w.draw(campaignKind, f.campaignOf(kind, i), 3)%uint64(len(presets))]...)
	}}
}

// address is from one of the ranges that are set aside for documentation.
func address(kind kindID, purpose uint64) attribute {
	return text(func(f *frame, i int64, b []byte) []byte {
		r := f.w.draw(kind, i, purpose)
		b = append(b, pick(documentationNets, r)...)
		return appendInt(b, between(r>>8, 1, 254))
	})
}

var documentationNets = []string{"192.0.2.", "198.51.100.", "203.0.113."}

func interactions() kind {
	return kind{
		root:      numbered,
		comes:     atOnce,
		relations: takingPart(interactionKind),
		attributes: map[string]attribute{
			"id":        serial(interactionKind, 3_000_000, 1),
			"preset":    presetOf(interactionKind),
			"createdAt": moment((*frame).made),
			"ipAddress": address(interactionKind, 4),
			"state":     word(func(f *frame, i int64) string { return interactionStates[f.w.draw(interactionKind, i, 5)%3] }),
			// Points are given when an interaction is rewarded.
			"points": number(func(f *frame, i int64) int64 {
				if f.w.draw(interactionKind, i, 5)%3 != 0 {
					return 0
				}
				return 5 * between(f.w.draw(interactionKind, i, 6), 1, 20)
			}),
			"source": word(func(f *frame, i int64) string {
				if f.landing(f.campaignOf(interactionKind, i)) == 0 {
					return channels[0]
				}
				return pick(channels, f.w.draw(interactionKind, i, 7))
			}),
			"challengeType": word(func(f *frame, i int64) string {
				preset := presets[f.w.draw(campaignKind, f.campaignOf(interactionKind, i), 3)%uint64(len(presets))]
				challenge, _, _ := strings.Cut(preset, "-")
				return challenge
			}),
		},
	}
}

var interactionStates = []string{"REWARDED", "PENDING", "REJECTED"}

func conversions() kind {
	return kind{
		root:      numbered,
		comes:     atOnce,
		relations: takingPart(conversionKind),
		attributes: map[string]attribute{
			"id":        serial(conversionKind, 4_000_000, 1),
			"preset":    presetOf(conversionKind),
			"createdAt": moment((*frame).made),
			"ipAddress": address(conversionKind, 4),
			"points":    number(func(f *frame, i int64) int64 { return 10 * between(f.w.draw(conversionKind, i, 6), 1, 20) }),
			"actionType": word(func(f *frame, i int64) string {
				return actionTypes[f.w.draw(conversionKind, i, 7)%uint64(len(actionTypes))]
			}),
			"actionTarget": text(func(f *frame, i int64, b []byte) []byte {
				return appendHex(append(b, "https://www.example.com/offers/"...), f.w.draw(conversionKind, i, 8), 0, 8)
			}),
		},
	}
}

// Names of schema.org actions.
var actionTypes = []string{"ShareAction", "ReviewAction", "RegisterAction", "SubscribeAction", "LikeAction"}
