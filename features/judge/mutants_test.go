package judge_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/judge"
	"github.com/quintain-dev/quintain/features/judge/reference"
)

// A mutant is a receiver that is wrong on purpose, and exactly the rules that must find it out.
type mutant struct {
	rule     string
	platform string
	wrong    string // what is wrong with it
	receiver func(p *contract.Platform) http.Handler
	drags    []string // the rules that it necessarily breaks as well
	because  string   // why it does
	change   func(*judge.Receiver)
}

// refuses is a receiver that answers 400 to what a condition finds.
func refuses(found func(raw []byte) bool) func(p *contract.Platform) http.Handler {
	return func(p *contract.Platform) http.Handler {
		return wrong(p, func(w http.ResponseWriter, _ *http.Request, raw []byte) bool {
			return found(raw) && refuse(w, http.StatusBadRequest)
		})
	}
}

// mutants has at least one wrong receiver for each rule.
var mutants = []mutant{
	{rule: "ACK-1 must", platform: "mighty", wrong: "takes the ids of the documentation for placeholders",
		receiver: refuses(func(raw []byte) bool { return at(raw, "/payload/id") == "1234" })},
	{rule: "ACK-1 should", platform: "tribe", wrong: "refuses the inferred member.deleted as it is printed",
		receiver: refuses(func(raw []byte) bool {
			return at(raw, "/data/name") == "member.deleted" && at(raw, "/networkId") == "CAxOmI7I7t"
		})},
	{rule: "ACK-2 must", platform: "tribe", wrong: "knows the network of the documentation only",
		receiver: refuses(func(raw []byte) bool { return at(raw, "/networkId") != "CAxOmI7I7t" }),
		drags:    []string{"ACK-2 should", "ACK-3 should", "HSK-1 must"}, because: "they have networks of their own too"},
	{rule: "ACK-3 should", platform: "mighty", wrong: "wants optional fields",
		receiver: refuses(func(raw []byte) bool {
			return at(raw, "/payload/member/id") != "" && at(raw, "/payload/member/first_name") == ""
		})},
	{rule: "ACK-4 must", platform: "ambassify", wrong: "does not know that people are administrators",
		receiver: refuses(func(raw []byte) bool {
			return at(raw, "/event/resource") == "person" && at(raw, "/person/role") == "administrator"
		})},
	{rule: "ACK-4 must", platform: "tribe", wrong: "cannot read a null invitationLinkId, which the page prints",
		receiver: refuses(func(raw []byte) bool {
			return at(raw, "/data/name") == "member.updated" && bytes.Contains(raw, []byte(`"invitationLinkId":null`)) && at(raw, "/networkId") != "CAxOmI7I7t"
		})},
	{rule: "ACK-4 should", platform: "tribe", wrong: "cannot read a null tagline, which the page does not print",
		receiver: refuses(func(raw []byte) bool {
			return at(raw, "/data/name") == "member.updated" && bytes.Contains(raw, []byte(`"tagline":null`))
		})},
	{rule: "ACK-4 should", platform: "tribe", wrong: "has never heard of blocked members",
		receiver: refuses(func(raw []byte) bool { return at(raw, "/data/object/status") == "BLOCKED" })},
	{rule: "ACK-6 must", platform: "mighty", wrong: "answers 202 to EventCreated",
		receiver: func(p *contract.Platform) http.Handler {
			return wrong(p, func(w http.ResponseWriter, _ *http.Request, raw []byte) bool {
				return at(raw, "/payload/event_type") != "" && refuse(w, http.StatusAccepted)
			})
		},
		drags: []string{"ACK-1 must", "ACK-2 must", "ACK-3 should"}, because: "acknowledged means exactly 200 here"},
	{rule: "ACK-7 should", platform: "tribe", wrong: "answers 409 to the second event about a member", receiver: refusesSecond,
		change: func(r *judge.Receiver) { r.Events = nil }}, // a story needs all of its own
	{rule: "ENC-1 must", platform: "ambassify", wrong: "reads JSON only",
		receiver: func(p *contract.Platform) http.Handler {
			return wrong(p, func(w http.ResponseWriter, r *http.Request, _ []byte) bool {
				return strings.Contains(r.Header.Get("Content-Type"), "form") && refuse(w, http.StatusUnsupportedMediaType)
			})
		},
		drags: []string{"ENC-1 should"}, because: "it does so for every event, also for the inferred ones"},
	{rule: "ENC-1 must", platform: "ambassify", wrong: "reads forms with dots, and declares brackets",
		receiver: func(p *contract.Platform) http.Handler {
			return wrong(p, func(w http.ResponseWriter, r *http.Request, raw []byte) bool {
				return strings.Contains(r.Header.Get("Content-Type"), "form") && bytes.Contains(raw, []byte("%5B")) && refuse(w, http.StatusBadRequest)
			})
		},
		change: func(r *judge.Receiver) { r.FormStyle = contract.Brackets },
		drags:  []string{"ENC-1 should"}, because: "it does so for every event, also for the inferred ones"},
	{rule: "TXT-1 must", platform: "tribe", wrong: "stores text as UTF-8 of three bytes at most",
		receiver: refuses(func(raw []byte) bool {
			return strings.IndexFunc(string(raw), func(r rune) bool { return r > 0xffff }) >= 0
		}),
		drags: []string{"TXT-1 should"}, because: "it does so for every event, also for the inferred ones"},
	{rule: "TXT-1 must", platform: "mighty", wrong: "has a column of 255 characters for the title of a badge",
		receiver: refuses(func(raw []byte) bool { return len(at(raw, "/payload/badge/title")) > 255 })},
	{rule: "FWD-1 must", platform: "mighty", wrong: "reads strictly, in the member only", receiver: refuses(strictMember)},
	{rule: "FWD-1 should", platform: "tribe", wrong: "reads strictly, at the top only",
		receiver: refuses(func(raw []byte) bool { return at(raw, "/quintain_new_field") != "" })},
	{rule: "DUP-1 must", platform: "tryno", wrong: "answers 409 to what it has seen", receiver: refusesFrom(2),
		drags:   []string{"DUP-1 should", "DUP-2 must", "DUP-2 should", "RTY-1 must"},
		because: "each is a delivery that was seen, and it does so for inferred events too"},
	{rule: "DUP-2 must", platform: "tribe", wrong: "answers 500 while the same event is being processed", receiver: locks,
		drags: []string{"DUP-2 should"}, because: "it does so for every event, also for the inferred ones",
		change: func(r *judge.Receiver) {
			r.Concurrency, r.Seeds, r.Events = 64, 2, []string{"member.created", "member.deleted"}
			// one at a time, and each waits
			r.Skip = []string{"SIG-1", "SIG-2", "SIG-3", "SIG-4", "SIG-5", "SIG-6", "BAD-1", "BAD-2"}
		}},
	{rule: "RTY-1 must", platform: "mighty", wrong: "gives up after the third retry of an event", receiver: refusesFrom(5),
		drags: []string{"DUP-2 must"}, because: "ten at once are more than four, too"},
	{rule: "SIG-1 must", platform: "tribe", wrong: "checks the signature only if there is one",
		receiver: func(p *contract.Platform) http.Handler {
			return wrong(p, func(_ http.ResponseWriter, r *http.Request, raw []byte) bool {
				if len(r.Header.Values("X-Tribe-Signature")) == 0 {
					resign(r, p, raw)
				}
				return false
			})
		},
		drags: []string{"HSK-2 must"}, because: "a TEST message without a signature is let in as well"},
	{rule: "SIG-1 must", platform: "mighty", wrong: "checks the key only if there is one",
		receiver: func(p *contract.Platform) http.Handler {
			return wrong(p, func(_ http.ResponseWriter, r *http.Request, raw []byte) bool {
				if r.Header.Get("Authorization") == "" {
					resign(r, p, raw)
				}
				return false
			})
		},
		drags: []string{"SIG-8 must"}, because: "SIG-8 wants a missing key to be refused as well"},
	{rule: "SIG-2 must", platform: "tribe", wrong: "signs the JSON that it has read, not the bytes that came",
		receiver: func(p *contract.Platform) http.Handler {
			return wrong(p, func(_ http.ResponseWriter, r *http.Request, raw []byte) bool {
				var compact bytes.Buffer
				if json.Compact(&compact, raw) == nil && sum(secret, r.Header.Get("X-Tribe-Request-Timestamp")+":"+compact.String()) == r.Header.Get("X-Tribe-Signature") {
					resign(r, p, raw)
				}
				return false
			})
		}},
	{rule: "SIG-3 must", platform: "tryno", wrong: "takes a signature made with an empty secret",
		receiver: func(p *contract.Platform) http.Handler {
			return wrong(p, func(_ http.ResponseWriter, r *http.Request, raw []byte) bool {
				if r.Header.Get("X-Tryno-Signature") == sum("", string(raw)) {
					resign(r, p, raw)
				}
				return false
			})
		}},
	{rule: "SIG-4 must", platform: "tribe", wrong: "throws at a signature of another length",
		receiver: func(p *contract.Platform) http.Handler {
			return wrong(p, func(w http.ResponseWriter, r *http.Request, _ []byte) bool {
				given := r.Header.Get("X-Tribe-Signature")
				return given != "" && len(given) != 64 && refuse(w, http.StatusInternalServerError)
			})
		}},
	{rule: "SIG-4 must", platform: "tryno", wrong: "dies of a signature of another length",
		receiver: func(p *contract.Platform) http.Handler {
			return wrong(p, func(_ http.ResponseWriter, r *http.Request, _ []byte) bool {
				if len(r.Header.Get("X-Tryno-Signature")) == 40 { // as SHA-1 has
					panic(http.ErrAbortHandler)
				}
				return false
			})
		}},
	{rule: "SIG-4 must", platform: "tryno", wrong: "compares as many characters as it was given",
		receiver: func(p *contract.Platform) http.Handler {
			return wrong(p, func(_ http.ResponseWriter, r *http.Request, raw []byte) bool {
				given := r.Header.Get("X-Tryno-Signature")
				if given != "" && strings.HasPrefix(sum(secret, string(raw)), given) {
					resign(r, p, raw)
				}
				return false
			})
		}},
	{rule: "SIG-5 should", platform: "tribe", wrong: "does not look at the age of a delivery",
		receiver: func(p *contract.Platform) http.Handler {
			return reference.New(p, secret, reference.WithClock(func() time.Time { return time.Unix(0, 0) }))
		}},
	{rule: "SIG-6 must", platform: "tribe", wrong: "forgives a clock that is a second off, in the signature",
		receiver: func(p *contract.Platform) http.Handler {
			return wrong(p, func(_ http.ResponseWriter, r *http.Request, raw []byte) bool {
				if stamp := r.Header.Get("X-Tribe-Request-Timestamp"); earlier(stamp) != "" && sum(secret, earlier(stamp)+":"+string(raw)) == r.Header.Get("X-Tribe-Signature") {
					resign(r, p, raw)
				}
				return false
			})
		}},
	{rule: "SIG-8 should", platform: "mighty", wrong: "compares the word Bearer letter by letter",
		receiver: func(p *contract.Platform) http.Handler {
			return wrong(p, func(w http.ResponseWriter, r *http.Request, _ []byte) bool {
				return !strings.HasPrefix(r.Header.Get("Authorization"), "Bearer ") && refuse(w, http.StatusUnauthorized)
			})
		}},
	{rule: "SIG-8 must", platform: "mighty", wrong: "looks for the key anywhere in the header",
		receiver: func(p *contract.Platform) http.Handler {
			return wrong(p, func(_ http.ResponseWriter, r *http.Request, raw []byte) bool {
				if strings.HasSuffix(r.Header.Get("Authorization"), secret) {
					resign(r, p, raw)
				}
				return false
			})
		},
		drags: []string{"SIG-8 should"}, because: "what stands before the key does not matter to it, the scheme Basic included"},
	{rule: "HSK-1 must", platform: "tribe", wrong: "sends the bare challenge back",
		receiver: func(p *contract.Platform) http.Handler {
			return wrong(p, func(w http.ResponseWriter, _ *http.Request, raw []byte) bool {
				if at(raw, "/type") != "TEST" {
					return false
				}
				w.Write([]byte(at(raw, "/data/challenge")))
				return true
			})
		}},
	{rule: "HSK-2 must", platform: "tribe", wrong: "answers a challenge before it checks the signature",
		receiver: func(p *contract.Platform) http.Handler {
			return wrong(p, func(_ http.ResponseWriter, r *http.Request, raw []byte) bool {
				if at(raw, "/type") == "TEST" {
					resign(r, p, raw)
				}
				return false
			})
		}},
	{rule: "HSK-3 must", platform: "tryno", wrong: "does not know test.ping",
		receiver: refuses(func(raw []byte) bool { return at(raw, "/event") == "test.ping" }),
		drags:    []string{"ACK-1 should", "ACK-2 should", "ACK-3 should"}, because: "test.ping is in the catalogue, with an inferred body"},
	{rule: "BAD-1 must", platform: "ambassify", wrong: "breaks at a body that ends too early",
		receiver: func(p *contract.Platform) http.Handler {
			return wrong(p, func(w http.ResponseWriter, _ *http.Request, raw []byte) bool {
				return len(raw) > 0 && raw[0] == '{' && raw[len(raw)-1] != '}' && refuse(w, http.StatusInternalServerError)
			})
		}},
	{rule: "BAD-1 should", platform: "tryno", wrong: "acknowledges before it reads",
		receiver: func(p *contract.Platform) http.Handler {
			return wrong(p, func(w http.ResponseWriter, r *http.Request, raw []byte) bool {
				return !json.Valid(raw) && sum(secret, string(raw)) == r.Header.Get("X-Tryno-Signature") && succeed(w)
			})
		},
	},
	{rule: "BAD-2 must", platform: "mighty", wrong: "takes whatever it reads for an object",
		receiver: func(p *contract.Platform) http.Handler {
			return wrong(p, func(w http.ResponseWriter, _ *http.Request, raw []byte) bool {
				return (string(raw) == "null" || string(raw) == "[]") && refuse(w, http.StatusInternalServerError)
			})
		}},
	{rule: "LIVE-1 must", platform: "tribe", wrong: "refuses the delivery that comes after rubbish",
		receiver: func(p *contract.Platform) http.Handler {
			var mu sync.Mutex
			poisoned := false
			return wrong(p, func(w http.ResponseWriter, _ *http.Request, raw []byte) bool {
				mu.Lock()
				defer mu.Unlock()
				was := poisoned
				poisoned = !json.Valid(raw)
				return was && !poisoned && refuse(w, http.StatusServiceUnavailable)
			})
		}},
}

// strictMember finds a field in a member that is not documented.
func strictMember(raw []byte) bool { return at(raw, "/payload/member/quintain_new_field") != "" }

// refusesFrom is a receiver that answers 409 from the n-th time on that it sees a delivery.
func refusesFrom(n int) func(p *contract.Platform) http.Handler {
	return func(p *contract.Platform) http.Handler {
		seen := newIDs()
		return wrong(p, func(w http.ResponseWriter, _ *http.Request, raw []byte) bool {
			return json.Valid(raw) && idOf(p, raw) != "" && seen.add(p, raw) >= n && refuse(w, http.StatusConflict)
		})
	}
}

// refusesSecond refuses a second event about a member whom it knows from another one.
func refusesSecond(p *contract.Platform) http.Handler {
	var mu sync.Mutex
	met := map[string]string{} // member to event
	return wrong(p, func(w http.ResponseWriter, _ *http.Request, raw []byte) bool {
		member, event := at(raw, "/data/object/id"), at(raw, "/data/id")
		// the documented examples are all about one
		if at(raw, "/data/noun") != "MEMBER" || at(raw, "/networkId") == "CAxOmI7I7t" {
			return false
		}
		mu.Lock()
		defer mu.Unlock()
		if met[member] == "" {
			met[member] = event
		}
		return met[member] != event && refuse(w, http.StatusConflict)
	})
}

// locks is a receiver that holds a lock on an event while it processes it, and fails who asks meanwhile. It waits for a
// while for somebody to ask.
func locks(p *contract.Platform) http.Handler {
	var mu sync.Mutex
	waiting := map[string]chan struct{}{}
	return wrong(p, func(w http.ResponseWriter, _ *http.Request, raw []byte) bool {
		id := idOf(p, raw)
		if id == "" {
			return false
		}
		mu.Lock()
		if asked, locked := waiting[id]; locked {
			mu.Unlock()
			select {
			case asked <- struct{}{}:
			default:
			}
			return refuse(w, http.StatusInternalServerError)
		}
		asked := make(chan struct{}, 1)
		waiting[id] = asked
		mu.Unlock()
		select {
		case <-asked:
		case <-time.After(50 * time.Millisecond):
		}
		mu.Lock()
		delete(waiting, id)
		mu.Unlock()
		return false
	})
}

// earlier returns a timestamp that is a second earlier.
func earlier(stamp string) string {
	if len(stamp) != 13 {
		return ""
	}
	ms := json.Number(stamp)
	n, err := ms.Int64()
	if err != nil {
		return ""
	}
	return json.Number(itoa(n - 1000)).String()
}

// enough are events of each shape, and an inferred one, of the platforms that have many.
var enough = map[string][]string{
	"ambassify": {"campaign.created", "campaign.published_landing", "interaction.changed", "conversion.removed", "person.created"},
	"mighty":    {"MemberBadgeAdded", "EventCreated", "MemberPurchased", "RsvpDeleted", "ReactionCreated"},
	"tribe":     {"member.created", "member.updated", "member.deleted", "member_invitation.accepted"},
	"tryno":     {"member.joined", "post.created", "payment.refunded", "test.ping"},
}

// failures lists the rules that a report has as failed, with their levels.
func failures(r *judge.Report) []string {
	out := []string{}
	for _, rule := range r.Rules {
		if rule.Verdict == judge.Fail {
			out = append(out, rule.ID+" "+string(rule.Level))
		}
	}
	slices.Sort(out)
	return out
}

// TestEveryRuleHasAMutant: each wrong receiver is found out by its rule, and by no other than those that it drags
// along.
func TestEveryRuleHasAMutant(t *testing.T) {
	t.Parallel()
	killed := map[string]bool{"SIG-9": true} // which is for Standard Webhooks: TestStandardWebhooks
	all := slices.Concat(mutants, forgedMutants(), formMutants)
	for _, mutant := range all {
		killed[strings.Fields(mutant.rule)[0]] = true
	}
	slices.SortStableFunc(all, func(a, b mutant) int { // a platform with few events takes less time
		return cmp.Compare(len(load(t, a.platform).Events()), len(load(t, b.platform).Events()))
	})
	for _, mutant := range oneOfEach(all, func(m mutant) string { return strings.Fields(m.rule)[0] }) {
		t.Run(mutant.rule+" "+mutant.platform+" "+mutant.wrong, func(t *testing.T) {
			t.Parallel()
			change := func(r *judge.Receiver) {
				r.Seeds, r.Events = 5, enough[mutant.platform]
				if mutant.change != nil {
					mutant.change(r)
				}
			}
			report := judged(t, mutant.platform, mutant.receiver(load(t, mutant.platform)), change)
			want := append([]string{mutant.rule}, mutant.drags...)
			slices.Sort(want)
			require.Equal(t, want, failures(report), text(t, report))
		})
	}
	for _, rule := range built(judge.OfReceiver) {
		require.True(t, killed[rule.ID], "%s has no mutant", rule.ID)
	}
}
