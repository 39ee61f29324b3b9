// Package fault is how a sender misbehaves on purpose: the table of all faults, the script that says which of them
// happen and how often, and what each does to a request. Start with Parse, then Plan.Draw and Apply.
//
//	30% lost, 5% duplicate x2               each with its own share of the attempts
//	when attempt 1: drop; tamper            the first rule that matches counts, as in the script of an inbox
//
// Errors of the server are no faults; see package problem.
package fault

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver/internal/script"
)

// A Fault is one deliberate misbehaviour. Which of its values count is up to its Kind.
type Fault struct {
	Kind     *Kind
	Share    float64 // of the attempts, or of the deliveries if the fault is about time; more than 0, at most 1
	Duration time.Duration
	Count    int
	Size     int // in bytes
	Percent  float64
	Word     string
	Text     string

	text     string
	position int // in the script, for errors
}

// String writes the fault as it stood in the script, without its share.
func (f Fault) String() string { return f.text }

// A Plan is which faults happen. The zero value has none.
type Plan struct {
	text  string
	rules []script.Rule[Fault]
}

// None is the script of a sender that behaves.
const None = "none"

// Parse reads a script. The empty script and None have no faults. The error is a *script.Error.
func Parse(text string) (Plan, error) {
	if trimmed := strings.TrimSpace(text); trimmed == "" || trimmed == None {
		return Plan{text: trimmed}, nil
	}
	rules, err := script.Parse(text, read)
	if err != nil {
		return Plan{}, err
	}
	for _, rule := range rules {
		if err := together(script.NewCursor(text), rule); err != nil {
			return Plan{}, err
		}
	}
	return Plan{text: text, rules: rules}, nil
}

// together makes sure that the faults of a rule can happen to one attempt.
func together(c *script.Cursor, rule script.Rule[Fault]) error {
	groups := map[string]string{}
	copies, size := 1, 0
	for _, f := range rule.Items {
		group := cmp.Or(f.Kind.group, f.Kind.Name)
		if other := groups[group]; other != "" {
			return c.FailAt(f.position, "", "%s and %s do not go together in one rule; the second would undo the first, or replace it", other, f.Kind.Name)
		}
		groups[group] = f.Kind.Name
		if f.Kind.Timed() && rule.When.From > 1 {
			return c.FailAt(f.position, "", "%s happens before the first attempt, and this rule is for attempt %d and later", f.Kind.Name, rule.When.From)
		}
		if f.Word == concurrent {
			copies = f.Count
		}
		if size = max(size, f.Size); copies*size > maxTogether {
			return c.FailAt(f.position, "", "%d bodies of %d bytes at once are too many, want %d bytes together", copies, size, maxTogether)
		}
	}
	return nil
}

// maxTogether is how many bytes the copies of one attempt may have that are sent at once.
const maxTogether = 100_000_000

// read reads one item: a share, a name, and what belongs to it.
func read(c *script.Cursor) (Fault, error) {
	f := Fault{Share: 1}
	share, found, err := c.Percent()
	if err != nil {
		return f, err
	}
	if found {
		f.Share = share
	}
	f.position = c.Position()
	name := c.Split()
	for _, kind := range table {
		if kind.Name == name {
			f.Kind = kind
		}
	}
	if f.Kind == nil {
		names := Names()
		nearest := contract.Nearest(name, names)
		if name == None {
			return f, c.FailAt(f.position, "", "none stands alone")
		}
		if name == "" {
			return f, c.FailAt(f.position, "", "here a fault is missing; there is %s", strings.Join(names, ", "))
		}
		return f, c.FailAt(f.position, nearest, "there is no fault %q", name)
	}
	if f.Kind.read != nil {
		if err := f.Kind.read(c, &f); err != nil {
			return f, err
		}
	}
	f.text = strings.Join(strings.Fields(c.Since(f.position)), " ")
	return f, nil
}

// String returns the script.
func (p Plan) String() string { return p.text }

// Empty reports whether there are no faults.
func (p Plan) Empty() bool { return len(p.rules) == 0 }

// Draw returns the faults of an attempt at a delivery, in the order of the script; those that are about time are not
// among them. The seed and the delivery's sequence decide, and not what was drawn before.
func (p Plan) Draw(event string, attempt int, seed, sequence uint64) []Fault {
	return p.draw(event, attempt, seed, sequence, false)
}

// DrawTimed returns the faults of a delivery that are about when it is sent.
func (p Plan) DrawTimed(event string, seed, sequence uint64) []Fault {
	return p.draw(event, 1, seed, sequence, true)
}

func (p Plan) draw(event string, attempt int, seed, sequence uint64, timed bool) (out []Fault) {
	for _, rule := range p.rules {
		if !rule.When.Matches(event, attempt) {
			continue
		}
		for i, f := range rule.Items {
			if f.Kind.Timed() == timed && (f.Share == 1 || script.Roll(seed, "fault", sequence, uint64(attempt), uint64(i)) < f.Share) {
				out = append(out, f)
			}
		}
		return out
	}
	return nil
}

// Check makes sure that every fault of the plan can do something where it is used: that what it needs is not
// impossible, and that its rule is for an event that there is. The error names the first that cannot, and is a
// *script.Error.
func (p Plan) Check(impossible map[Need]error, events []string) error {
	for _, rule := range p.rules {
		for i, pattern := range rule.When.Events {
			if !slices.ContainsFunc(events, script.Condition{Events: []string{pattern}}.Of) {
				return script.NewCursor(p.text).FailAt(rule.When.Places[i], contract.Nearest(pattern, events), "there is no event %q here", pattern)
			}
		}
		for _, f := range rule.Items {
			for _, need := range f.Kind.Needs {
				if err := impossible[need]; err != nil {
					return script.NewCursor(p.text).FailAt(f.position, "", "%s can do nothing here: %v", f.Kind.Name, err)
				}
			}
		}
	}
	return nil
}

// Names lists the names of all faults.
func Names() []string {
	names := make([]string, len(table))
	for i, kind := range table {
		names[i] = kind.Name
	}
	return names
}

// Kinds lists all faults. Nobody may change them.
func Kinds() []*Kind { return slices.Clone(table) }

// Explain makes a sentence and a hint of an error of Parse or Check.
func Explain(err error) (sentence, hint string) {
	var s *script.Error
	if errors.As(err, &s) && s.Nearest != "" {
		return err.Error(), fmt.Sprintf("did you mean %q?", s.Nearest)
	}
	return err.Error(), "a script of faults is a list such as 30% lost, duplicate x2; GET /__mock/faults lists them all"
}
