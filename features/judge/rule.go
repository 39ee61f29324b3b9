package judge

import (
	"slices"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/judge/report"
)

// A Rule is one numbered requirement. Its id never changes meaning.
type Rule struct {
	ID       string
	Group    string // what the rule is about, as the report heads it
	Sentence string // follows "the receiver" or "the sender"
	Why      string // what goes wrong for whoever breaks it

	// standing says where the rule stands for a platform: a grade for each level that it has there. No grade at all means
	// that it does not apply, and then why says so.
	standing func(p *contract.Platform) (grades map[report.Level]report.Grade, why string)
}

// ReceiverRules returns the rules that Verify judges by, in the order of the report.
func ReceiverRules() []Rule { return slices.Clone(receiverRules) }

// SenderRules returns the rules that VerifySender judges by, in the order of the report.
func SenderRules() []Rule { return slices.Clone(senderRules) }

// heaviest is the level that a rule has where it applies: what is said of it where it does not.
func (r Rule) heaviest() report.Level {
	switch r.ID {
	case "ACK-3", "SIG-5", "SIG-9", "SND-11":
		return report.Should
	}
	return report.Must
}

// unbuilt are the rules that are written down, and that nothing judges yet.
var unbuilt = []string{
	"ACK-5", "ENC-2", "UNIT-1", "ID-1", "FWD-2", "FWD-3", "REV-1", "DUP-3", "RTY-2", "RTY-3", "ORD-1", "ORD-2", "SIG-7",
	"BAD-3", "BAD-4", "BAD-5", "BAD-6", "BAD-7", "BAD-8", "LOAD-1",
}

func ruleIDs(rules []Rule) []string {
	ids := make([]string, len(rules))
	for i, r := range rules {
		ids[i] = r.ID
	}
	return ids
}

func findRule(rules []Rule, id string) (Rule, bool) {
	i := slices.IndexFunc(rules, func(r Rule) bool { return r.ID == id })
	if i < 0 {
		return Rule{}, false
	}
	return rules[i], true
}
